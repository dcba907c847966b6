"""Activations: the output a = f(z) of a unit, and the slope f'(z) of the output.

`forward` yields the calls that turn z into a; `back` yields the calls that turn dL/da into dL/dz,
with the slope written in terms of a where that is shorter. Adding an activation is one entry in
ACTIVATIONS, with its formulas, its code, its ONNX nodes and its role as an output; only its twin
in JavaScript (static/run/forward_pass.js) is written elsewhere. Sources: Goodfellow, Bengio &
Courville, Deep Learning, 6.3; Clevert et al. (2016) for ELU; Hendrycks & Gimpel (2016) for GELU
and SiLU.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import expit, ndtr

from engine.language import marked
from engine.nn import symbols as sym
from engine.nn.activation_forms import Activation, Code, OnnxNode, OutputRole
from engine.nn.buffers import cached_constant, scalar_like
from engine.nn.equations import Array, Step
from engine.nn.formula import Symbol, power, ratio, root

LEAK = 0.01  # the slope of a leaky ReLU below 0


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
    """Return the probabilities in each column of z, with the shape of z."""
    a = np.exp(z - z.max(axis=0, keepdims=True))
    return a / a.sum(axis=0, keepdims=True)


def complex_sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), of the shape of z, by the branch that cannot overflow."""
    small = np.exp(np.where(np.real(z) < 0, z, -z))
    return np.where(np.real(z) < 0, small, 1) / (1 + small)


def complex_softplus(z: Array) -> Array:
    """Return ln(1 + e^z), of the shape of z, by the branch that cannot overflow."""
    return np.where(np.real(z) < 0, 0, z) + np.log1p(np.exp(np.where(np.real(z) < 0, z, -z)))


Z_J, A_J = (Symbol(name).always_one("j") for name in "za")
ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(
        label=marked("linear"),
        forward=linear_forward,
        back=linear_back,
        value=np.positive,
        terms="z",
        slope="1",
        derivation=(r"\frac{d}{dz}\, z",),
        note=marked(
            "The error term does not change. Several linear layers together are still linear."
        ),
        code=Code("z", '"linear"', "nn.Identity()", sklearn="identity"),
        onnx=(),
        straight=True,
        output=OutputRole("mse", sklearn="regression"),
    ),
    "sigmoid": Activation(
        label="sigmoid",
        forward=sigmoid_forward,
        back=sigmoid_back,
        value=expit,
        terms=ratio("1", ("1 + ", power("e", "-z"))),
        slope=("a ", sym.times, " (1 - a)"),
        derivation=(
            r"\frac{d}{dz} (1 + e^{-z})^{-1} = \frac{e^{-z}}{(1 + e^{-z})^2}",
            r"= \frac{1}{1 + e^{-z}} \cdot \left( 1 - \frac{1}{1 + e^{-z}} \right)",
        ),
        note=marked(
            "At most ¼, at z = 0: each sigmoid layer removes at least three quarters of "
            "the error term."
        ),
        code=Code("1 / (1 + np.exp(-z))", '"sigmoid"', "nn.Sigmoid()", sklearn="logistic"),
        onnx=(OnnxNode("Sigmoid", ("z",)),),
        for_complex=complex_sigmoid,
        ends=(0.0, 1.0),
        output=OutputRole("bce", sklearn="classification"),
    ),
    "tanh": Activation(
        label="tanh",
        forward=tanh_forward,
        back=tanh_back,
        value=np.tanh,
        terms=r"\tanh z",
        slope=("1 - ", sym.square("a")),
        derivation=(
            r"\frac{d}{dz} \frac{\sinh z}{\cosh z} = \frac{\cosh^2 z - \sinh^2 z}{\cosh^2 z}",
            r"= 1 - \tanh^2 z",
        ),
        note=marked("At most 1, at z = 0; near 0 where the output is near 1 or −1."),
        code=Code("np.tanh(z)", '"tanh"', "nn.Tanh()", sklearn="tanh"),
        onnx=(OnnxNode("Tanh", ("z",)),),
        ends=(-1.0, 1.0),
        output=OutputRole("mse", classes=(-1.0, 1.0)),
    ),
    "relu": Activation(
        label="ReLU",
        forward=relu_forward,
        back=relu_back,
        value=lambda z: np.maximum(z, 0),
        terms=r"\max(0, z)",
        slope=sym.z_positive,
        derivation=(
            r"\frac{d}{dz} \max(0, z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
        ),
        note=marked(
            "The slope is 0 or 1. At z = 0 it is 0, as in Keras, PyTorch and scikit-learn."
        ),
        code=Code("np.maximum(z, 0)", '"relu"', "nn.ReLU()", sklearn="relu"),
        onnx=(OnnxNode("Max", ("z", 0.0), "relu"),),
        for_complex=lambda z: np.where(np.real(z) > 0, z, 0),
        straight=True,
        corner=True,
    ),
    "leaky_relu": Activation(
        label="leaky ReLU",
        forward=leaky_relu_forward,
        back=leaky_relu_back,
        value=lambda z: np.maximum(z, LEAK * z),
        terms=r"\max(z, 0.01 z)",
        slope=(sym.z_positive, r" + 0.01 [z \le 0]"),
        derivation=(
            r"\frac{d}{dz} \max(z, 0.01 z) = "
            r"\begin{cases} 1 & z > 0 \\ 0.01 & z \le 0 \end{cases}",
        ),
        note=marked("Below 0 the slope is 0.01, so every unit can still learn."),
        code=Code(
            numpy=f"np.maximum(z, {LEAK} * z)",
            keras=f"lambda z: keras.ops.leaky_relu(z, {LEAK})",
            torch=f"nn.LeakyReLU({LEAK})",
        ),
        onnx=(OnnxNode("Mul", ("z", LEAK)), OnnxNode("Max", ("z", "mul"), "leaky relu")),
        for_complex=lambda z: np.where(np.real(z) > 0, z, LEAK * z),
        straight=True,
        corner=True,
    ),
    "elu": Activation(
        label="ELU",
        forward=elu_forward,
        back=elu_back,
        value=lambda z: np.maximum(z, np.expm1(np.minimum(z, 0))),
        terms=(r"\max(z, ", power("e", r"\min(z, 0)"), " - 1)"),
        slope=r"1 + \min(a, 0)",
        derivation=(
            r"\frac{d}{dz} a = \begin{cases} 1 & z > 0 \\ e^z = 1 + a & z \le 0 \end{cases}",
        ),
        note=marked("Smooth at 0; far below 0 the output is almost constant."),
        code=Code("np.maximum(z, np.expm1(np.minimum(z, 0)))", '"elu"', "nn.ELU()"),
        onnx=(
            OnnxNode("Min", ("z", 0.0), "negative part"),
            OnnxNode("Exp", ("negative part",)),
            OnnxNode("Sub", ("exp", 1.0)),
            OnnxNode("Max", ("z", "sub")),
        ),
        corner=True,
    ),
    "gelu": Activation(
        label="GELU",
        forward=gelu_forward,
        back=gelu_back,
        value=lambda z: z * ndtr(z),
        terms=(r"z\, ", sym.Phi, "(z)"),
        slope=(sym.Phi, r"(z) + z\, ", power("e", "-z^2 / 2"), " / ", root(r"2 \pi")),
        derivation=(r"\frac{d}{dz} z\, \Phi(z) = \Phi(z) + z\, \frac{d}{dz} \Phi(z)",),
        note=marked("Φ is the share of a normal distribution below z. This is the exact form."),
        code=Code(
            numpy="z * (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2",
            keras="lambda z: keras.ops.gelu(z, approximate=False)",
            torch="nn.GELU()",
        ),
        onnx=(
            OnnxNode("Mul", ("z", 2**-0.5)),
            OnnxNode("Cast", ("mul",), "single", dtype="float32"),  # no runtime has Erf of doubles
            OnnxNode("Erf", ("single",)),
            OnnxNode("Cast", ("erf",), "share", dtype="model"),
            OnnxNode("Add", ("share", 1.0)),
            OnnxNode("Mul", ("add", 0.5)),
            OnnxNode("Mul", ("z", "mul")),
        ),
    ),
    "silu": Activation(
        label="SiLU",
        forward=silu_forward,
        back=silu_back,
        value=lambda z: z * expit(z),
        terms=(r"z\, ", sym.sigma, "(z)"),
        slope=(sym.sigma, "(z) + a ", sym.times, " (1 - ", sym.sigma, "(z))"),
        derivation=(r"\frac{d}{dz} z\, \sigma(z) = \sigma(z) + z\, \sigma(z) (1 - \sigma(z))",),
        note=marked("σ is the sigmoid; slightly below 0 for z under −1.28."),
        code=Code("z / (1 + np.exp(-z))", '"silu"', "nn.SiLU()"),
        onnx=(OnnxNode("Sigmoid", ("z",)), OnnxNode("Mul", ("z", "sigmoid"), "silu")),
        for_complex=lambda z: z * complex_sigmoid(z),
    ),
    "softplus": Activation(
        label="softplus",
        forward=softplus_forward,
        back=softplus_back,
        value=lambda z: np.logaddexp(z, 0),
        terms=r"\ln(1 + e^z)",
        slope=(sym.sigma, "(z)"),
        derivation=(r"\frac{d}{dz} \ln(1 + e^z) = \frac{e^z}{1 + e^z}",),
        note=marked("σ is the sigmoid: a ReLU with a round corner."),
        code=Code("np.logaddexp(z, 0)", '"softplus"', "nn.Softplus()"),
        onnx=(
            OnnxNode("Abs", ("z",)),
            OnnxNode("Neg", ("abs",)),
            OnnxNode("Max", ("z", 0.0)),
            OnnxNode("Exp", ("neg",)),
            OnnxNode("Add", ("exp", 1.0)),
            OnnxNode("Log", ("add",)),
            OnnxNode("Add", ("max", "log")),
        ),
        for_complex=complex_softplus,
    ),
    "exp": Activation(
        label=marked("exponential (counts)"),
        forward=exp_forward,
        back=exp_back,
        value=np.exp,
        terms="e^z",
        slope="a",
        derivation=(r"\frac{d}{dz} e^z = e^z",),
        note=marked("Only as an output, for counts: they cannot be negative."),
        code=Code(
            numpy="np.exp(z)",
            keras='"exponential"',
            torch="Exp()",
            torch_class=(
                "class Exp(nn.Module):",
                "    def forward(self, z):",
                "        return z.exp()",
            ),
            sklearn="exp",
        ),
        onnx=(OnnxNode("Exp", ("z",)),),
        hidden=False,
        output=OutputRole("poisson", classes=None, counts=True, others=False, sklearn="regression"),
    ),
    "softmax": Activation(
        label="softmax",
        forward=softmax_forward,
        back=softmax_back,
        value=softmax,
        terms=ratio(power("e", Z_J), (sym.total.always_one("r"), " ", power("e", Z_J.one("r")))),
        slope=(A_J, " ([j = r] - ", A_J.one("r"), ")"),
        derivation=(
            r"S = \sum_r e^{z_r}",
            r"a_j = e^{z_j} / S",
            r"\frac{\partial a_j}{\partial z_r} = \frac{[j = r]\, e^{z_j}}{S}"
            r" - \frac{e^{z_j}\, e^{z_r}}{S^2}",
        ),
        note=marked(
            "Only as an output. Each output depends on every z, so the slopes form a matrix."
        ),
        code=Code(
            numpy="np.exp(z - z.max(1, keepdims=True)) / "
            "np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True)",
            keras='"softmax"',
            torch="nn.Softmax(dim=1)",
            sklearn="softmax",
        ),
        onnx=(OnnxNode("Softmax", ("z",), axis=1),),
        hidden=False,
        mixes=True,
        output=OutputRole("ce", numbers=False, sklearn="classification"),
    ),
}
