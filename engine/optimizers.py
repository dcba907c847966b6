"""Optimizers: how the gradient becomes a step.

An optimizer describes its equations on the flat parameters theta, the flat gradient g and a flat
memory of its own. All it remembers is in that memory, so a checkpoint is one copy. `rate` is a 0-d
array: write into it and the next step takes the new learning rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from engine.equations import Array, Equation, Step, constant

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Optimizer(NamedTuple):
    """One rule: how many numbers it remembers for P parameters, and its equations."""

    memory: Callable[[int], int]
    equations: Callable[[Array, Array, Array, Array, float], Iterator[Equation]]
    # (theta, grad, memory, rate, momentum)


def update(tex: str, *steps: Step) -> Equation:
    return Equation("update", 0, tex, steps)


def sgd(
    theta: Array, grad: Array, memory: Array, rate: Array, momentum: float
) -> Iterator[Equation]:
    move = np.empty_like(theta)
    yield update(
        r"\theta \leftarrow \theta - \eta\, g",
        Step(np.multiply, (grad, rate, move)),
        Step(np.subtract, (theta, move, theta)),
    )


def heavy_ball(
    theta: Array, grad: Array, memory: Array, rate: Array, momentum: float
) -> Iterator[Equation]:
    """Equations of momentum in the form v <- mu v - eta g (Polyak 1964; Keras, scikit-learn)."""
    v, move, mu = memory, np.empty_like(theta), constant(momentum, theta)
    yield update(
        r"v \leftarrow \mu v - \eta\, g",
        Step(np.multiply, (v, mu, v)),
        Step(np.multiply, (grad, rate, move)),
        Step(np.subtract, (v, move, v)),
    )
    yield update(r"\theta \leftarrow \theta + v", Step(np.add, (theta, v, theta)))


def tick(rate: Array, root: Array, t: Array, pace: Array) -> None:
    """Nothing; counts a step of Adam, and writes its bias corrections into root and pace."""
    t += 1
    age = float(t[()])
    root[()] = (1 - BETA2**age) ** 0.5
    pace[()] = float(rate[()]) / (1 - BETA1**age)


def blend(average: Array, beta: float, new: Array, move: Array) -> tuple[Step, ...]:
    """Steps of average <- beta average + (1 - beta) new, which spoil `move`."""
    return (
        Step(np.multiply, (new, constant(1 - beta, new), move)),
        Step(np.multiply, (average, constant(beta, new), average)),
        Step(np.add, (average, move, average)),
    )


def adam(
    theta: Array, grad: Array, memory: Array, rate: Array, momentum: float
) -> Iterator[Equation]:
    """Equations of Adam, Kingma & Ba (2015), algorithm 1; epsilon outside the root."""
    P = len(theta)
    m, v, t = memory[:P], memory[P : 2 * P], memory[2 * P :].reshape(())
    move, denominator = np.empty_like(theta), np.empty_like(theta)
    root, pace, epsilon = constant(1, theta), constant(0, theta), constant(EPSILON, theta)
    yield update(r"m \leftarrow \beta_1 m + (1 - \beta_1)\, g", *blend(m, BETA1, grad, move))
    yield update(
        r"v \leftarrow \beta_2 v + (1 - \beta_2)\, g \odot g",
        Step(np.multiply, (grad, grad, move)),
        *blend(v, BETA2, move, move),
    )
    yield update(
        r"\theta \leftarrow \theta - \eta\, \hat m \oslash (\sqrt{\hat v} + \epsilon)",
        Step(tick, (rate, root, t, pace)),
        Step(np.sqrt, (v, denominator)),
        Step(np.divide, (denominator, root, denominator)),
        Step(np.add, (denominator, epsilon, denominator)),
        Step(np.divide, (m, denominator, move)),
        Step(np.multiply, (move, pace, move)),
        Step(np.subtract, (theta, move, theta)),
    )


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(lambda P: 0, sgd),
    "momentum": Optimizer(lambda P: P, heavy_ball),
    "adam": Optimizer(lambda P: 2 * P + 1, adam),
}
