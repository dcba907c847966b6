"""Space: what a search may vary, as values or ranges to draw from, and its text in a link."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, log
from typing import NamedTuple

import numpy as np

from engine.language import marked, tr
from engine.training import CHOICES, DEFAULTS, quoted, read_choice, read_setting, write_choice

WRONG_RANGE = marked(
    "The range of {label} must go from a lower to a higher number; {low:g} to {high:g} was given."
)
WRONG_LOGARITHMIC = marked(
    "The range of {label} must go from a lower to a higher number, both above 0; "
    "{low:g} to {high:g} was given."
)


class Range(NamedTuple):
    """A range of numbers to draw from: uniform, or uniform on a logarithmic scale."""

    low: float
    high: float
    logarithmic: bool = False

    def draw(self, random: np.random.Generator, whole: bool) -> float:
        """Return one number, rounded to three digits or to a whole number."""
        if self.logarithmic:
            found = exp(random.uniform(log(self.low), log(self.high)))
        else:
            found = random.uniform(self.low, self.high)
        if whole:
            return round(found)
        rounded = float(f"{found:.3g}")
        return rounded if self.low <= rounded <= self.high else found


Space = Mapping[str, tuple | Range]  # name of a choice -> values, or a range


def check_range(name: str, given: Range, draws: int) -> None:
    """Raise ValueError if numbers cannot be drawn from this range."""
    label = f"{tr(CHOICES[name].label)} ({name})"
    if not draws:
        raise ValueError(
            tr("{label} is a range; give single values, or draw candidates at random.", label=label)
        )
    if not isinstance(DEFAULTS[name], int | float):
        raise ValueError(
            tr("{label} is not a number, so it cannot have a range; give its values.", label=label)
        )
    if isinstance(DEFAULTS[name], int) and (given.low % 1 or given.high % 1):
        raise ValueError(
            tr("{label} is a whole number, so its range must begin and end with one.", label=label)
        )
    least = 0 if given.logarithmic else -inf
    if not least < given.low <= given.high < inf:
        wrong = WRONG_LOGARITHMIC if given.logarithmic else WRONG_RANGE
        raise ValueError(tr(wrong, label=label, low=given.low, high=given.high))


def write_space(space: Space) -> str:
    """Return the text in a link: hidden:4|8-8;learning_rate:0.01|0.1;l2:0.0001~0.1~log."""
    parts = []
    for name, given in space.items():
        if isinstance(given, Range):
            text = f"{given.low!r}~{given.high!r}" + ("~log" if given.logarithmic else "")
        else:
            text = "|".join(map(write_choice, given))
        parts.append(f"{name}:{text}")
    return ";".join(parts)


def read_space(text: str) -> tuple[dict[str, tuple | Range], list[str]]:
    """Return the space that a link describes, and a sentence for each part that is ignored.

    It raises no ValueError: bad parts are ignored.
    """
    space, notes = dict[str, tuple | Range](), list[str]()
    for part in filter(None, text[:5000].split(";")):
        name, _, values = part.partition(":")
        try:
            if name not in CHOICES:
                raise ValueError(tr("{name} is not a known setting.", name=quoted(name)))
            space[name] = read_choice_values(name, values)
        except ValueError as reason:
            notes.append(
                tr("A part of the search in the link was ignored: {reason}", reason=reason)
            )
    return space, notes


def read_choice_values(name: str, text: str) -> tuple | Range:
    """Return the values of a choice, or a range. Raises ValueError if a value is not allowed."""
    one, like = CHOICES[name], DEFAULTS[name]
    if "~" in text:
        low, high, *kind = text.split("~")
        if not isinstance(like, int | float) or kind not in ([], ["log"]):
            raise ValueError(
                tr(
                    "{label} ({name}) cannot have the range {text}.",
                    label=tr(one.label),
                    name=name,
                    text=quoted(text),
                )
            )
        return Range(
            read_choice(name, low, one, 0.0), read_choice(name, high, one, 0.0), bool(kind)
        )
    return tuple(read_setting(name, word) for word in text.split("|"))
