"""The closer look: samples against what the run itself says, rates against closed forms."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.analysis.unit_history import sample_units, sampled_epochs
from engine.explain.step_trace import trace_batch
from engine.nn.network import blocks
from engine.problems.presets import PRESETS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.measured_steps import measure_steps
from engine.training.run import Run


def trained(config: Config, epochs: int) -> Run:
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


def test_sampled_epochs_are_few_even_and_hold_both_ends():
    assert sampled_epochs(0) == [0]
    assert sampled_epochs(9) == list(range(10))
    many = sampled_epochs(10_000)
    assert (many[0], many[-1], len(many)) == (0, 10_000, 150)
    assert set(np.diff(many).tolist()) <= {67, 68}


def test_a_sample_is_the_mean_size_of_each_units_row_of_delta():
    run = trained(PRESETS["not_vanishing"].config, 20)
    layers = run.at(12, run.dataset.train[:256]).layers[:-1]
    expected = [np.abs(row).mean() for layer in layers for row in layer.delta]
    np.testing.assert_allclose(sample_units(run, 12).delta, expected, rtol=1e-14)


def test_dead_units_have_no_error_term_in_any_sample():
    run = trained(PRESETS["dead_relu"].config, 100)
    dead = ~run.at(100, run.dataset.train).layers[0].a.any(axis=1)
    assert dead.any()
    assert not sample_units(run, 100).delta[dead].any()


CASES_OF_56 = [
    pytest.param({"batch_size": 0}, 1, id="kind_56-one-step"),
    pytest.param({"batch_size": 50}, 4, id="kind_56-even-batches"),
    pytest.param({"batch_size": 64}, 4, id="kind_56-a-ragged-last-batch"),
    pytest.param({"batch_size": 3}, 67, id="kind_56-three-examples-a-step"),
    pytest.param(
        {"batch_size": 20, "optimizer": "adam", "schedule": "cosine", "dropout": 0.3, "clip": 0.1},
        10,
        id="kind_56-everything-on",
    ),
]


@pytest.mark.parametrize(("choices", "steps"), CASES_OF_56)
def test_the_ratio_is_the_mean_of_the_steps_themselves(choices, steps):
    run = trained(replace(PRESETS["batch_of_all"].config, **choices), 5)
    found, sizes = measure_steps(run, 4), run.network.sizes
    places = [
        run.at(3).theta,
        *(trace_batch(run, 3, k).training.network.theta for k in range(steps)),
    ]
    expected = [
        [np.linalg.norm((new - old)[:, :-1]) / np.linalg.norm(old[:, :-1]) for old, new in layer]
        for before, after in pairwise(places)
        for layer in [zip(blocks(before, sizes), blocks(after, sizes), strict=True)]
    ]
    assert found.batches == run.live.batch_count == steps
    np.testing.assert_allclose(found.ratio, np.mean(expected, axis=0), rtol=1e-12)
    np.testing.assert_array_equal(sample_units(run, 4).ratio, found.ratio)
    assert np.isnan(sample_units(run, 0).ratio).all()


def test_steps_that_go_back_and_forth_do_not_cancel():  # kind 56
    config = replace(PRESETS["batch_of_all"].config, batch_size=1, learning_rate=0.3)
    run = trained(config, 30)
    old, new = (run.at(epoch).layers[0].W for epoch in (29, 30))
    net = np.linalg.norm(new - old) / np.linalg.norm(old) / run.live.batch_count
    assert measure_steps(run, 30).ratio[0] > 5 * net


@pytest.mark.parametrize(
    "choices", [{}, {"l2": 0.01}, {"batch_size": 16}, {"batch_size": 16, "clip": 0.05}]
)
def test_plain_descent_gives_every_weight_the_learning_rate_itself(choices):
    run = trained(replace(PRESETS["batch_of_all"].config, **choices), 5)
    for table in measure_steps(run, 5).rates:
        np.testing.assert_allclose(table, run.config.learning_rate, rtol=1e-9)


def test_the_rate_is_that_of_the_epochs_schedule():  # kind 54
    choices = {"schedule": "step", "schedule_length": 2, "schedule_factor": 0.1}
    run = trained(replace(PRESETS["batch_of_all"].config, learning_rate=0.1, **choices), 6)
    assert [measure_steps(run, e).rate for e in (1, 2, 3, 6)] == pytest.approx(
        [0.1, 0.1, 0.01, 1e-3]
    )


def test_adams_first_step_is_the_learning_rate_long_whatever_the_gradient():
    config = replace(PRESETS["disc_3"].config, batch_size=0)
    run = trained(config, 3)
    rate, layers = config.learning_rate, run.at(0, run.dataset.train).layers
    for table, layer in zip(measure_steps(run, 1).rates, layers, strict=True):
        gradient = np.abs(np.hstack([layer.dW, layer.db]))
        np.testing.assert_allclose(table * gradient, rate, rtol=1e-4)


def test_a_weight_without_gradient_has_no_rate():
    tables = measure_steps(trained(PRESETS["dead_relu"].config, 100), 100).rates
    assert np.isnan(tables[0]).any()


def test_looking_closer_changes_nothing():
    config = PRESETS["article_classes"].config
    watched, alone = trained(config, 4), trained(config, 6)
    for epoch in sampled_epochs(4):
        sample_units(watched, epoch)
    measure_steps(watched, 2)
    measure_steps(watched, 4)
    watched.advance(2)
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)
