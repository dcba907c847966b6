"""Results of a search: candidates by rank, two choices as a map, all choices as lines.

A score has one sign, so one hue shows it, stronger for better. The best candidate has a star, those
that are as good within noise have a ring.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.language import tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, set_layout, sheet, span, titled
from pages.figures.base.palette import BACKGROUND, INK, LINE, NEGATIVE, POSITIVE, faded
from pages.figures.base.text import clip, count, listed, many, number, plain

HEIGHT = 330
MOST_RANKED = 40  # candidates that are drawn by rank
MOST_WRITTEN = 60  # most cells that show their number
SHADES = 6  # shades of the lines
MOST_LETTERS = 14  # letters of a value at its axis


def ranking(scores: Array, order: Array, near: Array, metric: str) -> go.Figure:
    """Return the scores (candidates, folds) as dots, the best candidate first.

    `order` (n,) are the ranked candidates, `near` (candidates,) marks those as good as the best.
    The customdata of a dot holds its candidate.
    """
    figure = sheet(tr("Every fold of the best candidates"), HEIGHT, (48, 12, 24, 40))
    shown = order[:MOST_RANKED]
    low, high = score_limits(scores[shown])
    places = np.arange(1, len(shown) + 1)
    dots = scores[shown].ravel()
    across = np.repeat(places, scores.shape[1])
    own = np.repeat(shown, scores.shape[1])
    folds = np.tile(np.arange(1, scores.shape[1] + 1), len(shown))
    figure.add_scatter(
        x=across + 0.18 * (folds - (scores.shape[1] + 1) / 2) / max(scores.shape[1] / 2, 1),
        y=dots,
        mode="markers",
        marker={"size": 6, "color": faded(POSITIVE, 0.55), "line": {"width": 0}},
        customdata=np.column_stack([own, across, folds]),
        hovertemplate=tr(
            "rank %{customdata[1]}, fold %{customdata[2]}<br>%{y:.3~f}<extra></extra>"
        ),
        uid="folds",
    )
    figure.add_trace(_means(scores[shown].mean(axis=1), places, shown))
    marks = {"x": places[near[shown]], "y": scores[shown].mean(axis=1)[near[shown]]}
    ring = {"symbol": "circle-open", "size": 15, "color": NEGATIVE, "line": {"width": 1.8}}
    figure.add_scatter(**marks, mode="markers", marker=ring, hoverinfo="skip", uid="near")
    wide = axis((0.4, max(len(shown), 3) + 0.6), title=titled(tr("rank"), 2), showgrid=False)
    wide |= {"nticks": 10, "exponentformat": "none"}
    words = tr(
        "<b>{metric}</b>  {dot} fold  ━ mean  {ring} within one standard error of the best",
        metric=metric,
        dot=span(POSITIVE, "●"),
        ring=span(NEGATIVE, "○"),
    )
    set_layout(
        figure,
        xaxis=wide,
        yaxis=axis((low, high), nticks=6),
        annotations=[label("dots", words, (0, 1), yshift=4)],
    )
    return figure


def _means(means: Array, places: Array, own: Array) -> go.Scatter:
    """Return a short line at the mean of each candidate."""
    return go.Scatter(
        x=places,
        y=means,
        mode="markers",
        marker={"symbol": "line-ew", "size": 14, "line": {"color": INK, "width": 2.5}},
        customdata=own[:, None],
        hovertemplate=tr("rank %{x}<br>mean %{y:.3~f}<extra></extra>"),
        uid="means",
        meta={"theme": {"marker.line.color": "ink"}},
    )


def score_limits(scores: Array) -> tuple[float, float]:
    """Return the ends of an axis for these scores; a very low R² does not flatten the others."""
    known = scores[np.isfinite(scores)]
    if not len(known):
        return 0.0, 1.0
    low, high = max(float(np.quantile(known, 0.05)), -1.0), float(known.max())
    low = min(low, float(np.median(known)))
    room = max(0.08 * (high - low), 0.01)
    return low - room, high + room


def heatmap(
    scores: Array, rows: Sequence[str], columns: Sequence[str], names: tuple[str, str], best: int
) -> go.Figure:
    """Return the mean scores (rows, columns) of two choices as a map.

    `best` is the index of the best cell in reading order, -1 for none.
    """
    letters = min(max(map(len, rows), default=1), MOST_LETTERS)
    figure = sheet(listed(names), HEIGHT, (40 + 6 * letters, 12, 24, 44))
    low, high = score_limits(scores)
    texts = [["" if np.isnan(one) else number(float(one)) for one in line] for line in scores]
    if best >= 0:
        texts[best // len(columns)][best % len(columns)] += " ★"
    figure.add_trace(
        go.Heatmap(
            x=list(range(len(columns))),
            y=list(range(len(rows))),
            z=scores,
            zmin=low,
            zmax=high,
            colorscale=[[0, faded(POSITIVE, 0.04)], [1, faded(POSITIVE, 0.6)]],
            showscale=False,
            xgap=2,
            ygap=2,
            text=texts,
            texttemplate="%{text}" if scores.size <= MOST_WRITTEN else None,
            textfont={"color": INK, "size": 11},
            customdata=np.arange(scores.size).reshape(scores.shape)[:, :, None],
            hovertemplate="%{text}<extra></extra>",
            hoverongaps=False,
            uid="scores",
            meta={"theme": {"textfont.color": "ink"}},
        )
    )
    key = tr("<b>mean score</b>  a stronger color is better  ★ best")
    ends = (-0.5, len(columns) - 0.5), (len(rows) - 0.5, -0.5)
    set_layout(
        figure,
        xaxis=axis(ends[0], title=titled(names[1], 6), showgrid=False, **_names(columns)),
        yaxis=axis(ends[1], title=titled(names[0], 6), showgrid=False, **_names(rows)),
        annotations=[label("key", key, (0, 1), yshift=4)],
    )
    return figure


def _names(values: Sequence[str]) -> dict:
    """Return the values of a choice as ticks."""
    texts = [plain(clip(value, MOST_LETTERS)) for value in values]
    return {"tickvals": list(range(len(values))), "ticktext": texts, "tickangle": 0}


def parallel_coordinates(
    places: Array, ticks: Sequence[tuple[str, Array, Sequence[str]]], order: Array, scores: Array
) -> go.Figure:
    """Return one line per candidate through its values; `places` (candidates, choices) are 0 to 1.

    `ticks` has for each choice its name, the places of its values, and the values. `order` (n,) are
    the ranked candidates, best first; `scores` (candidates,) their means. Inselberg (1985), The
    plane with parallel coordinates.
    """
    figure = sheet(tr("Choices of every candidate"), HEIGHT, (16, 56, 48, 20))
    low, high = score_limits(scores[order])
    high = min(high, 1.0)  # the highest accuracy and R²
    across = np.arange(places.shape[1] + 1)
    heights = np.clip((scores - low) / (high - low), 0, 1)
    shade = np.minimum(heights * SHADES, SHADES - 1)
    places = places + line_offsets(order, len(places))[:, None]
    for step in range(SHADES):
        own = order[shade[order].astype(int) == step]
        figure.add_trace(_strokes(places, heights, own, across, step))
    if len(order):
        first = order[:1]
        best = _strokes(places, heights, first, across, SHADES)
        figure.add_trace(best)
    set_layout(
        figure,
        xaxis=axis((-0.12, across[-1] + 0.12), showgrid=False, showticklabels=False),
        yaxis=axis((-0.06, 1.06), showgrid=False, showticklabels=False),
        shapes=[_upright(x) for x in across.tolist()],
        annotations=_axes([*ticks, _scale(low, high)]),
    )
    return figure


def line_offsets(order: Array, candidates: int) -> Array:
    """Return the vertical shift of each line, (candidates,), so that none hides another."""
    found = np.zeros(candidates)
    found[order] = np.linspace(0.5, -0.5, len(order)) * min(0.05, 0.006 * len(order))
    return found


def _strokes(places: Array, heights: Array, own: Array, across: Array, step: int) -> go.Scatter:
    """Return the lines of some candidates as one trace, stronger for better; best is last."""
    y = np.column_stack([places[own], heights[own], np.full(len(own), np.nan)])
    best = step == SHADES
    return go.Scatter(
        x=np.tile([*across.tolist(), np.nan], len(own)),
        y=y.ravel(),
        customdata=np.repeat(own, len(across) + 1)[:, None],
        mode="lines+markers" if best else "lines",
        line={
            "color": NEGATIVE if best else faded(POSITIVE, 0.25 + 0.65 * (step + 1) / SHADES),
            "width": 3 if best else 1 + step / SHADES,
        },
        marker={"size": 7, "line": {"color": BACKGROUND, "width": 1}},
        hoverinfo="skip",
        uid="best" if best else f"lines{step}",
    )


def _scale(low: float, high: float) -> tuple[str, Array, Sequence[str]]:
    """Return the axis of the score."""
    values = np.linspace(low, high, 5)
    return tr("score"), np.linspace(0, 1, 5), [number(float(one)) for one in values]


def _upright(x: float) -> dict:
    """Return the line of an axis."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
    return {
        "name": f"upright{x}",
        "type": "line",
        "layer": "below",
        **ends,
        "line": {"color": LINE, "width": 1},
    }


def _axes(ticks: Sequence[tuple[str, Array, Sequence[str]]]) -> list[dict]:
    """Return the name above each axis, and its values beside it."""
    found = []
    for k, (name, where, values) in enumerate(ticks):
        at = {"xref": "x", "xanchor": "center" if 0 < k < len(ticks) - 1 else "left"}
        found.append(label(f"axis{k}", f"<b>{name}</b>", (k, 1), **at, yshift=10 + 15 * (k % 2)))
        found += [
            label(
                f"axis{k}.{i}", plain(clip(value, MOST_LETTERS)), (k, float(y)), xref="x", yref="y"
            )
            | {"yanchor": "middle", "xshift": 5}
            for i, (y, value) in enumerate(zip(where, values, strict=True))
        ]
    return found


def axis_positions(
    values: Sequence[float | str], known: Sequence[float | str] = ()
) -> tuple[Array, Array, list[str]]:
    """Return the places (n,) of a choice's values from 0 to 1, and its ticks.

    Few numbers, and all words, have equal distances, `known` ones in that order. Many numbers have
    their true distances, on a log scale if their range is wide.
    """
    kinds = [one for one in dict.fromkeys([*known, *values]) if one in set(values)]
    if len(kinds) > 8 and all(isinstance(one, int | float) for one in kinds):
        numbers = np.array([float(one) for one in values])
        logarithmic = numbers.min() > 0 and numbers.max() > 30 * numbers.min()
        scale = np.log10(numbers) if logarithmic else numbers
        low, wide = scale.min(), max(np.ptp(scale), 1e-12)
        where = np.linspace(0, 1, 5)
        marks = 10 ** (low + wide * where) if logarithmic else low + wide * where
        return (scale - low) / wide, where, [number(float(one), 2) for one in marks]
    if all(isinstance(one, int | float) for one in kinds):
        kinds = sorted(kinds)
    where = np.linspace(0, 1, len(kinds)) if len(kinds) > 1 else np.array([0.5])
    at = dict(zip(kinds, where, strict=True))
    ticks = [number(float(one)) if isinstance(one, int | float) else str(one) for one in kinds]
    return np.array([at[one] for one in values]), where, ticks


def tuning_in_words(scores: Array, order: Array, near: Array, metric: str) -> str:
    """Return how many candidates are finished, the best score, and how many are as good."""
    whole, folds = scores.shape
    given = {
        "done": count(len(order)),
        "candidates": many(whole, "candidate"),
        "folds": many(folds, "fold"),
    }
    if not len(order):
        return tr("{done} of {candidates} trained on {folds}.", **given)
    means = scores[order].mean(axis=1)
    return tr(
        "{done} of {candidates} trained on {folds}. Mean {metric} from the best to the worst: "
        "{range}; {near} within one standard error of the best.",
        metric=metric,
        range=listed([number(float(means[0])), number(float(np.nanmin(means)))]),
        near=many(int(near.sum()), "candidate"),
        **given,
    )
