"""Mistakes of the forward pass: in z, a and the loss.

Each function takes an attempt and returns the wrong array, or None where it cannot be made.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.language import marked
from engine.nn import ACTIVATIONS, Array, penalty_value
from engine.worksheets.attempt import (
    Attempt,
    Mistake,
    Planted,
    has_penalty,
    has_several_examples,
    is_cross_entropy,
    is_square,
    is_squared,
    only_where,
    slope_of,
)


def without_bias(own: Attempt) -> Array:
    """Return W a, (units, n)."""
    return own.of("W", own.here) @ own.of("a", own.here - 1)


def column_of_weights(own: Attempt) -> Array | None:
    """Return Wᵀ a + b, (units, n)."""
    W = own.of("W", own.here)
    if not is_square(W):
        return None
    return W.T @ own.of("a", own.here - 1) + own.of("b", own.here)


def sum_of_inputs_before(own: Attempt) -> Array | None:
    """Return W z + b of the layer below, (units, n)."""
    if own.here == 1:
        return None
    return own.of("W", 2) @ own.of("z", 1) + own.of("b", 2)


def input_of_the_network(own: Attempt) -> Array | None:
    """Return W² x + b², (units, n)."""
    x = own.of("a", 0)
    if own.here == 1 or own.of("W", 2).shape[1] != len(x):
        return None
    return own.of("W", 2) @ x + own.of("b", 2)


def not_activated(own: Attempt) -> Array | None:
    """Return z, (units, n)."""
    return None if own.function == "linear" else own.of("z", own.here)


def other_function(name: str) -> Planted:
    """Return a mistake that takes the activation `name` in place of the layer's own."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        return None if own.function == name else ACTIVATIONS[name].value(own.of("z", own.here))

    return planted


def wrong_exponent(own: Attempt) -> Array | None:
    """Return 1 / (1 + e^z), (units, n)."""
    z = own.of("z", own.here)
    return ACTIVATIONS["sigmoid"].value(-z) if own.function == "sigmoid" else None


def not_normalised(own: Attempt) -> Array | None:
    """Return e^z without the division by the sum, (units, n)."""
    return np.exp(own.of("z", own.here)) if own.function == "softmax" else None


def slope_for_value(own: Attempt) -> Array | None:
    """Return f'(z) in place of f(z), (units, n)."""
    curved = own.function in ("sigmoid", "tanh")
    z = own.of("z", own.here)
    return slope_of(own.function, ACTIVATIONS[own.function].value(z)) if curved else None


def data_loss(own: Attempt) -> float:
    """Return the loss without the penalty, as the attempt's outputs give it."""
    a, y, n = own.of("a", 2), own.y, own.sheet.sizes.examples
    if own.sheet.loss == "half_mse":
        return float(((a - y) ** 2).sum() / (2 * n))
    both = y * np.log(a) + ((1 - y) * np.log1p(-a) if own.sheet.loss == "bce" else 0.0)
    return float(-both.sum() / n)


def penalty_of(own: Attempt) -> float:
    """Return the L2 penalty."""
    W = np.concatenate([own.of("W", 1).ravel(), own.of("W", 2).ravel()])
    return float(penalty_value(W, 0.0, own.sheet.l2))


def scaled_loss(factor: Callable[[Attempt], float]) -> Planted:
    """Return a mistake that multiplies the data loss by a factor; nan stands for "not possible"."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        own_factor = factor(own)
        return np.full((1, 1), own_factor * data_loss(own) + penalty_of(own))

    return planted


def loss_without_square(own: Attempt) -> Array:
    """Return half the mean absolute error, (1, 1)."""
    error = np.abs(own.of("a", 2) - own.y).sum()
    return np.full((1, 1), error / (2 * own.sheet.sizes.examples) + penalty_of(own))


def loss_of_yes(own: Attempt) -> Array | None:
    """Return the cross-entropy without the term (1 - y) ln(1 - a), (1, 1)."""
    if own.sheet.loss != "bce":
        return None
    of_yes = -(own.y * np.log(own.of("a", 2))).sum() / own.sheet.sizes.examples
    return np.full((1, 1), of_yes + penalty_of(own))


FORWARD = (
    Mistake("no_bias", ("z",), marked("This is {own} without the bias. Add {b}."), without_bias),
    Mistake(
        "column_of_weights",
        ("z",),
        marked("This uses a column of {W}. Use the row of the unit."),
        column_of_weights,
    ),
    Mistake(
        "z_for_a",
        ("z",),
        marked("This uses {z_below}. Use {a_below}, after the activation."),
        sum_of_inputs_before,
    ),
    Mistake(
        "wrong_layer",
        ("z",),
        marked("This uses the inputs x. Use {a_below}."),
        input_of_the_network,
    ),
    Mistake(
        "no_activation", ("a",), marked("This is {z}. Apply the activation f to it."), not_activated
    ),
    Mistake(
        "used_sigmoid",
        ("a",),
        marked("This is the sigmoid of {z}. This layer has another activation."),
        other_function("sigmoid"),
    ),
    Mistake(
        "used_tanh",
        ("a",),
        marked("This is tanh of {z}. This layer has another activation."),
        other_function("tanh"),
    ),
    Mistake(
        "used_relu",
        ("a",),
        marked("This is ReLU of {z}. This layer has another activation."),
        other_function("relu"),
    ),
    Mistake(
        "wrong_exponent",
        ("a",),
        marked("This looks like e to the power of +z. In the sigmoid the power is -z."),
        wrong_exponent,
    ),
    Mistake(
        "not_normalised",
        ("a",),
        marked("This is e to the power of z. Divide it by the sum over all outputs."),
        not_normalised,
    ),
    Mistake(
        "slope_for_value",
        ("a",),
        marked("This is the derivative f'. Here the value f({z}) is needed."),
        slope_for_value,
    ),
    Mistake(
        "no_half",
        ("loss",),
        marked("This loss has no factor 1/2. Here the squared error is halved."),
        only_where(is_squared, scaled_loss(lambda own: 2.0)),
    ),
    Mistake(
        "no_square",
        ("loss",),
        marked("The errors are not squared. Square each a - y."),
        only_where(is_squared, loss_without_square),
    ),
    Mistake(
        "no_mean",
        ("loss",),
        marked("This is the sum over the examples. Divide by their number n."),
        only_where(has_several_examples, scaled_loss(lambda own: own.sheet.sizes.examples)),
    ),
    Mistake(
        "opposite_sign",
        ("loss",),
        marked("The sign is wrong. A cross-entropy is not negative: write the minus in front."),
        only_where(is_cross_entropy, scaled_loss(lambda own: -1.0)),
    ),
    Mistake(
        "decimal_logarithm",
        ("loss",),
        marked("This uses the logarithm to base 10. Use the natural logarithm ln."),
        only_where(is_cross_entropy, scaled_loss(lambda own: 1 / np.log(10))),
    ),
    Mistake(
        "only_yes",
        ("loss",),
        marked("The part (1 - y) ln(1 - a) is missing. Add it."),
        loss_of_yes,
    ),
    Mistake(
        "no_penalty",
        ("loss",),
        marked("The L2 penalty is missing. Add λ times the sum of all squared weights."),
        only_where(has_penalty, lambda own: np.full((1, 1), data_loss(own))),
    ),
)
