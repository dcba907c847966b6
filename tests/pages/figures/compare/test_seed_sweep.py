"""The seed cloud: lines, bars and words against the curves they were made of."""

import numpy as np
import pytest

from pages.figures.compare.seed_sweep import (
    BINS,
    POINTS,
    cloud,
    cloud_in_words,
    decades,
    drawn_epochs,
)

RANDOM = np.random.default_rng(3)
MARKS = list(range(0, 101, 5))
CURVES = np.exp(-np.linspace(0, 3, 21) * RANDOM.uniform(0.2, 2, size=(30, 1)))
GOOD = CURVES[:, -1] < 0.1


def traces(figure):
    return {trace.uid: trace for trace in figure.data}


def test_each_seed_is_one_line_of_its_kind_named_by_its_place():
    shown = traces(cloud(MARKS, CURVES, GOOD, "validation"))
    for uid, kind in (("fan-solid", True), ("fan-dot", False)):
        rows = np.flatnonzero(kind == GOOD)
        y = np.asarray(shown[uid].y).reshape(len(rows), len(MARKS) + 1)
        np.testing.assert_allclose(y[:, :-1], CURVES[rows], rtol=1e-6)
        assert np.isnan(y[:, -1]).all()
        names = np.asarray(shown[uid].customdata)[:, 0].reshape(len(rows), -1)
        assert (names == rows[:, None]).all()


def test_the_bars_count_every_seed_once_at_its_last_loss():
    shown = traces(cloud(MARKS, CURVES, GOOD, "validation"))
    for uid, kind in (("ends-True", True), ("ends-False", False)):
        bar, ends = shown[uid], np.log10(CURVES[kind == GOOD, -1])
        assert sum(bar.x) == len(ends)
        half = (bar.y[1] - bar.y[0]) / 2
        for middle, seeds in zip(bar.y, bar.x, strict=True):
            inside = (ends >= middle - half - 1e-9) & (ends <= middle + half + 1e-9)
            assert inside.sum() >= seeds
        assert len(bar.x) == BINS


def test_the_chosen_seed_is_drawn_alone_on_top():
    figure = cloud(MARKS, CURVES, GOOD, "training", picked=7)
    np.testing.assert_allclose(figure.data[-1].y, CURVES[7])
    assert "chosen" not in traces(cloud(MARKS, CURVES, GOOD, "training"))


def test_a_thousand_seeds_are_thinned_to_what_a_page_can_carry():
    epochs, places = drawn_epochs(range(201), 1000)
    assert len(epochs) * 1000 <= POINTS
    assert (epochs[0], epochs[-1]) == (0, 200)
    assert (epochs == places).all()


def test_seeds_that_diverged_have_no_end_and_are_counted_in_words():
    curves = CURVES.copy()
    curves[4, 3:] = np.nan
    figure = cloud(MARKS, curves, GOOD, "training")
    assert sum(sum(bar.x) for bar in figure.data if bar.type == "bar") == 29
    assert cloud_in_words(curves, GOOD, "training", 100).endswith("1 seed has diverged.")
    lost = np.full((2, 3), np.nan)
    assert "all have diverged" in cloud_in_words(lost, np.zeros(2, bool), "training", 9)
    cloud([0, 5, 9], lost, np.zeros(2, bool), "training")


def test_the_words_hold_range_quarters_and_share():
    words = cloud_in_words(CURVES, GOOD, "validation", 100)
    ends = np.sort(CURVES[:, -1])
    assert f"from {ends[0]:.3g} to {ends[-1]:.3g}" in words
    assert f"median {np.median(ends):.3g}" in words
    assert f"Solved: {100 * GOOD.mean():.0f}\u202f% of the seeds." in words


@pytest.mark.parametrize(
    ("low", "high", "some"), [(-1.2, -0.1, [0.1, 0.2, 0.5]), (-6, 0.2, [1e-6, 0.1, 1])]
)
def test_a_log_axis_has_ticks_inside_however_short_it_is(low, high, some):
    ticks = decades(low, high)["tickvals"]
    inside = [one for one in ticks if low <= np.log10(one) <= high]
    assert all(any(np.isclose(value, one) for one in inside) for value in some)
