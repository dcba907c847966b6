"""The player on the page: the set-up of its run, and what it changes in the session.

Frames do not come this way: the player fetches them through a connection of its own, from the
process that trains the run. Without a request nothing runs there, so a closed tab costs nothing.
"""

from __future__ import annotations

import streamlit as st

from engine.diagnosis import observe
from engine.language import tr
from pages.live.architecture import read_changes
from pages.live.findings import offer
from pages.live.requests import PlayerRequest, whole
from pages.live.view import Tried
from pages.widgets.session import (
    choose,
    current,
    epoch_of,
    known_run,
    new_run,
    reset,
    session,
    undivided,
)
from pages.widgets.shell.component import done, draw_player, keep_request
from pages.widgets.shell.frame import redraw_if_due


def on_request() -> None:
    """Keep what the player asks of the session until the fragment runs."""
    asked = keep_request("player", session())
    if asked is None:
        session().screen.set_up = ""  # the player shows no run or another one
    elif asked.get("kind") == "change":
        change(asked)


@st.fragment
def player() -> None:
    """Draw the live view."""
    redraw_if_due()
    with st.container(key="live"):  # as high as the player from the start, so that nothing jumps
        draw_player("player", "train/train_player.js", "player", session(), respond, on_request)


def respond() -> bytes:
    """Return the set-up of the run, after what the player has asked of the session."""
    own, _ = session(), known_run()
    asked = own.asked
    if asked is None:
        return own.introduce()
    own.asked = done(asked)
    if asked.get("kind") == "reset":
        reset()
    elif asked.get("kind") == "change" or (asked.get("kind") == "try" and attempt(asked)):
        st.rerun()
    return own.introduce(asked["id"])


def run_id() -> str:
    """Return the name of the run in force, by which the browser knows it."""
    return session().view().run_id


def change(asked: PlayerRequest) -> None:
    """Make the choices of a control on the diagram, as the side bar makes them."""
    try:
        choices = read_changes(asked.get("change", {}))
    except ValueError as reason:
        session().notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    choose(**choices)


@undivided
def attempt(asked: PlayerRequest) -> bool:
    """Make the change that a finding proposes; return whether the page has to be drawn again.

    A new run is trained up to the epoch on the screen, so that the two can be compared. That epoch
    is in the request: what other parts of the page say of the screen may come later, and be older.
    """
    own = session()
    own.note(asked)
    run, data = current()
    rule, epoch = asked.get("rule"), min(whole(asked.get("epoch")), run.epochs)
    shown = min(epoch_of(asked, own.live), run.epochs)
    found = next((one for one in observe(run, epoch) if one.rule == rule), None)
    text = offer(found, own.view()) if found else ""
    if found is None or not text:
        return False
    part = "validation" if len(data.validation) else "train"
    loss = float(run.history[shown][part])
    choose(**found.change)
    if own.run is run and found.needs_new_run:
        new_run()
    same = own.run is run
    own.opening.goto = 0 if same else shown
    comparable = not {"loss", "output", "class_weights"} & set(found.change)
    own.tried = Tried(found.rule, text, shown, loss, part if comparable else "", same)
    return True
