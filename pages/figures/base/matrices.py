"""Matrices in a row, one for each layer: what the pictures of weights and of deltas share."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from pages.figures.base.blank import live, longest_name, numbered
from pages.figures.base.palette import LINE, diverging
from pages.figures.base.text import plain

Box = tuple[float, float, float, float]  # left, right, bottom, top as fractions of the plot area
NAMED = 12  # most rows or columns with a name at each
LETTERS = 3  # characters of a name to the left of a row
NARROW = 290  # px, the plot area's width in the narrowest figure
PER_ROW = 3  # most matrices side by side; more layers are in two rows


def matrix(uid: str, title: str, hover: str, **more: object) -> go.Heatmap:
    """Return a live heatmap without values yet, rows and columns counted from 0."""
    return go.Heatmap(
        x0=0,
        y0=0,
        z=[[None]],
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
    """Return where matrices of these (rows, columns) stand, in reading order, tops aligned.

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
    """Return left and right of each matrix of a row: none over twice as wide as another."""
    columns = np.array([columns for _, columns in row], dtype=float)
    widths = np.maximum(columns, columns.max() / 2)
    widths *= (1 - gap * (len(row) - 1)) / widths.sum()
    left = np.concatenate([[0.0], np.cumsum(widths + gap)[:-1]])
    return [(float(a), float(min(a + w, 1))) for a, w in zip(left, widths, strict=True)]


def _heights(row: Sequence[tuple[int, int]]) -> list[float]:
    """Return each matrix's share of the row's height: at least 1/4, 1 from four rows on."""
    rows = np.array([rows for rows, _ in row], dtype=float)
    return [float(share) for share in np.maximum(rows / max(rows.max(), 4), 0.25)]


def draw_border(k: int, name: str) -> dict[str, object]:
    """Return a thin border around the k-th plot, so that a matrix of zeros is seen as well."""
    on_x, on_y = numbered(k)
    return {
        "name": f"{name}.frame",
        "type": "rect",
        "xref": f"{on_x} domain",
        "yref": f"{on_y} domain",
        "x0": 0,
        "x1": 1,
        "y0": 0,
        "y1": 1,
        "line": {"color": LINE, "width": 1},
    }


def units(n: int) -> list[str]:
    """Return names of the units of a layer, counted from 1."""
    return [str(k + 1) for k in range(n)]


def name_ticks(names: Sequence[str], shown: bool) -> dict[str, object]:
    """Return ticks at 0, 1, ... called `names`; hovering shows names that do not fit."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [plain(name) for name in names],
        "tickangle": 0,
        "showticklabels": shown,
        "showgrid": False,
    }


def across(names: Sequence[str], share: float) -> bool:
    """Return whether names fit side by side into this share of a figure's smallest width."""
    return len(names) <= NAMED + 1 and len(names) * (6 * longest_name(names) + 3) <= share * NARROW


def upwards(names: Sequence[str], share: float, height: int) -> bool:
    """Return whether short names fit below each other into this share of `height` pixels."""
    return (
        len(names) <= NAMED and longest_name(names) <= LETTERS and len(names) * 11 <= share * height
    )
