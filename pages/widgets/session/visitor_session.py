"""What one visitor has: choices, a run, a table, messages; and how to find it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.evaluation import Pair
from engine.language import language
from engine.training import Config, Run
from pages.figures.base.url import Controls
from pages.live.answers import introduction, reminder
from pages.live.live_session import Live
from pages.live.pool import forget
from pages.live.requests import PlayerRequest
from pages.live.view import LiveView, Tried
from pages.widgets.session.live_player import LivePlayer, epoch_of
from pages.widgets.session.opening import Opening, finite_number
from pages.widgets.session.own_table import OwnTable
from pages.widgets.session.screen import DrawnPage, Screen
from pages.widgets.session.streamlit_state import of_session


@dataclass
class ChangeLock:
    """Whose turn it is to change a session: a visitor can have two threads."""

    lock: threading.RLock = field(default_factory=threading.RLock)  # held while a change is made
    changes: int = 0  # that are being made, one inside another


class Session:
    """One visitor's choices and run."""

    def __init__(self) -> None:
        self.turn = ChangeLock()
        self.config = Config()
        self.language = language()
        self.notes: list[str] = []  # sentences for the person about the link or the last touch
        self.live = Live()
        SESSIONS[self.live.token] = self
        weakref.finalize(self, forget, self.live.token)
        self.opening, self.drawn, self.screen = Opening(), DrawnPage(), Screen()
        self.table: OwnTable | None = None
        self.pair: Pair = ()  # what the decision view shows
        self.send: Callable[[bytes], bool] | None = None  # hands the player a message
        self.asked: PlayerRequest | None = None  # what the player asked last
        self.tried: Tried | None = None
        self.comparing: LivePlayer | None = None  # the player of the page Compare

    def player_of(self, run_id: str) -> LivePlayer:
        """Return the player that shows the run, or the set of runs, of this name."""
        return self.comparing if self.comparing and run_id.startswith("runs ") else self

    def view(self) -> LiveView:
        """Return what the answers to the player depend on beside its run."""
        findings = self.drawn.page != "lessons"  # where they would be the answer to a question
        run_id, controls = f"run {self.run_number}", self.controls
        return LiveView(run_id, self.config, self.pair, self.tried, findings, controls)

    def introduce(self, answered: int = 0, behind: bool = False) -> bytes:
        """Return the set-up of the run for its player, as an answer to one of its requests.

        A player that has the set-up already gets the rest of it through its own connection. It
        learns whether the page is `behind`: then it asks for the page when the film is paused.
        Raises RuntimeError if there is no run yet.
        """
        view, screen = self.view(), self.screen
        said = {"token": self.live.token} | ({"behind": True} if behind else {})
        if self.live.run is None or self.live.standing is None:
            raise RuntimeError("There is no run yet.")
        if screen.set_up == view.setup_id:
            return reminder(answered, self.live.run.config, self.live.standing, view, said)
        self.live.follow(screen.shown)
        asked = self.opening
        opening = {"check": finite_number(asked.check), "example": asked.example}
        if screen.looked == self.run_number and not asked.goto:
            opening["reached"] = screen.furthest  # more is trained, but was never on the screen
        goto = asked.goto or screen.shown
        return introduction(answered, self.live.run, view, goto, said, **opening)

    def announce(self) -> None:
        """Send the player on the screen what has changed, before the page is drawn again.

        A player that has said nothing yet, or is about to leave, learns it from the page.
        """
        if self.send is None or self.drawn.page != "train" or not self.screen.set_up:
            return
        if self.send(self.introduce(behind=self.can_wait)):
            self.screen.set_up = self.view().setup_id

    def note(self, asked: PlayerRequest) -> None:
        """Note which epoch is on the screen: what is pressed next is about it."""
        self.screen.note(epoch_of(asked, self.live), self.run_number, asked)
        if asked.get("kind") == "shown":
            self.opening.goto = 0  # what a link asked for has been reached, or left

    @property
    def can_wait(self) -> bool:
        """Return whether the page may be drawn again later: a live choice, and the film plays."""
        same = self.drawn.run_number == self.run_number and not self.notes
        plays = self.screen.playing and self.send is not None
        return self.drawn.page == "train" and plays and same

    @property
    def controls(self) -> Controls:
        """Return the controls that the link hides or locks."""
        return self.opening.link.controls

    @property
    def run(self) -> Run | None:
        """Return the run as the pages read it; None before the first one."""
        return self.live.run

    @property
    def run_number(self) -> int:
        """Return the number of the run: a new run has a new one."""
        return self.live.number


SESSIONS: weakref.WeakValueDictionary[str, Session] = weakref.WeakValueDictionary()


def session_of(token: str) -> Session | None:
    """Return the session with this token, as long as it lasts."""
    return SESSIONS.get(token)


def session() -> Session:
    """Return this visitor's session."""
    return of_session("session", Session)


def other_sessions(own: Session) -> list[Session]:
    """Return the sessions of other visitors, who come and go meanwhile."""
    found = [reference() for reference in SESSIONS.valuerefs()]  # a list, made in one piece
    return [one for one in found if one is not None and one is not own]
