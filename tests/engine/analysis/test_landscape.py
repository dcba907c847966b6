"""Landscape and line search against the plain network, whole Hessians and simulated descents."""

from dataclasses import replace

import numpy as np
import pytest

from engine.analysis.curvature import largest_curvature, stability_limit
from engine.analysis.landscape import KINDS, MOST_POINTS, Landscape, path_plane, training_path
from engine.analysis.line_search import search_line
from engine.analysis.objective import Objective
from engine.nn.network import blocks
from engine.nn.optimizers import OPTIMIZERS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.output_head import choose_output_head
from engine.training.run import Run
from tests.engine import plain

MOONS = Config(dataset="moons", hidden=(8,), size=80, learning_rate=0.3, l2=1e-3)
LINE = Config(
    dataset="line_centred", hidden=(), start="line_zero", scaling="none", batch_size=0
)  # its loss has the Hessian 2 I
CASES = {
    "tanh, L2": MOONS,
    "two layers, L1, dropout": replace(MOONS, hidden=(5, 3), l1=1e-3, dropout=0.2),
    "softmax": Config(dataset="iris", hidden=(6,), activation="relu", optimizer="adam"),
    "regression": Config(dataset="bumps", hidden=(5,), size=60, learning_rate=0.03),
    "frozen biases": replace(MOONS, biases="frozen"),
    "no hidden layer": replace(LINE, learning_rate=0.1),
}
cases = pytest.mark.parametrize("config", CASES.values(), ids=CASES)


def trained(config, epochs=30):
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


def plain_loss(run, theta, epoch):
    """The training loss with its penalties, by the plain network."""
    config, head = run.config_at(epoch), choose_output_head(run.config, run.dataset)
    X, y = run.dataset.part("train")
    weights = plain.split(theta, run.network.sizes)
    data = plain.loss(head.loss_name, weights, run.network.activations, X, head.encode(y))
    return data + plain.penalty(weights, config.l1, config.l2)


def plain_gradient(run, theta):
    config, head = run.config, choose_output_head(run.config, run.dataset)
    X, y = run.dataset.part("train")
    weights = plain.split(theta, run.network.sizes)
    penalties = {"l1": config.l1, "l2": config.l2}
    given = head.loss_name, weights, run.network.activations, X, head.encode(y)
    return plain.join(plain.backpropagate(*given, **penalties)[0])


# The surface


@cases
@pytest.mark.parametrize("kind", KINDS)
def test_25_points_are_what_the_plain_network_says(config, kind):
    run = trained(config)
    made = Landscape(run, 30, kind, points=31)
    assert made.advance()
    for j in range(0, 31, 7):
        for i in range(0, 31, 7):
            place = made.plane.origin + made.u[i] * made.plane.first + made.v[j] * made.plane.second
            assert made.losses[j, i] == pytest.approx(plain_loss(run, place, 30), rel=1e-12)


@cases
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("epoch", [12, 30])
def test_the_path_ends_at_the_loss_of_its_epoch(config, kind, epoch):
    run = trained(config)
    made = Landscape(run, epoch, kind, points=3)
    record = run.losses[epoch]
    assert made.path.epochs[0] == 0
    assert made.path.epochs[-1] == epoch
    assert np.array_equal(made.path.thetas[-1], run.at(epoch).theta)
    assert made.path.losses[-1] == record["train"] + record["penalty"]
    assert made.places[-1] == pytest.approx([0, 0], abs=1e-12)
    there = made.plane.at(*made.places[-1:].T)
    assert made.objective.losses(there)[0] == pytest.approx(made.path.losses[-1], rel=1e-12)


def test_balanced_classes_and_single_precision_end_at_their_loss_too():
    balanced = Config(dataset="gauss_imbalanced", hidden=(3,), class_weights="balanced")
    for config, close in ((balanced, 1e-12), (replace(MOONS, precision="float32"), 1e-6)):
        run = trained(config, 5)
        made = Landscape(run, 5, "random", points=3)
        made.advance()
        assert made.losses[1, 1] == pytest.approx(made.path.losses[-1], rel=close)


def test_a_change_on_the_way_counts_from_its_epoch():
    run = trained(replace(MOONS, l2=0.0), 10)
    run.change(10, l2=0.1)
    run.advance(10)
    after = Objective(run, 20)
    assert after.losses(after.theta[None])[0] == pytest.approx(plain_loss(run, after.theta, 20))
    assert run.losses[20]["penalty"] > 0 == run.losses[5]["penalty"]


def test_slices_give_what_one_go_gives():
    run = trained(MOONS)
    whole, made = (Landscape(run, 30, "path", points=41) for _ in range(2))
    whole.advance()
    assert made.share == 0
    assert not made.advance(1e-9)
    assert 0 < made.share < 1
    assert np.isnan(made.losses).sum() == made.losses.size - made.known
    while not made.advance(1e-9):
        pass
    assert np.array_equal(made.losses, whole.losses)


def test_weights_far_out_may_overflow_without_a_warning():
    run = trained(replace(MOONS, activation="relu", output="linear", loss="mse"))
    objective = Objective(run, 30)
    far = np.array([1e200, -1e200])[:, None] * np.ones(len(objective.theta))
    assert not np.isfinite(objective.losses(far)).any()


# The plane


def test_random_directions_are_as_long_unit_by_unit_as_the_weights():
    run = trained(CASES["two layers, L1, dropout"])
    plane, sizes = Landscape(run, 30).plane, run.network.sizes
    assert not np.allclose(plane.first, plane.second)
    for direction in (plane.first, plane.second):
        for own, now in zip(blocks(direction, sizes), blocks(plane.origin, sizes), strict=True):
            assert np.linalg.norm(own, axis=1) == pytest.approx(np.linalg.norm(now, axis=1))
    other = Landscape(run, 30, seed=1).plane
    assert not np.allclose(plane.first, other.first)
    assert np.array_equal(plane.first, Landscape(run, 30, seed=0).plane.first)


def test_frozen_biases_are_not_moved():
    run = trained(CASES["frozen biases"])
    for kind in KINDS:
        plane = Landscape(run, 30, kind).plane
        biases = run.network.is_weight == 0
        assert abs(plane.first[biases]).max() < 1e-15
        assert abs(plane.second[biases]).max() < 1e-15


@cases
def test_the_paths_plane_is_spanned_by_its_principal_components(config):
    run = trained(config)
    made = Landscape(run, 30, "path")
    first, second = made.plane.first, made.plane.second
    assert first.dot(first) == pytest.approx(1)
    assert second.dot(second) == pytest.approx(1)
    assert first.dot(second) == pytest.approx(0, abs=1e-12)
    moved = made.path.thetas - made.path.thetas[-1]
    values, vectors = np.linalg.eigh(moved.T @ moved)
    assert made.share_seen == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-9)
    assert abs(first.dot(vectors[:, -1])) == pytest.approx(1, rel=1e-9)
    assert made.share_seen >= Landscape(run, 30, "random").share_seen
    assert (made.u[0], made.v[0]) < tuple(made.places.min(axis=0))
    assert tuple(made.places.max(axis=0)) < (made.u[-1], made.v[-1])
    assert np.all(made.places[0] >= -1e-12)


def test_places_in_the_plane_are_found_again():
    plane = Landscape(trained(MOONS), 30).plane
    u, v = np.random.default_rng(0).normal(size=(2, 9))
    assert plane.seen(plane.at(u, v)) == pytest.approx(np.stack([u, v], axis=1))


def test_a_long_path_is_thinned_and_still_true():
    run = trained(replace(MOONS, size=20), 700)
    path = training_path(run, 640)
    assert len(path.epochs) <= MOST_POINTS
    assert (path.epochs[0], path.epochs[-1]) == (0, 640)
    for epoch, theta in zip(path.epochs[::20], path.thetas[::20], strict=True):
        assert np.array_equal(run.at(int(epoch)).theta, theta)


def test_what_cannot_be_drawn_is_said():
    run = trained(MOONS, 3)
    with pytest.raises(ValueError, match=r"only one point\. Train first"):
        Landscape(run, 0, "path")
    with pytest.raises(ValueError, match="random or path; 'sideways'"):
        Landscape(run, 1, "sideways")
    with pytest.raises(ValueError, match="2 to 201 points per side; 500"):
        Landscape(run, 1, points=500)
    with pytest.raises(ValueError, match="between 0 and 3; 4"):
        Objective(run, 4)
    with pytest.raises(ValueError, match="only one point"):
        path_plane(training_path(run, 0))


# Along the gradient


@cases
def test_the_gradient_is_the_plain_networks(config):
    run = trained(config)
    objective, expected = Objective(run, 30), plain_gradient(run, run.at(30).theta)
    if config.biases == "frozen":
        expected *= run.network.is_weight
    assert plain.error(objective.gradient(objective.theta), expected) < 1e-12


@pytest.mark.parametrize("name", ["tanh, L2", "two layers, L1, dropout", "regression"])
def test_the_largest_curvature_is_that_of_the_whole_hessian(name):
    run = trained(CASES[name])
    objective, h = Objective(run, 30), 1e-5
    columns = [
        (plain_gradient(run, objective.theta + e) - plain_gradient(run, objective.theta - e))
        / 2
        / h
        for e in h * np.eye(len(objective.theta))
    ]
    values, vectors = np.linalg.eigh((np.array(columns) + np.array(columns).T) / 2)
    found = largest_curvature(objective)
    assert found.settled
    assert found.largest == pytest.approx(values[-1], rel=1e-4)
    assert abs(found.direction.dot(vectors[:, -1])) == pytest.approx(1, abs=1e-2)
    to_the_end = largest_curvature(objective, rounds=500, close=0)
    assert to_the_end.largest == pytest.approx(values[-1], rel=1e-6)


def test_many_rounds_do_not_let_old_directions_back_in():
    config = Config(dataset="spiral", hidden=(8, 8, 8), optimizer="adam", learning_rate=0.005)
    objective = Objective(trained(config, 100), 100)
    few = largest_curvature(objective, rounds=60, close=1e-12).largest
    assert largest_curvature(objective, rounds=200, close=0).largest == pytest.approx(few, rel=1e-7)


def test_the_curvature_of_a_linear_fit_is_that_of_its_inputs():
    config = Config(dataset="diabetes", hidden=(), learning_rate=0.01, batch_size=0)
    run = trained(config, 3)
    x = np.vstack([run.dataset.part("train")[0], np.ones(len(run.dataset.train))])
    expected = np.linalg.eigvalsh(2 * x @ x.T / x.shape[1])[-1]
    assert largest_curvature(Objective(run, 3)).largest == pytest.approx(expected, rel=1e-6)


def test_curvature_may_be_below_zero_along_the_gradient_but_not_at_its_largest():
    run = trained(replace(MOONS, hidden=(8, 8), l2=0.0), 3)
    found = search_line(run, 3)
    assert found.curvature.largest >= found.bend


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if OPTIMIZERS[name].stable])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_rates_beyond_the_edge_diverge_and_rates_before_it_do_not(optimizer, momentum):
    config, ends = replace(LINE, optimizer=optimizer, momentum=momentum), []
    edge = stability_limit(config, 2.0)
    for rate in (0.98 * edge, 1.02 * edge):
        run = trained(replace(config, learning_rate=rate), 3000)
        ends.append(1e30 if run.diverged else run.losses["train"][-1])
    assert ends[0] < 1e-3
    assert ends[1] == 1e30


def test_the_line_search_of_the_provable_case():
    found = search_line(trained(replace(LINE, learning_rate=0.1), 5), 5)
    assert found.curvature.largest == pytest.approx(2)
    assert (found.edge, found.best) == (pytest.approx(1), pytest.approx(0.5))
    assert found.losses == pytest.approx(found.parabola, rel=1e-9)  # this loss is a parabola
    assert found.steps[0] == 0
    assert found.steps[-1] == pytest.approx(1.2)
    assert found.slope == pytest.approx(
        (found.losses[0] - found.losses[1]) / found.steps[1], rel=0.1
    )
    assert "0.1 is below the stability limit 1" in found.sentence
    at_the_edge = search_line(trained(replace(LINE, learning_rate=1.0), 5), 5)
    assert "1 is at the stability limit 1" in at_the_edge.sentence
    assert (
        "3 is above the stability limit 1"
        in search_line(trained(replace(LINE, learning_rate=3.0), 2), 2).sentence
    )


@cases
def test_the_losses_of_the_line_search_are_the_plain_networks(config):
    run = trained(config)
    found, g = search_line(run, 30, points=7), Objective(run, 30)
    gradient = g.gradient(g.theta)
    for step, loss in zip(found.steps, found.losses, strict=True):
        assert loss == pytest.approx(plain_loss(run, g.theta - step * gradient, 30), rel=1e-12)
    small = found.steps[1] / 1000
    fallen = (found.losses[0] - plain_loss(run, g.theta - small * gradient, 30)) / small
    assert found.slope == pytest.approx(fallen, rel=0.05)


def test_optimizers_that_scale_each_weight_have_no_edge():
    found = search_line(trained(CASES["softmax"]), 30)
    assert np.isnan(found.edge)
    assert found.sentence.endswith("no simple stability limit.")
    assert stability_limit(LINE, -1.0) == np.inf


def test_a_point_where_nothing_moves_has_a_flat_line():
    config = replace(MOONS, dataset="moons_200", init="zeros", l2=0.0, batch_size=0)
    found = search_line(trained(config, 1), 1)
    assert found.slope == pytest.approx(0, abs=1e-20)
    assert np.ptp(found.losses) < 1e-12
