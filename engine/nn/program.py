"""The program: every equation of one mini-batch, in order, on buffers that are allocated once.

This is the algorithm. Forward through the layers, the error term at the output, back through the
layers, the penalties, the update. Nielsen, Neural Networks and Deep Learning, ch. 2 (BP1 to BP4),
with one column per example and 1/n inside delta.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from engine.nn import symbols as sym
from engine.nn.activations import Activation, maximum_into
from engine.nn.equations import Array, Equation, Shown, Step, aligned_full, scalar_like
from engine.nn.formula import Bracket, Formula, Label, Partial, Symbol, Terms
from engine.nn.losses import Loss
from engine.nn.network import Layer, Network

TIMES_WEIGHTS: Terms = (" ", sym.times, " ", sym.w)
TWICE_LAMBDA2: Terms = ("2 ", sym.lambda2)


class Buffers:
    """What one layer computes for one batch, one column per example."""

    def __init__(self, n_out: int, n: int, dropout: bool, kind: DTypeLike = np.float64) -> None:
        self.out = aligned_full(
            (n_out + 1, n), kind, 1
        )  # what the next layer sees: a, and a row of ones
        self.z = aligned_full((n_out, n), kind)
        self.a = aligned_full((n_out, n), kind) if dropout else self.out[:-1]  # before the mask
        self.mask = aligned_full((n_out, n), kind, 1) if dropout else None  # M / (1 - p)
        self.slope = aligned_full((n_out, n), kind)
        self.back = aligned_full(
            (n_out + 1, n), kind
        )  # its last row is the bias neuron's: never used
        self.delta = self.back[:-1]  # dL/dz


class Batch(NamedTuple):
    """The examples of one batch and the buffers of every layer."""

    x: Array  # (d + 1, n), its last row is ones
    y: Array  # (K, n)
    layers: tuple[Buffers, ...]
    weights: Array | None = None  # (1, n) how much each example counts; None: all alike

    @property
    def inputs(self) -> list[Array]:
        """What each layer sees, (n_in + 1, n): x, then the outputs of the layer below."""
        return [self.x, *(layer.out for layer in self.layers[:-1])]


def batch_of(
    x: Array,
    y: Array,
    sizes: Sequence[int],
    dropout: bool | Sequence[bool] = False,
    weights: Array | None = None,
) -> Batch:
    """A batch with buffers of its own; only hidden layers, all or those named, get masks."""
    hidden = [dropout] * (len(sizes) - 2) if isinstance(dropout, bool) else dropout
    layers = (
        Buffers(units, x.shape[1], masked, x.dtype)
        for units, masked in zip(sizes[1:], [*hidden, False], strict=True)
    )
    return Batch(x, y, tuple(layers), weights)


def forward(network: Network, batch: Batch) -> Iterator[Equation]:
    """z and a of each layer, bottom up."""
    for l, (layer, below, own) in enumerate(
        zip(network.layers, batch.inputs, batch.layers, strict=True), 1
    ):
        f = layer.activation
        right = (sym.W.at(l), " ", input_symbol(batch, l), " + ", sym.b.at(l))
        formula = Formula(sym.z.at(l), "=", right)
        yield Equation("forward", "affine", l, formula, (Step(layer.Wb.dot, (below, own.z)),))
        formula = Formula(sym.a.at(l), "=", ("f(", sym.z.at(l), ")"), (f.formula,))
        yield Equation("forward", "activation", l, formula, tuple(f.forward(own.z, own.a)))
        if own.mask is not None:
            formula = Formula(sym.a_masked.at(l), "=", (sym.a.at(l), times_mask(l)))
            muting = Step(np.multiply, (own.a, own.mask, own.out[:-1]))
            yield Equation("forward", "mask", l, formula, (muting,))


def input_symbol(batch: Batch, l: int) -> Symbol:
    """Return the symbol of what layer l sees: the outputs below, with a tilde once masked."""
    masked = l > 1 and batch.layers[l - 2].mask is not None
    return (sym.a_masked if masked else sym.a).at(l - 1)


def times_mask(l: int) -> Terms:
    """Return the terms that multiply by the mask of layer l."""
    return (" ", sym.times, " ", sym.M.at(l), " / (1 - ", sym.p, ")")


def backward(network: Network, batch: Batch, loss: Loss) -> Iterator[Equation]:
    """delta, dW and db of each layer, top down: dL/dW^L first, then back through the error term."""
    L = len(network.layers)
    yield from output_delta(network.layers[-1], batch, loss, network.activations[-1])
    for l in range(L, 0, -1):
        layer, own, below = network.layers[l - 1], batch.layers[l - 1], batch.inputs[l - 1]
        across, delta = input_symbol(batch, l).T, sym.delta.at(l)
        db = Formula(Partial(sym.b.at(l)), "=", (delta, " ", sym.ones))
        formula = Formula(Partial(sym.W.at(l)), "=", (delta, " ", across), (db,))
        steps = (Step(own.delta.dot, (below.T, layer.dWb)),)
        yield Equation("backward", "gradient", l, formula, steps)
        if l > 1:
            yield from hidden_delta(l - 1, layer, own, network.layers[l - 2], batch.layers[l - 2])


def output_delta(layer: Layer, batch: Batch, loss: Loss, activation: str) -> Iterator[Equation]:
    """delta^L; for the canonical pair the slope of f cancels, and with it its overflow."""
    own, (K, n) = batch.layers[-1], batch.y.shape
    scale = scalar_like(loss.scale(n, K), own.delta)
    steps = (
        *loss.error(own.a, batch.y, own.delta),
        Step(np.multiply, (own.delta, scale, own.delta)),
    )
    if batch.weights is not None:
        steps = (*steps, Step(np.multiply, (own.delta, batch.weights, own.delta)))
    if activation != loss.canonical:
        steps = (*steps, *layer.activation.back(own.z, own.a, own.delta, own.slope))
    formula = output_delta_formula(batch, loss, layer.activation, activation == loss.canonical)
    names = ((scale, Label(loss.scale_terms, "scale")),)
    yield Equation("backward", "error", len(batch.layers), formula, steps, names)


def output_delta_formula(batch: Batch, loss: Loss, output: Activation, canonical: bool) -> Formula:
    """Return the formula of delta^L, with the number of the last layer for its L."""
    l = len(batch.layers)
    left, _, right, _ = loss.delta_formula(l)
    if batch.weights is not None:
        right = (right, TIMES_WEIGHTS)
    if canonical:
        return Formula(left, "=", right)
    if output.mixes:  # f' is a matrix, one for each example
        jacobian = Formula(sym.J.always_one("jr"), "=", output.slope)
        return Formula(left, "=", (sym.J.T, " ", Bracket(right)), (jacobian,))
    return Formula(left, "=", (right, times_slope(l)), (output.slope_formula,))


def times_slope(l: int) -> Terms:
    """Return the terms that multiply by the slope of layer l."""
    return (" ", sym.times, " f'(", sym.z.at(l), ")")


def hidden_delta(
    l: int, above: Layer, own_above: Buffers, layer: Layer, own: Buffers
) -> Iterator[Equation]:
    """delta^l from the layer above: sent back through W, the mask and the slope."""
    steps = tuple(layer.activation.back(own.z, own.a, own.delta, own.slope))
    here = Partial(sym.a.at(l)) if steps else sym.delta.at(l)  # a slope of 1 changes nothing
    sent = here if own.mask is None else Partial(sym.a_masked.at(l))
    down = Step(above.Wb.T.dot, (own_above.delta, own.back))
    formula = Formula(sent, "=", (sym.W.at(l + 1).T, " ", sym.delta.at(l + 1)))

    def without_bias() -> Shown:
        return Shown((Step(above.W.T.dot, (own_above.delta, own.delta)),))

    yield Equation("backward", "back", l, formula, (down,), (), without_bias)
    if own.mask is not None:
        formula = Formula(here, "=", (sent, times_mask(l)))
        muting = Step(np.multiply, (own.delta, own.mask, own.delta))
        yield Equation("backward", "mask", l, formula, (muting,))
    if steps:
        slope = layer.activation.slope_formula
        formula = Formula(sym.delta.at(l), "=", (here, times_slope(l)), (slope,))
        yield Equation("backward", "slope", l, formula, steps)


def penalty_gradient(network: Network, l1: float, l2: float, frozen: bool) -> Iterator[Equation]:
    """What the penalties add to the gradient (weights only), and the bar on frozen biases."""
    theta, grad, is_weight = network.theta, network.grad, network.is_weight
    pull = np.empty_like(theta)
    add = Step(np.add, (grad, pull, grad))
    if l2:
        pulled = (sym.dW, " + ", TWICE_LAMBDA2, " ", sym.W)
        steps = (Step(np.multiply, (theta, 2 * l2 * is_weight, pull)), add)
        yield Equation("penalty", "l2", 0, Formula(sym.dW, r"\leftarrow", pulled), steps)
    if l1:
        pulled = (sym.dW, " + ", sym.lambda1, r" \operatorname{sign} ", sym.W)
        sign = (Step(np.sign, (theta, pull)), Step(np.multiply, (pull, l1 * is_weight, pull)))
        yield Equation("penalty", "l1", 0, Formula(sym.dW, r"\leftarrow", pulled), (*sign, add))
    if frozen:
        bar = Step(np.multiply, (grad, is_weight, grad))
        yield Equation("penalty", "frozen", 0, Formula(sym.db, r"\leftarrow", "0"), (bar,))


def gradient_clipping(network: Network, most: float) -> Iterator[Equation]:
    """Yield the gradient of all layers together, shortened to the length `most`.

    Pascanu et al. (2013), On the difficulty of training recurrent neural networks.
    """
    grad, share = network.grad, scalar_like(1, network.grad)
    length, limit = scalar_like(0, grad), scalar_like(most, grad)
    right = (sym.g, r" \min(1, ", sym.c_g, " / ", sym.length(sym.g), ")")
    steps = (
        Step(length_of, (grad, length)),
        Step(shortening, (length, limit, share)),
        Step(np.multiply, (grad, share, grad)),
    )
    names = ((length, sym.length(sym.g)), (limit, sym.c_g))
    formula = Formula(sym.g, r"\leftarrow", right)
    yield Equation("penalty", "clip", 0, formula, steps, names)


def length_of(grad: Array, length: Array) -> None:
    """Write the length of grad (P,), the root of the sum of its squares, into length."""
    length[()] = float(grad.dot(grad)) ** 0.5


def shortening(length: Array, limit: Array, share: Array) -> None:
    """Write into share what a vector of this length is to be multiplied by."""
    most = limit.item()
    share[()] = most / max(length.item(), most)


def max_norm_constraint(network: Network, most: float) -> Iterator[Equation]:
    """Yield the weights into each hidden unit cut to `most` (Srivastava et al. 2014, 5.1)."""
    for l, layer in enumerate(network.layers[:-1], 1):
        row = sym.W.at(l).always_one("j")
        W, (n_out, n_in) = layer.W, layer.W.shape
        square, ones = np.empty((n_out, n_in), W.dtype), np.ones((n_in, 1), W.dtype)
        total, length, share = (np.empty((n_out, 1), W.dtype) for _ in range(3))
        limit = scalar_like(most, W)
        yield Equation(
            "update",
            "max_norm",
            l,
            Formula(row, r"\leftarrow", (row, r" \min(1, ", sym.c_W, " / ", sym.length(row), ")")),
            (
                Step(np.multiply, (W, W, square)),
                Step(square.dot, (ones, total)),
                Step(np.sqrt, (total, length)),
                Step(maximum_into, (length, limit, share)),
                Step(np.divide, (limit, share, share)),
                Step(np.multiply, (W, share, W)),
            ),
            ((length, sym.length(row)), (limit, sym.c_W)),
        )
