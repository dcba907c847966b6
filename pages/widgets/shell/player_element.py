"""What the players of Train and Compare have in common: how a page draws one and hears from it.

Frames do not come this way: a player fetches them through a connection of its own, from the process
that trains. Without a request nothing runs there, so a closed tab costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.live.requests import read_ask
from pages.widgets.shell.component import element
from pages.widgets.shell.session import LivePlayer


def keep_request(key: str, player: LivePlayer) -> dict[str, Any] | None:
    """Keep what the player asks of the page until it is drawn; return it if it is about its run."""
    state = st.session_state.get(key)
    asked = read_ask(state["ask"]) if state and state.get("ask") else None
    if asked is None or asked.get("run") != player.view().run_id:
        return None
    player.asked = asked
    player.note(asked)
    return asked


def draw_player(
    name: str,
    module: str,
    key: str,
    player: LivePlayer,
    respond: Callable[[], bytes],
    on_request: Callable[[], None],
) -> None:
    """Draw a player, with the set-up of its run after what it has asked of the page."""
    asked = player.asked
    element(name, module)(data=respond(), key=key, on_ask_change=on_request)
    if player.asked is asked:
        player.asked = None  # not before its answer has been handed over: a run may be cut short
