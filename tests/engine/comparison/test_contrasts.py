"""The classroom pairs: each differs from its preset in one choice, and its numbers are met."""

from functools import lru_cache

import numpy as np
import pytest
from sklearn.metrics import recall_score

from engine.comparison.contrasts import MEASURES, PAIRS, pairs_of
from engine.comparison.forks import differences
from engine.problems.presets import PRESETS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.run import Run


@lru_cache(maxsize=8)
def trained(config, epochs):
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


CHECKS = [(name, number) for name, pair in PAIRS.items() for number in range(len(pair.checks))]


@pytest.mark.parametrize(("name", "number"), CHECKS)
def test_its_numbers_are_met(name, number):
    pair = PAIRS[name]
    check = pair.checks[number]
    for config, (low, high) in zip(pair.configs, (check.first, check.second), strict=True):
        assert low <= MEASURES[check.measure](trained(config, pair.epochs), check.epoch) <= high


@pytest.mark.parametrize("name", PAIRS)
def test_it_is_a_preset_and_one_change(name):
    pair = PAIRS[name]
    assert pair.configs[0] == PRESETS[pair.preset].config
    (difference,) = differences(pair.configs)
    assert difference.name == pair.change[0]
    assert pair in pairs_of(pair.configs[0])
    assert pair.claim.endswith(".")
    assert 40 < len(pair.claim) <= 100
    # what is claimed tells the two apart
    assert any(one.first[1] < one.second[0] or one.second[1] < one.first[0] for one in pair.checks)


def test_there_are_ten_or_more_and_every_measure_is_used():
    assert len(PAIRS) >= 10
    assert len({pair.title for pair in PAIRS.values()}) == len(PAIRS)
    assert {check.measure for pair in PAIRS.values() for check in pair.checks} == set(MEASURES)
    assert pairs_of(Config(seed=99)) == ()


# The measures, each against the same number had another way


def test_measures_of_the_weights():
    run = trained(PRESETS["disc_3"].config, 40)
    W1, W2 = (layer.W for layer in run.at(40).layers)
    assert MEASURES["length of the weight vector"](run, 40) == pytest.approx(
        np.linalg.norm(np.concatenate([W1.ravel(), W2.ravel()]))
    )
    apart = max(abs(one - other).max() for one in W1 for other in W1)
    assert MEASURES["difference between rows of W⁽¹⁾"](run, 40) == pytest.approx(apart)
    assert MEASURES["first weight"](run, 40) == W1[0, 0]
    ways = [run.at(epoch).layers[0].W[0, 0] for epoch in range(41)]
    assert MEASURES["largest first weight so far"](run, 40) == max(ways)


def test_measures_of_the_units():
    run = trained(PRESETS["dead_relu"].config, 30)
    X, _ = run.dataset.part("train")
    layer = run.at(30).layers[0]
    z = layer.W @ X + layer.b
    silent = sum(1 for row in z if not (row > 0).any()) / len(z)
    assert MEASURES["dead units"](run, 30) == silent
    a = np.maximum(z, 0)
    assert MEASURES["saturated outputs"](run, 30) == pytest.approx((a > 0.95).sum() / a.size)


def test_measures_of_the_outputs():
    run = trained(PRESETS["imbalance"].config, 20)
    p = run.at(20, run.dataset.test).layers[-1].a[0]
    truth = run.dataset.targets[run.dataset.test]
    assert MEASURES["recall of the rare class"](run, 20) == recall_score(truth, p > 0.5)
    p = run.at(20, run.dataset.train).layers[-1].a[0]
    assert MEASURES["first output"](run, 20) == p[0]
    assert MEASURES["largest distance of an output from 0.5"](run, 20) == max(abs(p - 0.5))


def test_measures_of_the_error_terms():
    run = trained(PRESETS["not_vanishing"].config, 3)
    first, *_, last = (layer.delta for layer in run.at(3).layers)
    ratio = np.sqrt((first**2).mean()) / np.sqrt((last**2).mean())
    assert MEASURES["δ of the first layer / δ of the last"](run, 3) == pytest.approx(
        ratio, rel=1e-6
    )
    size = np.sqrt(((len(run.probe) * last) ** 2).mean())
    assert MEASURES["n δ at the output"](run, 3) == pytest.approx(size, rel=1e-6)


def test_measures_of_the_losses():
    run = trained(PRESETS["overfitting"].config, 120)
    train, validation = run.losses["train"], run.losses["validation"]
    assert MEASURES["training loss"](run, 50) == train[50]
    assert MEASURES["validation loss"](run, 50) == validation[50]
    assert MEASURES["training loss / its start"](run, 50) == train[50] / train[0]
    assert MEASURES["validation loss / its minimum"](run, 120) == validation[120] / min(validation)
    assert MEASURES["validation loss of the final weights"](run, 120) == validation[120]
    assert MEASURES["training accuracy"](run, 50) == run.losses["train_metric"][50]
    assert MEASURES["validation accuracy"](run, 50) == run.losses["validation_metric"][50]
    patient = trained(PAIRS["early_stopping"].configs[1], 2000)
    assert MEASURES["validation loss of the final weights"](patient, 2000) == min(
        patient.losses["validation"]
    )
