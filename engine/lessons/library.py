"""The lessons of this product, in teaching order, in the language of the reader.

The English lessons are the originals. The folder of a language has its translations.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.language import ENGLISH, LANGUAGES, folder_of_language
from engine.lessons.lesson import Lesson
from engine.lessons.reader import parse_lesson

TEXTS = Path(__file__).parent / "texts"
TRANSLATIONS = "lessons"  # in the folder of a language


@cache
def load_lessons(language: str = ENGLISH) -> dict[str, Lesson]:
    """Return the lessons by name, in teaching order: in a language, or in English if it lacks one.

    Raises ValueError if there is no such language, and LessonError if a file is wrong. That their
    runs can be made is left to a test.
    """
    if language not in LANGUAGES:
        raise ValueError(
            f"There are lessons in {', '.join(LANGUAGES)}; '{language[:20]}' was given."
        )
    files = {path.stem: path for path in (TEXTS / ENGLISH).glob("*.md")}
    files |= {path.stem: path for path in translations(language) if path.stem in files}
    found = [parse_lesson(path.read_text("utf-8"), name) for name, path in files.items()]
    return {one.name: one for one in sorted(found, key=teaching_order)}


def translations(language: str) -> list[Path]:
    """Return the files of the lessons that a language has; English has the originals."""
    return sorted((folder_of_language(language) / TRANSLATIONS).glob("*.md"))


def teaching_order(lesson: Lesson) -> tuple[int, int]:
    """Return a key by which 1 to 99 stand before A1 to A9, and the article's lesson last."""
    if lesson.number.isdecimal():
        return 0, int(lesson.number)
    return (1, int(lesson.number[1:])) if lesson.number != "article" else (2, 0)
