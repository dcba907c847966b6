"""Measures, each against the same number got in another way."""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from engine.lessons import MEASURES, measure
from engine.lessons.measures import SERIES, curve
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.search.local import Tuning
from engine.search.search import article_search, results_table
from engine.training.config import Config
from engine.training.run import Run


@lru_cache(maxsize=8)
def trained(preset, epochs, **changes):
    config = replace(PRESETS[preset].config, **changes)
    run = Run(config, load(config))
    run.advance(epochs)
    return run


def check(run, epoch, **expected):
    """Compare measures of a run with expected numbers."""
    for name, value in expected.items():
        assert measure(run, name, epoch) == pytest.approx(value, rel=1e-6), name


def outputs(run, epoch, part):
    """Return the outputs (K, n) of a tanh network with one hidden layer and a sigmoid output."""
    hidden, output = run.at(epoch).layers
    X, _ = run.dataset.part(part)
    return 1 / (1 + np.exp(-(output.W @ np.tanh(hidden.W @ X + hidden.b) + output.b)))


def test_recorded_series():
    run, epoch = trained("overfitting", 120), 100
    record = run.losses[epoch]
    check(
        run,
        epoch,
        train_loss=record["train"],
        validation_loss=record["validation"],
        train_accuracy=record["train_metric"],
        validation_accuracy=record["validation_metric"],
        running_loss=record["running"],
    )
    validation = [float(one) for one in run.losses["validation"][: epoch + 1]]
    train = [float(one) for one in run.losses["train"][: epoch + 1]]
    check(
        run,
        epoch,
        lowest_validation_loss=min(validation),
        lowest_train_loss=min(train),
        best_epoch=validation.index(min(validation)),
        rises=sum(after > before for before, after in pairwise(train)),
        chance_loss=np.log(2),
        steps=100,
        stopped_at=100,
        kept_epoch=100,
        kept_loss=validation[100],
    )


def test_outputs_of_the_training_part():
    run = trained("overfitting", 120)
    p = outputs(run, 50, "train")
    check(
        run,
        50,
        lowest_output=p.min(),
        highest_output=p.max(),
        first_output=p[0, 0],
        distance_from_half=max(abs(one - 0.5) for one in p[0]),
    )


def test_the_report_of_the_rare_class():
    run = trained("imbalance", 60)
    decided = (outputs(run, 60, "test")[0] > 0.5).astype(int)
    _, true = run.dataset.part("test")
    check(
        run,
        60,
        test_accuracy=np.mean(decided == true),
        rare_recall=metrics.recall_score(true, decided),
        rare_precision=metrics.precision_score(true, decided),
    )


def test_weights_and_units():
    run = trained("dead_relu", 30)
    first, second = run.at(20).layers
    X, _ = run.dataset.part("train")
    z = first.W @ X + first.b
    check(
        run,
        20,
        dead_units=sum(1 for row in z if row.max() <= 0),
        saturated_share=np.mean(np.maximum(z, 0) > 0.95),
        row_difference=max(abs(one - other).max() for one in first.W for other in first.W),
        weight_norm=np.linalg.norm([*first.W.ravel(), *second.W.ravel()]),
        w=first.W[0, 0],
        b=first.b[0, 0],
        W1_3_2=first.W[2, 1],
        b1_8=first.b[7, 0],
        W2_1_8=second.W[0, 7],
    )


def test_sizes_of_delta():
    run = trained("vanishing", 3)
    sizes = [np.sqrt((layer.delta**2).mean()) for layer in run.at(2).layers]
    check(
        run,
        2,
        delta_1=sizes[0],
        delta_4=sizes[3],
        delta_last=sizes[-1],
        delta_ratio=sizes[0] / sizes[-1],
    )


def test_one_example_and_one_parameter_as_mazur_has_them():
    run = trained("mazur", 1)  # Mazur (2015): a, delta and gradients at the start
    for name, value in {
        "z1_1_example_0": 0.3775,
        "a1_1_example_0": 0.593269992,
        "a2_1_example_0": 0.75136507,
        "delta2_1_example_0": 0.138498562,
        "dW2_1_1": 0.082167041,
        "dW1_1_1": 0.000438568,
        "b1_2": 0.35,
    }.items():
        assert measure(run, name, 0) == pytest.approx(value, rel=1e-5), name


def test_the_gradient_of_a_bias_is_delta_summed_over_the_examples():
    run = trained("overfitting", 5)
    delta = run.at(5, run.dataset.train).layers[-1].delta
    assert measure(run, "db2_1", 5) == pytest.approx(delta.sum())


def test_momentum_passes_its_goal():
    run = trained("momentum", 200)
    check(run, 200, highest_w=5.126922, w=3.000040)


def test_a_run_that_stopped_has_its_last_epoch():
    run = trained("overfitting", 2000, patience=5)
    assert run.finished
    losses = run.losses["validation"]
    check(run, 2000, stopped_at=run.epochs, kept_epoch=losses.argmin(), kept_loss=losses.min())


def test_the_score_over_folds_is_that_of_the_articles_grid():
    search = article_search()
    tuning = Tuning(search)
    tuning.advance(np.inf)
    scores = results_table(search, tuning.rows).set_index("epochs").score
    config = replace(search.candidates[0], epochs=1)
    run = Run(config, load(config))
    run.advance(10)
    check(run, 5, fold_score=scores[5])
    check(run, 10, fold_score=scores[10])
    with pytest.raises(ValueError, match="1 to 50 epochs"):
        measure(run, "fold_score", 0)


def test_curves_are_the_recorded_series():
    run = trained("overfitting", 120)
    for name, series in SERIES.items():
        found = curve(run, name)
        assert found.shape == (121,)
        np.testing.assert_array_equal(found, run.losses[series].astype(float))
    with pytest.raises(ValueError, match="not a curve"):
        curve(run, "w")


@pytest.mark.parametrize("name", ["height", "delta_x", "W1", "__class__", "z1_0_example_0"])
def test_what_is_no_measure_is_refused(name):
    with pytest.raises(ValueError, match=r"is not a measure; there are: train_loss.*delta_1"):
        measure(trained("mazur", 1), name, 0)


@pytest.mark.parametrize("name", ["delta_3", "W3_1_1", "W1_3_1", "b1_3", "a1_1_example_1"])
def test_what_this_run_does_not_have_is_refused(name):
    with pytest.raises(ValueError, match="a number in it is too large"):
        measure(trained("mazur", 1), name, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset": "line_centred", "hidden": ()},
        {"dataset": "xor_table"},
        {"dataset": "diabetes"},
        {"dataset": "iris", "validation": 0.0},
        {"dataset": "circle", "output": "linear", "activation": "linear", "learning_rate": 1000.0},
    ],
)
def test_a_measure_of_any_run_is_a_number_or_refused_with_a_sentence(changes):
    config = Config(**changes)
    run = Run(config, load(config))
    run.advance(2)
    refusals = []
    for name in [*MEASURES, "delta_1", "W1_1_1", "z1_1_example_0"]:
        try:
            assert isinstance(measure(run, name, 1), float)
        except ValueError as reason:
            refusals.append(str(reason))
    for sentence in refusals:
        assert re.search(r"classes and a test part|1 to 50 epochs|folds", sentence)


def test_every_measure_is_tested_and_described():
    tests = Path(__file__).read_text()
    assert [name for name in MEASURES if f"{name}=" not in tests] == []
    assert all(len(one.about) > 10 for one in MEASURES.values())
