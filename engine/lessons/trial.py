"""The trial: what can be said of a lesson only when its runs are made and trained."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.lessons.evidence import (
    EvidenceNumber,
    claim_values,
    evidence_numbers,
    failed_claims,
    is_right,
    measures_of,
    written,
)
from engine.lessons.expression import RUNS, evaluate, lookups, parse_value
from engine.lessons.lesson import Lesson, LessonRun, LessonStep
from engine.lessons.reader import before_prediction
from engine.number_format import MINUS, NOTHING, THIN, listed
from engine.problems import load_shared
from engine.training import Run, epoch_cost, network_sizes, read_events

MOST_WORK = 2e10  # products of two numbers in all runs of a lesson: about a minute
PLAIN_NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)(?![\w])")


def begin_run(run: LessonRun, shift: int = 0) -> Run:
    """Return the run of a lesson at its start; its seed is moved on by `shift`.

    Raises ValueError if its settings do not fit its data, or if a change cannot be read.
    """
    config = replace(run.config, seed=run.config.seed + shift)
    data = load_shared(config)
    events, notes = read_events(run.events, network_sizes(config, data))
    if notes:
        raise ValueError(" ".join(notes))
    return Run(config, data, events)


def trained_runs(step: LessonStep, shift: int = 0) -> list[Run]:
    """Return the runs of a step, trained to their epochs. Raises ValueError as `begin_run` does."""
    runs = [begin_run(run, shift) for run in step.runs]
    for run, own in zip(runs, step.runs, strict=True):
        run.advance(own.epochs)
    return runs


def trial_faults(lesson: Lesson) -> list[str]:
    """Return a sentence for each run that cannot be made; one if all take too long."""
    faults, work = list[str](), 0.0
    for place, run in places(lesson):
        try:
            made = begin_run(run)
            work += run.epochs * epoch_cost(run.config, made.dataset)
        except ValueError as reason:
            faults.append(f"{place}: {reason}")
    if work > MOST_WORK:
        faults.append(
            f"All runs together take about {work / MOST_WORK:.1f} times as long as a lesson may; "
            "play fewer epochs, or take a smaller network."
        )
    return faults


def places(lesson: Lesson) -> list[tuple[str, LessonRun]]:
    """Return each run of a lesson with its place in words."""
    return [
        (f"Step {number}, run {RUNS[place]}", run)
        for number, step in enumerate(lesson.steps, 1)
        for place, run in enumerate(step.runs)
    ]


def step_faults(lesson: Lesson, step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence for all that trained runs say against the step."""
    try:
        failed = [f"The claim does not hold: {text}." for text in failed_claims(step, runs)]
        found = missing_numbers(step, runs) + early_numbers(lesson, step, runs)
        return failed + found + wrong_answer(step, runs)
    except ValueError as reason:
        return [str(reason)]


def wrong_answer(step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence if the right number is not what is measured."""
    question = step.predict
    if question.kind != "number" or not question.curve:
        return []
    found = evaluate(parse_value(question.curve), measures_of(step, runs))
    if is_right(question, found):
        return []
    return [f"The answer {question.answer} is not what {question.curve} measures: {found:.6g}."]


def missing_numbers(step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence for each number of the evidence that has no value in these runs."""
    measured = measures_of(step, runs)
    return [
        f"A number of the evidence has no value: {listed(names_of(one))}."
        for one in evidence_numbers(step.evidence)
        if one.text(measured) == NOTHING
    ]


def names_of(one: EvidenceNumber) -> list[str]:
    """Return the measures in a number of the evidence, as they are written."""
    return [written(found) for found in lookups(one.value)]


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
            faults.append(f"The result {shown} stands in the title, a label or the question.")
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


def measured_claims(step: LessonStep, runs: Sequence[Run]) -> list[tuple[str, dict[str, float]]]:
    """Return each claim of a step with its measured values."""
    measured = measures_of(step, runs)
    return [(one.text, dict(claim_values(one.text, measured))) for one in step.claims]
