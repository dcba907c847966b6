"""The weights of each layer as a matrix: row = unit, column = what it listens to, last its bias."""

from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go

from engine.language import tr
from pages.figures.base.blank import axis, axis_pair, label, numbered, set_layout, sheet
from pages.figures.base.matrices import (
    NARROW,
    Box,
    across,
    boxes,
    draw_border,
    matrix,
    name_ticks,
    units,
    upwards,
)
from pages.figures.base.palette import LINE
from pages.figures.base.text import many, superscript

HEIGHT = 300
MARGIN = (26, 8, 20, 20)
GAP = (0.08, 0.17)  # between matrices, as shares of the plot area


def weights(sizes: Sequence[int], inputs: Sequence[str], outputs: Sequence[str]) -> go.Figure:
    """Return a heatmap "W1", "W2", ... for each layer of these sizes, inputs first.

    The last column is b. Names stand at rows and columns where they fit; hovering tells them all.
    """
    shapes = [(n_out, n_in + 1) for n_in, n_out in pairwise(sizes)]
    figure = sheet(tr("Weights"), HEIGHT, MARGIN)
    layout: dict = {"annotations": [], "shapes": []}
    for l, (shape, box) in enumerate(zip(shapes, boxes(shapes, GAP), strict=True), 1):
        title = f"W{superscript(l)} b{superscript(l)}"
        on_x, on_y = numbered(l)
        hover = tr("{symbol} from %{{x}} to %{{y}}<br>%{{z:.6~g}}", symbol=title)
        figure.add_trace(matrix(f"W{l}", title, hover, xaxis=on_x, yaxis=on_y))
        sources = [*(inputs if l == 1 else units(sizes[l - 1])), "b"]
        targets = outputs if l == len(shapes) and outputs else units(shape[0])
        shown = across(sources, box[1] - box[0])
        x = axis((-0.5, shape[1] - 0.5), box[:2], **name_ticks(sources, shown))
        y = axis(
            (shape[0] - 0.5, -0.5),
            box[2:],
            **name_ticks(targets, upwards(targets, box[3] - box[2], 260)),
        )
        layout |= axis_pair(l, x, y)
        layout["annotations"].append(label(f"W{l}.title", title, (box[0], box[3]), yshift=3))
        layout["annotations"] += [] if shown else _columns(l, shape, box)
        layout["shapes"] += [draw_border(l, f"W{l}"), _border(l, shape)]
    set_layout(figure, layout)
    return figure


def _columns(l: int, shape: tuple[int, int], box: Box) -> list[dict]:
    """Return what the columns are, below a matrix without room for their names."""
    n_in = shape[1] - 1
    sources = many(n_in, "unit") if l > 1 else many(n_in, "input")
    text = tr("{sources}, b", sources=sources)
    if 5 * len(text) > (box[1] - box[0] + GAP[0]) * NARROW:
        return []
    return [label(f"W{l}.columns", text, (box[0], box[2]), yanchor="top", yshift=-3)]


def _border(l: int, shape: tuple[int, int]) -> dict:
    """Return the line between W and b."""
    on_x, on_y = numbered(l)
    edge = shape[1] - 1.5
    return {
        "name": f"W{l}.border",
        "type": "line",
        "xref": on_x,
        "yref": f"{on_y} domain",
        "x0": edge,
        "x1": edge,
        "y0": 0,
        "y1": 1,
        "line": {"color": LINE, "width": 1},
    }
