"""Figures on a page: a still one, and one that changes in place and can be clicked."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.figures.base.blank import figure_data
from pages.figures.base.palette import themed
from pages.widgets.shell.component import element
from pages.widgets.shell.theme import COLOURS, theme

PLAIN = {"displayModeBar": False}  # Plotly's settings of a figure


def draw_figure(
    figure: go.Figure,
    alt: str,
    key: str,
    place: DeltaGenerator | None = None,
    config: dict[str, bool] = PLAIN,
) -> None:
    """Draw a figure in the colours of the page; `alt` describes it, `config` is for Plotly."""
    (place or st).plotly_chart(
        themed(figure, *COLOURS[theme()]), theme=None, config=config, alt=alt, key=key
    )


def picture(figure: go.Figure, alt: str, key: str) -> int | None:
    """Draw a figure with its description; return the number of the clicked mark, if any.

    A mark's number is the first of its customdata.
    """
    data = {"figure": figure_data(themed(figure, *COLOURS[theme()])), "alt": alt}
    return element("picture", "shared/chart.js")(
        data=data, key=key, on_picked_change=ignore_click
    ).picked


def ignore_click() -> None:
    """Do no more than rerun: the click is read from the figure itself."""
