"""Cluster: a search on the workers of a Dask scheduler, on this machine or on many.

One group of runs is one task of a worker. If a worker stops, only its current task is lost, and the
scheduler gives it to another worker. The search stops if no page asks for results any more: a watch
on the event loop of the connection cancels waiting tasks, and running tasks check for it.

Most servers have no cluster, so Dask is loaded by the first search on one: it takes a quarter of a
second, and 20 MB in each process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import lru_cache
from math import inf
from time import monotonic, perf_counter, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.language import tr
from engine.search.local import SearchState, Tuning
from engine.search.search import Rows, Search
from engine.search.tasks import TrainingPlan

if TYPE_CHECKING:
    from distributed import Future, LocalCluster

ADDRESS_VARIABLE = "DELTASCOPE_CLUSTER"  # environment variable: allowed schedulers, comma-separated
LEASE, LOOK = 1.2, 0.25  # seconds without a question until tasks are cancelled; between checks
CONNECT_SECONDS = 5  # seconds to find the scheduler
MOST_TRIES = 3  # for a group that is lost or given up by the scheduler


def permitted_address(address: str) -> str:
    """Return the address if the app may connect to it for a visitor.

    A scheduler can run code in the process that connects to it, and a connection to an address that
    a visitor chose could reach any service, also on this machine. So only the addresses in the
    variable DELTASCOPE_CLUSTER are allowed. Raises ValueError if the address is not one of them.
    """
    if address in allowed_addresses():
        return address
    raise ValueError(
        tr(
            "This app may not connect to {address}; its operator can allow an address in "
            "the variable {variable}.",
            address=address[:60],
            variable=ADDRESS_VARIABLE,
        )
    )


def allowed_addresses() -> list[str]:
    """Return the schedulers that the operator of the app allows, such as tcp://host:8786."""
    named = [one.strip() for one in os.environ.get(ADDRESS_VARIABLE, "").split(",")]
    return [
        one for one in named if urlsplit(one).scheme in ("tcp", "tls") and urlsplit(one).hostname
    ]


def workers_here(count: int) -> LocalCluster:
    """Return a cluster of `count` processes on this machine; close it, or use it in a `with`."""
    from distributed import LocalCluster

    # Port 0: each cluster takes a free port; without it Dask takes 8787 and warns.
    anywhere: dict[str, Any] = {"dashboard_address": "127.0.0.1:0"}
    return LocalCluster(n_workers=count, threads_per_worker=1, processes=True, **anywhere)


class ClusterTuning(Tuning):
    """A search that runs on the cluster at an address."""

    def __init__(self, search: Search, address: str, state: SearchState | None = None) -> None:
        """Connect to the scheduler. Raises ValueError if none answers at the address."""
        from distributed import Client

        super().__init__(search, state)
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except OSError:
            raise ValueError(
                tr("No Dask scheduler answers at {address}.", address=address)
            ) from None
        self.futures: dict[int, Future] = {}
        self.lost = dict[int, int]()  # group -> how often it was lost
        self.round = 0
        self.asked = monotonic()  # when the last question ended; infinity during one

    @property
    def workers(self) -> int:
        """Return how many workers the cluster has at the moment."""
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def work_until(self, deadline: float) -> bool:
        """Collect results until the deadline; return whether the search is finished."""
        self.asked = inf  # to compute a lost result again may take longer than LEASE
        try:
            return self.collect_until(deadline)
        finally:
            self.asked = monotonic()

    def collect_until(self, deadline: float) -> bool:
        """Submit the groups if needed, then collect; return whether the search is finished."""
        if not self.futures and self.waiting:
            self.submit()
        while True:
            self.gather()
            if not self.waiting:
                self.close_round()
                return True
            if (rest := deadline - perf_counter()) <= 0:
                return False
            sleep(min(rest, 0.05))

    def submit(self) -> None:
        """Submit all unfinished groups to the scheduler and start to watch for requests."""
        from distributed import Event

        self.round += 1
        self.stop = Event(f"stop-{self.client.id}-{self.round}", client=self.client)
        self.shared = self.client.submit(identity, self.search, key=f"search-{self.stop.name}")
        for group in self.waiting:
            self.submit_group(group)
        loop: Any = self.client.loop
        loop.add_callback(self.watch, self.round)

    def submit_group(self, group: int) -> None:
        """Submit one group to the scheduler."""
        key = f"group-{group}-{self.lost.get(group, 0)}-{self.stop.name}"
        self.futures[group] = self.client.submit(
            train_group, self.shared, group, self.stop.name, key=key
        )

    def gather(self) -> None:
        """Store the results that are ready; submit lost groups again, at most MOST_TRIES times.

        Raises ValueError if a group failed with an error, or was lost MOST_TRIES times.
        """
        from distributed import KilledWorker

        for group, future in [pair for pair in self.futures.items() if pair[1].done()]:
            if future.status == "finished":
                # A worker that is lost takes finished results with it: they are computed again.
                with suppress(CancelledError, KilledWorker):
                    self.rows |= future.result()
                    self.futures.pop(group, None)  # the watch may have been quicker
                    continue
            reason = future.exception() if future.status == "error" else tr("it was lost")
            self.lost[group] = self.lost.get(group, 0) + 1
            mistake = isinstance(reason, Exception) and not isinstance(reason, KilledWorker)
            if mistake or self.lost[group] == MOST_TRIES:
                self.close_round()
                raise ValueError(
                    tr(
                        "The cluster could not carry out a part of the search: {reason}.",
                        reason=reason,
                    )
                )
            self.submit_group(group)

    async def watch(self, own: int) -> None:
        """Cancel the tasks of this round if no page has asked for results for LEASE seconds."""
        while self.round == own and self.futures:
            if monotonic() - self.asked > LEASE:
                await self.cancel_tasks()
                return
            await asyncio.sleep(LOOK)

    async def cancel_tasks(self) -> None:
        """Stop the tasks that run and cancel those that wait."""
        futures, self.futures = list(self.futures.values()), {}
        with suppress(OSError, asyncio.CancelledError):
            await self.stop.set()
            await self.client.cancel(futures, asynchronous=True)

    def close_round(self) -> None:
        """Cancel the tasks of the current round."""
        self.round += 1
        if self.futures:
            self.client.sync(self.cancel_tasks)

    def close(self) -> None:
        """Cancel all tasks and close the connection."""
        self.close_round()
        self.client.close()


# Run by a worker


def identity(search: Search) -> Search:
    """Return the search unchanged: as a separate task it is sent to each worker only once."""
    return search


@lru_cache(maxsize=2)
def plan_of(search: Search) -> TrainingPlan:
    """Return the training plan of a search; each worker makes it once."""
    return TrainingPlan(search)


def train_group(search: Search, group: int, stop: str) -> Rows:
    """Return the results of a group of runs; if it is stopped early, those that are finished."""
    from distributed import Event

    plan, rows = plan_of(search), dict[str, dict[str, float | None]]()
    stopped = at_most_every(LOOK, Event(stop).is_set)
    for _, finished in plan.train(plan.groups[group]):
        rows |= finished
        if stopped():
            break
    return rows


def at_most_every(seconds: float, ask: Callable[[], object]) -> Callable[[], bool]:
    """Return a function that calls `ask` at most once in `seconds`, else returns False."""
    asked = monotonic()

    def answer() -> bool:
        nonlocal asked
        if monotonic() - asked < seconds:
            return False
        asked = monotonic()
        return bool(ask())

    return answer
