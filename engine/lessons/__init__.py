"""Lessons: predictions, pinned runs, evidence from them, and the teacher's page; text files."""

from engine.lessons.evidence import (
    curve_of,
    evidence_of,
    failed_claims,
    is_right,
)
from engine.lessons.lesson import (
    THIS_SEED,
    Claim,
    Lesson,
    LessonError,
    LessonRun,
    LessonStep,
    Question,
    TeacherNotes,
)
from engine.lessons.library import (
    languages,
    load_lessons,
)
from engine.lessons.measures import (
    MEASURES,
    Measure,
    measure,
)
from engine.lessons.reader import (
    read_lesson,
)

__all__ = [
    "MEASURES",
    "THIS_SEED",
    "Claim",
    "Lesson",
    "LessonError",
    "LessonRun",
    "LessonStep",
    "Measure",
    "Question",
    "TeacherNotes",
    "curve_of",
    "evidence_of",
    "failed_claims",
    "is_right",
    "languages",
    "load_lessons",
    "measure",
    "read_lesson",
]
