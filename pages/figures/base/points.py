"""The examples as points: filled for training, hollow for validation and test.

Each class has its colour and its marker; a number to predict colours its point like the map,
and as a point of middling value has the page's colour anyway, the hollow ones are diamonds there.
"""

import numpy as np
import plotly.graph_objects as go

from engine.data import Dataset
from engine.evaluation import Axes
from engine.language import marked, tr
from engine.nn import Array
from pages.figures.base.palette import (
    BACKGROUND,
    INK,
    NEGATIVE,
    POSITIVE,
    TRAIN,
    class_colours,
    class_symbols,
)
from pages.figures.base.text import number, plain

PART_WORDS = {"train": marked("train"), "validation": marked("validation"), "test": marked("test")}
MARKS = 1000  # points drawn of each part: more would only lie on top of each other
MANY = 400  # training examples from which on points are smaller
MIDDLE = "#8a8f98"  # a hollow point of middling value: seen on both pages
Marker = tuple[
    dict[str, object], dict[str, str]
]  # Plotly's marker, and its colours that are themed


def points(dataset: Dataset, axes: Axes, part: str) -> list[go.Scatter]:
    """Return a trace "points-<part>-<k>" for each class k of a part; for a regression, one.

    With one axis the answer goes upwards.
    """
    rows = thin_rows(dataset.rows(part))
    if not dataset.classes:
        return [_trace(dataset, axes, rows, part, 0)]
    own = dataset.targets[rows]
    return [_trace(dataset, axes, rows[own == k], part, k) for k, _ in enumerate(dataset.classes)]


def thin_rows(rows: Array) -> Array:
    """Return at most MARKS of the rows (n,), at equal distances."""
    if len(rows) <= MARKS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MARKS).astype(int)]


def drawn_targets(dataset: Dataset) -> Array:
    """Return the heights (n,) over a single input: the target, or the index of the class."""
    return dataset.targets if dataset.classes else dataset.targets[0]


def colour_range(dataset: Dataset) -> tuple[float, float]:
    """Return middle and half width of a regression's colours, in units of the first target."""
    values = dataset.targets[0, dataset.train]
    low, high = float(values.min()), float(values.max())
    return (low + high) / 2, (high - low) / 2 or 1.0


def _trace(dataset: Dataset, axes: Axes, rows: Array, part: str, k: int) -> go.Scatter:
    """Return the points of the examples `rows`, which are of this part and of class k."""
    name = plain(dataset.shown(dataset.classes or dataset.target_names)[k])
    values = None if dataset.classes else [number(y, 4) for y in dataset.targets[k, rows]]
    value = name if dataset.classes else f"{name} %{{text}}"
    across, *up = axes.places
    places = [
        f"{plain(name)} %{{{axis}:.4~g}}" for name, axis in zip(axes.names, "xy", strict=False)
    ]
    marker, theme = _marker(dataset, rows, part, k, bool(up))
    return go.Scatter(
        x=across[rows],
        y=(up[0] if up else drawn_targets(dataset))[rows],
        mode="markers",
        marker=marker,
        name=name,
        uid=f"points-{part}-{k}",
        customdata=rows,
        text=values,
        visible=part != "test",
        hovertemplate="<br>".join(
            [f"{tr(PART_WORDS[part])} #%{{customdata}}: {value}", *places, "<extra></extra>"]
        ),
        meta={"part": part, "class": k, "theme": theme},
    )


def _marker(dataset: Dataset, rows: Array, part: str, k: int, in_plane: bool) -> Marker:
    """Return the marker of a part and class; a hollow one is filled with the page's colour."""
    filled = part == "train"
    size = 7.5 if len(dataset.train) <= MANY else 6
    if in_plane and not dataset.classes:
        return _valued(dataset, rows, filled, size)
    n = len(dataset.classes)
    colour = class_colours(n)[k] if n else TRAIN
    marker: dict[str, object] = {"symbol": class_symbols(n)[k] if n else "circle"}
    if filled:
        marker |= {"size": size, "color": colour, "line": {"color": BACKGROUND, "width": 0.8}}
        return marker, {"marker.line.color": "background"}
    marker |= {"size": size - 1, "color": BACKGROUND, "line": {"color": colour, "width": 1.6}}
    return marker, {"marker.color": "background"}


def _valued(dataset: Dataset, rows: Array, filled: bool, size: float) -> Marker:
    """Return a marker coloured by the first target, like the map at full strength."""
    centre, half = colour_range(dataset)
    values = {
        "color": dataset.targets[0, rows],
        "cmin": centre - half,
        "cmax": centre + half,
        "colorscale": [[0, NEGATIVE], [0.5, BACKGROUND if filled else MIDDLE], [1, POSITIVE]],
    }
    if filled:
        theme = {"marker.colorscale.1.1": "background", "marker.line.color": "ink"}
        return {"size": size, **values, "line": {"color": INK, "width": 0.8}}, theme
    hollow = {"symbol": "diamond", "size": size, "color": BACKGROUND}
    return {**hollow, "line": {**values, "width": 2}}, {"marker.color": "background"}
