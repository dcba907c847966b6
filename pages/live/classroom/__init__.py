"""Classes without accounts: who has joined, what they answered, and where the lesson is.

`classroom` is one class, `register` holds all classes of this server. Nothing is written to a disk:
a class ends with the process, a day after it was opened, or when its teacher ends it.
"""

from pages.live.classroom.classroom import (
    EXIT,
    LONGEST_NAME,
    LONGEST_TEXT,
    Answer,
    Classroom,
    Pupil,
    Stage,
    stages_of,
)
from pages.live.classroom.register import CLASSES, Register

__all__ = [
    "CLASSES",
    "EXIT",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "Answer",
    "Classroom",
    "Pupil",
    "Register",
    "Stage",
    "stages_of",
]
