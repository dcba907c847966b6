"""The pictures of beliefs and of slopes show the numbers of SciPy and of finite differences."""

import numpy as np
import pytest
from scipy import stats

from engine.explain.likelihood import NOISE_MODELS, loss_of, negative_log_likelihood
from engine.nn.activations import ACTIVATIONS
from pages.figures.theory.activation import answer_and_slope, slope_figure, slopes_in_words
from pages.figures.theory.likelihood import (
    density_figure,
    likelihood_in_words,
    loss_figure,
    side_by_side,
)


def trace(figure, uid):
    """The trace of this uid."""
    (own,) = [one for one in figure.data if one.uid == uid]
    return own


SCIPY = {
    "gaussian": lambda y, a: stats.norm.pdf(y, a),
    "laplace": lambda y, a: stats.laplace.pdf(y, a),
    "bernoulli": lambda y, a: stats.bernoulli.pmf(y, a),
    "poisson": lambda y, a: stats.poisson.pmf(y, a),
}


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_the_curve_is_the_distribution_and_the_targets_lie_on_it(name):
    belief = NOISE_MODELS[name]
    a = 0.3 * belief.limits[0] + 0.7 * belief.limits[1]
    figure = density_figure(belief, a)
    drawn, targets = trace(figure, "density"), trace(figure, "targets")
    np.testing.assert_allclose(drawn.y, SCIPY[name](np.asarray(drawn.x), a), rtol=1e-10)
    np.testing.assert_allclose(targets.y, SCIPY[name](belief.y, a), rtol=1e-10)
    np.testing.assert_allclose(targets.x, belief.y, atol=0.3)
    assert figure.layout.yaxis.range[1] > max(drawn.y)


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_the_axis_holds_still_while_the_answer_moves(name):
    belief = NOISE_MODELS[name]
    ranges = {density_figure(belief, a).layout.yaxis.range for a in np.linspace(*belief.limits, 5)}
    assert len(ranges) == 1


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_the_valley_has_both_points_on_its_curves(name):
    belief = NOISE_MODELS[name]
    a = sum(belief.limits) / 2
    figure = loss_figure(belief, a)
    answer = trace(figure, "answer")
    assert list(answer.x) == [a, a]
    assert answer.y[0] == pytest.approx(negative_log_likelihood(belief, a), rel=1e-12)
    assert answer.y[1] == pytest.approx(loss_of(belief, a), rel=1e-12)
    curve = trace(figure, "loss")
    assert np.interp(a, curve.x, curve.y) == pytest.approx(answer.y[1], rel=1e-3)
    assert np.asarray(curve.y).min() >= loss_of(belief, figure.layout.shapes[0].x0) - 1e-9


def test_equal_targets_lie_side_by_side():
    moved = side_by_side(np.array([1.0, 1.0, 0.0]))
    assert moved[0] == -moved[1] != 0
    assert moved[2] == 0


def test_the_words_have_the_numbers():
    said = likelihood_in_words(NOISE_MODELS["gaussian"], 1.2)
    # errors 2.8, 2.1, 1.7, 1, .6, -2.2: 21.34 / 6, and half of it plus ln(2 pi) / 2
    assert "loss 3.56, mean of −ln p 2.7." in said
    assert "minimum at 0.2" in said


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("at", [-1.7, 0.4, 2.5])
def test_the_slope_drawn_is_that_of_the_curve(name, at):
    h = 1e-5
    low, high = (answer_and_slope(name, np.array([z]))[0][0] for z in (at - h, at + h))
    a, slope = (one[0] for one in answer_and_slope(name, np.array([at])))
    assert slope == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-9)
    figure = slope_figure(name, at)
    tangent = trace(figure, "tangent")
    assert (tangent.y[1] - tangent.y[0]) / 2 == pytest.approx(slope, rel=1e-9, abs=1e-12)
    assert list(trace(figure, "here").y) == pytest.approx([a, slope], rel=1e-12)


def test_the_words_of_a_slope_have_the_numbers():
    assert "output of the unit is 0.5; " in slopes_in_words("sigmoid", 0.0)
    assert "multiplied by 0.25." in slopes_in_words("sigmoid", 0.0)
    assert "the other unit has z = 0" in slopes_in_words("softmax", 0.0)
