"""Output heads: the output activation, the loss, and the encoding of the targets.

The task proposes an output and a loss; a person may choose any other pair that is possible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.language import marked, tr
from engine.nn import ACTIVATIONS, LOSSES, Array, Loss
from engine.training.config import Config

TASKS = {"classification": marked("classification"), "regression": marked("regression")}


class OutputHead(NamedTuple):
    """The output activation, the loss and the number K of output units of a run."""

    output: str
    loss_name: str
    K: int
    classes: int  # 0 for regression
    weights: tuple[float, ...] = ()  # how much an example of each class counts; () if all are equal

    @property
    def loss(self) -> Loss:
        return LOSSES[self.loss_name]

    def encode(self, y: Array) -> Array:
        """Return the targets (K, n) of the network for class indices y (n,) or targets y (K, n).

        Raises ValueError if a loss for counts gets targets below 0.
        """
        if not self.classes:
            if self.loss.counts and y.size and y.min() < 0:
                raise ValueError(
                    tr(
                        "The loss {loss_name} needs targets of 0 or more; this problem "
                        "has targets below 0.",
                        loss_name=self.loss_name,
                    )
                )
            return np.ascontiguousarray(y, dtype=np.float64)
        low, high = ACTIVATIONS[self.output].class_targets
        chosen = y[None, :] if self.K == 1 else y[None, :] == np.arange(self.K)[:, None]
        return np.where(chosen, high, low)

    def weights_of(self, y: Array) -> Array | None:
        """Return how much each example counts, (1, n), for the encoded targets y (K, n)."""
        if not self.weights:
            return None
        return np.array(self.weights, y.dtype)[self.decide(y)][None]

    def total(self, z: Array, a: Array, y: Array) -> float:
        """Return the data loss summed over the weighted examples; all are (..., K, n)."""
        if not self.weights:
            return self.loss.total(z, a, y)
        z, a, y = (np.moveaxis(part, -2, 0).reshape(self.K, -1) for part in (z, a, y))
        label = self.decide(y)
        parts = ((share, label == k) for k, share in enumerate(self.weights))
        return sum(w * self.loss.total(z[:, own], a[:, own], y[:, own]) for w, own in parts)

    def decide(self, a: Array) -> Array:
        """Return the predicted class indices (n,) for outputs a (K, n)."""
        if self.K == 1:
            return (a[0] > ACTIVATIONS[self.output].threshold).astype(np.intp)
        return a.argmax(axis=0)


def choose_output_head(config: Config, dataset: Dataset) -> OutputHead:
    """Return the output head that the choices ask for.

    Raises ValueError if output, loss and task do not fit together.
    """
    classes = len(dataset.classes)
    auto_output, auto_loss = config.output == "auto", config.loss == "auto"
    output = proposed_output(config.loss, classes) if auto_output else config.output
    loss = proposed_loss(output, classes) if auto_loss else config.loss
    possible = output_loss_pairs(dataset.task)
    if (output, loss) not in possible:
        allowed = ", ".join(tr("{output} with {loss}", output=o, loss=e) for o, e in possible)
        raise ValueError(
            tr(
                "A {output} output with the loss {loss} does not fit a {task}; possible: "
                "{allowed}.",
                output=output,
                loss=loss,
                task=tr(TASKS[dataset.task]),
                allowed=allowed,
            )
        )
    if not classes:
        return OutputHead(output, loss, len(dataset.targets), 0)
    K = 1 if classes == 2 and not ACTIVATIONS[output].mixes else classes
    weights = balanced_class_weights(dataset) if config.class_weights == "balanced" else ()
    return OutputHead(output, loss, K, classes, weights)


def proposed_output(loss: str, classes: int) -> str:
    """Return the output that the task proposes, or the only one that the loss makes sense with."""
    only_one = loss != "auto" and LOSSES[loss].needs == "canonical"
    if only_one and (classes or not LOSSES[loss].classes_only):
        return LOSSES[loss].canonical
    return "linear" if not classes else "sigmoid" if classes == 2 else "softmax"


def proposed_loss(output: str, classes: int) -> str:
    """Return the loss of the output, or the squared error where that is for classes only."""
    role = ACTIVATIONS[output].output
    if role and (classes or not LOSSES[role.loss].classes_only):
        return role.loss
    return "mse"


def predicts_counts(config: Config) -> bool:
    """Return whether the chosen output or loss needs targets of 0 or more, not standardised."""
    role = None if config.output == "auto" else ACTIVATIONS[config.output].output
    counts = config.loss != "auto" and LOSSES[config.loss].counts
    return counts or (role is not None and role.counts)


def balanced_class_weights(dataset: Dataset) -> tuple[float, ...]:
    """Return a weight per class so that all classes count the same; 1 on average."""
    counts = np.bincount(dataset.targets[dataset.train], minlength=len(dataset.classes))
    present = np.count_nonzero(counts)
    return tuple(float(len(dataset.train) / (present * m)) if m else 0.0 for m in counts)


def output_loss_pairs(task: str) -> list[tuple[str, str]]:
    """Return the pairs of output and loss that are possible for a task."""
    return [
        (output, name)
        for name, loss in LOSSES.items()
        for output in loss.outputs
        if suits_task(task, output, name)
    ]


def suits_task(task: str, output: str, loss: str) -> bool:
    """Return whether an output and a loss that go together suit the task."""
    role = ACTIVATIONS[output].output
    if role is None:
        return False
    if task == "classification":
        return role.classes is not None
    return role.numbers and not LOSSES[loss].classes_only
