"""The loss along the gradient: where the next step leads, and which learning rates diverge."""

import numpy as np
import plotly.graph_objects as go

from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, set_layout, sheet, span, titled
from pages.figures.base.palette import LINE, NEGATIVE, POSITIVE, faded
from pages.figures.base.text import number


def line_search(
    steps: Array, losses: Array, parabola: Array, rate: float, best: float, edge: float
) -> go.Figure:
    """Return the loss over step lengths along the negative gradient; rates over `edge` diverge."""
    figure = sheet(tr("Loss along the gradient"), 300, (52, 12, 24, 40))
    low, high = seen_losses(losses)
    strokes = (
        (losses, "loss", tr("loss"), POSITIVE, "solid"),
        (parabola, "parabola", tr("parabola"), NEGATIVE, "dash"),
    )
    for values, name, word, colour, dash in strokes:
        figure.add_scatter(
            x=steps,
            y=np.where(np.isfinite(values), values, np.nan),
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=tr("step") + f" %{{x:.3~g}}<br>{word} %{{y:.4~g}}<extra></extra>",
            uid=name,
        )
    marks = [("rate", rate, "solid"), ("lowest", best, "dot"), ("edge", edge, "dash")]
    known = [(name, at, dash) for name, at, dash in marks if np.isfinite(at)]
    set_layout(
        figure,
        xaxis=axis((0, float(steps[-1])), title=titled(tr("length of the step")), nticks=7),
        yaxis=axis((low, high), title=titled(tr("loss")), nticks=5),
        shapes=[_mark(*one) for one in known] + _beyond(edge, float(steps[-1])),
        annotations=[label("curves", _strokes(known), (0, 1), yshift=4)],
    )
    return figure


def seen_losses(losses: Array) -> tuple[float, float]:
    """Return the ends of the axis: from the lowest loss to three times the fall, or a bit above."""
    known = losses[np.isfinite(losses)]
    low, start = float(known.min()), float(losses[0])
    fall = max(start - low, 1e-3 * abs(start), 1e-12)
    high = min(float(known.max()), start + 2 * fall)
    return low - 0.08 * (high - low + fall), high + 0.08 * (high - low + fall)


def _mark(name: str, at: float, dash: str) -> dict:
    """Return an upright line."""
    ends = {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "y domain"}
    width = 2.5 if name == "rate" else 1.2
    stroke = {"color": LINE, "dash": dash, "width": width}
    return {"name": name, "type": "line", **ends, "line": stroke}


def _beyond(edge: float, last: float) -> list[dict]:
    """Return the shaded range of rates that diverge."""
    if not edge < last:
        return []
    ends = {"x0": edge, "x1": last, "y0": 0, "y1": 1, "yref": "y domain"}
    fill = {"fillcolor": faded(NEGATIVE, 0.12), "line": {"width": 0}, "layer": "below"}
    return [{"name": "beyond", "type": "rect", **ends, **fill}]


def _strokes(known: list[tuple[str, float, str]]) -> str:
    """Return the signs of what is drawn."""
    words = {
        "rate": f"│ {tr('rate')}",
        "lowest": f"┊ {tr('lowest')}",
        "edge": f"╎ {tr('edge')}",
    }
    signs = [f"{words[name]} {number(at)}" for name, at, _ in known]
    curves = [
        f"{span(POSITIVE, '━━')} {tr('loss')}",
        f"{span(NEGATIVE, '━ ━')} {tr('parabola')}",
    ]
    return "  ".join([*curves, *signs])


def line_search_in_words(losses: Array, rate: float, best: float, edge: float) -> str:
    """Return where the loss along the gradient is lowest, and which rates are too long."""
    words = tr(
        "The loss starts at {start}; the learning rate is {rate}.",
        start=number(float(losses[0])),
        rate=number(rate),
    )
    if np.isfinite(best):
        words = tr(
            "The loss starts at {start}; a step of {best} leads to the minimum of the parabola; "
            "the learning rate is {rate}.",
            start=number(float(losses[0])),
            best=number(best),
            rate=number(rate),
        )
    if not np.isfinite(edge):
        return words
    limit = tr("Rates above {edge} diverge.", edge=number(edge))
    return tr("{first} {second}", first=words, second=limit)
