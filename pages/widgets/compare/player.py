"""The Python side of the runs side by side: one response covers all of them.

The runs train in turn within one slice of time and keep to the same epochs; a run that has ended
stays at its last epoch while the others continue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import streamlit as st

from engine.nn import Array
from engine.training import MOST_EPOCHS, Frame, Run
from pages.figures.compare.overlay import RUNS, overlay
from pages.live.answers import MOST_FRAMES
from pages.live.payload import encode, frame_arrays, series, series_names
from pages.live.requests import read_ask, whole
from pages.live.setup import drawn, setup
from pages.widgets.compare.state import (
    Compared,
    comparison,
    differs,
    drop,
    hand_over,
    names,
    query,
    restart,
)
from pages.widgets.shell.component import element

TIME_SLICE = 0.2  # seconds of training per answer
VIEWS = ("decision", "weights", "deltas")


def on_comparison_request() -> None:
    """Keep the browser's request until the fragment runs; open or drop a run at once."""
    state = st.session_state.get("compared")
    if not (state and state.get("ask")):
        return
    own, asked = comparison(), read_ask(state["ask"])
    if asked is None:
        return
    own.asked = asked
    if asked.get("run") == set_id() and asked.get("kind") in ("open", "drop"):
        index = min(whole(asked.get("index")), len(own.runs) - 1)
        own.shown = whole(asked.get("at"))
        (hand_over if asked["kind"] == "open" else drop)(index)
        own.leaving, own.altered = asked["kind"] == "open", True


@st.fragment
def compared() -> None:
    """Draw the runs side by side."""
    own = comparison()
    altered, leaving = own.altered, own.leaving
    own.altered = own.leaving = False
    if leaving:
        st.switch_page("pages/train.py")
    if altered:
        st.rerun()
    element("comparison", "compare/compare.js")(
        data=respond_for_all(), key="compared", on_ask_change=on_comparison_request
    )


def set_id() -> str:
    return f"runs {comparison().number}"


def respond_for_all() -> bytes:
    """Return the answer to the last request; without one, the set-up."""
    own = comparison()
    asked, own.asked = own.asked, None
    if asked is None or asked.get("run") != set_id():
        return comparison_introduction(0 if asked is None else asked["id"])
    own.shown = whole(asked.get("at"))
    return ANSWERS.get(asked.get("kind", ""), acknowledge_runs)(asked)


def comparison_message(ask: int, arrays: dict[str, Array] | None = None, **more: Any) -> bytes:
    """Return a message on the state of all runs, with the history not sent yet."""
    own = comparison()
    arrays = dict(arrays or {})
    for k, one in enumerate(own.runs):
        arrays |= prefixed(k, series(one.run, one.sent))
        one.sent = one.run.epochs
    runs = [one.run for one in own.runs]
    meta = {
        "answer": ask,
        "run": set_id(),
        "runs": [standing(run) for run in runs],
        "trained": farthest(runs),
        "best": farthest(runs),
        "most": MOST_EPOCHS,
        "state": state_of(runs),
        "message": ending(runs),
        "query": query(),
        **more,
    }
    return encode(meta, arrays)


def prefixed(k: int, arrays: dict[str, Array]) -> dict[str, Array]:
    """Return the arrays of run `k` with its number before each name: "2.theta"."""
    return {f"{k}.{name}": array for name, array in arrays.items()}


def standing(run: Run) -> dict[str, Any]:
    """Return the state of a run: epochs trained, and how it ended."""
    state = "diverged" if run.diverged else "finished" if run.finished else "ok"
    return {"trained": run.epochs, "state": state, "message": run.diverged or run.finished}


def farthest(runs: Sequence[Run]) -> int:
    """Return the last epoch that can be shown without more training."""
    going = [run.epochs for run in runs if not run.ended]
    return min(going) if going else max(run.epochs for run in runs)


def state_of(runs: Sequence[Run]) -> str:
    """Return "ok" while at least one run continues, else "diverged" or "finished"."""
    if not all(run.ended for run in runs):
        return "ok"
    return "diverged" if all(run.diverged for run in runs) else "finished"


def ending(runs: Sequence[Run]) -> str:
    """Return the sentence for the end of all runs; a single run has its own."""
    if len(runs) == 1:
        return runs[0].diverged or runs[0].finished
    return "All runs have ended. Each card shows at which epoch." if state_of(runs) != "ok" else ""


def comparison_introduction(ask: int) -> bytes:
    """Return the set-up, the histories so far and the frames that are shown."""
    own = comparison()
    arrays: dict[str, Array] = {}
    setups, called = [], names(own.runs)
    for k, one in enumerate(own.runs):
        one.sent = -1
        meta, parts = setup(one.run, (), VIEWS)
        parts |= frame_arrays(one.run, [one.run.frame(min(own.shown, one.run.epochs))])
        arrays |= prefixed(k, parts)
        setups.append(meta | card(own.runs, k, called[k]))
    whole_set = {
        "runs": setups,
        "losses": losses(own.runs, called),
        "palette": setups[0]["palette"],
        "stop": stop(own.runs),
        "goto": own.shown,
        "check": None,
        "metric": "",
        "probe": {"labels": []},
    }
    return comparison_message(ask, arrays, setup=whole_set, series_reset=True)


def card(runs: Sequence[Compared], k: int, name: str) -> dict[str, Any]:
    """Return the content of a run's card: name, sign, differences."""
    colour, sign = RUNS[k]
    return {
        "name": name,
        "differs": differs(runs, k),
        "color": colour,
        "sign": sign,
        "series": series_names(runs[k].run),
    }


def losses(runs: Sequence[Compared], called: Sequence[str]) -> dict[str, Any]:
    """Return the figure of all losses, with the chance level if all runs share it."""
    levels = {one.run.evaluator.chance()[0] for one in runs}
    validated = tuple(len(one.run.dataset.validation) > 0 for one in runs)
    return drawn(overlay, tuple(called), validated, levels.pop() if len(levels) == 1 else None)


def stop(runs: Sequence[Compared]) -> int:
    """Return the epoch where playing pauses: the last planned one, if every run has one."""
    stops = [one.config.epochs for one in runs]
    return max(stops) if all(stops) else 0


def play_runs(asked: dict[str, Any]) -> bytes:
    """Return the next frames of all runs."""
    runs = [one.run for one in comparison().runs]
    stride, count = max(1, whole(asked.get("stride"))), whole(asked.get("count"))
    epochs = together(runs, whole(asked.get("from")), stride, min(count, MOST_FRAMES))
    return comparison_message(asked["id"], bursts(runs, list(epochs)))


def together(runs: Sequence[Run], after: int, stride: int, count: int) -> Iterator[int]:
    """Yield every stride-th epoch after `after` that all runs reach, or ended before, in time."""
    deadline = perf_counter() + TIME_SLICE
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
    return all(run.epochs >= epoch or run.ended for run in runs)


def bursts(runs: Sequence[Run], epochs: Sequence[int]) -> dict[str, Array]:
    """Return the arrays of all runs at some epochs; an ended run shows its last one."""
    arrays: dict[str, Array] = {}
    for k, run in enumerate(runs):
        shown = dict.fromkeys(min(epoch, run.epochs) for epoch in epochs)
        frames: list[Frame] = [run.frame(epoch) for epoch in shown]
        arrays |= prefixed(k, frame_arrays(run, frames))
    return arrays


def seek_runs(asked: dict[str, Any]) -> bytes:
    """Return the frames of one epoch, or the progress made in one time slice."""
    runs = [one.run for one in comparison().runs]
    epoch = whole(asked.get("epoch"))
    deadline = perf_counter() + TIME_SLICE
    reached(runs, epoch, deadline)
    epoch = min(epoch, farthest(runs))
    for run in runs:
        if epoch < run.epochs and not run.reach(epoch, deadline - perf_counter()):
            return comparison_message(asked["id"])  # on the way: the browser asks again
    return comparison_message(asked["id"], bursts(runs, [epoch]))


def restart_runs(asked: dict[str, Any]) -> bytes:
    """Restart all runs."""
    restart()
    return comparison_introduction(asked["id"])


def acknowledge_runs(asked: dict[str, Any]) -> bytes:
    """Return no frames: only the epoch shown is noted."""
    return comparison_message(asked["id"])


ANSWERS = {"play": play_runs, "seek": seek_runs, "reset": restart_runs, "shown": acknowledge_runs}
