"""The memory of a run: a record of every epoch, and a bounded number of checkpoints."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.nn import Array, PlateauState
from engine.training.training import State, Training

BLOCK = 4096  # epochs
CHECKPOINT_BYTES, MOST_CHECKPOINTS = 2**24, 1024
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


class History:
    """One record per epoch, in blocks: a long run never copies what it has already written."""

    def __init__(self, layers: int) -> None:
        kinds = ["f8"] * 4 + ["f4"] * 2 + [("f4", (layers,))]
        self.kind = np.dtype(list(zip(Record._fields, kinds, strict=True)))
        self.blocks: list[Array] = []

    def __setitem__(self, epoch: int, record: tuple) -> None:
        block, row = divmod(epoch, BLOCK)
        if block == len(self.blocks):
            self.blocks.append(np.empty(BLOCK, self.kind))
        self.blocks[block][row] = record

    def __getitem__(self, epoch: int) -> np.void:
        block, row = divmod(epoch, BLOCK)
        return self.blocks[block][row]

    @property
    def nbytes(self) -> int:
        """Return the bytes of all blocks."""
        return sum(block.nbytes for block in self.blocks)

    def put(self, first: int, records: Array) -> None:
        """Write the records (n,) of the epochs from `first` on."""
        for block in range(first // BLOCK, (first + len(records) - 1) // BLOCK + 1):
            if block == len(self.blocks):
                self.blocks.append(np.empty(BLOCK, self.kind))
            start = max(first, block * BLOCK)
            end = min(first + len(records), (block + 1) * BLOCK)
            part = records[start - first : end - first]
            self.blocks[block][start - block * BLOCK : end - block * BLOCK] = part

    def column(self, name: str, end: int) -> Array:
        """Return one series (end,) of the epochs before `end`."""
        used = self.blocks[: (end - 1) // BLOCK + 1]
        return np.concatenate([block[name] for block in used])[:end]

    def between(self, first: int, end: int) -> Array:
        """Return the records (end - first,) of the epochs from `first` to before `end`."""
        from_block, to_block = first // BLOCK, max(first, end - 1) // BLOCK + 1
        start = from_block * BLOCK
        used = self.blocks[from_block:to_block]
        whole = used[0] if len(used) == 1 else np.concatenate([np.empty(0, self.kind), *used])
        return whole[first - start : max(first, end) - start]


class States(MutableMapping[int, State]):
    """States by epoch, each as one block of bytes: a third of the memory of its Python objects."""

    def __init__(self, states: Mapping[int, State] | None = None) -> None:
        self.packed = dict[int, bytes]()
        self.kind = ""  # of the numbers in their memory
        self.update(states or {})

    def __setitem__(self, epoch: int, state: State) -> None:
        self.kind = state.memory.dtype.str
        generators = [part for one in (state.shuffle, state.dropout) for part in packed(one)]
        self.packed[epoch] = BESIDE.pack(*generators, *state.progress) + state.memory.tobytes()

    def __getitem__(self, epoch: int) -> State:
        block = self.packed[epoch]
        *generators, best, waited, drops = BESIDE.unpack_from(block)
        memory = np.frombuffer(block, self.kind, offset=BESIDE.size)
        shuffle, dropout = unpacked(generators[:3]), unpacked(generators[3:])
        return State(memory, shuffle, dropout, PlateauState(best, waited, drops))

    def __delitem__(self, epoch: int) -> None:
        del self.packed[epoch]

    def __iter__(self) -> Iterator[int]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)

    def only(self, epochs: Iterable[int]) -> States:
        """Return the states of these epochs."""
        some = States()
        some.kind, some.packed = self.kind, {epoch: self.packed[epoch] for epoch in epochs}
        return some


def packed(generator: tuple[int, int, int]) -> tuple[bytes, int, int]:
    """Return the state of a generator with its 128 bits as bytes."""
    return generator[0].to_bytes(16, "little"), *generator[1:]


def unpacked(generator: Sequence[Any]) -> tuple[int, int, int]:
    """Return the state of a generator from what `packed` returned."""
    words, has, value = generator
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
            self.kept = self.kept.only([e for e in self.kept if e % self.stride == 0])
        if epoch % self.stride == 0:
            self.kept[epoch] = training.state()

    def before(self, epoch: int) -> int:
        """Return the last epoch up to `epoch` that has a checkpoint."""
        guess = epoch - epoch % self.stride
        return guess if guess in self.kept else max(e for e in self.kept if e <= epoch)

    def forget_from(self, epoch: int) -> None:
        """Drop the checkpoints of `epoch` and later."""
        self.kept = self.kept.only([e for e in self.kept if e < epoch])
