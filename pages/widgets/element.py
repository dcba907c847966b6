"""Elements of our own on a page: a module of static/ that Streamlit mounts as a component."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import plotly
import streamlit as st

STATIC = Path(__file__).parents[2] / "static"

# Streamlit calls it for every message, and ends a call that a newer message has overtaken only
# after the newer one has begun: that end must not take away what the newer call goes on to use.
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
    """The JavaScript that mounts static/`module` and takes it away."""
    return LOADER.replace("MODULE", module)


@st.cache_resource
def element(name: str, module: str) -> Any:
    """The component of static/`module`, registered once per server under this name.

    The module exports mount(component), which builds or feeds what is in component.parentElement
    and returns how to remove it, or a promise of that.
    """
    bring_libraries()
    return st.components.v2.component(f"deltascope_{name}", js=loader(module), isolate_styles=False)


def bring_libraries() -> None:
    """Nothing; Plotly's and KaTeX's JavaScript are taken from the wheels that bring them."""
    katex = Path(st.__file__).parent.glob("static/static/js/katex.*.js")
    for wheel, ours in (
        (Path(plotly.__file__).parent / "package_data" / "plotly.min.js", "plotly.min.js"),
        (next(katex), "katex.js"),
    ):
        copy = STATIC / ours
        if not copy.exists() or copy.stat().st_size != wheel.stat().st_size:
            shutil.copyfile(wheel, copy)
