"""A recording: the frames of a run as one message, which its player shows without a server."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.comparison import fork
from engine.evaluation import Pair
from engine.language import tr
from engine.number_format import count
from engine.training import Run
from pages.live.answers import described
from pages.live.findings import FindingsPanel, findings_panel
from pages.live.jobs.process import Progress, Report
from pages.live.payload import encode, frame_arrays, history_arrays
from pages.live.view import LiveView, Specification

MOST_EPOCHS = 20_000  # of a recorded run
MOST_FRAMES = 2000
MOST_BYTES = 6_000_000  # of the frames of a recording, before it is compressed
LEAST_FRAMES = 20  # a film of fewer would show nothing
STRIDES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # epochs from one frame to the next
STORY = 40  # epochs whose findings are in a recording
SLICE = 0.1  # seconds of training between two reports
TRAINED, FILMED = 0.4, 0.8  # share of the work when the training and the frames are done


class Recording(NamedTuple):
    """A recorded run: the message for its player, and which epochs are in it."""

    packed: bytes  # gzip
    last: int  # epoch
    every: int  # epochs from one frame to the next


def frame_bytes(run: Run) -> int:
    """Return the bytes of a frame of a run in a message."""
    units = sum(run.network.sizes[1:])
    return 4 * run.network.theta.size + 2 * units * len(run.probe) + 4 * len(run.network.sizes)


def stride_for(run: Run, last: int) -> int:
    """Return how many epochs lie between two frames, so that those up to `last` fit into a file.

    Raises ValueError if the network is too large for a file.
    """
    most = min(MOST_FRAMES, MOST_BYTES // frame_bytes(run))
    if most < LEAST_FRAMES:
        size, limit = frame_bytes(run) / 1e6, MOST_BYTES / 1e6
        raise ValueError(
            tr(
                "This network is too large for a file: one epoch has {size:.1f} MB, and "
                "all epochs of a file may have {limit:.0f} MB. Choose fewer units.",
                size=size,
                limit=limit,
            )
        )
    return next(stride for stride in STRIDES if last // stride < most)


def record_run(report: Report, source: Specification, pair: Pair, until: int) -> Recording:
    """Return the frames of a run up to epoch `until`, which it is trained to first.

    Raises ValueError if they do not fit into a file.
    """
    run, until = source.build(), min(until, MOST_EPOCHS)
    stride_for(run, until)
    start = run.epochs
    while run.epochs < until and not run.ended:
        run.advance(until - run.epochs, SLICE)
        report(Progress(TRAINED * (run.epochs - start) / max(1, until - start)))
    if run.epochs > until:
        run = fork(run, until)
    every = stride_for(run, run.epochs)
    epochs = frame_epochs(run, every)
    frames = []
    for epoch in epochs:
        frames.append(run.frame(epoch))
        report(Progress(TRAINED + (FILMED - TRAINED) * len(frames) / len(epochs)))
    view = LiveView("recording", run.config, pair)
    setup, arrays = described(run, view)
    del setup["architecture"]  # nothing can be changed
    meta = {
        "answer": 0,
        "run": view.run_id,
        **recording_end(run),
        "setup": setup | {"stop": 0},
        "story": story(report, run, view, epochs),
    }
    message = encode(meta, {**arrays, **frame_arrays(run, frames), **history_arrays(run, -1)})
    return Recording(gzip.compress(message, 9, mtime=0), run.epochs, every)


def frame_epochs(run: Run, every: int) -> list[int]:
    """Return the epochs of the frames: every so many, the last one, and the best one."""
    best = {run.best} if run.finished else set()
    return sorted({*range(0, run.epochs + 1, every), run.epochs, *best})


def recording_end(run: Run) -> dict[str, object]:
    """Return how a recording ends."""
    if run.diverged:
        return {
            "trained": run.epochs,
            "state": "diverged",
            "message": run.why_ended(),
            "best": None,
        }
    words = run.why_ended() or tr("The recording ends at epoch {epochs}.", epochs=count(run.epochs))
    best = run.best if run.finished else None
    return {"trained": run.epochs, "state": "finished", "message": words, "best": best}


def story(report: Report, run: Run, view: LiveView, epochs: Sequence[int]) -> list[FindingsPanel]:
    """Return the findings of some epochs, without the changes that only the app can make."""
    places = np.unique(np.linspace(0, len(epochs) - 1, STORY).astype(int))
    found: list[FindingsPanel] = []
    for k, place in enumerate(places):
        one = findings_panel(run, epochs[place], view)
        for item in one["items"]:
            item["offer"] = ""
        found.append(one)
        report(Progress(FILMED + (1 - FILMED) * (k + 1) / len(places)))
    return found
