"""The bench: the mistake that a visitor has put into the program, and the measurements so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from engine.check import Check
from engine.faults import FAULTS
from engine.run import Run

AT_ONCE = 0.4  # seconds of work without a bar
SLICE, PAUSE = 0.3, 0.1  # seconds of work between two moves of a bar, and between two slices


@dataclass
class Bench:
    """What a visitor has on the bench: a mistake, known or dealt, and the measurements so far."""

    fault: str = ""
    dealt: str = ""  # a mistake that is not named
    guesses: list[str] = field(default_factory=list)
    told: str = ""  # the dealt mistake, once it is named
    guessed: bool = False  # whether it was named by a guess
    checks: dict[tuple, Check] = field(default_factory=dict)
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
    return [name for name, fault in FAULTS.items() if not fault.obstacle(run.head)]


class Job(NamedTuple):
    """Work that may take long: a slice of it, how far it is, and a way to end it early."""

    advance: Callable[[float], bool]  # works so many seconds; whether all is done
    share: Callable[[], tuple[float, str]]  # done so far, 0 to 1 and in words
    stop: Callable[[], None]
    stopped: Callable[[], bool]


def finished(job: Job, name: str) -> bool:
    """Whether a job is over; if not it goes on under a bar, and the page is drawn anew at its end.

    What is clicked in a fragment waits until the run of the script ends: only slices with pauses
    between them let a person stop.
    """
    if job.stopped() or job.advance(AT_ONCE):
        return True
    go_on(job, name)
    return False


@st.fragment(run_every=PAUSE)
def go_on(job: Job, name: str) -> None:
    """Nothing; one slice of a job; the browser asks for the next one as long as it is open."""
    if job.stopped():
        st.rerun()
    share, words = job.share()
    st.progress(share, words)
    st.button("Stop", icon=":material/stop:", on_click=job.stop, key=f"{name}.stop")
    if job.advance(SLICE):
        st.rerun()
