"""The bench: the mistake that a visitor has put into the program, and the measurements so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from engine.gradcheck import BUGS, GradientCheck
from engine.training import Run


@dataclass
class Bench:
    """What a visitor has on the bench: a mistake, known or dealt, and the measurements so far."""

    fault: str = ""
    dealt: str = ""  # a mistake that is not named
    guesses: list[str] = field(default_factory=list)
    told: str = ""  # the dealt mistake, once it is named
    guessed: bool = False  # whether it was named by a guess
    checks: dict[tuple, GradientCheck] = field(default_factory=dict)
    wanted: tuple = ()  # the key of a long measurement that was asked for
    stopped: tuple = ()  # the key of the measurement that was stopped

    @property
    def planted(self) -> str:
        """The key of the mistake in the program, or ""."""
        return self.dealt or self.fault


def bench(run: Run | None = None) -> Bench:
    """This visitor's bench; a mistake dealt for another network than that of `run` is taken out."""
    if "bench" not in st.session_state:
        st.session_state["bench"] = Bench()
    own = st.session_state["bench"]
    if run is not None and own.dealt and own.dealt not in possible(run):
        own.dealt = ""
    return own


def possible(run: Run) -> list[str]:
    """The keys of the mistakes that can be made in this run's program."""
    return [name for name, bug in BUGS.items() if not bug.not_applicable(run.live)]
