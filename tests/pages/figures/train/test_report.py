"""The report's figures: counts with their shares, predictions against the truth."""

import numpy as np
import pytest

from pages.figures.train.report import confusion, residuals_chart

MATRIX = np.array([[18, 2, 0], [1, 3, 0], [0, 0, 0]])


def test_each_cell_has_its_count_and_its_share_of_the_true_class():
    trace = confusion(MATRIX, ("a", "b", "c")).data[0]
    assert trace.text[0] == ["18<br>90\u202f%", "2<br>10\u202f%", "0"]
    assert trace.text[1] == ["1<br>25\u202f%", "3<br>75\u202f%", "0"]
    np.testing.assert_array_equal(trace.customdata[:, :, 0], MATRIX)
    np.testing.assert_allclose(trace.customdata[1, :, 1], [0.25, 0.75, 0])


def test_hits_are_blue_mistakes_orange_and_empty_rows_the_page():
    z = confusion(MATRIX, ("a", "b", "c")).data[0].z
    assert (z[0, 0], z[1, 0]) == pytest.approx((0.9**0.5, -0.5))
    assert not z[2].any()


def test_rows_are_true_classes_from_top_to_bottom_and_columns_predicted_ones():
    layout = confusion(MATRIX, ("a", "<b>", "c")).layout
    assert layout.yaxis.range == (2.5, -0.5)
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("predicted", "true")
    assert layout.xaxis.ticktext == layout.yaxis.ticktext == ("a", "&lt;b&gt;", "c")


def test_many_classes_get_height_and_tell_their_numbers_on_hover():
    many = confusion(np.eye(30, dtype=int), [f"kind {k}" for k in range(30)])
    assert many.layout.height == 510
    assert many.data[0].texttemplate is None
    assert confusion(MATRIX, ("a", "b", "c")).data[0].texttemplate == "%{text}"


def test_the_colours_of_the_text_come_from_the_theme():
    assert confusion(MATRIX, "abc").data[0].meta["theme"] == {"textfont.color": "ink"}


def test_predictions_stand_above_their_true_values_on_equal_axes():
    true, predicted = np.array([0.0, 5, 10]), np.array([1.0, 5, 7.5])
    figure = residuals_chart(true, predicted, "price (€)")
    trace = figure.data[0]
    np.testing.assert_array_equal(trace.x, true)
    np.testing.assert_array_equal(trace.y, predicted)
    assert list(trace.customdata) == ["1", "0", "−2.5"]
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (-0.5, 10.5)
    line = figure.layout.shapes[0]
    assert (line.x0, line.y0, line.x1, line.y1) == (-0.5, -0.5, 10.5, 10.5)
    assert figure.layout.xaxis.title.text == "true price (€)"


def test_equal_values_still_have_an_axis():
    figure = residuals_chart(np.ones(3), np.ones(3), "y")
    assert figure.layout.xaxis.range == pytest.approx((0.95, 1.05))
