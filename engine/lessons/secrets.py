"""Secrets: no word and no number of the answer stands before the prediction."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.language import tr
from engine.lessons.evidence import EvidenceNumber, evidence_numbers, measures_of
from engine.lessons.expression import RUNS, lookups
from engine.lessons.lesson import Lesson, LessonStep
from engine.number_format import MINUS, THIN
from engine.training import Run, quoted

PLAIN_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])[-−+]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)(?![A-Za-z0-9_])"
)
# Chinese and Japanese have no blanks between words.
NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def before_prediction(lesson: Lesson, step: LessonStep) -> str:
    """Return all that a pupil reads before the prediction, without the choices."""
    return "\n".join(
        [lesson.title, step.question, step.predict.text, *(run.label for run in step.runs)]
    )


def early_words(lesson: Lesson) -> list[str]:
    """Return a sentence for each word of the answer that a pupil can read too early."""
    faults = []
    for number, step in enumerate(lesson.steps, 1):
        before, after = before_prediction(lesson, step), f"{step.explanation}\n{step.evidence}"
        answer = step.predict.answer
        words = [*step.secret]
        if isinstance(answer, str) and len(re.findall(r"[^\W\d_]", answer)) > 2:
            words.append(answer)
        for word in words:
            if occurs(word, before):
                faults.append(
                    tr(
                        "Step {number}: {word} gives the answer away: it is in the "
                        "title, in a label or in the question.",
                        number=number,
                        word=quoted(word),
                    )
                )
        for word in step.secret:
            if not occurs(word, after) and not (isinstance(answer, str) and occurs(word, answer)):
                faults.append(
                    tr(
                        "Step {number}: the secret word {word} is not in the "
                        "explanation, the evidence or the answer.",
                        number=number,
                        word=quoted(word),
                    )
                )
    return faults


def occurs(word: str, text: str) -> bool:
    """Return whether a word or phrase stands in a text as a whole; capitals do not matter."""
    pattern = r"\s+".join(map(re.escape, word.casefold().split()))
    if not pattern:
        return False
    before = "" if NO_BLANKS.match(word) else r"(?<!\w)"
    after = "" if NO_BLANKS.match(word[-1]) else r"(?!\w)"
    return bool(re.search(before + pattern + after, text.casefold()))


def early_numbers(lesson: Lesson, step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence for each result that a pupil can read before the prediction.

    A result of one digit is left to the list `secret`: such digits stand in most texts.
    """
    measured, text = measures_of(step, runs), before_prediction(lesson, step)
    before = {found[0].lstrip("+") for found in PLAIN_NUMBER.finditer(text)}
    faults = []
    for one in evidence_numbers(step.evidence):
        shown = one.text(measured).lstrip("+")
        if (
            len(shown) > 1
            and is_result(one, step)
            and any(same(number, shown) for number in before)
        ):
            faults.append(
                tr("The result {shown} is in the title, a label or the question.", shown=shown)
            )
    return faults


def is_result(one: EvidenceNumber, step: LessonStep) -> bool:
    """Return whether a number is known only after training."""
    return any(
        (found.epoch is None or found.epoch > 0)
        and (found.measure != "stopped_at" or step.runs[RUNS.index(found.run)].config.patience > 0)
        for found in lookups(one.value)
    )


def same(number: str, shown: str) -> bool:
    """Return whether a number in a text is a result, or the same with fewer decimals (.69)."""
    number, shown = (
        one.replace(",", ".").replace(THIN, "").replace("-", MINUS) for one in (number, shown)
    )
    if number == shown:
        return True
    decimals = len(number.partition(".")[2])
    try:
        value, result = (float(one.replace(MINUS, "-").rstrip("%")) for one in (number, shown))
    except ValueError:
        return False
    return decimals >= 2 and round(result, decimals) == value
