"""A finding names the cause, or there is none: planted faults, healthy runs, and the evidence."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor

from benchmarks.drawn import healthy, plain, wild
from benchmarks.planted import PLANTED, Planted
from engine.data.dataset import Dataset
from engine.diagnosis.diagnosis import RULES, diagnose, observe
from engine.diagnosis.observations import gather_observations
from engine.diagnosis.progress import measure_progress
from engine.diagnosis.reachable import by_line, by_neighbours, reachable_scores
from engine.diagnosis.suspects import no_other_cause, possible_causes
from engine.problems.presets import PRESETS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.events import Event
from engine.training.run import Run
from tests.engine import unrecorded

TITLE, EVIDENCE, REMEDY = 56, 165, 100  # characters that the panel under the player has room for


def trained(epochs, **choices):
    config = Config(**choices)
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


@cache
def planted(one: Planted) -> Run:
    """Return the run with a planted fault, trained to its last epoch; nobody changes it."""
    run = Run(one.config, load_shared(one.config))
    run.advance(one.epochs)
    return run


def last_loss(config: Config, epochs: int, part: str) -> float:
    """The loss of a run after its last epoch."""
    data = load_shared(config)
    record = unrecorded.last_record(unrecorded.trained(config, data, epochs), data)
    return record[part == "validation"]


def named(epochs, **choices):
    run = trained(epochs, **choices)
    return [one.rule for one in diagnose(run, run.epochs)]


# The cause


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: f"kind_59 {one.rule} {one.words}")
def test_a_planted_fault_is_named_and_nothing_else_is(one):
    assert one.config.seed == 0
    found = diagnose(planted(one), planted(one).epochs)
    assert [finding.rule for finding in found] == ([one.rule] if one.rule else [])


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_kind_59_a_penalty_that_kills_the_weights_is_named_with_the_layer(name):
    run = trained(300, **{name: 0.1})
    (found,) = diagnose(run, 300)
    assert found.title == f"{name.upper()} 0.1 keeps the weights too small"
    start, now = ([np.linalg.norm(layer.W) for layer in run.at(e).layers] for e in (0, 300))
    shrunk = np.array(now) / start
    assert f"layer {shrunk.argmin() + 1} are " in found.evidence
    assert found.change == {name: 0.001}
    assert "δ" not in found.remedy


def test_kind_59_two_penalties_that_are_both_strong_are_named_together():
    run = trained(200, dataset="moons", hidden=(8,), l1=0.1, l2=0.3)
    (found,) = diagnose(run, 200)
    assert found.title.startswith("L2 0.3 and L1 0.1 keep")
    assert set(found.change) == {"l1", "l2"}


def test_kind_59_a_falling_loss_is_never_said_to_rest_and_more_epochs_are_offered():
    run = trained(300, learning_rate=1e-4)
    (found,) = diagnose(run, 300)
    assert found.title == "The learning rate of 1e−4 is too low"
    assert "times as many epochs" in found.remedy
    assert found.change["learning_rate"] > 1e-3


@pytest.mark.parametrize("learning_rate", [0.03, 0.1, 0.3])
def test_kind_59_a_learning_rate_that_works_is_not_said_to_be_too_low_on_the_way(learning_rate):
    run = trained(60, dataset="moons", hidden=(8,), learning_rate=learning_rate)
    assert [diagnose(run, epoch) for epoch in (0, 1, 5, 10, 20, 40, 60)] == [()] * 7


@pytest.mark.parametrize("seed", range(4))
def test_kind_59_dropout_is_no_overfitting_where_validation_is_all_right(seed):
    run = trained(300, dataset="iris", hidden=(8,), dropout=0.8, seed=seed)
    assert "overfitting" not in {one.rule for one in observe(run, 300)}


@pytest.mark.parametrize("rate", [0.001, 0.03, 0.1])
def test_kind_59_labels_that_mean_nothing_are_no_fault_of_the_rate_or_the_width(rate):
    assert named(200, dataset="random_labels", learning_rate=rate) == []


@pytest.mark.parametrize("hidden", [(16,), (8, 8)])
def test_kind_59_units_that_a_long_step_saturates_are_blamed_on_the_step(hidden):
    found = named(5, dataset="spiral", hidden=hidden, optimizer="adam", learning_rate=1.0)
    assert found == ["too_fast"]


def test_kind_59_with_two_causes_at_once_nothing_is_blamed_alone():
    both = {"dataset": "moons", "hidden": (8,), "l2": 0.1, "learning_rate": 1e-4}
    assert named(100, **both) == []


@pytest.mark.parametrize("rule", ["held_back", "thinned", "too_slow", "too_narrow", "too_fast"])
def test_a_cause_is_described_in_the_room_that_the_panel_has(rule):
    for one in PLANTED:
        if one.rule != rule:
            continue
        run = planted(one)
        for found in diagnose(run, run.epochs):
            assert len(found.title) <= TITLE, found.title
            assert len(found.evidence) <= EVIDENCE, found.evidence
            assert len(found.remedy) <= REMEDY, found.remedy


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: f"{one.rule} {one.words}")
def test_what_is_proposed_against_a_planted_fault_helps(one):
    run = planted(one)
    part = "validation" if len(run.dataset.validation) else "train"
    for found in diagnose(run, run.epochs):
        before = np.inf if run.diverged else run.losses[part][-1]
        config = replace(one.config, **found.change)
        soon = max(one.epochs // 3, 60)  # what helps does so long before the run ends
        assert last_loss(config, soon, part) < before


# No false alarm


def test_kind_59_twenty_healthy_runs_raise_no_alarm():
    found = list(healthy(range(100), 20))
    assert len(found) == 20
    assert [(one.words, findings) for one, findings in found if findings] == []


def test_notes_come_after_faults_and_are_not_among_them():
    config = PRESETS["overfitting_dropout"].config
    run = Run(config, load_shared(config))
    run.advance(2000)
    assert [one.rule for one in observe(run, 2000)] == ["masked"]
    assert diagnose(run, 2000) == ()


@pytest.mark.parametrize("draw", [wild, plain])
@pytest.mark.parametrize("seed", range(12))
def test_any_drawn_run_can_be_looked_at_at_any_epoch(draw, seed):
    one = draw(seed)
    run = Run(one.config, load_shared(one.config))
    run.advance(min(one.epochs, 30))
    for epoch in {0, run.epochs // 2, run.epochs}:
        assert {found.rule for found in observe(run, epoch)} <= set(RULES)


# The yardstick


def data_of(X, y, classes=()):
    names = tuple(f"x{i}" for i in range(X.shape[1]))
    if classes:
        return Dataset("", "classification", X.T, names, y, classes)
    return Dataset("", "regression", X.T, names, y[None], target_names=("y",))


def test_neighbours_and_line_answer_each_example_as_fitted_to_all_others():
    draw = np.random.default_rng(0)
    X = draw.normal(size=(60, 3))
    y = X[:, 0] + np.sin(3 * X[:, 1]) + 0.1 * draw.normal(size=60)
    for own, model in ((by_neighbours, KNeighborsRegressor(5)), (by_line, LinearRegression())):
        expected = cross_val_predict(model, X, y, cv=LeaveOneOut())
        np.testing.assert_allclose(own(X.T, y[None])[0], expected, rtol=1e-9, atol=1e-12)


def test_what_is_reachable_is_near_chance_for_labels_that_mean_nothing():
    draw = np.random.default_rng(1)
    data = data_of(draw.normal(size=(400, 2)), draw.integers(2, size=400), ("a", "b"))
    assert max(reachable_scores(data, balanced=False)) < 0.56


def test_with_class_weights_each_class_counts_the_same():
    y = np.repeat([0, 1], [95, 5])
    data = data_of(np.random.default_rng(2).normal(size=(100, 2)), y, ("a", "b"))
    assert reachable_scores(data, balanced=False).neighbours >= 0.94
    assert reachable_scores(data, balanced=True).neighbours == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("n", [1, 4, 20])
def test_too_few_examples_reach_nothing_that_is_known(n):
    data = data_of(np.arange(n)[:, None] * 1.0, np.arange(n) * 1.0)
    assert np.isnan(reachable_scores(data, balanced=False)).all()


# How far training has come


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"optimizer": "sgd"}, 0.1 * 30 * 20),  # 300 examples in batches of 10, 20 epochs
        ({"optimizer": "momentum", "momentum": 0.9}, 10 * 0.1 * 30 * 20),
        ({"optimizer": "adam"}, 0.1 * 30 * 20),
        ({"batch_size": 0}, 0.1 * 20),
        ({"batch_size": 200}, 0.1 * 2 * 20),
        ({"schedule": "step", "schedule_length": 10, "schedule_factor": 0.1}, 0.55 * 0.1 * 600),
    ],
)
def test_the_way_is_the_sum_of_the_learning_rates_of_all_steps(choices, expected):
    run = trained(20, **choices)
    assert measure_progress(run, 20, run.network.theta).length == pytest.approx(expected)


def test_the_way_counts_a_rate_that_was_changed_from_its_epoch_on():
    config = Config()
    run = Run(config, load_shared(config), [Event(5, "learning_rate", 0.01)])
    run.advance(20)
    assert measure_progress(run, 20, run.network.theta).length == pytest.approx(
        30 * (5 * 0.1 + 15 * 0.01)
    )


def test_a_way_that_goes_straight_on_has_a_cosine_near_1_and_its_length():
    run = trained(40, learning_rate=1e-4)
    way = measure_progress(run, 40, run.network.theta)
    start, end = run.at(0), run.at(40)
    assert 0.99 < way.straight <= 1
    sizes = [
        np.linalg.norm(new.W) / np.linalg.norm(old.W)
        for old, new in zip(start.layers, end.layers, strict=True)
    ]
    assert way.shrunk == pytest.approx(sizes)


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("rate", {"optimizer": "adam", "learning_rate": 0.5}),
        ("rate", {"optimizer": "momentum", "momentum": 0.9, "learning_rate": 1.0}),
        ("time", {"learning_rate": 1e-3}),
        ("penalty", {"l2": 0.3}),
        ("dropout", {"dropout": 0.5}),
        ("start", {"init": "normal", "init_scale": 5.0}),
        ("depth", {"hidden": (8, 8, 8, 8)}),
        ("neck", {"hidden": (8, 1)}),
        ("narrow", {"hidden": (2,)}),
        ("scale", {"dataset": "wine", "scaling": "none"}),
    ],
)
def test_a_suspect_is_seen_and_forbids_a_rule_that_does_not_allow_it(name, choices):
    run = trained(30, **choices)
    seen = gather_observations(run, 30)
    assert name in possible_causes(seen)
    assert not no_other_cause(seen)
    assert no_other_cause(seen, *possible_causes(seen))


def test_a_sensible_run_has_no_suspect():
    assert possible_causes(gather_observations(trained(60, hidden=(8,)), 60)) == set()
