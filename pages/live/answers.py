"""Answers to a player: a request in, a block of bytes out, in steps that share the process fairly.

An answer is a generator: each step takes about a slice of time, and the last one returns the
bytes. A request that is repeated gets the same frames again, so no answer has to be remembered.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from time import perf_counter

from engine.nn import Array
from engine.training import MOST_EPOCHS, Config, Frame, Run
from pages.figures.base.url import run_query
from pages.live.findings import findings_message
from pages.live.pace import FASTEST, frames_of_answer
from pages.live.payload import encode, frame_arrays, history_arrays, series_names
from pages.live.requests import PlayerRequest, whole
from pages.live.setup import changeable, setup
from pages.live.view import LiveView, Standing, pending

SLICE = 0.02  # seconds of one step of an answer
MOST_SLICES = 6  # of an answer to play or seek: the player asks again for what is left
MOST_FRAMES = 120
FINDINGS_EVERY = 0.5  # seconds between two diagnoses while it plays
SERIALS = itertools.count(1)  # of set-up messages: a browser tells an old one from a new one

Answer = Generator[None, None, bytes]


@dataclass
class LiveRun:
    """A run and what its process knows of its player."""

    run: Run
    pace: int = FASTEST  # frames per second that the player shall show
    waiting: int = 0  # other jobs of its process, when its answer was begun
    diagnosed: float = -math.inf  # when its findings were last sent
    shots: int = 0  # frames in the last answer

    def frames_for(self, asked: PlayerRequest) -> int:
        """Return how many frames the answer to a request to play holds."""
        count = min(whole(asked.get("count")), MOST_FRAMES)
        return frames_of_answer(count, self.pace, self.waiting)

    def findings(self, epoch: int, view: LiveView) -> Mapping[str, object]:
        """Return the findings of an epoch, or {} shortly after the last ones."""
        now = perf_counter()
        if now - self.diagnosed < FINDINGS_EVERY:
            return {}
        self.diagnosed = now
        return findings_message(self.run, epoch, view)


def message(
    asked: int,
    run: Run,
    view: LiveView,
    after: int,
    arrays: dict[str, Array] | None = None,
    **more: object,
) -> bytes:
    """Return a message on the run's state, with the history after epoch `after`."""
    meta = {
        "answer": asked,
        "run": view.run_id,
        "trained": run.epochs,
        "most": MOST_EPOCHS,
        **standing(run),
        "best": run.best if run.finished else None,
        "query": run_query(run.config, run.events, view.pair, view.controls),
        "pending": bool(pending(run.config_at(MOST_EPOCHS), view.config)),
        **more,
    }
    return encode(meta, {**(arrays or {}), **history_arrays(run, after)})


def standing(run: Run) -> dict[str, str]:
    """Return how a run has ended, if it has, and the sentence on it."""
    state = "diverged" if run.diverged else "finished" if run.finished else "ok"
    return {"state": state, "message": run.why_ended()}


def described(run: Run, view: LiveView) -> tuple[dict[str, object], dict[str, Array]]:
    """Return meta and arrays of the set-up of a run."""
    meta, arrays = setup(run, view.pair, controls=view.controls)
    return {**meta, "id": view.setup_id, "series": series_names(run)}, arrays


def introduction(
    asked: int, run: Run, view: LiveView, goto: int, said: Mapping[str, object], **opening: object
) -> bytes:
    """Return the set-up of a run, its history and its frame at epoch `goto`, or its last one.

    `said` is what the page says of the session, `opening` is what the browser compares or shows
    when it opens the run.
    """
    meta, arrays = described(run, view)
    epoch = min(goto, run.epochs)
    arrays |= frame_arrays(run, [run.frame(epoch)])
    more = findings_message(run, epoch, view) | {"series_reset": True, **said}
    more["setup"] = meta | {"goto": goto, "serial": next(SERIALS)} | opening
    return message(asked, run, view, -1, arrays, **more)


def reminder(
    asked: int, config: Config, standing: Standing, view: LiveView, said: Mapping[str, object]
) -> bytes:
    """Return what the page says of a run that its player has already: which choices wait."""
    last = standing.last_config(config)
    meta = {
        "answer": asked,
        "run": view.run_id,
        "query": run_query(config, standing.events, view.pair, view.controls),
        "pending": bool(pending(last, view.config)),
        **said,
    }
    return encode(meta, {})


def answering(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Return the answer to a request, in steps."""
    try:
        return (yield from ANSWERS.get(asked.get("kind", ""), acknowledge)(live, asked, view))
    except ValueError as reason:
        return message(asked["id"], live.run, view, known(live, asked), note=str(reason))


def known(live: LiveRun, asked: PlayerRequest) -> int:
    """Return the last epoch of the history that the browser has; -1 for none."""
    return min(whole(asked["known"]), live.run.epochs) if "known" in asked else -1


def play(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Return the next frames: as many as are asked for, or as time allows."""
    run = live.run
    at, stride = whole(asked.get("from")), max(1, whole(asked.get("stride")))
    left = live.frames_for(asked)
    shots: list[Frame] = []
    for _ in range(MOST_SLICES):
        found = list(run.play(at, stride, left, SLICE))
        shots += found
        at, left = at + stride * len(found), left - len(found)
        if run.ended or left <= 0:
            break
        yield
    live.shots = len(shots)
    news = live.findings(shots[-1].epoch, view) if shots else {}
    arrays = frame_arrays(run, shots)
    return message(asked["id"], run, view, known(live, asked), arrays, pace=live.pace, **news)


def seek(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Return the frame of one epoch, or the progress made on the way to it."""
    run, epoch = live.run, whole(asked.get("epoch"))
    for _ in range(MOST_SLICES):
        if epoch > run.epochs:
            run.advance(epoch - run.epochs, SLICE)
        reached = min(epoch, run.epochs)
        if (reached == epoch or run.ended) and (reached == run.epochs or run.reach(reached, SLICE)):
            arrays = frame_arrays(run, [run.frame(reached)])
            news = live.findings(reached, view)
            return message(asked["id"], run, view, known(live, asked), arrays, **news)
        yield
    return message(asked["id"], run, view, known(live, asked))  # on the way: it asks again


def edit(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Set one weight or bias by hand, from the epoch shown on."""
    run = live.run
    yield from training_up_to(run, whole(asked.get("at")))
    layer, row, column = (whole(asked.get(name)) for name in ("layer", "row", "column"))
    n_in = run.network.sizes[min(max(layer, 1), len(run.network.layers)) - 1]
    name = f"b{layer}.{row}" if column == n_in else f"W{layer}.{row}.{column}"
    run.edit(whole(asked.get("at")), name, float(asked.get("value", math.nan)))
    return forked(live, asked, view)


def apply(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Apply the side bar's live choices from the epoch shown on.

    The answer has the set-up if it is another one now: with dropout or a penalty other curves are
    drawn.
    """
    run, epoch = live.run, whole(asked.get("at"))
    yield from training_up_to(run, epoch)
    changes = pending(run.config_at(epoch), view.config)
    before = changeable(run)
    if changes:
        run.change(epoch, **changes)
    if changeable(run) == before:
        return forked(live, asked, view)
    meta, arrays = described(run, view)
    return forked(live, asked, view, arrays, setup=meta)


def training_up_to(run: Run, epoch: int) -> Generator[None, None, None]:
    """Train a run that was built again up to the epoch on the screen, slice by slice."""
    yield
    while run.epochs < epoch and not run.ended:
        run.advance(epoch - run.epochs, SLICE)
        yield


def forked(
    live: LiveRun,
    asked: PlayerRequest,
    view: LiveView,
    arrays: dict[str, Array] | None = None,
    **more: object,
) -> bytes:
    """Return the run after taking it back to the epoch shown, with the next frames if it plays.

    They come without another request: the browser has dropped those that it had.
    """
    run = live.run
    epoch, stride = run.epochs, max(1, whole(asked.get("stride")))
    count = min(whole(asked.get("count")), MOST_FRAMES)
    shots = [run.frame(epoch), *run.play(epoch, stride, count, SLICE)]
    arrays = {**(arrays or {}), **frame_arrays(run, shots)}
    more |= findings_message(run, epoch, view)
    return message(asked["id"], run, view, epoch - 1, arrays, forget_after=epoch - 1, **more)


def acknowledge(live: LiveRun, asked: PlayerRequest, view: LiveView) -> Answer:
    """Return no frames: only the findings of the epoch shown are sent."""
    yield
    epoch = min(whole(asked.get("at")), live.run.epochs)
    news = findings_message(live.run, epoch, view)
    return message(asked["id"], live.run, view, known(live, asked), {}, **news)


ANSWERS: dict[str, Callable[[LiveRun, PlayerRequest, LiveView], Answer]] = {
    "play": play,
    "seek": seek,
    "edit": edit,
    "apply": apply,
    "shown": acknowledge,
}
