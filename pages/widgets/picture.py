"""A figure that changes in place: it is not mounted anew when its numbers change."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.figures.palette import themed
from pages.widgets.player import registered
from pages.widgets.report import COLOURS, theme
from pages.widgets.setup import as_json


@st.cache_resource
def component() -> Any:
    """The picture, registered once per server."""
    return registered("deltascope_picture", "picture.js")


def picture(figure: go.Figure, alt: str, key: str) -> int | None:
    """Draws a figure with its words; the number of the mark that was just clicked, if any.

    A mark's number is the first of its customdata.
    """
    data = {"figure": as_json(themed(figure, *COLOURS[theme()])), "alt": alt}
    return component()(data=data, key=key, on_picked_change=nothing).picked


def nothing() -> None:
    """Nothing; what was clicked is taken from the picture itself."""
