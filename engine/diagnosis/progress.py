"""Progress: the length of the training path, its direction, and which weights became smaller.

The length is the largest distance that the optimizer can move, the sum of the learning rates of all
steps. It separates a network that no longer learns from one that has trained too short. Gradient
descent follows the gradient for this time (times 1 / (1 - mu) with momentum), and an adaptive
optimizer moves each weight by about this distance (Kingma & Ba 2015, 2.1).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.nn import OPTIMIZERS, SCHEDULES, Array, blocks
from engine.training import Config, Run


class TrainingProgress(NamedTuple):
    """What training did between epoch 0 and an epoch."""

    length: float  # sum of the learning rates of all steps, see above
    straight: float  # cosine between the first half of the way and the second; nan at first
    moved: float  # |change of all weights| / |weights at the start|
    shrunk: tuple[float, ...]  # per layer |W| / |W at the start|; 1 where it started at 0


def measure_progress(run: Run, epoch: int, theta: Array) -> TrainingProgress:
    """Return how far the run has come at an epoch with the parameters theta (P,)."""
    P, sizes, kept = len(theta), run.network.sizes, run.checkpoints.kept
    start, half = (kept[at].memory[:P] for at in (0, run.checkpoints.before(epoch // 2)))
    first, second = half - start, theta - half
    both = vector_norm(first) * vector_norm(second)
    is_weight = run.network.is_weight
    before = vector_norm(start * is_weight)
    pairs = zip(blocks(start, sizes), blocks(theta, sizes), strict=True)
    sides = [(vector_norm(old[:, :-1]), vector_norm(new[:, :-1])) for old, new in pairs]
    return TrainingProgress(
        length_of_way(run, epoch),
        float(first.dot(second)) / both if both else np.nan,
        vector_norm((theta - start) * is_weight) / before if before else np.inf,
        tuple(new / old if old else 1.0 for old, new in sides),
    )


def vector_norm(values: Array) -> float:
    """Return the root of the sum of squares of an array of any shape, a scalar."""
    return float(np.sqrt(np.square(values).sum()))


def length_of_way(run: Run, epoch: int) -> float:
    """Return the sum of the learning rates of all steps up to an epoch."""
    n = len(run.dataset.train)
    total = 0.0
    changes = sorted({0, epoch, *(event.epoch for event in run.events if event.epoch < epoch)})
    for first, end in pairwise(changes):
        config = run.config_at(first)
        steps = config.batches(n).per_epoch
        share = SCHEDULES[config.schedule]
        epochs = np.linspace(first, end - 1, min(end - first, 50)).astype(int)
        shares = [share(int(e), config.schedule_length, config.schedule_factor, 0) for e in epochs]
        rate = config.learning_rate * float(np.mean(shares)) * momentum_factor(config)
        total += rate * steps * (end - first)
    return total


def momentum_factor(config: Config) -> float:
    """Return 1 / (1 - mu), by which momentum lengthens the way; 1 without momentum."""
    return 1 / (1 - config.momentum) if OPTIMIZERS[config.optimizer].has_momentum else 1.0
