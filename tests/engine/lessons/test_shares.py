"""The shares of seeds for which the claims of the lessons hold, as stored for the runs of today."""

import json

import pytest

from benchmarks.lessons import SEEDS, STORED, broken, digest, held, shares
from engine.lessons import load_lessons

KNOWN = json.loads(STORED.read_text())
LESSONS = load_lessons()
CHEAP = ("one_neuron_by_head", "two_hidden_units", "one_step_to_the_line", "badly_wrong")


def test_every_lesson_is_measured():
    assert set(KNOWN) == set(LESSONS)


@pytest.mark.parametrize("name", LESSONS)
def test_the_stored_shares_are_of_these_runs_and_claims(name):
    assert KNOWN[name]["digest"] == digest(LESSONS[name]), "python -m benchmarks.lessons --write"
    assert KNOWN[name]["seeds"] == SEEDS


@pytest.mark.parametrize("name", LESSONS)
def test_each_claim_holds_for_its_share_of_seeds(name):
    assert broken(name, KNOWN[name]) == []


@pytest.mark.parametrize("name", CHEAP)
def test_a_cheap_lesson_has_its_stored_shares(name):
    found = shares(LESSONS[name], [held(name, seed) for seed in range(SEEDS)])
    assert found == KNOWN[name]


def test_a_claim_that_holds_too_rarely_is_named():
    lesson = LESSONS["three_rates"]
    never = [[False] * len(step.claims) for step in lesson.steps]
    found = shares(lesson, [never] * 2)
    lines = broken("three_rates", found)
    assert len(lines) == sum(claim.seeds > 0 for step in lesson.steps for claim in step.claims)
    assert "three_rates: B.train_loss < 0.5 * A.train_loss holds for 0%" in lines[0]


def test_other_claims_have_another_digest():
    assert len({digest(lesson) for lesson in LESSONS.values()}) == len(LESSONS)
