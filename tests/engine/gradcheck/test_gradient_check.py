"""The gradient check: its derivatives against two oracles, and what it may not call an error."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.gradcheck.complex_step import LOSS, complex_step
from engine.gradcheck.gradient_check import (
    STEPS,
    GradientCheck,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.gradcheck.report import BANDS, UNCLEAR, band_of, locate_parameter, relative_difference
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.network import count_parameters
from engine.problems.presets import PRESETS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.output_head import output_loss_pairs
from engine.training.run import Run
from tests.engine import plain, unrecorded

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
COUNTS = Dataset(
    name="counts",
    task="regression",
    inputs=np.random.default_rng(0).normal(size=(2, 30)),
    input_names=("x₁", "x₂"),
    targets=np.random.default_rng(1).integers(0, 4, (1, 30)) * 1.0,
    target_names=("y",),
)
X25 = PRESETS["mistakes"].config


def begun(config, epochs=0, data=None):
    """A check of a run after some epochs, all parameters, one step size."""
    data = data or load_shared(config)
    trained = unrecorded.trained(config, data, epochs)
    training = training_for_check(config, data, trained.network.theta)
    return GradientCheck(training, batch_for(training, config.batch_size))


def done(config, epochs=0, data=None):
    """Its finding."""
    own = begun(config, epochs, data)
    assert own.advance()
    return own.finding()


def by_hand(dataset, **choices):
    """A check of a worked example."""
    return done(Config(dataset=dataset, scaling="none", batch_size=0, hidden=(), **choices))


# The numeric side


def test_the_linear_neuron_is_mental_arithmetic():
    found = by_hand("linear_neuron", start="linear_neuron")  # (2w + b - 9)² at w = 3, b = 1
    np.testing.assert_allclose(found.numeric, [-8, -4], rtol=1e-9)
    np.testing.assert_allclose(found.analytic, [-8, -4], rtol=1e-15)


def test_the_penalties_are_in_both_sides():
    found = by_hand("linear_neuron", start="linear_neuron", l2=0.5, l1=0.25)
    np.testing.assert_allclose(found.numeric, [-8 + 2 * 0.5 * 3 + 0.25, -4], rtol=1e-9)
    np.testing.assert_allclose(found.analytic, [-8 + 2 * 0.5 * 3 + 0.25, -4], rtol=1e-15)


def named(value):
    """How a parameter is called in the name of a test."""
    return value.task if isinstance(value, Dataset) else value


def pairs():
    """Every output with every loss that it goes with, and data that suit them."""
    for output, loss in output_loss_pairs("regression"):
        yield output, loss, COUNTS
    for output, loss in output_loss_pairs("classification"):
        yield (
            output,
            loss,
            load_shared(Config(dataset="iris" if output == "softmax" else "moons_200")),
        )


@pytest.mark.parametrize(
    ("output", "loss", "data"), list(pairs()), ids=lambda value: str(value)[:9]
)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_three_ways_to_a_derivative_agree(hidden, output, loss, data):
    config = Config(
        hidden=(4, 3),
        activation=hidden,
        output=output,
        loss=loss,
        dropout=0.25,
        l1=0.01,
        l2=0.02,
        init="normal",
        batch_size=12,
        class_weights="balanced" if data.classes else "none",
    )
    sizes = (data.d, 4, 3, outputs(data, output))
    theta = np.random.default_rng(4).normal(0, 0.7, count_parameters(sizes))
    training = training_for_check(config, data, theta)
    own = GradientCheck(training, batch_for(training, 12))
    assert own.advance()
    found = own.finding()
    exact = complex_step(training, own.batch, np.arange(len(theta)))
    size = np.abs(exact).max()
    np.testing.assert_allclose(found.analytic, exact, rtol=0, atol=1e-12 * size)
    smooth = ~found.kinks
    assert smooth.mean() > 0.5
    np.testing.assert_allclose(
        found.numeric[smooth], exact[smooth], rtol=0, atol=1e-8 * size + 1e-9
    )


def outputs(data, output):
    """Output units for the data."""
    if not data.classes:
        return data.K
    return len(data.classes) if len(data.classes) > 2 or output == "softmax" else 1


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_complex_activations_are_the_plain_ones(name):
    random = np.random.default_rng(2)
    z = random.normal(0, 1.5, (4, 5)) + 1e-30j * random.normal(size=(4, 5))
    found, expected = ACTIVATIONS[name].complex_value(z), plain.F[name](z)
    np.testing.assert_allclose(found.real, expected.real, rtol=1e-12)
    np.testing.assert_allclose(np.imag(found), np.imag(expected), rtol=1e-12, atol=1e-43)


def test_there_is_a_complex_loss_for_every_loss():
    assert set(LOSS) == set(LOSSES)


def test_the_error_falls_as_h_squared_and_rises_as_one_over_h():
    data = load_shared(X25)
    training = training_for_check(X25, data, Run(X25, data).network.theta)
    own = GradientCheck(training, batch_for(training), STEPS)
    own.advance()
    curve = dict(zip(range(1, 14), own.curve(), strict=True))
    assert curve[1] / curve[2] == pytest.approx(100, rel=0.5)
    assert curve[2] / curve[3] == pytest.approx(100, rel=0.05)
    assert min(curve, key=curve.get) in (5, 6)
    assert min(curve.values()) < 1e-9
    assert 100 < curve[12] / curve[9] < 1e5


# The verdict


def random_configs(n=20):
    """Configurations of all kinds, each with dropout, a penalty or class weights at times."""
    random = np.random.default_rng(7)

    def one_of(*some):
        return some[random.integers(len(some))]

    while n:
        depth = int(random.integers(0, 4))
        dataset = one_of("circle", "spiral", "bumps", "iris", "wine", "moons_200", "diabetes")
        pair = one_of(*output_loss_pairs(load_shared(Config(dataset=dataset)).task))
        if pair[1] == "poisson":  # there are no counts among these
            continue
        n -= 1
        yield Config(
            dataset=dataset,
            output=pair[0],
            loss=pair[1],
            hidden=tuple(int(units) for units in random.integers(1, 9, depth)),
            activations=tuple(one_of(*HIDDEN) for _ in range(depth)),
            dropout=one_of(0, 0.3),
            input_dropout=one_of(0, 0.2),
            l1=one_of(0, 0.01),
            l2=one_of(0, 0.01),
            class_weights=one_of("none", "balanced"),
            biases=one_of("learn", "learn", "frozen"),
            precision=one_of("float64", "float32"),
            batch_size=one_of(1, 10, 0),
            seed=int(random.integers(1000)),
            learning_rate=0.03,
            clip=one_of(0.0, 0.01),
        )


@pytest.mark.parametrize("config", list(random_configs()), ids=range(20))
@pytest.mark.parametrize("epochs", [0, 10])
def test_the_right_program_passes_on_any_configuration(config, epochs):
    found = done(config, epochs)
    assert found.band.name == "right"
    assert found.wrong_parts == []
    measured = np.isfinite(found.numeric)
    assert (found.unclear[measured]).mean() < 0.6


@pytest.mark.parametrize("name", PRESETS)
def test_the_right_program_passes_on_every_preset(name):
    config = PRESETS[name].config
    data = load_shared(config)
    training = training_for_check(config, data, Run(config, data).network.theta)
    own = GradientCheck(
        training,
        batch_for(training, config.batch_size),
        chosen=sample_parameters(training, 500, 100),
    )
    own.advance()
    assert own.finding().band in (BANDS[0], UNCLEAR)


def test_a_unit_whose_kink_lies_within_the_step_is_marked_and_not_called_an_error():
    data = load_shared(X25)
    config = replace(X25, activation="relu")
    theta = Run(config, data).network.theta.copy()
    X, _ = data.part("train")
    theta[2] = -theta[:2] @ X[:, 0] + 3e-6  # unit 1 is 3e-6 above its corner for example 1
    training = training_for_check(config, data, theta)
    own = GradientCheck(training, batch_for(training))
    own.advance()
    found = own.finding()
    assert found.kinks[2]
    assert not found.kinks[-9:].any()
    assert np.isnan(found.error[found.kinks]).all()
    assert found.band.name == "right"
    wrong = np.abs(found.analytic - found.numeric)[2] / np.abs(found.analytic[2])
    assert wrong > 1e-4  # what would have been called an error


def test_the_corners_of_a_loss_and_of_l1_are_kinks_too():
    config = Config(dataset="line", hidden=(), loss="mae", batch_size=1, l1=0.1)
    data = load_shared(config)
    training = training_for_check(config, data, np.zeros(count_parameters((data.d, 1))))
    batch = batch_for(training, 1)
    training.network.theta[-1] = batch.y[0, 0]  # the first example is met exactly
    own = GradientCheck(training, batch)
    own.advance()
    assert own.finding().kinks.all()


def test_derivatives_below_what_rounding_lets_one_see_are_not_called_errors():
    found = done(PRESETS["xor_hand_made"].config)
    assert np.abs(found.analytic).max() < 1e-3
    assert found.unclear.any()
    assert found.band in (BANDS[0], UNCLEAR)


def test_an_error_that_rounding_cannot_explain_is_called_one_however_small_the_gradient():
    config = X25
    own = begun(config, 1000)
    i = int(np.argmin(np.abs(np.abs(own.analytic) - 1e-5)))
    own.analytic[i] *= 1.01
    own.advance()
    found = own.finding()
    assert found.worst == i
    assert found.band.name in ("doubtful", "wrong")


def test_bands_are_those_of_the_notes():
    errors = [0, 9e-8, 1e-7, 9e-5, 1e-4, 9e-3, 1e-2, 1, np.nan, np.inf]
    names = [band_of(error).name for error in errors]
    assert names == ["right"] * 2 + ["fair"] * 2 + ["doubtful"] * 2 + ["wrong"] * 4


def test_without_a_measurement_there_is_no_verdict():
    own = begun(X25)
    found = own.finding()
    assert found.worst == -1
    assert found.band is UNCLEAR
    assert np.isnan(list(found.tensors.values())).all()


def test_the_ratio_is_the_papers():
    a, n = np.array([3.0, 4.0, 9.0]), np.array([3.0, -4.0, 1.0])
    assert relative_difference(a, n, np.array([True, True, False])) == 8 / 10
    assert relative_difference(a * 0, n * 0, np.array([True, True, False])) == 0


# On the way


def test_nothing_is_left_changed_whenever_it_is_stopped():
    own = begun(X25, 3)
    before = own.training.network.theta.copy()
    for _ in range(5):
        own.advance(0)
        np.testing.assert_array_equal(own.training.network.theta, before)
    assert own.done == 5


def test_slices_find_what_one_go_finds():
    config = Config(hidden=(3, 2), activation="elu", dropout=0.3, batch_size=7)
    once, slices = begun(config), begun(config)
    once.advance()
    while not slices.advance(0):
        pass
    for a, b in zip(once.finding(), slices.finding(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_masks_stay_and_the_run_is_left_alone():
    config = Config(hidden=(5,), dropout=0.5, input_dropout=0.3)
    data = load_shared(config)
    run = Run(config, data)
    run.advance(3)
    theta = run.network.theta.copy()
    training = training_for_check(config, data, theta)
    first, second = (batch_for(training, 10) for _ in range(2))
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.layers[0].mask, second.layers[0].mask)
    assert (first.layers[0].mask == 0).any()
    GradientCheck(training, first).advance()
    np.testing.assert_array_equal(run.network.theta, theta)


def test_frozen_biases_are_not_measured_and_clipping_is_not_part_of_the_gradient():
    found = done(replace(X25, biases="frozen", clip=1e-6))
    assert np.isnan(found.numeric[2:24:3]).all()
    assert np.isnan(found.tensors["b1"])
    assert found.band.name == "right"
    assert np.linalg.norm(found.analytic) > 1e-3


def test_a_run_in_single_precision_is_checked_in_double():
    assert begun(replace(X25, precision="float32")).analytic.dtype == np.float64


def test_all_parameters_are_checked_up_to_a_number_then_a_sample_of_each_layer():
    config = Config(dataset="digits", hidden=(64, 9))
    data = load_shared(config)
    training = training_for_check(config, data, Run(config, data).network.theta)
    P = len(training.network.theta)
    assert (sample_parameters(training, P) == np.arange(P)).all()
    few = sample_parameters(training, P - 1, 100)
    ends = np.cumsum([64 * 65, 9 * 65, 10 * 10])
    assert np.histogram(few, [0, *ends])[0].tolist() == [100, 100, 100]
    np.testing.assert_array_equal(few, sample_parameters(training, P - 1, 100))
    own = GradientCheck(training, batch_for(training, 10), chosen=few)
    own.advance()
    assert own.done == 300
    assert np.isfinite(own.finding().numeric).sum() == 300


def test_a_parameter_is_found_by_its_place():
    sizes = (2, 3, 1)
    names = [locate_parameter(sizes, i) for i in range(13)]
    assert names[:4] == [("W", 1, 0, 0), ("W", 1, 0, 1), ("b", 1, 0, 0), ("W", 1, 1, 0)]
    assert names[-2:] == [("W", 2, 0, 2), ("b", 2, 0, 0)]
    assert len(set(names)) == 13
    with pytest.raises(ValueError, match="13 parameters"):
        locate_parameter(sizes, 13)
