"""The judge of the diagnosis says what experiments say: right for a cause, wrong for another."""

import pytest

from benchmarks.drawn import Drawn, best_score, near_best, sensible, verdicts, wild
from engine.diagnosis.observations import Finding
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run


def judged(config, *changes, rule="planted", epochs=100):
    """Whether findings that propose these changes are right about a run."""
    run = Run(config, load(config))
    run.advance(epochs)
    findings = [Finding(rule, "", "", "", change) for change in changes]
    return verdicts(Drawn(0, config, epochs), run, findings)


KILLED = Config(dataset="moons", hidden=(8,), l2=0.3)
SLOW = Config(dataset="moons", hidden=(8,), learning_rate=1e-4)


@pytest.mark.parametrize(
    ("config", "cause", "other"),
    [(KILLED, {"l2": 1e-3}, {"hidden": (32,)}), (SLOW, {"learning_rate": 0.1}, {"l2": 1e-3})],
)
def test_the_cause_is_right_and_another_choice_is_wrong(config, cause, other):
    (right,) = judged(config, cause)
    assert right.right
    assert right.after < right.before
    (wrong,) = judged(config, other)
    assert not wrong.right
    assert wrong.better


def test_a_finding_that_proposes_nothing_is_wrong_unless_it_is_a_fact():
    assert not judged(KILLED, {}, rule="at_chance")[0].right
    assert judged(KILLED, {}, rule="memorization")[0].right


def test_a_change_that_makes_things_worse_is_wrong():
    config = Config(dataset="moons", hidden=(8,))
    assert not judged(config, {"learning_rate": 1e-5})[0].right


def test_a_run_is_drawn_from_its_seed_alone():
    assert wild(7) == wild(7)
    assert len({wild(seed).config for seed in range(50)}) == 50
    assert len({wild(seed).config.dataset for seed in range(50)}) > 8


def test_a_run_at_chance_is_not_healthy():
    one = sensible(0)
    run = Run(one.config, load(one.config))
    assert not near_best(run)
    run.advance(one.epochs)
    assert near_best(run)
    assert 0.5 < best_score(one.config) <= 1
