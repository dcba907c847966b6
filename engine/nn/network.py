"""A network: layers of weights and biases, all of them views into one flat vector theta.

Each layer's [W b] is one block: the bias is the weight of a neuron whose output is always 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.nn.activations import ACTIVATIONS
from engine.nn.buffers import aligned_like
from engine.nn.equations import Array


class Layer:
    """One layer: its parameters and their gradient, as views into theta and grad."""

    def __init__(self, Wb: Array, dWb: Array, activation: str) -> None:
        self.Wb, self.dWb = Wb, dWb  # (n_out, n_in + 1), the last column is b
        self.W, self.b = Wb[:, :-1], Wb[:, -1:]  # (n_out, n_in), (n_out, 1)
        self.dW, self.db = dWb[:, :-1], dWb[:, -1:]
        self.activation = ACTIVATIONS[activation]


class Network:
    """Layers on one flat parameter vector theta (P,) and one flat gradient grad (P,)."""

    def __init__(self, sizes: Sequence[int], activations: Sequence[str], theta: Array) -> None:
        self.sizes, self.activations = tuple(sizes), tuple(activations)
        self.theta, self.grad = theta, aligned_like(theta)
        self.layers = tuple(
            Layer(Wb, dWb, activation)
            for Wb, dWb, activation in zip(
                blocks(theta, sizes), blocks(self.grad, sizes), activations, strict=True
            )
        )

    @property
    def is_weight(self) -> Array:
        """Return 1 where theta has a weight, 0 where it has a bias, (P,)."""
        marks = np.ones_like(self.theta)
        for block in blocks(marks, self.sizes):
            block[:, -1] = 0
        return marks


def count_parameters(sizes: Sequence[int]) -> int:
    """Return the number of weights and biases of a network with these sizes."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))


def blocks(flat: Array, sizes: Sequence[int]) -> list[Array]:
    """Return the [W b] of each layer, (n_out, n_in + 1), as views into flat (P,)."""
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        end = start + n_out * (n_in + 1)
        views.append(flat[start:end].reshape(n_out, n_in + 1))
        start = end
    return views
