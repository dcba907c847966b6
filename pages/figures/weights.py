"""The weights of each layer as a matrix: row = unit, column = what it listens to, last its bias."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.figures.palette import LINE
from pages.figures.sheet import SMALL, axes, bare, boxes, label, matrix, numbered, sheet
from pages.figures.text import many, plain, superscript

HEIGHT = 300
MOST = 12  # rows or columns up to which each has its name
LETTERS = 4  # longest name that stands under a column


def weights(sizes: Sequence[int], inputs: Sequence[str], outputs: Sequence[str]) -> go.Figure:
    """One heatmap "W1", "W2", ... for each layer of a network with these sizes, inputs first.

    The last column is b; names of inputs and outputs are shown where they fit, else on hover.
    """
    shapes = [(n_out, n_in + 1) for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)]
    figure = sheet("Weights", HEIGHT, (24, 8, 20, 24))
    layout: dict = {"annotations": [], "shapes": []}
    for l, (shape, box) in enumerate(zip(shapes, boxes(shapes, (0.08, 0.2)), strict=True), 1):
        title = f"W{superscript(l)} b{superscript(l)}"
        on_x, on_y = numbered(l)
        hover = f"{title}<br>to %{{y}} from %{{x}}: %{{z}}"
        figure.add_trace(matrix(f"W{l}", shape, title, hover, xaxis=on_x, yaxis=on_y))
        sources = [*(inputs if l == 1 else _units(sizes[l - 1])), "b"]
        targets = outputs if l == len(shapes) and outputs else _units(shape[0])
        x = bare((-0.5, shape[1] - 0.5), box[:2], **_ticks(sources, f"x{l}"))
        y = bare((shape[0] - 0.5, -0.5), box[2:], **_ticks(targets, f"y{l}"))
        layout |= axes(l, x, y)
        layout["annotations"] += _captions(l, title, box, shape)
        layout["shapes"].append(_bias_border(l, shape))
    figure.layout.update(layout)
    return figure
