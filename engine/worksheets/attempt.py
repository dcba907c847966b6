"""A mistake: its name, what to do, and the number that it leads to.

A mistake is planted in one quantity: it is computed wrongly from the quantities before it. The
right computation is in computation.py, with the engine's own equations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from engine.nn import LOSSES, Array
from engine.worksheets.sheet import Quantity, Worksheet


class Attempt(NamedTuple):
    """What a person has when a quantity is computed: the worksheet and the numbers so far."""

    sheet: Worksheet
    numbers: Mapping[str, Array]  # the given arrays and all earlier quantities
    quantity: Quantity

    def of(self, kind: str, layer: int) -> Array:
        """Return the array of this kind and layer, such as ("a", 1), in the shape (units, ...)."""
        return self.numbers[f"{kind}{layer}"]

    @property
    def y(self) -> Array:
        """Return the targets, (K, n)."""
        return self.numbers["y"]

    @property
    def here(self) -> int:
        """Return the layer of the quantity."""
        return self.quantity.layer

    @property
    def function(self) -> str:
        """Return the activation of the layer."""
        return self.sheet.activation if self.here == 1 else self.sheet.output

    @property
    def needs_slope(self) -> bool:
        """Return whether the error term of this layer contains f'."""
        canonical = LOSSES[self.sheet.loss].canonical
        return self.here == 1 or self.sheet.output != canonical

    @property
    def arriving(self) -> Array:
        """Return what f' is multiplied with in the error term, (units, n)."""
        if self.here == 1:
            return self.of("W", 2).T @ self.of("delta", 2)
        return self.scale * (self.of("a", 2) - self.y)

    @property
    def scale(self) -> float:
        """Return the factor of the output error: 1/n of the mean."""
        return LOSSES[self.sheet.loss].scale(self.sheet.sizes.examples, self.sheet.sizes.outputs)

    @property
    def slope(self) -> Array:
        """Return f' of the layer, written with a, (units, n)."""
        return slope_of(self.function, self.of("a", self.here))


Planted = Callable[[Attempt], Array | None]


class Mistake(NamedTuple):
    """One mistake in one kind of quantity."""

    name: str
    kinds: tuple[str, ...]  # the kinds or names of the quantities where it is made
    text: str  # {own}, {W}, {b}, {a}, {z}, {below} ... are the symbols of the quantity's layer
    planted: Planted  # None where it cannot be made


def slope_of(function: str, a: Array) -> Array:
    """Return f' written with a, of the shape of a: (units, n) for instance."""
    if function == "sigmoid":
        return a * (1 - a)
    if function == "tanh":
        return 1 - a * a
    return (a > 0) * 1.0 if function == "relu" else np.ones_like(a)


def is_square(W: Array) -> bool:
    """Return whether rows and columns of W (n_out, n_in) can be confused without notice."""
    return W.shape[0] == W.shape[1] > 1


def only_where(possible: Callable[[Attempt], bool], planted: Planted) -> Planted:
    """Return a mistake that is made only where `possible` holds."""
    return lambda own: planted(own) if possible(own) else None


def is_squared(own: Attempt) -> bool:
    """Return whether the loss is the squared error."""
    return own.sheet.loss == "half_mse"


def is_cross_entropy(own: Attempt) -> bool:
    """Return whether the loss is a cross-entropy."""
    return own.sheet.loss != "half_mse"


def has_several_examples(own: Attempt) -> bool:
    """Return whether there is a mean over more than one example."""
    return own.sheet.sizes.examples > 1


def has_penalty(own: Attempt) -> bool:
    """Return whether the worksheet has an L2 penalty."""
    return own.sheet.l2 > 0
