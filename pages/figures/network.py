"""The network as a diagram: where each unit stands and what its inputs and outputs are called.

A wide layer shows its first units and says how many more there are.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from pages.figures.sheet import bare, label, live, sheet
from pages.figures.text import clip, count, plain

HEIGHT = 330
MOST = 10  # places in a column: more units than that, and the last place says how many are left
HALF = 23  # px, half a unit's side at most
CROWDED = 6  # columns from which on names are short


def network(
    sizes: Sequence[int],
    inputs: Sequence[str],
    outputs: Sequence[str],
    activations: Sequence[str] = (),
) -> go.Figure:
    """The diagram of layers with these `sizes`, sizes[0] inputs first.

    layout.meta has `units` and `more` (places as fractions of the plot area) and `radius`: half a
    unit's side is min(radius[0] * width, radius[1] * height, radius[2]) pixels of the plot area.
    """
    units, more, slots = _places(sizes)
    names = [_clipped(inputs, sizes), _clipped(outputs, sizes)]
    side = [HALF + 8 + round(6.2 * max(map(len, some), default=0)) for some in names]
    radius = [0.3 / max(len(sizes) - 1, 1), 0.42 / slots, HALF]
    figure = sheet(
        "Network",
        HEIGHT,
        (side[0], side[1], 8, 34),
        units=units,
        more=more,
        radius=radius,
    )
    half = min(HALF, radius[1] * (HEIGHT - 42))
    figure.add_scatter(
        x=[unit["x"] for unit in units],
        y=[unit["y"] for unit in units],
        customdata=[[unit["layer"], unit["unit"]] for unit in units],
        text=[_title(unit, sizes, inputs, outputs) for unit in units],
        mode="markers",
        marker={"symbol": "square", "size": 2 * half},
        hovertemplate="%{text}<extra></extra>",
        **live("units"),
    )
    figure.layout.update(
        xaxis=bare((0, 1)),
        yaxis=bare((0, 1)),
        annotations=[
            *_names(units, sizes, names, half),
            *_rest(more, len(sizes)),
            *_feet(sizes, activations),
        ],
    )
    return figure


def _places(sizes: Sequence[int]) -> tuple[list[dict], list[dict], int]:
    """Shown units, marks for those not shown, and the number of places in the fullest column."""
    slots = max(3, *(min(n, MOST) for n in sizes))
    units: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    for layer, n in enumerate(sizes):
        x = layer / max(len(sizes) - 1, 1)
        used = min(n, MOST)
        for k in range(used):
            place = {"layer": layer, "x": x, "y": 0.5 + ((used - 1) / 2 - k) / slots}
            if n > MOST and k == MOST - 1:
                more.append({**place, "count": n - k})
            else:
                units.append({**place, "unit": k})
    return units, more, slots


def _clipped(names: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """The names that are shown, short enough to leave room for the network."""
    most = 6 if len(sizes) >= CROWDED else 12
    shown = names if len(names) <= MOST else names[: MOST - 1]
    return [clip(name, most) for name in shown]


def _names(
    units: Sequence[dict], sizes: Sequence[int], names: Sequence[Sequence[str]], half: float
) -> list[dict]:
    """Names to the left of the inputs and to the right of the outputs."""
    gap = round(half) + 5
    left = {"xanchor": "right", "xshift": -gap, "yanchor": "middle"}
    right = {"xanchor": "left", "xshift": gap, "yanchor": "middle"}
    labels = []
    for layer, some, side, kind in (
        (0, names[0], left, "input"),
        (len(sizes) - 1, names[1], right, "output"),
    ):
        places = [(unit["x"], unit["y"]) for unit in units if unit["layer"] == layer]
        labels += [
            label(f"{kind}.{k}", plain(name), at, font={"size": 11}, **side)
            for k, (name, at) in enumerate(zip(some, places, strict=False))
        ]
    return labels


def _rest(more: Sequence[dict], columns: int) -> list[dict]:
    """ "+ 56 more" where a layer has more units than places."""
    word = "" if columns >= CROWDED else " more"
    centre = {"xanchor": "center", "yanchor": "middle"}
    return [
        label(f"more.{m['layer']}", f"+ {count(m['count'])}{word}", (m["x"], m["y"]), **centre)
        for m in more
    ]


def _feet(sizes: Sequence[int], activations: Sequence[str]) -> list[dict]:
    """What each column is, below it: its layer and its activation."""
    last = len(sizes) - 1
    crowded = len(sizes) >= CROWDED
    feet = []
    for layer in range(len(sizes)):
        text = "inputs" if layer == 0 else f"layer {layer}"
        if crowded:
            text = "in" if layer == 0 else "out" if layer == last else str(layer)
        if activations and layer and not crowded:
            text += f"<br>{activations[layer - 1]}"
        place = (layer / max(last, 1), 0.0)
        feet.append(label(f"layer.{layer}", text, place, xanchor="center", yanchor="top", yshift=-4))
    return feet


def _title(
    unit: dict, sizes: Sequence[int], inputs: Sequence[str], outputs: Sequence[str]
) -> str:
    """What a unit is called when it is pointed at."""
    layer, k = unit["layer"], unit["unit"]
    if layer == 0:
        return f"input {plain(inputs[k])}"
    if layer == len(sizes) - 1 and k < len(outputs):
        return f"output {plain(outputs[k])}"
    return f"layer {layer}, unit {k + 1}"
