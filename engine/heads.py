"""Heads: what the last layer says, what it is measured by, and how the answers are spelled for it.

The task proposes an output and a loss; a person may choose any other pair that makes sense.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.dataset import Dataset
from engine.equations import Array
from engine.losses import LOSSES, Loss

LOSS_OF = {"sigmoid": "bce", "softmax": "ce", "linear": "mse", "tanh": "mse"}
THRESHOLD = {"sigmoid": 0.5, "linear": 0.5, "tanh": 0.0}  # of one unit that tells two classes apart


class Head(NamedTuple):
    """The output activation, the loss and the number K of output units of a run."""

    output: str
    loss_name: str
    K: int
    classes: int  # 0 for regression

    @property
    def loss(self) -> Loss:
        return LOSSES[self.loss_name]

    def encode(self, y: Array) -> Array:
        """(K, n) targets of the network for y: class indices (n,), or regression targets (K, n)."""
        if not self.classes:
            return np.ascontiguousarray(y, dtype=np.float64)
        low = -1.0 if self.output == "tanh" else 0.0
        chosen = y[None, :] if self.K == 1 else y[None, :] == np.arange(self.K)[:, None]
        return np.where(chosen, 1.0, low)

    def decide(self, a: Array) -> Array:
        """(n,) the class that outputs a (K, n) stand for."""
        if self.K == 1:
            return (a[0] > THRESHOLD[self.output]).astype(np.intp)
        return a.argmax(axis=0)


def head_of(config: Config, dataset: Dataset) -> Head:
    """The head that the choices ask for; ValueError where output, loss and task do not fit."""
    classes = len(dataset.classes)
    output = config.output
    if output == "auto":
        output = "linear" if not classes else "sigmoid" if classes == 2 else "softmax"
        if classes and config.loss in ("bce", "ce"):
            output = LOSSES[config.loss].canonical
    loss = config.loss
    if loss == "auto":
        loss = LOSS_OF[output] if classes else "mse"
    possible = heads_for(dataset.task)
    if (output, loss) not in possible:
        allowed = ", ".join(f"{o} with {e}" for o, e in possible)
        raise ValueError(
            f"A {output} output with the loss {loss} does not fit a {dataset.task}; "
            f"what fits: {allowed}."
        )
    if not classes:
        return Head(output, loss, len(dataset.targets), 0)
    return Head(output, loss, 1 if classes == 2 and output != "softmax" else classes, classes)


def heads_for(task: str) -> list[tuple[str, str]]:
    """The pairs of output and loss that make sense for a task."""
    return [
        (output, name)
        for name, loss in LOSSES.items()
        for output in loss.outputs
        if task == "classification" or (name not in ("bce", "ce") and output != "softmax")
    ]
