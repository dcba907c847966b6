"""The evaluator of many networks at once, on buffers that are allocated once.

Its results for a network are those of training/evaluator: data loss and metric, without masks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.batched.layers import BatchedNetwork, forward_steps, per_network
from engine.nn import Array, Batch, Buffers, count_parameters, execute
from engine.training import OutputHead, PartMetrics


class BatchedEvaluator:
    """K networks and their examples: the same ones for all, or separate ones for each."""

    def __init__(
        self, sizes: Sequence[int], activations: Sequence[str], x: Array, y: Array, head: OutputHead
    ) -> None:
        """Take x, (K, d + 1, m) or (1, d + 1, m), the last row ones, and y (K, outputs, m)."""
        K, _, m = y.shape
        self.theta = np.zeros((K, count_parameters(sizes)))
        network = BatchedNetwork(sizes, activations, self.theta, self.theta)
        layers = tuple(Buffers(units, K * m, False) for units in sizes[1:])
        self.steps = list(forward_steps(network, Batch(x, y, layers)))
        z, a = per_network(layers[-1].z, K), per_network(layers[-1].a, K)
        self.parts = [PartMetrics(z[k], a[k], y[k], head) for k in range(K)]

    def load(self, theta: Array) -> None:
        """Compute the outputs of the networks theta (K, P)."""
        np.copyto(self.theta, theta)
        with np.errstate(all="ignore"):
            execute(self.steps)

    def losses(self) -> Array:
        """Return the mean data loss of each evaluated network, (K,); nan without examples."""
        with np.errstate(all="ignore"):
            return np.array([part.loss() for part in self.parts])

    def metrics(self) -> Array:
        """Return the accuracy or R² of each network, (K,); nan where it is not defined."""
        with np.errstate(all="ignore"):
            return np.array([part.metric() for part in self.parts])


def with_ones(X: Array) -> Array:
    """Return the examples X (d, m) with a row of ones for the bias, (1, d + 1, m)."""
    return np.vstack([X, np.ones((1, X.shape[1]))])[None]
