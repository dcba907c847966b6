"""The state of a run as a plain value, so that a copy in another process can follow it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.nn import Array
from engine.training.divergence import Cause
from engine.training.events import Event
from engine.training.history import States
from engine.training.run import Run
from engine.training.training import State

MOST_BYTES = 2**20  # of the checkpoints in a state


class RunState(NamedTuple):
    """All that a run holds beside its config and its data, with a bounded number of checkpoints."""

    events: tuple[Event, ...]
    epochs: int
    records: Array  # (epochs + 1 - first,) of the history
    first: int  # the epoch of the first record
    checkpoints: States
    stride: int  # epochs between two checkpoints
    head: tuple[int, State]  # the epoch where training goes on, and its state
    best: int  # the epoch of the lowest loss since the last change
    lowest: float  # that loss
    diverged: str
    finished: str
    cause: Cause | None


def state_of_run(run: Run, first: int = 0, most_bytes: float = MOST_BYTES) -> RunState:
    """Return the state of a run, with its records from the epoch `first` on.

    Its checkpoints have at most `most_bytes`, but there are at least 8, if the run has them.
    """
    first = min(first, run.epochs)
    most = max(8, most_bytes / (run.live.memory.nbytes + 64))
    stride, checkpoints = thin_checkpoints(run.checkpoints.stride, run.checkpoints.kept, most)
    return RunState(
        tuple(run.events),
        run.epochs,
        run.history.between(first, run.epochs + 1).copy(),
        first,
        checkpoints,
        stride,
        (run.live.epochs, run.state()),
        run.patience.best,
        run.patience.loss,
        run.diverged,
        run.finished,
        run.cause,
    )


def thin_checkpoints(stride: int, kept: States, most: float) -> tuple[int, States]:
    """Return a stride and checkpoints: every second one is left out until there are `most`."""
    while len(kept) > most and stride < max(kept):
        stride *= 2
        kept = kept.only([epoch for epoch in kept if epoch % stride == 0])
    return stride, kept.only(kept)


def take_over(run: Run, state: RunState) -> None:
    """Bring a run of the same config and data to a state; what it trained since is dropped."""
    epoch, head = state.head
    run.events = list(state.events)
    run.under_way = run.held = run.replica = run.replay = None
    run.history.put(state.first, state.records)
    run.checkpoints.stride = state.stride
    run.checkpoints.kept = state.checkpoints.only(state.checkpoints)
    config = run.config_at(epoch)
    if config != run.live.config:
        run.live.configure(config)
    run.live.restore(head, epoch)
    run.epochs = state.epochs
    run.patience.begin(state.best, state.lowest)
    run.diverged, run.finished, run.cause = state.diverged, state.finished, state.cause
    with np.errstate(all="ignore"):
        run.evaluator.evaluate(run.network.theta)
