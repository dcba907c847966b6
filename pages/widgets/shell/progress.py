"""Progress: work that takes a while, under a bar, and with a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from engine.language import tr
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.session import session
from pages.widgets.shell.background_job import Job, finished, progress_in_words

TICK = 0.1  # seconds between two steps of a bar
DONE = "done"


class Work(Protocol):
    """Work that can be done in slices of time."""

    def advance(self, seconds: float) -> bool:
        """Work for so long; return whether all is done. ValueError where it cannot be done."""
        ...

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        ...


T = TypeVar("T")
WorkT = TypeVar("WorkT", bound=Work)


class Task(Generic[WorkT]):
    """Work in hand: how far it is, and why it ended."""

    def __init__(self, work: WorkT, words: str, stopped: str) -> None:
        self.work = work
        self.words, self.if_stopped = words, stopped
        self.ended = ""  # DONE, or the reason why it was not done, as a sentence

    def advance(self, seconds: float) -> bool:
        """Work for so long; return whether it has ended."""
        try:
            if not self.ended and self.work.advance(seconds):
                self.ended = DONE
        except ValueError as reason:
            self.ended = str(reason)
        return bool(self.ended)

    def stop(self) -> None:
        """End it where it is."""
        self.ended = self.ended or self.if_stopped
        if isinstance(self.work, RemoteWork):
            self.work.stop()

    def over(self, name: str) -> bool:
        """Return whether it has ended; if not, continue under a bar and draw the page again.

        Very short work is done at once, without a bar.
        """
        job = Job(
            self.advance,
            lambda: (min(self.work.share, 1.0), waiting_or(self.work, self.words)),
            self.stop,
            lambda: bool(self.ended),
        )
        return finished(job, name)


def remote_work(name: str, *arguments: object) -> RemoteWork[Any]:
    """Return work for a process of its own, which ends with this visitor's session."""
    return RemoteWork(session().live.token, name, *arguments)


def progress_of(work: RemoteWork[T], what: str) -> tuple[float, str]:
    """Return how much of it is done, from 0 to 1 and in words."""
    words = progress_in_words(work.share, work.left, what)
    return work.share, waiting_or(work, words, what)


def waiting_or(work: Work, words: str, what: str = "") -> str:
    """Return the words on work under way, or those on work that waits for a process."""
    waits = isinstance(work, RemoteWork) and work.waiting
    return tr("{work}: waiting until other work has ended", work=what or words) if waits else words


def wait_for(work: RemoteWork[T], progress: Callable[[float], None]) -> T:
    """Return the result of work that others do; call `progress` with its share in between.

    A click that ends the script ends the work. Raises ValueError if it cannot be done.
    """
    try:
        while not work.advance(TICK):
            progress(work.share)
        return work.result
    finally:
        work.stop()


def with_bar(
    words: str, work: Callable[[Callable[[float], None]], None], stop: str = "", key: str = ""
) -> None:
    """Do work in one go under a bar; `work` gets a function that moves the bar.

    With the label of a button in `stop`, the work can be stopped: the click ends the script, and
    the page is drawn again.
    """
    place, last = st.empty(), monotonic()
    with place.container():
        bar = st.progress(0.0, words)
        if stop:
            st.button(stop, icon=":material/stop:", key=key)

    def heard(share: float) -> None:
        nonlocal last
        if monotonic() - last >= TICK:
            last = monotonic()
            bar.progress(min(share, 1.0), words)

    try:
        work(heard)
    except Exception:  # a click that ends the script is not an error
        place.empty()
        raise
    place.empty()
