"""A search on this machine as its page sees it: the results so far, and how much is left."""

from __future__ import annotations

from engine.batched import sequential_note
from engine.search import Rows, Search, SearchState, TrainingPlan
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.shell.progress import remote_work


class RemoteSearch:
    """A search in a process of its own; it pauses while nobody asks how far it is."""

    def __init__(self, search: Search, plan: TrainingPlan, known: Rows) -> None:
        self.search, self.rows = search, dict(known)
        self.notes = sequential_note(plan.configs)
        self.tasks = len(search.candidates) * search.folds
        self.work = self.begin()

    def begin(self) -> RemoteWork[Rows]:
        """Return the work on all tasks without a result."""
        return remote_work("tune", self.search, dict(self.rows))

    @property
    def state(self) -> SearchState:
        """Return the results as plain values from which the search can continue anywhere."""
        return {"search": self.search.key, "rows": self.rows}

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        return self.work.share or len(self.rows) / self.tasks

    @property
    def left(self) -> float:
        """Return the estimated seconds until the end; nan if they are not known."""
        return self.work.left

    def advance(self, seconds: float) -> bool:
        """Wait for results for `seconds`; return whether all are there.

        Raises ValueError, with a sentence for people, if the search cannot go on.
        """
        if self.work.failed or self.work.evicted:
            self.work = self.begin()  # with the results so far
        try:
            return self.work.advance(seconds)
        finally:
            for rows in self.work.parts:
                self.rows |= rows

    def close(self) -> None:
        """End the process; the results so far stay."""
        self.work.stop()
