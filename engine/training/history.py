"""The memory of a run: a record of every epoch, and a bounded number of checkpoints.

Old records may lie in a temporary file, so that memory does not grow while runs go on.
"""

from __future__ import annotations

import errno
import os
import struct
import tempfile
import threading
import warnings
import weakref
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, NamedTuple, overload

import numpy as np

from engine.nn import Array, PlateauState
from engine.training.training import State, Training

BLOCK = 1024  # epochs
CHECKPOINT_BYTES, MOST_CHECKPOINTS = 2**24, 1024
FOLDERS = ("/var/tmp", None)  # on a disk by custom; None: the system's folder for temporary files
SHELF_BYTES = 2**31  # in the file of one process
BESIDE = struct.Struct("<16sBI16sBIdqq")  # a state without its memory: generators, progress


class Record(NamedTuple):
    """Names of the series that a run records in every epoch."""

    train: float  # data loss with the parameters after the epoch, no masks
    validation: float
    penalty: float
    running: float  # mean data loss of the batches while they trained, with masks
    train_metric: float  # accuracy or R²
    validation_metric: float
    delta: tuple[float, ...]  # rms of delta on the probe, per layer


class Shelved:
    """A block of records on a shelf; it takes no memory until it is loaded."""

    nbytes = 0
    __slots__ = ("kind", "offset", "shelf")  # there is one for every thousand epochs of each run

    def __init__(self, shelf: Shelf, offset: int, block: Array) -> None:
        self.shelf, self.offset, self.kind = shelf, offset, block.dtype

    def __del__(self) -> None:
        self.shelf.release(self.offset, BLOCK * self.kind.itemsize)

    def load(self, first: int = 0, end: int = BLOCK) -> Array:
        """Return the records (end - first,) from row `first` to before row `end`.

        Raises OSError if the disk fails.
        """
        each = self.kind.itemsize
        data = self.shelf.read(self.offset + first * each, (end - first) * each)
        return np.frombuffer(data, self.kind)


class Shelf:
    """The temporary file of a process; it has no name, so it ends with the process.

    It never grows beyond `most` bytes, and the room of dropped blocks is used again.
    """

    def __init__(self, most: int = SHELF_BYTES) -> None:
        self.most, self.end = most, 0
        self.lock = threading.Lock()  # runs of several sessions are put on the server's shelf
        self.file: IO[bytes] | None = None
        self.free: dict[int, list[int]] = defaultdict(list)  # size of a block -> offsets

    def put(self, block: Array) -> Shelved | None:
        """Write a block; return its place, or None if there is no room: then it stays where it is.

        A disk that cannot be written is warned of once, and not tried again.
        """
        with self.lock:
            places, size = self.free[block.nbytes], block.nbytes
            reused = bool(places)  # asked once: `release` may add a place at any time
            if not reused and self.end + size > self.most:
                return None
            offset = places[-1] if reused else self.end
            try:
                self.write(block, offset)
            except OSError as reason:
                self.most, self.end = 0, 1
                places.clear()
                warnings.warn(f"Records stay in memory: {reason}", RuntimeWarning, stacklevel=2)
                return None
            if reused:
                places.remove(offset)
            else:
                self.end += size
        return Shelved(self, offset, block)

    def write(self, block: Array, offset: int) -> None:
        """Write a block to the file, which is made if it is not there. Raises OSError."""
        if self.file is None:
            self.file = opened()
            weakref.finalize(self, self.file.close)
        if os.pwrite(self.file.fileno(), block.tobytes(), offset) < block.nbytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the file. Raises OSError if the disk fails."""
        data = os.pread(self.file.fileno(), size, offset) if self.file else b""
        if len(data) < size:
            raise OSError(errno.EIO, "the file of records is too short")
        return data

    def release(self, offset: int, size: int) -> None:
        """Let the room of a block be used again.

        It takes no lock: the garbage collector calls it in a thread that may hold it.
        """
        self.free[size].append(offset)


def opened() -> IO[bytes]:
    """Return a new temporary file without a name. Raises OSError if no folder can be written."""
    for folder in FOLDERS[:-1]:
        with suppress(OSError):
            return tempfile.TemporaryFile(dir=folder, buffering=0)
    return tempfile.TemporaryFile(dir=FOLDERS[-1], buffering=0)


class History:
    """One record per epoch, in blocks: a long run never copies what it has already written.

    Old blocks may lie on a shelf, outside of memory; whoever reads them need not know.
    """

    def __init__(self, layers: int) -> None:
        kinds = ["f8"] * 4 + ["f4"] * 2 + [("f4", (layers,))]
        self.kind = np.dtype(list(zip(Record._fields, kinds, strict=True)))
        self.blocks: list[Array | Shelved] = []
        self.lows: dict[tuple[str, int], tuple[int, float]] = {}  # of series in shelved blocks

    def __setitem__(self, epoch: int, record: tuple) -> None:
        block, row = divmod(epoch, BLOCK)
        self.writable(block)[row] = record

    def __getitem__(self, epoch: int) -> np.void:
        block, row = divmod(epoch, BLOCK)
        return self.rows(block, row, row + 1)[0]

    @property
    def nbytes(self) -> int:
        """Return the bytes in memory of all blocks."""
        return sum(block.nbytes for block in self.blocks)

    def rows(self, number: int, first: int, end: int) -> Array:
        """Return the records of a block from row `first` to before row `end`, or its last one."""
        block, end = self.blocks[number], min(end, BLOCK)
        return block.load(first, end) if isinstance(block, Shelved) else block[first:end]

    def writable(self, number: int) -> Array:
        """Return a block that can be written: a new one behind the last, or one in memory."""
        if number == len(self.blocks):
            self.blocks.append(np.empty(BLOCK, self.kind))
        block = self.blocks[number]
        if isinstance(block, Shelved):
            block = self.blocks[number] = block.load().copy()
            self.lows = {key: low for key, low in [*self.lows.items()] if key[1] != number}
        return block

    def shelve(self, shelf: Shelf, epoch: int, kept: int = 2) -> None:
        """Move the blocks of a run at `epoch` to the shelf, but the last `kept`, at least one."""
        for number in range(epoch // BLOCK - kept, -1, -1):
            block = self.blocks[number]
            place = None if isinstance(block, Shelved) else shelf.put(block)
            if place is None:  # all earlier ones lie there, or there is no room
                return
            self.blocks[number] = place

    def copy(self) -> History:
        """Return a history with the same records; it can be written without changing this one."""
        other = History(self.kind["delta"].shape[0])
        other.blocks = [
            block if isinstance(block, Shelved) else block.copy() for block in self.blocks
        ]
        return other

    def put(self, first: int, records: Array) -> None:
        """Write the records (n,) of the epochs from `first` on."""
        for block in range(first // BLOCK, (first + len(records) - 1) // BLOCK + 1):
            start = max(first, block * BLOCK)
            end = min(first + len(records), (block + 1) * BLOCK)
            part = records[start - first : end - first]
            self.writable(block)[start - block * BLOCK : end - block * BLOCK] = part

    def lowest(self, name: str, end: int) -> int:
        """Return the first epoch before `end` where a series is lowest; nan counts as lowest."""
        numbers = range((end - 1) // BLOCK + 1)
        found = [self.lowest_in(name, number, end - number * BLOCK) for number in numbers]
        number = int(np.argmin([value for _, value in found]))
        return number * BLOCK + found[number][0]

    def lowest_in(self, name: str, number: int, end: int) -> tuple[int, float]:
        """Return row and value where a series is lowest in a block, before its row `end`."""
        key, block = (name, number), self.blocks[number]
        settled = end >= BLOCK and isinstance(block, Shelved)
        if settled and key in self.lows:
            return self.lows[key]
        values = self.rows(number, 0, end)[name]
        row = int(values.argmin())
        low = row, float(values[row])
        if settled:
            self.lows[key] = low
        return low

    def between(self, first: int, end: int) -> Array:
        """Return the records (end - first,) of the epochs from `first` to before `end`."""
        parts = [
            self.rows(number, max(first - number * BLOCK, 0), end - number * BLOCK)
            for number in range(first // BLOCK, -(-end // BLOCK) if end > first else 0)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, self.kind), *parts])


@dataclass(frozen=True)
class RecordedSeries:
    """One series of a history up to an epoch; only what is looked at is read."""

    history: History
    name: str
    count: int  # of epochs, epoch 0 included

    @overload
    def __getitem__(self, at: int) -> float: ...
    @overload
    def __getitem__(self, at: slice) -> Array: ...
    def __getitem__(self, at: int | slice) -> float | Array:
        """Return one value, or the values (n,) of a slice with step 1."""
        if isinstance(at, slice):
            first, end, _ = at.indices(self.count)
            return self.history.between(first, end)[self.name]
        return self.history[range(self.count)[at]][self.name]

    def lowest(self) -> int:
        """Return the first epoch with the lowest value; nan counts as lowest."""
        return self.history.lowest(self.name, self.count)


class States(MutableMapping[int, State]):
    """States by epoch, in the rows of one table that doubles when it is full.

    A thousand small objects would take more memory, and leave it in pieces when they go. The table
    stays when states go, and all of it is in use at once, so memory does not rise and fall.
    """

    def __init__(self, states: Mapping[int, State] | None = None) -> None:
        self.epochs = array("q")  # ascending
        self.table = np.empty((0, 0), np.uint8)  # (rows, bytes of a state), one row per epoch first
        self.kind = ""  # of the numbers in their memory
        self.update(states or {})

    @classmethod
    def from_rows(cls, epochs: Iterable[int], rows: Array, kind: str) -> States:
        """Return the states of these ascending epochs from rows (n, bytes of a state) of others."""
        states = cls()
        states.epochs, states.kind = array("q", epochs), kind
        states.table = table_for(rows, rows.shape[1], len(rows))
        return states

    def __reduce__(self) -> tuple[Callable[..., States], tuple[object, ...]]:
        return States.from_rows, (self.epochs, self.rows, self.kind)

    @property
    def rows(self) -> Array:
        """Return the states as bytes (n, bytes of a state), a view."""
        return self.table[: len(self.epochs)]

    def place(self, epoch: int) -> int:
        """Return the row of an epoch. Raises KeyError if there is none."""
        if epoch not in self:
            raise KeyError(epoch)
        return bisect_left(self.epochs, epoch)

    def __setitem__(self, epoch: int, state: State) -> None:
        self.kind = state.memory.dtype.str
        generators = [part for one in (state.shuffle, state.dropout) for part in packed(one)]
        row = BESIDE.pack(*generators, *state.progress) + state.memory.tobytes()
        place, n = bisect_left(self.epochs, epoch), len(self.epochs)
        if epoch not in self:
            if n == len(self.table):
                self.table = table_for(self.rows, len(row), n + 1)
            self.table[place + 1 : n + 1] = self.table[place:n]
            self.epochs.insert(place, epoch)
        self.table[place] = np.frombuffer(row, np.uint8)

    def __getitem__(self, epoch: int) -> State:
        row = self.table[self.place(epoch)].tobytes()
        *generators, best, waited, drops = BESIDE.unpack_from(row)
        memory = np.frombuffer(row, self.kind, offset=BESIDE.size)
        shuffle, dropout = unpacked(*generators[:3]), unpacked(*generators[3:])
        return State(memory, shuffle, dropout, PlateauState(best, waited, drops))

    def __delitem__(self, epoch: int) -> None:
        place = self.place(epoch)
        self.rows[place:-1] = self.rows[place + 1 :]
        del self.epochs[place]

    def __contains__(self, epoch: object) -> bool:
        place = bisect_left(self.epochs, epoch) if isinstance(epoch, int) else len(self.epochs)
        return place < len(self.epochs) and self.epochs[place] == epoch

    def __iter__(self) -> Iterator[int]:
        return iter(self.epochs)

    def __len__(self) -> int:
        return len(self.epochs)

    def only(self, epochs: Iterable[int]) -> States:
        """Return the states of these epochs. Raises KeyError if one of them is not there."""
        wanted = sorted(epochs)
        places = [self.place(epoch) for epoch in wanted]
        return States.from_rows(wanted, self.rows[places], self.kind)

    def keep_only(self, epochs: Iterable[int]) -> None:
        """Drop the states of all other epochs."""
        wanted = sorted(epochs)
        for row, epoch in enumerate(wanted):
            self.table[row] = self.table[self.place(epoch)]
        self.epochs = array("q", wanted)


def table_for(rows: Array, size: int, n: int) -> Array:
    """Return a table with room for n rows of `size` bytes that begins with these rows.

    It has 2^k rows, or as many as `CHECKPOINT_BYTES` hold: no run keeps more states than that.
    """
    doubled = 1 << max(0, n - 1).bit_length()
    table = np.empty((max(n, min(doubled, CHECKPOINT_BYTES // max(1, size))), size), np.uint8)
    table[: len(rows)] = rows.reshape(len(rows), size)
    table[len(rows) :].fill(0)  # now it is real memory
    return table


def packed(generator: tuple[int, int, int]) -> tuple[bytes, int, int]:
    """Return the state of a generator with its 128 bits as bytes."""
    return generator[0].to_bytes(16, "little"), *generator[1:]


def unpacked(words: bytes, has: int, value: int) -> tuple[int, int, int]:
    """Return the state of a generator from what `packed` returned."""
    return int.from_bytes(words, "little"), has, value


class Checkpoints:
    """States at evenly spaced epochs: when full, every second one goes and the stride doubles."""

    def __init__(self, size: int) -> None:
        self.most = int(np.clip(CHECKPOINT_BYTES // size, 8, MOST_CHECKPOINTS))
        self.stride, self.kept = 1, States()

    def offer(self, epoch: int, training: Training) -> None:
        """Keep the state of `training` if `epoch` is a multiple of the stride."""
        if epoch % self.stride:
            return
        if len(self.kept) >= self.most:
            self.stride *= 2
            self.kept.keep_only([e for e in self.kept if e % self.stride == 0])
        if epoch % self.stride == 0:
            self.kept[epoch] = training.state()

    def before(self, epoch: int) -> int:
        """Return the last epoch up to `epoch` that has a checkpoint."""
        guess = epoch - epoch % self.stride
        return guess if guess in self.kept else max(e for e in self.kept if e <= epoch)

    def forget_from(self, epoch: int) -> None:
        """Drop the checkpoints of `epoch` and later."""
        self.kept.keep_only([e for e in self.kept if e < epoch])
