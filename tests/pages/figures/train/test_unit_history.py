"""The closer look's figures: where nothing is, nothing is drawn; and the same in words."""

import numpy as np
import pytest

from pages.figures.train.unit_history import BINS, histograms, rates, ratios, unit_history
from pages.figures.train.unit_history_text import (
    histograms_in_words,
    rates_in_words,
    ratios_in_words,
    unit_history_in_words,
)

EPOCHS = [0, 10, 20]
DELTAS = np.array([[1e-2, 1e-3, 0.0], [1e-2, 1e-2, 1e-1], [0.0, 1e-3, 1e-2]])


def test_a_unit_history_is_logarithmic_and_empty_where_there_is_no_error_term():
    trace = unit_history(EPOCHS, DELTAS, (2, 1)).data[0]
    np.testing.assert_allclose(trace.z, [[-2, -3, np.nan], [-2, -2, -1], [np.nan, -3, -2]])
    assert (trace.zmin, trace.zmax) == (-5, -1)
    assert list(trace.customdata[0]) == ["0.01", "0.001", "0"]


def test_a_row_that_ends_without_error_term_is_marked():
    figure = unit_history(EPOCHS, DELTAS, (2, 1))
    assert [note.text for note in figure.layout.annotations if note.name == "dead0"] == ["no δ"]
    assert not [note for note in figure.layout.annotations if note.name in ("dead1", "dead2")]
    assert figure.layout.yaxis.ticktext == ("δ⁽¹⁾₁", "δ⁽¹⁾₂", "δ⁽²⁾₁")


def test_units_that_never_get_any_still_make_a_figure():
    assert unit_history([0], np.zeros((2, 1)), (2,)).data[0].zmax == 0


def test_many_units_are_named_by_their_layers():
    y = unit_history([0, 1], np.ones((50, 2)), (20, 30)).layout.yaxis
    assert (y.ticktext, y.tickvals) == (("δ⁽¹⁾", "δ⁽²⁾"), (0, 20))


def test_histograms_count_every_answer_and_every_error_term():
    a, d = np.linspace(-1, 1, 12).reshape(3, 4), np.zeros((3, 4))
    figure = histograms([a, a[:1]], [d, d[:1]])
    assert [trace.uid for trace in figure.data] == ["spread1", "spread2", "spread3", "spread4"]
    assert [sum(trace.y) for trace in figure.data] == [12, 12, 4, 4]
    assert len(figure.data[0].y) == BINS
    at = int(np.argmax(figure.data[1].y))
    assert figure.data[1].x[at] == pytest.approx(0, abs=0.02)
    names = [note.text for note in figure.layout.annotations]
    assert names[0] == "<b>a⁽¹⁾</b> of 3 units"
    assert names[2] == "<b>a⁽²⁾</b> of 1 unit"


@pytest.mark.parametrize("value", [0.0, 1.0, 1 + 1e-15, -3e300, np.inf, np.nan])
def test_any_answers_make_a_histogram(value):
    figure = histograms([np.array([[value, value, 1.0]])], [np.array([[value]])])
    assert sum(figure.data[0].y) == 1 + 2 * bool(np.isfinite(value))


def test_ratios_are_drawn_per_layer_beside_the_guide():
    figure = ratios([1, 2], np.array([[1e-2, 0.0], [1e-3, 1e-4]]))
    assert [trace.name for trace in figure.data] == ["W⁽¹⁾", "W⁽²⁾"]
    np.testing.assert_allclose(figure.data[1].y, [np.nan, 1e-4])
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.shapes[0].y0 == figure.layout.shapes[0].y1 == 1e-3
    low, high = figure.layout.yaxis.range
    assert low < -4 < -2 < high


def test_a_rate_above_the_chosen_one_is_blue_and_none_is_crossed_out():
    figure = rates([np.array([[1.0, 0.01, np.nan]])], 0.1)
    np.testing.assert_allclose(figure.data[0].z, [[1, -1, np.nan]])
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
    assert (list(figure.data[1].x), list(figure.data[1].y)) == ([2], [0])


def test_rates_beyond_a_tenfold_widen_the_scale():
    assert rates([np.array([[5000.0, 1.0]])], 1.0).data[0].zmax == 4
    assert rates([np.array([[np.nan, np.inf]])], 1.0).data[0].zmax == 1


def test_the_words_tell_extremes_and_what_is_missing():
    words = unit_history_in_words(EPOCHS, DELTAS, (2, 1))
    assert words == (
        "Mean size of the error term of 3 hidden units over 20 epochs. "
        "At the end from 0.01 (δ⁽²⁾₁) to 0.1 (δ⁽¹⁾₂). No error term: δ⁽¹⁾₁."
    )
    spread = histograms_in_words([np.array([[0.0, 2.0]])], [np.array([[0.0, -1.0]])])
    assert spread == (
        "Values for 2 examples: a⁽¹⁾ from 0 to 2, δ⁽¹⁾ from −1 to 0 (50\u202f% are 0)."
    )
    assert ratios_in_words([1, 5], np.array([[1, 1], [0.5, 0.25]])) == (
        "Mean step size divided by the size of the weights at epoch 5: W⁽¹⁾ 0.5 and W⁽²⁾ 0.25; "
        "good is about 0.001."
    )
    assert rates_in_words([np.array([[0.1, np.nan, 0.3]])], 0.1) == (
        "Step / gradient of each weight: from 0.1 to 0.3; learning rate 0.1."
    )
    assert "none has" in rates_in_words([np.array([[np.nan]])], 0.1)
