"""The bench: the mistake that a visitor has put into the program, and the measurements so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from engine.gradcheck import BUGS, GradientCheck
from engine.training import Run


@dataclass
class BugSession:
    """What a visitor has on the bench: a mistake, known or dealt, and the measurements so far."""

    chosen_bug: str = ""
    secret_bug: str = ""  # a mistake that is not named
    guesses: list[str] = field(default_factory=list)
    revealed_bug: str = ""  # the dealt mistake, once it is named
    guessed: bool = False  # whether it was named by a guess
    checks: dict[tuple, GradientCheck] = field(default_factory=dict)
    requested_check: tuple = ()  # the key of a long measurement that was asked for
    stopped: tuple = ()  # the key of the measurement that was stopped

    @property
    def active_bug(self) -> str:
        """The key of the mistake in the program, or ""."""
        return self.secret_bug or self.chosen_bug


def bug_session(run: Run | None = None) -> BugSession:
    """This visitor's bench; a mistake dealt for another network than that of `run` is taken out."""
    if "bug_session" not in st.session_state:
        st.session_state["bug_session"] = BugSession()
    own = st.session_state["bug_session"]
    if run is not None and own.secret_bug and own.secret_bug not in possible_bugs(run):
        own.secret_bug = ""
    return own


def possible_bugs(run: Run) -> list[str]:
    """The keys of the mistakes that can be made in this run's program."""
    return [name for name, bug in BUGS.items() if not bug.not_applicable(run.live)]
