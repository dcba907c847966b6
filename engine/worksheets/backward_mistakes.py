"""Mistakes of the backward pass and the update: in delta, dW, db and the new weights.

Each function takes an attempt and returns the wrong array, or None where it cannot be made.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.language import marked
from engine.nn import ACTIVATIONS, Array
from engine.worksheets.attempt import (
    Attempt,
    Mistake,
    Planted,
    has_penalty,
    has_several_examples,
    is_square,
    is_squared,
    only_where,
    slope_of,
)


def opposite(right: Planted) -> Planted:
    """Return a mistake with the opposite sign of a computation."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        found = right(own)
        return None if found is None else -found

    return planted


def right_delta(own: Attempt) -> Array:
    """Return the error term from earlier quantities, (units, n)."""
    return own.arriving * (own.slope if own.needs_slope else 1.0)


def right_gradient(own: Attempt) -> Array:
    """Return the gradient of the data loss from earlier quantities, of the shape of W or b."""
    delta = own.of("delta", own.here)
    if own.quantity.kind == "db":
        return delta.sum(axis=1, keepdims=True)
    return delta @ own.of("a", own.here - 1).T


def pull(own: Attempt) -> Array:
    """Return what L2 adds to the gradient, 2 λ W, of the shape of W; 0 for a bias."""
    if own.quantity.kind == "db":
        return np.zeros(own.of("b", own.here).shape)
    return 2 * own.sheet.l2 * own.of("W", own.here)


def with_pull(planted: Planted) -> Planted:
    """Return a mistake in the gradient of the data loss, with the right pull of L2."""

    def pulled(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        found = planted(own)
        return None if found is None else found + pull(own)

    return pulled


def times_examples(own: Attempt) -> Array:
    """Return the error term without 1/n, (units, n)."""
    return own.sheet.sizes.examples * right_delta(own)


def delta_with_slope(slope: Callable[[str, Array, Array], Array | None]) -> Planted:
    """Return a mistake in f'; `slope` takes the activation, z and a (units, n)."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        if not own.needs_slope or own.function in ("linear", "softmax"):
            return None
        wrong = slope(own.function, own.of("z", own.here), own.of("a", own.here))
        return None if wrong is None else own.arriving * wrong

    return planted


def slope_at_a(function: str, z: Array, a: Array) -> Array | None:
    """Return f'(a) in place of f'(z), (units, n)."""
    return None if function == "relu" else slope_of(function, ACTIVATIONS[function].value(a))


def slope_with_z(function: str, z: Array, a: Array) -> Array | None:
    """Return f' with z in place of a, (units, n)."""
    return None if function == "relu" else slope_of(function, z)


def slope_of_other(function: str, z: Array, a: Array) -> Array | None:
    """Return the slope of tanh for sigmoid and the other way round, (units, n)."""
    other = {"sigmoid": "tanh", "tanh": "sigmoid"}.get(function)
    return None if other is None else slope_of(other, a)


def extra_slope(own: Attempt) -> Array | None:
    """Return the output error multiplied by a slope that cancels, (units, n)."""
    if own.needs_slope or own.function == "linear":
        return None
    return own.arriving * slope_of("sigmoid", own.of("a", 2))


def z_for_output(own: Attempt) -> Array | None:
    """Return the output error with z in place of a, (units, n)."""
    if own.here == 1 or own.function == "linear":
        return None
    slope = own.slope if own.needs_slope else 1.0
    return own.scale * (own.of("z", 2) - own.y) * slope


def through_new_weights(own: Attempt) -> Array | None:
    """Return the error term sent back through the updated W², (units, n)."""
    if own.here == 2:
        return None
    W = own.of("W", 2) - own.sheet.learning_rate * own.of("dW", 2)
    return W.T @ own.of("delta", 2) * own.slope


def without_transpose(own: Attempt) -> Array | None:
    """Return the error term sent back along the rows of W², (units, n)."""
    if own.here == 2 or not is_square(own.of("W", 2)):
        return None
    return own.of("W", 2) @ own.of("delta", 2) * own.slope


def without_weights(own: Attempt) -> Array | None:
    """Return the error term sent back without multiplying by W², (units, n)."""
    if own.here == 2:
        return None
    return own.of("delta", 2).sum(axis=0, keepdims=True) * own.slope


def gradient_with(inputs: Callable[[Attempt], Array | None]) -> Planted:
    """Return a mistake in dW that multiplies delta by something else than the inputs (n_in, n)."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        factor, W = inputs(own), own.of("W", own.here)
        if factor is None or len(factor) != W.shape[1]:
            return None
        return own.of("delta", own.here) @ factor.T

    return planted


def of_other_layer(own: Attempt) -> Array:
    """Return the activations of the wrong layer, (units, n)."""
    return own.of("a", 1 if own.here == 1 else 0)


def each_unit_with(name: str) -> Planted:
    """Return a mistake in dW² that multiplies the delta of an output by a number of this output."""

    def planted(own: Attempt) -> Array | None:
        """Return the wrong array, of the shape of the quantity."""
        if own.here == 1:
            return None
        of_outputs = (own.of("delta", 2) * own.numbers[name]).sum(axis=1, keepdims=True)
        return np.repeat(of_outputs, own.of("W", 2).shape[1], axis=1)

    return planted


def transposed_gradient(own: Attempt) -> Array | None:
    """Return dW with rows and columns exchanged, of the shape of W."""
    found = right_gradient(own)
    return found.T if is_square(found) else None


def divided_again(own: Attempt) -> Array:
    """Return the gradient divided by n once more, of the shape of W or b."""
    return right_gradient(own) / own.sheet.sizes.examples


def delta_of_output(own: Attempt) -> Array | None:
    """Return dW¹ or db¹ with the delta of the output, of the shape of W¹ or b¹."""
    if own.here == 2:
        return None
    delta, units = own.of("delta", 2), len(own.of("W", 1))
    if len(delta) not in (1, units):
        return None
    delta = np.repeat(delta, units, axis=0) if len(delta) == 1 else delta
    if own.quantity.kind == "db":
        return delta.sum(axis=1, keepdims=True)
    return delta @ own.of("a", 0).T


def pulled_bias(own: Attempt) -> Array:
    """Return db with the pull of L2, (units, 1)."""
    return right_gradient(own) + 2 * own.sheet.l2 * own.of("b", own.here)


def moved(factor: Callable[[float], tuple[float, float]]) -> Planted:
    """Return a mistake in the update; `factor` gives the shares of the old value and the slope."""

    def planted(own: Attempt) -> Array:
        """Return the wrong array, of the shape of the quantity."""
        kind = own.quantity.kind
        keep, step = factor(own.sheet.learning_rate)
        return keep * own.of(kind, own.here) + step * own.of(f"d{kind}", own.here)

    return planted


DELTA = (
    Mistake(
        "opposite_sign",
        ("delta2",),
        marked("The sign is wrong. The error is a - y, not y - a."),
        opposite(right_delta),
    ),
    Mistake(
        "opposite_sign",
        ("delta1",),
        marked("The sign is wrong. Keep the signs of W⁽²⁾ and of δ⁽²⁾."),
        opposite(right_delta),
    ),
    Mistake(
        "no_mean",
        ("delta",),
        marked("The factor 1/n of the mean is missing. Divide by the number of examples n."),
        only_where(lambda own: own.here == 2 and has_several_examples(own), times_examples),
    ),
    Mistake(
        "no_half",
        ("delta",),
        marked("This is twice the error. The factor 1/2 of the loss cancels the 2 of the square."),
        only_where(lambda own: own.here == 2 and is_squared(own), lambda own: 2 * right_delta(own)),
    ),
    Mistake(
        "no_slope",
        ("delta",),
        marked("The derivative f'({z}) is missing. Multiply by it."),
        delta_with_slope(lambda function, z, a: np.ones_like(a)),
    ),
    Mistake(
        "slope_at_a",
        ("delta",),
        marked("The derivative is taken at {a}. Take it at {z}."),
        delta_with_slope(slope_at_a),
    ),
    Mistake(
        "slope_with_z",
        ("delta",),
        marked("The formula of f' is used with z in place of a. Put in {a}."),
        delta_with_slope(slope_with_z),
    ),
    Mistake(
        "slope_of_other",
        ("delta",),
        marked("This is the derivative of another activation. Use f' of this layer."),
        delta_with_slope(slope_of_other),
    ),
    Mistake(
        "extra_slope",
        ("delta",),
        marked("The derivative f' is one factor too much. With this loss it cancels."),
        extra_slope,
    ),
    Mistake(
        "z_for_a",
        ("delta",),
        marked("This uses {z}. The error is a - y, with {a}."),
        z_for_output,
    ),
    Mistake(
        "updated_weights",
        ("delta",),
        marked("This uses the new W⁽²⁾. Use the old W⁽²⁾: all weights change together at the end."),
        through_new_weights,
    ),
    Mistake(
        "no_transpose",
        ("delta",),
        marked("This uses a row of W⁽²⁾. Use the column of the unit: W⁽²⁾ is transposed."),
        without_transpose,
    ),
    Mistake(
        "no_weights",
        ("delta",),
        marked("The weights W⁽²⁾ are missing. Multiply δ⁽²⁾ by them first."),
        without_weights,
    ),
)
GRADIENT = (
    Mistake(
        "opposite_sign",
        ("dW", "db"),
        marked("The sign of the error term is wrong here. Use {delta} with its sign."),
        with_pull(opposite(right_gradient)),
    ),
    Mistake(
        "z_for_a",
        ("dW",),
        marked("This uses {z_below}. Multiply {delta} by {a_below}."),
        with_pull(
            gradient_with(lambda own: None if own.here == 1 else own.of("z", 1)),
        ),
    ),
    Mistake(
        "y_for_a",
        ("dW",),
        marked("This uses the target y. Multiply {delta} by {a_below}."),
        with_pull(each_unit_with("y")),
    ),
    Mistake(
        "own_output",
        ("dW",),
        marked("This uses the output a⁽²⁾. Multiply {delta} by {a_below}, the input of the layer."),
        with_pull(each_unit_with("a2")),
    ),
    Mistake(
        "wrong_layer",
        ("dW",),
        marked("This uses the activations of another layer. Multiply {delta} by {a_below}."),
        with_pull(gradient_with(of_other_layer)),
    ),
    Mistake(
        "no_transpose",
        ("dW",),
        marked(
            "Rows and columns are exchanged. Row j belongs to the unit j that the weight leads to."
        ),
        with_pull(transposed_gradient),
    ),
    Mistake(
        "mean_twice",
        ("dW", "db"),
        marked("This is divided by n once more. The factor 1/n is already in {delta}."),
        with_pull(only_where(has_several_examples, divided_again)),
    ),
    Mistake(
        "delta_of_output",
        ("dW", "db"),
        marked("This uses δ⁽²⁾. The first layer has its own error term δ⁽¹⁾."),
        with_pull(delta_of_output),
    ),
    Mistake(
        "no_penalty",
        ("dW",),
        marked("The part of L2 is missing. Add 2 λ times the weight."),
        only_where(has_penalty, right_gradient),
    ),
    Mistake(
        "half_penalty",
        ("dW",),
        marked("This adds λ times the weight. The derivative of λ w² is 2 λ w."),
        only_where(has_penalty, lambda own: right_gradient(own) + pull(own) / 2),
    ),
    Mistake(
        "penalty_on_bias",
        ("db",),
        marked("L2 is added to a bias. Here it belongs to the weights only."),
        only_where(has_penalty, pulled_bias),
    ),
)
UPDATE = (
    Mistake(
        "ascent",
        ("W", "b"),
        marked("The step is added. Subtract η times the gradient: the loss must go down."),
        moved(lambda rate: (1.0, rate)),
    ),
    Mistake(
        "no_rate",
        ("W", "b"),
        marked("The learning rate η is missing. Multiply the gradient by it."),
        moved(lambda rate: (1.0, -1.0)),
    ),
    Mistake(
        "only_step",
        ("W", "b"),
        marked("This is only the step. Subtract it from the old value."),
        moved(lambda rate: (0.0, rate)),
    ),
    Mistake(
        "only_step_down",
        ("W", "b"),
        marked("This is only the step. Add it to the old value."),
        moved(lambda rate: (0.0, -rate)),
    ),
    Mistake(
        "unchanged",
        ("W", "b"),
        marked("This is the old value. Subtract η times the gradient."),
        moved(lambda rate: (1.0, 0.0)),
    ),
)
