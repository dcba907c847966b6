"""Weights, deltas and their sizes: each matrix fills its place, row 0 on top."""

from itertools import combinations, pairwise

import pytest

from pages.figures.base.matrices import boxes
from pages.figures.train.deltas import deltas, sizes
from pages.figures.train.weights import weights

NETWORKS = [(1, 1), (2, 4, 1), (4, 8, 8, 3), (64, 128, 10), (2, 128, 1, 8, 8, 8, 8, 1)]


def named(some):
    return {one.name: one for one in some}


def axes(figure, trace):
    """The pair of axes that a trace is on."""
    return figure.layout[f"xaxis{trace.xaxis[1:]}"], figure.layout[f"yaxis{trace.yaxis[1:]}"]


@pytest.mark.parametrize("layers", NETWORKS)
def test_the_matrices_of_a_network_do_not_overlap(layers):
    shapes = [(n, m + 1) for m, n in pairwise(layers)]
    places = boxes(shapes, (0.08, 0.17))
    assert len(places) == len(shapes)
    for left, right, bottom, top in places:
        assert 0 <= left < right <= 1
        assert 0 <= bottom < top <= 1
    for one, other in combinations(places, 2):
        beside = one[1] <= other[0] - 0.08 + 1e-9
        below = other[3] <= one[2] - 0.17 + 1e-9
        assert beside or below


def test_wider_and_higher_matrices_get_more_room_within_limits():
    (left, right, bottom, top), other = boxes([(8, 3), (2, 9)], (0.1, 0.1))
    assert (right - left) / (other[1] - other[0]) == pytest.approx(1 / 2)  # 1 / 3 would be narrow
    assert (other[3] - other[2]) / (top - bottom) == pytest.approx(2 / 8)
    assert top == other[3] == 1


@pytest.mark.parametrize("layers", NETWORKS)
def test_each_weight_has_a_cell_and_the_bias_the_last_column(layers):
    inputs = [f"input {i}" for i in range(layers[0])]
    figure = weights(layers, inputs, [f"class {i}" for i in range(layers[-1])])
    for l, trace in enumerate(figure.data, 1):
        x, y = axes(figure, trace)
        n_in, n_out = layers[l - 1], layers[l]
        assert x.range == (-0.5, n_in + 0.5)
        assert y.range == (n_out - 0.5, -0.5)
        assert len(x.ticktext) == n_in + 1
        assert (x.ticktext[-1], x.tickvals[-1]) == ("b", n_in)
        assert len(y.ticktext) == n_out
        border = named(figure.layout.shapes)[f"W{l}.border"]
        assert (border.x0, border.x1, border.xref) == (n_in - 0.5, n_in - 0.5, trace.xaxis)


def test_rows_and_columns_carry_names_where_they_fit_and_always_for_hover():
    figure = weights((2, 4, 1), ("x₁", "x₂"), ("y",))
    x, y = axes(figure, figure.data[0])
    assert x.ticktext == ("x₁", "x₂", "b")
    assert y.ticktext == ("1", "2", "3", "4")
    assert x.showticklabels
    assert y.showticklabels
    assert axes(figure, figure.data[1])[1].ticktext == ("y",)
    wide = weights((64, 128, 10), [f"pixel {i}" for i in range(64)], [str(i) for i in range(10)])
    x, y = axes(wide, wide.data[0])
    assert not x.showticklabels
    assert not y.showticklabels
    assert x.ticktext[63] == "pixel 63"
    assert named(wide.layout.annotations)["W1.columns"].text == "64 inputs, b"


def test_titles_name_the_layer_and_the_painter_may_add_the_range():
    figure = weights((2, 4, 1), ("x₁", "x₂"), ("y",))
    notes = named(figure.layout.annotations)
    assert [trace.meta["title"] for trace in figure.data] == ["W⁽¹⁾ b⁽¹⁾", "W⁽²⁾ b⁽²⁾"]
    assert notes["W2.title"].text == "W⁽²⁾ b⁽²⁾"
    x, y = axes(figure, figure.data[1])
    assert (notes["W2.title"].x, notes["W2.title"].y) == (x.domain[0], y.domain[1])


def test_deltas_have_a_row_per_unit_and_a_column_per_example():
    labels = [f"#{i} class {i % 2}" for i in range(32)]
    figure = deltas((2, 4, 1), labels)
    assert [trace.meta["title"] for trace in figure.data] == ["δ⁽¹⁾", "δ⁽²⁾"]
    for trace, units in zip(figure.data, (4, 1), strict=True):
        x, y = axes(figure, trace)
        assert x.range == (-0.5, 31.5)
        assert y.range == (units - 0.5, -0.5)
        assert x.ticktext == tuple(labels)
        assert not x.showticklabels


def test_colours_are_centred_on_zero():
    for trace in (*weights((2, 3, 1), ("a", "b"), ("y",)).data, *deltas((2, 3, 1), ["#0"]).data):
        assert (trace.zmin, trace.zmax) == (-1, 1)
        assert trace.colorscale[1][0] == trace.colorscale[2][0] == 0.5


def test_sizes_are_lines_on_a_log_scale_one_per_layer():
    figure = sizes((2, 8, 8, 8, 8, 8, 8, 1))
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.range == (-4, 0)
    looks = {(trace.line.color, trace.line.dash) for trace in figure.data}
    assert len(looks) == len(figure.data) == 7
    legend = named(figure.layout.annotations)["layers"].text
    assert all(f"δ⁽{sign}⁾" in legend for sign in "¹²³⁴⁵⁶⁷")
