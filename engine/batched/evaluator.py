"""A jury: the judge of many networks at once, on buffers that are allocated once.

What it says of a network is what `judge` says of it alone: data loss and metric, without masks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.batched.layers import Planes, forward, planes
from engine.nn import Array, Batch, Buffers, count, replay
from engine.training import Head, Part


class Jury:
    """K networks before examples: the same for all of them, or to each its own."""

    def __init__(
        self, sizes: Sequence[int], activations: Sequence[str], x: Array, y: Array, head: Head
    ) -> None:
        """x is (K, d + 1, m) or (1, d + 1, m) with a last row of ones, y is (K, outputs, m)."""
        K, _, m = y.shape
        self.theta = np.zeros((K, count(sizes)))
        network = Planes(sizes, activations, self.theta, self.theta)
        layers = tuple(Buffers(units, K * m, False) for units in sizes[1:])
        self.steps = list(forward(network, Batch(x, y, layers)))
        z, a = planes(layers[-1].z, K), planes(layers[-1].a, K)
        self.parts = [Part(z[k], a[k], y[k], head) for k in range(K)]

    def hear(self, theta: Array) -> None:
        """Nothing; the networks of theta (K, P) answer."""
        np.copyto(self.theta, theta)
        with np.errstate(all="ignore"):
            replay(self.steps)

    def losses(self) -> Array:
        """(K,) the mean data loss of each network that was heard; nan without examples."""
        with np.errstate(all="ignore"):
            return np.array([part.loss() for part in self.parts])

    def metrics(self) -> Array:
        """(K,) accuracy or R² of each; nan where it is not defined."""
        with np.errstate(all="ignore"):
            return np.array([part.metric() for part in self.parts])


def with_ones(X: Array) -> Array:
    """(1, d + 1, m) of the examples X (d, m): a row of ones for the bias, the same for all."""
    return np.vstack([X, np.ones((1, X.shape[1]))])[None]
