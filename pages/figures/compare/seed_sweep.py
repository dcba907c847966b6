"""The losses of all seeds over the epochs, and next to them the distribution at the end.

Blue runs are solved, orange and dotted ones are not; the thick line is chosen.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.language import tr, tr_many
from engine.nn import Array
from pages.figures.base.blank import axis, axis_pair, label, set_layout, sheet, span, titled
from pages.figures.base.palette import INK, NEGATIVE, POSITIVE, faded
from pages.figures.base.text import count, listed, many, number, percent

HEIGHT = 340
FAN, BARS = (0.0, 0.74), (0.8, 1.0)  # their places, left and right
POINTS = 40_000  # of all lines together: more would only slow the page down
BINS, LEAST = 24, 1e-9  # bars; the smallest loss that has a place on the axis
KINDS = ((True, POSITIVE, "solid"), (False, NEGATIVE, "dot"))


def cloud(
    marks: Sequence[int], curves: Array, good: Array, part: str, picked: int = -1
) -> go.Figure:
    """Return losses (seeds, marks) on a log axis and a histogram of their ends.

    `good` (seeds,) says which runs are drawn as solved; `picked` is the place of the run that is
    drawn thick, -1 for none; the customdata of a line is its place.
    """
    figure = sheet(tr("Loss of every seed"), HEIGHT, (48, 10, 24, 38))
    seen, thin = drawn_epochs(marks, len(curves))
    lost = np.where(np.isfinite(curves), np.maximum(curves, LEAST), np.nan)
    low, high = reach(lost)
    for kind, colour, dash in KINDS:
        rows = np.flatnonzero(good == kind)
        figure.add_trace(_lines(seen, lost[rows][:, thin], rows, colour, dash))
        figure.add_trace(_bars(lost[rows, -1], (low, high), colour, kind))
    if picked >= 0:
        figure.add_trace(_chosen(seen, lost[picked, thin]))
    level = axis((0, marks[-1]), FAN, title=titled(tr("epoch"), 2), nticks=6, exponentformat="none")
    upright = axis((low, high), type="log", **decades(low, high))
    counts = axis((0, _highest(lost[:, -1], (low, high))), BARS, nticks=3, exponentformat="none")
    counts["title"] = titled(tr("seeds"), 2)
    bins = axis((low, high), showticklabels=False, showgrid=False)
    set_layout(figure, axis_pair(1, level, upright), **axis_pair(2, counts, bins), barmode="stack")
    figure.layout.annotations = _words(part, good)
    return figure


def drawn_epochs(marks: Sequence[int], runs: int) -> tuple[Array, Array]:
    """Return the epochs that are drawn, and their places among the marks."""
    most = max(20, POINTS // max(runs, 1))
    thin = np.unique(np.linspace(0, len(marks) - 1, min(len(marks), most)).round().astype(int))
    return np.asarray(marks)[thin], thin


def reach(losses: Array) -> tuple[float, float]:
    """Return the ends of the log axis: all losses but the highest hundredth of them."""
    known = losses[np.isfinite(losses)]
    if not len(known):
        return -1.0, 1.0
    low, high = np.log10(known.min()), np.log10(np.quantile(known, 0.995))
    room = max(0.05 * (high - low), 0.05)
    return float(low - room), float(high + room)


def decades(low: float, high: float) -> dict:
    """Return the ticks of a log axis: 1, 2 and 5 where it is short, else powers of ten."""
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    steps = (1, 2, 5) if high - low < 1.6 else (1,)
    skip = 1 if high - low < 8 else 2
    values = [step * 10.0**power for power in powers[::skip] for step in steps]
    return {"tickvals": values, "ticktext": [number(value) for value in values]}


def _lines(epochs: Array, losses: Array, places: Array, colour: str, dash: str) -> go.Scatter:
    """Return all lines of a kind as one trace, cut where the next begins."""
    rows, columns = losses.shape
    y = np.column_stack([losses, np.full(rows, np.nan)]).ravel()
    own = np.repeat(places, columns + 1)
    return go.Scatter(
        x=np.tile([*epochs, np.nan], rows).astype("f4"),
        y=y.astype("f4"),
        customdata=own[:, None],
        mode="lines",
        line={"color": faded(colour, float(np.clip(30 / max(rows, 1), 0.15, 0.6))), "dash": dash}
        | {"width": 1},
        hovertemplate=tr("epoch %{x}<br>loss %{y:.3~g}<extra></extra>"),
        uid=f"fan-{dash}",
    )


def _chosen(epochs: Array, losses: Array) -> go.Scatter:
    """Return the curve of the chosen run, on top of the others."""
    return go.Scatter(
        x=epochs,
        y=losses,
        mode="lines",
        line={"color": INK, "width": 2.5},
        hovertemplate=tr("the chosen seed, epoch %{x}<br>loss %{y:.3~g}<extra></extra>"),
        uid="chosen",
        meta={"theme": {"line.color": "ink"}},
    )


def _counted(ends: Array, limits: tuple[float, float]) -> tuple[Array, Array]:
    """Return the runs that end in each bin of the log axis, and the middles of the bins."""
    known = np.log10(ends[np.isfinite(ends)])
    counts, edges = np.histogram(np.clip(known, *limits), BINS, limits)
    return counts, (edges[:-1] + edges[1:]) / 2


def _bars(ends: Array, limits: tuple[float, float], colour: str, kind: bool) -> go.Bar:
    """Return bars for how many runs of a kind end in each bin."""
    counts, middles = _counted(ends, limits)
    return go.Bar(
        x=counts,
        y=middles,
        orientation="h",
        width=0.92 * (limits[1] - limits[0]) / BINS,
        marker={"color": colour, "line": {"width": 0}, "pattern": {"shape": "" if kind else "/"}},
        customdata=[number(10.0**middle) for middle in middles],
        hovertemplate=tr("%{x} end at about %{customdata}<extra></extra>"),
        uid=f"ends-{kind}",
        xaxis="x2",
        yaxis="y2",
    )


def _highest(ends: Array, limits: tuple[float, float]) -> float:
    return 1.08 * max(float(_counted(ends, limits)[0].max(initial=0)), 1.0)


def _words(part: str, good: Array) -> tuple[dict, ...]:
    """Return what is drawn, and how many of each kind."""
    found = int(np.count_nonzero(good))
    solved = tr("{sign} {number} solved", sign=span(POSITIVE, "━━"), number=count(found))
    rest = tr("{sign} {number} not", sign=span(NEGATIVE, "•••"), number=count(len(good) - found))
    title = tr("{part} loss", part=part)
    return (
        label("fan", f"<b>{title}</b>  {solved}  {rest}", (0, 1), yshift=4),
        label("ends", f"<b>{tr('ends')}</b>", (BARS[0], 1), yshift=4),
    )


def cloud_in_words(curves: Array, good: Array, part: str, last: int) -> str:
    """Return how many runs there are, how they end, and how many are solved."""
    ends = curves[:, -1]
    known = ends[np.isfinite(ends)]
    given = {"part": part, "seeds": many(len(curves), "seed"), "epochs": many(last, "epoch")}
    if not len(known):
        return tr("Loss on the {part} part of {seeds} over {epochs}: all have diverged.", **given)
    quarters = [number(float(one)) for one in np.quantile(known, (0.0, 0.25, 0.5, 0.75, 1.0))]
    share = percent(float(np.mean(good)))
    lost = len(ends) - len(known)
    words = tr(
        "Loss on the {part} part of {seeds} over {epochs}. Losses at the end: from {lowest} to "
        "{highest}, half of them between {range}, median {median}. Solved: {share} of the seeds.",
        lowest=quarters[0],
        highest=quarters[4],
        range=listed([quarters[1], quarters[3]]),
        median=quarters[2],
        share=share,
        **given,
    )
    if not lost:
        return words
    rest = tr_many(lost, "{n} seed has diverged.", "{n} seeds have diverged.")
    return tr("{first} {second}", first=words, second=rest)
