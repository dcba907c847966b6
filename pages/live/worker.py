"""A process that trains: it answers the players of many visitors in fair turns.

It reads requests from a pipe and works on them a slice at a time, one after the other, so a large
network delays a small one by a slice and no more. It keeps as many runs as its memory allows; the
run that was not used for the longest time goes first, and is built again when it is asked for.
"""

from __future__ import annotations

import os
import traceback
from collections import OrderedDict
from collections.abc import Collection, Generator, Hashable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import perf_counter
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from engine.comparison import fork
from engine.language import ENGLISH, speaking
from engine.training import MOST_EPOCHS, RunState, Shelf, estimate_run_bytes, state_of_run
from pages.live.answers import LiveRun
from pages.live.heap import give_back_free_pages, give_back_large_blocks
from pages.live.kept import KeptRuns, RunFiles, folder_of_runs
from pages.live.pace import CAPACITY, Pacer
from pages.live.requests import PlayerRequest
from pages.live.runs_answers import answering_view
from pages.live.view import Specification, Standing, View

LAST = 2.0  # seconds for what is kept when the server is gone
GIVE_BACK = 10.0  # seconds between two times that free memory goes back
NO_JOB = 0  # the number of what a process says without being asked


class Key(NamedTuple):
    """The address of a run in the process that trains it."""

    token: str  # of the session
    number: int  # of the run among those of its player
    part: str = "train"  # which of the session's players shows it


class WantedState(NamedTuple):
    """Which state is wanted of a player's runs."""

    place: int = 0  # of the run among those of its player
    first: int = 0  # the epoch from which it needs records
    until: int = MOST_EPOCHS  # its last epoch


WHOLE_STATE = WantedState()


class LiveJob(NamedTuple):
    """What a process is to do: answer a request about runs, or give the state of one of them."""

    number: int  # by which its result is known
    keys: tuple[Key, ...]  # of all runs that the player shows
    asked: PlayerRequest | None  # None: the state is wanted
    view: View | None
    capacity: float = CAPACITY  # share of a core that the players of the process may plan with
    specifications: tuple[Specification | None, ...] = ()  # of the runs that it does not know
    state: WantedState = WHOLE_STATE
    language: str = ENGLISH  # of the texts in the answer

    @property
    def needed(self) -> tuple[Key, ...]:
        """Return the keys of the runs that the job works on."""
        return (self.keys[self.state.place],) if self.asked is None else self.keys

    def specification(self, key: Key) -> Specification | None:
        """Return the specification that was sent for a run."""
        return self.specifications[self.keys.index(key)] if self.specifications else None


class Leaving(NamedTuple):
    """What a process is to forget: the runs of a session, or those of one of its players."""

    token: str  # of the session
    part: str = ""  # the player; "" for all of them

    def owns(self, token: str, part: str) -> bool:
        """Return whether the runs of a player are among these."""
        return token == self.token and self.part in ("", part)


class WorkerFigures(NamedTuple):
    """What a process holds and has done: figures for the operator."""

    runs: int = 0
    bytes: int = 0  # of these runs, estimated
    epochs: int = 0  # trained since the process started


class LiveResult(NamedTuple):
    """What became of a job."""

    number: int
    answer: bytes = b""  # to a request
    state: RunState | None = None  # of the run, for a job without a request
    standings: tuple[Standing, ...] = ()  # of the runs of the job
    missing: tuple[Key, ...] = ()  # runs that are not known here: send their specifications
    fault: str = ""  # the traceback of a fault of ours
    figures: WorkerFigures = WorkerFigures()


@dataclass(eq=False)
class Turn:
    """A job under way."""

    job: LiveJob
    work: Generator[None, None, LiveResult]
    seconds: float = 0.0  # of this process, so far


class Desk:
    """The runs of a process and the jobs that wait."""

    def __init__(self, most_bytes: int, kept: KeptRuns | None = None) -> None:
        self.most_bytes = most_bytes
        self.kept = kept or KeptRuns(RunFiles(None))
        self.runs: OrderedDict[Key, LiveRun] = OrderedDict()  # the last used at the end
        self.bytes: dict[Key, int] = {}  # of a run, as estimated when it was opened
        self.record_bytes: dict[Key, int] = {}  # of its records in memory, when last used
        self.waiting: list[Turn] = []
        self.used: dict[str, float] = {}  # token -> seconds of this process, to share it fairly
        self.least = 0.0  # of those whose turn it was last
        self.pacer = Pacer()
        self.epochs = 0  # trained here
        self.shelf = Shelf()  # for records that are no longer written
        self.gave_back = perf_counter()  # when free memory last went back

    @property
    def figures(self) -> WorkerFigures:
        """Return what the runs here take, and what was done."""
        return WorkerFigures(len(self.runs), self.total_bytes, self.epochs)

    @property
    def total_bytes(self) -> int:
        """Return the bytes of all runs: as estimated when they were opened, and their records."""
        return sum(self.bytes.values()) + sum(self.record_bytes.values())

    def reached(self, keys: tuple[Key, ...]) -> int:
        """Return the last epochs of runs together; 0 for one that is not here."""
        return sum(self.runs[key].run.epochs for key in keys if key in self.runs)

    def take(self, job: LiveJob | Leaving) -> LiveResult | None:
        """Take a job, or forget runs; return a result if it is there at once."""
        if isinstance(job, Leaving):
            self.let_go(job)
            return LiveResult(NO_JOB)
        if missing := self.missing(job):
            return LiveResult(job.number, missing=missing)
        token = job.keys[0].token
        self.used[token] = max(self.used.get(token, 0.0), self.least)  # a pause saves up nothing
        self.waiting.append(Turn(job, self.work(job)))
        return None

    def let_go(self, leaving: Leaving) -> None:
        """Forget runs whose session or page has ended; what a link may ask for again is kept."""
        for key in [key for key in self.runs if leaving.owns(key.token, key.part)]:
            self.kept.offer(self.runs[key].run, last=True)
            self.forget(key)
        if not any(turn.job.keys[0].token == leaving.token for turn in self.waiting):
            self.used.pop(leaving.token, None)

    def next_turn(self) -> Turn:
        """Return the job whose session has used the least time; of one session the first one.

        So a long replay of one session waits for the bursts of the others, not they for it (fair
        queueing; Demers, Keshav and Shenker, 1989).
        """
        return min(self.waiting, key=lambda turn: self.used[turn.job.keys[0].token])

    def missing(self, job: LiveJob) -> tuple[Key, ...]:
        """Return the runs of a job that are not here and for which no specification was sent."""
        return tuple(
            key for key in job.needed if key not in self.runs and not job.specification(key)
        )

    def work(self, job: LiveJob) -> Generator[None, None, LiveResult]:
        """Do a job in slices."""
        if missing := self.missing(job):  # forgotten meanwhile
            return LiveResult(job.number, missing=missing)
        lives: list[LiveRun] = []
        for key in job.needed:
            if lives and key not in self.runs:
                yield  # to build one is a slice
                if key not in self.runs and not job.specification(key):
                    return LiveResult(job.number, missing=(key,))
            lives.append(self.opened(job, key))
        if job.asked is None or job.view is None:
            yield
            run = lives[0].run
            _, first, until = job.state
            wanted = fork(run, until) if until < run.epochs else run
            done = LiveResult(job.number, state=state_of_run(wanted, first))
        else:
            self.pacer.capacity = job.capacity
            lives[0].pace = self.pacer.pace(job.keys[0].token)
            lives[0].waiting = len(self.waiting)
            answer = yield from answering_view(lives, job.asked, job.view)
            done = LiveResult(job.number, answer)
        return done._replace(standings=tuple(Standing.of(live.run) for live in lives))

    def opened(self, job: LiveJob, key: Key) -> LiveRun:
        """Return a run of a job, built from its specification if it is not here."""
        specification = job.specification(key)
        if key not in self.runs and specification is not None:
            run = self.kept.resumed(specification.build(), specification.resume)
            self.bytes[key] = estimate_run_bytes(run.config, run.dataset)
            self.runs[key] = LiveRun(run)
            self.epochs -= run.epochs  # they were not trained here
            self.shelve([key])
            self.make_room(job)
        self.runs.move_to_end(key)
        return self.runs[key]

    def make_room(self, newest: LiveJob) -> None:
        """Forget the earlier runs of the player, and the runs that memory has no room for."""
        owner, last = newest.keys[0][::2], max(key.number for key in newest.keys)
        for key in list(self.runs):
            if key[::2] == owner and key.number < last and key not in newest.keys:
                self.forget(key)
        self.forget_unused({*newest.keys})

    def forget_unused(
        self, needed: Collection[Key] = (), active: Collection[Hashable] = ()
    ) -> None:
        """Forget the least used runs until the rest fits; not what is needed or of the active.

        `active` are tokens of sessions.
        """
        busy = {key for turn in self.waiting for key in turn.job.keys} | {*needed}
        for key in list(self.runs):
            if self.total_bytes <= self.most_bytes:
                break
            if key not in busy and key.token not in active:
                self.forget(key)

    def forget(self, key: Key) -> None:
        """Forget a run."""
        self.runs.pop(key, None)
        self.bytes.pop(key, None)
        self.record_bytes.pop(key, None)
        if not any(one.token == key.token for one in self.runs):
            self.pacer.forget(key.token)

    def step(self) -> LiveResult | None:
        """Work one slice on the next job; return its result if it is done."""
        turn, begun = self.next_turn(), perf_counter()
        self.waiting.remove(turn)
        before = self.reached(turn.job.keys)
        try:
            with speaking(turn.job.language):
                next(turn.work)
        except StopIteration as end:
            self.measure(turn.job, turn.seconds + perf_counter() - begun)
            self.shelve(turn.job.keys)
            if self.total_bytes > self.most_bytes:  # the records have grown
                self.forget_unused(active=self.pacer.until)
            return end.value
        except ValueError as reason:
            return LiveResult(turn.job.number, fault=str(reason))
        except Exception:
            for key in turn.job.keys:  # a run that failed once is built anew
                self.forget(key)
            return LiveResult(turn.job.number, fault=traceback.format_exc())
        finally:
            self.epochs += max(0, self.reached(turn.job.keys) - before)
            self.charge(turn.job.keys[0].token, perf_counter() - begun)
        turn.seconds += perf_counter() - begun
        self.waiting.append(turn)
        return None

    def shelve(self, keys: Sequence[Key]) -> None:
        """Move the old records of runs out of memory, and keep their states where it is time."""
        for key in keys:
            if key in self.runs:
                run = self.runs[key].run
                run.history.shelve(self.shelf, run.epochs)
                self.record_bytes[key] = run.history.nbytes
                self.kept.offer(run)

    def give_back(self) -> None:
        """Give back free memory if it is time: runs that change leave holes between the others."""
        if perf_counter() - self.gave_back >= GIVE_BACK:
            give_back_free_pages()
            self.gave_back = perf_counter()

    def end(self) -> None:
        """Keep what a new server will be asked for, as far as time allows."""
        deadline = perf_counter() + LAST
        for live in reversed(self.runs.values()):
            if perf_counter() < deadline:
                self.kept.offer(live.run, last=True)

    def charge(self, token: str, seconds: float) -> None:
        """Add to the time that a session has used."""
        if token in self.used:
            self.least = max(self.least, self.used[token])
            self.used[token] += seconds

    def measure(self, job: LiveJob, seconds: float) -> None:
        """Note what the frames of an answer have cost."""
        if job.asked and job.asked.get("kind") == "play":
            live = self.runs.get(job.keys[0])
            self.pacer.note(job.keys[0].token, seconds, live.shots if live else 0)


def serve(connection: Connection, most_bytes: int, nice: int) -> None:
    """Work on the jobs that come through `connection` until it is closed."""
    os.nice(nice)
    give_back_large_blocks()
    desk = Desk(most_bytes, KeptRuns(RunFiles(folder_of_runs())))
    with threadpool_limits(1, "blas"):
        try:
            while True:
                while connection.poll(0 if desk.waiting else GIVE_BACK):
                    result = desk.take(connection.recv())
                    if result is not None:
                        connection.send(result._replace(figures=desk.figures))
                result = desk.step() if desk.waiting else None
                if result is not None:
                    connection.send(result._replace(figures=desk.figures))
                desk.give_back()
        except (EOFError, OSError):  # the server is gone
            desk.end()
