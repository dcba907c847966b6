"""Colours with one meaning in every figure, visible on a light and on a dark page.

Blue is positive, orange negative, and the page itself is zero: a weak value lets the page through.
Classes beyond two have the hues of Okabe & Ito (2008, "Color universal design"), the light ones
darkened until each colour stands out 3:1 from both pages, and a marker of their own besides.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

POSITIVE = "#2b73b7"
NEGATIVE = "#d06f00"
CLASSES = ("#0072b2", "#d55e00", "#00966d", "#b7609a", "#938a00", "#3093cf", "#96603a")
SYMBOLS = {  # Plotly's marker -> the same sign in words
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "triangle-up": "▲",
    "triangle-down": "▼",
    "cross": "✚",
    "star": "★",
    "triangle-left": "◀",
    "x": "✖",
    "triangle-right": "▶",
}
TRAIN, VALIDATION, PENALTY, CURVE = "#1b857d", "#b84a93", "#7d838c", POSITIVE
LINE = "rgba(128,128,128,.6)"  # seen on both pages
BACKGROUND, INK, GRID = "#ffffff", "#31333f", "#e6e6e6"  # a figure's colours until it is themed
AXIS = re.compile(r"[xy]axis\d*")  # of a layout
MAP_STRENGTH = 0.7  # a decision map at full strength: points of the same colour are still visible


def class_colours(count: int) -> tuple[str, ...]:
    """Return one colour per class: two fixed ones for two, else Okabe & Ito's in turn."""
    if count <= 2:
        return (NEGATIVE, POSITIVE)
    return tuple(CLASSES[k % len(CLASSES)] for k in range(count))


def class_symbols(count: int) -> tuple[str, ...]:
    """Return one Plotly marker per class; with the colours, no pair repeats within 70."""
    if count <= 2:
        return ("circle", "circle")
    names = tuple(SYMBOLS)
    return tuple(names[k % len(names)] for k in range(count))


def faded(colour: str, alpha: float) -> str:
    """Return `colour`, a hex string, as CSS rgba."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha:g})"


def diverging(strength: float = 1.0) -> list[list[float | str]]:
    """Return a Plotly colour scale: orange, transparent in the middle, blue."""
    return [
        [0, faded(NEGATIVE, strength)],
        [0.5, faded(NEGATIVE, 0)],
        [0.5, faded(POSITIVE, 0)],
        [1, faded(POSITIVE, strength)],
    ]


def for_player() -> dict[str, object]:
    """Return what the player needs to paint with the same colours."""
    return {
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "classes": list(CLASSES),
        "train": TRAIN,
        "validation": VALIDATION,
        "running": TRAIN,
        "penalty": PENALTY,
        "layers": list(CLASSES),
        "curve": CURVE,
    }


def themed(figure: go.Figure, background: str, ink: str, grid: str) -> go.Figure:
    """Return the same figure in the colours of a page; meta.theme names what depends on them.

    The colours are put into Plotly's JSON: its own updates check every value of the figure again.
    """
    dressed = figure.to_plotly_json()
    layout = dressed["layout"]
    layout["font"] = {**layout.get("font", {}), "color": ink}
    for name in dict.fromkeys(("xaxis", "yaxis", *filter(AXIS.fullmatch, layout))):
        layout[name] = {**layout.get(name, {}), "gridcolor": grid, "zerolinecolor": grid}
    roles = {"background": background, "ink": ink}
    for trace in dressed["data"]:
        meta = trace.get("meta")
        theme = meta.get("theme", {}) if isinstance(meta, Mapping) else {}
        for path, role in theme.items():
            _set(trace, path, roles[role])
    return go.Figure(dressed)


def _set(trace: dict[str, Any], path: str, colour: str) -> None:
    """Set what a dotted path ("marker.line.color") names."""
    *names, last = path.split(".")
    if last.isdigit():  # a stop of a colour scale: "marker.colorscale.1.1"
        *names, scale, stop = names
        owner = _inner(trace, names)
        stops = [list(pair) for pair in owner[scale]]
        stops[int(stop)][int(last)] = colour
        owner[scale] = stops
    else:
        _inner(trace, names)[last] = colour


def _inner(trace: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the part of a trace that these names lead to, made where there is none."""
    for name in names:
        trace = trace.setdefault(name, {})
    return trace
