"""The player on the page: the set-up of its run, and what it changes in the session.

Frames do not come this way: the player fetches them through a connection of its own, from the
process that trains the run. Without a request nothing runs there, so a closed tab costs nothing.
"""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from engine.diagnosis import observe
from pages.live.answers import described, message, reminder
from pages.live.findings import findings_message, offer
from pages.live.payload import encode, frame_arrays
from pages.live.requests import whole
from pages.live.view import Tried
from pages.widgets.shell.component import SERIALS, done, draw_player, keep_request
from pages.widgets.shell.session import (
    choose,
    current,
    known_run,
    new_run,
    reset,
    session,
    undivided,
)


def on_request() -> None:
    """Keep what the player asks of the session until the fragment runs."""
    if keep_request("player", session()) is None:
        session().set_up = ""  # the player shows no run or another one


@st.fragment
def player() -> None:
    """Draw the live view."""
    with st.container(key="live"):  # as high as the player from the start, so that nothing jumps
        draw_player("player", "player/player.js", "player", session(), respond, on_request)


def respond() -> bytes:
    """Return the set-up of the run, after what the player has asked of the session."""
    own = session()
    asked = own.asked
    if asked is None:
        return introduction(0)
    own.asked = done(asked)
    if asked.get("kind") == "reset":
        reset()
    elif asked.get("kind") == "try" and attempt(asked):
        st.rerun()
    return introduction(asked["id"])


def run_id() -> str:
    """Return the name of the run in force, by which the browser knows it."""
    return session().view().run_id


def introduction(answered: int) -> bytes:
    """Return the set-up, the history so far and the frame that is shown.

    A player that has the set-up already gets the rest of it through its own connection.
    """
    own, view = session(), session().view()
    if own.set_up == view.setup_id and own.live.standing:
        known = reminder(answered, known_run().config, own.live.standing, view)
        return encode(known | {"token": own.live.token}, {})
    run, _ = current()
    meta, arrays = described(run, view)
    meta |= {
        "goto": own.goto or own.shown,
        "serial": next(SERIALS),
        "check": finite_number(own.check),
        "example": own.example,
    }
    epoch = min(own.goto or own.shown, run.epochs)
    arrays |= frame_arrays(run, [run.frame(epoch)])
    more = findings_message(run, epoch, view)
    more |= {"setup": meta, "series_reset": True, "token": own.live.token}
    return message(answered, run, view, -1, arrays, **more)


def finite_number(text: str) -> float | None:
    """Return the finite number that a link spells, if any."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@undivided
def attempt(asked: dict[str, Any]) -> bool:
    """Make the change that a finding proposes; return whether the page has to be drawn again.

    A new run is trained up to the epoch on the screen, so that the two can be compared. That epoch
    is in the request: what other parts of the page say of the screen may come later, and be older.
    """
    own = session()
    own.note(asked)
    run, data = current()
    rule, epoch = asked.get("rule"), min(whole(asked.get("epoch")), run.epochs)
    shown = min(own.shown, run.epochs)
    found = next((one for one in observe(run, epoch) if one.rule == rule), None)
    text = offer(found, own.config) if found else ""
    if found is None or not text:
        return False
    part = "validation" if len(data.validation) else "train"
    loss = float(run.history[shown][part])
    choose(**found.change)
    if own.run is run and found.needs_new_run:
        new_run()
    same = own.run is run
    own.goto = 0 if same else shown
    comparable = not {"loss", "output", "class_weights"} & set(found.change)
    own.tried = Tried(found.rule, text, shown, loss, part if comparable else "", same)
    return True
