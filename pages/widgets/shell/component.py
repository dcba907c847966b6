"""Elements of the app on a page: a module of static/ that Streamlit mounts as a component.

The players of Train and Compare are drawn here, too. Their frames do not come through the page: a
player fetches them through a connection of its own, from the process that trains.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from pages.live.requests import PlayerRequest, read_ask
from pages.widgets.session import LivePlayer, value_of
from pages.widgets.shell.assets import BUNDLE, address

# Streamlit calls it for every message, and ends a replaced call only after the newer
# one has begun: that end must not remove what the newer call still uses.
LOADER = """
export default function (component) {
  const { parentElement: place, key } = component;
  const call = {};
  (place.newest ??= {})[key] = call;
  const bundle = new URL("BUNDLE", document.baseURI);
  const mounted = import(bundle).then(({ load }) => load("MODULE").mount(component));
  return () => mounted.then((leave) => place.newest[key] === call && leave());
}
"""


def loader(module: str) -> str:
    """Return the JavaScript that mounts and removes static/`module`."""
    return LOADER.replace("BUNDLE", address(BUNDLE)).replace("MODULE", module)


@st.cache_resource
def element(name: str, module: str) -> ComponentRenderer:
    """Return the component of static/`module`, registered once per server under this name.

    The module exports mount(component), which builds or feeds what is in component.parentElement
    and returns how to remove it, or a promise of that.
    """
    return component(f"deltascope_{name}", js=loader(module), isolate_styles=False)


def keep_request(key: str, player: LivePlayer) -> PlayerRequest | None:
    """Keep what the player asks of the page until it is drawn; return it if it is about its run."""
    state = value_of(key)
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
    number = request_number(player.asked)
    element(name, module)(data=respond(), key=key, on_ask_change=on_request)
    if request_number(player.asked) == number:
        player.asked = None  # not before its answer has been handed over: a run may be cut short


def request_number(asked: PlayerRequest | None) -> int | None:
    """Return the number of a request, or None if there is none."""
    return asked["id"] if asked else None


def done(asked: PlayerRequest) -> PlayerRequest:
    """Return a request of which only the answer is missing: what it asks for is not done again."""
    return {**asked, "kind": "done"}
