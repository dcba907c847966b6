"""Unit history: the error term of every unit and the steps of every layer over the whole run.

Each sample needs an epoch and the one before it, so a run is replayed once from start to end. The
work can be split into any number of pieces.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.nn import Array
from engine.training import Run, Snapshot, measure_steps

MOST_SAMPLES, EXAMPLES = 150, 256


class UnitSample(NamedTuple):
    """One epoch, on the first examples of the training part."""

    epoch: int
    delta: Array  # (hidden units,) mean |delta| of each, layer by layer, 1/n inside
    ratio: Array  # (L,) |change of W| / |W|, measured in each step, their mean; nan at epoch 0


def sampled_epochs(last: int, most: int = MOST_SAMPLES) -> list[int]:
    """Return at most `most` epochs from 0 to `last`, evenly spaced."""
    return np.unique(np.linspace(0, last, min(most, last + 1)).round().astype(int)).tolist()


def sample_units(run: Run, epoch: int) -> UnitSample:
    """Return the sample of one epoch; it is fast if the epochs come in order."""
    ratio = np.full(len(run.network.layers), np.nan)
    if epoch:
        ratio = measure_steps(run, epoch).ratio
    layers = snapshot_at(run, epoch).layers[:-1]
    delta = np.concatenate([np.empty(0), *(np.abs(layer.delta).mean(axis=1) for layer in layers)])
    return UnitSample(epoch, delta, ratio)


def snapshot_at(run: Run, epoch: int) -> Snapshot:
    """Return the state at an epoch, on the first examples of the training part."""
    return run.at(epoch, run.dataset.train[:EXAMPLES])
