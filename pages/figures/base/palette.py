"""Colours with one meaning in every figure, visible on a light and on a dark page.

Blue is positive, orange negative, and the page itself is zero: a weak value lets the page through.
Classes beyond two have the hues of Okabe & Ito (2008, "Color universal design"), the light ones
darkened until each colour stands out 3:1 from both pages, and a marker of their own besides.
"""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

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
    """Return the same figure in the colours of a page; meta.theme names what depends on them."""
    dressed = go.Figure(figure)
    dressed.update_layout(font_color=ink)
    dressed.update_xaxes(gridcolor=grid, zerolinecolor=grid)
    dressed.update_yaxes(gridcolor=grid, zerolinecolor=grid)
    roles = {"background": background, "ink": ink}
    for trace in dressed.data:
        theme = trace.meta.get("theme", {}) if isinstance(trace.meta, Mapping) else {}
        for path, role in theme.items():
            _set(trace, path, roles[role])
    return dressed


def _set(trace: BaseTraceType, path: str, colour: str) -> None:
    """Set what a dotted path ("marker.line.color") names."""
    names = path.split(".")
    if names[-1].isdigit():  # a stop of a colour scale: "marker.colorscale.1.1"
        stop, part = int(names[-2]), int(names[-1])
        owner = trace[".".join(names[:-3])] if names[:-3] else trace
        scale = [list(pair) for pair in owner["colorscale"]]
        scale[stop][part] = colour
        owner["colorscale"] = scale
    else:
        trace[path] = colour
