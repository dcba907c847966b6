"""The outputs of the network over a plane of its inputs, with the training examples.

With one input it is a curve over that input.
"""

from collections.abc import Sequence
from math import isnan

import plotly.graph_objects as go

from engine.data import PARTS, Dataset
from engine.evaluation import Axes
from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, live, set_layout, sheet, span, titled
from pages.figures.base.palette import (
    CURVE,
    MAP_STRENGTH,
    NEGATIVE,
    POSITIVE,
    SYMBOLS,
    class_colours,
    class_symbols,
    diverging,
)
from pages.figures.base.points import MARKS, colour_range, drawn_targets, points
from pages.figures.base.text import clip, clipped, count, many, number, percent, plain

Limits = tuple[tuple[float, float], tuple[float, float]]
HEIGHT = 330
ROW = 15  # px, a line of the legend
LETTERS = 56  # of a line of the legend
NAME = 24  # letters of an axis title


def decision(dataset: Dataset, axes: Axes, limits: Limits) -> go.Figure:
    """Return examples over one axis for a curve, two for a map, in limits ((x), (y)).

    The map ("map") and the curve ("curve") are live traces without values; the points stay.
    """
    lines = [("classes", _legend(dataset, axes)), ("parts", _parts(dataset, axes))]
    lines += _missing(dataset)
    title = tr("Fitted values") if dataset.task == "regression" else tr("Decision boundary")
    margin = (46, 10, 6 + ROW * len(lines), 36)
    figure = sheet(title, HEIGHT, margin, strength=MAP_STRENGTH)
    figure.add_trace(_map(limits) if len(axes.names) > 1 else _curve())
    for part in PARTS:
        figure.add_traces(points(dataset, axes, part))
    answer = dataset.shown(dataset.target_names)[0] if dataset.target_names else tr("class")
    names = [plain(clip(name, NAME)) for name in (*axes.names, answer)]
    grid = len(axes.names) < 2
    set_layout(
        figure,
        xaxis=axis(limits[0], title=titled(names[0]), nticks=6, showgrid=grid),
        yaxis=axis(limits[1], title=titled(names[1]), nticks=6, showgrid=grid),
        annotations=[
            label(name, text, (0, 1), yshift=4 + ROW * (len(lines) - 1 - k))
            for k, (name, text) in enumerate(lines)
        ],
    )
    return figure


def limits_of(dataset: Dataset, axes: Axes, spare: float = 0.06) -> Limits:
    """Return limits that hold all examples over the axes, with some room around them."""
    across, *up = axes.places
    return _roomy(across, spare), _roomy(up[0] if up else drawn_targets(dataset), spare)


def _roomy(values: Array, spare: float) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = spare * (high - low) or 1.0
    return low - room, high + room


def _map(limits: Limits) -> go.Heatmap:
    """Return the live map, without values yet."""
    return go.Heatmap(
        x=list(limits[0]),
        y=list(limits[1]),
        z=[[None, None], [None, None]],
        zmin=-1,
        zmax=1,
        colorscale=diverging(MAP_STRENGTH),
        showscale=False,
        hoverongaps=False,
        hovertemplate=f"{tr('output')} %{{z:.4~g}}<extra></extra>",
        **live("map"),
    )


def _curve() -> go.Scatter:
    """Return the live curve over one input, without values yet."""
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        line={"color": CURVE, "width": 2.5},
        hovertemplate=f"%{{x:.4~g}}: {tr('output')} %{{y:.4~g}}<extra></extra>",
        **live("curve", CURVE, dash="solid", width=2.5),
    )


def _legend(dataset: Dataset, axes: Axes) -> str:
    """Return which mark is which class, or which colour is which value."""
    if dataset.classes:
        return _classes(dataset.shown(dataset.classes))
    name = plain(clip(dataset.shown(dataset.target_names)[0], NAME))
    if len(axes.names) < 2:
        return f"{span(CURVE, '━━')} {tr('output')}  {name}"
    centre, half = colour_range(dataset)
    low, high = number(centre - half), number(centre + half)
    return f"{name}  {span(NEGATIVE, '■')} {low}  {span(POSITIVE, '■')} {high}"


def _classes(classes: Sequence[str]) -> str:
    """Return mark and name of as many classes as a line holds."""
    names = clipped(classes, max(8, LETTERS // len(classes) - 4))
    n = len(names)
    shown = max(1, LETTERS // (max(map(len, names)) + 4))
    marks = [
        f"{span(colour, SYMBOLS[symbol])} {plain(name)}"
        for colour, symbol, name in zip(class_colours(n), class_symbols(n), names, strict=True)
    ]
    return "  ".join(
        marks[:shown] + ([tr("+ {number} more", number=n - shown)] if n > shown else [])
    )


def _parts(dataset: Dataset, axes: Axes) -> str:
    """Return what filled and hollow points are, and where the inputs without an axis lie."""
    hollow = tr("test") if len(dataset.test) else ""
    hollow = tr("validation") if len(dataset.validation) else hollow
    sign = "○" if dataset.classes or len(axes.names) < 2 else "◇"
    words = [f"● {tr('training')}", *([f"{sign} {hollow}"] if hollow else [])]
    others = len(dataset.input_names) - len(axes.names)
    if others and isnan(axes.seen):
        words.append(tr("·  {inputs} at the mean", inputs=many(others, "other input")))
    elif others:
        words.append(tr("·  a plane with {share} of the variance", share=percent(axes.seen)))
    return "  ".join(words)


def _missing(dataset: Dataset) -> list[tuple[str, str]]:
    """Return how many points are drawn, if they are not all."""
    n = len(dataset.train)
    text = tr("{drawn} of {all} training examples drawn", drawn=count(MARKS), all=count(n))
    return [("missing", text)] if n > MARKS else []
