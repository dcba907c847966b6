"""Losses: their values against scikit-learn and by hand, and the error terms they start with."""

from math import log

import numpy as np
import pytest
from sklearn.metrics import (
    log_loss,
    mean_absolute_error,
    mean_poisson_deviance,
    mean_squared_error,
)

from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute
from engine.nn.losses import LOSSES
from engine.nn.network import Layer
from engine.nn.program import batch_of, output_delta
from tests.engine import plain

PAIRS = [(output, name) for name, loss in LOSSES.items() for output in loss.outputs]
CASES = [  # a softmax of one unit is always 1 and has no slope
    (*pair, K) for pair in PAIRS for K in (1, 2, 5) if (pair[0], K) != ("softmax", 1)
]


def targets(name, K, n):
    """(K, n) what the loss is meant for: one-hot, 0 or 1, or any number."""
    random = np.random.default_rng(3)
    if name == "ce":
        return np.eye(K)[random.integers(0, K, n)].T
    if name == "poisson":
        return random.integers(0, 4, (K, n)) * 1.0
    return random.integers(0, 2, (K, n)) * 1.0 if name == "bce" else random.normal(size=(K, n))


def outputs(K, n, scale=2.0):
    return np.random.default_rng(4).normal(0, scale, (K, n))


def value(name, output, z, y):
    return LOSSES[name].total(z, ACTIVATIONS[output].value(z), y) / y.shape[-1]


def delta_of(name, output, z, y):
    """delta^L by the engine's steps."""
    K, n = y.shape
    batch = batch_of(np.ones((1, n)), y, (0, K))
    own = batch.layers[0]
    own.z[...], own.a[...] = z, ACTIVATIONS[output].value(z)
    layer = Layer(np.empty((K, 1)), np.empty((K, 1)), output)
    for equation in output_delta(layer, batch, LOSSES[name], output):
        execute((step.f, step.operands) for step in equation.steps)
    return own.delta


@pytest.mark.parametrize(("output", "name", "K"), CASES)
def test_the_loss_is_the_plain_one(output, name, K):
    z, y = outputs(K, 7), targets(name, K, 7)
    expected = plain.LOSS[name](z, plain.F[output](z), y)
    assert value(name, output, z, y) == pytest.approx(expected, rel=1e-13)


def test_the_squared_errors_are_those_of_scikit_learn():
    z, y = outputs(3, 9), targets("mse", 3, 9)
    expected = mean_squared_error(y.T, z.T)
    assert value("mse", "linear", z, y) == pytest.approx(expected, rel=1e-14)
    assert value("half_mse", "linear", z, y) == pytest.approx(1.5 * expected, rel=1e-14)


def test_the_errors_that_outliers_do_not_rule_are_those_of_scikit_learn():
    z, y = outputs(3, 9), targets("mae", 3, 9)
    assert value("mae", "linear", z, y) == pytest.approx(mean_absolute_error(y.T, z.T), rel=1e-14)
    z, y = outputs(1, 9), targets("poisson", 1, 9)
    expected = mean_poisson_deviance(y[0], np.exp(z[0])) / 2
    assert value("poisson", "exp", z, y) == pytest.approx(expected, rel=1e-13)


def test_the_huber_loss_bends_at_one():
    e = np.array([[-3.0, -1.0, -0.5, 0.0, 1.0, 1.5]])
    assert LOSSES["huber"].total(e, e, 0 * e) == 2.5 + 0.5 + 0.125 + 0 + 0.5 + 1
    delta = delta_of("huber", "linear", e, 0 * e)
    np.testing.assert_allclose(delta * 6, [[-1, -1, -0.5, 0, 1, 1]], rtol=1e-15)


def test_an_absolute_error_pulls_alike_from_near_and_far():
    e = np.array([[-30.0, 0.0, 0.1, 2.0]])
    np.testing.assert_array_equal(delta_of("mae", "linear", e, 0 * e) * 4, [[-1, 0, 1, 1]])


def test_a_poisson_loss_of_the_right_rate_is_nothing():
    y = np.array([[0.5, 1.0, 7.0]])
    assert value("poisson", "exp", np.log(y), y) == pytest.approx(0, abs=1e-15)


def test_the_cross_entropies_are_those_of_scikit_learn():
    z, y = outputs(3, 9), targets("ce", 3, 9)
    expected = log_loss(y.T, plain.softmax(z).T)
    assert value("ce", "softmax", z, y) == pytest.approx(expected, rel=1e-14)
    z, y = outputs(1, 9), targets("bce", 1, 9)
    expected = log_loss(y[0], plain.sigmoid(z)[0])
    assert value("bce", "sigmoid", z, y) == pytest.approx(expected, rel=1e-14)


def test_a_worked_softmax_example_comes_out():
    z, y = np.array([[2.0], [1.0], [0.1]]), np.array([[1.0], [0.0], [0.0]])
    assert value("ce", "softmax", z, y) == pytest.approx(0.4170300162778335, rel=1e-15)
    expected = [-0.34099886111403, 0.24243297070471, 0.09856589040932]
    np.testing.assert_allclose(delta_of("ce", "softmax", z, y).ravel(), expected, atol=1e-14)


@pytest.mark.parametrize(("output", "name", "K"), CASES)
def test_the_output_delta_is_the_chain_rule_in_full(output, name, K):
    z, y = outputs(K, 7), targets(name, K, 7)
    a = plain.F[output](z)
    expected = plain.through(output, z, a, plain.ERROR[name](a, y))
    assert plain.error(delta_of(name, output, z, y), expected) < 1e-13


@pytest.mark.parametrize(("output", "name"), PAIRS)
def test_the_output_delta_is_the_derivative_of_the_loss(output, name):
    y = targets(name, 3, 5)
    z = outputs(3, 5)

    def loss(flat):
        z = flat.reshape(y.shape)
        return plain.LOSS[name](z, plain.F[output](z), y)

    expected = plain.complex_step(loss, z.ravel()).reshape(y.shape)
    assert plain.error(delta_of(name, output, z, y), expected) < 1e-13


def test_each_column_of_a_softmax_delta_sums_to_nothing():
    z, y = outputs(4, 6), targets("ce", 4, 6)
    np.testing.assert_allclose(delta_of("ce", "softmax", z, y).sum(axis=0), 0, atol=1e-16)


@pytest.mark.parametrize(("output", "name"), PAIRS)
def test_a_stack_of_batches_has_the_sum_of_their_losses(output, name):
    z = np.stack([outputs(3, 4), outputs(3, 4, 1.0)])
    y = np.stack([targets(name, 3, 4)] * 2)
    a = np.stack([ACTIVATIONS[output].value(one) for one in z])
    total = LOSSES[name].total
    parts = sum(total(z[m], a[m], y[m]) for m in range(2))
    assert total(z, a, y) == pytest.approx(parts, rel=1e-14)


@pytest.mark.parametrize("wrong_by", [1000.0, -1000.0])
def test_a_cross_entropy_of_a_hopeless_answer_is_large_but_finite(wrong_by):
    z, y = np.array([[wrong_by]]), np.array([[float(wrong_by < 0)]])
    assert value("bce", "sigmoid", z, y) == 1000
    assert value("bce", "sigmoid", z, 1 - y) == 0
    assert delta_of("bce", "sigmoid", z, y) == np.sign(wrong_by)
    z, y = np.vstack([z, 0 * z]), np.vstack([y, 1 - y])
    assert value("ce", "softmax", z, y) == 1000
    assert np.abs(delta_of("ce", "softmax", z, y)).max() == 1


def best_constant(name, y):
    """The lowest plain loss of one answer for all, found by trying many."""
    tries = np.linspace(0, 1, 2001)[1:-1] if name in ("bce", "ce") else np.linspace(-2, 2, 4001)
    if name in ("mse", "half_mse"):
        per_output = [((p - row[:, None]) ** 2).mean(axis=0).min() for row in y for p in [tries]]
        return np.mean(per_output) if name == "mse" else np.sum(per_output) / 2
    if name in ("mae", "huber", "poisson"):
        levels = np.linspace(1e-3, 4, 8001) if name == "poisson" else tries
        each = [[plain.LOSS[name](0, p, row[None]) for p in levels] for row in y]
        lowest = np.min(each, axis=1)
        return lowest.sum() if name == "poisson" else lowest.mean()
    if name == "ce":
        two = [-(row.mean() * np.log(tries)) for row in y]
        return (two[0] + two[1][::-1]).min()
    ways = [-(row.mean() * np.log(tries) + (1 - row.mean()) * np.log(1 - tries)) for row in y]
    return np.mean([way.min() for way in ways])


@pytest.mark.parametrize("name", LOSSES)
def test_chance_is_the_loss_of_the_best_answer_that_ignores_the_inputs(name):
    y = targets(name, 2, 40)
    chance = LOSSES[name].chance(y)
    assert chance == pytest.approx(best_constant(name, y), rel=1e-5)
    assert chance <= best_constant(name, y) * (1 + 1e-14)


@pytest.mark.parametrize("K", [2, 3, 7, 10])
def test_chance_among_equal_classes_is_the_logarithm_of_their_number(K):
    y = np.tile(np.eye(K), 4)
    assert LOSSES["ce"].chance(y) == pytest.approx(log(K), rel=1e-14)
    assert LOSSES["bce"].chance(y[:1]) == pytest.approx(
        -(log(1 / K) / K + log(1 - 1 / K) * (1 - 1 / K)), rel=1e-14
    )


def test_chance_with_one_class_alone_is_no_loss_at_all():
    assert LOSSES["ce"].chance(np.array([[1.0, 1.0], [0.0, 0.0]])) == 0
    assert LOSSES["bce"].chance(np.ones((1, 3))) == 0


def test_every_loss_has_a_plain_twin_and_a_home_among_the_outputs():
    assert set(LOSSES) == set(plain.LOSS) == set(plain.ERROR)
    for loss in LOSSES.values():
        assert loss.canonical in loss.outputs
        assert loss.tex.startswith("L =")
        assert loss.delta_tex.startswith(r"\delta^{(L)} = " + loss.scale_tex)
    assert all(ACTIVATIONS[output].output for output, _ in PAIRS)
