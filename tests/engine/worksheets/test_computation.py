"""The right numbers of a worksheet: a published example, differences of the loss, a run."""

from dataclasses import replace

import numpy as np
import pytest

from engine.problems import PRESETS, load
from engine.training import Run
from engine.worksheets import MAZUR_WORKSHEET, QUANTITIES, Computation, right_values, worksheet_of

MAZUR = MAZUR_WORKSHEET
PUBLISHED = {
    "z1": [[0.3775], [0.3925]],
    "a1": [[0.59326999210719], [0.59688437825977]],
    "z2": [[1.10590596705977], [1.22492140409647]],
    "a2": [[0.75136506955232], [0.77292846532146]],
    "loss": [[0.2983711087600027]],
    "delta2": [[0.13849856162856], [-0.03809823651656]],
    "dW2": [[0.08216704056423, 0.08266762784753], [-0.02260254047748, -0.02274024221598]],
    "db2": [[0.13849856162856], [-0.03809823651656]],
    "delta1": [[0.00877135468949], [0.00995425470522]],
    "dW1": [[0.00043856773447, 0.00087713546895], [0.00049771273526, 0.00099542547052]],
    "db1": [[0.00877135468949], [0.00995425470522]],
    "new_W2": [[0.35891647971788, 0.40866618607623], [0.51130127023874, 0.56137012110799]],
    "new_b2": [[0.53075071918572], [0.61904911825828]],
    "new_W1": [[0.14978071613276, 0.19956143226553], [0.24975114363237, 0.29950228726474]],
    "new_b1": [[0.34561432265526], [0.34502287264739]],
}
SEEDS = range(12)  # all outputs, losses and activations, with and without L2
STEP = 1e-5


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_numbers_are_those_of_the_published_example(name):
    np.testing.assert_allclose(right_values(MAZUR)[name], PUBLISHED[name], rtol=1e-9)


def test_the_step_is_that_of_a_training_run():
    config = replace(PRESETS["mazur"].config, biases="learn", learning_rate=0.5)
    run = Run(config, load(config))
    run.advance(1)
    right = right_values(MAZUR)
    for l, layer in enumerate(run.network.layers, 1):
        assert np.array_equal(layer.W, right[f"new_W{l}"])
        assert np.array_equal(layer.b, right[f"new_b{l}"])


def loss_with(sheet, name, place, change):
    """The loss after one parameter is changed."""
    values = np.array(getattr(sheet, name), dtype=float)
    values[place] += change
    plain = tuple(map(tuple, values.tolist())) if values.ndim == 2 else tuple(values.tolist())
    return right_values(replace(sheet, **{name: plain}))["loss"].item()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_are_the_differences_of_the_loss(seed):
    sheet = worksheet_of(seed)
    right = right_values(sheet)
    for name in ("W1", "b1", "W2", "b2"):
        found = np.zeros(np.shape(getattr(sheet, name)))
        for place in np.ndindex(found.shape):
            up, down = (loss_with(sheet, name, place, change) for change in (STEP, -STEP))
            found[place] = (up - down) / (2 * STEP)
        gradient = right[f"d{name}"].reshape(found.shape)
        np.testing.assert_allclose(gradient, found, atol=1e-8)
        moved = np.array(getattr(sheet, name)) - sheet.learning_rate * gradient
        np.testing.assert_allclose(right[f"new_{name}"].reshape(found.shape), moved, atol=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_delta_is_the_derivative_of_the_loss_after_the_biases(seed):
    right = right_values(worksheet_of(seed))
    for l in (1, 2):
        of_biases = right[f"delta{l}"].sum(axis=1, keepdims=True)
        np.testing.assert_allclose(right[f"db{l}"], of_biases, atol=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_of_outputs_alone_is_that_of_training(seed):
    sheet = worksheet_of(seed)
    right = right_values(sheet)
    alone = Computation(sheet).value("loss", {"a2": right["a2"]})  # without z2
    assert alone.item() == pytest.approx(right["loss"].item(), rel=1e-12)


def test_each_loss_activation_and_penalty_occurs_among_the_seeds():
    sheets = [worksheet_of(seed) for seed in SEEDS]
    assert len({(one.output, one.loss) for one in sheets}) == 4
    assert {one.activation for one in sheets} == {"sigmoid", "tanh", "relu"}
    assert {one.l2 > 0 for one in sheets} == {True, False}
    assert {one.sizes.examples > 1 for one in sheets} == {True, False}
