"""A figure that changes in place: it is not mounted again when its numbers change."""

from __future__ import annotations

import plotly.graph_objects as go

from pages.figures.base.blank import figure_data
from pages.figures.base.palette import themed
from pages.widgets.shell.component import element
from pages.widgets.shell.theme import COLOURS, theme


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
