"""Where a visitor is in a lesson, alone or in a class, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.lessons import Lesson, LessonStep
from pages.live.classroom import Answer, Classroom, Pupil, Stage, stages_of
from pages.live.jobs.lesson import LessonResult
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.session import of_session


@dataclass
class LessonState:
    """A visitor's lesson."""

    lesson: Lesson | None = None
    number: int = 0  # of the class's lessons; 0: not in a class
    trusted: bool = True  # whether it is one of the app's lessons, not one from a file
    place: int = 0  # among the stages, for a person who learns alone
    run: int = 0  # which run of the step is on the screen
    answers: dict[str, Answer] = field(default_factory=dict)
    refused: str = ""  # why the visitor could not join a class
    missing: str = ""  # the item that was committed without an answer
    watched: set[tuple[int, int]] = field(default_factory=set)  # (step, run) seen to its end
    heights: dict[str, tuple[float, ...]] = field(default_factory=dict)  # of sketches, by item
    work: RemoteWork[LessonResult] | None = None
    worked_for: int = -1  # the step of the work
    classroom: Classroom | None = None
    pupil: Pupil | None = None  # None in a class: the teacher
    own: Lesson | None = None  # from this visitor's file

    def begin(self, lesson: Lesson, trusted: bool = True, number: int = 0) -> None:
        """Begin a lesson, in a class the one of this number, unless the visitor is in it."""
        if self.lesson is lesson and self.number == number:
            return
        self.lesson, self.trusted, self.number = lesson, trusted, number
        self.restart()

    def restart(self) -> None:
        """Go back to the first question and forget the answers."""
        self.place, self.run, self.answers = 0, 0, {}
        self.watched, self.heights, self.missing = set(), {}, ""
        self.leave_work()

    def leave_work(self) -> None:
        """End what is being computed for a step that is left."""
        if self.work is not None:
            self.work.stop()
        self.work, self.worked_for = None, -1

    @property
    def stage(self) -> Stage:
        """Return the stage that is on the screen."""
        if self.classroom is not None:
            return self.classroom.stage
        return self.stages[self.place]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the stages of the lesson."""
        return stages_of(len(self.current.steps))

    @property
    def current(self) -> Lesson:
        """Return the lesson. Raises RuntimeError if there is none."""
        if self.lesson is None:
            raise RuntimeError("There is no lesson.")
        return self.lesson

    @property
    def step(self) -> LessonStep:
        """Return the step that is on the screen."""
        return self.current.steps[self.stage.step]

    def given(self, item: str) -> Answer | None:
        """Return what the visitor has answered, or None."""
        return (self.pupil.answers if self.pupil else self.answers).get(item)

    def give(self, item: str, value: Answer) -> None:
        """Keep an answer, in the class if there is one."""
        if self.classroom is not None and self.pupil is not None:
            self.classroom.answer(self.pupil.token, item, value)
        else:
            self.answers.setdefault(item, value)

    def advance(self) -> None:
        """Go on to the next stage; in a class the teacher does."""
        if self.classroom is None and self.place + 1 < len(self.stages):
            before = self.stage.step
            self.place += 1
            if self.stage.step != before:
                self.run = 0
                self.leave_work()


def lesson_state() -> LessonState:
    """Return this visitor's lesson."""
    return of_session("lesson_state", LessonState)
