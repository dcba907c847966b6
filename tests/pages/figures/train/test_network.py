"""The diagram: every unit has its place, or is counted."""

from itertools import pairwise

import numpy as np
import pytest

from pages.figures.train.network import network

BOXES = ((560, 262), (360, 262))
NETWORKS = [
    (1, 1),
    (2, 4, 1),
    (7, 8, 8, 8, 1),
    (64, 128, 10),
    (30, 128, 128, 2),
    (4, 128, 1, 128, 3, 10, 11, 3),
]


def drawn(sizes):
    return network(
        sizes,
        [f"a rather long name {i}" for i in range(sizes[0])],
        [f"class {i}" for i in range(sizes[-1])],
    )


def half_side(figure, width, height):
    """Half a unit's side in pixels, as the contract has it."""
    rx, ry, most = figure.layout.meta["radius"]
    margin = figure.layout.margin
    return min(rx * (width - margin.l - margin.r), ry * (height - margin.t - margin.b), most)


def places(figure, width, height):
    """(units, 2) the middles in pixels of the plot area, and the layer of each unit."""
    margin, units = figure.layout.margin, figure.layout.meta["units"]
    size = np.array([width - margin.l - margin.r, height - margin.t - margin.b])
    return size * [(u["x"], u["y"]) for u in units], [u["layer"] for u in units], size


def test_a_small_network_stands_where_it_is_expected():
    meta = network((2, 4, 1), ("x₁", "x₂"), ("class 1",)).layout.meta
    assert [(u["layer"], u["unit"]) for u in meta["units"]] == [
        *((0, 0), (0, 1)),
        *((1, 0), (1, 1), (1, 2), (1, 3)),
        (2, 0),
    ]
    assert [u["x"] for u in meta["units"]] == pytest.approx([0.08] * 2 + [0.5] * 4 + [0.92])
    assert [u["y"] for u in meta["units"]] == pytest.approx(
        [0.625, 0.375, 0.875, 0.625, 0.375, 0.125, 0.5]
    )
    assert meta["more"] == []


def test_a_wide_layer_shows_nine_units_and_counts_the_rest():
    figure = drawn((64, 128, 10))
    meta = figure.layout.meta
    shown = [sum(u["layer"] == layer for u in meta["units"]) for layer in range(3)]
    assert shown == [9, 9, 10]
    assert [(m["layer"], m["count"]) for m in meta["more"]] == [(0, 55), (1, 119)]
    notes = {note.name: note for note in figure.layout.annotations}
    assert notes["more.0"].text == "+ 55 more"
    assert (notes["more.0"].x, notes["more.0"].y) == pytest.approx((0.08, 0.05))


@pytest.mark.parametrize("sizes", NETWORKS)
@pytest.mark.parametrize(("width", "height"), BOXES)
def test_units_are_large_enough_and_neither_touch_nor_leave_the_plot(sizes, width, height):
    figure = drawn(sizes)
    half = half_side(figure, width, height)
    assert 2 * half <= 46
    assert 2 * half >= (17 if len(sizes) == 8 and width == 360 else 20)
    middles, layers, size = places(figure, width, height)
    assert (middles >= half - 0.01).all()
    assert (middles <= size - half + 0.01).all()
    for (one, other), (a, b) in zip(pairwise(middles), pairwise(layers), strict=True):
        apart = one[1] - other[1] if a == b else other[0] - one[0]
        assert apart >= 2 * half + 3


@pytest.mark.parametrize("sizes", NETWORKS)
def test_every_shown_unit_can_be_pointed_at(sizes):
    figure = drawn(sizes)
    trace = figure.data[0]
    units = figure.layout.meta["units"]
    assert list(trace.x) == [u["x"] for u in units]
    assert list(trace.y) == [u["y"] for u in units]
    assert [tuple(c) for c in trace.customdata] == [(u["layer"], u["unit"]) for u in units]
    assert trace.text[0] == "input a rather long name 0"
    assert trace.text[-1].startswith("output class")


def test_names_stand_beside_the_units_they_belong_to():
    figure = network((2, 3, 2), ("height <b>", "width"), ("no", "yes"))
    notes = {note.name: note for note in figure.layout.annotations}
    units = {(u["layer"], u["unit"]): u for u in figure.layout.meta["units"]}
    assert notes["name.0.0"].text == "height &lt;b&gt;"
    assert notes["name.0.1"].xshift < 0 < notes["name.2.1"].xshift
    assert notes["name.2.1"].text == "yes"
    assert notes["name.2.1"].y == units[2, 1]["y"]
    assert notes["layer.2"].text == "output"


def test_names_get_the_room_they_need():
    short = network((2, 1), ("x₁", "x₂"), ("y",)).layout.margin
    long = network((2, 1), ("sepal length (cm)", "x₂"), ("y",)).layout.margin
    assert long.l - short.l == pytest.approx(62, abs=1)  # ten letters more
