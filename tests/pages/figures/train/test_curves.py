"""Loss and metric: which lines there are, and where the chance level lies."""

from math import log, log10

import pytest

from pages.figures.train.curves import curves


def traces(figure):
    return {trace.uid: trace for trace in figure.data}


def named(some):
    return {one.name: one for one in some}


def test_loss_is_above_on_a_log_scale_and_the_metric_below_from_zero_to_one():
    figure = curves("accuracy", (log(2), 0.5))
    layout = figure.layout
    assert (layout.yaxis.type, layout.yaxis2.type) == ("log", "linear")
    assert layout.yaxis.domain[0] > layout.yaxis2.domain[1]
    assert layout.xaxis.range == layout.xaxis2.range == (0, 50)
    assert layout.xaxis.matches == "x2"
    assert layout.yaxis2.range == (-0.02, 1.03)
    assert [trace.yaxis or "y" for trace in figure.data] == ["y"] * 4 + ["y2"] * 2


def test_the_chance_level_is_a_line_in_the_loss_and_in_the_metric():
    layout = curves("accuracy", (log(2), 0.52)).layout
    lines, notes = named(layout.shapes), named(layout.annotations)
    assert (lines["chance.loss"].y0, lines["chance.loss"].y1) == (log(2), log(2))
    assert lines["chance.loss"].yref == "y"
    assert (lines["chance.metric"].y0, lines["chance.metric"].yref) == (0.52, "y2")
    assert notes["chance.loss"].text == "chance 0.693"
    assert notes["chance.loss"].y == pytest.approx(log10(log(2)))  # Plotly: logarithm of the place
    assert (notes["chance.metric"].text, notes["chance.metric"].y) == ("chance 0.52", 0.52)


def test_the_chance_level_is_in_sight_from_the_start():
    low, high = curves("R²", (37.0, 0.0)).layout.yaxis.range
    assert low < log10(37) < high
    assert high - low == pytest.approx(1.8)


def test_without_a_chance_level_there_is_no_line():
    layout = curves("accuracy").layout
    assert not layout.shapes
    assert set(named(layout.annotations)) == {"loss", "metric"}
    assert "chance.loss" not in named(curves("accuracy", (0.0, 0.5)).layout.shapes)


def test_only_the_series_of_the_run_are_shown_and_named():
    figure = curves("accuracy", shown=("train", "penalty"))
    visible = {uid for uid, trace in traces(figure).items() if trace.visible}
    assert visible == {"train", "penalty", "train_metric"}
    legend = named(figure.layout.annotations)["loss"].text
    assert "training" in legend
    assert "penalty" in legend
    assert "validation" not in legend


def test_a_bad_r2_may_widen_the_axis_but_not_for_ever():
    assert curves("R²").layout.meta["floor"] == {"yaxis2": -1}
    assert curves("accuracy").layout.meta["floor"] == {"yaxis2": 0}


def test_lines_are_told_apart_without_colour():
    dashes = [trace.line.dash for trace in curves("accuracy").data[:4]]
    assert len(set(dashes)) == 4
