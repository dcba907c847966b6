"""The empty figure that every picture starts from, and the pieces they share.

Everything is numeric and fixed: margins in pixels, axes by domain and range. So whatever paints
under or over a figure knows from these numbers alone where a datum lies, and nothing jumps.
What changes with the epoch is a trace with a `uid`, transparent until someone fills it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from pages.figures.palette import diverging
from pages.figures.text import THIN, plain

Array = np.ndarray
Box = tuple[float, float, float, float]  # left, right, bottom, top as fractions of the plot area
SMALL = 10  # px, text of ticks and labels
EPOCHS = (0, 50)  # what the axis of epochs shows before training
NAMED = 12  # rows or columns of a matrix, up to which each may have its name beside it
LETTERS = 3  # characters of a name to the left of a row
NARROW = 290  # px, the plot area's width in the narrowest figure
PER_ROW = 3  # matrices side by side; with more layers they stand in two rows


def sheet(title: str, height: int, margin: tuple[int, int, int, int], **meta: Any) -> go.Figure:
    """An empty transparent figure; `margin` is left, right, top, bottom in pixels.

    The title is for the heading above the figure (layout.meta.title), not drawn in it.
    """
    left, right, top, bottom = margin
    figure = go.Figure()
    figure.layout.update(
        template=None,
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


def axis(limits: Sequence[float], domain: Sequence[float] = (0, 1), **more: Any) -> dict[str, Any]:
    """A numeric axis that stays as it is: `limits` from left to right or bottom to top."""
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


def bare(limits: Sequence[float], domain: Sequence[float] = (0, 1), **more: Any) -> dict[str, Any]:
    """An axis of which nothing is drawn."""
    return axis(limits, domain, showgrid=False, showticklabels=False, **more)


def epochs(anchor: str, **more: Any) -> dict[str, Any]:
    """An axis of epochs, from 0 to the first fifty; whoever plays widens it."""
    free = {"fixedrange": False, "exponentformat": "none", "nticks": 6, "tickangle": 0}
    return axis(EPOCHS, anchor=anchor, **{**free, **more})


def label(name: str, text: str, at: tuple[float, float], **more: Any) -> dict[str, Any]:
    """An annotation without an arrow at a place of the plot area (fractions), found by its name."""
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
    """Text in a colour of its own, for a sign that stands for a mark."""
    return f'<span style="color:{colour}">{text}</span>'


def live(uid: str, colour: str = "", **meta: Any) -> dict[str, Any]:
    """What marks a trace as one that changes with the epoch; its colour waits in meta.color."""
    return {"uid": uid, "opacity": 0, "meta": {"color": colour, "theme": {}, **meta}}


def line(uid: str, name: str, colour: str, dash: str = "solid", **more: Any) -> go.Scatter:
    """A live line over the epochs, without points yet."""
    stroke = {"color": colour, "width": 1.5, "dash": dash}
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        name=name,
        line=stroke,
        hovertemplate=f"epoch %{{x}}<br>{name} %{{y:.4~g}}<extra></extra>",
        **live(uid, colour, dash=dash, width=1.5, name=name),
        **more,
    )


def matrix(uid: str, shape: tuple[int, int], title: str, hover: str, **more: Any) -> go.Heatmap:
    """A live heatmap of zeros, rows and columns counted from 0."""
    rows, columns = shape
    return go.Heatmap(
        x=np.arange(columns),
        y=np.arange(rows),
        z=np.zeros(shape, dtype=np.float32),
        zmin=-1,
        zmax=1,
        colorscale=diverging(),
        showscale=False,
        hoverongaps=False,
        hovertemplate=hover + "<extra></extra>",
        **live(uid, title=title),
        **more,
    )


def boxes(shapes: Sequence[tuple[int, int]], gap: tuple[float, float]) -> list[Box]:
    """Where matrices of these (rows, columns) stand: in reading order, tops of a row aligned.

    Side by side while they are few, else in two rows; wide and high in proportion, within limits.
    """
    per_row = len(shapes) if len(shapes) <= PER_ROW else (len(shapes) + 1) // 2
    lines = [shapes[i : i + per_row] for i in range(0, len(shapes), per_row)]
    high = (1 - gap[1] * (len(lines) - 1)) / len(lines)
    return [
        (left, right, max(top - share * high, 0.0), top)
        for i, row in enumerate(lines)
        for top in [1 - i * (high + gap[1])]
        for (left, right), share in zip(_columns(row, gap[0]), _heights(row), strict=True)
    ]


def _columns(row: Sequence[tuple[int, int]], gap: float) -> list[tuple[float, float]]:
    """Left and right of each matrix of a row: none more than three times as wide as another."""
    columns = np.array([columns for _, columns in row], dtype=float)
    widths = np.maximum(columns, columns.max() / 3)
    widths *= (1 - gap * (len(row) - 1)) / widths.sum()
    left = np.concatenate([[0.0], np.cumsum(widths + gap)[:-1]])
    return [(float(a), float(min(a + w, 1))) for a, w in zip(left, widths, strict=True)]


def _heights(row: Sequence[tuple[int, int]]) -> list[float]:
    """Share of the row's height for each matrix: a quarter at least, the highest has all."""
    rows = np.array([rows for rows, _ in row], dtype=float)
    return [float(share) for share in np.maximum(rows / rows.max(), 0.25)]


def numbered(k: int) -> tuple[str, str]:
    """Names of the k-th pair of axes (k from 1) as a trace wants them: "x2", "y2"."""
    tail = "" if k == 1 else str(k)
    return f"x{tail}", f"y{tail}"


def axes(k: int, x: Mapping[str, Any], y: Mapping[str, Any]) -> dict[str, Any]:
    """The k-th pair of axes as the layout wants it, each anchored on the other."""
    on_x, on_y = numbered(k)
    tail = on_x[1:]
    return {f"xaxis{tail}": {**x, "anchor": on_y}, f"yaxis{tail}": {**y, "anchor": on_x}}


def units(n: int) -> list[str]:
    """Names of the units of a layer, counted from 1."""
    return [str(k + 1) for k in range(n)]


def named(names: Sequence[str], shown: bool) -> dict[str, Any]:
    """Ticks at 0, 1, ... called `names`; hovering tells a name even if it is not shown."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [plain(name) for name in names],
        "tickangle": 0,
        "showticklabels": shown,
        "showgrid": False,
    }


def across(names: Sequence[str], share: float) -> bool:
    """Whether names fit side by side into this share of a figure's narrowest width."""
    return len(names) <= NAMED + 1 and len(names) * (6 * longest(names) + 3) <= share * NARROW


def upwards(names: Sequence[str], share: float, height: int) -> bool:
    """Whether short names fit below each other into this share of `height` pixels."""
    return len(names) <= NAMED and longest(names) <= LETTERS and len(names) * 11 <= share * height


def longest(names: Sequence[str]) -> int:
    """Characters of the longest name."""
    return max(map(len, names), default=0)
