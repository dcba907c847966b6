"""Initialisers: the range and the moments that each promises, and where biases start."""

from math import sqrt

import numpy as np
import pytest

from engine.nn.initializers import INITIALIZERS
from engine.nn.network import Network, count_parameters
from engine.training.config import Config
from engine.training.training import set_start_weights

N_OUT, N_IN, SCALE = 300, 200, 0.4  # not square, so that n_in and n_out cannot be mistaken
UNIFORM = {"glorot_uniform": sqrt(6 / (N_IN + N_OUT)), "uniform": SCALE}  # name -> limit
NORMAL = {  # name -> standard deviation
    "glorot_normal": sqrt(2 / (N_IN + N_OUT)),
    "he_normal": sqrt(2 / N_IN),
    "lecun_normal": sqrt(1 / N_IN),
    "normal": SCALE,
}
FIXED = {"constant": SCALE, "zeros": 0.0}
ONLY_OF_THE_SCALE = ("uniform", "normal", "constant")


def draw(name, seed=0, scale=SCALE):
    return INITIALIZERS[name](np.random.default_rng(seed), N_OUT, N_IN, scale)


def test_every_initialiser_has_its_promise_here():
    assert set(INITIALIZERS) == {*UNIFORM, *NORMAL, *FIXED, "orthogonal"}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_have_one_row_for_each_unit_they_enter(name):
    assert draw(name).shape == (N_OUT, N_IN)
    assert draw(name).dtype == np.float64


@pytest.mark.parametrize(("name", "limit"), UNIFORM.items())
def test_uniform_weights_fill_their_range_evenly(name, limit):
    W = draw(name)
    assert 0.999 * limit < np.abs(W).max() <= limit
    assert abs(W.mean()) < 4 * limit / sqrt(3 * W.size)
    shares = np.histogram(W, bins=4, range=(-limit, limit))[0] / W.size
    np.testing.assert_allclose(shares, 0.25, atol=0.01)


@pytest.mark.parametrize(("name", "deviation"), NORMAL.items())
def test_normal_weights_have_their_moments_and_are_not_cut_off(name, deviation):
    W = draw(name)
    assert abs(W.mean()) < 4 * deviation / sqrt(W.size)
    assert W.std() == pytest.approx(deviation, rel=4 / sqrt(2 * W.size))
    assert np.mean(W**4) == pytest.approx(3 * deviation**4, rel=0.1)
    assert np.abs(W).max() > 3.5 * deviation


@pytest.mark.parametrize(("n_out", "n_in"), [(7, 4), (4, 7), (5, 5), (1, 3), (3, 1)])
def test_orthogonal_weights_keep_lengths_and_angles(n_out, n_in):
    W = INITIALIZERS["orthogonal"](np.random.default_rng(0), n_out, n_in, SCALE)
    assert W.shape == (n_out, n_in)
    gram = W.T @ W if n_out >= n_in else W @ W.T
    np.testing.assert_allclose(gram, np.eye(len(gram)), atol=1e-14)


def test_orthogonal_weights_favour_no_direction():
    random = np.random.default_rng(0)
    drawn = np.array([INITIALIZERS["orthogonal"](random, 2, 2, SCALE) for _ in range(4000)])
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=0.05)
    assert np.mean(np.linalg.det(drawn) > 0) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("name", "value"), FIXED.items())
def test_fixed_weights_are_all_the_same_number(name, value):
    assert (draw(name) == value).all()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_seed_repeats_its_weights_and_another_draws_others(name):
    np.testing.assert_array_equal(draw(name), draw(name))
    assert (draw(name) == draw(name, seed=1)).all() == (name in FIXED)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_scale_matters_where_it_is_asked_for(name):
    assert (draw(name) != draw(name, scale=1.0)).any() == (name in ONLY_OF_THE_SCALE)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_start_at_zero_unless_every_number_is_equal(name):
    sizes = (3, 4, 2)
    network = Network(sizes, ("tanh", "sigmoid"), np.full(count_parameters(sizes), 7.0))
    set_start_weights(network, Config(init=name, init_scale=0.3), np.random.default_rng(0))
    for layer in network.layers:
        assert (layer.b == (0.3 if name == "constant" else 0.0)).all()
        assert (layer.W != 7).all()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_each_layer_draws_for_its_own_width(name):
    sizes = (100, 50, 400)
    network = Network(sizes, ("tanh", "sigmoid"), np.zeros(count_parameters(sizes)))
    set_start_weights(network, Config(init=name), np.random.default_rng(0))
    random = np.random.default_rng(0)
    for layer in network.layers:
        np.testing.assert_array_equal(layer.W, INITIALIZERS[name](random, *layer.W.shape, 0.5))
