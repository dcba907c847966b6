"""The evaluator: loss and metric of a network after an epoch, without masks, on each part.

One forward pass covers the training and the validation part; the first columns are the probe, a
fixed batch of training examples whose error terms are recorded in the whole run.
"""

from __future__ import annotations

from math import nan, sqrt

import numpy as np

from engine.data import Dataset
from engine.nn import (
    Array,
    Batch,
    Network,
    backward,
    batch_of,
    execute,
    flatten_steps,
    forward,
    penalty_value,
)
from engine.training.config import Config
from engine.training.output_head import OutputHead

PROBE = 32  # examples


class PartMetrics:
    """The outputs and targets of one part of the data, views into the evaluator's buffers."""

    def __init__(self, z: Array, a: Array, y: Array, head: OutputHead) -> None:
        self.z, self.a, self.y, self.output_head = z, a, y, head
        self.n = y.shape[1]
        self.labels = head.decide(y) if head.classes and self.n else None
        spread = (y - y.mean(axis=1, keepdims=True)) ** 2 if self.n else y
        self.spread = spread.sum(axis=1)  # (K,), about the mean of this part

    def loss(self) -> float:
        """Return the mean data loss; nan for an empty part."""
        return self.output_head.total(self.z, self.a, self.y) / self.n if self.n else nan

    def metric(self) -> float:
        """Return accuracy, or R² averaged over the targets; nan where it is not defined."""
        if not self.n:
            return nan
        if self.labels is not None:
            return np.count_nonzero(self.output_head.decide(self.a) == self.labels) / self.n
        if not self.spread.all():
            return nan
        missed = ((self.a - self.y) ** 2).sum(axis=1)
        return float((1 - missed / self.spread).mean())


class Evaluator:
    """A second network on the same data: it takes parameters and returns an epoch's record."""

    def __init__(self, config: Config, dataset: Dataset, like: Network, head: OutputHead) -> None:
        self.output_head = head
        self.network = Network(like.sizes, like.activations, like.theta.copy())
        self.is_weight = self.network.is_weight
        (X, y), (X_validation, y_validation) = dataset.part("train"), dataset.part("validation")
        n = X.shape[1]
        self.probe = min(PROBE, n)
        kind = like.theta.dtype
        x = np.vstack([np.hstack([X, X_validation]), np.ones((1, n + X_validation.shape[1]))])
        y = np.hstack([head.encode(y), head.encode(y_validation)]).astype(kind)
        batch = batch_of(x.astype(kind), y, like.sizes, weights=head.weights_of(y))
        top = batch.layers[-1]
        self.parts = [
            PartMetrics(top.z[:, cut], top.a[:, cut], y[:, cut], head)
            for cut in (slice(0, n), slice(n, None))
        ]
        self.first = first_columns(batch, self.probe)
        self.steps = flatten_steps(forward(self.network, batch)) + self.delta_steps()

    def delta_steps(self) -> list:
        """Return the steps of the error terms of the probe alone, without dW and db."""
        back = backward(self.network, self.first, self.output_head.loss)
        return flatten_steps(equation for equation in back if equation.rule != "gradient")

    @property
    def deltas(self) -> list[Array]:
        """Return delta of each layer on the probe, (n_l, probe), 1/n of the probe inside."""
        return [layer.delta for layer in self.first.layers]

    def evaluate(self, theta: Array) -> tuple[float, float, float, float, tuple[float, ...]]:
        """Return data loss and metric of both parts at theta (P,), and the rms of delta per layer.

        The order is training loss, validation loss, training metric, validation metric, rms values.
        """
        np.copyto(self.network.theta, theta)
        execute(self.steps)
        train, validation = self.parts
        flat = [layer.delta.reshape(-1) for layer in self.first.layers]
        sizes = tuple(sqrt(delta.dot(delta) / delta.size) for delta in flat)
        return train.loss(), validation.loss(), train.metric(), validation.metric(), sizes

    def chance(self) -> tuple[float, float]:
        """Return loss and metric of the best constant answer on the training part."""
        train = self.parts[0]
        y = (
            train.y if not self.output_head.weights else np.unique(train.y, axis=1)
        )  # each class once
        loss = self.output_head.loss.chance(y)
        if train.labels is None:
            return loss, 0.0
        return loss, float(np.bincount(train.labels).max() / train.n)

    def penalty(self, theta: Array, l1: float, l2: float) -> float:
        """Return what the penalties add to the data loss at theta (P,), a scalar."""
        return float(penalty_value(theta * self.is_weight, l1, l2)) if l1 or l2 else 0.0


def first_columns(batch: Batch, n: int) -> Batch:
    """Return the first n examples of a batch as a batch: views, with new error terms."""
    sizes = [len(batch.x) - 1, *map(width, batch.layers)]
    weights = None if batch.weights is None else batch.weights[:, :n]
    own = batch_of(batch.x[:, :n], batch.y[:, :n], sizes, weights=weights)
    for mine, whole in zip(own.layers, batch.layers, strict=True):
        mine.z, mine.a, mine.activations_with_bias = (
            whole.z[:, :n],
            whole.a[:, :n],
            whole.activations_with_bias[:, :n],
        )
    return own


def width(layer) -> int:
    return len(layer.z)
