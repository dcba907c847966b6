"""Conversions: the number of a setting in other books and libraries.

Two settings are the same if they make the same step. A penalty is measured by its pull on a weight
w, a learning rate by the step for a slope, an epsilon by the divisor that it gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.language import marked


class Penalty(NamedTuple):
    """A definition of the strength of L2."""

    label: str
    term: str  # TeX of what it adds to the loss
    pull: Callable[[int, int], float]  # (batch, examples) -> slope for w = 1 and strength 1
    tex: str  # of that slope


PENALTIES: dict[str, Penalty] = {
    "here": Penalty(
        marked("λ₂ here, Keras' l2(λ)"), r"\lambda \sum W^2", lambda B, m: 2.0, r"2 \lambda W"
    ),
    "pytorch": Penalty(marked("PyTorch's weight_decay"), "", lambda B, m: 1.0, r"\lambda W"),
    "sklearn": Penalty(
        marked("scikit-learn's alpha"),
        r"\tfrac{\alpha}{2B} \sum W^2",
        lambda B, m: 1 / B,
        r"\tfrac{\alpha}{B} W",
    ),
    "ng": Penalty(
        marked("λ of deeplearning.ai and CS229"),
        r"\tfrac{\lambda}{2m} \sum W^2",
        lambda B, m: 1 / m,
        r"\tfrac{\lambda}{m} W",
    ),
    "nielsen": Penalty(
        marked("Nielsen's λ"),
        r"\tfrac{\lambda}{2m} \sum W^2",
        lambda B, m: 1 / m,
        r"\tfrac{\lambda}{m} W",
    ),
    "cs231n": Penalty(
        marked("λ of CS231n"), r"\tfrac12 \lambda \sum W^2", lambda B, m: 1.0, r"\lambda W"
    ),
    "playground": Penalty(
        marked("TensorFlow Playground's rate"),
        r"\tfrac12 \lambda \sum W^2",
        lambda B, m: 1.0,
        r"\lambda W",
    ),
}


def penalties_like(value: float, who: str, batch: int, examples: int) -> dict[str, float]:
    """Return the strengths with the same pull as `value` of PENALTIES[who], for each penalty."""
    pull = value * PENALTIES[who].pull(batch, examples)
    return {name: pull / one.pull(batch, examples) for name, one in PENALTIES.items()}


class Momentum(NamedTuple):
    """A form of momentum: its lines, and which part of the rate the velocity contains."""

    label: str
    lines: tuple[str, ...]  # TeX
    rate: Callable[[float], float]  # mu -> learning rate for the step of textbook's rate 1


MOMENTA: dict[str, Momentum] = {
    "textbook": Momentum(
        marked("textbooks, Keras, scikit-learn, here"),
        (r"v \leftarrow \mu v - \eta\, g", r"\theta \leftarrow \theta + v"),
        lambda mu: 1.0,
    ),
    "pytorch": Momentum(
        "PyTorch",
        (r"v \leftarrow \mu v + g", r"\theta \leftarrow \theta - \eta\, v"),
        lambda mu: 1.0,
    ),
    "average": Momentum(
        marked("deeplearning.ai, as a running mean"),
        (r"v \leftarrow \mu v + (1 - \mu)\, g", r"\theta \leftarrow \theta - \eta\, v"),
        lambda mu: 1 / (1 - mu),
    ),
}


def rates_like(rate: float, who: str, mu: float) -> dict[str, float]:
    """Return the learning rates that make the same steps as `rate` of MOMENTA[who], for each."""
    textbook = rate / MOMENTA[who].rate(mu)
    return {name: textbook * one.rate(mu) for name, one in MOMENTA.items()}


def epsilon_beside_plain_root(epsilon: float, beta2: float, t: int) -> float:
    """Return Adam's epsilon as Keras and scikit-learn place it, for a textbook one, at step t.

    Kingma & Ba (2015), after section 2: m_hat / (sqrt v_hat + eps) has the divisor
    sqrt v + eps sqrt(1 - beta2^t) up to the factor that goes into the rate.
    """
    return epsilon * (1 - beta2**t) ** 0.5


def epsilon_beside_corrected_root(epsilon: float, beta2: float, t: int) -> float:
    """Return Adam's textbook epsilon for one as Keras and scikit-learn place it, at step t."""
    return epsilon / (1 - beta2**t) ** 0.5


class SquaredError(NamedTuple):
    """A definition of the squared error."""

    label: str
    tex: str
    factor: Callable[[int, int], float]  # (n, K) -> factor of the sum of all squared errors


SQUARED_ERRORS: dict[str, SquaredError] = {
    "mean": SquaredError(
        marked("Keras, PyTorch, here"),
        r"\tfrac{1}{nK} \sum (a - y)^2",
        lambda n, K: 1 / (n * K),
    ),
    "half": SquaredError(
        marked("scikit-learn's steps, Nielsen"),
        r"\tfrac{1}{2n} \sum (a - y)^2",
        lambda n, K: 1 / (2 * n),
    ),
    "half_sum": SquaredError("Mazur", r"\tfrac12 \sum (a - y)^2", lambda n, K: 0.5),
    "sum": SquaredError(marked("PyTorch, reduction='sum'"), r"\sum (a - y)^2", lambda n, K: 1.0),
}


def steps_like(
    rate: float, strength: float, who: str, n: int, K: int
) -> dict[str, tuple[float, float]]:
    """Return (learning rate, L2 strength) of the same SGD steps under each of SQUARED_ERRORS."""
    own = SQUARED_ERRORS[who].factor(n, K)
    shares = {name: one.factor(n, K) / own for name, one in SQUARED_ERRORS.items()}
    return {name: (rate / share, strength * share) for name, share in shares.items()}
