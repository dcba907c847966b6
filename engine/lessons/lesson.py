"""A lesson as plain values: what a pupil predicts, the runs, the evidence, the teacher's page."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import tr
from engine.training import Config

THIS_SEED = 0.0  # the share of a claim that holds for the pinned seed and says no more


class LessonError(ValueError):
    """A lesson that cannot be read; `faults` are sentences, one for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class LessonRun:
    """One pinned run of a step; the first one is called A, the second one B."""

    label: str  # neutral: it names what differs, not what happens
    config: Config
    events: str  # changes as in a link
    epochs: int  # to play
    page: str  # a key of PAGES: train, step or tune
    example: int = 0  # that the page Step through shows, as in a link


@dataclass(frozen=True)
class Question:
    """A question with its right answer: a choice, a number, or a sketch of a curve."""

    kind: str  # choice, number or sketch
    text: str
    choices: tuple[str, ...] = ()
    answer: str | float = ""  # one of the choices, or a number; "" for a sketch
    tolerance: float = 0.0  # of a number
    unit: str = ""  # of a number
    curve: str = ""  # the expression that gives the truth: A.validation_loss
    why: str = ""  # a sentence
    top: float = 1.0  # the highest value on the paper of a sketch


@dataclass(frozen=True)
class Claim:
    """A comparison of measures, and the least share of seeds for which it holds."""

    text: str
    seeds: float  # THIS_SEED: it is claimed of the pinned seed alone


@dataclass(frozen=True)
class LessonStep:
    """One turn: question, prediction, runs, evidence, explanation."""

    question: str  # Markdown, read before the prediction
    predict: Question
    runs: tuple[LessonRun, ...]
    speed: int  # epochs per frame
    view: tuple[str, ...]  # switches of the pictures, as in a link
    claims: tuple[Claim, ...]
    evidence: str  # a sentence with measures in braces
    explanation: str  # Markdown, read after the runs
    secret: tuple[str, ...]  # words that give the result away


@dataclass(frozen=True)
class TeacherNotes:
    """The teacher's page, Markdown."""

    goal: str
    plan: str
    wrong_answers: str
    key: str
    homework: str


@dataclass(frozen=True)
class Lesson:
    """A lesson of one or more steps and an exit question."""

    name: str  # of its file, without .md
    number: str  # 1 to 19, A1 to A3, or article
    title: str
    minutes: int
    steps: tuple[LessonStep, ...]
    exit: Question
    teacher: TeacherNotes

    @property
    def heading(self) -> str:
        """Return the number and the title, in the language of the reader."""
        number = tr("article") if self.number == "article" else self.number
        return f"{number} · {self.title}"
