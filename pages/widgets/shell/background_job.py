"""Long work on a page in slices, so that it can be stopped and ends with the page.

A fragment waits for a slice of time, shows the progress, and asks to run again. The work is done in
a process of its own (`pages/live/jobs`), which pauses when nobody asks any more: when the tab is
closed, there is no next slice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from engine.language import tr
from pages.figures.base.text import many, percent

AT_ONCE = 0.4  # seconds of work without a bar
SLICE, PAUSE = 0.3, 0.1  # seconds of work between two moves of a bar, and between two slices


def alone() -> bool:
    """Return whether this fragment runs without the rest of the page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def again() -> None:
    """Run this fragment once more, unless the whole page runs and must not be cut short."""
    if alone():
        st.rerun(scope="fragment")


def run_after_page() -> None:
    """Run this fragment alone once the page is drawn, if now the whole page runs."""
    context, fragment = get_script_run_ctx(), ThreadState.get().fragment_id
    if context is None or context.script_requests is None or fragment is None or alone():
        return
    after = RerunData(
        query_string=context.query_string,
        page_script_hash=context.page_script_hash,
        fragment_id_queue=[fragment],
        cached_message_hashes=context.cached_message_hashes,
        context_info=context.context_info,
    )
    context.script_requests.request_rerun(after)  # as a click in the fragment would


def span_of_time(seconds: float) -> str:
    """Return seconds in words: 2 s, 3 min, 1.5 h; empty if they are not known."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 2:
        return tr("a second")
    if seconds < 90:
        return many(round(seconds), "second")
    if seconds < 5400:
        return many(round(seconds / 60), "minute")
    return tr("{hours:.1f} hours", hours=seconds / 3600)


def progress(share: float, left: float, what: str) -> None:
    """Draw a bar with the finished share and the remaining time."""
    st.progress(min(max(share, 0.0), 1.0), progress_in_words(share, left, what))


def progress_in_words(share: float, left: float, what: str) -> str:
    """Return the finished share and, if it is known, the remaining time in seconds, in words."""
    if not math.isfinite(left):
        return tr("{work}: {share}", work=what, share=percent(share))
    time = span_of_time(left)
    return tr("{work}: {share}, about {time} left", work=what, share=percent(share), time=time)


class Job(NamedTuple):
    """Work that may take long: a slice of it, how far it is, and a way to end it early."""

    advance: Callable[[float], bool]  # work, or wait, for these seconds; whether all is done
    share: Callable[[], tuple[float, str]]  # done so far, 0 to 1 and in words
    stop: Callable[[], None]
    stopped: Callable[[], bool]


def finished(job: Job, name: str) -> bool:
    """Return whether a job is over; if not, continue it under a bar and redraw the page at its end.

    What is clicked in a fragment waits until the run of the script ends: only slices with pauses
    between them let a person stop.
    """
    if job.stopped() or job.advance(AT_ONCE):
        return True
    go_on(job, name)
    return False


@st.fragment(run_every=PAUSE)
def go_on(job: Job, name: str) -> None:
    """Do one slice of a job; the browser asks for the next one while it is open."""
    if job.stopped():
        st.rerun()
    draw_progress(job, name)
    try:
        over = job.advance(SLICE)
    except ValueError:  # the page asks once more, and says why
        over = True
    if over:
        st.rerun()


def in_slices(job: Job, name: str) -> bool:
    """Return whether a job is over after one more slice in the fragment that calls this.

    If not, its progress is drawn and the fragment runs again; the rest of the page is left alone.
    When the whole page runs, it is not cut short: a button continues the job.
    """
    if job.stopped() or job.advance(SLICE):
        return True
    draw_progress(job, name)
    again()
    st.button(tr("Continue"), key=f"{name}.on")
    return False


def draw_progress(job: Job, name: str) -> None:
    """Draw how far a job is, and a button that stops it."""
    share, words = job.share()
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    bar.progress(min(max(share, 0.0), 1.0), words)
    stop.button(tr("Stop"), on_click=job.stop, key=f"{name}.stop", width="stretch")
