"""Activations: how a unit answers its input z, and how steep that answer is.

An activation and its way back are one value. `forward` lists the calls that turn z into a; `back`
lists the calls that turn dL/da into dL/dz, with the slope written in terms of a where that is
shorter. Adding an activation is one entry in ACTIVATIONS. Sources: Goodfellow, Bengio & Courville,
Deep Learning, 6.3; Clevert et al. (2016) for ELU; Hendrycks & Gimpel (2016) for GELU and SiLU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit, ndtr

from engine.nn import symbols as sym
from engine.nn.buffers import cached_constant, scalar_like
from engine.nn.equations import Array, Step
from engine.nn.formula import Formula, Symbol, Terms, write_terms

LEAK = 0.01  # the slope of a leaky ReLU below 0


class Activation(NamedTuple):
    """One activation: its calls, its formulas, and where it may stand."""

    forward: Callable[[Array, Array], Iterator[Step]]  # (z, a), both (n_out, n)
    back: Callable[[Array, Array, Array, Array], Iterator[Step]]
    # (z, a, delta, slope): delta <- delta * f'(z); slope is room to work in
    value: Callable[[Array], Array]  # the plain function, for maps and pictures
    terms: Terms  # f(z)
    slope: Terms  # f'(z), written with a or z
    hidden: bool = True
    output: bool = True
    mixes: bool = False  # whether each answer depends on the inputs of all units: f' is a matrix

    @property
    def formula(self) -> Formula:
        """Return the formula of f(z), or of its j-th output."""
        return Formula(sym.f_of_one if self.mixes else "f(z)", "=", self.terms)

    @property
    def slope_formula(self) -> Formula:
        """Return the formula of f'(z)."""
        return Formula("f'(z)", "=", self.slope)

    @property
    def tex(self) -> str:
        """Return the TeX of f(z)."""
        return write_terms(self.terms)

    @property
    def slope_tex(self) -> str:
        """Return the TeX of f'(z)."""
        return write_terms(self.slope)

    @property
    def name_tex(self) -> str:
        """Return the TeX of what `tex` is: f(z), or its j-th output."""
        return write_terms(self.formula.left)


def linear_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of the identity; z and a are (n_out, n)."""
    yield Step(np.positive, (z, a))


def linear_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield no steps: f'(z) = 1 changes nothing in delta (n_out, n)."""
    yield from ()


def sigmoid_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of the logistic sigmoid; z and a are (n_out, n)."""
    yield Step(expit, (z, a))


def sigmoid_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(np.subtract, (scalar_like(1, a), a, slope))
    yield Step(np.multiply, (slope, a, slope))
    yield Step(np.multiply, (delta, slope, delta))


def tanh_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of tanh; z and a are (n_out, n)."""
    yield Step(np.tanh, (z, a))


def tanh_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(np.multiply, (a, a, slope))
    yield Step(np.subtract, (scalar_like(1, a), slope, slope))
    yield Step(np.multiply, (delta, slope, delta))


def maximum_into(z: Array, floor: Array, a: Array) -> None:
    """Write max(z, floor) into a, all (n_out, n): np.maximum takes its result by name only."""
    np.maximum(z, floor, out=a)


def minimum_into(z: Array, ceiling: Array, a: Array) -> None:
    """Write min(z, ceiling) into a, all (n_out, n)."""
    np.minimum(z, ceiling, out=a)


def is_positive(a: Array, slope: Array) -> None:
    """Write 1 where a > 0, else 0, into slope (n_out, n); a >= 0, so np.sign does it fastest."""
    np.sign(a, slope)


def relu_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of ReLU (Glorot et al. 2011); z and a are (n_out, n)."""
    yield Step(maximum_into, (z, cached_constant(0, a), a))


def relu_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(is_positive, (a, slope))  # a > 0 where z > 0, and only there
    yield Step(np.multiply, (delta, slope, delta))


def leaky_relu_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of leaky ReLU (Maas et al. 2013); z and a are (n_out, n)."""
    yield Step(np.multiply, (z, scalar_like(LEAK, a), a))
    yield Step(maximum_into, (z, a, a))


def leaky_relu_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(np.heaviside, (z, scalar_like(0, a), slope))
    yield Step(maximum_into, (slope, cached_constant(LEAK, a), slope))
    yield Step(np.multiply, (delta, slope, delta))


def elu_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of ELU (Clevert et al. 2016, eq. 13); z and a are (n_out, n)."""
    yield Step(minimum_into, (z, cached_constant(0, a), a))  # e^z of at most 0 cannot overflow
    yield Step(np.expm1, (a, a))
    yield Step(maximum_into, (z, a, a))  # e^z - 1 lies above z, and is 0 where z > 0


def elu_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(minimum_into, (a, cached_constant(0, a), slope))
    yield Step(np.add, (slope, scalar_like(1, a), slope))
    yield Step(np.multiply, (delta, slope, delta))


def gelu_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of GELU (Hendrycks & Gimpel 2016); z and a are (n_out, n)."""
    yield Step(ndtr, (z, a))
    yield Step(np.multiply, (z, a, a))


def gelu_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    share = np.empty_like(slope)
    yield Step(np.multiply, (z, z, slope))
    yield Step(np.multiply, (slope, scalar_like(-0.5, a), slope))
    yield Step(np.exp, (slope, slope))
    yield Step(np.multiply, (slope, scalar_like((2 * np.pi) ** -0.5, a), slope))
    yield Step(np.multiply, (slope, z, slope))
    yield Step(ndtr, (z, share))
    yield Step(np.add, (slope, share, slope))
    yield Step(np.multiply, (delta, slope, delta))


def silu_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of SiLU (Hendrycks & Gimpel 2016); z and a are (n_out, n)."""
    yield Step(expit, (z, a))
    yield Step(np.multiply, (z, a, a))


def silu_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    rest = np.empty_like(slope)
    yield Step(expit, (z, slope))
    yield Step(np.subtract, (scalar_like(1, a), slope, rest))
    yield Step(np.multiply, (rest, a, rest))
    yield Step(np.add, (slope, rest, slope))
    yield Step(np.multiply, (delta, slope, delta))


def softplus_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of softplus (Dugas et al. 2001); z and a are (n_out, n)."""
    yield Step(np.logaddexp, (z, scalar_like(0, a), a))  # ln(e^z + e^0)


def softplus_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(expit, (z, slope))
    yield Step(np.multiply, (delta, slope, delta))


def exp_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of the exponential; z and a are (n_out, n)."""
    yield Step(np.exp, (z, a))


def exp_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * f'(z); all arrays are (n_out, n)."""
    yield Step(np.multiply, (delta, a, delta))


def softmax_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = f(z) of softmax down each column; z and a are (n_out, n)."""
    K, n = a.shape
    top, below, total = np.empty((1, n), a.dtype), np.empty_like(a), np.empty_like(a)
    column, square = np.ones((K, 1), a.dtype), np.ones((K, K), a.dtype)
    yield Step(np.maximum.reduce, (z, 0, None, top[0]))  # down each column
    yield Step(column.dot, (top, below))  # in every row: NumPy is slow where shapes differ
    yield Step(np.subtract, (z, below, a))  # exp of at most 0 cannot overflow
    yield Step(np.exp, (a, a))
    yield Step(square.dot, (a, total))
    yield Step(np.divide, (a, total, a))


def softmax_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- J^T delta of each column; all arrays are (n_out, n)."""
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


Z_J, A_J = (Symbol(name).always_one("j") for name in "za")
ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear_forward, linear_back, np.positive, "z", "1"),
    "sigmoid": Activation(
        sigmoid_forward, sigmoid_back, expit, r"\frac{1}{1 + e^{-z}}", ("a ", sym.times, " (1 - a)")
    ),
    "tanh": Activation(tanh_forward, tanh_back, np.tanh, r"\tanh z", ("1 - ", sym.square("a"))),
    "relu": Activation(
        relu_forward,
        relu_back,
        lambda z: np.maximum(z, 0),
        r"\max(0, z)",
        sym.z_positive,
        output=False,
    ),
    "leaky_relu": Activation(
        leaky_relu_forward,
        leaky_relu_back,
        lambda z: np.maximum(z, LEAK * z),
        r"\max(z, 0.01 z)",
        (sym.z_positive, r" + 0.01 [z \le 0]"),
        output=False,
    ),
    "elu": Activation(
        elu_forward,
        elu_back,
        lambda z: np.maximum(z, np.expm1(np.minimum(z, 0))),
        r"\max(z, e^{\min(z, 0)} - 1)",
        r"1 + \min(a, 0)",
        output=False,
    ),
    "gelu": Activation(
        gelu_forward,
        gelu_back,
        lambda z: z * ndtr(z),
        (r"z\, ", sym.Phi, "(z)"),
        (sym.Phi, r"(z) + z\, e^{-z^2 / 2} / \sqrt{2 \pi}"),
        output=False,
    ),
    "silu": Activation(
        silu_forward,
        silu_back,
        lambda z: z * expit(z),
        (r"z\, ", sym.sigma, "(z)"),
        (sym.sigma, "(z) + a ", sym.times, " (1 - ", sym.sigma, "(z))"),
        output=False,
    ),
    "softplus": Activation(
        softplus_forward,
        softplus_back,
        lambda z: np.logaddexp(z, 0),
        r"\ln(1 + e^z)",
        (sym.sigma, "(z)"),
        output=False,
    ),
    "exp": Activation(exp_forward, exp_back, np.exp, "e^z", "a", hidden=False),
    "softmax": Activation(
        softmax_forward,
        softmax_back,
        softmax,
        (r"\frac{e^{", Z_J, "}}{", sym.total.always_one("r"), " e^{", Z_J.one("r"), "}}"),
        (A_J, " ([j = r] - ", A_J.one("r"), ")"),
        hidden=False,
        mixes=True,
    ),
}
