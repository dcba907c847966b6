"""Local search: a search that runs in this process, in slices of time.

Only `rows` has to be kept to continue later, here or on a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import TypedDict

import numpy as np

from engine.batched import sequential_note
from engine.language import tr
from engine.search.search import Rows, Search
from engine.search.tasks import TrainingPlan


class SearchState(TypedDict):
    """The results of a search as plain values for JSON."""

    search: str  # its key
    rows: Rows


class Tuning:
    """A search that runs; `state` holds the results of an earlier one."""

    def __init__(self, search: Search, state: SearchState | None = None) -> None:
        self.search, self.plan = search, TrainingPlan(search)
        self.rows: Rows = {} if state is None else checked_rows(search, state)
        self.seconds = 0.0  # worked so far
        self.running = dict[int, float]()  # group -> share of it that is done
        self.known = self.share  # share that was done at the start
        self.work: Iterator[tuple[float, Rows]] = iter(())

    @property
    def state(self) -> SearchState:
        """Return the results as plain values for JSON, from which the same search can continue."""
        return {"search": self.search.key, "rows": self.rows}

    @property
    def waiting(self) -> list[int]:
        """Return the numbers of the groups that are not finished, the longest first."""
        open_ones = [
            number
            for number, group in enumerate(self.plan.groups)
            if not all(name in self.rows for name in self.plan.tasks(group))
        ]
        return sorted(open_ones, key=lambda number: -self.plan.efforts[number])

    @property
    def tasks(self) -> tuple[int, int]:
        """Return how many trainings (candidate and fold) are finished, and how many there are."""
        return len(self.rows), len(self.search.candidates) * self.search.folds

    @property
    def share(self) -> float:
        """Return the share of the work that is done, from 0 to 1."""
        efforts = self.plan.efforts
        left = sum(efforts[group] * (1 - self.running.get(group, 0.0)) for group in self.waiting)
        return 1 - left / sum(efforts)

    @property
    def left(self) -> float:
        """Return the estimated seconds until the end; nan before any work is done."""
        done = self.share - self.known
        return self.seconds * (1 - self.share) / done if done > 0 else np.nan

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a sentence if networks have to train one after another."""
        return sequential_note(self.plan.configs)

    def advance(self, seconds: float) -> bool:
        """Work for about `seconds`; return whether the search is finished.

        It stops when it is not called again; the finished tasks of a group are kept.
        """
        begun = perf_counter()
        try:
            return self.work_until(begun + seconds)
        finally:
            self.seconds += perf_counter() - begun

    def work_until(self, deadline: float) -> bool:
        """Work until the deadline, at least one epoch; return whether the search is finished.

        Raises RuntimeError if a group ends without finishing its tasks.
        """
        while True:
            found = next(self.work, None)
            if found is not None:
                (group,) = self.running
                self.running[group] = found[0]
                self.rows |= found[1]
            else:
                before, waiting = list(self.running), self.waiting
                self.running.clear()
                if not waiting:
                    return True
                if before[:1] == waiting[:1]:
                    raise RuntimeError(f"group {before[0]} has ended without finishing its tasks")
                self.running[waiting[0]] = 0.0
                self.work = self.plan.train(self.plan.groups[waiting[0]])
            if perf_counter() > deadline:
                return not self.waiting

    def close(self) -> None:
        """Drop the work that is half done."""
        self.running.clear()
        self.work = iter(())


def checked_rows(search: Search, state: SearchState) -> Rows:
    """Return the results in a state. Raises ValueError if they belong to another search."""
    if state["search"] != search.key:
        raise ValueError(
            tr("These results belong to another search; start this one from the beginning.")
        )
    return {name: dict(row) for name, row in state["rows"].items()}
