"""The figures of a noise model: how likely the targets are, and the loss of an output."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from engine.explain import NoiseModel, best_answer, loss_of, negative_log_likelihood
from engine.language import marked, tr
from pages.figures.base.blank import axis, label, set_layout, sheet, span, titled
from pages.figures.base.palette import BACKGROUND, CURVE, LINE, NEGATIVE, PENALTY
from pages.figures.base.text import number

HEIGHT = 280
MARGIN = (48, 12, 24, 40)  # px, left, right, top, bottom
POINT = {"size": 11, "color": NEGATIVE, "line": {"color": BACKGROUND, "width": 1}}
THEMED = {"theme": {"marker.line.color": "background"}}


def density_figure(belief: NoiseModel, a: float) -> go.Figure:
    """Return p(y | a) over y for one answer a, and the targets that lie on it."""
    y, p = density_curve(belief, a)
    top = largest_density(belief) * 1.12
    figure = sheet(tr("How likely the targets are"), HEIGHT, MARGIN)
    shared = {"uid": "density", "hovertemplate": "y %{x:.3~g}<br>p %{y:.3~g}<extra></extra>"}
    if belief.discrete:
        figure.add_bar(x=y, y=p, width=0.5, marker={"color": CURVE, "opacity": 0.55}, **shared)
    else:
        figure.add_scatter(x=y, y=p, mode="lines", line={"color": CURVE, "width": 2}, **shared)
    seen, height = belief.y, np.exp(belief.log_density(belief.y, np.full_like(belief.y, a)))
    figure.add_scatter(
        x=seen + side_by_side(seen),
        y=height,
        mode="markers",
        marker=POINT,
        error_y={"type": "data", "array": 0 * height, "arrayminus": height, "width": 0}
        | {"symmetric": False, "color": NEGATIVE, "thickness": 1.2},
        hovertemplate=f"{tr('target')}<br>p %{{y:.3~g}}<extra></extra>",
        uid="targets",
        meta=THEMED,
    )
    set_layout(
        figure,
        xaxis=axis((y.min() - 0.6 * belief.discrete, y.max() + 0.6 * belief.discrete))
        | {"title": titled("y"), "nticks": 8},
        yaxis=axis((0, top), title=titled("p(y | a)"), nticks=5),
        annotations=[
            label("targets", tr("{sign} targets", sign=span(NEGATIVE, "●")), (0, 1), yshift=4)
        ],
    )
    return figure


def loss_figure(belief: NoiseModel, a: float) -> go.Figure:
    """Return loss and mean negative log-likelihood over the answer, two answers marked."""
    tried = np.linspace(*belief.limits, 201)
    losses = np.array([loss_of(belief, one) for one in tried])
    surprises = np.array([negative_log_likelihood(belief, one) for one in tried])
    figure = sheet(tr("Loss of an output"), HEIGHT, MARGIN)
    for name, values, colour, dash in (
        (marked("mean of −ln p"), surprises, PENALTY, "dash"),
        (marked("loss"), losses, CURVE, "solid"),
    ):
        figure.add_scatter(
            x=tried,
            y=values,
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"a %{{x:.3~g}}<br>{tr(name)} %{{y:.3~g}}<extra></extra>",
            uid=name,
        )
    figure.add_scatter(
        x=[a, a],
        y=[negative_log_likelihood(belief, a), loss_of(belief, a)],
        mode="markers",
        marker=POINT,
        hovertemplate="a %{x:.3~g}<br>%{y:.3~g}<extra></extra>",
        uid="answer",
        meta=THEMED,
    )
    set_layout(
        figure,
        xaxis=axis(belief.limits, title=titled("a"), nticks=8),
        yaxis=axis((0, 1.05 * max(losses.max(), surprises.max())), nticks=5),
        shapes=[_best_line(best_answer(belief))],
        annotations=_legend(best_answer(belief)),
    )
    return figure


def density_curve(belief: NoiseModel, a: float) -> tuple[np.ndarray, np.ndarray]:
    """Return values y that a target may have, and p(y | a) of each."""
    low, high = belief.limits
    if belief.loss == "bce":
        y = np.array([0.0, 1.0])
    else:
        y = np.arange(11.0) if belief.discrete else np.linspace(low - 1, high + 1, 241)
    return y, np.exp(belief.log_density(y, np.full_like(y, a)))


def largest_density(belief: NoiseModel) -> float:
    """Return the largest p for any target and any output, so that the axis stays fixed."""
    return max(float(density_curve(belief, a)[1].max()) for a in np.linspace(*belief.limits, 25))


def side_by_side(y: np.ndarray) -> np.ndarray:
    """Return how far each target is moved aside, (n,), so that equal ones are side by side."""
    rank = np.array([np.sum(y[:i] == value) for i, value in enumerate(y)])
    many = np.array([np.sum(y == value) for value in y])
    return 0.07 * (rank - (many - 1) / 2)


def likelihood_in_words(belief: NoiseModel, a: float) -> str:
    """Return what both figures show for the output a."""
    return tr(
        "Output {a} for all {count} targets: loss {loss}, mean of −ln p {mean}. "
        "Both have their minimum at {best}.",
        a=number(a),
        count=belief.y.size,
        loss=number(loss_of(belief, a)),
        mean=number(negative_log_likelihood(belief, a)),
        best=number(best_answer(belief)),
    )


def _best_line(at: float) -> dict:
    ends = {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "y domain"}
    return {
        "name": "best",
        "type": "line",
        "layer": "below",
        **ends,
        "line": {"color": LINE, "dash": "dot"},
    }


def _legend(at: float) -> list[dict]:
    words = tr(
        "{solid} loss  {dashed} mean of −ln p",
        solid=span(CURVE, "━━"),
        dashed=span(PENALTY, "━ ━"),
    )
    return [
        label("curves", words, (0, 1), yshift=4),
        label("best", tr("minimum at {at}", at=number(at)), (1, 1), xanchor="right", yshift=4),
    ]
