"""Regularizers: penalties on the weights, and limits on the gradient and on the weights.

Goodfellow, Bengio & Courville, Deep Learning, 7.1 (L2 and L1), 7.12 (dropout has its masks in
training/batches) and 10.11.1 (clipping).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.nn import symbols as sym
from engine.nn.activations import maximum_into
from engine.nn.buffers import scalar_like
from engine.nn.equations import Array, Equation, Step
from engine.nn.formula import Formula, Terms, operator
from engine.nn.network import Network

TWICE_LAMBDA2: Terms = ("2 ", sym.lambda2)


def sum_of_squares(W: Array) -> Array:
    """Return the sum of W² for weights W (P,), a scalar, or for each row of W (M, P), (M,)."""
    return W.dot(W) if W.ndim == 1 else (W * W).sum(axis=-1)


def sum_of_absolutes(W: Array) -> Array:
    """Return the sum of |W| for weights W (P,), a scalar, or for each row of W (M, P), (M,).

    Complex W, as the complex step has them, take the sign of their real part.
    """
    return (W * np.sign(np.real(W))).sum(axis=-1)


def penalty_value(W: Array, l1: float, l2: float) -> Array:
    """Return l2 sum W² + l1 sum |W|, what the penalties add to the loss.

    W holds weights without biases, or zeros in their place: (P,) for a scalar, (M, P) for (M,).
    """
    return l2 * sum_of_squares(W) + l1 * sum_of_absolutes(W)


def penalty_gradient(network: Network, l1: float, l2: float, frozen: bool) -> Iterator[Equation]:
    """Yield what the penalties add to the gradient of the weights; frozen biases get gradient 0."""
    theta, grad, is_weight = network.theta, network.grad, network.is_weight
    pull = np.empty_like(theta)
    add = Step(np.add, (grad, pull, grad))
    if l2:
        steps = (Step(np.multiply, (theta, 2 * l2 * is_weight, pull)), add)
        added = (sym.dW, " + ", TWICE_LAMBDA2, " ", sym.W)
        yield Equation("penalty", "l2", 0, Formula(sym.dW, r"\leftarrow", added), steps)
    if l1:
        added = (sym.dW, " + ", sym.lambda1, " ", operator("sign"), " ", sym.W)
        sign = (Step(np.sign, (theta, pull)), Step(np.multiply, (pull, l1 * is_weight, pull)))
        yield Equation("penalty", "l1", 0, Formula(sym.dW, r"\leftarrow", added), (*sign, add))
    if frozen:
        steps = (Step(np.multiply, (grad, is_weight, grad)),)
        yield Equation("penalty", "frozen", 0, Formula(sym.db, r"\leftarrow", "0"), steps)


def gradient_clipping(network: Network, most: float) -> Iterator[Equation]:
    """Yield the gradient of all layers together, shortened to the length `most`.

    Pascanu et al. (2013), On the difficulty of training recurrent neural networks.
    """
    grad, factor = network.grad, scalar_like(1, network.grad)
    length, limit = scalar_like(0, grad), scalar_like(most, grad)
    right = (sym.g, r" \min(1, ", sym.c_g, " / ", sym.length(sym.g), ")")
    steps = (
        Step(gradient_norm, (grad, length)),
        Step(clip_factor, (length, limit, factor)),
        Step(np.multiply, (grad, factor, grad)),
    )
    names = ((length, sym.length(sym.g)), (limit, sym.c_g))
    yield Equation("penalty", "clip", 0, Formula(sym.g, r"\leftarrow", right), steps, names)


def gradient_norm(grad: Array, length: Array) -> None:
    """Write the Euclidean norm of grad (P,) into the scalar `length`."""
    length[()] = float(grad.dot(grad)) ** 0.5


def clip_factor(length: Array, limit: Array, factor: Array) -> None:
    """Write min(1, limit / length) into `factor`; all three are scalars."""
    most = limit.item()
    factor[()] = most / max(length.item(), most)


def max_norm_constraint(network: Network, most: float) -> Iterator[Equation]:
    """Yield the weights into each hidden unit, cut to `most` (Srivastava et al. 2014, 5.1)."""
    for l, layer in enumerate(network.layers[:-1], 1):
        row = sym.W.at(l).always_one("j")
        W, (n_out, n_in) = layer.W, layer.W.shape
        square, ones = np.empty((n_out, n_in), W.dtype), np.ones((n_in, 1), W.dtype)
        total, length, factor = (np.empty((n_out, 1), W.dtype) for _ in range(3))
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
                Step(maximum_into, (length, limit, factor)),
                Step(np.divide, (limit, factor, factor)),
                Step(np.multiply, (W, factor, W)),
            ),
            ((length, sym.length(row)), (limit, sym.c_W)),
        )
