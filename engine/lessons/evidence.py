"""Evidence: sentences and claims with the numbers of the runs on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.data import Array
from engine.language import tr
from engine.lessons.expression import (
    RUNS,
    Lookup,
    Measured,
    Node,
    evaluate,
    holds,
    lookups,
    parse_claim,
    parse_value,
)
from engine.lessons.lesson import LessonStep, Question
from engine.lessons.measures import curve, measure
from engine.number_format import MINUS, NOTHING, THIN
from engine.training import Run

MOST_NUMBERS = 30  # of a step
FIELD = re.compile(r"\{([^{}]*)\}")
FORMAT = re.compile(r"\+?,?(\.[0-9])?[fg%e]|\+?,?d")


class EvidenceNumber(NamedTuple):
    """A number in an evidence sentence: an expression and its format."""

    value: Node
    format: str

    def text(self, measured: Measured) -> str:
        """Return the number as people read it, with a real minus sign."""
        found = evaluate(self.value, measured)
        if found != found:
            return NOTHING
        if self.format.endswith("d"):
            found = f"{found:{self.format[:-1]}.0f}"
        else:
            found = f"{found:{self.format}}"
        return found.replace("-", MINUS).replace(",", THIN)


def read_field(text: str) -> EvidenceNumber:
    """Return the field of A.train_loss:.3f. Raises ValueError if it is none."""
    expression, colon, form = text.rpartition(":")
    if not colon or not FORMAT.fullmatch(form):
        raise ValueError(
            tr("'{{{text}}}' needs a format such as :.3f, :d or :.0% after the measure.", text=text)
        )
    return EvidenceNumber(parse_value(expression), form)


def evidence_numbers(template: str) -> list[EvidenceNumber]:
    """Return the numbers of a sentence.

    Raises ValueError if one of them cannot be read, or if there are more than MOST_NUMBERS.
    """
    found = FIELD.findall(template)
    if len(found) > MOST_NUMBERS:
        raise ValueError(
            tr(
                "'evidence' has {number} numbers; at most {most} are read.",
                number=len(found),
                most=MOST_NUMBERS,
            )
        )
    return [read_field(one) for one in found]


def step_lookups(step: LessonStep) -> list[Lookup]:
    """Return each measure that a step asks for once. Raises ValueError as the parser does."""
    parts = [part for claim in step.claims for one in parse_claim(claim.text) for part in one.parts]
    parts += [one.value for one in evidence_numbers(step.evidence)]
    return lookups_once([*parts, parse_value(step.predict.curve)] if step.predict.curve else parts)


def measures_of(step: LessonStep, runs: Sequence[Run]) -> Measured:
    """Return a function that measures these runs of a step.

    It raises ValueError if the step has no such run.
    """

    def measured(name: str, what: str, epoch: int | None) -> float:
        place = RUNS.index(name)
        if place >= len(runs):
            raise ValueError(
                tr("There is no run {name}; this step has {number}.", name=name, number=len(runs))
            )
        own = runs[place]
        return measure(own, what, step.runs[place].epochs if epoch is None else epoch)

    return measured


def evidence_of(step: LessonStep, runs: Sequence[Run]) -> str:
    """Return the evidence sentence with the numbers of these runs."""
    measured = measures_of(step, runs)
    return FIELD.sub(lambda found: read_field(found[1]).text(measured), step.evidence)


def failed_claims(step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return the claims of the step that do not hold for these runs."""
    measured = measures_of(step, runs)
    return [one.text for one in step.claims if not holds(parse_claim(one.text), measured)]


def claim_values(text: str, measured: Measured) -> Iterator[tuple[str, float]]:
    """Yield each measure of a claim with its value."""
    for _sign, parts in parse_claim(text):
        for one in lookups_once(parts):
            yield lookup_text(one), measured(*one)


def lookups_once(parts: Sequence[Node]) -> list[Lookup]:
    """Return the measures in some expressions, each once."""
    return list(dict.fromkeys(one for part in parts for one in lookups(part)))


def lookup_text(one: Lookup) -> str:
    """Return a measure as it is written in a claim."""
    return f"{one.run}.{one.measure}" + ("" if one.epoch is None else f"({one.epoch})")


def is_right(question: Question, answer: str | float) -> bool:
    """Return whether an answer is right; a number may be text, with a point or a comma.

    Raises ValueError for a sketch, which is to be compared with `curve_of`.
    """
    if question.kind == "sketch":
        raise ValueError(tr("A sketch is neither right nor wrong; compare it with its curve."))
    if question.kind == "choice":
        return answer == question.answer
    try:
        given = float(str(answer).replace(",", ".").replace(MINUS, "-"))
    except ValueError:
        return False
    return abs(given - float(question.answer)) <= question.tolerance


def curve_of(question: Question, runs: Sequence[Run]) -> Array:
    """Return the true curve (epochs + 1,) of a sketch.

    Raises ValueError if the question is no sketch, or if there is no such run.
    """
    if question.kind != "sketch":
        raise ValueError(tr("Only a sketch has a curve."))
    name, _, what = question.curve.partition(".")
    if name not in RUNS[: len(runs)]:
        raise ValueError(tr("There is no run {name!r}.", name=name))
    return curve(runs[RUNS.index(name)], what)
