"""What a translated lesson has in common with the English one: all that is not text for people.

A class may have pupils of several languages. So a choice is kept as its place, and every place,
number, run and claim must be the same in each language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.lessons.evidence import FIELD
from engine.lessons.lesson import Lesson, LessonStep, Question


def translation_faults(original: Lesson, translated: Lesson) -> list[str]:
    """Return a sentence for each thing that must be the same in both lessons, and is not."""
    pairs = [
        (name, getattr(original, name), getattr(translated, name))
        for name in ("name", "number", "minutes")
    ]
    pairs.append(("the number of steps", len(original.steps), len(translated.steps)))
    for number, steps in enumerate(zip(original.steps, translated.steps, strict=False), 1):
        own, other = (dict(kept_of_step(step)) for step in steps)
        pairs += [(f"step {number}, {what}", own[what], other[what]) for what in own]
    own, other = (dict(kept_of_question(lesson.exit)) for lesson in (original, translated))
    pairs += [(f"exit, {what}", own[what], other[what]) for what in own]
    return [
        f"Not as in the English lesson: {what}. It must be {expected!r}; {given!r} was given."
        for what, expected, given in pairs
        if expected != given
    ]


def kept_of_step(step: LessonStep) -> Iterator[tuple[str, object]]:
    """Yield what a translation keeps of a step, with its name."""
    yield "runs", tuple(replace(run, label="") for run in step.runs)
    yield "speed", step.speed
    yield "view", step.view
    yield "claims", step.claims
    yield "numbers of the evidence", sorted(FIELD.findall(step.evidence))
    yield "number of secret words", len(step.secret)
    for what, kept in kept_of_question(step.predict):
        yield f"predict, {what}", kept


def kept_of_question(question: Question) -> Iterator[tuple[str, object]]:
    """Yield what a translation keeps of a question, with its name."""
    chosen = question.kind == "choice"
    yield "kind", question.kind
    yield "number of choices", len(question.choices)
    yield "answer", question.choices.index(str(question.answer)) if chosen else question.answer
    yield "tolerance", question.tolerance
    yield "measure", question.curve
    yield "top", question.top
