"""The program: every equation of one mini-batch, in order, on arrays that are allocated once.

This is backpropagation: forward through the layers, the error term delta at the output, then back
through the layers. Nielsen, Neural Networks and Deep Learning, ch. 2 (BP1 to BP4), with one column
per example and 1/n inside delta. Penalties and update follow in regularizers and optimizers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.nn import symbols as sym
from engine.nn.activations import Activation
from engine.nn.buffers import Buffers, scalar_like
from engine.nn.equations import Array, Equation, Shown, Step
from engine.nn.formula import Bracket, Formula, Label, Partial, Symbol
from engine.nn.losses import Loss
from engine.nn.network import Layer, Network


class Batch(NamedTuple):
    """The examples of one batch and the buffers of every layer."""

    x: Array  # (d + 1, n), its last row is ones
    y: Array  # (K, n)
    layers: tuple[Buffers, ...]
    weights: Array | None = None  # (1, n) the weight of each example; None: all equal

    @property
    def inputs(self) -> list[Array]:
        """Return the inputs of each layer, (n_in + 1, n): x, then the activations before it."""
        return [self.x, *(layer.activations_with_bias for layer in self.layers[:-1])]


def batch_of(
    x: Array,
    y: Array,
    sizes: Sequence[int],
    dropout: bool | Sequence[bool] = False,
    weights: Array | None = None,
) -> Batch:
    """Return a batch with new buffers for x (d + 1, n), y (K, n), weights (1, n).

    `dropout` says whether hidden layers get masks: all of them, or each.
    """
    hidden = [dropout] * (len(sizes) - 2) if isinstance(dropout, bool) else dropout
    layers = (
        Buffers(units, x.shape[1], masked, x.dtype)
        for units, masked in zip(sizes[1:], [*hidden, False], strict=True)
    )
    return Batch(x, y, tuple(layers), weights)


def forward(network: Network, batch: Batch) -> Iterator[Equation]:
    """Yield z and a of each layer, first to last."""
    for l, (layer, inputs, own) in enumerate(
        zip(network.layers, batch.inputs, batch.layers, strict=True), 1
    ):
        f = layer.activation
        right = (sym.W.at(l), " ", input_symbol(batch, l), " + ", sym.b.at(l))
        formula = Formula(sym.z.at(l), "=", right)
        yield Equation("forward", "affine", l, formula, (Step(layer.Wb.dot, (inputs, own.z)),))
        formula = Formula(sym.a.at(l), "=", ("f(", sym.z.at(l), ")"), (f.formula,))
        yield Equation("forward", "activation", l, formula, tuple(f.forward(own.z, own.a)))
        if own.mask is not None:
            formula = Formula(sym.a_masked.at(l), "=", (sym.a.at(l), sym.times_mask(l)))
            masking = Step(np.multiply, (own.a, own.mask, own.activations_with_bias[:-1]))
            yield Equation("forward", "mask", l, formula, (masking,))


def input_symbol(batch: Batch, l: int) -> Symbol:
    """Return the symbol of the input of layer l: a of the layer before, with a tilde if masked."""
    masked = l > 1 and batch.layers[l - 2].mask is not None
    return (sym.a_masked if masked else sym.a).at(l - 1)


def backward(network: Network, batch: Batch, loss: Loss) -> Iterator[Equation]:
    """Yield delta, dW and db of each layer, last to first."""
    L = len(network.layers)
    yield from output_delta(network.layers[-1], batch, loss, network.activations[-1])
    for l in range(L, 0, -1):
        layer, own, inputs = network.layers[l - 1], batch.layers[l - 1], batch.inputs[l - 1]
        across, delta = input_symbol(batch, l).T, sym.delta.at(l)
        db = Formula(Partial(sym.b.at(l)), "=", (delta, " ", sym.ones))
        formula = Formula(Partial(sym.W.at(l)), "=", (delta, " ", across), (db,))
        steps = (Step(own.delta.dot, (inputs.T, layer.dWb)),)
        yield Equation("backward", "gradient", l, formula, steps)
        if l > 1:
            yield from hidden_delta(l - 1, layer, own, network.layers[l - 2], batch.layers[l - 2])


def output_delta(layer: Layer, batch: Batch, loss: Loss, activation: str) -> Iterator[Equation]:
    """Yield delta of the last layer; with the canonical output the slope of f cancels (BP1)."""
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
    """Return the formula of delta of the last layer."""
    l = len(batch.layers)
    left, _, right, _ = loss.delta_formula(l)
    if batch.weights is not None:
        right = (right, sym.times_weights)
    if canonical:
        return Formula(left, "=", right)
    if output.mixes:  # f' is a matrix, one for each example
        jacobian = Formula(sym.J.always_one("jr"), "=", output.slope)
        return Formula(left, "=", (sym.J.T, " ", Bracket(right)), (jacobian,))
    return Formula(left, "=", (right, sym.times_slope(l)), (output.slope_formula,))


def hidden_delta(
    l: int, next_layer: Layer, next_buffers: Buffers, layer: Layer, own: Buffers
) -> Iterator[Equation]:
    """Yield delta of layer l from that of the next layer: back through W, mask and slope (BP2)."""
    steps = tuple(layer.activation.back(own.z, own.a, own.delta, own.slope))
    here = Partial(sym.a.at(l)) if steps else sym.delta.at(l)  # a slope of 1 changes nothing
    sent = here if own.mask is None else Partial(sym.a_masked.at(l))
    down = Step(next_layer.Wb.T.dot, (next_buffers.delta, own.backprop_buffer))
    formula = Formula(sent, "=", (sym.W.at(l + 1).T, " ", sym.delta.at(l + 1)))

    def without_bias() -> Shown:
        return Shown((Step(next_layer.W.T.dot, (next_buffers.delta, own.delta)),))

    yield Equation("backward", "back", l, formula, (down,), (), without_bias)
    if own.mask is not None:
        formula = Formula(here, "=", (sent, sym.times_mask(l)))
        masking = Step(np.multiply, (own.delta, own.mask, own.delta))
        yield Equation("backward", "mask", l, formula, (masking,))
    if steps:
        slope = layer.activation.slope_formula
        formula = Formula(sym.delta.at(l), "=", (here, sym.times_slope(l)), (slope,))
        yield Equation("backward", "slope", l, formula, steps)
