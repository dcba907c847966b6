"""Where a visitor is in the step trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.training import Event
from pages.figures.base.url import Link
from pages.widgets.session import of_session, session


class TraceKey(NamedTuple):
    """What a step trace depends on."""

    run: str
    events: tuple[Event, ...]
    epoch: int
    alone: bool
    which: int  # the batch or example


@dataclass
class Stepping:
    """Which step of which run is traced."""

    run_number: int
    epoch: int | None = None  # None: the one on the visitor's screen
    alone: bool = False  # one example alone, not a batch
    batch: int = 0
    example: int = 0  # its place in the training part, then validation, then test
    line: int = 0
    trace: tuple[TraceKey, bytes] | None = None  # the last message to the browser

    @classmethod
    def of_link(cls, link: Link, run_number: int) -> Stepping:
        """Return the step that a link asks for."""
        return cls(run_number, link.epoch, link.alone, link.batch, link.place, link.line)

    def start(self, run_number: int) -> None:
        """Go to the first step of another run; keep whether one example is traced."""
        self.run_number, self.epoch, self.trace = run_number, None, None
        self.batch = self.example = self.line = 0


def stepping_state() -> Stepping:
    """Return this visitor's step: at first that of the link, and the first one of a new run."""
    own = session()
    state = of_session(
        "stepping", lambda: Stepping.of_link(own.opening.link, own.opening.linked_run)
    )
    if state.run_number != own.run_number:
        state.start(own.run_number)
    return state
