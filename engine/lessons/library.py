"""The lessons of this product, in teaching order; a folder of texts per language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.lessons.lesson import Lesson
from engine.lessons.reader import parse_lesson

TEXTS = Path(__file__).parent / "texts"


def languages() -> tuple[str, ...]:
    """Return the languages that have lessons."""
    return tuple(sorted(path.name for path in TEXTS.iterdir() if path.is_dir()))


@cache
def load_lessons(language: str = "en") -> dict[str, Lesson]:
    """Return the lessons of a language by name, in teaching order.

    Raises ValueError if there are none, and LessonError if a file is wrong. That their runs can be
    made is left to a test.
    """
    if language not in languages():
        raise ValueError(
            f"There are lessons in {', '.join(languages())}; '{language[:20]}' was given."
        )
    files = sorted((TEXTS / language).glob("*.md"))
    found = [parse_lesson(path.read_text("utf-8"), path.stem) for path in files]
    return {one.name: one for one in sorted(found, key=teaching_order)}


def teaching_order(lesson: Lesson) -> tuple[int, int]:
    """Return a key by which 1 to 99 stand before A1 to A9, and the article's lesson last."""
    if lesson.number.isdecimal():
        return 0, int(lesson.number)
    return (1, int(lesson.number[1:])) if lesson.number != "article" else (2, 0)
