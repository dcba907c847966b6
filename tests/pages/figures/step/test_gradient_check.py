"""The pictures of the gradient check and their words: every number against the finding."""

from dataclasses import replace

import numpy as np
import pytest

from engine.gradcheck.gradient_check import (
    STEPS,
    GradientCheck,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.gradcheck.report import BANDS, band_of, locate_parameter
from engine.nn.network import blocks
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.run import Run
from pages.figures.step.gradient_check import (
    HIGH,
    LOW,
    band_colour_scale,
    error_heatmaps,
    right_and_wrong_curves,
    v_curve,
)
from pages.figures.step.gradient_check_text import (
    bug_headline,
    errors_in_words,
    measured_in_words,
    parameter_in_words,
    race_in_words,
    tensors_in_words,
    v_curve_in_words,
    verdict_in_words,
)

CONFIG = PRESETS["mistakes"].config


def check(fault="", steps=(1e-5,), few=None, **choices):
    """A finished check of the preset at its start."""
    config = replace(CONFIG, **choices)
    data = load(config)
    training = training_for_check(config, data, Run(config, data).network.theta, fault)
    own = GradientCheck(training, batch_for(training, config.batch_size), steps, few)
    own.advance()
    return own


def colour_at(power):
    """The colour of an error, read off the scale."""
    place, stops = (power - LOW) / (HIGH - LOW), band_colour_scale()
    below = [colour for at, colour in stops if at <= place + 1e-12]
    return below[-1]


def test_each_cell_holds_the_error_of_its_parameter():
    found = check("slope_of_a").finding()
    figure = error_heatmaps(found, ("x₁", "x₂"), ("class 1",))
    for trace, block in zip(figure.data, blocks(found.error, found.sizes), strict=True):
        np.testing.assert_allclose(trace.customdata[:, :, 0], block)
        np.testing.assert_allclose(trace.z, np.clip(np.log10(block), LOW, HIGH))
    np.testing.assert_allclose(
        figure.data[0].customdata[:, :, 1], blocks(found.analytic, found.sizes)[0]
    )
    np.testing.assert_allclose(
        figure.data[0].customdata[:, :, 2], blocks(found.numeric, found.sizes)[0]
    )


def test_a_cell_is_read_without_colour_too():
    found = check("hidden_sign").finding()
    figure = error_heatmaps(found, ("x₁", "x₂"), ("class 1",))
    assert set(figure.data[0].text.ravel()) == {"0"}  # errors from 1 to 2
    assert all(int(text.replace("−", "-")) <= -8 for text in figure.data[1].text.ravel())


def test_kinks_and_rounding_have_signs_and_no_colour():
    found = check().finding()
    found.kinks[0] = found.unclear[1] = True
    found.error[:2] = np.nan
    trace = error_heatmaps(found, ("x₁", "x₂"), ("class 1",)).data[0]
    assert trace.text[0, :2].tolist() == ["∧", "~"]
    assert np.isnan(trace.z[0, :2]).all()


@pytest.mark.parametrize(("below", "above"), [(-7.1, -6.9), (-4.1, -3.9), (-2.1, -1.9)])
def test_the_colour_changes_where_a_band_ends(below, above):
    assert band_of(10**below).name != band_of(10**above).name
    assert colour_at(below) != colour_at(above)


def test_worse_is_stronger():
    strength = [float(colour.split(",")[-1].rstrip(")")) for _, colour in band_colour_scale()]
    assert strength[-1] == max(strength)
    assert strength[0] == min(strength)


def test_a_sample_is_shown_by_the_worst_of_each_block():
    config = {"dataset": "digits", "hidden": (64,), "batch_size": 10, "epochs": 0}
    data = load(replace(CONFIG, **config))
    training = training_for_check(
        replace(CONFIG, **config), data, Run(replace(CONFIG, **config), data).network.theta
    )
    few = sample_parameters(training, 1000, 400)
    own = check(few=few, **config)
    own.analytic[few[7]] += 1.0
    found = own.finding()
    kind, l, row, column = locate_parameter(found.sizes, int(few[7]))
    assert (kind, l) == ("W", 1)
    trace = error_heatmaps(found, data.features, data.classes).data[0]
    i = np.searchsorted(trace.y, row, "right") - 1
    j = np.searchsorted(trace.x, column, "right") - 1
    assert trace.z[i, j] == np.nanmax(trace.z)
    assert trace.z[i, j] > -1
    judged = np.isfinite(blocks(found.error, found.sizes)[0]).sum()
    assert trace.customdata[:, :, 1].sum() == judged > 300
    assert trace.x[-1] == 64.5
    assert trace.x[-2] == 63.5  # b is a column of its own


def test_the_v_shows_every_step_and_marks_the_chosen_one():
    own = check(steps=STEPS)
    figure = v_curve(STEPS, own.curve(), 1e-16, 1e-4)
    np.testing.assert_allclose(figure.data[0].y, own.curve())
    lines = {shape.name: shape for shape in figure.layout.shapes}
    assert lines["h"].x0 == lines["h"].x1 == 1e-4
    assert lines["right"].y0 == pytest.approx(1e-7)
    assert lines["complex step"].y0 == pytest.approx(1e-16)


def losses(train, metric):
    return np.array(
        list(zip(train, metric, strict=True)), [("train", "f8"), ("train_metric", "f8")]
    )


def test_the_race_holds_both_runs_to_the_last_epoch():
    right, wrong = (
        losses(np.linspace(1, 0.1, 2001), np.linspace(0, 1, 2001)),
        losses([0.9, 0.5, 0.45], [0.1, 0.7, 0.8]),
    )
    figure = right_and_wrong_curves(right, wrong, "accuracy", (0, 100))
    traces = {trace.uid: trace for trace in figure.data}
    assert len(traces["right"].x) <= 502
    assert (traces["right"].x[-1], traces["right"].y[-1]) == (2000, pytest.approx(0.1))
    assert traces["wrong"].y.tolist() == [0.9, 0.5, 0.45]
    assert traces["wrong2"].y.tolist() == [0.1, 0.7, 0.8]
    assert {shape.x0 for shape in figure.layout.shapes} == {100}
    low, high = figure.layout.yaxis.range
    assert low < -1
    assert high > 0


def test_words_name_the_worst_derivative_and_count_the_bands():
    found = check("no_bias").finding()
    words = errors_in_words(found)
    assert "Relative errors of 33 derivatives: 24 right and 9 wrong." in words
    assert "The largest is 1, at b⁽¹⁾₁." in words
    assert verdict_in_words(found) == (
        "Wrong: the largest relative error is 1, at b⁽¹⁾₁. "
        "Only biases are wrong: look at the line of ∂b."
    )
    assert verdict_in_words(check().finding()).startswith(
        "Right: backpropagation and the differences agree in all 33 derivatives"
    )


def test_a_step_that_is_off_is_blamed_before_the_program():
    words = verdict_in_words(check(steps=(0.1,)).finding())
    assert "At this h the finite difference itself is inaccurate" in words
    assert "Layer" not in words.split("At this h")[1]


def test_nothing_measured_is_said():
    own = check(few=np.arange(0))
    assert verdict_in_words(own.finding()).startswith("The check cannot decide")
    assert errors_in_words(own.finding()) == "Relative errors of 0 derivatives."
    assert v_curve_in_words((1e-5,), own.curve(), np.nan).startswith("No derivative")
    assert measured_in_words(own.finding()).startswith("0 of 33 derivatives")


def test_parameters_are_named_as_in_the_formulas():
    assert parameter_in_words((2, 3, 1), 1) == "W⁽¹⁾₁₂, from input 2 to unit 1 of layer 1"
    assert (
        parameter_in_words((2, 3, 1), 11) == "W⁽²⁾₁₃, from unit 3 of layer 1 to unit 1 of layer 2"
    )
    assert parameter_in_words((2, 3, 1), 12) == "b⁽²⁾₁"
    assert parameter_in_words((12, 3, 1), 11).startswith("W⁽¹⁾₁,₁₂, from input 12")


def test_the_v_in_words_holds_its_numbers():
    words = v_curve_in_words((0.1, 1e-5, 1e-13), np.array([2e-3, 3e-11, 0.5]), 1e-16)
    assert words == (
        "Relative error of the gradient: 0.002 at h = 0.1, smallest, 3e−11, at h = 1e−5, "
        "0.5 at h = 1e−13; against the complex step 1e−16."
    )


def test_the_headline_sets_training_beside_the_check():
    right, wrong = losses([0.7, 0.1], [0.5, 0.973]), losses([0.7, 0.1], [0.5, 0.979])
    found = {0: check("slope_of_a").finding()}
    assert bug_headline(right, wrong, "accuracy", found) == (
        "Training looks as good as without the bug: accuracy 97.9\u202f%, without the bug "
        "97.3\u202f%. "
        "The check finds it: relative error 0.46 at epoch 0."
    )
    worse = losses([0.7, 0.4], [0.5, 0.8])
    assert bug_headline(right, worse, "accuracy", {0: check().finding()}) == (
        "Training is worse: accuracy 80\u202f%, without the bug 97.3\u202f%. "
        "The check does not find it here."
    )
    assert race_in_words(right, worse, "accuracy") == (
        "Right after 1 epoch: loss 0.1, accuracy 0.973. "
        "Wrong after 1 epoch: loss 0.4, accuracy 0.8."
    )


def test_parts_of_the_gradient_have_their_signs():
    found = check().finding()
    words = tensors_in_words(found.tensors)
    assert list(words) == ["∂W⁽¹⁾", "∂b⁽¹⁾", "∂W⁽²⁾", "∂b⁽²⁾"]
    assert words["∂b⁽¹⁾"] == "3.4e−9"


def test_every_band_has_a_colour():
    assert len(band_colour_scale()) == 2 * len(BANDS)
