"""Activations: how a unit answers its input z, and how steep that answer is.

An activation and its way back are one value. `forward` lists the calls that turn z into a; `back`
lists the calls that turn dL/da into dL/dz, with the slope written in terms of a, so that z is not
needed twice. Adding an activation is one entry in ACTIVATIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from engine.equations import Array, Step, constant


class Activation(NamedTuple):
    """One activation: its calls, its formulas, and where it may stand."""

    forward: Callable[[Array, Array], Iterator[Step]]  # (z, a), both (n_out, n)
    back: Callable[[Array, Array, Array], Iterator[Step]]  # (a, delta, slope): delta <- delta * f'
    value: Callable[[Array], Array]  # the plain function, for maps and pictures
    tex: str  # f(z)
    slope_tex: str  # f'(z), written with a
    hidden: bool = True
    output: bool = True


def linear_forward(z: Array, a: Array) -> Iterator[Step]:
    yield Step(np.positive, (z, a))


def linear_back(a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    yield from ()


def sigmoid_forward(z: Array, a: Array) -> Iterator[Step]:
    yield Step(expit, (z, a))


def sigmoid_back(a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    yield Step(np.subtract, (constant(1, a), a, slope))
    yield Step(np.multiply, (slope, a, slope))
    yield Step(np.multiply, (delta, slope, delta))


def tanh_forward(z: Array, a: Array) -> Iterator[Step]:
    yield Step(np.tanh, (z, a))


def tanh_back(a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    yield Step(np.multiply, (a, a, slope))
    yield Step(np.subtract, (constant(1, a), slope, slope))
    yield Step(np.multiply, (delta, slope, delta))


def rectify(z: Array, zero: Array, a: Array) -> None:
    """Nothing; writes max(0, z) into a. np.maximum takes its destination by name only."""
    np.maximum(z, zero, out=a)


def relu_forward(z: Array, a: Array) -> Iterator[Step]:
    yield Step(rectify, (z, constant(0, a), a))


def relu_back(a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    yield Step(np.sign, (a, slope))  # 1 where z > 0, else 0: also at z = 0
    yield Step(np.multiply, (delta, slope, delta))


def column_maximum(z: Array, top: Array) -> None:
    """Nothing; writes the largest entry of each column of z into top (1, n)."""
    np.maximum.reduce(z, axis=0, out=top, keepdims=True)


def softmax_forward(z: Array, a: Array) -> Iterator[Step]:
    top = np.empty((1, a.shape[1]), a.dtype)
    total = np.empty((1, a.shape[1]), a.dtype)
    ones = np.ones((1, len(a)), a.dtype)
    yield Step(column_maximum, (z, top))
    yield Step(np.subtract, (z, top, a))  # exp of at most 0 cannot overflow
    yield Step(np.exp, (a, a))
    yield Step(ones.dot, (a, total))
    yield Step(np.divide, (a, total, a))


def softmax_back(a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    total = np.empty((1, a.shape[1]), a.dtype)
    ones = np.ones((1, len(a)), a.dtype)
    yield Step(np.multiply, (delta, a, slope))
    yield Step(ones.dot, (slope, total))
    yield Step(np.subtract, (delta, total, delta))
    yield Step(np.multiply, (delta, a, delta))


def softmax(z: Array) -> Array:
    """Probabilities down each column of z, shape of z."""
    a = np.exp(z - z.max(axis=0, keepdims=True))
    return a / a.sum(axis=0, keepdims=True)


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear_forward, linear_back, np.positive, "z", "1"),
    "sigmoid": Activation(
        sigmoid_forward, sigmoid_back, expit, r"\frac{1}{1 + e^{-z}}", r"a \odot (1 - a)"
    ),
    "tanh": Activation(tanh_forward, tanh_back, np.tanh, r"\tanh z", r"1 - a \odot a"),
    "relu": Activation(
        relu_forward, relu_back, lambda z: np.maximum(z, 0), r"\max(0, z)", "[z > 0]", output=False
    ),
    "softmax": Activation(
        softmax_forward,
        softmax_back,
        softmax,
        r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
        r"a_k ([j = k] - a_j)",
        hidden=False,
    ),
}
