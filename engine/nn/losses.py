"""Losses: one number for how wrong the network is, and the error term it starts with.

`total` is summed over the examples; the loss is `total / n`. `error` lists the calls that write
dL/da but for a factor; `scale` is that factor, taken once, at the output, so 1/n is inside every
delta. Sources: Goodfellow, Bengio & Courville, Deep Learning, 6.2; Nielsen,
Neural Networks and Deep Learning, ch. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import huber, xlogy

from engine.nn.equations import Array, Step, scalar_like


class Loss(NamedTuple):
    """One loss: its value, its error term, and the outputs it makes sense with."""

    total: Callable[[Array, Array, Array], float]  # (z, a, y), each (..., K, n) -> sum over n
    error: Callable[[Array, Array, Array], Iterator[Step]]  # (a, y, delta)
    scale: Callable[[int, int], float]  # (n, K) -> factor of the error term
    canonical: str  # the output activation whose slope cancels: delta = scale * error
    outputs: tuple[str, ...]  # the output activations it makes sense with
    chance: Callable[[Array], float]  # y (K, n) -> the loss of the best answer that ignores x
    tex: str
    delta_tex: str  # delta at the canonical output

    @property
    def scale_tex(self) -> str:
        """Return the TeX of `scale`, with which `delta_tex` begins."""
        return self.delta_tex.split(" = ")[1].split(" ")[0]


def difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    yield Step(np.subtract, (a, y, delta))


def sign_of_difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    yield Step(np.subtract, (a, y, delta))
    yield Step(np.sign, (delta, delta))  # 0 where a = y


def clipped_difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:
    yield Step(np.subtract, (a, y, delta))
    yield Step(np.clip, (delta, scalar_like(-1, delta), scalar_like(1, delta), delta))


def squared_error(z: Array, a: Array, y: Array) -> float:
    e = (a - y).ravel()
    return float(e.dot(e)) / a.shape[-2]


def half_squared_error(z: Array, a: Array, y: Array) -> float:
    e = (a - y).ravel()
    return 0.5 * float(e.dot(e))


def absolute_error(z: Array, a: Array, y: Array) -> float:
    return float(np.abs(a - y).sum()) / a.shape[-2]


def huber_error(z: Array, a: Array, y: Array) -> float:
    # e² / 2 up to |e| = 1, then |e| - 1/2 (Huber 1964)
    return float(huber(1, a - y).sum()) / a.shape[-2]


def poisson_deviance(z: Array, a: Array, y: Array) -> float:
    # a - y ln a, less its value at a = y, so that a perfect answer costs nothing; z is ln a
    return float((a - y * z + xlogy(y, y) - y).sum())


def binary_cross_entropy(z: Array, a: Array, y: Array) -> float:
    # max(z, 0) - z y + ln(1 + e^-|z|): from z, never from a rounded probability
    soft = np.log1p(np.exp(-np.abs(z)))
    soft += np.maximum(z, 0.0)
    soft -= z * y
    return float(soft.sum()) / z.shape[-2]


def cross_entropy(z: Array, a: Array, y: Array) -> float:
    shifted = z - np.maximum.reduce(z, axis=-2, keepdims=True)
    of_answers = float(shifted.ravel().dot(y.ravel()))
    total = np.add.reduce(np.exp(shifted, shifted), axis=-2)
    return float(np.log(total, total).sum()) - of_answers


def variance(y: Array) -> float:
    """The mean squared error of always saying the mean of y."""
    return float(y.var(axis=1).mean())


def half_variance(y: Array) -> float:
    return 0.5 * float(y.var(axis=1).sum())


def spread_about_median(y: Array) -> float:
    return float(np.abs(y - np.median(y, axis=1, keepdims=True)).mean())


def huber_spread(y: Array) -> float:
    """The Huber loss of the constant where what pulls it up and down is in balance, by halving."""
    low, high = y.min(axis=1, keepdims=True), y.max(axis=1, keepdims=True)
    for _ in range(60):
        middle = (low + high) / 2
        pull = np.clip(middle - y, -1, 1).sum(axis=1, keepdims=True)
        low, high = np.where(pull < 0, middle, low), np.where(pull < 0, high, middle)
    return float(huber(1, high - y).mean())


def deviance_about_mean(y: Array) -> float:
    """The Poisson deviance of always saying the mean count."""
    return float((xlogy(y, y) - xlogy(y, y.mean(axis=1, keepdims=True))).mean(axis=1).sum())


def entropy(y: Array) -> float:
    """The entropy of the classes' shares in nats: ln K when they are equal."""
    shares = y.mean(axis=1)
    return float(-xlogy(shares, shares).sum())


def binary_entropy(y: Array) -> float:
    """The entropy of each output's yes and no, averaged over the outputs."""
    yes = y.mean(axis=1)
    return float(-(xlogy(yes, yes) + xlogy(1 - yes, 1 - yes)).mean())


SQUARED = ("linear", "sigmoid", "tanh", "softmax")
ABSOLUTE = ("linear", "sigmoid", "tanh")

LOSSES: dict[str, Loss] = {
    "mse": Loss(
        squared_error,
        difference,
        lambda n, K: 2 / (n * K),
        "linear",
        SQUARED,
        variance,
        r"L = \frac{1}{nK} \sum (a^{(L)} - y)^2",
        r"\delta^{(L)} = \tfrac{2}{nK} (a^{(L)} - y)",
    ),
    "half_mse": Loss(
        half_squared_error,
        difference,
        lambda n, K: 1 / n,
        "linear",
        SQUARED,
        half_variance,
        r"L = \frac{1}{2n} \sum (a^{(L)} - y)^2",
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
    ),
    "mae": Loss(
        absolute_error,
        sign_of_difference,
        lambda n, K: 1 / (n * K),
        "linear",
        ABSOLUTE,
        spread_about_median,
        r"L = \frac{1}{nK} \sum |a^{(L)} - y|",
        r"\delta^{(L)} = \tfrac{1}{nK} \operatorname{sign}(a^{(L)} - y)",
    ),
    "huber": Loss(
        huber_error,
        clipped_difference,
        lambda n, K: 1 / (n * K),
        "linear",
        ABSOLUTE,
        huber_spread,
        r"L = \frac{1}{nK} \sum h(a^{(L)} - y), \quad "
        r"h(d) = \begin{cases} d^2 / 2 & |d| \le 1 \\ |d| - 1/2 & |d| > 1 \end{cases}",
        r"\delta^{(L)} = \tfrac{1}{nK} \operatorname{clip}(a^{(L)} - y, -1, 1)",
    ),
    "poisson": Loss(
        poisson_deviance,
        difference,
        lambda n, K: 1 / n,
        "exp",
        ("exp",),
        deviance_about_mean,
        r"L = \frac{1}{n} \sum \left[ a^{(L)} - y \ln a^{(L)} + y \ln y - y \right]",
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
    ),
    "bce": Loss(
        binary_cross_entropy,
        difference,
        lambda n, K: 1 / (n * K),
        "sigmoid",
        ("sigmoid",),
        binary_entropy,
        r"L = -\frac{1}{nK} \sum \left[ y \ln a^{(L)} + (1 - y) \ln (1 - a^{(L)}) \right]",
        r"\delta^{(L)} = \tfrac{1}{nK} (a^{(L)} - y)",
    ),
    "ce": Loss(
        cross_entropy,
        difference,
        lambda n, K: 1 / n,
        "softmax",
        ("softmax",),
        entropy,
        r"L = -\frac{1}{n} \sum y \ln a^{(L)}",
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
    ),
}
