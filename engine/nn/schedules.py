"""Schedules: the factor of the learning rate in each epoch.

Each takes the number of epochs already trained, the schedule's length in epochs, its factor, and
the number of plateaus of the loss. It depends on nothing else, so any epoch can be repeated.
Sources: Loshchilov & Hutter (2017), SGDR, eq. 5 without restarts, for cosine; Goyal et al. (2017)
for warm-up; Keras' ReduceLROnPlateau and scikit-learn's "adaptive" for plateau.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, inf, pi
from typing import NamedTuple

Schedule = Callable[[int, int, float, int], float]  # (epochs, length, factor, drops) -> share


class PlateauState(NamedTuple):
    """The progress of training, from which plateaus are found."""

    best: float = inf  # the lowest training loss so far
    waited: int = 0  # epochs since it fell
    drops: int = 0  # plateaus so far

    def after(self, loss: float, length: int) -> PlateauState:
        """Return the state one epoch later: `length` epochs without a lower loss are a plateau."""
        if loss < self.best:
            return PlateauState(loss, 0, self.drops)
        if self.waited + 1 < length:
            return self._replace(waited=self.waited + 1)
        return PlateauState(self.best, 0, self.drops + 1)


def constant_rate(epochs: int, length: int, factor: float, drops: int) -> float:
    return 1.0


def step_decay(epochs: int, length: int, factor: float, drops: int) -> float:
    """Multiply by the factor after each length."""
    return factor ** (epochs // length)


def exponential_decay(epochs: int, length: int, factor: float, drops: int) -> float:
    """Decrease by the factor over each length, by the same share in every epoch."""
    return factor ** (epochs / length)


def cosine_annealing(epochs: int, length: int, factor: float, drops: int) -> float:
    """Decrease from 1 to the factor along half a cosine wave over one length, then stay."""
    return factor + (1 - factor) * (1 + cos(pi * min(epochs / length, 1))) / 2


def reduce_on_plateau(epochs: int, length: int, factor: float, drops: int) -> float:
    """Multiply by the factor at each plateau of the training loss."""
    return factor**drops


def linear_warmup(epochs: int, length: int, factor: float, drops: int) -> float:
    """Increase from the factor to 1 in a straight line over one length, then stay."""
    return factor + (1 - factor) * min(epochs / length, 1)


SCHEDULES: dict[str, Schedule] = {
    "constant": constant_rate,
    "step": step_decay,
    "exponential": exponential_decay,
    "cosine": cosine_annealing,
    "plateau": reduce_on_plateau,
    "warmup": linear_warmup,
}
