"""The objective: the loss that training minimizes, penalties included, at any weights.

It is taken over the whole training part, without masks. One pass computes it for many weights.
"""

from __future__ import annotations

import numpy as np

from engine.batched import BatchedEvaluator, with_ones
from engine.language import tr
from engine.nn import (
    Array,
    Network,
    backward,
    batch_of,
    execute,
    flatten_steps,
    forward,
    penalty_gradient,
    penalty_value,
)
from engine.training import Config, Run

CACHE = 2**19  # bytes of the outputs of all units in one pass


class TrainingGradient:
    """The gradient of the loss with its penalty over the whole training part, without masks."""

    def __init__(self, run: Run, config: Config, dtype: str = "float64") -> None:
        X, y = run.dataset.part("train")
        y = run.output_head.encode(y).astype(dtype)
        theta, x = run.network.theta.astype(dtype), with_ones(X)[0].astype(dtype)
        self.network = Network(run.network.sizes, run.network.activations, theta)
        weights, frozen = run.output_head.weights_of(y), config.biases == "frozen"
        self.batch = batch_of(x, y, self.network.sizes, weights=weights)
        self.steps = flatten_steps(forward(self.network, self.batch))
        self.steps += flatten_steps(backward(self.network, self.batch, run.output_head.loss))
        self.steps += flatten_steps(penalty_gradient(self.network, config.l1, config.l2, frozen))

    def __call__(self, theta: Array) -> Array:
        """Return the gradient (P,) at theta (P,); 0 for frozen biases."""
        np.copyto(self.network.theta, theta)
        with np.errstate(all="ignore"):
            execute(self.steps)
        return self.network.grad.copy()


class Objective:
    """Loss and gradient of a run's training part with the settings at an epoch."""

    def __init__(self, run: Run, epoch: int) -> None:
        """Prepare the loss of a run's training part at an epoch.

        Raises ValueError if the epoch has not been trained.
        """
        if not 0 <= epoch <= run.epochs:
            raise ValueError(
                tr(
                    "epoch must lie between 0 and {last}; {epoch} was given.",
                    last=run.epochs,
                    epoch=epoch,
                )
            )
        self.config = run.config_at(epoch)
        self.theta = run.training_at(epoch).network.theta.astype(float)
        self.gradient = TrainingGradient(run, self.config)
        self.network, batch = self.gradient.network, self.gradient.batch
        self.is_weight = self.network.is_weight
        sizes, m = self.network.sizes, batch.x.shape[1]
        self.rows = max(1, min(256, CACHE // (8 * m * sum(sizes))))
        y = np.broadcast_to(batch.y, (self.rows, *batch.y.shape))
        activations, head = self.network.activations, run.output_head
        self.evaluator = BatchedEvaluator(sizes, activations, batch.x[None], y, head)

    def losses(self, thetas: Array) -> Array:
        """Return the loss with its penalty at each row of thetas (M, P), (M,); it may overflow."""
        found = np.empty(len(thetas))
        for first in range(0, len(thetas), self.rows):
            some = thetas[first : first + self.rows]
            theta = np.zeros((self.rows, some.shape[1]))
            theta[: len(some)] = some
            self.evaluator.load(theta)
            found[first : first + len(some)] = self.evaluator.losses()[: len(some)]
        return found + self.penalty(thetas)

    def penalty(self, thetas: Array) -> Array:
        """Return (M,) what the penalties add to the loss at each row of thetas (M, P)."""
        with np.errstate(all="ignore"):
            return penalty_value(thetas * self.is_weight, self.config.l1, self.config.l2)
