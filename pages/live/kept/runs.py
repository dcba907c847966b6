"""The states of runs as files: plain numbers and a line of JSON, and by which name they are found.

The name is a digest of all that a run is made from: choices, data, the changes up to there, the
code of the engine, NumPy and the processor. So what is found is bit for bit what training would
give. Runs on a table of a visitor's own are not kept: only their owner has the data.
"""

from __future__ import annotations

import hashlib
import json
import platform
import struct
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter
from weakref import WeakKeyDictionary

import numpy as np
from threadpoolctl import threadpool_info

import engine
from engine.comparison import fork
from engine.data import Dataset
from engine.training import (
    OWN,
    Config,
    Event,
    Run,
    RunState,
    State,
    States,
    epoch_seconds,
    state_of_run,
    take_over,
)
from pages.live.bookmark import first_difference
from pages.live.kept.files import MOST_OF_FILE, RunFiles

EVERY = 5.0  # seconds between two files of a run, at least
SPARED, SHARE = 0.2, 0.05  # seconds of training, and share of it, that a new file has to spare
CHECKPOINT_BYTES = 2**18  # in a file, about
BLOCK = 8192  # records that are written at once
ROOMS = ("nn", "data", "training", "problems")  # whose code decides what is trained
PARTS = ("inputs", "targets", "train", "validation", "test", "mean", "scale")
LENGTH = struct.Struct("<Q")  # of the line of JSON


class KeptRuns:
    """The states of runs beyond the processes that train them."""

    def __init__(self, files: RunFiles, clock: Callable[[], float] = perf_counter) -> None:
        self.files, self.clock = files, clock
        self.offered: WeakKeyDictionary[Run, float] = WeakKeyDictionary()  # when last
        # The epoch that is kept, and the changes up to there.
        self.reached: WeakKeyDictionary[Run, tuple[int, list[Event]]] = WeakKeyDictionary()

    def offer(self, run: Run, last: bool = False) -> None:
        """Keep the state of a run where it is time for it; `last`: the process is about to end."""
        now = self.clock()
        if now - self.offered.get(run, -EVERY) < EVERY and not last:
            return
        self.offered[run] = now
        if not self.is_worth_it(run, last):
            return
        self.reached[run] = run.epochs, events_of(run)
        name = file_names(run.config, run.dataset, events_of(run))[-1]
        if self.files.number(name) < run.epochs:  # of equal runs the longest one is kept
            self.files.write(name, run.epochs, pieces_of(run))

    def is_worth_it(self, run: Run, last: bool) -> bool:
        """Return whether a new file would spare enough training, and is not too large."""
        reached, events = self.reached.get(run, (0, []))
        spared = run.epochs - min(reached, first_difference(events, events_of(run)))
        if run.config.dataset == OWN or run.ended or self.files.folder is None:
            return False
        if not last and spared < SHARE * run.epochs:
            return False
        return spared * epoch_seconds(run.live) >= SPARED and file_bytes(run) <= MOST_OF_FILE

    def resumed(self, run: Run, epoch: int) -> Run:
        """Return a new run brought as near to `epoch` as a file allows, or as it is."""
        events = tuple(run.events)
        if run.config.dataset == OWN or run.epochs >= epoch:
            return run
        name, reached = self.nearest(run, epoch)
        body = self.files.read(name) if reached > run.epochs else None
        if body is None:
            return run
        state = state_from(body, run)
        if state is None:
            self.files.remove(name)
            return run
        take_over(run, state)
        if reached < run.epochs:
            run = fork(run, reached)
        run.events = list(events)
        self.reached[run] = run.epochs, events_of(run)
        return run

    def nearest(self, run: Run, epoch: int) -> tuple[str, int]:
        """Return the name of the file that leads nearest to an epoch, and the epoch it leads to.

        A file without the latest changes leads at most to the epoch before the next one.
        """
        best = "", 0
        if self.files.open() is None:
            return best
        events = [event for event in run.events if event.epoch <= epoch]
        names = file_names(run.config, run.dataset, events)
        for count in range(len(events), -1, -1):
            most = events[count].epoch - 1 if count < len(events) else epoch
            if most <= best[1]:
                break
            reached = min(self.files.number(names[count]), most)
            best = max(best, (names[count], reached), key=lambda one: one[1])
        return best


def events_of(run: Run) -> list[Event]:
    """Return the changes of a run up to the epoch that it has reached."""
    return [event for event in run.events if event.epoch <= run.epochs]


def file_names(config: Config, dataset: Dataset, events: Sequence[Event]) -> list[str]:
    """Return the names of a run's file without changes, with the first, with the first two, ..."""
    digest = hashlib.sha256(origin().encode())
    told = (config, dataset.task, dataset.classes, dataset.expand, dataset.input_names)
    digest.update(repr(told).encode())
    for part in PARTS:
        array = np.ascontiguousarray(getattr(dataset, part))
        digest.update(f"{array.shape} {array.dtype}".encode() + array.tobytes())
    names = [f"{digest.hexdigest()}.run"]
    for event in events:
        digest.update(repr(tuple(event)).encode())
        names.append(f"{digest.hexdigest()}.run")
    return names


@cache
def origin() -> str:
    """Return a digest of what computes: the code of the engine, the libraries and the processor."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted(Path(engine.__path__[0], room).rglob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    blas = [(one.get("version"), one.get("architecture")) for one in threadpool_info()]
    digest.update(
        repr([platform.python_version(), np.__version__, sorted(map(str, blas))]).encode()
    )
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else [platform.machine()]
    digest.update("".join(sorted({one for one in lines if one[:5] in ("flags", "Featu")})).encode())
    return digest.hexdigest()


def file_bytes(run: Run) -> int:
    """Return about how many bytes the file of a run takes."""
    each = run.live.memory.nbytes + 128
    checkpoints = min(len(run.checkpoints.kept), max(8, CHECKPOINT_BYTES // each)) + 1
    return (run.epochs + 1) * run.history.kind.itemsize + checkpoints * each


def pieces_of(run: Run) -> Iterator[bytes]:
    """Yield the state of a run in pieces: a line of JSON, the head, checkpoints, records."""
    state = state_of_run(run, run.epochs, CHECKPOINT_BYTES)
    epoch, head = state.head
    meta = {
        "events": events_of(run),
        "epochs": run.epochs,
        "checkpoints": list(state.checkpoints),
        "stride": state.stride,
        "best": state.best,
        "lowest": state.lowest,
    }
    line = json.dumps(meta).encode()
    yield LENGTH.pack(len(line)) + line
    yield States({epoch: head}).rows.tobytes()
    yield state.checkpoints.rows.tobytes()
    for first in range(0, run.epochs + 1, BLOCK):
        yield run.history.between(first, min(first + BLOCK, run.epochs + 1)).tobytes()


def state_from(body: bytes, run: Run) -> RunState | None:
    """Return the state that `pieces_of` a run like this one has given; None if it does not fit."""
    try:
        (length,) = LENGTH.unpack_from(body)
        start = LENGTH.size + length
        meta = json.loads(body[LENGTH.size : start])
        epochs, kept = int(meta["epochs"]), [int(epoch) for epoch in meta["checkpoints"]]
        head, checkpoints, end = states_from(body, start, kept, run)
        records = np.frombuffer(body[end:], run.history.kind)
        if len(records) != epochs + 1 or 0 not in kept or max(kept) > epochs:
            return None
        return RunState(
            events=tuple(
                Event(int(e), str(name), float(value)) for e, name, value in meta["events"]
            ),
            epochs=epochs,
            records=records,
            first=0,
            checkpoints=checkpoints,
            stride=int(meta["stride"]),
            head=(epochs, head),
            best=int(meta["best"]),
            lowest=float(meta["lowest"]),
            diverged="",
            finished="",
            cause=None,
        )
    except (ValueError, KeyError, TypeError, struct.error):
        return None


def states_from(
    body: bytes, start: int, epochs: Sequence[int], run: Run
) -> tuple[State, States, int]:
    """Return the head, the checkpoints of these epochs, and the place where they end.

    Raises ValueError if the bytes do not hold them.
    """
    example = States({0: run.live.state()})
    size = example.table.shape[1]
    end = start + (len(epochs) + 1) * size
    rows = np.frombuffer(body[start:end], np.uint8).reshape(-1, size)
    head = States.from_rows([0], rows[:1], example.kind)[0]
    return head, States.from_rows(epochs, rows[1:], example.kind), end
