"""The problems by formula: where points lie, and whether the best possible score is right.

Each best score is checked by drawing points and judging them by a rule that knows how they came
about, which shares no line with the sums and closed forms in formulas.py.
"""

import numpy as np
import pytest

from engine.problems.synthetic import (
    FORMULAS,
    SHIFT,
    bumps_height,
    deviation,
    line_height,
    moon_curves,
    plane_height,
    spiral_curves,
)

SURFACES = {"plane": plane_height, "bumps": bumps_height, "line": line_height}
NOISES = (0.05, 0.1, 0.2, 0.35, 0.5)


def drawn(name, n, noise, seed=0):
    return FORMULAS[name].draw(np.random.default_rng(seed), n, noise)


def accuracy(guess, y):
    return np.mean(guess == y)


# The best possible accuracy


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize(
    ("name", "rule"),
    [("gauss", lambda x: x[0] + x[1] > 0), ("xor", lambda x: x[0] * x[1] > 0)],
)
def test_the_obvious_rule_reaches_the_best_accuracy(name, rule, noise):
    x, y = drawn(name, 400_000, noise)
    assert accuracy(rule(x), y) == pytest.approx(FORMULAS[name].best(noise), abs=0.002)


@pytest.mark.parametrize("noise", NOISES)
def test_the_best_radius_reaches_the_best_accuracy_on_the_circle(noise):
    x, y = drawn("circle", 400_000, noise)
    radius = np.hypot(*x)
    order = np.argsort(radius)
    inside = np.cumsum(np.where(y[order] == 1, 1, -1))  # hits gained by a disc up to this point
    best = (np.count_nonzero(y == 0) + inside.max()) / len(y)
    assert best == pytest.approx(FORMULAS["circle"].best(noise), abs=0.002)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("name", ["moons", "spiral"])
def test_voting_by_small_squares_reaches_the_best_accuracy_on_the_curves(name, noise):
    def square_of(x):  # (n,) the number of the square of each point, of 160 times 160
        column, row = np.clip(((x + 16) * 5).astype(int), 0, 159)
        return 160 * column + row

    x, y = drawn(name, 600_000, noise, seed=1)
    square = square_of(x)
    votes = [np.bincount(square[y == k], minlength=160**2) for k in (0, 1)]
    x, y = drawn(name, 300_000, noise, seed=2)
    guess = (votes[1] > votes[0])[square_of(x)]
    assert accuracy(guess, y) == pytest.approx(FORMULAS[name].best(noise), abs=0.004)


@pytest.mark.parametrize("name", FORMULAS)
def test_more_noise_never_makes_it_easier(name):
    noises = [0, 0.02, 0.03, 0.04, *np.linspace(0.05, 0.5, 10)]  # the sums begin at some 0.03
    best = [FORMULAS[name].best(noise) for noise in noises]
    assert np.all(np.diff(best) <= 1e-6)
    assert min(best) >= 0.5
    assert max(best) <= 1
    assert best[0] > 0.99
    assert 0.95 < FORMULAS[name].best(0.1) < 0.9999  # the default


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("noise", [0.1, 0.5])
def test_the_clean_surface_reaches_the_ceiling(name, noise):
    x, y = drawn(name, 400_000, noise)
    left = np.mean((y[0] - SURFACES[name](x)) ** 2)
    assert 1 - left / y.var() == pytest.approx(FORMULAS[name].best(noise), abs=0.003)


def test_the_deviations_are_those_of_the_formulas():
    assert deviation(plane_height, 2) == pytest.approx(np.sqrt(24), rel=1e-4)  # two sides of 12²/12
    assert deviation(line_height, 1) == pytest.approx(np.sqrt(3), rel=1e-4)
    x = np.random.default_rng(0).uniform(-6, 6, (2, 400_000))
    assert deviation(bumps_height, 2) == pytest.approx(bumps_height(x).std(), rel=0.01)


# Where the points lie


@pytest.mark.parametrize("name", FORMULAS)
def test_a_seed_draws_the_same_points_again(name):
    for first, second in zip(drawn(name, 50, 0.1), drawn(name, 50, 0.1), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(drawn(name, 50, 0.1)[0], drawn(name, 50, 0.1, seed=1)[0])


@pytest.mark.parametrize("name", SHIFT)
@pytest.mark.parametrize("n", [1, 2, 7, 500])
def test_the_classes_are_as_equal_as_can_be(name, n):
    x, y = drawn(name, n, 0.1)
    assert x.shape == (2, n)
    assert np.bincount(y, minlength=2).tolist() == [n - n // 2, n // 2]


@pytest.mark.parametrize("name", SHIFT)
def test_noise_shifts_by_the_deviation_it_says(name):
    clean, _ = drawn(name, 50_000, 0.0)
    moved, _ = drawn(name, 50_000, 0.25)
    assert (moved - clean).std() == pytest.approx(0.25 * SHIFT[name], rel=0.02)


def test_clean_points_lie_where_the_formulas_put_them():
    x, y = drawn("circle", 5000, 0.0)
    radius = np.hypot(*x)
    assert radius[y == 1].max() <= 2.5
    assert 3.5 <= radius[y == 0].min() <= radius[y == 0].max() <= 5
    x, y = drawn("xor", 5000, 0.0)
    np.testing.assert_array_equal(x[0] * x[1] > 0, y == 1)
    assert 0.3 <= np.abs(x).min() <= np.abs(x).max() <= 5
    x, y = drawn("gauss", 50_000, 0.0)
    np.testing.assert_allclose(x[:, y == 1].mean(axis=1), 2, atol=0.03)
    np.testing.assert_allclose(x[:, y == 0].mean(axis=1), -2, atol=0.03)
    x, y = drawn("moons", 5000, 0.0)
    centre = np.where(y == 1, 1, -1) * np.array([[1.5], [0.75]])
    np.testing.assert_allclose(np.hypot(*(x - centre)), 3, rtol=1e-12)
    x, y = drawn("spiral", 5000, 0.0)
    turned = np.arctan2(x[1], x[0]) - (np.hypot(*x) - 0.5) / 4.5 * 3 * np.pi - np.pi * y
    np.testing.assert_allclose(np.cos(turned), 1, atol=1e-9)
    outer = np.mean(np.hypot(*x) > 2.75)  # three quarters of an arm's length lie out there
    assert outer == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize(("curves", "gap"), [(moon_curves, 1.5), (spiral_curves, 1.0)])
def test_the_clean_curves_keep_the_gap_that_the_best_accuracy_counts_on(curves, gap):
    t = np.linspace(0, 1, 1500)
    first, second = (curves(t, np.full(len(t), y)) for y in (0, 1))
    nearest = np.sqrt(((first[:, :, None] - second[:, None, :]) ** 2).sum(axis=0)).min()
    assert nearest == pytest.approx(gap, abs=0.01)


# Extra inputs
