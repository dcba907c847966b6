"""One class: its lesson, the stage that its teacher has reached, its pupils and their answers."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from engine.language import tr
from engine.lessons import Lesson

MOST_PUPILS = 200
LONGEST_NAME = 24  # characters
LONGEST_TEXT = 200  # characters of a sentence
MOST_POINTS = 16  # of a drawn curve
AWAY = 20.0  # seconds without a sign of life after which a pupil counts as away

Answer = float | str | tuple[float, ...]  # a number or the place of a choice; a text; a curve


class Stage(NamedTuple):
    """Where a lesson is: a step of it, and what is done there."""

    step: int
    part: str  # "predict", "run", "result" of a step; "exit" and "end" of the lesson

    @property
    def closing(self) -> bool:
        """Return whether the steps are over: the exit question is asked or answered."""
        return self.part in ("exit", "end")

    @property
    def first_vote(self) -> str:
        """Return the name under which the answer before the run is kept."""
        return f"{self.step}.first"

    @property
    def second_vote(self) -> str:
        """Return the name under which the answer after the run is kept."""
        return f"{self.step}.second"

    @property
    def sentence(self) -> str:
        """Return the name under which a pupil's sentence on the run is kept."""
        return f"{self.step}.sentence"


EXIT = "exit"  # the name under which the answer to the exit question is kept
PARTS = ("predict", "run", "result")


def stages_of(steps: int) -> tuple[Stage, ...]:
    """Return the stages of a lesson with so many steps, in their order."""
    middle = [Stage(step, part) for step in range(steps) for part in PARTS]
    return (*middle, Stage(steps - 1, "exit"), Stage(steps - 1, "end"))


@dataclass(eq=False)
class Pupil:
    """Who has joined, and what was answered; `token` is known to the pupil's browser alone."""

    number: int  # in the order of joining, from 1
    name: str = ""  # empty: anonymous
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    answers: dict[str, Answer] = field(default_factory=dict)  # in the lesson of now
    earlier: list[tuple[str, dict[str, Answer]]] = field(default_factory=list)  # lesson, answers
    seen: float = field(default_factory=monotonic)  # when there was a last sign of life

    @property
    def title(self) -> str:
        """Return how the pupil is listed in a table, which is in English."""
        return self.name or f"Pupil {self.number}"

    @property
    def shown(self) -> str:
        """Return how the pupil is called on the screen."""
        return self.name or tr("Pupil {number}", number=self.number)


@dataclass(eq=False)
class Classroom:
    """A class. Every method may be called from the thread of any visitor."""

    code: str  # what pupils type
    lesson: Lesson
    trusted: bool  # whether the lesson is one of the app, not of a file
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))  # of the teacher
    opened: float = field(default_factory=monotonic)
    place: int = 0  # of the stage that is reached
    begun: float = field(default_factory=monotonic)  # when the lesson of now began
    lessons: int = 1  # that were begun, the lesson of now with them
    version: int = 0  # grows with each change
    closed: bool = False
    pupils: dict[str, Pupil] = field(default_factory=dict)  # by token, in the order of joining
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the stages of the lesson."""
        return stages_of(len(self.lesson.steps))

    @property
    def stage(self) -> Stage:
        """Return the stage that is reached."""
        return self.stages[self.place]

    def join(self, name: str = "") -> Pupil:
        """Return a new pupil. Raises ValueError if the class is full or has ended."""
        with self.lock:
            if self.closed:
                raise ValueError(tr("This class has ended."))
            if len(self.pupils) >= MOST_PUPILS:
                raise ValueError(
                    tr("The class is full: it has room for {most} pupils.", most=MOST_PUPILS)
                )
            pupil = Pupil(len(self.pupils) + 1, " ".join(name.split())[:LONGEST_NAME])
            self.pupils[pupil.token] = pupil
            self.version += 1
            return pupil

    def find(self, token: str) -> Pupil | None:
        """Return the pupil with this token, who is seen to be here; None if there is none."""
        pupil = self.pupils.get(token)
        if pupil is not None:
            pupil.seen = monotonic()
        return pupil

    def answer(self, token: str, item: str, value: Answer) -> bool:
        """Keep a pupil's answer; return whether it was taken: once, and in its time."""
        with self.lock:
            pupil = self.pupils.get(token)
            if pupil is None or self.closed or item not in self.open_items():
                return False
            if item in pupil.answers:
                return False
            pupil.answers[item] = bounded(value)
            self.version += 1
            return True

    def open_items(self) -> tuple[str, ...]:
        """Return the names of what can be answered now: a late pupil may still predict."""
        step, part = self.stage
        if part == "predict":
            return (self.stage.first_vote,)
        if part in PARTS:
            return (self.stage.first_vote, self.stage.second_vote, self.stage.sentence)
        last = Stage(step, "result")
        return (EXIT, last.second_vote, last.sentence) if part == "exit" else ()

    def advance(self, key: str) -> None:
        """Go on to the next stage, if `key` is the teacher's."""
        with self.lock:
            if self.taught_with(key) and self.place + 1 < len(self.stages):
                self.place += 1
                self.version += 1

    def begin(self, key: str, lesson: Lesson, trusted: bool = True) -> None:
        """Begin another lesson with the same pupils, if `key` is the teacher's."""
        with self.lock:
            if not self.taught_with(key):
                return
            for pupil in self.pupils.values():
                if pupil.answers:
                    pupil.earlier.append((self.lesson.title, pupil.answers))
                pupil.answers = {}
            self.place, self.lesson, self.trusted = 0, lesson, trusted
            self.lessons += 1
            self.begun = monotonic()
            self.version += 1

    def close(self, key: str) -> None:
        """End the class, if `key` is the teacher's."""
        with self.lock:
            if self.taught_with(key):
                self.closed = True
                self.version += 1

    def taught_with(self, key: str) -> bool:
        """Return whether `key` is the teacher's."""
        return secrets.compare_digest(key.encode(), self.key.encode())

    def answers(self, item: str) -> list[Answer]:
        """Return all answers to an item, in the order of joining."""
        with self.lock:
            return [one.answers[item] for one in self.pupils.values() if item in one.answers]

    def here(self) -> int:
        """Return how many pupils have given a sign of life lately."""
        now = monotonic()
        return sum(now - pupil.seen < AWAY for pupil in list(self.pupils.values()))

    def table(self) -> list[Mapping[str, Answer]]:
        """Return a row for each pupil and lesson: every answer by the name of its item."""
        with self.lock:
            return [
                {"pupil": one.title, "lesson": title, **answers}
                for one in self.pupils.values()
                for title, answers in [*one.earlier, (self.lesson.title, one.answers)]
            ]

    def sentences(self, item: str) -> list[tuple[str, Answer]]:
        """Return who has written a sentence, and the sentence, in the order of joining."""
        with self.lock:
            return [
                (one.shown, one.answers[item])
                for one in self.pupils.values()
                if item in one.answers
            ]


def bounded(value: Answer) -> Answer:
    """Return an answer within what is kept of one."""
    if isinstance(value, str):
        return " ".join(value.split())[:LONGEST_TEXT]
    if isinstance(value, tuple):
        return tuple(map(float, value[:MOST_POINTS]))
    return float(value)
