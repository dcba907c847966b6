"""The figures that judge: every point where the numbers say, and what to compare it with."""

import numpy as np
import pytest

from pages.figures.data.evaluation import (
    add_clickable_cells,
    calibration_chart,
    error_chart,
    importance_chart,
    precision_recall_chart,
    roc_chart,
)
from pages.figures.train.report import confusion


def test_the_roc_shows_its_points_its_area_and_chance():
    figure = roc_chart(np.array([0, 0.5, 1]), np.array([0, 0.75, 1]), 0.625)
    trace = figure.data[0]
    np.testing.assert_array_equal(trace.x, [0, 0.5, 1])
    np.testing.assert_array_equal(trace.y, [0, 0.75, 1])
    words = {one.name: one.text for one in figure.layout.annotations}
    assert words == {"area": "area 0.625", "chance": "chance 0.5"}
    line = figure.layout.shapes[0]
    assert (line.x0, line.y0, line.x1, line.y1) == (0, 0, 1, 1)


@pytest.mark.parametrize(("share", "anchor"), [(0.2, "bottom"), (0.95, "top")])
def test_chance_of_precision_is_the_share_of_the_class(share: float, anchor: str):
    figure = precision_recall_chart(np.array([1.0, 0]), np.array([share, 1]), share)
    line = figure.layout.shapes[0]
    assert (line.y0, line.y1) == (share, share)
    assert figure.layout.annotations[0].yanchor == anchor
    np.testing.assert_array_equal(figure.data[0].x, [1, 0])


def test_a_bin_of_more_examples_has_a_larger_mark():
    trace = calibration_chart(np.array([0.1, 0.9]), np.array([0.2, 1]), np.array([4, 16])).data[0]
    assert list(trace.marker.size) == [13, 20]
    assert trace.customdata == ("4", "16")
    np.testing.assert_array_equal(trace.y, [0.2, 1])


def test_errors_stand_over_their_predictions_about_zero():
    figure = error_chart(np.array([1.0, 3]), np.array([-2.0, 1]), "price <€>")
    assert figure.layout.yaxis.range == pytest.approx((-2.2, 2.2))
    assert figure.layout.xaxis.title.text == "predicted price &lt;€&gt;"
    np.testing.assert_array_equal(figure.data[0].y, [-2, 1])


def test_errors_of_nothing_but_right_predictions_still_have_axes():
    figure = error_chart(np.ones(3), np.zeros(3), "y")
    assert figure.layout.yaxis.range == pytest.approx((-1.1, 1.1))
    assert figure.layout.xaxis.range == pytest.approx((0.95, 1.05))


def test_the_most_important_column_is_on_top_and_names_are_text():
    figure = importance_chart(
        ["<b>a</b>", "b"], np.array([0.3, -0.01]), np.array([0.1, 0.02]), "R²"
    )
    assert figure.layout.yaxis.range == (1.5, -0.5)
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;a&lt;/b&gt;", "b")
    assert figure.layout.xaxis.title.text == "decrease of R²"
    low, high = figure.layout.xaxis.range
    assert low == pytest.approx(-0.03)
    assert high > 0.4
    np.testing.assert_array_equal(figure.data[0].error_x.array, [0.1, 0.02])


def test_of_many_columns_the_first_twenty_are_shown():
    figure = importance_chart([f"c{k}" for k in range(50)], np.ones(50), np.zeros(50), "accuracy")
    assert len(figure.data[0].x) == 20


def test_each_cell_of_the_matrix_can_be_clicked_on():
    figure = add_clickable_cells(confusion(np.array([[3, 1], [0, 2]]), ("a", "b")), 2)
    marks = figure.data[1]
    assert list(zip(marks.x, marks.y, strict=True)) == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert figure.layout.xaxis.fixedrange is False
    assert (figure.layout.yaxis.minallowed, figure.layout.yaxis.maxallowed) == (-0.5, 1.5)
