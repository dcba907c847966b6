"""Fitting by batches: passes over the examples by scikit-learn's rules, without a history.

The program of a batch is that of engine/training. scikit-learn's rules differ: the caller gives
the order of the examples, an example may have a weight, penalties are divided by the batch size,
and the loss of a pass is measured while the weights change, with the penalties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlogy

from engine.nn import (
    LOSSES,
    OPTIMIZERS,
    Array,
    Batch,
    Call,
    Equation,
    Loss,
    Network,
    Settings,
    backward,
    execute,
    flatten_steps,
    forward,
    penalty_gradient,
    scalar_like,
    tile_updates,
)
from engine.training import BatchGroup, BatchLayout, batches_at_once, draw_masks


class Rules(NamedTuple):
    """What a fit minimizes, and with which optimizer."""

    loss: str  # a key of LOSSES
    batch_size: int
    alpha: float = 0.0  # alpha / 2B sum W² is added to the loss of a batch of B examples
    l1: float = 0.0  # l1 / B sum |W| likewise
    dropout: float = 0.0
    optimizer: str = ""  # a key of OPTIMIZERS; "": gradients only
    settings: Settings = Settings()


class Examples(NamedTuple):
    """The examples of a fit, one row each."""

    X: Any  # (n, d) array, or a sparse matrix with rows
    Y: Array  # (n, K)
    weights: Array | None  # (n,)


# The loss of each example, from a and y (..., K, n) to (..., n), clipped as in scikit-learn

TINY = {kind: np.finfo(kind).eps for kind in ("float64", "float32")}


def clipped_binary_cross_entropy(a: Array, y: Array) -> Array:
    """Return the binary cross-entropy (..., n) of a and y (..., K, n), summed over the outputs.

    The probability is at least the machine epsilon.
    """
    p = np.abs(a - (1 - y))  # a where y = 1, 1 - a where y = 0
    return -np.log(np.maximum(p, TINY[a.dtype.name])).sum(axis=-2)


def clipped_cross_entropy(a: Array, y: Array) -> Array:
    """Return the cross-entropy (..., n) of a and y (..., K, n), each column of y one-hot."""
    p = (a * y).sum(axis=-2)
    return -np.log(np.maximum(p, TINY[a.dtype.name]))


def total_poisson_deviance(a: Array, y: Array) -> Array:
    """Return half the Poisson deviance (..., n) of a and y (..., K, n), summed over the outputs."""
    return (xlogy(y, y / a) - y + a).sum(axis=-2)


def mean_huber_error(a: Array, y: Array) -> Array:
    """Return the Huber loss (..., n) with threshold 1 of a and y (..., K, n); Huber (1964)."""
    e = np.abs(a - y)
    return np.where(e <= 1, 0.5 * e**2, e - 0.5).mean(axis=-2)


EACH: dict[str, Callable[[Array, Array], Array]] = {
    "bce": clipped_binary_cross_entropy,
    "ce": clipped_cross_entropy,
    "half_mse": lambda a, y: 0.5 * ((a - y) ** 2).mean(axis=-2),
    "poisson": total_poisson_deviance,
    "mae": lambda a, y: np.abs(a - y).mean(axis=-2),
    "huber": mean_huber_error,
}


def sklearn_loss(name: str) -> Loss:
    """Return the loss with scikit-learn's factor: bce is summed over the outputs, not averaged."""
    loss = LOSSES[name]
    return loss._replace(scale=lambda n, K: 1 / n) if name == "bce" else loss


class Block:
    """Batches of one size whose examples are loaded together, and the steps that train on them."""

    def __init__(self, fit: Fit, count: int, size: int) -> None:
        plan, self.each = fit.batch_layout(size), EACH[fit.rules.loss]
        self.size, self.rows = size, np.ones((count * size, plan.sizes[0] + 1), plan.dtype)
        self.group = BatchGroup(self.rows, size, plan)
        self.lift = np.ones(count, plan.dtype)  # batch size divided by the sum of the weights
        self.shrinks = fit.rules.alpha > 0 or fit.rules.l1 > 0
        self.costs = np.zeros((2, count), plan.dtype)  # theta times the gradients of L2 and of L1
        self.steps = [step for s in range(count) for step in fit.steps(self, s)]

    def load_examples(self, fit: Fit, order: Array) -> None:
        """Copy the examples with the indices `order` (count * size,) into the buffers."""
        if fit.rows is None:
            self.rows[:, :-1] = fit.examples.X[order].toarray()
        else:
            fit.rows.take(order, 0, self.rows, "clip")
        weights = fit.examples.weights
        self.group.fill(fit.y.take(order, 1), None if weights is None else weights[order])
        if self.group.weights is not None:
            total = self.group.weights.sum(axis=(1, 2))
            total[total == 0] = np.inf  # a batch of weight 0 changes nothing
            np.divide(self.size, total, out=self.lift)

    def total_loss(self) -> float:
        """Return the loss of the batches with the penalties, summed over the examples."""
        losses = self.each(self.group.a, self.group.y)  # (m, size)
        if not self.shrinks and self.group.weights is None:
            return float(losses.sum())
        costs = (0.5 * self.costs[0] + self.costs[1]) * self.size  # (m,)
        if self.group.weights is None:
            return float(losses.sum()) + float(costs.sum())
        of_batch = (losses * self.group.weights[:, 0]).sum(axis=1) + costs
        return float(of_batch.dot(self.lift))


class Fit:
    """A network in training on given examples."""

    def __init__(self, network: Network, memory: Array, examples: Examples, rules: Rules) -> None:
        self.network, self.examples, self.rules = network, examples, rules
        self.rate = scalar_like(0, network.theta)
        self.y = np.ascontiguousarray(examples.Y.T, network.theta.dtype)  # (K, n)
        n = self.y.shape[1]
        ones = np.ones((n, 1), self.y.dtype)
        sparse = hasattr(examples.X, "toarray")
        self.rows = None if sparse else np.hstack([examples.X, ones])  # (n, d + 1)
        self.last = list(tile_updates(self.update_equations(memory)))
        self.pulls: dict[int, list[list[Equation]]] = {}  # of L2 and L1, by the batch's size
        self.random: np.random.Generator | None = None  # for dropout masks
        self.blocks = list(self.split_batches(n, rules.batch_size))

    def batch_layout(self, size: int) -> BatchLayout:
        """Return what the batches of this size have in common."""
        sizes, share = self.network.sizes, self.rules.dropout
        weighted = self.examples.weights is not None
        return BatchLayout(
            size, sizes, (share,) * (len(sizes) - 2), 0.0, weighted, self.y.dtype.name
        )

    def split_batches(self, n: int, size: int) -> Iterator[tuple[int, Block]]:
        """Yield (first example, block) of full batches, a cache full at a time, and of the last."""
        most = batches_at_once(self.batch_layout(size))
        whole, kinds = n // size, {}
        for first in range(0, whole, most):
            count = min(most, whole - first)
            if count not in kinds:
                kinds[count] = Block(self, count, size)
            yield first * size, kinds[count]
        if n % size:
            yield whole * size, Block(self, 1, n % size)

    def steps(self, block: Block, s: int) -> Iterator[Call]:
        """Yield the calls that train on batch s of a block."""
        yield from flatten_steps(self.gradient(block.group.batches[s]))
        yield from self.penalty_calls(block.costs[:, s], block.size)
        if block.group.weights is not None:
            grad = self.network.grad
            yield np.multiply, (grad, block.lift[s : s + 1].reshape(()), grad)
        yield from self.last

    def gradient(self, batch: Batch) -> Iterator[Equation]:
        """Yield the equations of the forward and the backward pass on one batch."""
        yield from forward(self.network, batch)
        yield from backward(self.network, batch, sklearn_loss(self.rules.loss))

    def penalty_calls(self, costs: Array, n: int) -> Iterator[Call]:
        """Yield the calls of both penalties for a batch of n examples.

        `costs` (2,) gets theta times the gradient of L2, and of L1.
        """
        if n not in self.pulls:
            l2, l1 = self.rules.alpha / (2 * n), self.rules.l1 / n
            kinds = (
                penalty_gradient(self.network, 0.0, l2, False),
                penalty_gradient(self.network, l1, 0.0, False),
            )
            self.pulls[n] = [list(kind) for kind in kinds]
        for i, equations in enumerate(self.pulls[n]):
            for equation in equations:
                _, pull, _ = equation.steps[-1].operands  # grad + pull -> grad
                yield from flatten_steps([equation])
                yield self.network.theta.dot, (pull, costs[i : i + 1].reshape(()))

    def update_equations(self, memory: Array) -> Iterator[Equation]:
        """Yield the equations of the optimizer; `memory` (m,) is its state."""
        if self.rules.optimizer:
            theta, grad = self.network.theta, self.network.grad
            equations = OPTIMIZERS[self.rules.optimizer].equations
            settings = self.rules.settings._replace(decay_mask=self.network.is_weight)
            yield from equations(theta, grad, memory, self.rate, settings)

    def run_epoch(self, order: Array) -> float:
        """Train for one pass in the order (n,) of indices; return the mean loss with penalties."""
        total = 0.0
        for first, block in self.blocks:
            block.load_examples(self, order[first : first + len(block.rows)])
            if self.random is not None:
                draw_masks(self.random, block.group.masks, self.rules.dropout)
            execute(block.steps)
            total += block.total_loss()
        return total / len(order)

    def load_all_examples(self) -> None:
        """Load the examples in their own order, for a fit with one batch of all of them."""
        for first, block in self.blocks:
            block.load_examples(self, np.arange(first, first + len(block.rows)))

    def loss_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """Return loss and gradient (P,) of all examples, loaded as one batch, at theta (P,)."""
        np.copyto(self.network.theta, theta, "same_kind")
        (_, block) = self.blocks[0]
        execute(block.steps)
        return block.total_loss() / block.size, self.network.grad.astype(float)
