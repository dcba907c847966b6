"""What is on the visitor's screen: a page, and an epoch in its player."""

from __future__ import annotations

from dataclasses import dataclass

from pages.live.requests import PlayerRequest


@dataclass
class Screen:
    """What the browser has reported of its player."""

    shown: int = 0  # the epoch on the screen, as far as known
    looked: int = -1  # the number of the run of which it was reported
    furthest: int = 0  # the last epoch of that run that was on the screen
    playing: bool = False
    set_up: str = ""  # the name of the set-up that the player has

    def note(self, epoch: int, run_number: int, asked: PlayerRequest) -> None:
        """Note that a player shows an epoch of a run, and what else a request says of it."""
        before = self.furthest if self.looked == run_number else 0
        self.shown, self.looked, self.furthest = epoch, run_number, max(epoch, before)
        self.playing, self.set_up = bool(asked.get("playing")), asked.get("setup", "")


@dataclass
class DrawnPage:
    """The page as it was drawn last."""

    page: str = ""  # its name
    arrived: bool = True  # whether it was another before
    run_number: int = -1  # the number of the run for which it was drawn
    due: bool = False  # whether the whole page is to be drawn again
