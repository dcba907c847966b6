"""The empty figure that every picture starts from, and the pieces they share.

Everything is numeric and fixed: margins in pixels, axes by domain and range. So whatever paints
under or over a figure knows from these numbers alone where a datum lies, and nothing jumps.
What changes with the epoch is a trace with a `uid`, transparent until someone fills it.
"""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go

from engine.language import tr
from pages.figures.base.text import THIN

SMALL = 10  # px, text of ticks and labels
EPOCHS = (0, 50)  # what the axis of epochs shows before training


def sheet(title: str, height: int, margin: tuple[int, int, int, int], **meta: object) -> go.Figure:
    """Return an empty transparent figure; `margin` is left, right, top, bottom in pixels.

    The title is for the heading above the figure (layout.meta.title), not drawn in it.
    """
    left, right, top, bottom = margin
    figure = go.Figure()
    figure.layout.update(template=None)  # which stays {}, so that none is filled in later
    set_layout(
        figure,
        height=height,
        margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 0, "autoexpand": False},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font_size=11,
        hovermode="closest",
        dragmode=False,
        uirevision="keep",
        showlegend=False,
        separators=f".{THIN}",
        meta={"title": title, **meta},
    )
    return figure


def set_layout(
    figure: go.Figure, settings: Mapping[str, object] = MappingProxyType({}), **more: object
) -> None:
    """Set these settings of the layout, each as a whole.

    Plotly's `layout.update` merges them with what is set, and takes five times as long.
    """
    for name, value in {**settings, **more}.items():
        figure.layout[name] = value


def axis(
    limits: Sequence[float], domain: Sequence[float] = (0, 1), **more: object
) -> dict[str, object]:
    """Return a numeric axis with fixed `limits`, from left to right or bottom to top."""
    fixed = {
        "type": "linear",
        "range": list(limits),
        "domain": list(domain),
        "autorange": False,
        "automargin": False,
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": SMALL},
        "separatethousands": True,
        "exponentformat": "e",
    }
    return {**fixed, **more}


def hidden_axis(
    limits: Sequence[float], domain: Sequence[float] = (0, 1), **more: object
) -> dict[str, object]:
    """Return an axis of which nothing is drawn."""
    return axis(limits, domain, showgrid=False, showticklabels=False, **more)


def epochs(anchor: str, **more: Any) -> dict[str, object]:
    """Return an axis of epochs from 0 to 50; the player widens it."""
    free: dict[str, Any] = {
        "fixedrange": False,
        "exponentformat": "none",
        "nticks": 6,
        "tickangle": 0,
        "ticklabelstandoff": 2,
    }
    return axis(EPOCHS, anchor=anchor, **{**free, **more})


def titled(text: str, standoff: int = 4) -> dict[str, object]:
    """Return the title of an axis, `standoff` pixels from its ticks."""
    return {"text": text, "standoff": standoff, "font": {"size": 11}}


def label(name: str, text: str, at: tuple[float, float], **more: object) -> dict[str, object]:
    """Return an annotation without an arrow at (x, y), fractions of the plot area, with a name."""
    fixed = {
        "name": name,
        "text": text,
        "x": at[0],
        "y": at[1],
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": SMALL},
    }
    return {**fixed, **more}


def span(colour: str, text: str) -> str:
    """Return text in a colour, for a sign that stands for a mark."""
    return f'<span style="color:{colour}">{text}</span>'


def live(uid: str, colour: str = "", **meta: object) -> dict[str, object]:
    """Return what marks a trace that changes with the epoch; its colour is in meta.color."""
    return {"uid": uid, "opacity": 0, "meta": {"color": colour, "theme": {}, **meta}}


def line(uid: str, name: str, colour: str, dash: str = "solid", **more: object) -> go.Scatter:
    """Return a live line over the epochs, without points yet."""
    stroke = {"color": colour, "width": 1.5, "dash": dash}
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        name=name,
        line=stroke,
        hovertemplate=f"{tr('epoch')} %{{x}}<br>{name} %{{y:.4~g}}<extra></extra>",
        **live(uid, colour, dash=dash, width=1.5, name=name),
        **more,
    )


def numbered(k: int) -> tuple[str, str]:
    """Return the names of the k-th pair of axes (k from 1) in a trace: "x2", "y2"."""
    tail = "" if k == 1 else str(k)
    return f"x{tail}", f"y{tail}"


def axis_pair(k: int, x: Mapping[str, object], y: Mapping[str, object]) -> dict[str, object]:
    """Return the k-th pair of axes for the layout, each anchored on the other."""
    on_x, on_y = numbered(k)
    tail = on_x[1:]
    return {f"xaxis{tail}": {**x, "anchor": on_y}, f"yaxis{tail}": {**y, "anchor": on_x}}


def longest_name(names: Sequence[str]) -> int:
    """Return the number of characters of the longest name."""
    return max(map(len, names), default=0)


def figure_data(figure: go.Figure) -> dict[str, object]:
    """Return a figure as the browser takes it, traces with their uid."""
    return json.loads(figure.to_json(remove_uids=False) or "{}")
