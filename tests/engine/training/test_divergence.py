"""What made a run overflow is found by experiment, and named with the layer and what ends it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.diagnosis.diagnosis import diagnose
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.divergence import cause_of, has_diverged
from engine.training.events import Event
from engine.training.run import Run

DEEP_RELU = {"activation": "relu", "hidden": (8, 8, 8), "learning_rate": 0.01}
HUGE_START = {"dataset": "bumps", "init": "normal", "init_scale": 20.0, **DEEP_RELU}
EAGER = {"optimizer": "momentum", "momentum": 0.99, "batch_size": 1}


def diverging(**choices):
    """A run that has diverged."""
    config = Config(**choices)
    run = Run(config, load_shared(config))
    run.advance(100)
    assert run.diverged
    return run


KINDS = {
    "kind_37": ("l2", {"l2": 10.0, "learning_rate": 0.3}),
    "kind_37_deeper": ("l2", {"l2": 10.0, "learning_rate": 0.3, "hidden": (8, 8)}),
    "kind_37_with_the_data": ("l2", {"dataset": "plane", "l2": 3.0, "learning_rate": 0.3}),
    "kind_37_l1": ("l1", {"dataset": "plane", "l1": 10.0, "learning_rate": 0.3}),
    "kind_37_decay": (
        "weight_decay",
        {"optimizer": "adamw", "weight_decay": 10.0, "learning_rate": 0.5},
    ),
    "kind_37_start": ("init", HUGE_START),
    "kind_37_momentum": ("momentum", {"dataset": "plane", "learning_rate": 0.03, **EAGER}),
    "rate": ("learning_rate", {"output": "linear", "learning_rate": 1.0}),
    "rate_beside_a_mild_penalty": (
        "learning_rate",
        {"dataset": "bumps", "hidden": (8,), "l2": 0.01, "learning_rate": 3.0},
    ),
}


@pytest.mark.parametrize(("blame", "choices"), KINDS.values(), ids=KINDS)
def test_what_is_blamed_for_a_divergence_ends_it_when_it_alone_is_changed(blame, choices):
    run = diverging(**choices)
    (found, *_) = diagnose(run, run.epochs)
    assert found.rule == "diverged"
    assert list(found.change) == [blame]
    treated = Run(replace(run.config, **found.change), run.dataset)
    treated.advance(50)
    assert not treated.diverged


@pytest.mark.parametrize("choices", [choices for _, choices in KINDS.values()], ids=KINDS)
def test_what_would_end_it_too_does(choices):
    run = diverging(**choices)
    for name, value in cause_of(run).also.items():
        treated = Run(replace(run.config, **{name: value}), run.dataset)
        treated.advance(2 * run.epochs + 5)
        assert not treated.diverged


def test_kind_37_a_penalty_that_overshoots_is_named_with_its_factor_and_the_layer():
    run = diverging(l2=10.0, learning_rate=0.3)
    assert "an L2 penalty of 10 is too strong for a learning rate of 0.3" in run.diverged
    assert "it multiplies every weight by −5 in each step" in run.diverged  # 1 - 2 * 0.3 * 10
    assert "most of all those of layer 2 (" in run.diverged
    assert "learning rate 0.03 would also prevent the overflow" in run.diverged
    assert "Lower" not in run.diverged


def test_the_layer_is_the_one_whose_weights_grew_most():
    run = diverging(dataset="plane", l1=10.0, learning_rate=0.3)
    cause = cause_of(run)
    start = [np.linalg.norm(layer.W) for layer in run.at(0).layers]
    with np.errstate(all="ignore"):
        run.live.epoch()
    end = [np.linalg.norm(layer.W) for layer in run.network.layers]
    growth = np.array(end) / start
    assert cause.layer == int(growth.argmax()) + 1
    assert cause.grown == pytest.approx(growth.max())


def test_no_factor_is_claimed_where_the_penalty_alone_would_not_let_weights_grow():
    assert np.isnan(cause_of(diverging(dataset="plane", l2=3.0, learning_rate=0.3)).factor)


@pytest.mark.parametrize(
    ("optimizer", "l2", "grows"),
    [("momentum", 12.0, False), ("momentum", 13.0, True), ("nesterov", 5.0, True)],
)
def test_with_momentum_the_factor_is_named_from_that_methods_own_edge_on(optimizer, l2, grows):
    """2 eta lambda is 3.6 and 3.9 here; 2 + 2 mu is 3.8, Nesterov's edge 1.36."""
    config = Config(dataset="circle", optimizer=optimizer, l2=l2 / 4, learning_rate=0.6)
    run = Run(config, load_shared(config))
    run.advance(100)
    assert bool(run.diverged) == grows
    assert not grows or cause_of(run).factor == pytest.approx(1 - 1.2 * l2 / 4)


def test_a_penalty_raised_on_the_way_is_blamed_from_there_on():
    config = Config(learning_rate=0.3)
    run = Run(config, load_shared(config), [Event(5, "l2", 10.0)])
    run.advance(20)
    assert run.diverged
    assert cause_of(run).blame == "l2"


def test_a_run_that_was_changed_after_its_divergence_blames_nothing():
    run = diverging(l2=10.0, learning_rate=0.3)
    run.change(0, l2=0.0)
    run.advance(5)
    assert "diverged" not in {one.rule for one in diagnose(run, run.epochs)}


def test_looking_for_the_cause_leaves_the_run_as_it_was():
    run = diverging(dataset="plane", l1=10.0, learning_rate=0.3)
    before = run.network.theta.copy()
    cause_of(run)
    np.testing.assert_array_equal(run.network.theta, before)


@pytest.mark.parametrize(
    ("loss", "squares", "expected"),
    [(1.0, 4.0, False), (2e30, 4.0, True), (1.0, 2e30, True), (np.nan, 4.0, True)],
)
def test_a_run_has_diverged_where_its_loss_or_its_weights_are_beyond_bounds(
    loss, squares, expected
):
    assert has_diverged(loss, squares) == expected
    both = has_diverged(np.array([1.0, loss]), np.array([4.0, squares]))
    assert both.tolist() == [False, expected]
