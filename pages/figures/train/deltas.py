"""The errors that flow backwards: delta of each layer's units for a few fixed examples.

delta is dL/dz with the 1/n of the batch inside, one column per example. Its size per layer over
the epochs shows where the flow dries up or floods.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.language import tr
from pages.figures.base.blank import (
    axis,
    axis_pair,
    epochs,
    label,
    line,
    numbered,
    set_layout,
    sheet,
    span,
    titled,
)
from pages.figures.base.matrices import boxes, draw_border, matrix, name_ticks, units, upwards
from pages.figures.base.palette import CLASSES
from pages.figures.base.text import superscript

HEIGHT, SIZES_HEIGHT = 180, 120
GAP = (0.08, 0.2)
DASHES = {"solid": "━━", "dash": "━ ━", "dot": "•••"}


def deltas(sizes: Sequence[int], labels: Sequence[str]) -> go.Figure:
    """Return a heatmap "delta1", "delta2", ... per layer: units by examples, `labels` on hover."""
    shapes = [(n, len(labels)) for n in sizes[1:]]
    figure = sheet(tr("Deltas"), HEIGHT, (22, 8, 18, 16))
    layout: dict = {"annotations": [], "shapes": []}
    for l, (shape, box) in enumerate(zip(shapes, boxes(shapes, GAP), strict=True), 1):
        title = f"δ{superscript(l)}"
        on_x, on_y = numbered(l)
        rows = units(shape[0])
        hover = tr(
            "{symbol} of unit %{{y}}, %{{x}}<br>%{{z:.6~g}}, includes 1/n, n = {number}",
            symbol=title,
            number=len(labels),
        )
        figure.add_trace(matrix(f"delta{l}", title, hover, xaxis=on_x, yaxis=on_y))
        x = axis((-0.5, shape[1] - 0.5), box[:2], **name_ticks(labels, False))
        y = axis(
            (shape[0] - 0.5, -0.5), box[2:], **name_ticks(rows, upwards(rows, box[3] - box[2], 146))
        )
        layout |= axis_pair(l, x, y)
        layout["annotations"].append(label(f"delta{l}.title", title, (box[0], box[3]), yshift=3))
        layout["shapes"].append(draw_border(l, f"delta{l}"))
    examples = tr("unit ↓  example → ({number} of the training part)", number=len(labels))
    layout["annotations"].append(label("examples", examples, (0, 0), yanchor="top", yshift=-2))
    set_layout(figure, layout)
    return figure


def sizes(sizes: Sequence[int]) -> go.Figure:
    """Return the root mean square of delta over the epochs, log scale: "size1", "size2", ..."""
    figure = sheet(tr("Size of delta"), SIZES_HEIGHT, (44, 10, 18, 30))
    signs = []
    for l in range(1, len(sizes)):
        colour = CLASSES[(l - 1) % len(CLASSES)]
        dash, sign = list(DASHES.items())[(l - 1) % len(DASHES)]
        name = f"δ{superscript(l)}"
        figure.add_trace(line(f"size{l}", name, colour, dash))
        signs.append(f"{span(colour, sign)} {name}")
    upright = axis((-4, 0), type="log", fixedrange=False, dtick=2, minexponent=3)
    level = epochs("y", title=titled(tr("epoch"), 2))
    text = "  ".join([f"<b>{tr('size')}</b>", *signs])
    set_layout(figure, axis_pair(1, level, upright), annotations=[label("layers", text, (0, 1))])
    return figure
