"""What the player is told about a run: the grid is where it says, the rest is the run's own."""

import numpy as np
import pytest

from engine.evaluation.projection import COMPONENTS, axes_of
from engine.problems.registry import PROBLEMS, load_shared
from engine.training.config import DATASETS, Config
from engine.training.run import Run
from pages.live.setup import setup


def run_on(dataset: str, **choices: object) -> Run:
    config = Config(**{**PROBLEMS[dataset].suggested, "dataset": dataset, **choices})
    return Run(config, load_shared(config))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_problem_can_be_set_up(dataset: str):
    run = run_on(dataset)
    meta, arrays = setup(run, ())
    assert meta["network"]["sizes"] == list(run.network.sizes)
    assert len(meta["network"]["inputs"]) == run.network.sizes[0]
    assert len(meta["network"]["outputs"]) == run.network.sizes[-1]
    assert arrays["probe"].shape == (run.network.sizes[0], len(meta["probe"]["labels"]))
    assert np.isfinite(arrays["grid"]).all()
    assert len(arrays["grid"]) == len(meta["view"]["rows"])


def test_the_grid_runs_from_the_lower_left_corner_along_the_first_input():
    run = run_on("circle")
    meta, arrays = setup(run, ())
    view, data = meta["view"], run.dataset
    side = view["side"]
    corner = np.array([[view["x"][0]], [view["y"][0]]])
    np.testing.assert_allclose(arrays["grid"][:, :1], data.network_inputs(corner), rtol=1e-6)
    second = arrays["grid"][:, 1] - arrays["grid"][:, 0]
    assert second[0] > 0
    assert second[1] == 0
    opposite = np.array([[view["x"][1]], [view["y"][1]]])
    last = arrays["grid"][:, side * side - 1 :]
    np.testing.assert_allclose(last, data.network_inputs(opposite), rtol=1e-6)


def test_inputs_off_the_axes_are_held_at_their_mean_over_the_training_part():
    run = run_on("iris", scaling="none")
    meta, arrays = setup(run, (2, 0))
    data = run.dataset
    mean = data.inputs[:, data.train].mean(axis=1)
    assert meta["view"]["rows"] == [0, 1, 2, 3]
    np.testing.assert_allclose(arrays["grid"][1], mean[1], rtol=1e-6)
    np.testing.assert_allclose(arrays["grid"][3], mean[3], rtol=1e-6)
    assert np.ptp(arrays["grid"][2]) > 0
    standardised, _ = setup(run_on("iris"), (2, 0))
    assert standardised["view"]["rows"] == [0, 2]  # a mean of 0 needs no row


def test_extra_inputs_are_computed_on_the_grid():
    run = run_on("circle", features=("x1", "x2", "x1x2", "sinx1"), scaling="none")
    _, arrays = setup(run, ())
    x1, x2, product, sine = arrays["grid"]
    np.testing.assert_allclose(product, x1 * x2, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sine, np.sin(x1), rtol=1e-5, atol=1e-5)


def test_a_regression_is_coloured_around_the_middle_of_its_targets():
    run = run_on("plane")
    meta, _ = setup(run, ())
    data = run.dataset
    y = data.part("train")[1]
    assert meta["map"]["kind"] == "value"
    assert meta["map"]["center"] == pytest.approx((y.min() + y.max()) / 2)
    assert meta["map"]["half"] == pytest.approx((y.max() - y.min()) / 2)
    assert meta["target"]["scale"] == pytest.approx(data.targets[0, data.train].std())


def test_the_chance_line_is_the_entropy_of_the_classes():
    run = run_on("iris")
    y = run.dataset.part("train")[1]
    shares = np.bincount(y) / len(y)
    loss, accuracy = run.evaluator.chance()
    assert loss == pytest.approx(-(shares * np.log(shares)).sum(), rel=1e-12)
    assert accuracy == pytest.approx(shares.max())


def test_only_series_with_something_to_say_are_drawn():
    visible = {
        trace["uid"]: trace.get("visible", True)
        for trace in setup(run_on("circle", l2=0.01), ())[0]["figures"]["curves"]["data"]
    }
    assert visible["penalty"]
    assert not visible["running"]


def test_a_large_network_gets_a_coarser_map():
    small, _ = setup(run_on("circle"), ())
    large, _ = setup(run_on("circle", hidden=(128, 128)), ())
    assert small["view"]["side"] == 50
    assert large["view"]["side"] < 20 + 1


def test_the_plane_of_the_components_goes_as_places_and_a_basis():
    run = run_on("digits")
    meta, arrays = setup(run, COMPONENTS)
    axes = axes_of(run.dataset, COMPONENTS)
    side, d = meta["view"]["side"], run.network.sizes[0]
    assert arrays["grid"].shape == (2, side * side)
    assert meta["view"]["rows"] == list(range(d))
    spanned = arrays["basis"] @ np.vstack([arrays["grid"], np.ones((1, side * side))])
    expected = run.dataset.network_inputs(axes.raw(arrays["grid"].astype(float)))
    np.testing.assert_allclose(spanned, expected, atol=1e-5)
    assert arrays["grid"].nbytes + arrays["basis"].nbytes < 25_000


def test_over_one_or_two_inputs_there_is_no_basis():
    assert "basis" not in setup(run_on("line"), ())[1]
    assert "basis" not in setup(run_on("iris"), (0, 3))[1]
