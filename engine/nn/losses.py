"""Losses: one number for how wrong the network is, and the error term at the output.

`total` is summed over the examples; the loss is `total / n`. `error` lists the calls that write
dL/da except for a factor; `scale` is that factor, taken once, at the output, so 1/n is inside every
delta. Sources: Goodfellow, Bengio & Courville, Deep Learning, 6.2; Nielsen,
Neural Networks and Deep Learning, ch. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import huber, xlogy

from engine.nn import symbols as sym
from engine.nn.activations import ACTIVATIONS
from engine.nn.buffers import scalar_like
from engine.nn.equations import Array, Step
from engine.nn.formula import (
    Bracket,
    Formula,
    Fraction,
    Terms,
    cases,
    each_symbol,
    operator,
    write_terms,
)


class Loss(NamedTuple):
    """One loss: its value, its error term, and the outputs that it can be used with."""

    total: Callable[[Array, Array, Array], float]  # (z, a, y), each (..., K, n) -> sum over n
    error: Callable[[Array, Array, Array], Iterator[Step]]  # (a, y, delta)
    scale: Callable[[int, int], float]  # (n, K) -> factor of the error term
    canonical: str  # the output activation whose slope cancels: delta = scale * error
    needs: str  # of the output: "any", "single" (each unit for itself) or "canonical"
    chance: Callable[[Array], float]  # y (K, n) -> the loss of the best constant output
    factor: Terms  # what the sum over examples and outputs is multiplied by
    summand: Terms  # of each example and output
    scale_terms: Fraction  # of `scale`
    error_terms: Terms  # of `error`
    also: tuple[Formula, ...] = ()  # what a letter in the summand is
    classes_only: bool = False  # whether the targets are classes
    counts: bool = False  # whether the targets are 0 or more

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return the names of the output activations that it makes sense with."""
        return tuple(name for name in ACTIVATIONS if self.suits(name))

    def suits(self, output: str) -> bool:
        """Return whether it makes sense with an output activation."""
        f = ACTIVATIONS[output]
        if f.output is None or output == self.canonical:
            return f.output is not None
        return f.output.others and (self.needs == "any" or (self.needs == "single" and not f.mixes))

    def formula(self, l: int | str = sym.LAST, weighted: bool = False) -> Formula:
        """Return the formula of the loss of a network whose last layer is l; "": no layer."""
        share = (sym.w, r"\, ") if weighted else ()
        right = (self.factor, " ", sym.sum_over_outputs, " ", share, self.summand)
        return Formula(sym.L, "=", of_layer(right, l), self.also)

    def delta_formula(self, l: int | str = sym.LAST) -> Formula:
        """Return the formula of delta at the canonical output."""
        right = ((self.scale_terms, " "), of_layer(self.error_terms, l))
        return Formula(sym.delta.at(l), "=", right)

    @property
    def tex(self) -> str:
        """Return the TeX of the loss."""
        return self.formula().tex

    @property
    def delta_tex(self) -> str:
        """Return the TeX of delta at the canonical output."""
        return self.delta_formula().tex

    @property
    def scale_tex(self) -> str:
        """Return the TeX of `scale`."""
        return write_terms(self.scale_terms)


@cache
def of_layer(terms: Terms, l: int | str) -> Terms:
    """Return the terms of a loss with the number of the last layer at its outputs a."""
    return each_symbol(terms, lambda one: one.at(l) if one.layer == sym.LAST else one)


def difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    """Yield the step delta = a - y; all are (K, n)."""
    yield Step(np.subtract, (a, y, delta))


def sign_of_difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    """Yield the steps delta = sign(a - y); all are (K, n)."""
    yield Step(np.subtract, (a, y, delta))
    yield Step(np.sign, (delta, delta))  # 0 where a = y


def clipped_difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    """Yield the steps delta = clip(a - y, -1, 1); all are (K, n)."""
    yield Step(np.subtract, (a, y, delta))
    yield Step(np.clip, (delta, scalar_like(-1, delta), scalar_like(1, delta), delta))


def squared_error(z: Array, a: Array, y: Array) -> float:
    """Return the sum over examples of the mean of (a - y)², a scalar; arrays are (..., K, n)."""
    e = (a - y).ravel()
    return float(e.dot(e)) / a.shape[-2]


def half_squared_error(z: Array, a: Array, y: Array) -> float:
    """Return half the sum of (a - y)², a scalar; arrays are (..., K, n)."""
    e = (a - y).ravel()
    return 0.5 * float(e.dot(e))


def absolute_error(z: Array, a: Array, y: Array) -> float:
    """Return the sum over the examples of the mean of |a - y|, a scalar; arrays are (..., K, n)."""
    return float(np.abs(a - y).sum()) / a.shape[-2]


def huber_error(z: Array, a: Array, y: Array) -> float:
    # e² / 2 up to |e| = 1, then |e| - 1/2 (Huber 1964)
    """Return the summed Huber loss (Huber 1964), a scalar; arrays are (..., K, n)."""
    return float(huber(1, a - y).sum()) / a.shape[-2]


def poisson_deviance(z: Array, a: Array, y: Array) -> float:
    # a - y ln a, less its value at a = y, so that a perfect output has the loss 0; z is ln a
    """Return half the Poisson deviance, a scalar; z = ln a; arrays are (..., K, n)."""
    return float((a - y * z + xlogy(y, y) - y).sum())


def binary_cross_entropy(z: Array, a: Array, y: Array) -> float:
    # max(z, 0) - z y + ln(1 + e^-|z|): from z, never from a rounded probability
    """Return the summed cross-entropy of sigmoid outputs, a scalar; arrays are (..., K, n)."""
    soft = np.log1p(np.exp(-np.abs(z)))
    soft += np.maximum(z, 0.0)
    soft -= z * y
    return float(soft.sum()) / z.shape[-2]


def cross_entropy(z: Array, a: Array, y: Array) -> float:
    """Return the summed cross-entropy of softmax outputs, a scalar; arrays are (..., K, n)."""
    shifted = z - np.maximum.reduce(z, axis=-2, keepdims=True)
    of_answers = float(shifted.ravel().dot(y.ravel()))
    total = np.add.reduce(np.exp(shifted, shifted), axis=-2)
    return float(np.log(total, total).sum()) - of_answers


def variance(y: Array) -> float:
    """Return the mean squared error of predicting the mean of y (K, n), a scalar."""
    return float(y.var(axis=1).mean())


def half_variance(y: Array) -> float:
    """Return the half squared error of predicting the mean of y (K, n), a scalar."""
    return 0.5 * float(y.var(axis=1).sum())


def spread_about_median(y: Array) -> float:
    """Return the mean absolute error of predicting the median of y (K, n), a scalar."""
    return float(np.abs(y - np.median(y, axis=1, keepdims=True)).mean())


def huber_spread(y: Array) -> float:
    """Return the lowest Huber loss of one constant per row of y (K, n), found by bisection, a
    scalar.
    """
    low, high = y.min(axis=1, keepdims=True), y.max(axis=1, keepdims=True)
    for _ in range(60):
        middle = (low + high) / 2
        pull = np.clip(middle - y, -1, 1).sum(axis=1, keepdims=True)
        low, high = np.where(pull < 0, middle, low), np.where(pull < 0, high, middle)
    return float(huber(1, high - y).mean())


def deviance_about_mean(y: Array) -> float:
    """Return the Poisson loss of predicting the mean of y (K, n), a scalar."""
    return float((xlogy(y, y) - xlogy(y, y.mean(axis=1, keepdims=True))).mean(axis=1).sum())


def entropy(y: Array) -> float:
    """Return the entropy in nats of the class shares of y (K, n), a scalar; ln K if equal."""
    shares = y.mean(axis=1)
    return float(-xlogy(shares, shares).sum())


def binary_entropy(y: Array) -> float:
    """Return the entropy in nats of each output's yes and no, averaged; y is (K, n), a scalar."""
    yes = y.mean(axis=1)
    return float(-(xlogy(yes, yes) + xlogy(1 - yes, 1 - yes)).mean())


OUTPUT = sym.a.at(sym.LAST)
DIFFERENCE: Terms = (OUTPUT, " - ", sym.y)
BOTTOMS = {"nK": (sym.n, sym.K), "n": (sym.n,), "2n": (sym.Symbol("2"), sym.n)}
SMALL = {"2/nK": Fraction("2", BOTTOMS["nK"])} | {
    f"1/{name}": Fraction("1", bottom) for name, bottom in BOTTOMS.items()
}
BIG = {name: one._replace(small=False) for name, one in SMALL.items()}
HUBER = Formula("h(d)", "=", cases(("d^2 / 2", r"|d| \le 1"), ("|d| - 1/2", "|d| > 1")))

LOSSES: dict[str, Loss] = {
    "mse": Loss(
        squared_error,
        difference,
        lambda n, K: 2 / (n * K),
        "linear",
        "any",
        variance,
        BIG["1/nK"],
        ("(", DIFFERENCE, ")^2"),
        SMALL["2/nK"],
        ("(", DIFFERENCE, ")"),
    ),
    "half_mse": Loss(
        half_squared_error,
        difference,
        lambda n, K: 1 / n,
        "linear",
        "any",
        half_variance,
        BIG["1/2n"],
        ("(", DIFFERENCE, ")^2"),
        SMALL["1/n"],
        ("(", DIFFERENCE, ")"),
    ),
    "mae": Loss(
        absolute_error,
        sign_of_difference,
        lambda n, K: 1 / (n * K),
        "linear",
        "single",
        spread_about_median,
        BIG["1/nK"],
        ("|", DIFFERENCE, "|"),
        SMALL["1/nK"],
        (operator("sign"), "(", DIFFERENCE, ")"),
    ),
    "huber": Loss(
        huber_error,
        clipped_difference,
        lambda n, K: 1 / (n * K),
        "linear",
        "single",
        huber_spread,
        BIG["1/nK"],
        ("h(", DIFFERENCE, ")"),
        SMALL["1/nK"],
        (operator("clip"), "(", DIFFERENCE, ", -1, 1)"),
        (HUBER,),
    ),
    "poisson": Loss(
        poisson_deviance,
        difference,
        lambda n, K: 1 / n,
        "exp",
        "canonical",
        deviance_about_mean,
        BIG["1/n"],
        Bracket(
            (OUTPUT, " - ", sym.y, r" \ln ", OUTPUT, " + ", sym.y, r" \ln ", sym.y, " - ", sym.y)
        ),
        SMALL["1/n"],
        ("(", DIFFERENCE, ")"),
        counts=True,
    ),
    "bce": Loss(
        binary_cross_entropy,
        difference,
        lambda n, K: 1 / (n * K),
        "sigmoid",
        "canonical",
        binary_entropy,
        ("-", BIG["1/nK"]),
        Bracket((sym.y, r" \ln ", OUTPUT, " + (1 - ", sym.y, r") \ln (1 - ", OUTPUT, ")")),
        SMALL["1/nK"],
        ("(", DIFFERENCE, ")"),
        classes_only=True,
    ),
    "ce": Loss(
        cross_entropy,
        difference,
        lambda n, K: 1 / n,
        "softmax",
        "canonical",
        entropy,
        ("-", BIG["1/n"]),
        (sym.y, r" \ln ", OUTPUT),
        SMALL["1/n"],
        ("(", DIFFERENCE, ")"),
        classes_only=True,
    ),
}
