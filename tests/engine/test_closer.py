"""The closer look: samples against what the run itself says, rates against closed forms."""

from dataclasses import replace

import numpy as np
import pytest

from engine.closer import effective_rates, sample, sampled_epochs, steps_per_epoch
from engine.config import Config
from engine.presets import PRESETS
from engine.problems import load
from engine.run import Run


def trained(config: Config, epochs: int) -> Run:
    run = Run(config, load(config))
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
    np.testing.assert_allclose(sample(run, 12).delta, expected, rtol=1e-14)


def test_dead_units_have_no_error_term_in_any_sample():
    run = trained(PRESETS["dead_relu"].config, 100)
    dead = ~run.at(100, run.dataset.train).layers[0].a.any(axis=1)
    assert dead.any()
    assert not sample(run, 100).delta[dead].any()


@pytest.mark.parametrize("batch", [0, 50, 64])
def test_the_ratio_is_the_mean_step_beside_the_weights(batch):
    run = trained(replace(PRESETS["batch_of_all"].config, batch_size=batch), 5)
    steps = {0: 1, 50: 4, 64: 4}[batch]
    assert steps_per_epoch(run) == steps
    old, new = (run.at(epoch).layers for epoch in (3, 4))
    expected = [
        np.linalg.norm(b.W - a.W) / np.linalg.norm(a.W) / steps
        for a, b in zip(old, new, strict=True)
    ]
    np.testing.assert_allclose(sample(run, 4).ratio, expected, rtol=1e-12)
    assert np.isnan(sample(run, 0).ratio).all()


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_plain_descent_gives_every_weight_the_learning_rate_itself(l2):
    run = trained(replace(PRESETS["batch_of_all"].config, l2=l2), 5)
    for table in effective_rates(run, 4):
        np.testing.assert_allclose(table, run.config.learning_rate, rtol=1e-9)


def test_adams_first_step_is_the_learning_rate_long_whatever_the_gradient():
    run = trained(PRESETS["disc_3"].config, 3)
    rate, layers = run.config.learning_rate, run.at(0, run.dataset.train).layers
    for table, layer in zip(effective_rates(run, 1), layers, strict=True):
        gradient = np.abs(np.hstack([layer.dW, layer.db]))
        np.testing.assert_allclose(table * gradient, rate, rtol=1e-4)


def test_a_weight_without_gradient_has_no_rate():
    tables = effective_rates(trained(PRESETS["dead_relu"].config, 100), 100)
    assert np.isnan(tables[0]).any()


def test_looking_closer_changes_nothing():
    config = PRESETS["article_classes"].config
    watched, alone = trained(config, 4), trained(config, 6)
    for epoch in sampled_epochs(4):
        sample(watched, epoch)
    effective_rates(watched, 2)
    watched.advance(2)
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)
