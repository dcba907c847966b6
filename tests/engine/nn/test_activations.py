"""Activations: their values and slopes against the plain ones, and what must hold at the edges."""

import re
from math import erf, exp, log, log1p, sqrt

import numpy as np
import pytest

from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute
from tests.engine import plain

BY_UNIT = [name for name in ACTIVATIONS if name != "softmax"]  # f works on each number alone


def forward(name, z):
    a = np.empty_like(z)
    execute((step.f, step.operands) for step in ACTIVATIONS[name].forward(z, a))
    return a


def back(name, z, da):
    """dL/dz from dL/da by the engine's steps."""
    delta, slope, a = da.copy(), np.empty_like(z), forward(name, z)
    execute((step.f, step.operands) for step in ACTIVATIONS[name].back(z, a, delta, slope))
    return delta


def examples(rows=3, n=7):
    return np.random.default_rng(1).normal(0, 2, (rows, n))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_steps_and_the_plain_function_give_the_same_value(name):
    z = examples()
    assert plain.error(forward(name, z), plain.F[name](z)) < 1e-15
    assert plain.error(ACTIVATIONS[name].value(z), plain.F[name](z)) < 1e-15


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_value_leaves_its_argument_alone(name):
    z = examples()
    forward(name, z)
    ACTIVATIONS[name].value(z)
    np.testing.assert_array_equal(z, examples())


@pytest.mark.parametrize("name", BY_UNIT)
def test_the_slope_is_the_derivative(name):
    z = examples()
    assert (
        plain.error(back(name, z, np.ones_like(z)), plain.F[name](z + 1e-30j).imag / 1e-30) < 1e-14
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_way_back_multiplies_what_arrives(name):
    z = examples()
    da = np.random.default_rng(2).normal(size=z.shape)

    def through(flat):
        return (da.ravel() * plain.F[name](flat.reshape(z.shape)).ravel()).sum()

    expected = plain.complex_step(through, z.ravel()).reshape(z.shape)
    assert plain.error(back(name, z, da), expected) < 1e-14


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "exp"])
def test_extreme_inputs_neither_overflow_nor_warn(name):
    z = np.array([[-1000.0, 1000.0, 0.0], [1000.0, 1000.0, 0.0]])
    a = forward(name, z)
    assert np.isfinite(a).all()
    assert np.isfinite(back(name, z, np.ones_like(z))).all()
    np.testing.assert_array_equal(ACTIVATIONS[name].value(z), a)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [-1000, 0, 1000]),
        ("sigmoid", [0, 0.5, 1]),
        ("tanh", [-1, 0, 1]),
        ("relu", [0, 0, 1000]),
        ("leaky_relu", [-10, 0, 1000]),
        ("elu", [-1, 0, 1000]),
        ("gelu", [0, 0, 1000]),
        ("silu", [0, 0, 1000]),
        ("softplus", [0, log(2), 1000]),
        ("softmax", [0, 0, 1]),
    ],
)
def test_the_known_values_are_met(name, expected):
    assert forward(name, np.array([[-1000.0], [0.0], [1000.0]])).ravel().tolist() == expected


def test_relu_is_flat_at_zero_itself():
    z = np.array([[-1.0, -0.0, 0.0, 5e-324, 1.0]])
    np.testing.assert_array_equal(back("relu", z, np.full_like(z, 3)), [[0, 0, 0, 3, 3]])


BY_HAND = {  # the definitions of the papers, one number at a time
    "leaky_relu": lambda z: max(0.01 * z, z),
    "elu": lambda z: z if z > 0 else exp(z) - 1,
    "gelu": lambda z: z / 2 * (1 + erf(z / sqrt(2))),
    "silu": lambda z: z / (1 + exp(-z)),
    "softplus": lambda z: log1p(exp(z)),
    "exp": exp,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_later_activations_are_those_of_their_papers(name):
    z = examples()
    expected = [BY_HAND[name](float(one)) for one in z.ravel()]
    np.testing.assert_allclose(forward(name, z).ravel(), expected, rtol=1e-13, atol=1e-16)


def test_below_zero_a_leaky_relu_and_an_elu_still_let_something_through():
    z = np.array([[-2.0, -0.0, 0.0, 2.0]])
    ones = np.ones_like(z)
    np.testing.assert_array_equal(back("leaky_relu", z, ones), [[0.01, 0.01, 0.01, 1]])
    np.testing.assert_allclose(back("elu", z, ones), [[exp(-2), 1, 1, 1]], rtol=1e-15)


def test_gelu_and_silu_fall_before_they_rise():
    z = np.linspace(-6, 6, 1201)[None]
    for name, lowest in (("gelu", -0.16997), ("silu", -0.27846)):
        a, slope = forward(name, z), back(name, z, np.ones_like(z))
        assert a.min() == pytest.approx(lowest, abs=1e-4)
        assert abs(slope[0, a.argmin()]) < 0.01


def test_the_steepest_slopes_are_a_quarter_and_one():
    z = np.linspace(-3, 3, 7)[None]
    for name, steepest in (("sigmoid", 0.25), ("tanh", 1.0)):
        slope = back(name, z, np.ones_like(z))[0]
        assert slope[3] == slope.max() == steepest


def test_softmax_gives_probabilities_whatever_is_added_to_a_column():
    z = examples()
    np.testing.assert_allclose(forward("softmax", z).sum(axis=0), 1, rtol=1e-15)
    np.testing.assert_allclose(forward("softmax", z + 100), forward("softmax", z), rtol=1e-13)


def test_softmax_of_two_is_a_sigmoid_of_the_difference():
    z = examples(rows=2)
    np.testing.assert_allclose(
        forward("softmax", z)[1], forward("sigmoid", z[1:] - z[:1])[0], rtol=1e-14
    )


def test_every_activation_says_where_it_may_stand_and_what_is_printed():
    for name, activation in ACTIVATIONS.items():
        assert activation.hidden or activation.output, name
        assert activation.tex, name
        assert activation.slope_tex, name
    assert {name for name, f in ACTIVATIONS.items() if not f.hidden} == {"exp", "softmax"}
    outputs = {name for name, f in ACTIVATIONS.items() if f.output}
    assert outputs == {"linear", "sigmoid", "tanh", "exp", "softmax"}


@pytest.mark.parametrize(
    ("name", "targets", "middle"),
    [("linear", (0, 1), 0.5), ("sigmoid", (0, 1), 0.5), ("tanh", (-1, 1), 0.0)],
)
def test_an_output_for_classes_has_two_targets_and_decides_in_their_middle(name, targets, middle):
    assert ACTIVATIONS[name].class_targets == targets
    assert ACTIVATIONS[name].threshold == middle


@pytest.mark.parametrize("name", ["exp", "relu"])
def test_an_output_without_classes_says_so(name):
    label = re.escape(ACTIVATIONS[name].label)
    with pytest.raises(ValueError, match=f"^The output {label} cannot predict classes"):
        _ = ACTIVATIONS[name].threshold
