"""Stability: how long a step may be before it overshoots, from the curvature of the loss."""

from __future__ import annotations

import numpy as np

from engine.analysis import TrainingGradient, estimate_curvature, share_of_limit, stability_limit
from engine.nn import OPTIMIZERS, Array
from engine.training import Config, Run

WORK = 200_000  # multiplications of a gradient, at most
ROOM = 4  # how far below the edge of stability a learning rate is safe
OF_ADAPTIVE = 0.01  # a learning rate that suits an adaptive optimizer


def limit_share(run: Run, config: Config, theta: Array) -> float:
    """Return learning rate x curvature / stability limit for theta (P,); beyond 1 steps overshoot.

    It is nan with small batches, dropout, clipping, a schedule or an adaptive optimizer.
    """
    n, optimizer = len(run.dataset.train), OPTIMIZERS[config.optimizer]
    noisy = config.batches(n).per_epoch > 1 or any(config.layer_dropouts) or config.input_dropout
    if noisy or config.clip or config.schedule != "constant" or optimizer.adaptive:
        return np.nan
    if n * len(theta) > WORK:
        return np.nan
    return share_of_limit(config, curvature(run, config, theta))


def safe_learning_rate(run: Run, config: Config, theta: Array) -> float:
    """Return a learning rate well below the stability limit at theta (P,), or a careful guess."""
    if OPTIMIZERS[config.optimizer].adaptive:
        return OF_ADAPTIVE
    careful = 0.1 if config.optimizer == "sgd" else 0.01
    if len(run.dataset.train) * len(theta) > WORK:
        return careful
    limit = stability_limit(config, curvature(run, config, theta))
    return min(1.0, limit / ROOM) if np.isfinite(limit) else careful


def curvature(run: Run, config: Config, theta: Array) -> float:
    """Return an estimate of the largest curvature of the training loss at theta (P,)."""
    return estimate_curvature(TrainingGradient(run, config, theta.dtype.name), theta)
