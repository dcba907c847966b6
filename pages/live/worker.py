"""A process that trains: it answers the players of many visitors in fair turns.

It reads requests from a pipe and works on them a slice at a time, one after the other, so a large
network delays a small one by a slice and no more. It keeps as many runs as its memory allows; the
run that was not used for the longest time goes first, and is built again when it is asked for.
"""

from __future__ import annotations

import os
import traceback
from collections import OrderedDict, deque
from collections.abc import Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from engine.training import estimate_run_bytes, state_of_run
from pages.live.answers import LiveRun, answering
from pages.live.pace import CAPACITY, Pacer
from pages.live.view import LiveView, Specification, Standing

Key = tuple[str, int]  # the token of a session, the number of its run


class LiveJob(NamedTuple):
    """What a process is to do: answer a request, or give the state of a run."""

    number: int  # by which its result is known
    key: Key
    asked: dict[str, Any] | None  # None: the state is wanted
    view: LiveView | None
    first: int = 0  # the epoch from which a state needs records
    capacity: float = CAPACITY  # share of a core that the players of the process may plan with
    specification: Specification | None = None  # sent when the process does not know the run


class WorkerFigures(NamedTuple):
    """What a process holds and has done: figures for the operator."""

    runs: int = 0
    bytes: int = 0  # of these runs, estimated
    epochs: int = 0  # trained since the process started


class LiveResult(NamedTuple):
    """What became of a job."""

    number: int
    value: Any = None  # bytes of an answer, or a RunState
    standing: Standing | None = None
    missing: bool = False  # the run is not known here: send its specification
    fault: str = ""  # the traceback of a fault of ours
    figures: WorkerFigures = WorkerFigures()


@dataclass
class Turn:
    """A job under way."""

    job: LiveJob
    work: Generator[None, None, LiveResult]
    seconds: float = 0.0  # of this process, so far


class Desk:
    """The runs of a process and the jobs that wait."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.runs: OrderedDict[Key, LiveRun] = OrderedDict()  # the last used at the end
        self.bytes: dict[Key, int] = {}
        self.waiting: deque[Turn] = deque()
        self.pacer = Pacer()
        self.epochs = 0  # trained here

    @property
    def figures(self) -> WorkerFigures:
        """Return what the runs here take, and what was done."""
        return WorkerFigures(len(self.runs), sum(self.bytes.values()), self.epochs)

    def reached(self, key: Key) -> int:
        """Return the last epoch of a run; 0 if it is not here."""
        return self.runs[key].run.epochs if key in self.runs else 0

    def take(self, job: LiveJob | str) -> LiveResult | None:
        """Take a job, or forget the run of a token; return a result if it is there at once."""
        if isinstance(job, str):
            for key in [key for key in self.runs if key[0] == job]:
                self.forget(key)
            return None
        if job.key not in self.runs and job.specification is None:
            return LiveResult(job.number, missing=True)
        self.waiting.append(Turn(job, self.work(job)))
        return None

    def work(self, job: LiveJob) -> Generator[None, None, LiveResult]:
        """Do a job in slices."""
        if job.key not in self.runs and job.specification is None:  # forgotten meanwhile
            return LiveResult(job.number, missing=True)
        live = self.opened(job)
        if job.asked is None or job.view is None:
            yield
            return LiveResult(job.number, state_of_run(live.run, job.first), Standing.of(live.run))
        self.pacer.capacity = job.capacity
        live.pace = self.pacer.pace(job.key[0])
        value = yield from answering(live, job.asked, job.view)
        return LiveResult(job.number, value, Standing.of(live.run))

    def opened(self, job: LiveJob) -> LiveRun:
        """Return the run of a job, built from its specification if it is not here."""
        if job.key not in self.runs and job.specification is not None:
            run = job.specification.build()
            self.bytes[job.key] = estimate_run_bytes(run.config, run.dataset)
            self.runs[job.key] = LiveRun(run)
            self.make_room(job.key)
        self.runs.move_to_end(job.key)
        return self.runs[job.key]

    def make_room(self, newest: Key) -> None:
        """Forget the earlier runs of the session, and the runs that memory has no room for."""
        for key in [key for key in self.runs if key[0] == newest[0] and key != newest]:
            self.forget(key)
        busy = {turn.job.key for turn in self.waiting} | {newest}
        for key in list(self.runs):
            if sum(self.bytes.values()) <= self.most_bytes:
                break
            if key not in busy:
                self.forget(key)

    def forget(self, key: Key) -> None:
        """Forget a run."""
        self.runs.pop(key, None)
        self.bytes.pop(key, None)
        self.pacer.forget(key[0])

    def step(self) -> LiveResult | None:
        """Work one slice on the next job; return its result if it is done."""
        turn, begun = self.waiting.popleft(), perf_counter()
        before = self.reached(turn.job.key)
        try:
            next(turn.work)
        except StopIteration as end:
            self.measure(turn.job, turn.seconds + perf_counter() - begun)
            return end.value
        except ValueError as reason:
            return LiveResult(turn.job.number, fault=str(reason))
        except Exception:
            self.forget(turn.job.key)  # a run that failed once is built anew
            return LiveResult(turn.job.number, fault=traceback.format_exc())
        finally:
            self.epochs += max(0, self.reached(turn.job.key) - before)
        turn.seconds += perf_counter() - begun
        self.waiting.append(turn)
        return None

    def measure(self, job: LiveJob, seconds: float) -> None:
        """Note what the frames of an answer have cost."""
        if job.asked and job.asked.get("kind") == "play":
            live = self.runs.get(job.key)
            self.pacer.note(job.key[0], seconds, live.shots if live else 0)


def serve(connection: Connection, most_bytes: int, nice: int) -> None:
    """Work on the jobs that come through `connection` until it is closed."""
    os.nice(nice)
    desk = Desk(most_bytes)
    with threadpool_limits(1, "blas"):
        try:
            while True:
                while connection.poll(None if not desk.waiting else 0):
                    result = desk.take(connection.recv())
                    if result is not None:
                        connection.send(result)
                result = desk.step()
                if result is not None:
                    connection.send(result._replace(figures=desk.figures))
        except (EOFError, OSError):  # the server is gone
            return
