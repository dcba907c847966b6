"""The pictures of a search against its scores."""

import numpy as np
import pytest

from pages.figures.base.palette import NEGATIVE
from pages.figures.tune.tuning import (
    MOST_RANKED,
    axis_positions,
    heatmap,
    parallel_coordinates,
    ranking,
    score_limits,
    tuning_in_words,
)

SCORES = np.array([[0.8, 0.9, 0.7], [0.9, 1.0, 0.95], [0.5, np.nan, np.nan], [0.9, 0.95, 0.97]])
ORDER, NEAR = np.array([1, 3, 0]), np.array([False, True, False, True])


def traces(figure):
    return {trace.uid: trace for trace in figure.data}


def test_every_fold_of_a_ranked_candidate_is_a_dot_with_its_candidates_number():
    dots = traces(ranking(SCORES, ORDER, NEAR, "accuracy"))["folds"]
    np.testing.assert_array_equal(dots.y, SCORES[ORDER].ravel())
    np.testing.assert_array_equal(np.asarray(dots.customdata)[:, 0], np.repeat(ORDER, 3))
    np.testing.assert_array_equal(np.round(dots.x), np.repeat([1, 2, 3], 3))


def test_means_and_rings_stand_where_they_belong():
    shown = traces(ranking(SCORES, ORDER, NEAR, "accuracy"))
    np.testing.assert_allclose(shown["means"].y, SCORES[ORDER].mean(axis=1))
    np.testing.assert_array_equal(shown["near"].x, [1, 2])
    assert shown["near"].marker.color == NEGATIVE


def test_only_the_best_of_very_many_have_a_place():
    scores = np.random.default_rng(0).uniform(size=(100, 2))
    order = np.argsort(-scores.mean(axis=1))
    shown = traces(ranking(scores, order, np.zeros(100, bool), "accuracy"))
    assert len(shown["means"].x) == MOST_RANKED


def test_nothing_is_drawn_before_a_candidate_is_through():
    nothing = np.full((4, 3), np.nan)
    figure = ranking(nothing, np.array([], int), np.zeros(4, bool), "accuracy")
    assert len(traces(figure)["folds"].y) == 0
    assert tuning_in_words(nothing, np.array([], int), NEAR, "accuracy").startswith("0 of 4")


def test_the_map_has_a_cell_per_pair_its_number_and_a_star_for_the_best():
    means = np.array([[0.8, 0.95], [np.nan, 0.9]])
    cells = heatmap(means, ("a", "b"), ("c", "d"), ("one", "two"), 1).data[0]
    np.testing.assert_array_equal(cells.z, means)
    assert [list(row) for row in cells.text] == [["0.8", "0.95 ★"], ["", "0.9"]]
    np.testing.assert_array_equal(np.asarray(cells.customdata)[..., 0], [[0, 1], [2, 3]])


def test_each_ranked_candidate_is_one_line_through_its_values_to_its_score():
    places = np.array([[0.0, 1.0], [1.0, 0.5], [0.5, 0.5], [0.2, 0.2]])
    means = SCORES.mean(axis=1)
    ticks = [("one", np.array([0, 1]), ("a", "b"))] * 2
    figure = parallel_coordinates(places, ticks, ORDER, means)
    drawn = [t for uid, t in traces(figure).items() if uid != "best"]
    own = [int(n) for trace in drawn for n in np.asarray(trace.customdata).ravel()[::4]]
    assert sorted(own) == sorted(ORDER.tolist())
    best = traces(figure)["best"]
    low, high = score_limits(means[ORDER])
    high = min(high, 1.0)
    assert best.y[2] == pytest.approx((means[1] - low) / (high - low))
    np.testing.assert_allclose(best.y[:2], places[1], atol=0.03)


def test_few_values_stand_at_even_distances_and_many_on_a_log_scale():
    where, _, told = axis_positions([0.1, 0.001, 0.1, 0.01])
    np.testing.assert_allclose(where, [1, 0, 1, 0.5])
    assert told == ["0.001", "0.01", "0.1"]
    rates = np.logspace(-4, 0, 21)
    where, _, told = axis_positions(rates.tolist())
    np.testing.assert_allclose(where, np.linspace(0, 1, 21), atol=1e-12)
    assert told[-1] == "1"
    assert axis_positions(["tanh", "ReLU"])[2] == ["tanh", "ReLU"]
    assert axis_positions([3])[0].tolist() == [0.5]
    assert axis_positions(["8-8", "2"], ["2", "4", "8-8"])[2] == ["2", "8-8"]


def test_the_words_hold_best_worst_and_how_many_are_as_good():
    words = tuning_in_words(SCORES, ORDER, NEAR, "accuracy")
    assert words == (
        "3 of 4 candidates trained on 3 folds. Mean accuracy from the best to the worst: 0.95 and "
        "0.8; 2 candidates within one standard error of the best."
    )
