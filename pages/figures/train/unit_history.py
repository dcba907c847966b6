"""A closer look: error terms and steps over the whole run, and one epoch spread out.

Sizes are shown by one hue, since they have no sign; only rates are diverging, blue above the
learning rate and orange below it.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import (
    axis,
    axis_pair,
    label,
    numbered,
    set_layout,
    sheet,
    span,
    titled,
)
from pages.figures.base.matrices import boxes, draw_border, name_ticks
from pages.figures.base.palette import CLASSES, LINE, POSITIVE, diverging, faded
from pages.figures.base.text import many, number, subscript, superscript
from pages.figures.train.deltas import DASHES

BINS = 30
ROW, RATIO_HEIGHT = 96, 240  # px: one layer's histograms; the ratios
GUIDE = 1e-3  # of a step to the weights, Karpathy, CS231n notes, neural networks 3
DECADES = 4  # shown below the largest delta; shown of a rate above and below the chosen one
NAMED_UNITS = 24  # units up to which each row has its name


def unit_names(hidden: Sequence[int]) -> list[str]:
    """Return a⁽¹⁾₁, a⁽¹⁾₂, ... of all hidden units."""
    return [
        f"δ{superscript(l)}{subscript(j + 1)}" for l, n in enumerate(hidden, 1) for j in range(n)
    ]


def unit_history(epochs: Sequence[int], deltas: Array, hidden: Sequence[int]) -> go.Figure:
    """Return log10 of mean |delta|, given as (units, epochs), one row per hidden unit.

    A cell without error term stays empty; a unit that ends without one is marked at its row's end.
    """
    names = unit_names(hidden)
    height = int(np.clip(14 * len(names), 120, 420)) + 60
    figure = sheet(tr("Error term of each unit"), height, (44, 48, 10, 40))
    with np.errstate(divide="ignore"):
        z = np.where(deltas > 0, np.log10(deltas), np.nan)
    top = float(np.nanmax(z)) if np.isfinite(z).any() else 0.0
    texts = [[number(float(value)) for value in row] for row in deltas]
    figure.add_trace(
        go.Heatmap(
            x=list(epochs),
            y=list(range(len(names))),
            z=z,
            zmin=top - DECADES,
            zmax=top,
            colorscale=[[0, faded(POSITIVE, 0.06)], [1, POSITIVE]],
            showscale=False,
            customdata=texts,
            hoverongaps=False,
            text=[[name] * len(epochs) for name in names],
            hovertemplate=tr("%{text}, epoch %{x}<br>mean |δ| %{customdata}<extra></extra>"),
            uid="history",
        )
    )
    last, room = max(epochs[-1], 1), 0.5 * max(epochs[-1], 1) / max(len(epochs) - 1, 1)
    x = axis((-room, last + room), title=titled(tr("epoch"), 2), showgrid=False, nticks=6)
    y = axis((len(names) - 0.5, -0.5), **_row_names(names, hidden))
    set_layout(figure, axis_pair(1, x, y), shapes=[draw_border(1, "history")])
    figure.layout.annotations = _dead_rows(deltas) + _scale(top)
    return figure


def _row_names(names: Sequence[str], hidden: Sequence[int]) -> dict:
    """Return a name beside each row; where there are too many, one beside each layer's first."""
    ticks = name_ticks(names, True)
    if len(names) > NAMED_UNITS:
        starts = [sum(hidden[:l]) for l in range(len(hidden))]
        layers = [f"δ{superscript(l)}" for l in range(1, len(hidden) + 1)]
        ticks |= {"tickvals": starts, "ticktext": layers}
    return ticks


def _dead_rows(deltas: Array) -> tuple[dict, ...]:
    """Return the word "no δ" at the end of each row whose last cell is 0."""
    return tuple(
        label(f"dead{row}", tr("no δ"), (1, row), yref="y", yanchor="middle", xshift=4)
        for row in np.flatnonzero(deltas[:, -1] == 0).tolist()
    )


def _scale(top: float) -> tuple[dict, ...]:
    """Return what full and faint colour stand for."""
    faint = tr("faint: {number}", number=number(10.0 ** (top - DECADES)))
    text = f"{span(POSITIVE, '■')} {number(10.0**top)}   {faint}"
    return (label("scale", text, (0, 0), yanchor="top", yshift=-24),)


def histograms(answers: Sequence[Array], deltas: Sequence[Array]) -> go.Figure:
    """Return how a (left) and delta (right) of each layer are distributed."""
    L = len(answers)
    figure = sheet(tr("Outputs and error terms by layer"), ROW * L + 50, (44, 12, 24, 24))
    layout: dict = {"annotations": [], "barmode": "overlay", "bargap": 0.04}
    for l in range(1, L + 1):
        top = 1 - (l - 1) / L
        high = (top - (0.62 if L > 1 else 1) / L, top)
        parts = (("a", answers[l - 1], (0, 0.46)), ("δ", deltas[l - 1], (0.54, 1)))
        for side, (letter, values, wide) in enumerate(parts, 1):
            k = 2 * (l - 1) + side
            finite = values[np.isfinite(values)]
            counts, edges = np.histogram(finite, BINS, _reach(finite))
            figure.add_trace(_bars(counts, edges, f"{letter}{superscript(l)}", k))
            x = axis((edges[0], edges[-1]), wide, nticks=5, exponentformat="e")
            y = axis((0, 1.05 * max(counts.max(), 1)), high, nticks=3, showticklabels=side == 1)
            y["exponentformat"] = "none"
            layout |= axis_pair(k, x, y)
            symbol, units = f"<b>{letter}{superscript(l)}</b>", many(values.shape[0], "unit")
            text = tr("{symbol} of {units}", symbol=symbol, units=units)
            layout["annotations"].append(label(f"{letter}{l}", text, (wide[0], high[1]), yshift=2))
    set_layout(figure, layout)
    return figure


def _reach(values: Array) -> tuple[float, float]:
    """Return the ends of a histogram; a single value, up to rounding, gets some room."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    size = max(abs(low), abs(high))
    room = 0.0 if high - low > 1e-9 * size else (size or 1.0) / 2
    return low - room, high + room


def _bars(counts: Array, edges: Array, name: str, k: int) -> go.Bar:
    """Return one histogram on the k-th axes."""
    on_x, on_y = numbered(k)
    return go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=np.diff(edges),
        marker={"color": POSITIVE, "line": {"width": 0}},
        name=name,
        hovertemplate=tr(
            "{symbol} about %{{x:.3~g}}<br>%{{y}} of {total}<extra></extra>",
            symbol=name,
            total=counts.sum(),
        ),
        uid=f"spread{k}",
        xaxis=on_x,
        yaxis=on_y,
    )


def ratios(epochs: Sequence[int], table: Array) -> go.Figure:
    """Return the step as a share of the weights, (epochs, layers), with the guide."""
    figure = sheet(tr("Step size / weight size"), RATIO_HEIGHT, (52, 12, 22, 40))
    signs = []
    for l in range(1, table.shape[1] + 1):
        colour = CLASSES[(l - 1) % len(CLASSES)]
        dash, sign = list(DASHES.items())[(l - 1) % len(DASHES)]
        values = np.where(table[:, l - 1] > 0, table[:, l - 1], np.nan)
        figure.add_scatter(
            x=list(epochs),
            y=values,
            mode="lines",
            name=f"W{superscript(l)}",
            line={"color": colour, "width": 1.5, "dash": dash},
            hovertemplate=f"W{superscript(l)}, {tr('epoch')} %{{x}}<br>%{{y:.3~g}}<extra></extra>",
            uid=f"ratio{l}",
        )
        signs.append(f"{span(colour, sign)} W{superscript(l)}")
    seen = np.log10(table[np.isfinite(table) & (table > 0)])
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (-3.0, -3.0)
    level = axis((0, max(epochs[-1], 1)), title=titled(tr("epoch"), 2), nticks=6)
    upright = axis((max(min(low, -3.5) - 0.2, -12), max(high, -2.5) + 0.2), type="log", dtick=1)
    guide = tr("guide {ratio}", ratio=number(GUIDE))
    set_layout(
        figure,
        axis_pair(1, level, upright),
        annotations=[
            label("layers", "  ".join(signs), (0, 1), yshift=4),
            label("guide", guide, (1, np.log10(GUIDE)), yref="y", xanchor="right"),
        ],
        shapes=[_guide()],
    )
    return figure


def _guide() -> dict:
    """Return the dotted line at the guide."""
    stroke = {"color": LINE, "width": 1, "dash": "dot"}
    ends = {"x0": 0, "x1": 1, "y0": GUIDE, "y1": GUIDE}
    return {"name": "guide", "type": "line", "xref": "paper", "yref": "y", "line": stroke, **ends}


def rates(tables: Sequence[Array], rate: float) -> go.Figure:
    """Return log10 of effective rate over learning rate of each weight, a matrix per layer."""
    figure = sheet(tr("Effective learning rate"), 260, (22, 8, 18, 34))
    layout: dict = {"annotations": [], "shapes": []}
    with np.errstate(all="ignore"):
        scaled = [np.log10(table / rate) for table in tables]
    finite = np.concatenate([np.abs(z[np.isfinite(z)]) for z in scaled])
    reach = float(np.clip(np.ceil(finite.max()), 1, DECADES)) if len(finite) else 1.0
    for l, (z, table, box) in enumerate(
        zip(scaled, tables, boxes([t.shape for t in tables], (0.08, 0.2)), strict=True), 1
    ):
        figure.add_trace(_rate_map(z, table, reach, l))
        figure.add_trace(_without_gradient(z, l))
        n_out, n_in = z.shape
        x, y = axis((-0.5, n_in - 0.5), box[:2]), axis((n_out - 0.5, -0.5), box[2:])
        bare = {"showgrid": False, "showticklabels": False}
        layout |= axis_pair(l, {**x, **bare}, {**y, **bare})
        title = f"W{superscript(l)} b{superscript(l)}"
        layout["annotations"].append(label(f"rate{l}.title", title, (box[0], box[3]), yshift=3))
        layout["shapes"].append(draw_border(l, f"rate{l}"))
    text = tr(
        "blue above {rate}, orange below, full color at {factor} times; × no gradient",
        rate=number(rate),
        factor=number(10.0**reach),
    )
    layout["annotations"].append(label("scale", text, (0, 0), yanchor="top", yshift=-8))
    set_layout(figure, layout)
    return figure


def _without_gradient(z: Array, l: int) -> go.Scatter:
    """Return small crosses where a weight has no effective rate."""
    rows, columns = np.nonzero(~np.isfinite(z))
    on_x, on_y = numbered(l)
    return go.Scatter(
        x=columns,
        y=rows,
        mode="markers",
        marker={"symbol": "x-thin", "size": 5, "line": {"color": LINE, "width": 1}},
        hovertemplate=f"{tr('no gradient')}<extra></extra>",
        uid=f"none{l}",
        xaxis=on_x,
        yaxis=on_y,
    )


def _rate_words(source: int, unit: int, bias: bool, rate: float) -> str:
    """Return the effective rate of one weight in words; sources and units are counted from 0."""
    fields = {"unit": unit + 1, "rate": number(rate)}
    if bias:
        return tr("bias to {unit}<br>{rate}", **fields)
    return tr("from {source} to {unit}<br>{rate}", source=source + 1, **fields)


def _rate_map(z: Array, table: Array, reach: float, l: int) -> go.Heatmap:
    """Return one layer's weights, the bias last."""
    on_x, on_y = numbered(l)
    return go.Heatmap(
        z=np.clip(z, -reach, reach),
        zmin=-reach,
        zmax=reach,
        colorscale=diverging(),
        showscale=False,
        hoverongaps=False,
        customdata=[
            [_rate_words(i, j, i == len(row) - 1, float(v)) for i, v in enumerate(row)]
            for j, row in enumerate(table)
        ],
        hovertemplate="%{customdata}<extra></extra>",
        uid=f"rate{l}",
        xaxis=on_x,
        yaxis=on_y,
    )
