"""A translated lesson is the English one in other words: same runs, claims, keys and answers."""

from dataclasses import replace

import pytest

from engine.language import ENGLISH, LANGUAGES
from engine.lessons import library, load_lessons, translation_faults

ORIGINALS = load_lessons()
TRANSLATED = [
    (language, path.stem) for language in LANGUAGES for path in library.translations(language)
]
NAME = "one_neuron_by_head"


@pytest.mark.parametrize(("language", "name"), TRANSLATED)
def test_only_the_texts_differ_from_the_english_lesson(language, name):
    translated = load_lessons(language)[name]
    assert translation_faults(ORIGINALS[name], translated) == []
    assert translated.title != ORIGINALS[name].title


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_lessons_in_the_same_order(language):
    assert list(load_lessons(language)) == list(ORIGINALS)


def test_a_lesson_without_a_translation_is_in_english(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    known = next(path for path in library.translations("zh") if path.stem == NAME)
    for name in (NAME, "of_no_original"):
        (tmp_path / "lessons" / f"{name}.md").write_text(known.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(library, "folder_of_language", lambda language: tmp_path)
    found = load_lessons.__wrapped__("zh")
    assert found[NAME] == load_lessons("zh")[NAME]
    assert {name: one for name, one in found.items() if name != NAME} == {
        name: one for name, one in load_lessons(ENGLISH).items() if name != NAME
    }


def changed_step(lesson, **more):
    """Return the lesson with another first step."""
    return replace(lesson, steps=(replace(lesson.steps[0], **more), *lesson.steps[1:]))


STEP, EXIT = ORIGINALS[NAME].steps[0], ORIGINALS[NAME].exit
CHOICES = STEP.predict.choices


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        (lambda one: replace(one, number="2"), "number"),
        (lambda one: replace(one, minutes=9), "minutes"),
        (lambda one: replace(one, steps=one.steps * 2), "the number of steps"),
        (
            lambda one: changed_step(one, runs=(replace(STEP.runs[0], epochs=2),)),
            "step 1, runs",
        ),
        (lambda one: changed_step(one, claims=STEP.claims[:1]), "step 1, claims"),
        (
            lambda one: changed_step(one, evidence=STEP.evidence.replace(".2f", ".3f")),
            "step 1, numbers of the evidence",
        ),
        (lambda one: changed_step(one, secret=STEP.secret[:1]), "step 1, number of secret words"),
        (
            lambda one: changed_step(one, predict=replace(STEP.predict, choices=CHOICES[::-1])),
            "step 1, predict, answer",
        ),
        (
            lambda one: changed_step(one, predict=replace(STEP.predict, choices=CHOICES[1:])),
            "step 1, predict, number of choices",
        ),
        (lambda one: replace(one, exit=replace(EXIT, tolerance=1.0)), "exit, tolerance"),
        (lambda one: replace(one, exit=replace(EXIT, answer=4.0)), "exit, answer"),
    ],
)
def test_what_a_translation_changes_is_named(planted, what):
    faults = translation_faults(ORIGINALS[NAME], planted(ORIGINALS[NAME]))
    assert any(fault.startswith(f"Not as in the English lesson: {what}.") for fault in faults)


def test_other_words_are_no_fault():
    other = replace(ORIGINALS[NAME], title="另一个", exit=replace(EXIT, text="?", why="!"))
    assert translation_faults(ORIGINALS[NAME], other) == []
