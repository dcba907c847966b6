"""All classes of this server, found by their codes."""

from __future__ import annotations

import secrets
import threading
from time import monotonic

from engine.language import tr
from engine.lessons import Lesson
from pages.live.classroom.classroom import Classroom

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no two that look alike
LENGTH = 5  # letters of a code: 33 million codes
MOST_CLASSES = 100
LIFETIME = 24 * 3600.0  # seconds


class Register:
    """Classes by code. A class is forgotten a day after it was opened, or once it has ended."""

    def __init__(self, most: int = MOST_CLASSES, lifetime: float = LIFETIME) -> None:
        self.most, self.lifetime = most, lifetime
        self.classes: dict[str, Classroom] = {}
        self.lock = threading.Lock()

    def open(self, lesson: Lesson, trusted: bool = True) -> Classroom:
        """Return a new class. Raises ValueError if this server has as many as it may hold."""
        with self.lock:
            self.forget_old()
            if len(self.classes) >= self.most:
                raise ValueError(
                    tr(
                        "This server holds {most} classes at most. Try again when one has ended.",
                        most=self.most,
                    )
                )
            code = self.free_code()
            self.classes[code] = Classroom(code, lesson, trusted)
            return self.classes[code]

    def find(self, code: str) -> Classroom | None:
        """Return the class with this code, in capitals or not; None if there is none."""
        with self.lock:
            self.forget_old()
            return self.classes.get(normalized_code(code))

    def free_code(self) -> str:
        """Return a code that no class has."""
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            if code not in self.classes:
                return code

    def forget_old(self) -> None:
        """Forget the classes that have ended, and those older than their lifetime."""
        now = monotonic()
        for code, one in list(self.classes.items()):
            if now - one.opened > self.lifetime:
                one.closed = True
            if one.closed:
                del self.classes[code]


def normalized_code(code: str) -> str:
    """Return a code as it is kept, from how a person may type it."""
    return "".join(code.split()).replace("-", "").upper()[: 2 * LENGTH]


CLASSES = Register()
