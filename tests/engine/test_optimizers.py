"""Optimizers: each against a golden table, against its own rule written again, and on a bowl."""

import numpy as np
import pytest

from engine.equations import replay, steps_of
from engine.optimizers import OPTIMIZERS
from tests.engine import plain

GRADIENTS = (1.0, -0.5, 0.25, 2.0, 0.0)
GOLDEN = {  # w after each of GRADIENTS, from w = 1 at rate .1, momentum .9; equal to PyTorch's
    "sgd": (0.9, 0.95, 0.925, 0.725, 0.725),
    "momentum": (0.9, 0.86, 0.799, 0.5441, 0.31469),
    "adam": (0.900000001000, 0.873366297371, 0.839323383065, 0.775034191526, 0.720695165017),
}
FIRST_STEP = {  # after the gradient g at rate .1
    "sgd": lambda g: -0.1 * g,
    "momentum": lambda g: -0.1 * g,
    "adam": lambda g: -0.1 * np.sign(g),  # whatever its size
}


class Descent:
    """Parameters under one optimizer, with all that it remembers."""

    def __init__(self, name, theta, rate=0.1, momentum=0.9, memory=None):
        P, rule = len(theta), OPTIMIZERS[name]
        self.theta, self.grad, self.rate = np.array(theta), np.zeros(P), np.array(rate)
        self.memory = np.zeros(rule.memory(P)) if memory is None else memory
        self.equations = list(
            rule.equations(self.theta, self.grad, self.memory, self.rate, momentum)
        )

    def step(self, gradient):
        """(P,) the parameters after one step along this gradient."""
        self.grad[...] = gradient
        replay(steps_of(self.equations))
        return self.theta.copy()


def test_every_optimizer_has_its_row_in_each_table():
    assert set(OPTIMIZERS) == set(GOLDEN) == set(FIRST_STEP) == set(plain.RULES)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_five_steps_meet_the_golden_table(name):
    descent = Descent(name, [1.0])
    found = [descent.step(g)[0] for g in GRADIENTS]
    np.testing.assert_allclose(found, GOLDEN[name], rtol=0, atol=6e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_follow_the_rule_as_its_paper_has_it(name):
    random, memory = np.random.default_rng(5), None
    theta = random.normal(size=4)
    descent = Descent(name, theta, rate=0.03, momentum=0.7)
    for _ in range(3):
        g = random.normal(size=4)
        theta, memory = plain.RULES[name](theta, g, memory, 0.03, 0.7)
        np.testing.assert_allclose(descent.step(g), theta, rtol=1e-14)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_first_step_is_as_long_as_the_textbook_says(name):
    g = np.array([1e-3, -1.0, 50.0])
    moved = Descent(name, np.zeros(3)).step(g)
    np.testing.assert_allclose(moved, FIRST_STEP[name](g), rtol=2e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_descends_a_bowl(name):
    curvature = np.array([1.0, 8.0])
    descent = Descent(name, [3.0, -2.0], rate=0.02)
    for _ in range(1500):
        descent.step(curvature * descent.theta)
    assert np.abs(descent.theta).max() < 1e-6


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_all_that_an_optimizer_remembers_is_in_its_memory(name):
    gradients = np.random.default_rng(6).normal(size=(6, 3))
    whole, first = Descent(name, np.ones(3)), Descent(name, np.ones(3))
    expected = [whole.step(g) for g in gradients]
    for g in gradients[:3]:
        first.step(g)
    second = Descent(name, first.theta, memory=first.memory.copy())
    np.testing.assert_array_equal([second.step(g) for g in gradients[3:]], expected[3:])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_optimizer_changes_the_gradient_it_is_given(name):
    descent = Descent(name, np.ones(3))
    descent.step([1.0, 2.0, 3.0])
    assert descent.grad.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_new_rate_holds_from_the_next_step_on(name):
    memory, theta = None, np.ones(1)
    descent = Descent(name, theta)
    for rate, g in zip((0.1, 0.1, 0.01, 0.01), GRADIENTS, strict=False):
        descent.rate[()] = rate
        theta, memory = plain.RULES[name](theta, g, memory, rate, 0.9)
        np.testing.assert_allclose(descent.step(g), theta, rtol=1e-14)


def test_momentum_carries_the_old_rate_on_as_keras_has_it():
    descent = Descent("momentum", [1.0])
    found = []
    for step, g in enumerate(GRADIENTS):
        descent.rate[()] = 0.1 if step < 2 else 0.01
        found.append(descent.step(g)[0])
    np.testing.assert_allclose(found, [0.9, 0.86, 0.8215, 0.76685, 0.717665], rtol=1e-14)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_frozen_parameter_stays_where_it_is(name):
    descent = Descent(name, [0.25, 0.5])
    for _ in range(5):
        descent.step([0.0, 1.0])
    assert descent.theta[0] == 0.25
    assert descent.theta[1] != 0.5


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_equation_of_an_update_can_be_printed(name):
    equations = Descent(name, np.ones(2)).equations
    assert {equation.phase for equation in equations} == {"update"}
    assert r"\theta \leftarrow \theta" in equations[-1].tex
    assert len(equations[-1].result) == 2
