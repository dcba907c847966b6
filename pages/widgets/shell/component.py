"""Elements of the app on a page: a module of static/ that Streamlit mounts as a component."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

# Streamlit calls it for every message, and ends a replaced call only after the newer
# one has begun: that end must not remove what the newer call still uses.
LOADER = """
export default function (component) {
  const { parentElement: place, key } = component;
  const call = {};
  (place.newest ??= {})[key] = call;
  const module = new URL("app/static/MODULE", document.baseURI);
  const mounted = import(module).then((own) => own.mount(component));
  return () => mounted.then((leave) => place.newest[key] === call && leave());
}
"""


def loader(module: str) -> str:
    """Return the JavaScript that mounts and removes static/`module`."""
    return LOADER.replace("MODULE", module)


@st.cache_resource
def element(name: str, module: str) -> ComponentRenderer:
    """Return the component of static/`module`, registered once per server under this name.

    The module exports mount(component), which builds or feeds what is in component.parentElement
    and returns how to remove it, or a promise of that.
    """
    return component(f"deltascope_{name}", js=loader(module), isolate_styles=False)
