"""Curvature: how strongly the loss curves, and the learning rate above which steps grow.

The Hessian is never stored: its product with a vector is a difference of two gradients. A step of
gradient descent overshoots in the direction of the largest curvature lambda if the rate is above
2 / lambda (LeCun et al. 1998, Efficient BackProp, 4); momentum changes that limit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.analysis.objective import Objective
from engine.nn import OPTIMIZERS, Array
from engine.training import Config

SMALL = 1e-4  # length of a step to either side, as a share of theta's
TURNS, STEP = 20, 1e-4  # of the power iteration; from theta to each of its gradients


class Curvature(NamedTuple):
    """The largest eigenvalue of the Hessian, and how it was computed."""

    largest: float  # may be below 0 on top of a hill
    direction: Array  # (P,) of length 1
    rounds: int
    settled: bool  # False: more rounds would still change it


def hessian_product(
    gradient: Callable[[Array], Array], theta: Array, direction: Array, h: float
) -> Array:
    """Return the Hessian at theta (P,) times the direction (P,), from gradients at theta +- h."""
    ahead, behind = (gradient(theta + sign * h * direction) for sign in (1, -1))
    return (ahead - behind) / (2 * h)


def bend_along(objective: Objective, direction: Array) -> Array:
    """Return the Hessian at the run's theta times a direction (P,) of any length, (P,)."""
    length = float(np.linalg.norm(direction))
    if not length:
        return np.zeros_like(direction)
    h = SMALL * (1 + float(np.linalg.norm(objective.theta))) / length
    return hessian_product(objective.gradient, objective.theta, direction, h)


def largest_curvature(objective: Objective, rounds: int = 60, close: float = 1e-4) -> Curvature:
    """Return the largest curvature in the space of all vectors that power iteration goes through.

    Applying the Hessian to a vector again and again turns it towards the largest curvature. Kept at
    right angles, these vectors give it in far fewer rounds than the last one alone (Lanczos; Golub
    & Van Loan, Matrix Computations, 10.1).
    """
    start = np.random.default_rng(0).normal(size=len(objective.theta))
    if objective.config.biases == "frozen":
        start *= objective.is_weight
    axes, bent = [start / np.linalg.norm(start)], list[Array]()
    while True:
        bent.append(bend_along(objective, axes[-1]))
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


def estimate_curvature(gradient: Callable[[Array], Array], theta: Array) -> float:
    """Return v'Hv for theta (P,) after 20 turns of power iteration, a quick estimate.

    It tends to the eigenvalue of the largest size, which may be negative. Where two of opposite
    sign are about as large (a saddle), it lies between them; `largest_curvature` does not.
    """
    v, value = np.random.default_rng(0).standard_normal(len(theta)), 0.0
    with np.errstate(all="ignore"):
        for _ in range(TURNS):
            v = v / (np.sqrt(v.dot(v)) or 1.0)
            after = hessian_product(gradient, theta, v, STEP)
            value, v = float(v.dot(after)), after
    return value


def share_of_limit(config: Config, largest: float) -> float:
    """Return learning rate x largest curvature / stability limit; beyond 1 steps grow.

    It is nan for an optimizer that scales each weight by itself.
    """
    stable = OPTIMIZERS[config.optimizer].stable
    if stable is None:
        return np.nan
    return config.learning_rate * largest / stable(config.momentum)


def stability_limit(config: Config, largest: float) -> float:
    """Return the learning rate above which steps grow where the largest curvature is `largest`.

    It is inf where no direction bends up, nan for an optimizer that scales each weight by itself.
    """
    stable = OPTIMIZERS[config.optimizer].stable
    if stable is None:
        return np.nan
    return stable(config.momentum) / largest if largest > 0 else np.inf
