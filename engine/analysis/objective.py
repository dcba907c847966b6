"""The objective: the loss that a run descends, penalty included, at any weights one may ask about.

Taken over the whole training part, without masks. Many weights at a time go through one pass, and
the curvature comes from differences of gradients, so no second derivative is ever written down.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.batched import BatchedEvaluator, with_ones
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
from engine.training import Run

CACHE = 2**19  # bytes of what the units say, in one pass
SMALL = 1e-4  # length of a step to either side, as a share of theta's


class Curvature(NamedTuple):
    """The largest eigenvalue of the Hessian, and where it was looked for."""

    largest: float  # may be below 0 on top of a hill
    direction: Array  # (P,) of length 1
    rounds: int
    settled: bool  # False: more rounds would still move it


class Objective:
    """Loss and gradient of a run's training part under the choices in force at an epoch."""

    def __init__(self, run: Run, epoch: int) -> None:
        """Prepare the loss of a run's training part at an epoch.

        Raises ValueError if the epoch has not been trained.
        """
        if not 0 <= epoch <= run.epochs:
            raise ValueError(f"epoch must lie between 0 and {run.epochs}; {epoch} was given.")
        self.config, self.output_head = run.config_at(epoch), run.output_head
        self.theta = run.training_at(epoch).network.theta.astype(float)
        X, y = run.dataset.part("train")
        self.x, self.y = with_ones(X), self.output_head.encode(y)
        self.network = Network(run.network.sizes, run.network.activations, self.theta.copy())
        self.is_weight = self.network.is_weight
        sizes, m = self.network.sizes, X.shape[1]
        weights = self.output_head.weights_of(self.y)
        batch = batch_of(self.x[0], self.y, sizes, weights=weights)
        config, frozen = self.config, self.config.biases == "frozen"
        self.steps = flatten_steps(forward(self.network, batch))
        self.steps += flatten_steps(backward(self.network, batch, self.output_head.loss))
        self.steps += flatten_steps(penalty_gradient(self.network, config.l1, config.l2, frozen))
        self.rows = max(1, min(256, CACHE // (8 * m * sum(sizes))))
        y = np.broadcast_to(self.y, (self.rows, *self.y.shape))
        self.evaluator = BatchedEvaluator(
            sizes, self.network.activations, self.x, y, self.output_head
        )

    def losses(self, thetas: Array) -> Array:
        """(M,) the loss with its penalty at each row of thetas (M, P); not finite far out."""
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

    def gradient(self, theta: Array) -> Array:
        """(P,) of the loss with its penalty at theta (P,); 0 for frozen biases."""
        np.copyto(self.network.theta, theta)
        with np.errstate(all="ignore"):
            execute(self.steps)
        return self.network.grad.copy()

    def bend(self, direction: Array) -> Array:
        """(P,) the Hessian at the run's theta times the direction, from two gradients."""
        length = float(np.linalg.norm(direction))
        if not length:
            return np.zeros_like(direction)
        h = SMALL * (1 + float(np.linalg.norm(self.theta))) / length
        ahead, behind = (self.gradient(self.theta + s * h * direction) for s in (1, -1))
        return (ahead - behind) / (2 * h)


def largest_curvature(objective: Objective, rounds: int = 60, close: float = 1e-4) -> Curvature:
    """The largest curvature within the space of all vectors that power iteration passes through.

    Applying the Hessian to a vector again and again turns it towards the largest curvature; kept at
    right angles, those vectors tell it in far fewer rounds than the last one alone (Lanczos; Golub
    & Van Loan, Matrix Computations, 10.1).
    """
    start = np.random.default_rng(0).normal(size=len(objective.theta))
    if objective.config.biases == "frozen":
        start *= objective.is_weight
    axes, bent = [start / np.linalg.norm(start)], list[Array]()
    while True:
        bent.append(objective.bend(axes[-1]))
        Q, H = np.stack(axes), np.stack(axes) @ np.stack(bent).T
        if not np.isfinite(H).all():
            return Curvature(np.nan, axes[0], len(axes), False)
        values, vectors = np.linalg.eigh((H + H.T) / 2)
        largest, place = float(values[-1]), vectors[:, -1]
        rest = bent[-1] - Q.T @ (Q @ bent[-1])
        rest -= Q.T @ (Q @ rest)  # once more: rounding would let old directions back in
        length = float(np.linalg.norm(rest))
        near = length * abs(place[-1]) <= close * max(abs(values[0]), abs(largest))
        settled = bool(near) or len(axes) == len(start)
        if settled or len(axes) == rounds:
            return Curvature(largest, place @ Q, len(axes), settled)
        axes.append(rest / length)
