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
    load_lessons,
)
from engine.lessons.measures import (
    MEASURES,
    Measure,
    measure,
)
from engine.lessons.plan import (
    CueCard,
    cue_cards,
)
from engine.lessons.reader import (
    read_lesson,
)
from engine.lessons.translation import (
    translation_faults,
)
from engine.lessons.trial import (
    begin_run,
    measured_claims,
    step_faults,
    trained_runs,
    trial_faults,
)

__all__ = [
    "MEASURES",
    "THIS_SEED",
    "Claim",
    "CueCard",
    "Lesson",
    "LessonError",
    "LessonRun",
    "LessonStep",
    "Measure",
    "Question",
    "TeacherNotes",
    "begin_run",
    "cue_cards",
    "curve_of",
    "evidence_of",
    "failed_claims",
    "is_right",
    "load_lessons",
    "measure",
    "measured_claims",
    "read_lesson",
    "step_faults",
    "trained_runs",
    "translation_faults",
    "trial_faults",
]
