"""The memory of a run: a record of every epoch, and a bounded number of checkpoints."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.nn import Array
from engine.training.training import State, Training

BLOCK = 4096  # epochs
CHECKPOINT_BYTES, MOST_CHECKPOINTS = 2**24, 1024


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


class Checkpoints:
    """States at evenly spaced epochs: when full, every second one goes and the stride doubles."""

    def __init__(self, size: int) -> None:
        self.most = int(np.clip(CHECKPOINT_BYTES // size, 8, MOST_CHECKPOINTS))
        self.stride, self.kept = 1, dict[int, State]()

    def offer(self, epoch: int, training: Training) -> None:
        """Keep the state of `training` if `epoch` is a multiple of the stride."""
        if epoch % self.stride:
            return
        if len(self.kept) >= self.most:
            self.stride *= 2
            self.kept = {e: state for e, state in self.kept.items() if e % self.stride == 0}
        if epoch % self.stride == 0:
            self.kept[epoch] = training.state()

    def before(self, epoch: int) -> int:
        """Return the last epoch up to `epoch` that has a checkpoint."""
        guess = epoch - epoch % self.stride
        return guess if guess in self.kept else max(e for e in self.kept if e <= epoch)

    def forget_from(self, epoch: int) -> None:
        """Drop the checkpoints of `epoch` and later."""
        self.kept = {e: state for e, state in self.kept.items() if e < epoch}
