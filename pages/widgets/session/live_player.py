"""A player of runs on a page: the session has the one of Train, Compare has its own."""

from __future__ import annotations

from typing import Protocol

from pages.live.live_session import Live
from pages.live.requests import PlayerRequest, whole
from pages.live.view import View


class LivePlayer(Protocol):
    """What a player of runs has in a session."""

    live: Live
    asked: PlayerRequest | None  # what its browser asked of the page last

    def view(self) -> View:
        """Return what the answers to the player depend on beside its runs."""
        ...

    def note(self, asked: PlayerRequest) -> None:
        """Note what a request says about the screen."""
        ...


def epoch_of(asked: PlayerRequest, live: Live) -> int:
    """Return the epoch that a person looks at, or waits for where it has been trained."""
    if asked.get("kind") == "seek":
        return min(whole(asked.get("epoch")), live.reached)
    return whole(asked.get("at"))
