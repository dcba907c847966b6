"""Measured steps: how far the weights moved in each batch of one epoch.

The change of the weights over an epoch is not the sum of its steps: steps in opposite directions
cancel. So the epoch is trained once more, and every step is measured.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.nn import Array, blocks
from engine.training.run import Run
from engine.training.training import Training


class Steps(NamedTuple):
    """The steps of one epoch."""

    batches: int  # how many it has
    rate: float  # the learning rate at this epoch
    ratio: Array  # (L,) the mean of |change of W in a step| / |W before it|; nan where W is 0
    rates: list[Array]  # per layer (n_out, n_in + 1): sum |change of [W b]| / sum |its gradient|


def measure_steps(run: Run, epoch: int) -> Steps:
    """Return the steps of an epoch from 1 to run.epochs, each of them measured.

    The gradient is the one that a step follows: of its batch, with the penalties, clipped.
    """
    sizes, ratios = run.network.sizes, list[list[float]]()
    moved, gradient = np.zeros((2, len(run.network.theta)))
    old, rate = run.replica_at(epoch - 1).network.theta.copy(), [np.nan]

    def observe(training: Training) -> None:
        theta = training.network.theta
        change = theta - old
        pairs = zip(blocks(change, sizes), blocks(old, sizes), strict=True)
        ratios.append([relative_length(step[:, :-1], Wb[:, :-1]) for step, Wb in pairs])
        np.add(moved, np.abs(change), moved)
        np.add(gradient, np.abs(training.network.grad), gradient)
        np.copyto(old, theta)
        rate[0] = float(training.rate)

    run.watch(epoch, observe)
    with np.errstate(all="ignore"):
        rates = blocks(moved / gradient, sizes)
    return Steps(len(ratios), rate[0], np.mean(ratios, axis=0), rates)


def relative_length(step: Array, W: Array) -> float:
    """Return |step| / |W|, a scalar, for two (n_out, n_in); nan where W is 0."""
    size = frobenius_norm(W)
    return frobenius_norm(step) / size if size else np.nan


def frobenius_norm(matrix: Array) -> float:
    """Return the root of the sum of the squares of a matrix (rows, columns), a scalar."""
    return float(np.sqrt(np.square(matrix).sum()))
