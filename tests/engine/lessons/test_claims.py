"""Every claim of every lesson holds for its pinned runs; no answer stands before the prediction."""

import re
from functools import cache

import pytest

from engine.language import LANGUAGES
from engine.lessons import evidence, evidence_of, failed_claims, load_lessons, step_faults
from engine.lessons.trial import begin_run, trial_faults

LESSONS = load_lessons()
SPOKEN = [load_lessons(language) for language in LANGUAGES]
STEPS = [(name, number) for name, one in LESSONS.items() for number in range(len(one.steps))]
NUMBERS = [*map(str, range(1, 20)), "A1", "A2", "A3", "article"]
RUNS = {}  # the last ones; some steps share them


def trained(run):
    """Return the run of a lesson, trained."""
    key = run.config, run.events, run.epochs
    if key not in RUNS:
        for old in list(RUNS)[:-5]:
            RUNS.pop(old)
        RUNS[key] = begin_run(run)
        RUNS[key].advance(run.epochs)
    return RUNS[key]


@pytest.fixture
def measured_once(monkeypatch):
    """Measure what claims and evidence of all languages ask for once, not each time."""
    monkeypatch.setattr(evidence, "measure", cache(evidence.measure))


@pytest.mark.usefixtures("measured_once")
@pytest.mark.parametrize(("name", "number"), STEPS)
def test_the_claims_hold_and_the_evidence_is_no_secret_before(name, number):
    runs = [trained(run) for run in LESSONS[name].steps[number].runs]
    for lesson in (lessons[name] for lessons in SPOKEN):
        step = lesson.steps[number]
        assert failed_claims(step, runs) == []
        assert step_faults(lesson, step, runs) == []  # results in the question, too
        sentences = evidence_of(step, runs)
        assert not re.search("[{}–]", sentences)  # no number is missing
        assert sentences.endswith((".", "。"))


@pytest.mark.parametrize("name", LESSONS)
def test_its_runs_can_be_made_in_time(name):
    assert trial_faults(LESSONS[name]) == []


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_nothing_before_the_prediction_gives_the_answer(name, number):
    for lesson in (lessons[name] for lessons in SPOKEN):
        step = lesson.steps[number]
        labels = [run.label for run in step.runs]
        before = " ".join([lesson.title, *labels, step.question, step.predict.text]).lower()
        after = f"{step.explanation} {step.evidence} {step.predict.answer}".lower()
        for word in map(str.lower, step.secret):
            assert re.sub(r"\s+", " ", word) not in re.sub(r"\s+", " ", before)
            assert word in re.sub(r"\s+", " ", after)
        if step.predict.kind == "choice" and len(step.predict.answer) > 3:
            assert step.predict.answer.lower() not in before
        if step.predict.kind == "number":
            assert f"{step.predict.answer:g}" not in before


def test_all_lessons_are_there_in_teaching_order():
    assert [lesson.number for lesson in LESSONS.values()] == NUMBERS


def test_the_right_choices_stand_at_different_places():
    places = [
        question.choices.index(question.answer)
        for lesson in LESSONS.values()
        for question in [*(step.predict for step in lesson.steps), lesson.exit]
        if question.kind == "choice"
    ]
    for place in range(3):
        assert places.count(place) / len(places) < 0.5


@pytest.mark.parametrize("name", LESSONS)
def test_a_teachers_page_plans_the_minutes_of_the_lesson(name):
    for lesson in (lessons[name] for lessons in SPOKEN):
        minutes = [int(one) for one in re.findall(r"\*\*(\d+) (?:min|分钟)", lesson.teacher.plan)]
        assert sum(minutes) == lesson.minutes
        wrong = re.findall("^- [*]{2}", lesson.teacher.wrong_answers, re.M)
        assert len(wrong) >= len(lesson.steps)


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="lessons in en"):
        load_lessons("../en")
