"""The network as a diagram: the place of each unit and the names of inputs and outputs.

A wide layer shows its first units and says how many more there are.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.language import tr
from pages.figures.base.blank import hidden_axis, label, live, longest_name, set_layout, sheet
from pages.figures.base.text import clipped, count, plain

HEIGHT = 262
UPRIGHT = (4, 18)  # px, margins above and below
MOST = 10  # places in a column; if there are more units, the last place has the number of the rest
HALF = 23  # px, half a unit's side at most
INSET = 0.08  # share of the width between a border column's middle and the border
CROWDED = 6  # columns from which on names are short


def network(
    sizes: Sequence[int],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> go.Figure:
    """Return the diagram of layers with these `sizes`, sizes[0] inputs first.

    layout.meta has `units` and `more` (places as fractions of the plot area) and `radius`: half a
    unit's side is min(radius[0] * width, radius[1] * height, radius[2]) pixels of the plot area.
    """
    units, more, slots = _places(sizes)
    names = [_clipped(inputs, sizes), _clipped(outputs, sizes)]
    left, right = (10 + round(6.2 * longest_name(some)) for some in names)
    radius = [min(0.32 * _step(sizes), INSET), 0.42 / slots, HALF]
    meta = {"units": units, "more": more, "radius": radius}
    figure = sheet(tr("Network"), HEIGHT, (left, right, *UPRIGHT), **meta)
    half = min(HALF, radius[1] * (HEIGHT - sum(UPRIGHT)))
    figure.add_trace(_squares(units, [_title(u, sizes, inputs, outputs) for u in units], 2 * half))
    set_layout(
        figure,
        xaxis=hidden_axis((0, 1)),
        yaxis=hidden_axis((0, 1)),
        annotations=[
            *_names(units, 0, names[0], -half - 5),
            *_names(units, len(sizes) - 1, names[1], half + 5),
            *_rest(more, len(sizes)),
            *_feet(sizes),
        ],
    )
    return figure


def _places(sizes: Sequence[int]) -> tuple[list[dict], list[dict], int]:
    """Return the units shown, marks for the others, and the places in the fullest column."""
    slots = max(3, *(min(n, MOST) for n in sizes))
    units: list[dict[str, object]] = []
    more: list[dict[str, object]] = []
    for layer, n in enumerate(sizes):
        x = INSET + layer * _step(sizes)
        used = min(n, MOST)
        for k in range(used):
            place = {"layer": layer, "x": x, "y": 0.5 + ((used - 1) / 2 - k) / slots}
            if n > MOST and k == MOST - 1:
                more.append({**place, "count": n - k})
            else:
                units.append({**place, "unit": k})
    return units, more, slots


def _squares(units: Sequence[dict], titles: Sequence[str], side: float) -> go.Scatter:
    """Return the units as invisible squares that can be pointed at."""
    return go.Scatter(
        x=[unit["x"] for unit in units],
        y=[unit["y"] for unit in units],
        customdata=[[unit["layer"], unit["unit"]] for unit in units],
        text=titles,
        mode="markers",
        marker={"symbol": "square", "size": side},
        hovertemplate="%{text}<extra></extra>",
        **live("units"),
    )


def _clipped(names: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """Return the names that are shown, short enough to leave room for the network."""
    most = 6 if len(sizes) >= CROWDED else 12
    shown = names if len(names) <= MOST else names[: MOST - 1]
    return clipped(shown, most)


def _step(sizes: Sequence[int]) -> float:
    """Return the distance from column to column, as a share of the width."""
    return (1 - 2 * INSET) / max(len(sizes) - 1, 1)


def _names(units: Sequence[dict], layer: int, names: Sequence[str], shift: float) -> list[dict]:
    """Return names beside a column's units, `shift` pixels to the right (negative: left)."""
    places = [(unit["x"], unit["y"]) for unit in units if unit["layer"] == layer]
    side = {"xanchor": "left" if shift > 0 else "right", "xshift": shift, "yanchor": "middle"}
    return [
        label(f"name.{layer}.{k}", plain(name), place, font={"size": 11}, **side)
        for k, (name, place) in enumerate(zip(names, places, strict=False))
    ]


def _rest(more: Sequence[dict], columns: int) -> list[dict]:
    """Return "+ 56 more" where a layer has more units than places."""
    centre = {"xanchor": "center", "yanchor": "middle"}
    numbers = [count(m["count"]) for m in more]
    if columns >= CROWDED:
        texts = [f"+ {number}" for number in numbers]
    else:
        texts = [tr("+ {number} more", number=number) for number in numbers]
    return [
        label(f"more.{m['layer']}", text, (m["x"], m["y"]), **centre)
        for m, text in zip(more, texts, strict=True)
    ]


def _feet(sizes: Sequence[int]) -> list[dict]:
    """Return what each column is, below it."""
    last = len(sizes) - 1
    crowded = len(sizes) >= CROWDED
    feet = []
    for layer in range(len(sizes)):
        text = tr("layer {layer}", layer=layer) if layer < last else tr("output")
        if layer == 0:
            text = tr("input") if sizes[0] == 1 else tr("inputs")
        if crowded:
            text = tr("in") if layer == 0 else tr("out") if layer == last else str(layer)
        place = (INSET + layer * _step(sizes), 0.0)
        feet.append(
            label(f"layer.{layer}", text, place, xanchor="center", yanchor="top", yshift=-4)
        )
    return feet


def _title(unit: dict, sizes: Sequence[int], inputs: Sequence[str], outputs: Sequence[str]) -> str:
    """Return what a unit is called when it is pointed at."""
    layer: int = unit["layer"]
    k: int = unit["unit"]
    if layer == 0:
        return tr("input {name}", name=plain(inputs[k]))
    if layer == len(sizes) - 1 and k < len(outputs):
        return tr("output {name}", name=plain(outputs[k]))
    return tr("layer {layer}, unit {unit}", layer=layer, unit=k + 1)
