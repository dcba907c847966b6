"""Conversions against what the books and libraries do with the number they are given."""

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from engine.explain.conventions import (
    MOMENTA,
    PENALTIES,
    SQUARED_ERRORS,
    epsilon_beside_corrected_root,
    epsilon_beside_plain_root,
    penalties_like,
    rates_like,
    steps_like,
)
from engine.nn.equations import execute, flatten_steps
from engine.nn.optimizers import OPTIMIZERS, Settings

BATCH, EXAMPLES, W = 32, 200, np.array([1.5, -0.25])
PULLS = {  # the slope of each penalty as its documentation has it
    "here": lambda s: 2 * s * W,  # keras.regularizers.l2: s * sum(square(x))
    "pytorch": lambda s: s * W,  # torch.optim.SGD: g <- g + weight_decay * theta
    "sklearn": lambda s: s / BATCH * W,  # _multilayer_perceptron.py: (alpha * coef) / n_samples
    "ng": lambda s: s / EXAMPLES * W,
    "nielsen": lambda s: s / EXAMPLES * W,  # ch. 3: lambda / n * w
    "cs231n": lambda s: s * W,
    "playground": lambda s: s * W,
}
TABLE = {1e-4: (2e-4, 0.0064, 0.04), 1e-3: (2e-3, 0.064, 0.4), 1e-2: (2e-2, 0.64, 4.0)}


def test_every_penalty_has_an_oracle():
    assert set(PULLS) == set(PENALTIES)


@pytest.mark.parametrize("who", PENALTIES)
def test_converted_penalties_pull_alike(who):
    found = penalties_like(0.03, who, BATCH, EXAMPLES)
    assert found[who] == pytest.approx(0.03, rel=1e-15)
    for name, strength in found.items():
        np.testing.assert_allclose(PULLS[name](strength), PULLS[who](0.03), rtol=1e-14)


@pytest.mark.parametrize(("ours", "theirs"), TABLE.items())
def test_the_usual_strengths(ours, theirs):
    found = penalties_like(ours, "here", BATCH, EXAMPLES)
    assert (found["pytorch"], found["sklearn"], found["ng"]) == pytest.approx(theirs, rel=1e-14)


@pytest.mark.parametrize("batch", [5, 20])
def test_scikit_learn_does_with_alpha_what_is_said(batch):
    # one full-batch SGD step without and with alpha: they differ by rate * alpha / B * W
    random = np.random.default_rng(0)
    X, y = random.normal(size=(batch, 3)), random.normal(size=batch)

    def weights(alpha, rate):
        model = MLPRegressor(hidden_layer_sizes=(4,), activation="tanh", solver="sgd", alpha=alpha)
        model.set_params(learning_rate_init=rate, momentum=0.0, random_state=3)
        return model.set_params(batch_size=batch).partial_fit(X, y).coefs_[0]

    alpha = penalties_like(0.01, "here", batch, 100)["sklearn"]
    start = weights(0.0, 1e-300)
    pulled = weights(0.0, 0.1) - weights(alpha, 0.1)
    np.testing.assert_allclose(pulled, 0.1 * 2 * 0.01 * start, rtol=1e-9)


def test_the_rates_of_all_forms_of_momentum_make_the_same_steps():
    slopes, mu = [1.0, -0.5, 0.25, 2.0, 0.0], 0.8

    def textbook(rate):
        theta = v = 0.0
        for g in slopes:
            v = mu * v - rate * g
            theta += v
            yield theta

    def pytorch(rate):
        theta = v = 0.0
        for g in slopes:
            v = mu * v + g
            theta -= rate * v
            yield theta

    def average(rate):
        theta = v = 0.0
        for g in slopes:
            v = mu * v + (1 - mu) * g
            theta -= rate * v
            yield theta

    forms = {"textbook": textbook, "pytorch": pytorch, "average": average}
    assert set(forms) == set(MOMENTA)
    for who, form in forms.items():
        for name, rate in rates_like(0.1, who, mu).items():
            assert list(forms[name](rate)) == pytest.approx(list(form(0.1)), rel=1e-12)


def steps_of_adam(convention, epsilon, slopes):
    """Where the engine's Adam has taken a parameter from 0 after the slopes."""
    theta, grad, memory = np.zeros(1), np.zeros(1), np.zeros(3)
    settings = Settings(convention=convention, epsilon=epsilon)
    steps = flatten_steps(
        OPTIMIZERS["adam"].equations(theta, grad, memory, np.array(0.1), settings)
    )
    for slope in slopes:
        before = theta.copy()
        grad[:] = slope
        execute(steps)
    return float((theta - before)[0])


@pytest.mark.parametrize("t", [1, 2, 5])
def test_a_converted_epsilon_makes_the_same_step(t):
    slopes = [0.3, -0.5, 0.25, 2.0, 0.4][:t]
    theirs = epsilon_beside_plain_root(0.1, 0.999, t)
    expected = steps_of_adam("textbook", 0.1, slopes)
    assert steps_of_adam("keras", theirs, slopes) == pytest.approx(expected, rel=1e-12)
    assert epsilon_beside_corrected_root(theirs, 0.999, t) == pytest.approx(0.1, rel=1e-14)


def test_the_first_epsilon_of_keras_is_larger_than_it_looks():
    assert epsilon_beside_corrected_root(1e-7, 0.999, 1) == pytest.approx(3.16e-6, rel=1e-3)


@pytest.mark.parametrize("who", SQUARED_ERRORS)
def test_the_same_steps_under_every_squared_error(who):
    random = np.random.default_rng(1)
    n, K, theta = 7, 3, 0.6
    x, y = random.normal(size=(K, n)), random.normal(size=(K, n))
    losses = {  # of the answers theta x
        "mean": lambda e: np.mean(e**2),
        "half": lambda e: 0.5 * np.mean((e**2).sum(axis=0)),
        "half_sum": lambda e: 0.5 * np.sum(e**2),
        "sum": lambda e: np.sum(e**2),
    }
    assert set(losses) == set(SQUARED_ERRORS)

    def step(name, rate, strength):
        h = 1e-6
        at = [losses[name](t * x - y) + strength * t**2 for t in (theta - h, theta + h)]
        return -rate * (at[1] - at[0]) / (2 * h)

    expected = step(who, 0.2, 0.05)
    for name, (rate, strength) in steps_like(0.2, 0.05, who, n, K).items():
        assert step(name, rate, strength) == pytest.approx(expected, rel=1e-6)
