"""The live side of a session: requests of its player, and a run that follows the one that trains.

The run that the pages read is a copy. The one that the player shows trains in another process; when
a page is about to read the copy, the copy takes over what has happened there since.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from engine.training import Run, epoch_cost, take_over
from pages.live.pool import Faulty, Pool, pool
from pages.live.view import LiveView, Specification, Standing, specification
from pages.live.worker import LiveResult

LARGE = 1e7  # products of two numbers in an epoch from which a run is trained apart
WAIT = 20.0  # seconds for the state of a run
AGAIN = 0.1  # seconds between two looks at a run that goes on


@dataclass(eq=False)
class Live:
    """The run of a session, and how far the process that trains it is."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    lock: threading.RLock = field(default_factory=threading.RLock)
    pool: Callable[[], Pool] = pool
    run: Run | None = None
    number: int = 0
    standing: Standing | None = None  # None: nothing was trained elsewhere
    reached: int = 0  # the last epoch that the player can have been shown
    looked: float = 0.0  # when the copy last took over

    def replace(self, run: Run) -> None:
        """Take another run from now on."""
        with self.lock:
            self.run, self.standing, self.reached = run, None, run.epochs
            self.number += 1

    def submit(
        self, asked: dict[str, Any] | None, view: LiveView | None = None
    ) -> Future[LiveResult]:
        """Hand a request to the process that trains; without one, ask for the state.

        Raises RuntimeError if there is no run.
        """
        with self.lock:
            run, number = self.run, self.number
            if run is None:
                raise RuntimeError("There is no run yet.")
            first = run.epochs if self.standing and self.standing.events == (*run.events,) else 0
            large = epoch_cost(run.config, run.dataset) > LARGE

            def specify() -> Specification:
                with self.lock:
                    return self.specify(run)

        return self.pool().submit((self.token, number), specify, large, asked, view, first)

    def specify(self, run: Run) -> Specification:
        """Return what the run is made from, with the changes that its copy does not know yet."""
        known = specification(run)
        if self.run is not run or self.standing in (None, Standing.of(run)):
            return known
        if self.standing.events == known.events:
            return known
        return Specification(known.config, known.dataset, self.standing.events)

    def within(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return a request about epochs that the player has seen: others would have to be trained.

        An epoch to seek has no bound, because it is trained in slices.
        """
        seen = {name: min(asked[name], self.reached) for name in ("at", "from") if name in asked}
        return asked | seen

    def note(self, number: int, standing: Standing | None) -> None:
        """Note how far the run is."""
        with self.lock:
            if number == self.number:
                self.standing = standing
                self.reached = max(self.reached, standing.epochs if standing else 0)

    def follow(self, shown: int) -> None:
        """Let the copy take over what was trained elsewhere, if it needs to."""
        run, standing = self.run, self.standing
        if run is None or standing is None or standing == Standing.of(run):
            return
        recent = perf_counter() - self.looked < AGAIN
        if recent and shown <= run.epochs and standing.events == (*run.events,):
            return
        number = self.number
        try:
            result = self.submit(None).result(WAIT)
        except (Faulty, TimeoutError):
            return  # the copy stays as it is
        with self.lock:
            if number == self.number:
                take_over(run, result.value)
                self.standing, self.looked = result.standing, perf_counter()
