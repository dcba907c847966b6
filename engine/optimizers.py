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

from engine.equations import Array, Equation, Step, constant, room_like

CONVENTIONS = ("textbook", "keras", "pytorch")
PYTORCH_ADAGRAD_EPSILON = 1e-10
KERAS_ADAGRAD_START = 0.1  # what Keras' Adagrad believes to have seen before the first gradient


class Settings(NamedTuple):
    """The numbers of a rule; each rule reads those it has."""

    momentum: float = 0.9
    beta1: float = 0.9  # both below 1
    beta2: float = 0.999
    rho: float = 0.9
    epsilon: float | None = None  # None: the convention's own
    convention: str = "textbook"
    weight_decay: float = 0.0  # of AdamW: decoupled, beside the gradient
    decay_mask: Array | None = None  # (P,) 1 where it decays, 0 where not; None: everywhere


class Slot(NamedTuple):
    """P numbers of a memory, by the symbol of the equations, and what the books hold instead."""

    tex: str
    book: str  # the books' symbol
    factor: Callable[[Settings], float] = lambda settings: 1.0  # book = factor * slot


class Optimizer(NamedTuple):
    """One rule: its equations, and what it remembers in their order."""

    equations: Callable[[Array, Array, Array, Array, Settings], Iterator[Equation]]
    # (theta, grad, memory, rate, settings)
    slots: tuple[Slot, ...] = ()
    counts: bool = False  # whether the number of steps so far stands behind the slots

    def memory(self, P: int) -> int:
        """How many numbers the rule remembers for P parameters."""
        return len(self.slots) * P + self.counts


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
    move = room_like(theta)
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
    v, move = memory, room_like(theta)
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
    v, move, ahead = memory, room_like(theta), room_like(theta)
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
    root = room_like(theta)
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
    c, move, epsilon = memory, room_like(theta), small(settings, theta, PYTORCH_ADAGRAD_EPSILON)
    square = Step(np.multiply, (grad, grad, move))
    add = Step(np.add, (c, move, c))
    yield update(r"c \leftarrow c + g \odot g", square, add, rule="squares")
    keras = settings.convention == "keras"
    inside = constant(KERAS_ADAGRAD_START + float(epsilon), theta) if keras else None
    tex = r"\theta \leftarrow \theta - \eta\, g \oslash \sqrt{c + 0.1 + \epsilon}"
    scaled = Step(np.multiply, (grad, rate, move))
    yield update(tex if keras else OUTSIDE, scaled, *by_root(theta, c, move, epsilon, inside))


def rmsprop(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of RMSprop, Tieleman & Hinton (2012), lecture 6.5; not centred, no momentum."""
    c, move, epsilon = memory, room_like(theta), small(settings, theta)
    yield update(
        r"c \leftarrow \rho c + (1 - \rho)\, g \odot g",
        Step(np.multiply, (grad, grad, move)),
        Step(np.multiply, (move, constant(1 - settings.rho, move), move)),
        Step(np.multiply, (c, constant(settings.rho, c), c)),
        Step(np.add, (c, move, c)),
        rule="spread",
    )
    keras = settings.convention == "keras"
    scaled = Step(np.multiply, (grad, rate, move))
    steps = by_root(theta, c, move, epsilon, epsilon if keras else None)
    yield update(INSIDE if keras else OUTSIDE, scaled, *steps)


def tick(
    rate: Array, betas: tuple[float, float], t: Array, beside: float, changed: tuple[Array, Array]
) -> None:
    """Nothing; counts a step of Adam, and takes every factor of its sums into epsilon and pace.

    The corrected root of v is sqrt(s2) / spread, so m_hat / (sqrt(v_hat) + eps) is
    s1 / (sqrt(s2) + eps spread) times spread (1 - beta1) / (1 - beta1^t): two numbers change
    instead of two vectors. `beside` is the epsilon beside the corrected root; 0 where epsilon
    stands beside the plain root of v, a constant beside sqrt(s2).
    """
    epsilon, pace = changed
    beta1, beta2 = betas
    age = t.item() + 1
    t[()] = age
    spread = math.sqrt((1 - beta2**age) / (1 - beta2))
    pace[()] = rate.item() * spread * (1 - beta1) / (1 - beta1**age)
    if beside:
        epsilon[()] = beside * spread


def decaying_sum(s: Array, beta: float, new: Array) -> tuple[Step, ...]:
    """Steps of s <- beta s + new."""
    return Step(np.multiply, (s, constant(beta, s), s)), Step(np.add, (s, new, s))


def adam(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of Adam, Kingma & Ba (2015), algorithm 1; "keras" is the form after section 2.

    The memory holds sums s where the paper has averages, m = (1 - beta1) s1 and
    v = (1 - beta2) s2: a call less for each, and the factors are two more numbers for `tick`.
    """
    P, move = len(theta), room_like(theta)  # one room for all: what is in the cache is used
    s1, s2, t = memory[:P], memory[P : 2 * P], memory[2 * P :].reshape(())
    beta1, beta2, square = settings.beta1, settings.beta2, Step(np.multiply, (grad, grad, move))
    tex = r"s_1 \leftarrow \beta_1 s_1 + g, \quad m = (1 - \beta_1)\, s_1"
    yield update(tex, *decaying_sum(s1, beta1, grad), rule="mean")
    tex = r"s_2 \leftarrow \beta_2 s_2 + g \odot g, \quad v = (1 - \beta_2)\, s_2"
    yield update(tex, square, *decaying_sum(s2, beta2, move), rule="spread")
    own, keras = small(settings, theta).item(), settings.convention == "keras"
    pace, epsilon = constant(0, theta), constant(own / math.sqrt(1 - beta2), theta)
    yield update(
        KERAS_ADAM if keras else ADAM,
        Step(tick, (rate, (beta1, beta2), t, 0.0 if keras else own, (epsilon, pace))),
        Step(np.sqrt, (s2, move)),
        Step(np.add, (move, epsilon, move)),
        Step(np.divide, (s1, move, move)),
        Step(np.multiply, (move, pace, move)),
        Step(np.subtract, (theta, move, theta)),
    )


def adamw(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Equations of AdamW, Loshchilov & Hutter (2019): decay first, which no gradient adapts."""
    if settings.weight_decay:
        mask = 1.0 if settings.decay_mask is None else settings.decay_mask
        share, move = np.full_like(theta, settings.weight_decay) * mask, room_like(theta)
        yield update(
            r"W \leftarrow W - \eta \lambda_w W",
            Step(np.multiply, (share, rate, move)),
            Step(np.multiply, (move, theta, move)),
            Step(np.subtract, (theta, move, theta)),
            rule="decay",
        )
    yield from adam(theta, grad, memory, rate, settings)


VELOCITY, SQUARES = (Slot("v", "v"),), (Slot("c", "c"),)
MOMENTS = (
    Slot("s_1", "m", lambda settings: 1 - settings.beta1),
    Slot("s_2", "v", lambda settings: 1 - settings.beta2),
)

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(sgd),
    "momentum": Optimizer(heavy_ball, VELOCITY),
    "nesterov": Optimizer(nesterov, VELOCITY),
    "adagrad": Optimizer(adagrad, SQUARES),
    "rmsprop": Optimizer(rmsprop, SQUARES),
    "adam": Optimizer(adam, MOMENTS, counts=True),
    "adamw": Optimizer(adamw, MOMENTS, counts=True),
}
