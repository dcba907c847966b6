"""The player's Python side: it answers the browser's requests, one block of bytes each.

Without a request nothing runs here, so a closed tab and a paused run need no computing time.
"""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from engine.nn import Array
from engine.training import MOST_EPOCHS, Run
from pages.widgets.shell.component import element
from pages.widgets.shell.requests import read_ask, whole
from pages.widgets.shell.session import current, pending, reset, session
from pages.widgets.shell.url import run_query
from pages.widgets.train.findings import attempt, findings_message, findings_while_playing
from pages.widgets.train.payload import encode, frame_arrays, series, series_names
from pages.widgets.train.setup import setup

TIME_SLICE = 0.2  # seconds of training per response
MOST_FRAMES = 120


def on_request() -> None:
    """Keep what the player asks until the fragment runs, and note at once what it shows."""
    state = st.session_state.get("player")
    if state and state.get("ask"):
        asked = read_ask(state["ask"])
        if asked is not None:
            session().asked = asked
            note(asked)


def note(asked: dict[str, Any]) -> None:
    """Note which epoch is on the screen: what is pressed next is about it."""
    own = session()
    if asked.get("run") != run_id():
        return
    own.shown, own.looked = min(whole(asked.get("at")), current()[0].epochs), own.run_number
    if asked.get("kind") == "shown":
        own.goto = 0  # what a link asked for has been reached, or left


@st.fragment
def player() -> None:
    """Draw the live view."""
    with st.container(key="live"):  # as high as the player from the start, so that nothing jumps
        element("player", "player/player.js")(
            data=respond(), key="player", on_ask_change=on_request
        )


def respond() -> bytes:
    """Return the answer to the last request; without one, the set-up."""
    own = session()
    asked, own.asked = own.asked, None
    if asked is None or asked.get("run") != run_id():
        ask, own.answered = own.answered if asked is None else asked["id"], 0
        return introduction(ask)
    note(asked)
    try:
        return ANSWERS.get(asked.get("kind", ""), acknowledge)(asked)
    except ValueError as reason:
        return message(asked["id"], note=str(reason))


def run_id() -> str:
    """Return the name of the run in force, by which the browser knows it."""
    return f"run {session().run_number}"


def message(
    ask: int, arrays: dict[str, Array] | None = None, after: int | None = None, **more: Any
) -> bytes:
    """Return a message on the run's state, with the history after epoch `after`."""
    own, (run, _) = session(), current()
    arrays = dict(arrays or {})
    arrays |= series(run, own.sent if after is None else after)
    own.sent = run.epochs
    meta = {
        "answer": ask,
        "run": run_id(),
        "trained": run.epochs,
        "most": MOST_EPOCHS,
        "state": "diverged" if run.diverged else "finished" if run.finished else "ok",
        "message": run.diverged or run.finished,
        "best": run.best if run.finished else None,
        "query": query_of_run(run),
        "pending": bool(pending()),
        **more,
    }
    return encode(meta, arrays)


def query_of_run(run: Run) -> str:
    """Return the query of this run: choices, events, the map's axes."""
    return run_query(run.config, run.events, session().pair)


def introduction(ask: int) -> bytes:
    """Return the set-up, the history so far and the frame that is shown."""
    own, (run, _) = session(), current()
    meta, arrays = introduced(run)
    epoch = min(own.shown, run.epochs)
    arrays |= frame_arrays(run, [run.frame(epoch)])
    return message(ask, arrays, -1, setup=meta, series_reset=True, **findings_message(run, epoch))


def introduced(run: Run) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return meta and arrays of the set-up for this visitor."""
    own = session()
    meta, arrays = setup(run, own.pair)
    meta |= {
        "series": series_names(run),
        "goto": own.goto or own.shown,
        "check": finite_number(own.check),
        "example": own.example,
    }
    return meta, arrays


def finite_number(text: str) -> float | None:
    """Return the finite number that a link spells, if any."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def play(asked: dict[str, Any]) -> bytes:
    """Return the next frames."""
    run, _ = current()
    stride, count = max(1, whole(asked.get("stride"))), whole(asked.get("count"))
    frames = run.play(whole(asked.get("from")), stride, min(count, MOST_FRAMES), TIME_SLICE)
    shots = list(frames)
    news = findings_while_playing(run, shots[-1].epoch) if shots else {}
    return message(asked["id"], frame_arrays(run, shots), **news)


def seek(asked: dict[str, Any]) -> bytes:
    """Return the frame of one epoch, or the progress made in one time slice."""
    run, _ = current()
    epoch = whole(asked.get("epoch"))
    if epoch > run.epochs:
        run.advance(epoch - run.epochs, TIME_SLICE)
    reached = min(epoch, run.epochs)
    if reached < run.epochs and not run.reach(reached, TIME_SLICE):
        return message(asked["id"])  # on the way: the browser asks again
    frame = frame_arrays(run, [run.frame(reached)])
    return message(asked["id"], frame, **findings_while_playing(run, reached))


def edit(asked: dict[str, Any]) -> bytes:
    """Set one weight or bias by hand, from the epoch shown on."""
    run, _ = current()
    layer, row, column = (whole(asked.get(name)) for name in ("layer", "row", "column"))
    n_in = run.network.sizes[min(max(layer, 1), len(run.network.layers)) - 1]
    name = f"b{layer}.{row}" if column == n_in else f"W{layer}.{row}.{column}"
    run.edit(whole(asked.get("at")), name, float(asked.get("value", math.nan)))
    return forked(asked)


def apply(asked: dict[str, Any]) -> bytes:
    """Apply the side bar's live choices from the epoch shown on."""
    run, _ = current()
    epoch = whole(asked.get("at"))
    changes = pending(epoch)
    if changes:
        run.change(epoch, **changes)
    return forked(asked, *introduced(run))  # with dropout or a penalty other curves are drawn


def forked(
    asked: dict[str, Any],
    meta: dict[str, Any] | None = None,
    arrays: dict[str, Array] | None = None,
) -> bytes:
    """Return the run after taking it back to the epoch shown."""
    run, _ = current()
    epoch = run.epochs
    arrays = {**(arrays or {}), **frame_arrays(run, [run.frame(epoch)])}
    more = {**({"setup": meta} if meta else {}), **findings_message(run, epoch)}
    return message(asked["id"], arrays, epoch - 1, forget_after=epoch - 1, **more)


def restart_run(asked: dict[str, Any]) -> bytes:
    """Restart with the same choices."""
    reset()
    return introduction(asked["id"])


def attempted(asked: dict[str, Any]) -> bytes:
    """Make the change that a finding proposes; without one, acknowledge the request."""
    if not attempt(asked.get("rule"), whole(asked.get("epoch"))):
        return acknowledge(asked)
    session().answered = asked["id"]
    st.rerun()


def acknowledge(asked: dict[str, Any]) -> bytes:
    """Return no frames: only the epoch shown is noted and its findings are sent."""
    run, _ = current()
    return message(asked["id"], **findings_message(run, session().shown))


ANSWERS = {
    "play": play,
    "seek": seek,
    "edit": edit,
    "apply": apply,
    "reset": restart_run,
    "try": attempted,
    "shown": acknowledge,
}
