"""A closer look: what every unit's error term and every layer's steps did over the whole run.

Each sample is an epoch and the one before it, so a run is walked through once from front to back,
in as many pieces as whoever asks has time for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.equations import Array
from engine.evidence import norm
from engine.network import Network, blocks
from engine.run import Run, Snapshot

MOST_SAMPLES, EXAMPLES = 150, 256


class Sample(NamedTuple):
    """One epoch, on the first examples of the training part."""

    epoch: int
    delta: Array  # (hidden units,) mean |delta| of each, layer by layer, 1/n inside
    ratio: Array  # (L,) |change of W in a step| / |W|, the epoch's mean; nan at epoch 0


def sampled_epochs(last: int, most: int = MOST_SAMPLES) -> list[int]:
    """Epochs from 0 to `last`, evenly spread, `most` of them at most."""
    return np.unique(np.linspace(0, last, min(most, last + 1)).round().astype(int)).tolist()


def sample(run: Run, epoch: int) -> Sample:
    """The sample of one epoch; quick where epochs are asked for in order."""
    sizes, L = run.network.sizes, len(run.network.layers)
    ratio = np.full(L, np.nan)
    if epoch:
        old, new = (run.training_at(at).network.theta.copy() for at in (epoch - 1, epoch))
        pairs = zip(blocks(old, sizes), blocks(new, sizes), strict=True)
        lengths = [(norm((b - a)[:, :-1]), norm(a[:, :-1])) for a, b in pairs]
        ratio = np.array([far / size if size else np.nan for far, size in lengths])
        ratio /= steps_per_epoch(run)
    layers = look(run, epoch).layers[:-1]
    delta = np.concatenate([np.empty(0), *(np.abs(layer.delta).mean(axis=1) for layer in layers)])
    return Sample(epoch, delta, ratio)


def look(run: Run, epoch: int) -> Snapshot:
    """The epoch, on the examples that every closer look is about."""
    return run.at(epoch, run.dataset.train[:EXAMPLES])


def steps_per_epoch(run: Run) -> int:
    """How many batches an epoch has."""
    n = len(run.dataset.train)
    return -(-n // (min(run.config.batch_size, n) or n))


def effective_rates(run: Run, epoch: int) -> list[Array]:
    """Per layer (n_out, n_in + 1): |change of [W b] in a step| / |its gradient| at that epoch.

    The gradient is that of the whole training part before the epoch, the change its mean step. With
    plain descent on the whole set it is the learning rate, for every weight; 0 / 0 is nan.
    """
    before = max(epoch - 1, 0)
    snapshot = run.at(before, run.dataset.train)
    after = run.training_at(min(before + 1, run.epochs)).network.theta
    moved = np.abs(after - snapshot.theta) / steps_per_epoch(run)
    gradient = [np.hstack([layer.dW, layer.db]) for layer in snapshot.layers]
    steps = Network(run.network.sizes, run.network.activations, moved).layers
    with np.errstate(all="ignore"):
        return [step.Wb / np.abs(g) for step, g in zip(steps, gradient, strict=True)]
