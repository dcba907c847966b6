"""The bug that a person has put into the program, and the checks so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.gradcheck import BUGS
from engine.training import Run
from pages.widgets.session import of_session
from pages.widgets.step.check_work import CheckWork


@dataclass
class BugSession:
    """The bug that one person has chosen, known or secret, and the checks so far."""

    chosen_bug: str = ""
    secret_bug: str = ""  # a bug that is not named
    guesses: list[str] = field(default_factory=list)
    revealed_bug: str = ""  # the secret bug, once it is named
    guessed: bool = False  # whether it was named by a guess
    checks: dict[tuple, CheckWork] = field(default_factory=dict)
    requested_check: tuple = ()  # the key of a long measurement that was asked for
    stopped: tuple = ()  # the key of the measurement that was stopped

    @property
    def active_bug(self) -> str:
        """Return the name of the bug in the program, or ""."""
        return self.secret_bug or self.chosen_bug


def bug_session(run: Run | None = None) -> BugSession:
    """Return this person's session; drop a secret bug that `run` cannot have."""
    bugs = of_session("bug_session", BugSession)
    if run is not None and bugs.secret_bug and bugs.secret_bug not in possible_bugs(run):
        bugs.secret_bug = ""
    return bugs


def possible_bugs(run: Run) -> list[str]:
    """Return the names of the bugs that can occur in this run's program."""
    return [name for name, bug in BUGS.items() if not bug.not_applicable(run.live)]
