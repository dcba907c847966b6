"""What is known of a run outside of the process that trains it.

Should the process be lost, another one goes on from there. Only checkpoints and records are kept,
and old records lie in a file, so a bookmark takes a fraction of a megabyte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.training import Event, History, Run, RunState, Shelf, epoch_seconds, thin_checkpoints

EVERY = 5.0  # seconds between two bookmarks of a run, at least
SPARED = 0.2  # seconds of training that a new bookmark has to spare
MOST_CHECKPOINTS = 256  # there may be four times as many in the run itself
MOST_STATE_BYTES = 2**17  # of one checkpoint: there are at least eight


class Bookmark:
    """The state of a run at some epoch, and its records up to there."""

    def __init__(self, run: Run) -> None:
        self.history = History(len(run.network.layers))
        self.state: RunState | None = None  # without its records

    def first_unknown(self, events: Sequence[Event]) -> int:
        """Return the first epoch whose record is not known of the run with these events."""
        if self.state is None:
            return 0
        return int(min(self.state.epochs, first_difference(self.state.events, events)))

    def keep(self, state: RunState, shelf: Shelf) -> None:
        """Take over a state; its older records are those that are known already."""
        if state.first > self.first_unknown(state.events):
            self.state = None  # the run was changed at an earlier epoch meanwhile
            return
        self.history.put(state.first, state.records)
        self.history.shelve(shelf, state.epochs, 1)
        stride, kept = thin_checkpoints(state.stride, state.checkpoints, MOST_CHECKPOINTS)
        none = state.records[:0].copy()
        self.state = state._replace(records=none, stride=stride, checkpoints=kept)

    def begins(self, events: tuple[Event, ...]) -> RunState | None:
        """Return the state, without records, if the run with these events goes on from it."""
        state = self.state
        if state is None:
            return None
        before = tuple(event for event in events if event.epoch <= state.epochs)
        ended = bool(state.diverged or state.finished)
        fits = before == state.events and (not ended or events == state.events)
        return state if fits else None

    def state_for(self, events: tuple[Event, ...]) -> RunState | None:
        """Return a state from which the run with these events goes on; None if there is none."""
        state = self.begins(events)
        if state is None:
            return None
        records = self.history.between(0, state.epochs + 1)
        return state._replace(events=events, records=records, first=0)

    def is_worth_it(self, run: Run, epochs: int, events: tuple[Event, ...]) -> bool:
        """Return whether a new state, after so many epochs, would spare enough training."""
        state = self.begins(events)
        spared = epochs - (state.epochs if state else 0)
        return is_small(run) and spared * epoch_seconds(run.live) >= SPARED


def is_small(run: Run) -> bool:
    """Return whether the states of a run are small enough to be kept outside of its process."""
    return run.live.memory.nbytes <= MOST_STATE_BYTES


def first_difference(some: Sequence[Event], others: Sequence[Event]) -> float:
    """Return the epoch of the first event that one has and the other has not; inf for none."""
    for one, other in zip(some, others, strict=False):
        if one != other:
            return min(one.epoch, other.epoch)
    more = [*some[len(others) :], *others[len(some) :]]
    return more[0].epoch if more else math.inf
