"""Every claim of every lesson holds for its pinned runs, and the evidence has their numbers."""

from functools import lru_cache

import pytest

from engine.lessons import evidence_of, failed_claims, load_lessons
from engine.problems.registry import load_shared
from engine.training.cost import network_sizes
from engine.training.events import read_events
from engine.training.run import Run

STEPS = [
    (name, number) for name, lesson in load_lessons().items() for number in range(len(lesson.steps))
]


@lru_cache(maxsize=4)
def trained(run):
    """Return the run of a lesson, trained."""
    data = load_shared(run.config)
    events, notes = read_events(run.events, network_sizes(run.config, data))
    assert notes == []
    made = Run(run.config, data, events)
    made.advance(run.epochs)
    return made


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_the_claims_hold(name, number):
    step = load_lessons()[name].steps[number]
    runs = [trained(run) for run in step.runs]
    assert failed_claims(step, runs) == []
    evidence = evidence_of(step, runs)
    assert "{" not in evidence
    assert "–" not in evidence  # a number that is missing


def test_the_lessons_stand_in_teaching_order():
    numbers = [lesson.number for lesson in load_lessons().values()]
    assert numbers == sorted(numbers, key=lambda number: (not number.isdigit(), number.zfill(9)))
    assert len(set(numbers)) == len(numbers)


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="lessons in en"):
        load_lessons("../en")
