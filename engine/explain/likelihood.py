"""Likelihood: the noise model that belongs to each loss.

Training that minimizes a loss finds the parameters under which the data are most likely, if the
targets scatter around the outputs as in the noise model: the mean of -ln p is the loss times a
factor, plus a part that does not depend on the outputs. Bishop, Pattern Recognition and Machine
Learning, 1.2.5 and 4.3; Goodfellow, Bengio & Courville, Deep Learning, 5.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from engine.nn import LOSSES, Array


class NoiseModel(NamedTuple):
    """An assumption about how targets scatter around the output a, and example targets."""

    loss: str  # the loss it makes
    log_density: Callable[[Array, Array], Array]  # (y, a) -> ln p(y | a)
    factor: float  # mean of -ln p = factor L + rest
    z: Callable[[Array], Array]  # the inputs z of the output layer for the outputs a
    y: Array  # (n,) targets for one constant output
    limits: tuple[float, float]  # of that number
    discrete: bool  # whether targets are counted or measured
    middle: Callable[[Array], np.floating] = np.mean  # the output with the lowest loss


def gaussian(y: Array, a: Array) -> Array:
    """Return ln p of targets y (n,) under a normal distribution about a (n,) of variance 1."""
    return -0.5 * (y - a) ** 2 - 0.5 * np.log(2 * np.pi)


def laplace(y: Array, a: Array) -> Array:
    """Return ln p of targets y (n,) under a Laplace distribution about a (n,) of scale 1."""
    return -np.abs(y - a) - np.log(2)


def bernoulli(y: Array, a: Array) -> Array:
    """Return ln p of targets y (n,), 0 or 1, whose probability of 1 is a (n,)."""
    return xlogy(y, a) + xlog1py(1 - y, -a)


def poisson(y: Array, a: Array) -> Array:
    """Return ln p of counts y (n,) under a Poisson distribution of mean a (n,)."""
    return xlogy(y, a) - a - gammaln(y + 1)


MEASURED = np.array([-1.6, -0.9, -0.5, 0.2, 0.6, 3.4])  # the last one lies far out
COIN = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
COUNTS = np.array([0.0, 2.0, 1.0, 4.0, 3.0, 2.0])

NOISE_MODELS: dict[str, NoiseModel] = {
    "gaussian": NoiseModel("mse", gaussian, 0.5, np.positive, MEASURED, (-3.0, 4.0), False),
    "laplace": NoiseModel(
        "mae", laplace, 1.0, np.positive, MEASURED, (-3.0, 4.0), False, np.median
    ),
    "bernoulli": NoiseModel(
        "bce", bernoulli, 1.0, lambda a: np.log(a) - np.log1p(-a), COIN, (0.02, 0.98), True
    ),
    "poisson": NoiseModel("poisson", poisson, 1.0, np.log, COUNTS, (0.2, 6.0), True),
}


def loss_of(belief: NoiseModel, a: float) -> float:
    """Return the loss of answering a to every target."""
    y = belief.y[None]
    answers = np.full_like(y, a)
    return LOSSES[belief.loss].total(belief.z(answers), answers, y) / y.size


def negative_log_likelihood(belief: NoiseModel, a: float) -> float:
    """Return the mean of -ln p over the targets if every output is a."""
    return -float(np.mean(belief.log_density(belief.y, np.full_like(belief.y, a))))


def constant_part(belief: NoiseModel) -> float:
    """Return the part that does not depend on a: mean of -ln p = factor L + this part."""
    a = belief.y.mean()
    return negative_log_likelihood(belief, a) - belief.factor * loss_of(belief, a)


def best_answer(belief: NoiseModel) -> float:
    """Return the output with the lowest loss: the mean of the targets, the median, ..."""
    return float(belief.middle(belief.y))
