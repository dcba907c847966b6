"""The reader: a right file becomes a lesson, and each fault of a wrong one becomes a sentence."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random

import pytest

from engine.lessons import LessonError, library, load_lessons, read_lesson
from engine.lessons.library import TEXTS
from engine.lessons.reader import MOST_LESSON_EPOCHS
from engine.lessons.sections import MOST_BYTES
from tests.engine.lessons.sample import SAMPLE, changed
from tests.fuzz.mutations import check_refused_or_taken, check_sentence, text_changed

COUNT, SEED = 400, 20261129


def unquoted(sentence):
    """Return a sentence without what it quotes, which may look like Python."""
    return re.sub(r"'[^']*'", "'x'", sentence)


def faults_of(text):
    with pytest.raises(LessonError) as refused:
        read_lesson(text, "sample")
    for fault in refused.value.faults:
        check_sentence(unquoted(fault))
    return refused.value.faults


def test_every_part_of_a_file_is_read():
    lesson = read_lesson(SAMPLE, "sample")
    assert (lesson.name, lesson.number, lesson.title, lesson.minutes) == (
        "sample",
        "42",
        "A test",
        5,
    )
    (step,) = lesson.steps
    assert (step.question, step.explanation) == ("What is asked.", "It is lower.")
    assert (step.speed, step.view, step.secret) == (10, ("hold",), ("lower",))
    first, second = step.runs
    assert (first.label, first.epochs, first.page, first.example) == ("4 units", 20, "train", 0)
    assert first.config.hidden == (4,)
    assert (second.events, second.page, second.example) == ("3:learning_rate:0.5", "step", 1)
    assert step.predict.answer == step.predict.choices[0] == "the run A"
    assert [claim.seeds for claim in step.claims] == [0.0, 0.95]
    assert (lesson.exit.answer, lesson.exit.tolerance, lesson.exit.unit) == (3, 0.5, "steps")
    assert lesson.teacher.goal == "A goal."
    assert lesson.teacher.homework == "Some."


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing():
    text = "\ufeff" + SAMPLE.replace("\n", "\r\n")
    assert read_lesson(text, "sample") == read_lesson(SAMPLE, "sample")


def test_a_heading_in_a_code_block_is_text():
    lesson = read_lesson(changed("A plan.", "```\n## Key\n```"), "sample")
    assert lesson.teacher.plan == "```\n## Key\n```"


SKETCH = 'kind = "sketch"\ntext = "Sketch it."\ncurve = "A.train_loss"\ntop = 2\n'
CHOICE = """kind = "choice"
text = "Which one?"
choices = ["the run A", "the run B"]
answer = "the run A"
"""


def test_a_prediction_may_be_a_sketch_or_a_number():
    sketch = read_lesson(changed(CHOICE, SKETCH), "sample").steps[0].predict
    assert (sketch.kind, sketch.curve, sketch.top) == ("sketch", "A.train_loss", 2.0)
    number = 'kind = "number"\ntext = "?"\nanswer = 1\ntolerance = 0.1\nmeasured = "A.w"\n'
    read = read_lesson(changed(CHOICE, number), "sample").steps[0].predict
    assert (read.answer, read.curve) == (1.0, "A.w")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("+++\n", "", "Line 1: a lesson begins"),
        ('number = "42"', 'number "42"', "Line 2, column 8"),
        ('number = "42"', 'number = "B7"', "'number' must be"),
        ('number = "42"\n', "", "'number' is missing"),
        ('title = "A test"', 'title = ""', "'title' is empty"),
        ('title = "A test"', "title = 3", "'title' must be a text; '3' was given"),
        ("minutes = 5", "minutes = 500", "'minutes' must be a whole number from 1 to 90"),
        ("minutes = 5", "minutes = true", "'minutes' must be"),
        ("minutes = 5", "minutes = 5.5", "'minutes' must be"),
        ("minutes = 5", "minutes = 5\ncolour = 1", "'colour' is not a setting here"),
        ("speed = 10", "speed = 11", "Step 1: 'speed' must be one of 1, 2, 5"),
        ('["hold"]', '["hide"]', "Step 1: 'view' takes backward"),
        ('["hold"]', '["hold", "hold"]', "Step 1: 'view' must be a list"),
        ('["lower"]', "[]", "Step 1: 'secret' must be a list of 1 to 20"),
        ('["lower"]', '["zebra"]', "the secret word 'zebra' is not in the explanation"),
        ('["lower"]', '["asked", "lower"]', "'asked' gives the answer away"),
        ('title = "A test"', 'title = "The run A"', "'the run A' gives the answer away"),
        ("{A.train_loss:.3f}", "{A.train_loss}", "needs a format"),
        ("{A.train_loss:.3f}", "{A.train_loss:x}", "needs a format"),
        ("{A.train_loss:.3f}", "{A.height:.3f}", "'height' is not a measure"),
        ("{A.train_loss:.3f}", "{C.train_loss:.3f}", "no run C; this step has A, B"),
        ("{A.train_loss:.3f}", "{A.train_loss(21):.3f}", "played to epoch 20"),
        ("{A.train_loss:.3f}", "{A.w:d}" * 30, "'evidence' has 31 numbers; at most 30"),
        ("{A.train_loss:.3f}", "A.train_loss:.3f}", "a brace without its partner"),
        ('label = "4 units"', 'label = " "', "Step 1, run 1: 'label' is empty"),
        ("hidden=4", "hidden=400", "Step 1, run 1: 'query': Hidden layers (hidden)"),
        ("hidden=4", "hight=4", "'hight' is not a known setting"),
        ("hidden=4", "hidden=4&hidden=3", "'query' has 'hidden' twice"),
        ("dataset=xor_table", "dataset=own", "cannot use an uploaded table"),
        ("epochs = 20", "epochs = 20000", f"to {MOST_LESSON_EPOCHS:,}"),
        ("epochs = 20\n", "", "Step 1, run 1: 'epochs' is missing"),
        ('page = "step"', 'page = "home"', "'page' must be one of train, step, tune"),
        ("example = 1", "example = -1", "'example' must be"),
        ('kind = "choice"', 'kind = "guess"', "Step 1, predict: 'kind' must be one of choice"),
        ('choices = ["the run A", "the run B"]', 'choices = ["x"]', "'choices' must be a list"),
        ('answer = "the run A"', 'answer = "the run C"', "'answer' must be one of the choices"),
        ('"A.train_loss > 0"', '"A.train_loss > "', "ends where a number"),
        ("seeds = 0.95", "seeds = 95", "'seeds' must be a share"),
        ("seeds = 0.95\n", "", "'seeds' must be a share"),
        ('kind = "number"', 'kind = "sketch"', "Exit: 'kind' must be one of choice, number"),
        ("answer = 3", 'answer = "three"', "Exit: 'answer' must be a number"),
        ("answer = 3", "answer = nan", "Exit: 'answer' must be a number"),
        ("answer = 3", f"answer = 1{'0' * 400}", "Exit: 'answer' must be a number"),
        ("tolerance = 0.5", "tolerance = -1", "Exit: 'tolerance' must be"),
        ('why = "Because three is right."\n', "", "Exit: 'why' is missing"),
        ("[exit]", "[leave]", "'exit' is missing"),
        ("[[step.claim]]", "[[step.clam]]", "'clam' is not a setting here"),
        ("## Plan", "## Lunch", "'## Lunch' is not a section"),
        ("## Plan", "## Goal", "one section '## Goal'; 2 were given"),
        ("A plan.", "", "the section '## Plan' is empty"),
        ("## Explanation\n\nIt is lower.\n", "", "one section '## Explanation' for each"),
        ("## Question", "Hello\n\n## Question", "there is text before the first heading"),
        ("## Question", "## Explanation", "must be one section '## Question'"),
    ],
)
def test_a_planted_fault_is_named(old, new, words):
    assert any(words in fault for fault in faults_of(changed(old, new)))


def test_a_sketch_needs_a_recorded_curve():
    for curve in ("A.w", "A.train_loss(3)", "A.train_loss + 1", "C.train_loss"):
        text = changed(CHOICE, SKETCH.replace("A.train_loss", curve))
        assert any("'curve' must be" in one or "no run C" in one for one in faults_of(text))


def test_all_faults_are_named_at_once():
    text = SAMPLE
    for old, new in (("minutes = 5", "minutes = 0"), ("epochs = 10", "epochs = -1")):
        text = text.replace(old, new)
    found = faults_of(text.replace("## Homework", "## Home"))
    assert len(found) == 4


def test_more_runs_than_are_compared_are_refused():
    run = '[[step.run]]\nlabel = "again"\nquery = "hidden=4"\nepochs = 1\n\n'
    assert read_lesson(changed("[step.predict]", 4 * run + "[step.predict]"), "sample")
    text = changed("[step.predict]", 5 * run + "[step.predict]")
    assert any("1 to 6 tables [[step.run]]; 7 were given" in one for one in faults_of(text))


def test_a_file_that_is_too_long_is_refused_before_it_is_read():
    (fault,) = faults_of(SAMPLE + "x" * MOST_BYTES)
    assert "at most 64 kB" in fault


@pytest.mark.parametrize(
    "head",
    ["x = " + "[" * 5000, f"x = {'9' * 5000}", "x = '''", "[a]\n[a]", "\0", "a.b = 1\na = 2"],
)
def test_settings_that_cannot_be_read_are_refused(head):
    assert "cannot be read as TOML" in faults_of(f"+++\n{head}\n+++\n")[0]


FILES = sorted((TEXTS / "en").glob("*.md"), key=lambda path: path.stat().st_size)[:6]


def read_unquoted(text):
    """Read a lesson; a refusal comes without what it quotes."""
    try:
        return read_lesson(text, "damaged")
    except LessonError as error:
        raise LessonError([unquoted(fault) for fault in error.faults]) from error


def test_damaged_lessons_are_read_or_refused_with_sentences():
    texts = [SAMPLE, *(path.read_text() for path in FILES)]
    taken = 0
    for i in range(COUNT):
        draw = Random(f"{SEED} {i}")
        text = draw.choice(texts)
        for _ in range(draw.choice([1, 1, 3])):
            text = text_changed(text, draw)
        try:
            found = check_refused_or_taken(read_unquoted, text, i)
        except Exception as reason:
            reason.add_note(f"lesson {i} of seed {SEED}")
            raise
        taken += found is not None
    assert COUNT / 10 < taken < COUNT * 0.9  # some faults are in a text and harmless


def test_lessons_are_read_once_and_not_at_import(monkeypatch):
    assert load_lessons() is load_lessons()
    monkeypatch.setattr(Path, "read_text", lambda *_: pytest.fail("a file was read"))
    spec = spec_from_file_location("library_again", library.__file__)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(module_from_spec(spec))
