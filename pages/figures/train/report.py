"""The figures of the report: confusion matrix, and predicted against true values."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, set_layout, sheet, titled
from pages.figures.base.palette import BACKGROUND, INK, LINE, TRAIN, diverging
from pages.figures.base.text import clip, clipped, count, number, percent, plain

SIDE = 360  # px, height of both figures
WRITTEN = 12  # classes up to which every cell shows its numbers
STRENGTH = 0.5  # a full cell's colour: text on it stays readable
SPARE = 0.05  # room around the points


def confusion(matrix: Array, classes: Sequence[str]) -> go.Figure:
    """Return counts and shares of true class (row) by predicted class (column), (K, K).

    Blue cells are right, orange ones wrong, the stronger the larger their share of the row.
    """
    letters = min(14, max(map(len, classes)))
    upright = letters * len(classes) > 46
    bottom = 34 + (6 * letters if upright else 12)
    height = max(SIDE, 13 * len(classes) + 120)
    figure = sheet(tr("Confusion matrix"), height, (36 + 6 * letters, 10, 10, bottom))
    figure.add_trace(_cells(matrix, len(classes) <= WRITTEN))
    names = [plain(name) for name in clipped(classes, letters)]
    ticks = {"tickvals": list(range(len(names))), "ticktext": names, "showgrid": False}
    x = axis(
        (-0.5, len(names) - 0.5), title=titled(tr("predicted"), 6), tickangle=-90 * upright, **ticks
    )
    y = axis((len(names) - 0.5, -0.5), title=titled(tr("true"), 6), **ticks)
    set_layout(figure, xaxis=x, yaxis=y)
    return figure


def residuals_chart(true: Array, predicted: Array, target: str) -> go.Figure:
    """Return predicted over true values of `target`, each (n,) in its units, and the diagonal."""
    both = np.concatenate([true, predicted])
    room = SPARE * (float(np.ptp(both)) or 1.0)
    limits = (float(both.min()) - room, float(both.max()) + room)
    figure = sheet(tr("Predicted and true values"), SIDE, (56, 12, 10, 42))
    figure.add_scatter(
        x=true,
        y=predicted,
        mode="markers",
        marker={"size": 7, "color": TRAIN, "line": {"color": BACKGROUND, "width": 0.8}},
        customdata=[number(error, 4) for error in predicted - true],
        hovertemplate="true %{x:.4~g}<br>predicted %{y:.4~g}<br>error %{customdata}<extra></extra>",
        uid="residuals",
        meta={"theme": {"marker.line.color": "background"}},
    )
    name = plain(clip(target, 40))
    set_layout(
        figure,
        xaxis=axis(limits, title=titled(tr("true {target}", target=name)), nticks=6),
        yaxis=axis(limits, title=titled(tr("predicted")), nticks=6),
        shapes=[_diagonal(limits)],
        annotations=[
            label("right", tr("exactly right"), (1, 1), xanchor="right", yanchor="top", xshift=-30)
        ],
    )
    return figure


def _diagonal(limits: tuple[float, float]) -> dict:
    """Return the line of predictions without error."""
    low, high = limits
    stroke = {"color": LINE, "width": 1, "dash": "dash"}
    ends = {"x0": low, "x1": high, "y0": low, "y1": high}
    return {"name": "diagonal", "type": "line", "layer": "below", "line": stroke, **ends}


def _shares(matrix: Array) -> Array:
    """Return each count as a share of its row, (K, K); a row without examples is 0."""
    totals = matrix.sum(axis=1, keepdims=True)
    return matrix / np.maximum(totals, 1)


def _cells(matrix: Array, written: bool) -> go.Heatmap:
    """Return a cell for each count, with count and share in it if they are to be written."""
    shares = _shares(matrix)
    right = np.eye(len(matrix), dtype=bool)
    return go.Heatmap(
        z=np.where(right, 1, -1) * np.sqrt(shares),  # the root: a few mistakes should be seen
        zmin=-1,
        zmax=1,
        colorscale=diverging(STRENGTH),
        showscale=False,
        xgap=1,
        ygap=1,
        text=_words(matrix, shares),
        texttemplate="%{text}" if written else None,
        textfont={"color": INK, "size": 9 if len(matrix) > 8 else 11},
        customdata=np.dstack([matrix, shares]),
        hovertemplate=tr(
            "true %{y}, predicted %{x}<br>%{customdata[0]} examples, "
            "%{customdata[1]:.1%} of the row<extra></extra>"
        ),
        uid="confusion",
        meta={"theme": {"textfont.color": "ink"}},
    )


def _words(matrix: Array, shares: Array) -> list[list[str]]:
    """Return count above share for each cell; a cell without examples shows just 0."""
    return [
        [
            f"{count(int(n))}<br>{percent(float(share))}" if n else "0"
            for n, share in zip(row, parts, strict=True)
        ]
        for row, parts in zip(matrix, shares, strict=True)
    ]
