"""Evaluation of a network: ROC, precision and recall, calibration, errors, and importance."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, set_layout, sheet, titled
from pages.figures.base.palette import BACKGROUND, LINE, PENALTY, TRAIN
from pages.figures.base.text import clipped, count, number, plain

SIDE = 300  # px
ROOM = 0.02  # around a unit square
BAR, MOST_BARS = 24, 20  # px of a bar, and how many are drawn
UNIT = (-ROOM, 1 + ROOM)


def roc_chart(false: Array, true: Array, area: float) -> go.Figure:
    """Return true positives over false positives, (m,) each; the diagonal is chance."""
    figure = unit_square("ROC", tr("false positives"), tr("true positives"))
    figure.add_scatter(
        x=false,
        y=true,
        mode="lines",
        line={"color": TRAIN, "width": 2, "shape": "hv"},
        hovertemplate=tr("false positives %{x:.1%}<br>true positives %{y:.1%}<extra></extra>"),
        uid="roc",
    )
    set_layout(
        figure,
        shapes=[dashed_line("chance", (0, 0), (1, 1))],
        annotations=[
            label("area", tr("area {area}", area=number(area)), (0.97, 0.06), xanchor="right"),
            label("chance", tr("chance {share}", share=0.5), (0.5, 0.44)),
        ],
    )
    return figure


def precision_recall_chart(recall: Array, precision: Array, share: float) -> go.Figure:
    """Return precision over recall, (m,) each; chance is the class's share of the examples."""
    figure = unit_square(tr("Precision and recall"), tr("recall"), tr("precision"))
    figure.add_scatter(
        x=recall,
        y=precision,
        mode="lines",
        line={"color": TRAIN, "width": 2, "shape": "vh"},
        hovertemplate=tr("recall %{x:.1%}<br>precision %{y:.1%}<extra></extra>"),
        uid="precision_recall",
    )
    above = share < 0.9
    set_layout(
        figure,
        shapes=[dashed_line("chance", (0, share), (1, share))],
        annotations=[
            label(
                "chance",
                tr("chance {share}", share=number(share)),
                (0.03, (share + ROOM) / (1 + 2 * ROOM)),
                yanchor="bottom" if above else "top",
            )
        ],
    )
    return figure


def calibration_chart(predicted: Array, observed: Array, examples: Array) -> go.Figure:
    """Return observed frequency over predicted probability, one point per bin, (m,) each."""
    figure = unit_square(tr("Calibration"), tr("predicted probability"), tr("observed frequency"))
    figure.add_scatter(
        x=predicted,
        y=observed,
        mode="lines+markers",
        line={"color": TRAIN, "width": 1.5},
        marker={
            "color": TRAIN,
            "size": 6 + 14 * np.sqrt(examples / examples.max()),
            "line": {"color": BACKGROUND, "width": 1},
        },
        customdata=[count(int(n)) for n in examples],
        hovertemplate=tr(
            "predicted %{x:.1%}<br>observed %{y:.1%}<br>examples %{customdata}<extra></extra>"
        ),
        uid="calibration",
        meta={"theme": {"marker.line.color": "background"}},
    )
    set_layout(
        figure,
        shapes=[dashed_line("right", (0, 0), (1, 1))],
        annotations=[label("right", tr("perfectly calibrated"), (0.97, 0.06), xanchor="right")],
    )
    return figure


def error_chart(predicted: Array, error: Array, target: str) -> go.Figure:
    """Return the error over the prediction, (m,) each in units of `target`.

    A good model shows no pattern.
    """
    width, height = float(np.ptp(predicted)) or 1.0, float(np.abs(error).max()) or 1.0
    limits = (float(predicted.min()) - 0.05 * width, float(predicted.max()) + 0.05 * width)
    figure = sheet(tr("Errors over predictions"), 360, (56, 12, 10, 42))
    figure.add_scatter(
        x=predicted,
        y=error,
        mode="markers",
        marker={"size": 7, "color": TRAIN, "line": {"color": BACKGROUND, "width": 0.8}},
        hovertemplate=tr("predicted %{x:.4~g}<br>error %{y:.4~g}<extra></extra>"),
        uid="errors",
        meta={"theme": {"marker.line.color": "background"}},
    )
    name = plain(clipped([target], 40)[0])
    set_layout(
        figure,
        xaxis=axis(limits, title=titled(tr("predicted {name}", name=name)), nticks=6),
        yaxis=axis((-1.1 * height, 1.1 * height), title=titled(tr("error")), nticks=6),
        shapes=[dashed_line("right", (limits[0], 0), (limits[1], 0))],
    )
    return figure


def importance_chart(names: Sequence[str], mean: Array, deviation: Array, score: str) -> go.Figure:
    """Return how much the score falls without each column, (k,), the most important one first."""
    short = [plain(name) for name in clipped(list(names)[:MOST_BARS], 22)]
    mean, deviation = mean[: len(short)], deviation[: len(short)]
    low = min(0.0, float((mean - deviation).min()))
    high = max(float((mean + deviation).max()), low + 1e-3)
    left = 14 + 6 * max(map(len, clipped(list(names)[:MOST_BARS], 22)))
    figure = sheet(tr("Importance"), BAR * len(short) + 60, (left, 14, 6, 44))
    figure.add_bar(
        x=mean,
        y=list(range(len(short))),
        orientation="h",
        marker={"color": TRAIN},
        error_x={"type": "data", "array": deviation, "color": PENALTY, "thickness": 1.5},
        customdata=[number(float(d)) for d in deviation],
        hovertemplate="%{x:.3~g} ± %{customdata}<extra></extra>",
        uid="importance",
    )
    rows = {"tickvals": list(range(len(short))), "ticktext": short, "showgrid": False}
    set_layout(
        figure,
        bargap=0.35,
        xaxis=axis(
            (low, 1.05 * high),
            title=titled(tr("decrease of {score}", score=score)),
            nticks=6,
            zeroline=True,
        ),
        yaxis=axis((len(short) - 0.5, -0.5), **rows),
    )
    return figure


def add_clickable_cells(figure: go.Figure, count: int) -> go.Figure:
    """Return the confusion matrix of `count` classes with a marker to click on in each cell."""
    rows, columns = np.divmod(np.arange(count * count), count)
    figure.add_scatter(
        x=columns,
        y=rows,
        mode="markers",
        marker={"size": 34, "symbol": "square", "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        hoverinfo="none",
        uid="cells",
    )
    # Plotly selects a point by a click only if the axes can move: these may, but within no room.
    room = {"fixedrange": False, "minallowed": -0.5, "maxallowed": count - 0.5}
    figure.layout.xaxis.update(room)
    figure.layout.yaxis.update(room)
    return figure


def unit_square(title: str, x: str, y: str) -> go.Figure:
    """Return an empty figure with both axes from 0 to 1."""
    figure = sheet(title, SIDE, (48, 12, 10, 42))
    ticks = {"tickvals": [0, 0.25, 0.5, 0.75, 1]}
    set_layout(
        figure,
        xaxis=axis(UNIT, title=titled(x), **ticks),
        yaxis=axis(UNIT, title=titled(y), **ticks),
    )
    return figure


def dashed_line(name: str, start: tuple[float, float], end: tuple[float, float]) -> dict:
    """Return a dashed line to compare with."""
    ends = {"x0": start[0], "y0": start[1], "x1": end[0], "y1": end[1]}
    look = {"color": LINE, "width": 1, "dash": "dash"}
    return {"name": name, "type": "line", "layer": "below", "line": look, **ends}
