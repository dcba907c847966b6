"""What is measured of a run at an epoch: one number each, for claims about runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.nn import Array
from engine.training import Run


def recorded(name: str) -> Callable[[Run, int], float]:
    """Return a function that reads what a run records of an epoch under this name."""
    return lambda run, epoch: float(run.losses[min(epoch, run.epochs)][name])


def loss_over_lowest(run: Run, epoch: int) -> float:
    """Return the validation loss as a multiple of its lowest value so far."""
    losses = run.losses["validation"][: epoch + 1]
    return float(losses[-1] / losses.min())


def loss_over_first(run: Run, epoch: int) -> float:
    """Return the training loss as a multiple of the one before the first step."""
    return float(run.losses["train"][epoch] / run.losses["train"][0])


def kept_loss(run: Run, epoch: int) -> float:
    """Return the validation loss of the weights that the run keeps."""
    return float(run.losses["validation"][run.best if run.finished else min(epoch, run.epochs)])


def delta_ratio(run: Run, epoch: int) -> float:
    """Return rms(delta) of the first layer as a share of the last layer's."""
    sizes = run.losses["delta"][epoch]
    return float(sizes[0] / sizes[-1])


def scaled_output_delta(run: Run, epoch: int) -> float:
    """Return rms(delta) of the last layer, times the number of examples of the probe."""
    return float(run.losses["delta"][epoch][-1] * len(run.probe))


def part_outputs(run: Run, epoch: int, part: str = "train") -> Array:
    """Return the outputs (K, n) of the network for a part of the data."""
    return run.at(epoch, run.dataset.rows(part)).layers[-1].a


def first_output(run: Run, epoch: int) -> float:
    """Return the first output for the first training example."""
    return float(part_outputs(run, epoch)[0, 0])


def largest_distance_from_half(run: Run, epoch: int) -> float:
    """Return how far an output is from one half at most."""
    return float(np.abs(part_outputs(run, epoch) - 0.5).max())


def row_difference(run: Run, epoch: int) -> float:
    """Return the largest difference between two rows of W of the first layer."""
    return float(np.ptp(run.at(epoch).layers[0].W, axis=0).max())


def dead_share(run: Run, epoch: int) -> float:
    """Return the share of first-layer units whose z is never above 0 in training."""
    z = run.at(epoch, run.dataset.train).layers[0].z
    return float((z <= 0).all(axis=1).mean())


def saturated_share(run: Run, epoch: int) -> float:
    """Return the share of the first layer's outputs beyond ± 0.95."""
    return float((np.abs(run.at(epoch, run.dataset.train).layers[0].a) > 0.95).mean())


def weight_norm(run: Run, epoch: int) -> float:
    """Return the length of all weights as one vector."""
    layers = run.at(epoch).layers
    return float(sum((layer.W**2).sum() for layer in layers) ** 0.5)


def first_weight(run: Run, epoch: int) -> float:
    """Return the first weight of the first layer."""
    return float(run.at(epoch).layers[0].W[0, 0])


def highest_weight(run: Run, epoch: int) -> float:
    """Return the largest value that the first weight had up to an epoch."""
    return max(first_weight(run, e) for e in range(epoch + 1))


def rare_class_recall(run: Run, epoch: int) -> float:
    """Return the share of the last class, the rare one, that is found in the test part."""
    rare = len(run.dataset.classes) - 1
    own = run.dataset.targets[run.dataset.test] == rare
    return float((run.output_head.decide(part_outputs(run, epoch, "test"))[own] == rare).mean())


def steps_per_epoch(run: Run, epoch: int) -> float:
    """Return the number of steps of an epoch."""
    return float(run.live.batch_count)
