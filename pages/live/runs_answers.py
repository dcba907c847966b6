"""Answers to the player of runs side by side: one message covers all of them.

The runs train in turn within the slices of one session, so six runs get the share of one. They keep
to the same epochs; a run that has ended stays at its last epoch while the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from engine.language import tr
from engine.nn import Array
from engine.training import MOST_EPOCHS, Frame, Run
from pages.live.answers import (
    MOST_SLICES,
    SLICE,
    Answer,
    LiveRun,
    answering,
    message,
    standing,
)
from pages.live.payload import encode, frame_arrays, history_arrays
from pages.live.requests import PlayerRequest, whole
from pages.live.view import LiveView, RunsView, View


def answering_view(lives: Sequence[LiveRun], asked: PlayerRequest, view: View) -> Answer:
    """Return the answer to a request about one run or several, in steps."""
    if isinstance(view, LiveView):
        return answering(lives[0], asked, view)
    return RUNS_ANSWERS.get(asked.get("kind", ""), acknowledge_runs)(lives, asked, view)


def message_with_note(asked: int, runs: Sequence[Run], view: View, note: str) -> bytes:
    """Return a message on the state of the runs, with a sentence and without news."""
    if isinstance(view, LiveView):
        return message(asked, runs[0], view, runs[0].epochs, note=note)
    return runs_message(asked, runs, view, [run.epochs for run in runs], note=note)


def runs_message(
    asked: int,
    runs: Sequence[Run],
    view: RunsView,
    after: Sequence[int],
    arrays: dict[str, Array] | None = None,
    **more: object,
) -> bytes:
    """Return a message on the state of all runs, each with its history after the epoch `after`."""
    arrays = dict(arrays or {})
    for k, run in enumerate(runs):
        arrays |= prefixed(k, history_arrays(run, after[k]))
    meta = {
        "answer": asked,
        "run": view.run_id,
        "runs": [{"trained": run.epochs, **standing(run)} for run in runs],
        "trained": farthest(runs),
        "best": farthest(runs),
        "most": MOST_EPOCHS,
        "state": state_of(runs),
        "message": end_sentence(runs),
        "query": view.query,
        **more,
    }
    return encode(meta, arrays)


def prefixed(k: int, arrays: dict[str, Array]) -> dict[str, Array]:
    """Return the arrays of run `k` with its number before each name: "2.theta"."""
    return {f"{k}.{name}": array for name, array in arrays.items()}


def farthest(runs: Sequence[Run]) -> int:
    """Return the last epoch that can be shown without more training."""
    going = [run.epochs for run in runs if not run.ended]
    return min(going) if going else max(run.epochs for run in runs)


def state_of(runs: Sequence[Run]) -> str:
    """Return "ok" while at least one run continues, else "diverged" or "finished"."""
    if not all(run.ended for run in runs):
        return "ok"
    return "diverged" if all(run.diverged for run in runs) else "finished"


def end_sentence(runs: Sequence[Run]) -> str:
    """Return the sentence for the end of all runs; a single run has its own."""
    if len(runs) == 1:
        return runs[0].why_ended()
    return (
        tr("All runs have ended. Each card shows at which epoch.") if state_of(runs) != "ok" else ""
    )


def known_of_each(runs: Sequence[Run], asked: PlayerRequest) -> list[int]:
    """Return the last epoch of each run's history that the browser has; -1 for none."""
    known = asked.get("known")
    if not isinstance(known, list) or len(known) != len(runs):
        return [-1] * len(runs)
    return [min(epoch, run.epochs) for epoch, run in zip(known, runs, strict=True)]


def play_runs(lives: Sequence[LiveRun], asked: PlayerRequest, view: RunsView) -> Answer:
    """Return the next frames of all runs: as many as are asked for, or as time allows."""
    runs = [live.run for live in lives]
    at, stride = whole(asked.get("from")), max(1, whole(asked.get("stride")))
    first = lives[0]
    left = first.frames_for(asked)
    shots: list[dict[int, Frame]] = [{} for _ in runs]
    first.shots = 0
    for _ in range(MOST_SLICES):
        before = left
        for epoch in together(runs, at, stride, left, SLICE):
            shoot(runs, epoch, shots)
            left -= 1
        at += stride * (before - left)
        first.shots += before - left
        if left <= 0 or all(run.ended for run in runs):
            break
        yield
    arrays = arrays_of_all(runs, shots)
    known = known_of_each(runs, asked)
    return runs_message(asked["id"], runs, view, known, arrays, pace=first.pace)


def shoot(runs: Sequence[Run], epoch: int, shots: list[dict[int, Frame]]) -> None:
    """Add each run's frame of an epoch; an ended run shows its last one."""
    for run, own in zip(runs, shots, strict=True):
        shown = min(epoch, run.epochs)
        if shown not in own:
            own[shown] = run.frame(shown)


def arrays_of_all(runs: Sequence[Run], shots: Sequence[dict[int, Frame]]) -> dict[str, Array]:
    """Return the arrays of the frames of all runs."""
    arrays: dict[str, Array] = {}
    for k, (run, own) in enumerate(zip(runs, shots, strict=True)):
        arrays |= prefixed(k, frame_arrays(run, list(own.values())))
    return arrays


def together(
    runs: Sequence[Run], after: int, stride: int, count: int, seconds: float
) -> Iterator[int]:
    """Yield every stride-th epoch after `after` that all runs reach, or ended before, in time."""
    deadline = perf_counter() + seconds
    for epoch in range(after + stride, after + stride * count + 1, stride):
        if not reached(runs, epoch, deadline):
            return
        if all(run.ended and run.epochs < epoch for run in runs):
            last = max(run.epochs for run in runs)
            if last > epoch - stride:
                yield last
            return
        yield epoch
        if perf_counter() > deadline:
            return


def reached(runs: Sequence[Run], epoch: int, deadline: float) -> bool:
    """Train the runs in turn, slowest first; return whether all have reached an epoch or ended."""
    for run in sorted(runs, key=lambda run: run.epochs):
        if run.epochs < epoch and not run.ended:
            run.advance(epoch - run.epochs, deadline - perf_counter())
            if perf_counter() > deadline:
                break
    return all(run.epochs >= epoch or run.ended for run in runs)


def seek_runs(lives: Sequence[LiveRun], asked: PlayerRequest, view: RunsView) -> Answer:
    """Return the frames of one epoch, or the progress made on the way to it."""
    runs, epoch = [live.run for live in lives], whole(asked.get("epoch"))
    arrays: dict[str, Array] = {}
    for _ in range(MOST_SLICES):
        deadline = perf_counter() + SLICE
        if reached(runs, epoch, deadline) and rewound(runs, min(epoch, farthest(runs)), deadline):
            shots: list[dict[int, Frame]] = [{} for _ in runs]
            shoot(runs, min(epoch, farthest(runs)), shots)
            arrays = arrays_of_all(runs, shots)
            break
        yield  # after the last slice it is on the way: the browser asks again
    return runs_message(asked["id"], runs, view, known_of_each(runs, asked), arrays)


def rewound(runs: Sequence[Run], epoch: int, deadline: float) -> bool:
    """Bring the runs back to an epoch that they have passed; return whether all are there."""
    return all(epoch >= run.epochs or run.reach(epoch, deadline - perf_counter()) for run in runs)


def acknowledge_runs(lives: Sequence[LiveRun], asked: PlayerRequest, view: RunsView) -> Answer:
    """Return no frames: only the epoch shown is noted."""
    yield
    runs = [live.run for live in lives]
    return runs_message(asked["id"], runs, view, known_of_each(runs, asked))


RUNS_ANSWERS: dict[str, Callable[[Sequence[LiveRun], PlayerRequest, RunsView], Answer]] = {
    "play": play_runs,
    "seek": seek_runs,
    "shown": acknowledge_runs,
}
