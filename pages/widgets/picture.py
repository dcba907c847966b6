"""A figure that changes in place: it is not mounted anew when its numbers change."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.figures.palette import themed
from pages.widgets import player
from pages.widgets.report import COLOURS, theme
from pages.widgets.setup import as_json

LOADER = """
export default function (component) {
  const picture = new URL("app/static/picture.js", document.baseURI);
  const mounted = import(picture).then((module) => module.mount(component));
  return () => mounted.then((leave) => leave());
}
"""  # a page has several of them: each keeps its own way to leave


@st.cache_resource
def component() -> Any:
    """The picture, registered once per server; the player brings Plotly's JavaScript."""
    player.component()
    return st.components.v2.component("deltascope_picture", js=LOADER, isolate_styles=False)


def picture(figure: go.Figure, alt: str, key: str) -> int | None:
    """The number of the mark that was just clicked, if any; draws a figure with its words.

    A mark's number is the first of its customdata.
    """
    data = {"figure": as_json(themed(figure, *COLOURS[theme()])), "alt": alt}
    return component()(data=data, key=key, on_picked_change=nothing).picked


def nothing() -> None:
    """Nothing; what was clicked is taken from the picture itself."""
