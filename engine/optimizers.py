"""Optimizers: how the gradient becomes a step.

An optimizer describes its equations on the flat parameters theta, the flat gradient g and a flat
memory of its own. All it remembers is in that memory, which starts at zero, so a checkpoint is one
copy. `rate` is a 0-d array: write into it and the next step takes the new learning rate.

One name hides several rules. Where libraries differ in substance, `Settings.convention` chooses:

              textbook (the papers)        keras                        pytorch
    momentum  v <- mu v - eta g            as textbook                  v <- mu v + g, eta v later
    Adagrad   g / (sqrt c + eps), c0 = 0   g / sqrt(c + eps), c0 = .1   as textbook
    RMSprop   g / (sqrt c + eps)           g / sqrt(c + eps)            as textbook
    Adam      eps beside the corrected     eps beside the plain root;   as textbook
    AdamW     root of v                    scikit-learn too
    eps       1e-8                         1e-7                         1e-8, Adagrad 1e-10

The two forms of momentum are equal until the learning rate changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from engine.equations import Array, Equation, Step, constant

CONVENTIONS = ("textbook", "keras", "pytorch")
KERAS_ADAGRAD_START = 0.1  # what Keras' Adagrad believes to have seen before the first gradient


class Settings(NamedTuple):
    """The numbers of a rule; each rule reads those it has."""

    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float = 0.9
    epsilon: float | None = None  # None: the convention's own
    convention: str = "textbook"
    weight_decay: float = 0.0  # of AdamW: decoupled, beside the gradient
    decay_mask: Array | None = None  # (P,) 1 where it decays, 0 where not; None: everywhere


class Optimizer(NamedTuple):
    """One rule: how many numbers it remembers for P parameters, and its equations."""

    memory: Callable[[int], int]
    equations: Callable[[Array, Array, Array, Array, Settings], Iterator[Equation]]
    # (theta, grad, memory, rate, settings)


def update(tex: str, *steps: Step, rule: str = "step") -> Equation:
    """One line of the update; the rule "step" moves theta, any other changes the memory first."""
    return Equation("update", rule, 0, tex, steps)


def small(settings: Settings, like: Array, pytorch: float = 1e-8) -> Array:
    """Epsilon as a 0-d array: the one that was set, else the convention's."""
    own = {"textbook": 1e-8, "keras": 1e-7, "pytorch": pytorch}[settings.convention]
    return constant(own if settings.epsilon is None else settings.epsilon, like)


def sgd(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of plain gradient descent."""
    move = np.empty_like(theta)
    yield update(
        r"\theta \leftarrow \theta - \eta\, g",
        Step(np.multiply, (grad, rate, move)),
        Step(np.subtract, (theta, move, theta)),
    )


def velocity(
    grad: Array, v: Array, rate: Array, move: Array, settings: Settings
) -> Iterator[Equation]:
    """The velocity v: of theta itself, eta g is left in move; or before the rate, move unused."""
    mu, decay = constant(settings.momentum, v), r"v \leftarrow \mu v"
    slow = Step(np.multiply, (v, mu, v))
    if settings.convention == "pytorch":
        yield update(decay + " + g", slow, Step(np.add, (v, grad, v)), rule="velocity")
        return
    scaled = Step(np.multiply, (grad, rate, move))
    steps = (scaled, slow, Step(np.subtract, (v, move, v)))
    yield update(decay + r" - \eta\, g", *steps, rule="velocity")


def heavy_ball(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of momentum, Polyak (1964)."""
    v, move = memory, np.empty_like(theta)
    yield from velocity(grad, v, rate, move, settings)
    if settings.convention == "pytorch":
        scaled = Step(np.multiply, (v, rate, move))
        step = Step(np.subtract, (theta, move, theta))
        yield update(r"\theta \leftarrow \theta - \eta\, v", scaled, step)
    else:
        yield update(r"\theta \leftarrow \theta + v", Step(np.add, (theta, v, theta)))


def nesterov(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of Nesterov's momentum, Sutskever et al. (2013), theta at the point looked at."""
    v, move, ahead = memory, np.empty_like(theta), np.empty_like(theta)
    yield from velocity(grad, v, rate, move, settings)
    look = Step(np.multiply, (v, constant(settings.momentum, v), ahead))
    if settings.convention == "pytorch":
        yield update(
            r"\theta \leftarrow \theta - \eta (g + \mu v)",
            look,
            Step(np.add, (ahead, grad, ahead)),
            Step(np.multiply, (ahead, rate, ahead)),
            Step(np.subtract, (theta, ahead, theta)),
        )
        return
    yield update(
        r"\theta \leftarrow \theta + \mu v - \eta\, g",
        look,
        Step(np.subtract, (ahead, move, ahead)),
        Step(np.add, (theta, ahead, theta)),
    )


def by_root(
    theta: Array, c: Array, move: Array, epsilon: Array, inside: Array | None
) -> tuple[Step, ...]:
    """Steps of theta <- theta - move / (sqrt c + epsilon), or / sqrt(c + inside) where given."""
    root = np.empty_like(theta)
    if inside is None:
        divisor = (Step(np.sqrt, (c, root)), Step(np.add, (root, epsilon, root)))
    else:
        divisor = (Step(np.add, (c, inside, root)), Step(np.sqrt, (root, root)))
    return (
        *divisor,
        Step(np.divide, (move, root, move)),
        Step(np.subtract, (theta, move, theta)),
    )


OUTSIDE = r"\theta \leftarrow \theta - \eta\, g \oslash (\sqrt{c} + \epsilon)"
ADAM = (
    r"\theta \leftarrow \theta - \eta\, \hat m \oslash (\sqrt{\hat v} + \epsilon), \quad "
    r"\hat m = \frac{m}{1 - \beta_1^t}, \quad \hat v = \frac{v}{1 - \beta_2^t}"
)
KERAS_ADAM = (
    r"\theta \leftarrow \theta - \hat\eta\, m \oslash (\sqrt{v} + \epsilon), \quad "
    r"\hat\eta = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}"
)
INSIDE = r"\theta \leftarrow \theta - \eta\, g \oslash \sqrt{c + \epsilon}"


def adagrad(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of diagonal Adagrad, Duchi et al. (2011); c0 is added where c is read."""
    c, move, epsilon = memory, np.empty_like(theta), small(settings, theta, pytorch=1e-10)
    square = Step(np.multiply, (grad, grad, move))
    add = Step(np.add, (c, move, c))
    yield update(r"c \leftarrow c + g \odot g", square, add, rule="squares")
    keras = settings.convention == "keras"
    inside = constant(KERAS_ADAGRAD_START + float(epsilon), theta) if keras else None
    tex = r"\theta \leftarrow \theta - \eta\, g \oslash \sqrt{c + 0.1 + \epsilon}"
    scaled = Step(np.multiply, (grad, rate, move))
    yield update(tex if keras else OUTSIDE, scaled, *by_root(theta, c, move, epsilon, inside))


def blend(average: Array, beta: float, new: Array, move: Array) -> tuple[Step, ...]:
    """Steps of average <- beta average + (1 - beta) new, which spoil `move`."""
    return (
        Step(np.multiply, (new, constant(1 - beta, new), move)),
        Step(np.multiply, (average, constant(beta, new), average)),
        Step(np.add, (average, move, average)),
    )


def rmsprop(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of RMSprop, Tieleman & Hinton (2012), lecture 6.5; not centred, no momentum."""
    c, move, epsilon = memory, np.empty_like(theta), small(settings, theta)
    yield update(
        r"c \leftarrow \rho c + (1 - \rho)\, g \odot g",
        Step(np.multiply, (grad, grad, move)),
        *blend(c, settings.rho, move, move),
        rule="spread",
    )
    keras = settings.convention == "keras"
    scaled = Step(np.multiply, (grad, rate, move))
    steps = by_root(theta, c, move, epsilon, epsilon if keras else None)
    yield update(INSIDE if keras else OUTSIDE, scaled, *steps)


def tick(
    rate: Array, betas: tuple[float, float], t: Array, beside: float, changed: tuple[Array, Array]
) -> None:
    """Nothing; counts a step of Adam, and takes both bias corrections into epsilon and pace.

    m_hat / (sqrt(v_hat) + eps) is m / (sqrt v + eps r) times r / (1 - beta1^t), with
    r = sqrt(1 - beta2^t): two numbers change instead of two vectors. `beside` is the epsilon
    beside the corrected root; 0 where epsilon stands beside the plain root and stays as it is.
    """
    epsilon, pace = changed
    age = t.item() + 1
    t[()] = age
    root = math.sqrt(1 - betas[1] ** age)
    pace[()] = rate.item() * root / (1 - betas[0] ** age)
    if beside:
        epsilon[()] = beside * root


def adam(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of Adam, Kingma & Ba (2015), algorithm 1; "keras" is the form after section 2."""
    P = len(theta)
    m, v, t = memory[:P], memory[P : 2 * P], memory[2 * P :].reshape(())
    move, betas = np.empty_like(theta), (settings.beta1, settings.beta2)
    mean = blend(m, betas[0], grad, move)
    yield update(r"m \leftarrow \beta_1 m + (1 - \beta_1)\, g", *mean, rule="mean")
    yield update(
        r"v \leftarrow \beta_2 v + (1 - \beta_2)\, g \odot g",
        Step(np.multiply, (grad, grad, move)),
        *blend(v, betas[1], move, move),
        rule="spread",
    )
    pace, epsilon, divisor = constant(0, theta), small(settings, theta), np.empty_like(theta)
    keras = settings.convention == "keras"
    yield update(
        KERAS_ADAM if keras else ADAM,
        Step(tick, (rate, betas, t, 0.0 if keras else epsilon.item(), (epsilon, pace))),
        Step(np.sqrt, (v, divisor)),
        Step(np.add, (divisor, epsilon, divisor)),
        Step(np.multiply, (m, pace, move)),
        Step(np.divide, (move, divisor, move)),
        Step(np.subtract, (theta, move, theta)),
    )


def adamw(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of AdamW, Loshchilov & Hutter (2019): decay first, which no gradient adapts."""
    if settings.weight_decay:
        mask = 1.0 if settings.decay_mask is None else settings.decay_mask
        share, move = np.full_like(theta, settings.weight_decay) * mask, np.empty_like(theta)
        yield update(
            r"W \leftarrow W - \eta \lambda_w W",
            Step(np.multiply, (share, rate, move)),
            Step(np.multiply, (move, theta, move)),
            Step(np.subtract, (theta, move, theta)),
            rule="decay",
        )
    yield from adam(theta, grad, memory, rate, settings)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(lambda P: 0, sgd),
    "momentum": Optimizer(lambda P: P, heavy_ball),
    "nesterov": Optimizer(lambda P: P, nesterov),
    "adagrad": Optimizer(lambda P: P, adagrad),
    "rmsprop": Optimizer(lambda P: P, rmsprop),
    "adam": Optimizer(lambda P: 2 * P + 1, adam),
    "adamw": Optimizer(lambda P: 2 * P + 1, adamw),
}
