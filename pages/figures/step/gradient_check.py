"""The gradient check: the error of each derivative, the V over h, and runs with a bug.

Relative errors are judged in bands, and the darker the cell of a
band, the worse. Where there is room the power of ten is written into the cell.
"""

from collections.abc import Sequence
from math import ceil, floor, log10

import numpy as np
import plotly.graph_objects as go

from engine.gradcheck import BANDS, GradientCheckResult
from engine.language import tr
from engine.nn import Array, blocks
from pages.figures.base.blank import SMALL, axis, axis_pair, label, numbered, sheet, span, titled
from pages.figures.base.matrices import NARROW
from pages.figures.base.palette import INK, LINE, PENALTY, TRAIN, VALIDATION, faded
from pages.figures.base.text import number, superscript
from pages.figures.train.weights import weights

LOW, HIGH = -12.0, 0.5  # range of the colours, in powers of ten
WRITTEN = 12  # rows and columns up to which cells show their power of ten
STRENGTHS = {  # band -> colour, and its strength at its two ends
    "right": (TRAIN, 0.12, 0.4),
    "fair": (PENALTY, 0.3, 0.5),
    "doubtful": (VALIDATION, 0.35, 0.5),
    "wrong": (VALIDATION, 0.65, 0.85),
}
GAPS = 40  # rows and columns up to which cells have room for a gap between them
FINE = 1500  # most cells of a layer with gaps between them
KINK, UNCLEAR = "∧", "~"
V_HEIGHT, RACE_HEIGHT = 280, 300
LOSS, METRIC = (0.42, 1.0), (0.0, 0.30)  # heights of the two plots of a race
MIDDLES = {
    "right": -8.0,
    "fair": -5.5,
    "doubtful": -3.0,
    "wrong": -0.6,
}  # places of the names of the bands
FLOOR = 1e-17  # below it there is only rounding of a double
SERIES = {  # uid -> colour, dash, the same stroke as a sign
    "right": (TRAIN, "solid", "━━"),
    "wrong": (VALIDATION, "dash", "━ ━"),
}


def error_heatmaps(
    found: GradientCheckResult, inputs: Sequence[str], outputs: Sequence[str]
) -> go.Figure:
    """Return the relative error of each derivative, a heatmap "error1", ... per layer."""
    places = weights(found.sizes, inputs, outputs)
    figure = go.Figure(layout=places.layout)
    figure.layout.update(template=None, meta={"title": tr("Relative error of each derivative")})
    figure.layout.height += 20
    figure.layout.margin.t += 20
    parts = (found.error, found.analytic, found.numeric, found.kinks, found.unclear)
    layers = zip(*(blocks(part, found.sizes) for part in parts), strict=True)
    written = max(found.sizes) <= WRITTEN
    for l, layer in enumerate(layers, 1):
        on_x, on_y = numbered(l)
        left, right = figure.layout[f"xaxis{on_x[1:]}"].domain
        side = (right - left) * NARROW / layer[0].shape[1]  # px of a cell where it is tight
        cells = _cells(l, layer, min(SMALL, int(side / 2)) if written else 0)
        figure.add_heatmap(xaxis=on_x, yaxis=on_y, showscale=False, **cells)
    signs = [
        span(faded(colour, high), "■") + f" {tr(name)}" for name, (colour, _, high) in _bands()
    ]
    marks = (
        tr("{kink} kink  {rounding} rounding", kink=KINK, rounding=UNCLEAR)
        if written
        else tr("empty: no result")
    )
    figure.add_annotation(label("bands", "  ".join([*signs, marks]), (0, 1), yshift=20))
    return figure


def _bands() -> list[tuple[str, tuple[str, float, float]]]:
    return [(band.name, STRENGTHS[band.name]) for band in BANDS]


def _cells(l: int, layer: Sequence[Array], size: int) -> dict[str, object]:
    """Return what layer l's heatmap shows of error, analytic, numeric, kinks and unclear.

    `size` is that of the text in pixels; below 7 there is none.
    """
    error, a, n, kinks, unclear = layer
    if np.isnan(n).mean() > 0.5 and n.size > FINE:
        return _sampled(l, error, n)
    with np.errstate(divide="ignore"):
        power = np.clip(np.log10(error), LOW, HIGH)
    name = f"W{superscript(l)} b{superscript(l)}"
    powers = [[_power(one) for one in row] for row in power]
    text = np.where(kinks, KINK, np.where(unclear, UNCLEAR, powers))
    return {
        **_look(l),
        "z": power,
        "text": text if size >= 7 else None,
        "texttemplate": "%{text}" if size >= 7 else None,
        "textfont": {"color": INK, "size": max(size, 7)},
        "customdata": np.dstack([error, a, n]),
        "hovertemplate": tr(
            "{name} from %{{x}} to %{{y}}<br>relative error "
            "%{{customdata[0]:.2~g}}<br>backpropagation "
            "%{{customdata[1]:.6~g}}<br>difference %{{customdata[2]:.6~g}}<extra></extra>",
            name=name,
        ),
        "xgap": int(max(power.shape) <= GAPS),
        "ygap": int(max(power.shape) <= GAPS),
    }


def _look(l: int) -> dict[str, object]:
    """Return what all heatmaps of errors have in common."""
    return {
        "uid": f"error{l}",
        "opacity": 1,
        "zmin": LOW,
        "zmax": HIGH,
        "colorscale": band_colour_scale(),
        "hoverongaps": False,
        "meta": {"theme": {"textfont.color": "ink"}},
    }


def _sampled(l: int, error: Array, n: Array) -> dict[str, object]:
    """Return a coarser heatmap of a layer measured by a sample: the worst of each block."""
    side = int(np.ceil(np.sqrt(4 * n.size / max(np.isfinite(n).sum(), 1))))
    columns = [*range(0, n.shape[1] - 1, side), n.shape[1] - 1]  # b is a separate column
    rows = list(range(0, len(n), side))
    known = np.where(np.isnan(error), 0.0, error)
    worst = np.maximum.reduceat(np.maximum.reduceat(known, rows, axis=0), columns, axis=1)
    counts = np.add.reduceat(np.add.reduceat(~np.isnan(error), rows, axis=0), columns, axis=1)
    with np.errstate(divide="ignore"):
        power = np.where(counts, np.clip(np.log10(worst), LOW, HIGH), np.nan)
    return {
        **_look(l),
        "z": power,
        "x": np.array([*columns, n.shape[1]]) - 0.5,
        "y": np.array([*rows, len(n)]) - 0.5,
        "customdata": np.dstack([worst, counts]),
        "hovertemplate": tr(
            "%{customdata[1]} derivatives<br>relative error up to "
            "%{customdata[0]:.2~g}<extra></extra>"
        ),
        "xgap": 1,
        "ygap": 1,
    }


def _power(power: float) -> str:
    """Return the power of ten of an error as a whole number, −9; empty without an error."""
    return "" if np.isnan(power) else number(float(np.floor(power)))


def band_colour_scale() -> list[list[float | str]]:
    """Return a Plotly colour scale over powers of ten, with a step at each band's edge."""
    stops, begin = [], 0.0
    for band, (_, (colour, low, high)) in zip(BANDS, _bands(), strict=True):
        end = min((log10(band.below) - LOW) / (HIGH - LOW), 1.0) if np.isfinite(band.below) else 1.0
        stops += [[begin, faded(colour, low)], [end, faded(colour, high)]]
        begin = end
    return stops


def v_curve(steps: Sequence[float], curve: Array, exact: float, h: float) -> go.Figure:
    """Return the error of the whole gradient over h, both in powers of ten; `h` is marked.

    `exact` is the same error against the complex step, which has no step to choose.
    """
    figure = sheet(tr("Error over the step h"), V_HEIGHT, (50, 50, 14, 40))
    shown = np.maximum(curve, FLOOR)
    figure.add_scatter(
        x=list(steps),
        y=shown,
        mode="lines+markers",
        line={"color": TRAIN, "width": 1.5},
        marker={"size": 6, "color": TRAIN},
        hovertemplate=tr("h %{x:.0e}<br>relative error %{y:.2~g}<extra></extra>"),
        uid="v",
    )
    level = log10(max(exact, FLOOR))
    figure.layout.update(
        xaxis=axis((-13.3, -0.7), type="log", dtick=4, minexponent=0, title=titled(tr("step h"))),
        yaxis=axis((-17.3, 0.8), type="log", dtick=4, minexponent=0),
        shapes=[
            *(_level(band.name, log10(band.below)) for band in BANDS[:-1]),
            _level("complex step", level, "dash"),
            _upright("h", h),
        ],
        annotations=[
            *(_beside(name, power) for name, power in MIDDLES.items()),
            label("complex step", tr("complex step"), (0.02, level), yref="y", yshift=1),
            label("title", tr("<b>relative error of the gradient</b>"), (0, 1), yshift=2),
        ],
    )
    return figure


def _level(name: str, power: float, dash: str = "dot") -> dict[str, object]:
    """Return a line across at a power of ten."""
    ends = {"x0": 0, "x1": 1, "y0": 10**power, "y1": 10**power}
    line = {"color": LINE, "width": 1, "dash": dash}
    return {"name": name, "type": "line", "xref": "x domain", "yref": "y", "line": line, **ends}


def _upright(name: str, x: float, yref: str = "y domain", xref: str = "x") -> dict[str, object]:
    """Return a line upwards at x."""
    line = {"color": LINE, "width": 1}
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
    return {"name": name, "type": "line", "xref": xref, "yref": yref, "line": line, **ends}


def _beside(text: str, power: float) -> dict[str, object]:
    """Return a word to the right of the plot, at a power of ten."""
    return label(text, tr(text), (1, power), yref="y", yanchor="middle", xshift=5)


def right_and_wrong_curves(
    right: Array, wrong: Array, metric: str, marks: Sequence[int]
) -> go.Figure:
    """Return loss and metric of two runs over the same epochs, with marks at epochs of a check.

    `right` and `wrong` are records of losses, one per epoch; the shorter one ended early.
    """
    figure = sheet(
        tr("Loss and {metric}, right and wrong", metric=tr(metric)), RACE_HEIGHT, (50, 12, 20, 34)
    )
    last = max(len(right), len(wrong), 2) - 1
    for uid, losses in (("right", right), ("wrong", wrong)):
        for name, tail in (("train", ""), ("train_metric", "2")):
            figure.add_trace(_strand(uid, losses[name], tail))
    words = [f"{span(colour, sign)} {tr(uid)}" for uid, (colour, _, sign) in SERIES.items()]
    epochs = {"exponentformat": "none", "nticks": 6, "tickangle": 0}
    below = axis((-0.02, 1.03), METRIC, tickvals=[0, 0.5, 1])
    if metric == "R²":
        below = axis((-1.03, 1.03), METRIC, tickvals=[-1, 0, 1])
    figure.layout.update(
        **axis_pair(1, axis((0, last), showticklabels=False, **epochs), _losses_axis(right, wrong)),
        **axis_pair(2, axis((0, last), title=titled(tr("epoch"), 2), **epochs), below),
        shapes=[
            _upright(f"check.{k}.{epoch}", epoch, f"{y} domain", y.replace("y", "x"))
            for epoch in marks
            if 0 < epoch < last
            for k, y in enumerate(("y", "y2"))
        ],
        annotations=[
            label("loss", "  ".join([f"<b>{tr('loss')}</b>", *words]), (0, LOSS[1]), yshift=4),
            label("metric", f"<b>{tr(metric)}</b>", (0, METRIC[1]), yshift=4),
        ],
    )
    return figure


def _strand(uid: str, values: Array, tail: str) -> go.Scatter:
    """Return a run's line, at most 500 points, in the upper plot; in the lower with tail "2"."""
    colour, dash, _ = SERIES[uid]
    every = max(1, len(values) // 500)
    epochs = np.unique([*range(0, len(values), every), len(values) - 1])
    return go.Scatter(
        x=epochs,
        y=np.asarray(values, dtype=float)[epochs],
        xaxis=f"x{tail}",
        yaxis=f"y{tail}",
        mode="lines",
        line={"color": colour, "width": 1.5, "dash": dash},
        hovertemplate=f"{tr(uid)}<br>{tr('epoch')} %{{x}}<br>%{{y:.4~g}}<extra></extra>",
        uid=f"{uid}{tail}",
    )


def _losses_axis(right: Array, wrong: Array) -> dict[str, object]:
    """Return a log axis for all losses of both runs, from a millionth of the largest on."""
    every = np.concatenate([right["train"], wrong["train"]]).astype(float)
    every = every[np.isfinite(every) & (every > 0)]
    high = log10(every.max()) if len(every) else 0.0
    low = max(log10(every.min()), high - 6) if len(every) else -1.0
    room = 0.06 * (high - low) + 0.05
    ticks: dict[str, object] = {"dtick": 1, "minexponent": 3}
    if high - low < 1.5:  # a decade may hold no power of ten
        values = [m * 10.0**k for k in range(floor(low) - 1, ceil(high) + 1) for m in (1, 2, 5)]
        ticks = {"tickvals": values, "ticktext": [number(value) for value in values]}
    return axis((low - room, high + room), LOSS, type="log", **ticks)
