"""An activation and its slope over z, with the tangent at one place."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.language import marked, tr
from engine.nn import ACTIVATIONS, execute
from pages.figures.base.blank import axis, label, set_layout, sheet, span, titled
from pages.figures.base.palette import BACKGROUND, CURVE, LINE, NEGATIVE
from pages.figures.base.text import number

REACH = 4.0  # z from -REACH to REACH
REST = 0.0  # z of the other unit of a softmax


def answer_and_slope(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return f(z) and f'(z), each (n,), by the engine's steps; of softmax, one of two units."""
    f = ACTIVATIONS[name]
    rows = np.vstack([z, np.full_like(z, REST)]) if f.mixes else z[None]
    a, delta = np.empty_like(rows), np.zeros_like(rows)
    delta[0] = 1
    execute(f.forward(rows, a))
    execute(f.back(rows, a, delta, np.empty_like(rows)))
    return a[0], delta[0]


def slope_figure(name: str, at: float) -> go.Figure:
    """Return f and f' over z, both at `at`, and the tangent there, whose slope is f'."""
    z = np.linspace(-REACH, REACH, 321)
    a, slope = answer_and_slope(name, z)
    here, steep = (float(one[0]) for one in answer_and_slope(name, np.array([at])))
    figure = sheet(tr("Output and slope"), 300, (44, 12, 24, 40))
    for values, word, dash, colour in ((a, "f", "solid", CURVE), (slope, "f'", "dash", NEGATIVE)):
        figure.add_scatter(
            x=z,
            y=values,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"z %{{x:.3~g}}<br>{word} %{{y:.3~g}}<extra></extra>",
            uid=word,
        )
    ends = np.array([at - 1, at + 1])
    stroke = {"mode": "lines", "line": {"color": LINE, "width": 3}, "hoverinfo": "skip"}
    figure.add_scatter(x=ends, y=here + steep * (ends - at), uid="tangent", **stroke)
    figure.add_scatter(
        x=[at, at],
        y=[here, steep],
        mode="markers",
        marker={"size": 10, "color": [CURVE, NEGATIVE], "line": {"color": BACKGROUND, "width": 1}},
        hovertemplate="%{y:.3~g}<extra></extra>",
        uid="here",
        meta={"theme": {"marker.line.color": "background"}},
    )
    words = tr(
        "{solid} f  {dashed} f'  {grey} tangent",
        solid=span(CURVE, "━━"),
        dashed=span(NEGATIVE, "━ ━"),
        grey=span(LINE, "━━"),
    )
    low, high = min(-0.1, a.min(), slope.min()), min(max(1.2, a.max(), slope.max()), 5.0)
    set_layout(
        figure,
        xaxis=axis((-REACH, REACH), title=titled("z"), nticks=9),
        yaxis=axis((low - 0.1, high + 0.1), nticks=7),
        annotations=[label("curves", words, (0, 1), yshift=4)],
    )
    return figure


def slopes_in_words(name: str, at: float) -> str:
    """Return f and f' at one place, and what that does to an error term on its way back."""
    a, slope = (float(one[0]) for one in answer_and_slope(name, np.array([at])))
    words = (
        marked(
            "At z = {z} (the other unit has z = 0): the output of the unit is {a}; an error term "
            "that is passed back is multiplied by {slope}."
        )
        if ACTIVATIONS[name].mixes
        else marked(
            "At z = {z}: the output of the unit is {a}; an error term that is passed back is "
            "multiplied by {slope}."
        )
    )
    return tr(words, z=number(at), a=number(a), slope=number(slope))
