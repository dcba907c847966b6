"""What the runs of a step give: computed once for everybody, since the runs are pinned."""

from __future__ import annotations

import threading
from collections import OrderedDict

import streamlit as st

from engine.language import tr
from engine.lessons import LessonStep
from pages.live.jobs.lesson import LessonResult
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import say
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.progress import progress_of, remote_work

MOST = 200  # results that the server keeps


class Results:
    """The results of steps, the latest of them."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.lock = most, threading.Lock()
        self.known: OrderedDict[LessonStep, LessonResult] = OrderedDict()

    def get(self, step: LessonStep) -> LessonResult | None:
        """Return the result of a step, or None if it is not known."""
        with self.lock:
            return self.known.get(step)

    def put(self, step: LessonStep, result: LessonResult) -> None:
        """Keep the result of a step."""
        with self.lock:
            self.known[step] = result
            while len(self.known) > self.most:
                self.known.popitem(last=False)


RESULTS = Results()


def advance(seconds: float) -> bool:
    """Work on the result of the step on the screen; return whether it is known.

    Raises ValueError if it cannot be computed.
    """
    state = lesson_state()
    step, place = state.step, state.stage.step
    if RESULTS.get(step) is not None:
        state.leave_work()
        return True
    if state.work is None or state.worked_for != place:
        state.leave_work()
        state.work, state.worked_for = remote_work("run lesson", step), place
    if not state.work.advance(seconds):
        return False
    RESULTS.put(step, state.work.result)
    return True


def result() -> LessonResult | None:
    """Return the result of the step; where it is not there yet, draw how far it is."""
    state = lesson_state()
    job = Job(
        advance,
        lambda: progress_of(state.work, tr("Measuring the runs")) if state.work else (0.0, ""),
        state.leave_work,
        lambda: False,
    )
    try:
        over = finished(job, "lesson_result")
    except ValueError as reason:
        foreign.error(str(reason), ":material/error:")
        return None
    return RESULTS.get(state.step) if over else None


def draw_evidence(found: LessonResult) -> None:
    """Draw the sentence that the runs give."""
    with st.container(border=True, key="evidence"):
        st.markdown(tr("**What the run shows**"))
        say(found.evidence)
