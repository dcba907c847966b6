"""Optimizers: how the gradient becomes a step.

An optimizer describes its equations on the flat parameters theta, the flat gradient g and a flat
memory. Its whole state is in that memory, which starts at zero, so a checkpoint is one
copy. `rate` is a 0-d array: write into it and the next step takes the new learning rate.

One name hides several rules. Where libraries differ in substance, `Settings.convention` chooses:

              textbook (the papers)        keras                        pytorch
    momentum  v <- mu v - eta g            as textbook                  v <- mu v + g, eta v later
    Adagrad   g / (sqrt s + eps), s0 = 0   g / sqrt(s + eps), s0 = .1   as textbook
    RMSprop   g / (sqrt s + eps)           g / sqrt(s + eps)            as textbook
    Adam      eps beside the corrected     eps beside the plain root;   as textbook
    AdamW     root of v                    scikit-learn too
    eps       1e-8                         1e-7                         1e-8, Adagrad 1e-10

The two forms of momentum are equal until the learning rate changes.

If a rule needs fewer calls than its formula has, `Equation.shown` has the steps of the formula for
pages that show the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.nn import symbols as sym
from engine.nn.buffers import aligned_like, scalar_like
from engine.nn.equations import Array, Equation, Names, Shown, Step
from engine.nn.formula import Formula, Label, Symbol, ratio, root

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
    weight_decay: float = 0.0  # of AdamW: separate from the gradient
    decay_mask: Array | None = None  # (P,) 1 where it decays, 0 where not; None: everywhere


class Slot(NamedTuple):
    """P numbers of a memory; textbooks store factor * slot + start instead."""

    tex: str  # the books' symbol
    factor: Callable[[Settings], float] = lambda settings: 1.0
    start: Callable[[Settings], float] = lambda settings: 0.0

    def textbook_values(self, own: Array, settings: Settings) -> Array:
        """Return (P,) the numbers of the books for those of the memory, as a copy."""
        return own * self.factor(settings) + self.start(settings)


class Optimizer(NamedTuple):
    """One rule: its equations, and its memory in their order."""

    equations: Callable[[Array, Array, Array, Array, Settings], Iterator[Equation]]
    # (theta, grad, memory, rate, settings)
    slots: tuple[Slot, ...] = ()
    counts: bool = False  # whether the number of steps is stored after the slots
    has_momentum: bool = False  # whether a share mu of the last step continues
    stable: Callable[[float], float] | None = None
    # mu -> the rate times curvature up to which steps shrink; None: weights are scaled one by one

    @property
    def adaptive(self) -> bool:
        """Return whether the rule scales the step of each weight by itself."""
        return self.stable is None

    def memory(self, P: int) -> int:
        """Return the number of values in the memory for P parameters."""
        return len(self.slots) * P + self.counts


def update_equation(
    formula: Formula,
    *steps: Step,
    rule: str = "step",
    names: Names = (),
    shown: Callable[[], Shown] | None = None,
) -> Equation:
    """Return one line of the update; the rule "step" moves theta, others change the memory."""
    return Equation("update", rule, 0, formula, steps, names, shown)


def epsilon_for(settings: Settings, like: Array, pytorch: float = 1e-8) -> Array:
    """Return epsilon as a scalar array, shape (): the one that was set, or the convention's."""
    own = {"textbook": 1e-8, "keras": 1e-7, "pytorch": pytorch}[settings.convention]
    return scalar_like(own if settings.epsilon is None else settings.epsilon, like)


def sgd(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield plain gradient descent; theta and grad are (P,), there is no memory."""
    move = aligned_like(theta)
    yield update_equation(
        Formula(sym.theta, r"\leftarrow", (sym.theta, " - ", sym.eta, r"\, ", sym.g)),
        Step(np.multiply, (grad, rate, move)),
        Step(np.subtract, (theta, move, theta)),
    )


def velocity(
    grad: Array, v: Array, rate: Array, move: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield the velocity v (P,); with PyTorch's convention before the rate, otherwise with it.

    Other than with PyTorch, `move` (P,) then holds eta g.
    """
    decay = (sym.mu, " ", sym.v)
    mu = scalar_like(settings.momentum, v)
    slow = Step(np.multiply, (v, mu, v))
    names = ((v, sym.v), (mu, sym.mu))
    if settings.convention == "pytorch":
        add = Step(np.add, (v, grad, v))
        yield update_equation(
            Formula(sym.v, r"\leftarrow", (*decay, " + ", sym.g)),
            slow,
            add,
            rule="velocity",
            names=names,
        )
        return
    scaled = Step(np.multiply, (grad, rate, move))
    steps = (scaled, slow, Step(np.subtract, (v, move, v)))
    yield update_equation(
        Formula(sym.v, r"\leftarrow", (*decay, " - ", sym.eta, r"\, ", sym.g)),
        *steps,
        rule="velocity",
        names=names,
    )


def momentum(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield momentum, Polyak (1964); theta, grad and memory are (P,)."""
    v, move = memory, aligned_like(theta)
    yield from velocity(grad, v, rate, move, settings)
    names = ((v, sym.v),)
    if settings.convention == "pytorch":
        scaled = Step(np.multiply, (v, rate, move))
        step = Step(np.subtract, (theta, move, theta))
        yield update_equation(
            Formula(sym.theta, r"\leftarrow", (sym.theta, " - ", sym.eta, r"\, ", sym.v)),
            scaled,
            step,
            names=names,
        )
    else:
        add = Step(np.add, (theta, v, theta))
        yield update_equation(
            Formula(sym.theta, r"\leftarrow", (sym.theta, " + ", sym.v)), add, names=names
        )


NESTEROV = Formula(
    sym.theta,
    r"\leftarrow",
    (sym.theta, " + ", sym.mu, " ", sym.v, " - ", sym.eta, r"\, ", sym.g),
)
PYTORCH_NESTEROV = Formula(
    sym.theta,
    r"\leftarrow",
    (sym.theta, " - ", sym.eta, " (", sym.g, " + ", sym.mu, " ", sym.v, ")"),
)


def nesterov(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield Nesterov's momentum, Sutskever et al. (2013); theta, grad and memory are (P,).

    theta holds the point at which the gradient is taken.
    """
    v, move, ahead = memory, aligned_like(theta), aligned_like(theta)
    yield from velocity(grad, v, rate, move, settings)
    mu = scalar_like(settings.momentum, v)
    names = ((v, sym.v), (mu, sym.mu))
    if settings.convention == "pytorch":
        yield update_equation(
            PYTORCH_NESTEROV,
            Step(np.multiply, (v, mu, ahead)),
            Step(np.add, (ahead, grad, ahead)),
            Step(np.multiply, (ahead, rate, ahead)),
            Step(np.subtract, (theta, ahead, theta)),
            names=names,
        )
        return
    yield update_equation(
        NESTEROV,
        Step(np.multiply, (v, mu, ahead)),
        Step(np.subtract, (ahead, move, ahead)),
        Step(np.add, (theta, ahead, theta)),
        names=names,
    )


def divide_by_root(
    theta: Array, s: Array, move: Array, epsilon: Array, inside: Array | None
) -> tuple[Step, ...]:
    """Return the steps of theta <- theta - move / (sqrt s + epsilon), all (P,).

    Where `inside` is given the divisor is sqrt(s + inside).
    """
    root = aligned_like(theta)
    if inside is None:
        divisor = (Step(np.sqrt, (s, root)), Step(np.add, (root, epsilon, root)))
    else:
        divisor = (Step(np.add, (s, inside, root)), Step(np.sqrt, (root, root)))
    return (
        *divisor,
        Step(np.divide, (move, root, move)),
        Step(np.subtract, (theta, move, theta)),
    )


SCALED_MOVE = (sym.theta, " - ", sym.eta, r"\, ", sym.g, " ", sym.over)
OUTSIDE = Formula(
    sym.theta, r"\leftarrow", (*SCALED_MOVE, " (", root(sym.s), " + ", sym.epsilon, ")")
)
INSIDE = Formula(sym.theta, r"\leftarrow", (*SCALED_MOVE, " ", root(sym.s, " + ", sym.epsilon)))
ADD_SQUARE = Formula(sym.s, r"\leftarrow", (sym.s, " + ", sym.square(sym.g)))
SQUARES_OF_KERAS = ADD_SQUARE._replace(also=(Formula(sym.s_start, "=", f"{KERAS_ADAGRAD_START}"),))
MEAN = Formula(sym.m, r"\leftarrow", (sym.beta1, " ", sym.m, " + (1 - ", sym.beta1, r")\, ", sym.g))
SPREAD = Formula(
    sym.v, r"\leftarrow", (sym.beta2, " ", sym.v, " + (1 - ", sym.beta2, r")\, ", sym.square(sym.g))
)
REST1, REST2 = sym.one_minus(sym.beta1, "t"), sym.one_minus(sym.beta2, "t")
ADAM_ROOT = (" ", sym.over, " (", root(sym.v_hat), " + ", sym.epsilon, ")")
ADAM = Formula(
    sym.theta,
    r"\leftarrow",
    (sym.theta, " - ", sym.eta, r"\, ", sym.m_hat, ADAM_ROOT),
    (
        Formula(sym.m_hat, "=", ratio(sym.m, REST1)),
        Formula(sym.v_hat, "=", ratio(sym.v, REST2)),
    ),
)
KERAS_ROOT = (" ", sym.over, " (", root(sym.v), " + ", sym.epsilon, ")")
KERAS_ADAM = Formula(
    sym.theta,
    r"\leftarrow",
    (sym.theta, " - ", sym.eta_hat, r"\, ", sym.m, KERAS_ROOT),
    (Formula(sym.eta_hat, "=", (sym.eta, " ", ratio(root(REST2), REST1))),),
)


def adagrad(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield diagonal Adagrad, Duchi et al. (2011); theta, grad and memory are (P,)."""
    if settings.convention == "keras":
        yield from keras_adagrad(theta, grad, memory, rate, settings)
        return
    s, move, epsilon = (
        memory,
        aligned_like(theta),
        epsilon_for(settings, theta, PYTORCH_ADAGRAD_EPSILON),
    )
    square, add = Step(np.multiply, (grad, grad, move)), Step(np.add, (s, move, s))
    yield update_equation(ADD_SQUARE, square, add, rule="squares", names=((s, sym.s),))
    names = ((s, sym.s), (epsilon, sym.epsilon))
    scaled, steps = (
        Step(np.multiply, (grad, rate, move)),
        divide_by_root(theta, s, move, epsilon, None),
    )
    yield update_equation(OUTSIDE, scaled, *steps, names=names)


def keras_adagrad(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield Adagrad as Keras writes it; s0 is added when s (P,) is read."""
    s, move, book = memory, aligned_like(theta), KerasAdagrad(theta, grad, memory, rate, settings)
    square, add = Step(np.multiply, (grad, grad, move)), Step(np.add, (s, move, s))
    yield update_equation(SQUARES_OF_KERAS, square, add, rule="squares", shown=book.squares)
    inside = scalar_like(KERAS_ADAGRAD_START + float(epsilon_for(settings, theta)), theta)
    scaled, steps = (
        Step(np.multiply, (grad, rate, move)),
        divide_by_root(theta, s, move, inside, inside),
    )
    yield update_equation(INSIDE, scaled, *steps, shown=book.step)


def rmsprop(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield RMSprop, Tieleman & Hinton (2012), lecture 6.5, not centred; memory is (P,)."""
    s, move, epsilon = memory, aligned_like(theta), epsilon_for(settings, theta)
    rho, rest = scalar_like(settings.rho, s), scalar_like(1 - settings.rho, move)
    yield update_equation(
        Formula(
            sym.s,
            r"\leftarrow",
            (sym.rho, " ", sym.s, " + (1 - ", sym.rho, r")\, ", sym.square(sym.g)),
        ),
        Step(np.multiply, (grad, grad, move)),
        Step(np.multiply, (move, rest, move)),
        Step(np.multiply, (s, rho, s)),
        Step(np.add, (s, move, s)),
        rule="spread",
        names=((s, sym.s), (rho, sym.rho), (rest, sym.one_minus(sym.rho))),
    )
    keras = settings.convention == "keras"
    scaled = Step(np.multiply, (grad, rate, move))
    steps = divide_by_root(theta, s, move, epsilon, epsilon if keras else None)
    names = ((s, sym.s), (epsilon, sym.epsilon))
    yield update_equation(INSIDE if keras else OUTSIDE, scaled, *steps, names=names)


def adam_bias_correction(
    rate: Array, betas: tuple[float, float], t: Array, beside: float, changed: tuple[Array, Array]
) -> None:
    """Count a step of Adam in t, and take every factor of its sums into epsilon and pace.

    All arrays are scalars, of shape ().

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
    """Return the steps of s <- beta s + new; both are (P,)."""
    return Step(np.multiply, (s, scalar_like(beta, s), s)), Step(np.add, (s, new, s))


def adam(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield the equations of Adam for theta (P,), gradient (P,), memory (2P + 1,) and rate ().

    Kingma & Ba (2015), algorithm 1; the convention "keras" is the form after their section 2.

    The memory holds sums s1, s2 where the paper has averages, m = (1 - beta1) s1 and
    v = (1 - beta2) s2: a call less for each, and the factors are two more numbers for
    `adam_bias_correction`. What people see are the paper's own steps.
    """
    P, move = len(theta), aligned_like(theta)  # one room for all: what is in the cache is used
    s1, s2, t = memory[:P], memory[P : 2 * P], memory[2 * P :].reshape(())
    beta1, beta2, square = settings.beta1, settings.beta2, Step(np.multiply, (grad, grad, move))
    book = TextbookAdam(theta, grad, memory, rate, settings)
    yield update_equation(MEAN, *decaying_sum(s1, beta1, grad), rule="mean", shown=book.mean)
    yield update_equation(
        SPREAD, square, *decaying_sum(s2, beta2, move), rule="spread", shown=book.spread
    )
    own, keras = epsilon_for(settings, theta).item(), settings.convention == "keras"
    pace, epsilon = scalar_like(0, theta), scalar_like(own / math.sqrt(1 - beta2), theta)
    yield update_equation(
        KERAS_ADAM if keras else ADAM,
        Step(
            adam_bias_correction, (rate, (beta1, beta2), t, 0.0 if keras else own, (epsilon, pace))
        ),
        Step(np.sqrt, (s2, move)),
        Step(np.add, (move, epsilon, move)),
        Step(np.divide, (s1, move, move)),
        Step(np.multiply, (move, pace, move)),
        Step(np.subtract, (theta, move, theta)),
        shown=book.keras_step if keras else book.step,
    )


def adamw(
    theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
) -> Iterator[Equation]:
    """Yield AdamW, Loshchilov & Hutter (2019): decay of theta (P,) first, then Adam."""
    if settings.weight_decay:
        mask = 1.0 if settings.decay_mask is None else settings.decay_mask
        share, move = np.full_like(theta, settings.weight_decay) * mask, aligned_like(theta)
        yield update_equation(
            Formula(sym.W, r"\leftarrow", (sym.W, " - ", sym.eta, " ", sym.lambda_w, " ", sym.W)),
            Step(np.multiply, (share, rate, move)),
            Step(np.multiply, (move, theta, move)),
            Step(np.subtract, (theta, move, theta)),
            rule="decay",
        )
    yield from adam(theta, grad, memory, rate, settings)


VELOCITY = (Slot("v"),)
SQUARES = (
    Slot("s", start=lambda settings: KERAS_ADAGRAD_START * (settings.convention == "keras")),
)
SPREADS = (Slot("s"),)
MOMENTS = (
    Slot("m", lambda settings: 1 - settings.beta1),
    Slot("v", lambda settings: 1 - settings.beta2),
)


class KerasAdagrad:
    """Adagrad in the form of Keras, with a separate state: s begins at 0.1."""

    def __init__(
        self, theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
    ) -> None:
        self.theta, self.grad, self.rate, self.memory = theta, grad, rate, memory
        self.settings, self.epsilon = settings, epsilon_for(settings, theta)

    @cached_property
    def s(self) -> Array:
        """The sum of the squares, (P,); a separate copy after the first access."""
        return SQUARES[0].textbook_values(self.memory, self.settings)

    def squares(self) -> Shown:
        """Return the steps of s <- s + g * g."""
        square = np.empty_like(self.s)
        steps = (
            Step(np.multiply, (self.grad, self.grad, square)),
            Step(np.add, (self.s, square, self.s)),
        )
        return Shown(steps, ((self.s, sym.s),))

    def step(self) -> Shown:
        """Return the steps of theta <- theta - rate g / sqrt(s + epsilon)."""
        move = np.empty_like(self.theta)
        steps = divide_by_root(self.theta, self.s, move, self.epsilon, self.epsilon)
        names = (self.s, sym.s), (self.epsilon, sym.epsilon)
        return Shown((Step(np.multiply, (self.grad, self.rate, move)), *steps), names)


class TextbookAdam:
    """Adam in the form of its paper, with a separate state: averages, corrected one by one."""

    def __init__(
        self, theta: Array, grad: Array, memory: Array, rate: Array, settings: Settings
    ) -> None:
        self.theta, self.grad, self.rate, self.memory = theta, grad, rate, memory
        self.settings, self.epsilon = settings, np.array(epsilon_for(settings, theta).item())

    @cached_property
    def m(self) -> Array:
        """The running mean of the gradients, (P,); a separate copy after the first access."""
        return MOMENTS[0].textbook_values(self.memory[: len(self.theta)], self.settings)

    @cached_property
    def v(self) -> Array:
        """The running mean of their squares, (P,)."""
        P = len(self.theta)
        return MOMENTS[1].textbook_values(self.memory[P : 2 * P], self.settings)

    def mean(self) -> Shown:
        """Return the steps of m <- beta1 m + (1 - beta1) g."""
        m, new, beta = self.m, np.empty_like(self.m), np.array(self.settings.beta1)
        rest = np.array(1 - self.settings.beta1)
        steps = (
            Step(np.multiply, (m, beta, m)),
            Step(np.multiply, (self.grad, rest, new)),
            Step(np.add, (m, new, m)),
        )
        return Shown(steps, ((m, sym.m), (beta, sym.beta1), (rest, sym.one_minus(sym.beta1))))

    def spread(self) -> Shown:
        """Return the steps of v <- beta2 v + (1 - beta2) g * g."""
        v, new, beta = self.v, np.empty_like(self.v), np.array(self.settings.beta2)
        rest = np.array(1 - self.settings.beta2)
        steps = (
            Step(np.multiply, (v, beta, v)),
            Step(np.multiply, (self.grad, self.grad, new)),
            Step(np.multiply, (new, rest, new)),
            Step(np.add, (v, new, v)),
        )
        return Shown(steps, ((v, sym.v), (beta, sym.beta2), (rest, sym.one_minus(sym.beta2))))

    def step(self) -> Shown:
        """Return the steps of theta <- theta - rate m_hat / (sqrt(v_hat) + epsilon)."""
        theta, m_hat, v_hat = self.theta, np.empty_like(self.m), np.empty_like(self.v)
        (left1, left2), steps, names = self.corrections()
        root, move = np.empty_like(theta), np.empty_like(theta)
        steps = (
            *steps,
            Step(np.divide, (self.m, left1, m_hat)),
            Step(np.divide, (self.v, left2, v_hat)),
            Step(np.sqrt, (v_hat, root)),
            Step(np.add, (root, self.epsilon, root)),
            Step(np.divide, (m_hat, root, move)),
            Step(np.multiply, (move, self.rate, move)),
            Step(np.subtract, (theta, move, theta)),
        )
        return Shown(steps, (*names, (m_hat, sym.m_hat), (v_hat, sym.v_hat)))

    def keras_step(self) -> Shown:
        """Return the steps of theta <- theta - rate_hat m / (sqrt(v) + epsilon)."""
        theta, root2, raised, rate_hat = self.theta, *(np.zeros(()) for _ in range(3))
        (left1, left2), steps, names = self.corrections()
        root, move = np.empty_like(theta), np.empty_like(theta)
        steps = (
            *steps,
            Step(np.sqrt, (left2, root2)),
            Step(np.multiply, (self.rate, root2, raised)),
            Step(np.divide, (raised, left1, rate_hat)),
            Step(np.sqrt, (self.v, root)),
            Step(np.add, (root, self.epsilon, root)),
            Step(np.divide, (self.m, root, move)),
            Step(np.multiply, (move, rate_hat, move)),
            Step(np.subtract, (theta, move, theta)),
        )
        return Shown(steps, (*names, (rate_hat, sym.eta_hat)))

    def corrections(self) -> tuple[tuple[Array, Array], tuple[Step, ...], Names]:
        """Return 1 - beta^t of both betas as scalars, the steps that make them, and all names."""
        t, one = np.array(float(self.memory[-1])), np.ones(())
        names: list[tuple[Array, Symbol | Label]] = [
            (self.m, sym.m),
            (self.v, sym.v),
            (self.epsilon, sym.epsilon),
            (t, sym.t),
        ]
        steps, left = [Step(np.add, (t, one, t))], []
        for symbol, value in ((sym.beta1, self.settings.beta1), (sym.beta2, self.settings.beta2)):
            beta, power, rest = np.array(value), np.zeros(()), np.zeros(())
            steps += [Step(np.power, (beta, t, power)), Step(np.subtract, (one, power, rest))]
            names += [
                (beta, symbol),
                (power, Label((symbol, "^t"), f"{symbol.word}_t")),
                (rest, sym.one_minus(symbol, "t")),
            ]
            left.append(rest)
        return (left[0], left[1]), tuple(steps), tuple(names)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(sgd, stable=lambda mu: 2.0),  # LeCun et al. (1998), Efficient BackProp, 4
    "momentum": Optimizer(  # Goh (2017), Why momentum really works
        momentum, VELOCITY, has_momentum=True, stable=lambda mu: 2 + 2 * mu
    ),
    "nesterov": Optimizer(
        nesterov, VELOCITY, has_momentum=True, stable=lambda mu: (2 + 2 * mu) / (1 + 2 * mu)
    ),
    "adagrad": Optimizer(adagrad, SQUARES),
    "rmsprop": Optimizer(rmsprop, SPREADS),
    "adam": Optimizer(adam, MOMENTS, counts=True),
    "adamw": Optimizer(adamw, MOMENTS, counts=True),
}
