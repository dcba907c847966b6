"""The decision figure: every example where it belongs, marked as what it is."""

import re

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.evaluation.projection import axes_of
from engine.number_format import percent
from pages.figures.base.palette import CLASSES, NEGATIVE, POSITIVE, TRAIN
from pages.figures.base.points import MARKS, colour_range, points, thin_rows
from pages.figures.train.decision import decision, limits_of

RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(3, 30))
LIMITS = ((-4.0, 4.0), (-5.0, 5.0))


def classification(classes=("no", "yes"), n=30, **more):
    """Thirty examples of three inputs: 20 to train, 6 to validate, 4 to test."""
    inputs = INPUTS if n == 30 else RNG.normal(size=(3, n))
    return Dataset(
        name="three inputs",
        task="classification",
        inputs=inputs,
        input_names=("a", "b", "c"),
        targets=np.arange(n) % len(classes),
        classes=classes,
        train=np.arange(n - 10),
        validation=np.arange(n - 10, n - 4),
        test=np.arange(n - 4, n),
        **more,
    )


def regression(inputs):
    """Thirty examples whose target is the first input times 10."""
    return Dataset(
        name="ten times",
        task="regression",
        inputs=inputs,
        input_names=("a", "b", "c")[: len(inputs)],
        targets=10 * inputs[:1],
        target_names=("price (€)",),
        train=np.arange(20),
        validation=np.arange(20, 30),
    )


def over(data, pair):
    """The figure over these raw inputs, or over the components."""
    return decision(data, axes_of(data, pair), LIMITS)


def traces(figure):
    return {trace.uid: trace for trace in figure.data}


def words(figure):
    """The lines above the plot without their colours."""
    return {n.name: re.sub("<[^>]*>", "", n.text) for n in figure.layout.annotations}


@pytest.mark.parametrize("part", ["train", "validation", "test"])
@pytest.mark.parametrize("k", [0, 1])
def test_points_lie_where_the_examples_are(part, k):
    data = classification()
    trace = traces(over(data, (2, 0)))[f"points-{part}-{k}"]
    rows = [i for i in data.rows(part) if i % 2 == k]
    assert list(trace.customdata) == rows
    np.testing.assert_array_equal(trace.x, INPUTS[2, rows])
    np.testing.assert_array_equal(trace.y, INPUTS[0, rows])
    assert (trace.meta["part"], trace.meta["class"]) == (part, k)
    assert trace.visible is (part != "test")


def test_limits_are_those_of_the_grid():
    layout = over(classification(), (0, 1)).layout
    assert (layout.xaxis.range, layout.yaxis.range) == LIMITS
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("a", "b")


def test_own_limits_hold_every_example_with_room_around():
    (low, high), (bottom, top) = limits_of(classification(), axes_of(classification(), (0, 2)))
    assert low < INPUTS[0].min()
    assert high > INPUTS[0].max()
    assert (top - bottom) / np.ptp(INPUTS[2]) == pytest.approx(1.12)
    same = Dataset("same", "regression", np.ones((1, 3)), ("a",), np.ones((1, 3)), (), ("y",))
    assert limits_of(same, axes_of(same, (0,))) == ((0, 2), (0, 2))


def test_training_is_filled_and_validation_hollow_in_the_colour_of_the_class():
    shown = traces(over(classification(), (0, 1)))
    for k, colour in enumerate((NEGATIVE, POSITIVE)):
        train, validation = (shown[f"points-{part}-{k}"] for part in ("train", "validation"))
        assert train.marker.color == colour
        assert train.meta["theme"] == {"marker.line.color": "background"}
        assert validation.marker.line.color == colour
        assert validation.meta["theme"] == {"marker.color": "background"}


def test_three_classes_have_three_colours_and_three_markers():
    shown = traces(over(classification(("a", "b", "c")), (0, 1)))
    marks = [shown[f"points-train-{k}"].marker for k in range(3)]
    assert [mark.color for mark in marks] == list(CLASSES[:3])
    assert [mark.symbol for mark in marks] == ["circle", "square", "diamond"]


def test_the_legend_names_classes_parts_and_what_is_held():
    assert words(over(classification(("a", "b", "c")), (0, 1))) == {
        "classes": "● a  ■ b  ◆ c",
        "parts": "● training  ○ validation  ·  1 other input at the mean",
    }


def test_over_the_components_the_axes_say_how_much_they_hold():
    data = classification()
    axes = axes_of(data, "components")
    figure = decision(data, axes, LIMITS)
    assert figure.layout.xaxis.title.text == axes.names[0]
    assert words(figure)["parts"].endswith(f"a plane with {percent(axes.seen)} of the variance")
    trace = traces(figure)["points-train-0"]
    np.testing.assert_array_equal(trace.y, axes.places[1, trace.customdata])
    assert f"{axes.names[1]} %{{y:.4~g}}" in trace.hovertemplate


def test_a_legend_of_many_classes_fits_a_line_and_counts_the_rest():
    line = words(over(classification(tuple(f"class {k}" for k in range(25)), 60), (0, 1)))
    shown, rest = line["classes"].rsplit("  ", 1)
    assert len(shown) <= 56
    assert shown.startswith("● class 0  ■ class 1  ◆ class 2")
    assert rest == f"+ {25 - len(shown.split('  '))} more"


def test_values_colour_points_like_the_map():
    data = regression(INPUTS)
    shown = traces(over(data, (0, 1)))
    train = shown["points-train-0"].marker
    centre, half = colour_range(data)
    targets = 10 * INPUTS[0, :20]
    assert (centre, half) == pytest.approx(
        ((targets.min() + targets.max()) / 2, np.ptp(targets) / 2)
    )
    np.testing.assert_array_equal(train.color, targets)
    assert (train.cmin, train.cmax) == pytest.approx((targets.min(), targets.max()))
    assert (train.colorscale[0][1], train.colorscale[2][1]) == (NEGATIVE, POSITIVE)
    ring = shown["points-validation-0"].marker.line
    np.testing.assert_array_equal(ring.color, 10 * INPUTS[0, 20:])
    assert float(shown["points-train-0"].text[3].replace("−", "-")) == pytest.approx(
        targets[3], rel=1e-3
    )


def test_equal_targets_have_a_range_all_the_same():
    data = Dataset("flat", "regression", INPUTS, ("a", "b", "c"), np.ones((1, 30)), (), ("y",))
    assert colour_range(data) == (1, 1)


def test_one_input_makes_a_curve():
    figure = over(regression(INPUTS[:1]), (0,))
    shown = traces(figure)
    assert "map" not in shown
    assert list(shown["curve"].x or ()) == []
    np.testing.assert_array_equal(shown["points-train-0"].y, 10 * INPUTS[0, :20])
    assert shown["points-train-0"].marker.color == TRAIN
    assert figure.layout.yaxis.title.text == "price (€)"
    assert figure.layout.meta["title"] == "Fitted values"


def test_one_input_and_classes_put_points_at_the_index_of_the_class():
    data = Dataset("one", "classification", INPUTS[:1], ("a",), np.arange(30) % 2, ("no", "yes"))
    shown = traces(over(data, (0,)))
    assert set(shown["points-train-1"].y) == {1}


def test_of_many_points_an_even_thousand_is_drawn_and_that_is_said():
    data = classification(n=4010)
    drawn = points(data, axes_of(data, (0, 1)), "train")
    assert sum(len(trace.x) for trace in drawn) == MARKS
    assert thin_rows(np.arange(4000))[[0, -1]].tolist() == [0, 3999]
    assert words(over(data, (0, 1)))["missing"] == (
        "1\u202f000 of 4\u202f000 training examples drawn"
    )


def test_names_from_a_table_are_text_and_nothing_else():
    figure = over(classification(("<script>", "%{x}")), (0, 1))
    trace = traces(figure)["points-train-0"]
    assert "<script>" not in figure.to_json()
    assert "&lt;script&gt;" in trace.hovertemplate
    assert "%{x}" not in traces(figure)["points-train-1"].name
