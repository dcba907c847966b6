"""Numbers as a person types them: with a comma or a point, and with as many digits as they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import floor
from typing import NamedTuple

from engine.language import tr

SPELLED = re.compile(r"([+-]?)([0-9]{0,20})(?:[.,]([0-9]{0,20}))?(?:[eE]([+-]?[0-9]{1,2}))?")
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": "", "\u202f": "", " ": ""})
FEWEST_DIGITS, FEWEST_DECIMALS = 2, 3


class TypedNumber(NamedTuple):
    """A typed number and how precisely it was typed."""

    value: float
    unit: float  # the value of one step of its last digit
    digits: int  # significant ones
    decimals: int

    @property
    def precise_enough(self) -> bool:
        """Return whether it has enough digits for a rounded number."""
        return self.digits >= FEWEST_DIGITS or self.decimals >= FEWEST_DECIMALS

    def rounds(self, exact: float, slack: float = 0.0) -> bool:
        """Return whether it is `exact` rounded to its digits, give or take `slack`."""
        return abs(self.value - exact) <= self.unit / 2 * (1 + 1e-6) + slack + 1e-12

    def is_coarse(self, targets: Sequence[float], slack: float) -> bool:
        """Return whether it has too few digits, but could be one of the targets."""
        return not self.precise_enough and any(self.rounds(one, slack) for one in targets)

    def is_cut_off(self, exact: float) -> bool:
        """Return whether it is `exact` without the digits after its last one, not rounded."""
        kept = floor(abs(exact) / self.unit + 1e-9) * self.unit
        cut = kept if exact >= 0 else -kept
        return abs(self.value - cut) <= 1e-6 * self.unit and not self.rounds(exact)

    def equals(self, exact: float) -> bool:
        """Return whether it is `exact` but for the rounding of the computer."""
        return abs(self.value - exact) <= 1e-9 * max(1.0, abs(exact))


def read_typed(text: str) -> TypedNumber:
    """Return the number that a person has typed, such as 0.25, -,5 or 1e-3.

    Raises ValueError if the text is not a number.
    """
    spelled = SPELLED.fullmatch(text.translate(MINUS_SIGNS))
    sign, whole, fraction, exponent = spelled.groups() if spelled else ("", "", "", "")
    digits = whole + (fraction or "")
    if not digits:
        raise ValueError(tr("This is not a number. Write it like 0.25 or -1.5."))
    power = int(exponent or 0) - len(fraction or "")
    value = float(f"{sign}{digits}e{power}")
    return TypedNumber(value, 10.0**power, len(digits.lstrip("0")), max(0, -power))
