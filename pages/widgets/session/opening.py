"""What the link of a visitor asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.training import Config
from pages.figures.base.url import Link


@dataclass
class Opening:
    """What a link asks for, until it has been reached or left."""

    link: Link = field(default_factory=Link)
    linked_run: int = 0  # the number of the run that the link has opened
    goto: int = 0  # an epoch
    check: str = ""  # its loss
    example: str = ""
    waiting: Config | None = None  # what can be opened only once its table is here

    def leave(self) -> None:
        """Forget the epoch: something else is looked at."""
        self.goto, self.check = 0, ""


def finite_number(text: str) -> float | None:
    """Return the finite number that a link spells, if any."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
