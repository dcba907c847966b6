"""Stability: how long a step may be before it overshoots, from the curvature of the loss."""

from __future__ import annotations

import numpy as np

from engine.diagnosis.progress import PLAIN
from engine.nn import (
    Array,
    Network,
    backward,
    batch_of,
    execute,
    flatten_steps,
    forward,
    penalty_gradient,
)
from engine.training import Config, Run

WORK, TURNS = 200_000, 20  # multiplications of a gradient, at most; turns of the power iteration
STEP = 1e-4  # from theta to each of two gradients whose difference is H v
ROOM = 4  # how far below the edge of stability a learning rate is safe
OF_ADAPTIVE = 0.01  # a learning rate that suits an adaptive optimizer


def edge(run: Run, config: Config, theta: Array) -> float:
    """Return learning rate x curvature / stability limit for theta (P,); beyond 1 steps overshoot.

    It is nan with small batches, dropout, clipping, a schedule or an adaptive optimizer.
    """
    n = len(run.dataset.train)
    noisy = config.batches(n).per_epoch > 1 or any(config.layer_dropouts) or config.input_dropout
    if noisy or config.clip or config.schedule != "constant" or config.optimizer not in PLAIN:
        return np.nan
    if n * len(theta) > WORK:
        return np.nan
    return config.learning_rate * curvature(run, config, theta) / stable(config)


def stable(config: Config) -> float:
    """Return the learning rate x curvature up to which steps are stable.

    It is 2, with momentum mu 2 + 2 mu (Goh, Why momentum really works, 2017), with Nesterov's
    (2 + 2 mu) / (1 + 2 mu).
    """
    mu = config.momentum
    edges = {"momentum": 2 + 2 * mu, "nesterov": (2 + 2 * mu) / (1 + 2 * mu)}
    return edges.get(config.optimizer, 2.0)


def safe_learning_rate(run: Run, config: Config, theta: Array) -> float:
    """Return a learning rate well below the stability limit at theta (P,), or a careful guess."""
    if config.optimizer not in PLAIN:
        return OF_ADAPTIVE
    careful = 0.1 if config.optimizer == "sgd" else 0.01
    if len(run.dataset.train) * len(theta) > WORK:
        return careful
    curved = curvature(run, config, theta)
    return min(1.0, stable(config) / curved / ROOM) if curved > 0 else careful


def curvature(run: Run, config: Config, theta: Array) -> float:
    """Return the largest eigenvalue of the loss's Hessian at theta (P,), by power iteration.

    H v is taken as the difference of two gradients, so no second derivatives are needed.
    """
    data, network = run.dataset, Network(run.network.sizes, run.network.activations, theta.copy())
    X, y = data.part("train")
    y = run.output_head.encode(y).astype(theta.dtype)
    x = np.vstack([X, np.ones((1, X.shape[1]))]).astype(theta.dtype)
    batch = batch_of(x, y, network.sizes, weights=run.output_head.weights_of(y))
    steps = flatten_steps(
        [*forward(network, batch), *backward(network, batch, run.output_head.loss)]
    )
    steps += flatten_steps(
        penalty_gradient(network, config.l1, config.l2, config.biases == "frozen")
    )
    v, value = np.random.default_rng(0).standard_normal(len(theta)), 0.0
    with np.errstate(all="ignore"):
        for _ in range(TURNS):
            v = v / (np.sqrt(v.dot(v)) or 1.0)
            sides = []
            for sign in (1, -1):
                np.copyto(network.theta, theta + sign * STEP * v)
                execute(steps)
                sides.append(network.grad.copy())
            after = (sides[0] - sides[1]) / (2 * STEP)
            value, v = float(v.dot(after)), after
    return value
