"""Changes of a session: whole, one after the other, and known to the player at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pages.widgets.session.screen import DrawnPage
from pages.widgets.session.visitor_session import session

P = ParamSpec("P")
T = TypeVar("T")


def undivided(change: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes a change while the session's other threads wait with theirs.

    A visitor has two threads when a newer message of the browser replaces a run of the page.
    The player is sent what has changed when the outermost change is complete.
    """

    @wraps(change)
    def changing(*args: P.args, **kwargs: P.kwargs) -> T:
        own = session()
        with own.turn.lock:
            before = own.view()
            own.turn.changes += 1
            try:
                result = change(*args, **kwargs)
            finally:
                own.turn.changes -= 1
            if own.turn.changes == 0 and own.view() != before:
                own.drawn.due = True
                own.announce()
            return result

    return changing


@undivided
def arrive_at(page: str) -> None:
    """Note which page is drawn, and whether the visitor has just come to it."""
    own = session()
    own.drawn = DrawnPage(page, own.drawn.page != page, own.run_number)
    if own.drawn.arrived:
        own.screen.set_up = ""  # this page has a player of its own


def pop_messages() -> list[str]:
    """Return the messages that wait for the visitor, and forget them."""
    own = session()
    notes, own.notes = own.notes, []
    return notes
