"""Loss and metric over the epochs, with the level that knowing nothing reaches."""

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from engine.language import marked, tr
from pages.figures.base.blank import (
    axis,
    axis_pair,
    epochs,
    label,
    line,
    set_layout,
    sheet,
    span,
    titled,
)
from pages.figures.base.palette import LINE, PENALTY, TRAIN, VALIDATION
from pages.figures.base.text import number

HEIGHT = 300
LOSS, METRIC = (0.42, 1.0), (0.0, 0.30)  # heights of the two plots
MARKS = {  # series -> colour, dash, the same stroke as a sign, word
    "train": (TRAIN, "solid", "━━", marked("training")),
    "validation": (VALIDATION, "dash", "━ ━", marked("validation")),
    "running": (TRAIN, "dot", "•••", marked("running")),
    "penalty": (PENALTY, "dashdot", "━ •", marked("penalty")),
}
SHOWN = ("train", "validation")


def curves(
    metric: str,
    chance: tuple[float | None, float | None] = (None, None),
    shown: Sequence[str] = SHOWN,
    loss: str = "loss",
) -> go.Figure:
    """Return loss (log scale) over `metric`, both over the epochs; the lines are live traces.

    `chance` is the loss and the metric of the best constant answer; `shown` the series that a run
    has, of train, validation, running and penalty; `loss` what the loss is called.
    """
    floor = -1 if metric == "R²" else 0
    title = tr("Loss and {metric}", metric=tr(metric))
    figure = sheet(title, HEIGHT, (44, 10, 20, 34), floor={"yaxis2": floor})
    for uid, (colour, dash, _, word) in MARKS.items():
        figure.add_trace(line(uid, tr(word), colour, dash, visible=uid in shown))
    for uid in SHOWN:
        colour, dash, _, word = MARKS[uid]
        below = {"xaxis": "x2", "yaxis": "y2", "visible": uid in shown}
        figure.add_trace(line(f"{uid}_metric", tr(word), colour, dash, **below))
    set_layout(
        figure,
        axis_pair(1, epochs("y", showticklabels=False, matches="x2"), _loss_axis(chance[0]))
        | axis_pair(2, epochs("y2", title=titled(tr("epoch"), 2)), _metric_axis(metric)),
        annotations=[*_titles(metric, shown, loss), *chance_words(chance)],
        shapes=chance_lines(chance),
    )
    return figure


def _loss_axis(chance: float | None) -> dict:
    """Return a log axis around the chance level; the player widens it."""
    top = log10(chance) if chance else 0.0
    limits = (top - 1.5, top + 0.3)
    return axis(limits, LOSS, type="log", fixedrange=False, dtick=1, minexponent=3)


def _metric_axis(metric: str) -> dict:
    """Return an axis from 0 to 1, the best; a bad R² may widen it downwards."""
    return axis((-0.02, 1.03), METRIC, fixedrange=metric != "R²", tickvals=[-1, -0.5, 0, 0.5, 1])


def _titles(metric: str, shown: Sequence[str], loss: str) -> list[dict]:
    """Return what each plot shows, and which stroke is which series."""
    words = [
        f"{span(colour, sign)} {tr(word)}"
        for uid, (colour, _, sign, word) in MARKS.items()
        if uid in shown
    ]
    return [
        label("loss", "  ".join([f"<b>{tr(loss)}</b>", *words]), (0, LOSS[1]), yshift=4),
        label("metric", f"<b>{tr(metric)}</b>", (0, METRIC[1]), yshift=4),
    ]


def _chance(levels: tuple[float | None, float | None]) -> list[tuple[str, str, float]]:
    """Return name, y axis and level of each chance line; a log axis has no place for 0."""
    loss, score = levels
    lines = [("chance.loss", "y", loss)] if loss else []
    return [*lines, *([] if score is None else [("chance.metric", "y2", score)])]


def chance_lines(levels: tuple[float | None, float | None]) -> list[dict]:
    """Return a dotted line across each plot at its chance level."""
    return [
        {
            "name": name,
            "type": "line",
            "xref": f"{y.replace('y', 'x')} domain",
            "yref": y,
            "x0": 0,
            "x1": 1,
            "y0": level,
            "y1": level,
            "line": {"color": LINE, "width": 1, "dash": "dot"},
        }
        for name, y, level in _chance(levels)
    ]


def chance_words(levels: tuple[float | None, float | None]) -> list[dict]:
    """Return "chance 0.693" at the right end of each chance line."""
    return [
        label(
            name,
            tr("chance {level}", level=number(level)),
            (1, log10(level) if y == "y" else level),  # Plotly needs the logarithm on a log axis
            xref=f"{y.replace('y', 'x')} domain",
            yref=y,
            xanchor="right",
        )
        for name, y, level in _chance(levels)
    ]
