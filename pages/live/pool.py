"""The processes that train, as the server sees them: a job goes in, a future comes out.

One process per core trains, and one more, of low priority, for runs whose epochs take long. A
process that dies is replaced, and its jobs are given to the new one together with the
specifications of their runs.
"""

from __future__ import annotations

import itertools
import logging
import math
import os
import queue
import socket
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from engine.language import language
from pages.live.metrics import Latency
from pages.live.nursery import Nursery, nursery_of_server
from pages.live.pace import Load, share_of_players
from pages.live.requests import PlayerRequest
from pages.live.view import Specification, View
from pages.live.worker import (
    NO_JOB,
    WHOLE_STATE,
    Key,
    Leaving,
    LiveJob,
    LiveResult,
    WantedState,
    WorkerFigures,
)

WORKERS = "DELTASCOPE_WORKERS"  # an environment variable: processes that train, one per core
RUN_BYTES = 512 * 2**20  # of the runs that one process keeps
MOST_CORES = 1024
GENTLE = 10  # niceness of the process for large runs
TRIES = 3  # processes that a job may lose
GOODBYE = 3.0  # seconds for processes that are told to end

JobQueue = queue.SimpleQueue[LiveJob | Leaving | None]

logger = logging.getLogger(__name__)


class Faulty(RuntimeError):
    """A job that could not be done, because of a fault of ours or because processes died."""


class Order(NamedTuple):
    """A job, and what is needed to give it out again."""

    job: LiveJob
    future: Future[LiveResult]
    specify: Callable[[Key], Specification]
    tries: int = 1


class Worker:
    """One process: its orders, a thread that writes to it and a thread that reads from it.

    Nobody waits until it runs: what it is given before is sent to it then.
    """

    number: int | None  # of the process; None until it runs
    stopping = failed = False

    def __init__(self, nursery: Nursery, nice: int) -> None:
        self.nursery, self.nice = nursery, nice
        self.lock = threading.Lock()
        self.ended = threading.Event()  # the process, after `stop`
        self.orders: dict[int, Order] = {}
        self.figures, self.restarts = WorkerFigures(), 0
        self.epochs_before = 0  # trained by the processes that this one has replaced
        self.start()

    @property
    def runs(self) -> int:
        """Return how many runs the process keeps."""
        return self.figures.runs

    @property
    def run_bytes(self) -> int:
        """Return the estimated bytes of these runs."""
        return self.figures.bytes

    @property
    def jobs(self) -> int:
        """Return how many orders have no result so far."""
        return len(self.orders)

    @property
    def epochs(self) -> int:
        """Return how many epochs were trained here."""
        return self.epochs_before + self.figures.epochs

    def start(self) -> None:
        """Start the process, in a thread that then writes to it."""
        self.outbox: JobQueue = queue.SimpleQueue()
        self.number, self.failed = None, False
        threading.Thread(target=self.run, args=(self.outbox,), daemon=True).start()

    def run(self, outbox: JobQueue) -> None:
        """Start the process and the thread that reads from it; send it what the outbox has."""
        try:
            self.number, connection = self.nursery.start(RUN_BYTES, self.nice)
        except OSError:
            self.fail()
            return
        if self.stopping:
            connection.close()
            self.ended.set()
            return
        threading.Thread(target=self.read, args=(connection, outbox), daemon=True).start()
        self.write(connection, outbox)

    def fail(self) -> None:
        """Refuse all orders, because no process can be started; the next order tries it again."""
        if self.stopping:
            self.ended.set()
        else:
            logger.exception("The processes that train cannot be started.")
        with self.lock:
            lost, self.orders, self.failed = list(self.orders.values()), {}, True
        for order in lost:
            order.future.set_exception(Faulty("The process that trains cannot be started."))

    def give(self, order: Order) -> None:
        """Give an order to the process."""
        with self.lock:
            if self.failed:
                self.start()
            self.orders[order.job.number] = order
            self.outbox.put(order.job)

    def forget(self, leaving: Leaving) -> None:
        """Let the process forget the runs of a session, or of one of its players."""
        self.outbox.put(leaving)

    def write(self, connection: Connection, outbox: JobQueue) -> None:
        """Send what is put into the outbox, until None is; that ends the process."""
        try:
            while (item := outbox.get()) is not None:
                connection.send(item)
            with socket.socket(fileno=os.dup(connection.fileno())) as channel:
                channel.shutdown(socket.SHUT_WR)
        except OSError:  # the process is gone; `read` notices it
            return

    def read(self, connection: Connection, outbox: JobQueue) -> None:
        """Hand over results until the process ends; then start another one."""
        try:
            while True:
                self.settle(connection.recv())
        except (EOFError, OSError):
            outbox.put(None)
            connection.close()
        self.replace()

    def settle(self, result: LiveResult) -> None:
        """Hand over a result, or send the specification that the process lacks."""
        with self.lock:
            self.figures = result.figures
            if result.number == NO_JOB:
                return
            order = self.orders.pop(result.number)
        if result.missing:
            self.give(specified(order, result.missing))
        elif result.fault:
            logger.error("A run failed:\n%s", result.fault)
            order.future.set_exception(Faulty(result.fault))
        else:
            order.future.set_result(result)

    def replace(self) -> None:
        """Start a new process and give it the orders of the one that ended."""
        if self.stopping:
            self.ended.set()
            return
        with self.lock:
            lost, self.orders = list(self.orders.values()), {}
            self.restarts += 1
            self.epochs_before, self.figures = self.epochs, WorkerFigures()
            self.start()
        for order in lost:
            if order.tries >= TRIES:
                order.future.set_exception(Faulty("The process that trains ended again and again."))
            else:
                lost_runs = order.job.needed
                self.give(specified(order, lost_runs)._replace(tries=order.tries + 1))

    def stop(self) -> None:
        """Tell the process to end, after it has kept the states of its runs."""
        self.stopping = True
        self.outbox.put(None)
        if self.number is None:
            self.ended.set()


def specified(order: Order, missing: Sequence[Key]) -> Order:
    """Return an order whose job carries the specifications of these runs."""
    keys = order.job.keys
    known = tuple(order.specify(key) if key in missing else None for key in keys)
    return order._replace(job=order.job._replace(specifications=known))


class Seat(NamedTuple):
    """A player at the process that trains its runs."""

    token: str  # of the session
    part: str  # which of the session's players
    place: int  # of the process


class Pool:
    """The processes of a server, and which session is served by which.

    A process forgets the runs of a player only when no order of this player is under way there: an
    order that comes later than the order to forget would build them again, for nobody.
    """

    def __init__(self, workers: int, nursery: Nursery | None = None) -> None:
        self.lock = threading.RLock()
        self.count = workers
        self.nursery = nursery or Nursery()
        self.workers: dict[int, Worker] = {}  # started when they are needed
        self.places: dict[tuple[str, str], int] = {}  # token, part -> its process
        self.under_way: Counter[Seat] = Counter()  # orders without a result
        self.leaving: set[Seat] = set()  # to forget, once no order is under way
        self.numbers = itertools.count(1)
        self.load = Load()
        self.latency = Latency()
        self.ended: queue.SimpleQueue[Leaving | None] = queue.SimpleQueue()  # to forget
        threading.Thread(target=self.forget_ended, daemon=True).start()

    def worker(self, place: int) -> Worker:
        """Return a process, started if it is not running."""
        with self.lock:
            if place not in self.workers:
                self.workers[place] = Worker(self.nursery, GENTLE if place == self.count else 0)
            return self.workers[place]

    def start(self) -> None:
        """Start the processes for runs of usual size."""
        for place in range(self.count):
            self.worker(place)

    def place_of(self, token: str, large: bool, part: str = "train") -> int:
        """Return the process of a player: the last one for large runs, else the least used.

        A player whose runs are of the other size now leaves the process that it had.
        """
        with self.lock:
            place = self.places.get((token, part))
            if place is None or (place == self.count) != large:
                used = list(self.places.values())
                free = min(range(self.count), key=used.count)
                self.places[token, part] = self.count if large else free
                if place is not None:
                    self.leave(Seat(token, part, place))
            return self.places[token, part]

    def submit(
        self,
        keys: tuple[Key, ...],
        specify: Callable[[Key], Specification],
        large: bool,
        asked: PlayerRequest | None = None,
        view: View | None = None,
        state: WantedState = WHOLE_STATE,
    ) -> Future[LiveResult]:
        """Give out a job on runs; without `asked` the state of one is wanted."""
        capacity = share_of_players(cores(), self.count, self.load.measure())
        number = next(self.numbers)
        job = LiveJob(number, keys, asked, view, capacity, state=state, language=language())
        order = Order(job, Future(), specify)
        order.future.set_running_or_notify_cancel()  # who waits may leave; the job goes on
        begun = perf_counter()
        order.future.add_done_callback(lambda _: self.latency.note(perf_counter() - begun))
        with self.lock:
            token, _, part = keys[0]
            seat = Seat(token, part, self.place_of(token, large, part))
            self.under_way[seat] += 1
            order.future.add_done_callback(partial(self.settle, seat))
            self.worker(seat.place).give(order)
        return order.future

    def settle(self, seat: Seat, _: Future[LiveResult]) -> None:
        """Note that an order of a player has its result; let the player leave if it is to."""
        with self.lock:
            self.under_way[seat] -= 1
            if not self.under_way[seat]:
                del self.under_way[seat]
                if seat in self.leaving:
                    self.leave(seat)

    def leave(self, seat: Seat) -> None:
        """Let a process forget the runs of a player, as soon as no order is under way."""
        with self.lock:
            if seat in self.under_way:
                self.leaving.add(seat)
                return
            self.leaving.discard(seat)
            owner = seat.token, seat.part
            if self.places.get(owner) == seat.place:
                del self.places[owner]
            if seat.place in self.workers:
                self.workers[seat.place].forget(Leaving(*owner))

    def forget(self, token: str, part: str = "") -> None:
        """Forget the runs of a session that has ended, or of one of its players.

        It takes no lock: the garbage collector calls it in a thread that may hold one.
        """
        self.ended.put(Leaving(token, part))

    def forget_ended(self) -> None:
        """Forget the runs of the sessions and players that end, until None comes."""
        while (leaving := self.ended.get()) is not None:
            with self.lock:
                for owner in [one for one in self.places if leaving.owns(*one)]:
                    self.leave(Seat(*owner, self.places[owner]))

    def stop(self) -> None:
        """End all processes, and wait for them a moment."""
        self.ended.put(None)
        with self.lock:
            for worker in self.workers.values():
                worker.stop()
        self.nursery.stop()
        deadline = perf_counter() + GOODBYE
        for worker in self.workers.values():
            worker.ended.wait(max(0.0, deadline - perf_counter()))


@cache
def cores() -> int:
    """Return the number of cores that this process may use."""
    return max(1, min(len(os.sched_getaffinity(0)), quota()))


def quota(groups: Path = Path("/proc/self/cgroup"), root: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many cores the limits of a container or a service allow, rounded up.

    The files are those of Linux' cgroup v2: https://docs.kernel.org/admin-guide/cgroup-v2.html.
    """
    most = MOST_CORES
    with suppress(OSError, ValueError):
        own = [line[3:] for line in groups.read_text().splitlines() if line.startswith("0::")]
        folder = root / own[0].strip("/") if own else root
        limits = [one / "cpu.max" for one in (folder, *folder.parents) if one.is_relative_to(root)]
        for allowed, period in (file.read_text().split() for file in limits if file.exists()):
            if allowed != "max":
                most = min(most, math.ceil(int(allowed) / int(period)))
    return most


@cache
def pool() -> Pool:
    """Return the server's pool."""
    return Pool(int(os.environ.get(WORKERS) or cores()), nursery_of_server())


def forget(token: str) -> None:
    """Let the process that trained for a session forget its run, if any process was started."""
    if pool.cache_info().currsize:
        pool().forget(token)
