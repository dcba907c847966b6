"""What the network answers all over the plane of two inputs, with the examples it learns from.

With one input it is a curve over that input. Training examples are filled, validation and test
examples hollow; a class has a colour and a marker of its own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.dataset import PARTS, Dataset
from pages.figures.palette import (
    BACKGROUND,
    CURVE,
    INK,
    MAP_STRENGTH,
    NEGATIVE,
    POSITIVE,
    SYMBOLS,
    TRAIN,
    class_colours,
    class_symbols,
    diverging,
)
from pages.figures.sheet import axis, label, live, sheet, span
from pages.figures.text import clip, count, many, number, plain

Array = np.ndarray
Limits = tuple[tuple[float, float], tuple[float, float]]
HEIGHT = 330
MARKS = 1000  # points drawn of each part: more would only lie on top of each other
LINE = 52  # characters of a line of the legend
NAMES = 24  # characters of an axis title


def decision(dataset: Dataset, pair: Sequence[int], limits: Limits) -> go.Figure:
    """Examples over the inputs `pair`, two for a map, one for a curve, within limits ((x), (y)).

    The map ("map") and the curve ("curve") are live traces; the points stay.
    """
    notes = _notes(dataset, pair)
    rows = max(note["row"] for note in notes) + 1
    margin = (46, 10, 6 + 15 * rows, 36)
    figure = sheet("Decision boundary", HEIGHT, margin, strength=MAP_STRENGTH)
    if dataset.task == "regression":
        figure.layout.meta["title"] = "Fitted values"
    names = [dataset.input_names[i] for i in pair]
    x, y = limits
    figure.add_trace(_map(x, y) if len(pair) > 1 else _curve())
    for part in PARTS:
        figure.add_traces(_points(dataset, pair, part))
    target = dataset.target_names[0] if dataset.target_names else "class"
    titles = [plain(clip(name, NAMES)) for name in (*names, target)]
    figure.layout.update(
        xaxis=axis(x, title={"text": titles[0], "standoff": 4}, nticks=6),
        yaxis=axis(y, title={"text": titles[1], "standoff": 4}, nticks=6),
        annotations=[
            label(note["name"], note["text"], (0, 1), yshift=4 + 15 * (rows - 1 - note["row"]))
            for note in notes
        ],
    )
    return figure


def colour_range(dataset: Dataset) -> tuple[float, float]:
    """Middle and half width of the colours of a regression, in units of the first target."""
    values = dataset.targets[0, dataset.train]
    low, high = float(values.min()), float(values.max())
    return (low + high) / 2, (high - low) / 2 or 1.0


def limits_of(dataset: Dataset, pair: Sequence[int], spare: float = 0.06) -> Limits:
    """Bounds that hold all examples over the inputs `pair`, with some room around them."""
    first = dataset.inputs[pair[0]]
    second = dataset.inputs[pair[1]] if len(pair) > 1 else _heights(dataset)
    return _roomy(first, spare), _roomy(second, spare)


def _roomy(values: Array, spare: float) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = spare * (high - low) or 1.0
    return low - room, high + room


def _heights(dataset: Dataset) -> Array:
    """(n,) what is drawn upwards over a single input: the target, or the index of the class."""
    return dataset.targets if dataset.classes else dataset.targets[0]


def _map(x: Sequence[float], y: Sequence[float]) -> go.Heatmap:
    """The live map, without values yet."""
    return go.Heatmap(
        x=list(x),
        y=list(y),
        z=[[None, None], [None, None]],
        zmin=-1,
        zmax=1,
        colorscale=diverging(MAP_STRENGTH),
        showscale=False,
        hoverongaps=False,
        hovertemplate="output %{z:.4~g}<extra></extra>",
        **live("map"),
    )


def _curve() -> go.Scatter:
    """The live curve over one input, without values yet."""
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        line={"color": CURVE, "width": 2.5},
        hovertemplate="%{x:.4~g}: output %{y:.4~g}<extra></extra>",
        **live("curve", CURVE, dash="solid", width=2.5),
    )


def _points(dataset: Dataset, pair: Sequence[int], part: str) -> list[go.Scatter]:
    """One trace of points for each class of `part`, or one in all for a regression."""
    rows = _thinned(dataset.rows(part))
    if dataset.task == "regression":
        return [_trace(dataset, pair, rows, {"part": part, "class": 0, "count": 0})]
    return [
        _trace(
            dataset,
            pair,
            rows[dataset.targets[rows] == k],
            {"part": part, "class": k, "count": len(dataset.classes)},
        )
        for k in range(len(dataset.classes))
    ]


def _thinned(rows: Array) -> Array:
    """At most MARKS of the rows, evenly taken."""
    if len(rows) <= MARKS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MARKS).astype(int)]


def _trace(dataset: Dataset, pair: Sequence[int], rows: Array, what: dict[str, Any]) -> go.Scatter:
    """Points of the examples `rows`, told apart by part and class."""
    name = dataset.classes[what["class"]] if dataset.classes else dataset.target_names[0]
    across = dataset.inputs[pair[0], rows]
    up = dataset.inputs[pair[1], rows] if len(pair) > 1 else _heights(dataset)[rows]
    marker, theme = _marker(dataset, rows, what, len(pair) > 1)
    values = dataset.targets[0, rows] if not dataset.classes else []
    shown = "%{text}" if dataset.classes else f"{plain(name)} %{{text}}"
    places = zip(pair, "xy", strict=False)
    lines = [f"{plain(dataset.input_names[i])} %{{{a}:.4~g}}" for i, a in places]
    return go.Scatter(
        x=across,
        y=up,
        mode="markers",
        marker=marker,
        name=plain(name),
        uid=f"points.{what['part']}.{what['class']}",
        customdata=rows,
        text=[number(value, 4) for value in values] or plain(name),
        visible=what["part"] != "test",
        hovertemplate="<br>".join([f"{what['part']} #%{{customdata}}: {shown}", *lines])
        + "<extra></extra>",
        meta={"part": what["part"], "class": what["class"], "theme": theme},
    )


def _marker(
    dataset: Dataset, rows: Array, what: dict[str, Any], in_plane: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Marker of a part and class, and which of its colours are the page's.

    Filled with a thin ring in the colour of text for training; else hollow with a coloured ring.
    """
    filled = what["part"] == "train"
    size = 6.5 if len(dataset.train) <= 400 else 5
    if not what["count"] and in_plane:
        return _valued(dataset.targets[0, rows], colour_range(dataset), filled, size + 1)
    colour = class_colours(what["count"])[what["class"]] if what["count"] else TRAIN
    symbol = class_symbols(what["count"])[what["class"]] if what["count"] > 2 else "circle"
    marker: dict[str, Any] = {"symbol": symbol, "size": size + 1}
    if filled:
        marker |= {"color": colour, "line": {"color": BACKGROUND, "width": 0.8}}
        return marker, {"marker.line.color": "background"}
    marker |= {"color": BACKGROUND, "line": {"color": colour, "width": 1.6}, "size": size}
    return marker, {"marker.color": "background"}


def _valued(
    values: Array, colours: tuple[float, float], filled: bool, size: float
) -> tuple[dict[str, Any], dict[str, str]]:
    """Marker coloured by a value: the colours of the map at full strength, the page in between."""
    centre, half = colours
    marker = {
        "symbol": "circle" if filled else "circle-open",
        "size": size,
        "color": values,
        "cmin": centre - half,
        "cmax": centre + half,
        "colorscale": [[0, NEGATIVE], [0.5, BACKGROUND], [1, POSITIVE]],
        "line": {"color": INK, "width": 0.8},
    }
    return marker, {"marker.colorscale.1.1": "background", "marker.line.color": "ink"}


def _notes(dataset: Dataset, pair: Sequence[int]) -> list[dict[str, Any]]:
    """The lines above the plot: what the marks are, and what is not in the picture."""
    marks, signs = _legend(dataset, pair)
    parts = [f"{signs[0]} training"]
    if len(dataset.validation) or len(dataset.test):
        parts.append(f"{signs[1]} validation" if len(dataset.validation) else f"{signs[1]} test")
    biggest = max(len(dataset.rows(part)) for part in PARTS[:2])
    if biggest > MARKS:
        parts.append(f"{count(MARKS)} of {count(biggest)} shown")
    notes = [{"name": "classes", "text": marks, "row": 0}]
    notes.append({"name": "parts", "text": "  ".join(parts), "row": 1})
    others = len(dataset.input_names) - len(pair)
    if others:
        notes[-1]["text"] += f"  ·  {many(others, 'other input')} at the mean"
    return notes


def _legend(dataset: Dataset, pair: Sequence[int]) -> tuple[str, tuple[str, str]]:
    """Which mark is which class or value, and the signs for filled and hollow."""
    signs = ("●", "○")
    if dataset.task == "regression":
        name = plain(clip(dataset.target_names[0], NAMES))
        if len(pair) < 2:
            return f"{span(CURVE, '━')} output  {name}", signs
        centre, half = colour_range(dataset)
        low, high = number(centre - half), number(centre + half)
        return f"{name}  {span(NEGATIVE, '■')} {low}  {span(POSITIVE, '■')} {high}", signs
    classes = dataset.classes
    symbols = class_symbols(len(classes)) if len(classes) > 2 else ("circle", "circle")
    room = max(3, LINE // len(classes) - 3)
    marked = [
        f"{span(colour, SYMBOLS[symbol])} {plain(clip(name, room))}"
        for colour, symbol, name in zip(class_colours(len(classes)), symbols, classes, strict=True)
    ]
    most = LINE // (min(room, max(map(len, classes))) + 3)
    rest = [f"+ {len(marked) - most} more"] if len(marked) > most else []
    return "  ".join([*marked[:most], *rest]), signs
