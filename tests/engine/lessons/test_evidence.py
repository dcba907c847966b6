"""Evidence and answers: numbers as people read them, and what counts as right."""

import numpy as np
import pytest

from engine.lessons import (
    LessonError,
    Question,
    begin_run,
    curve_of,
    evidence_of,
    failed_claims,
    is_right,
    measured_claims,
    read_lesson,
    step_faults,
    trained_runs,
    trial_faults,
)
from engine.lessons.evidence import read_field
from engine.lessons.reader import parse_lesson
from engine.lessons.secrets import same
from tests.engine.lessons.sample import SAMPLE, changed


def read(old="", new=""):
    return parse_lesson(changed(old, new) if old else SAMPLE, "sample")


def faults_of(old, new):
    """Return what the trained runs say against the changed sample."""
    lesson = read(old, new)
    (step,) = lesson.steps
    return step_faults(lesson, step, trained_runs(step))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("A.w:.3f", 0.12345, "0.123"),
        ("A.w:.1f", -2.0, "−2.0"),
        ("A.w:+.2f", 0.5, "+0.50"),
        ("A.w:d", 83.6, "84"),
        ("A.w:,d", 20000.0, "20\u202f000"),
        ("A.w:.0%", 0.954, "95%"),
        ("A.w:.2e", 0.00012, "1.20e−04"),
        ("A.w:.2f", float("nan"), "–"),
    ],
)
def test_a_number_is_written_as_people_read_it(field, value, shown):
    assert read_field(field).text(lambda *_: value) == shown


def test_the_evidence_has_the_numbers_of_the_runs():
    (step,) = read().steps
    first, second = trained_runs(step)
    words = (
        f"The loss is {first.losses['train'][20]:.3f} in run A and "
        f"{second.losses['train'][10]:.3f} in run B."
    )
    assert evidence_of(step, [first, second]) == words


def test_a_run_has_its_changes_and_a_shifted_seed():
    (step,) = read().steps
    assert [event.name for event in begin_run(step.runs[1]).events] == ["learning_rate"]
    assert begin_run(step.runs[0], 3).config.seed == 3


def test_claims_that_do_not_hold_are_returned():
    (step,) = read('"A.train_loss > 0"', '"A.train_loss > 1000"').steps
    runs = trained_runs(step)
    assert failed_claims(step, runs) == ["A.train_loss > 1000"]
    values = dict(measured_claims(step, runs))["A.train_loss > 1000"]
    assert values == {"A.train_loss": runs[0].losses["train"][20]}


def test_a_sketch_has_the_recorded_curve():
    (step,) = read().steps
    runs = trained_runs(step)
    question = Question("sketch", "Sketch it.", curve="B.train_loss")
    np.testing.assert_array_equal(curve_of(question, runs), runs[1].losses["train"])
    with pytest.raises(ValueError, match="no run 'C'"):
        curve_of(Question("sketch", "?", curve="C.train_loss"), runs)
    with pytest.raises(ValueError, match="Only a sketch"):
        curve_of(step.predict, runs)
    with pytest.raises(ValueError, match="neither right nor wrong"):
        is_right(question, "")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        *((3, True), (3.4, True), ("3", True), ("2,6", True), ("2.4", False), (3.6, False)),
        *(("three", False), ("", False), ("nan", False), ("−3", False), ("1e400", False)),
    ],
)
def test_a_number_may_be_off_by_its_tolerance(answer, right):
    assert is_right(read().exit, answer) is right


def test_a_choice_is_right_word_for_word():
    (step,) = read().steps
    assert [is_right(step.predict, one) for one in step.predict.choices] == [True, False]


# What only the runs can say against a lesson


def test_the_sample_has_no_fault():
    assert trial_faults(read()) == []
    assert faults_of("A plan.", "Another plan.") == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3:learning_rate:0.5", "3:W9.0.0:0.5", "Step 1, run B: The link's change"),
        ("3:learning_rate:0.5", "tomorrow", "Step 1, run B: The link's change"),
        ("hidden=2&", "hidden=2&output=linear&loss=bce&", "Step 1, run B: A linear output"),
    ],
)
def test_a_run_that_cannot_be_made_is_named(old, new, words):
    (fault,) = trial_faults(read(old, new))
    assert fault.startswith(words)
    with pytest.raises(LessonError, match=words):
        read_lesson(changed(old, new), "sample")


QUERY = 'query = "dataset=xor_table&scaling=none&hidden=4&batch_size=0"\nepochs = 20'
LARGE = 'query = "dataset=digits&hidden=128-128"\nepochs = 50'


def test_a_lesson_that_takes_too_long_is_refused_before_it_is_trained():
    assert trial_faults(read(QUERY, LARGE)) == []
    (fault,) = trial_faults(read(QUERY, LARGE.replace("50", "5000")))
    assert fault.startswith("All runs together take about")


def test_what_is_measured_takes_time_too():
    text = changed(QUERY, LARGE)
    scores = [f"A.fold_score({epoch}) > 0" for epoch in range(41, 51)]
    (fault,) = trial_faults(
        parse_lesson(text.replace("A.train_loss > 0", " and ".join(scores)), "sample")
    )
    assert fault.startswith("All runs together take about")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"A.train_loss > 0"', '"A.train_loss > 1000"', "The claim does not hold"),
        ("{A.train_loss:.3f}", "{A.validation_loss:.3f}", "has no value: A.validation_loss."),
        ("{A.train_loss:.3f}", "{A.test_accuracy:.3f}", "needs a problem with classes and a test"),
        ('"A.train_loss > 0"', '"A.delta_7 > 0"', "'delta_7': a number in it is too large"),
        (
            "{A.train_loss:.3f}",
            "{A.steps:d} {A.train_loss:.3f}",
            "The result 20 is in the title",
        ),
    ],
)
def test_what_the_runs_say_is_named(old, new, words):
    question = changed(old, new).replace("What is asked.", "What is asked of 20 points?")
    lesson = read_lesson(question, "sample")
    (step,) = lesson.steps
    (fault,) = step_faults(lesson, step, trained_runs(step))
    assert words in fault


def test_a_right_number_must_be_what_is_measured():
    number = 'kind = "number"\ntext = "?"\nanswer = 19\ntolerance = 0.1\nmeasured = "A.steps"\n'
    choice = SAMPLE[SAMPLE.index('kind = "choice"') : SAMPLE.index("[[step.claim]]")]
    (fault,) = faults_of(choice, number + "\n")
    assert fault == "The answer 19.0 is not what A.steps measures: 20."
    assert faults_of(choice, number.replace("19", "20") + "\n") == []


@pytest.mark.parametrize(
    ("number", "shown", "equal"),
    [
        ("0.693", "0.693", True),
        (".69", "0.693", True),
        ("0.7", "0.693", False),
        ("-0.5", "−0.5", True),
        ("84", "84", True),
        ("8", "84", False),
        ("0,35", "0.352", True),
        ("0.36", "0.352", False),
    ],
)
def test_a_result_with_fewer_decimals_is_still_the_result(number, shown, equal):
    assert same(number, shown) is equal
