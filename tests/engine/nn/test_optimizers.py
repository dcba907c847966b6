"""Optimizers: each against a golden table, against its own rule written again, and on a bowl."""

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from engine.nn.equations import execute, flatten_steps
from engine.nn.optimizers import CONVENTIONS, OPTIMIZERS, Settings
from tests.engine import plain

GRADIENTS = (1.0, -0.5, 0.25, 2.0, 0.0)
TABLE = [  # w after each of GRADIENTS, from w = 1 at rate .1, and who has it so
    ("sgd", {}, (0.9, 0.95, 0.925, 0.725, 0.725)),  # Keras, PyTorch
    ("momentum", {}, (0.9, 0.86, 0.799, 0.5441, 0.31469)),  # Keras
    ("momentum", {"convention": "pytorch"}, (0.9, 0.86, 0.799, 0.5441, 0.31469)),
    ("nesterov", {}, (0.81, 0.824, 0.7441, 0.31469, 0.108221)),  # Keras
    ("nesterov", {"convention": "pytorch"}, (0.81, 0.824, 0.7441, 0.31469, 0.108221)),
    (
        "adagrad",
        {"convention": "pytorch"},
        (0.900000000010, 0.944721359556, 0.922899570534, 0.836127387411, 0.836127387411),
    ),
    (
        "adagrad",
        {"epsilon": 1e-10},
        (0.900000000010, 0.944721359556, 0.922899570534, 0.836127387411, 0.836127387411),
    ),
    (
        "adagrad",
        {"convention": "keras"},
        (0.904653745409, 0.947686892107, 0.926651734756, 0.840684880129, 0.840684880129),
    ),
    (
        "rmsprop",  # PyTorch at alpha .9
        {},
        (0.683772243983, 0.831214195790, 0.755750559009, 0.472560730258, 0.472560730258),
    ),
    (
        "rmsprop",  # PyTorch's own alpha
        {"convention": "pytorch", "rho": 0.99},
        (0.000000100000, 0.449013314744, 0.228909138546, -0.641710062423, -0.641710062423),
    ),
    (
        "rmsprop",
        {"convention": "keras"},
        (0.683772392097, 0.831214284147, 0.755750679467, 0.472560875095, 0.472560875095),
    ),
    (
        "rmsprop",  # PyTorch
        {"epsilon": 0.1},
        (0.759746926648, 0.873611926246, 0.815645666730, 0.567580588042, 0.567580588042),
    ),
    (
        "rmsprop",
        {"epsilon": 0.1, "convention": "keras"},
        (0.776393202250, 0.884225975453, 0.829639000972, 0.571176128899, 0.571176128899),
    ),
    (
        "adam",  # PyTorch
        {},
        (0.900000001000, 0.873366297371, 0.839323383065, 0.775034191526, 0.720695165017),
    ),
    (
        "adam",
        {"convention": "keras"},
        (0.900000316227, 0.873366687622, 0.839323866849, 0.775034762986, 0.720695810565),
    ),
    (
        "adam",  # scikit-learn
        {"convention": "keras", "epsilon": 1e-8},
        (0.900000031623, 0.873366335193, 0.839323429777, 0.775034246504, 0.720695226929),
    ),
    (
        "adam",  # PyTorch
        {"epsilon": 0.1},
        (0.909090909091, 0.885448241252, 0.855877587253, 0.796719538524, 0.747185251986),
    ),
    (
        "adam",
        {"convention": "keras", "epsilon": 0.1},
        (0.975974692665, 0.969019922481, 0.959972284713, 0.932874039267, 0.909976470746),
    ),
    (
        "adamw",  # PyTorch
        {"weight_decay": 0.1},
        (0.890000001000, 0.854466297361, 0.811878720081, 0.739470741341, 0.677737007420),
    ),
    (
        "adamw",
        {"convention": "keras", "weight_decay": 0.1},
        (0.890000316227, 0.854466684460, 0.811879196842, 0.739471301011, 0.677737635580),
    ),
]
ROOT = np.sqrt(1 - 0.9)
FIRST_STEP = {  # after the gradient g at rate .1
    "sgd": lambda g: -0.1 * g,
    "momentum": lambda g: -0.1 * g,
    "nesterov": lambda g: -0.1 * 1.9 * g,
    "adagrad": lambda g: -0.1 * np.sign(g),  # whatever its size
    "rmsprop": lambda g: -0.1 * np.sign(g) / ROOT,
    "adam": lambda g: -0.1 * np.sign(g),
    "adamw": lambda g: -0.1 * np.sign(g),
}
BOWL = {"adagrad": 0.5, "rmsprop": 1e-3}  # their rate, where .02 is too slow or too coarse


class Descent:
    """Parameters under one optimizer, with all that it remembers."""

    def __init__(self, name, theta, rate=0.1, memory=None, **settings):
        P, rule = len(theta), OPTIMIZERS[name]
        self.theta, self.grad, self.rate = np.array(theta), np.zeros(P), np.array(rate)
        self.memory = np.zeros(rule.memory(P)) if memory is None else memory
        self.equations = list(
            rule.equations(self.theta, self.grad, self.memory, self.rate, Settings(**settings))
        )

    def step(self, gradient):
        """(P,) the parameters after one step along this gradient."""
        self.grad[...] = gradient
        execute(flatten_steps(self.equations))
        return self.theta.copy()

    def walk(self, gradients):
        """[(P,)] the parameters after each of the gradients."""
        return [self.step(g) for g in gradients]


def test_every_optimizer_has_its_row_in_each_table():
    assert set(OPTIMIZERS) == {name for name, _, _ in TABLE}
    assert set(OPTIMIZERS) == set(FIRST_STEP) == set(plain.RULES)


@pytest.mark.parametrize(("name", "settings", "golden"), TABLE)
def test_five_steps_meet_the_golden_table(name, settings, golden):
    found = np.ravel(Descent(name, [1.0], **settings).walk(GRADIENTS))
    np.testing.assert_allclose(found, golden, rtol=0, atol=6e-13)


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
    np.testing.assert_allclose(moved, FIRST_STEP[name](g), rtol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_descends_a_bowl(name):
    curvature = np.array([1.0, 8.0])
    descent = Descent(name, [3.0, -2.0], rate=BOWL.get(name, 0.02))
    for _ in range(1500 if name != "rmsprop" else 4000):
        descent.step(curvature * descent.theta)
    assert np.abs(descent.theta).max() < (1e-6 if name != "rmsprop" else 1e-3)


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
def test_what_an_optimizer_remembers_is_what_the_books_do_but_for_a_factor(name):
    descent, slots, memory = Descent(name, np.ones(3)), OPTIMIZERS[name].slots, None
    for g in np.random.default_rng(7).normal(size=(4, 3)):
        descent.step(g)
        _, memory = plain.RULES[name](np.ones(3), g, memory, 0.1, 0.9)
    *expected, steps = memory if isinstance(memory, tuple) else (memory, None)
    own = descent.memory[: 3 * len(slots)].reshape(-1, 3)
    for slot, remembered, theirs in zip(slots, own, expected if slots else [], strict=True):
        np.testing.assert_allclose(slot.textbook_values(remembered, Settings()), theirs, rtol=1e-14)
    assert descent.memory[3 * len(slots) :].tolist() == ([] if steps is None else [steps])


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_equations_say_how_each_number_of_the_books_moves(name, convention):  # kind 55
    equations = Descent(name, np.ones(3), convention=convention).equations
    for k, slot in enumerate(OPTIMIZERS[name].slots):
        assert equations[k].tex.startswith(rf"{slot.tex} \leftarrow ")
        assert "s_1" not in equations[k].tex + equations[-1].tex


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_steps_shown_leave_what_training_s_own_leave(name, convention):  # kind 55
    settings = {"convention": convention, "weight_decay": 0.1, "epsilon": 0.01}
    real, book = (Descent(name, np.ones(3), **settings) for _ in range(2))
    for g in np.random.default_rng(8).normal(size=(5, 3)):
        expected = real.step(g)
        book = Descent(name, book.theta, memory=book.memory, **settings)  # read again
        book.grad[...] = g
        for equation in book.equations:
            shown = equation.shown() if equation.shown else equation
            theta, memory = book.theta.copy(), book.memory.copy()
            execute(flatten_steps([equation]))  # the memory moves on, whatever is shown
            if equation.shown:
                np.copyto(book.theta, theta)
                moved = book.memory.copy()
                np.copyto(book.memory, memory)
                execute([(step.f, step.operands) for step in shown.steps])
                np.copyto(book.memory, moved)
        np.testing.assert_allclose(book.theta, expected, rtol=1e-14)
        np.testing.assert_array_equal(book.memory, real.memory)


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


@pytest.mark.parametrize(
    ("convention", "golden"),
    [
        ("textbook", (0.9, 0.86, 0.8215, 0.76685, 0.717665)),
        ("keras", (0.9, 0.86, 0.8215, 0.76685, 0.717665)),
        ("pytorch", (0.9, 0.86, 0.8539, 0.82841, 0.805469)),
    ],
)
def test_a_changed_rate_tells_the_two_forms_of_momentum_apart(convention, golden):
    descent = Descent("momentum", [1.0], convention=convention)
    found = []
    for step, g in enumerate(GRADIENTS):
        descent.rate[()] = 0.1 if step < 2 else 0.01
        found.append(descent.step(g)[0])
    np.testing.assert_allclose(found, golden, rtol=1e-14)


def test_decay_spares_what_its_mask_spares():
    settings = {"weight_decay": 0.5, "decay_mask": np.array([1.0, 0.0])}
    moved = Descent("adamw", [2.0, 2.0], **settings).step([0.0, 0.0])
    np.testing.assert_allclose(moved, [2.0 * (1 - 0.1 * 0.5), 2.0], rtol=1e-15)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_convention_of_every_optimizer_runs_in_single_precision(name, convention):
    theta, grad = np.ones(3, np.float32), np.ones(3, np.float32)
    rule, rate = OPTIMIZERS[name], np.array(0.1, np.float32)
    memory = np.zeros(rule.memory(3), np.float32)
    settings = Settings(convention=convention, weight_decay=0.1)
    equations = list(rule.equations(theta, grad, memory, rate, settings))
    execute(flatten_steps(equations))
    double = Descent(name, np.ones(3), convention=convention, weight_decay=0.1).step(np.ones(3))
    np.testing.assert_allclose(theta, double, rtol=1e-5)


def sklearn_walk(optimizer, gradients):
    """[(P,)] the parameters under one of scikit-learn's optimizers, which start from ones."""
    theta = np.ones(4)
    walked = []
    for g in gradients:
        optimizer.update_params([theta], [g])
        walked.append(theta.copy())
    return walked


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("momentum", SGDOptimizer([np.ones(4)], 0.03, nesterov=False)),
        ("nesterov", SGDOptimizer([np.ones(4)], 0.03)),
        ("adam", AdamOptimizer([np.ones(4)], 0.03)),
    ],
)
def test_a_hundred_steps_are_those_of_scikit_learn(name, optimizer):
    gradients = np.random.default_rng(8).normal(size=(100, 4))
    descent = Descent(name, np.ones(4), rate=0.03, convention="keras", epsilon=1e-8)
    expected = sklearn_walk(optimizer, gradients)
    np.testing.assert_allclose(descent.walk(gradients), expected, rtol=0, atol=1e-13)


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
