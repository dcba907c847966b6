"""What every figure promises to whoever paints over it: fixed places, numeric axes, no colours."""

import json
import re
from functools import cache

import numpy as np
import pytest

from engine.analysis.landscape import LandscapeResult, Path
from engine.data.dataset import Dataset
from engine.evaluation.projection import axes_of
from engine.explain.likelihood import NOISE_MODELS
from engine.gradcheck.report import GradientCheckResult
from pages.figures.base.palette import themed
from pages.figures.compare.landscape import landscape
from pages.figures.compare.line_search import line_search
from pages.figures.compare.overlay import overlay
from pages.figures.compare.seed_sweep import cloud
from pages.figures.step.gradient_check import error_heatmaps, right_and_wrong_curves, v_curve
from pages.figures.theory.activation import slope_figure
from pages.figures.theory.likelihood import density_figure, loss_figure
from pages.figures.train.curves import curves
from pages.figures.train.decision import decision
from pages.figures.train.deltas import deltas, sizes
from pages.figures.train.network import network
from pages.figures.train.report import confusion, residuals_chart
from pages.figures.train.unit_history import histograms, rates, ratios, unit_history
from pages.figures.train.weights import weights
from pages.figures.tune.tuning import heatmap, parallel_coordinates, ranking

CLASSES = Dataset(
    name="two inputs",
    task="classification",
    inputs=np.arange(12.0).reshape(2, 6),
    input_names=("x₁", "x₂"),
    targets=np.array([0, 1, 0, 1, 0, 1]),
    classes=("class 0", "class 1"),
    train=np.arange(4),
    validation=np.array([4]),
    test=np.array([5]),
)
VALUES = Dataset(
    name="one input",
    task="regression",
    inputs=np.arange(6.0)[None],
    input_names=("x",),
    targets=np.arange(6.0)[None],
    target_names=("y",),
)
DEEP = (7, 8, 8, 8, 8, 8, 8, 3)
LIMITS = ((0.0, 12.0), (0.0, 12.0))
SCORES = np.array([[0.8, 0.9], [0.9, 1.0], [0.5, np.nan]])
LAND = LandscapeResult(
    np.arange(3.0),
    np.arange(4.0),
    np.ones((4, 3)),
    Path(np.arange(2), np.eye(2), np.ones(2)),
    np.eye(2),
    1.0,
)
CHECKED = GradientCheckResult(
    1e-5,
    (2, 4, 1),
    np.linspace(-1, 1, 17),
    np.linspace(-1, 1.01, 17),
    np.logspace(-13, 0, 17),
    np.zeros(17, bool),
    np.zeros(17, bool),
    10,
)
LOSSES = np.array([(0.7, 0.5), (0.2, 0.9)], [("train", "f8"), ("train_metric", "f8")])
FIGURES = {
    "errors": lambda: error_heatmaps(CHECKED, ("x₁", "x₂"), ("class 1",)),
    "v curve": lambda: v_curve((1e-1, 1e-5, 1e-13), np.array([1e-3, 1e-10, np.nan]), 0.0, 1e-5),
    "race": lambda: right_and_wrong_curves(LOSSES, LOSSES[:1], "accuracy", (0, 1)),
    "network": lambda: network((2, 4, 1), ("x₁", "x₂"), ("class 1",)),
    "network deep": lambda: network(DEEP, [f"input {i}" for i in range(7)], list("abc")),
    "decision": lambda: decision(CLASSES, axes_of(CLASSES, (0, 1)), LIMITS),
    "decision curve": lambda: decision(VALUES, axes_of(VALUES, (0,)), LIMITS),
    "curves": lambda: curves("accuracy", (0.693, 0.5)),
    "curves bare": lambda: curves("R²", (None, None), ("train",)),
    "weights": lambda: weights((2, 4, 1), ("x₁", "x₂"), ("class 1",)),
    "weights deep": lambda: weights(DEEP, [f"input {i}" for i in range(7)], list("abc")),
    "deltas": lambda: deltas((2, 4, 1), [f"#{i}" for i in range(32)]),
    "deltas deep": lambda: deltas(DEEP, ["#0"]),
    "sizes": lambda: sizes((2, 4, 1)),
    "overlay": lambda: overlay(("tanh", "<b>ReLU</b>"), (True, False), 0.693),
    "confusion": lambda: confusion(np.array([[3, 1], [0, 2]]), ("a", "b")),
    "density": lambda: density_figure(NOISE_MODELS["gaussian"], 0.5),
    "density counted": lambda: density_figure(NOISE_MODELS["poisson"], 2.0),
    "valley": lambda: loss_figure(NOISE_MODELS["bernoulli"], 0.5),
    "slopes": lambda: slope_figure("gelu", 1.0),
    "history": lambda: unit_history([0, 5], np.array([[0.1, 0], [0.2, 0.1]]), (2,)),
    "spread": lambda: histograms([np.ones((2, 3))] * 2, [np.eye(3)] * 2),
    "ratios": lambda: ratios([1, 2], np.array([[0.1, 0], [0.2, 0.1]])),
    "rates": lambda: rates([np.eye(3), np.ones((1, 4))], 0.1),
    "cloud": lambda: cloud(
        [0, 5], np.array([[1.0, 0.1], [1, np.nan]]), np.array([True, False]), "", 0
    ),
    "landscape": lambda: landscape(LAND, "random"),
    "line search": lambda: line_search(*np.eye(3), 0.1, 0.5, 0.8),
    "ranking": lambda: ranking(
        SCORES, np.array([1, 0]), np.array([False, True, False]), "accuracy"
    ),
    "heatmap": lambda: heatmap(SCORES, ("a", "b", "c"), ("d", "e"), ("one", "two"), 2),
    "lines": lambda: parallel_coordinates(
        SCORES, [("one", SCORES[0], "ab")] * 2, np.array([1, 0]), SCORES[:, 0]
    ),
    "residuals": lambda: residuals_chart(np.array([1.0, 2]), np.array([1.5, 2]), "y"),
}
UIDS = {
    "network": ["units"],
    "decision": [
        "map",
        *(f"points-{p}-{k}" for p in ("train", "validation", "test") for k in "01"),
    ],
    "decision curve": ["curve", "points-train-0", "points-validation-0", "points-test-0"],
    "curves": [
        *("train", "validation", "running", "penalty"),
        *("train_metric", "validation_metric"),
    ],
    "weights": ["W1", "W2"],
    "weights deep": [f"W{l}" for l in range(1, 8)],
    "deltas": ["delta1", "delta2"],
    "sizes": ["size1", "size2"],
    "overlay": ["0.validation", "0.train", "1.validation", "1.train"],
    "errors": ["error1", "error2"],
    "v curve": ["v"],
    "race": ["right", "right2", "wrong", "wrong2"],
}
LIVE = re.compile(
    r"units|map|curve|train.*|validation.*|running|penalty|\d\.(train|validation)|W\d|delta\d|size\d"
)

every_figure = pytest.mark.parametrize("figure", FIGURES, indirect=True)


@cache
def figure_of(name):
    """Return a figure by its name; nobody changes it."""
    return FIGURES[name]()


@pytest.fixture
def figure(request):
    """Return the figure that the test names."""
    return figure_of(request.param)


def axes(figure):
    """The axes of a figure's JSON."""
    layout = figure.to_plotly_json()["layout"]
    return {name: axis for name, axis in layout.items() if re.match("[xy]axis", name)}


@every_figure
def test_a_figure_is_transparent_and_leaves_text_and_grid_to_the_page(figure):
    layout = figure.to_plotly_json()["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert not layout.get("template")
    assert "color" not in layout["font"]
    assert all("color" not in note["font"] for note in layout.get("annotations", ()))
    for axis in axes(figure).values():
        assert not {"gridcolor", "zerolinecolor", "linecolor", "color"} & set(axis)
        assert "color" not in axis["tickfont"]


@every_figure
def test_a_painter_knows_every_place_from_margin_domain_and_range(figure):
    layout = figure.to_plotly_json()["layout"]
    assert {"l", "r", "t", "b"} <= set(layout["margin"])
    assert layout["margin"]["autoexpand"] is False
    assert "width" not in layout
    for axis in axes(figure).values():
        assert axis["type"] in ("linear", "log")
        assert axis["autorange"] is False
        assert axis["automargin"] is False
        assert all(isinstance(end, int | float) for end in axis["range"])
        low, high = axis["domain"]
        assert 0 <= low < high <= 1
        assert not {"scaleanchor", "constrain"} & set(axis)


@every_figure
def test_zoom_and_hover_survive_new_data(figure):
    assert figure.layout.uirevision == "keep"
    assert figure.layout.hovermode == "closest"
    assert figure.layout.meta["title"]


@pytest.mark.parametrize("name", UIDS)
def test_traces_are_found_by_their_uid(name):
    assert [trace.uid for trace in figure_of(name).data] == UIDS[name]


@every_figure
def test_what_changes_with_the_epoch_is_left_to_the_painter(figure):
    for trace in figure.data:
        live = LIVE.fullmatch(trace.uid) is not None
        assert (trace.opacity == 0) is live
        if live and trace.type == "scatter" and trace.mode == "lines":
            assert trace.meta["color"] == trace.line.color
            assert trace.meta["dash"] == (trace.line.dash or "solid")


@every_figure
def test_annotations_and_shapes_have_names_of_their_own(figure):
    for some in (figure.layout.annotations, figure.layout.shapes):
        names = [one.name for one in some]
        assert None not in names
        assert len(set(names)) == len(names)


@every_figure
def test_every_trace_has_the_axes_it_names(figure):
    places = axes(figure)
    for trace in figure.data:
        for axis in (trace.xaxis or "x", trace.yaxis or "y"):
            assert f"{axis[0]}axis{axis[1:]}" in places


@every_figure
def test_a_figure_is_plain_json_and_small(figure):
    words = figure.to_json(remove_uids=False)
    assert "NaN" not in words
    assert len(words) < 25_000
    assert json.loads(words)["layout"]["uirevision"] == "keep"


@every_figure
def test_themes_change_colours_and_nothing_else(figure):
    before = figure.to_json(remove_uids=False)
    dark = themed(figure, "#0e1117", "#fafafa", "#31333f")
    assert figure.to_json(remove_uids=False) == before
    assert dark.layout.font.color == "#fafafa"
    assert {axis["gridcolor"] for axis in axes(dark).values()} == {"#31333f"}
    words = dark.to_json(remove_uids=False)
    if "points" in words or "confusion" in words:
        assert "#ffffff" not in words
        assert re.search("#0e1117|#fafafa", json.dumps(json.loads(words)["data"]))


def test_a_theme_reaches_a_stop_of_a_colour_scale():
    plane = Dataset(
        name="plane",
        task="regression",
        inputs=CLASSES.inputs,
        input_names=CLASSES.input_names,
        targets=np.arange(6.0)[None],
        target_names=("y",),
        train=np.arange(4),
        validation=np.array([4, 5]),
    )
    dark = themed(decision(plane, axes_of(plane, (0, 1)), LIMITS), "#0e1117", "#fafafa", "#31333f")
    traces = {trace.uid: trace for trace in dark.data}
    train, validation = traces["points-train-0"].marker, traces["points-validation-0"].marker
    assert train.colorscale[1][1] == "#0e1117"
    assert train.line.color == "#fafafa"
    assert validation.color == "#0e1117"
