"""The trial: what can be said of a lesson only when its runs are made and trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.language import listed, tr
from engine.lessons.evidence import (
    EvidenceNumber,
    claim_values,
    evidence_numbers,
    failed_claims,
    is_right,
    lookup_text,
    measures_of,
    step_lookups,
)
from engine.lessons.expression import RUNS, Lookup, evaluate, lookups, parse_value
from engine.lessons.lesson import Lesson, LessonRun, LessonStep
from engine.lessons.secrets import early_numbers
from engine.number_format import NOTHING
from engine.problems import load_shared
from engine.training import Run, epoch_cost, network_sizes, read_events

FOLDS = 5  # of a search, as `fold_score` has them
MOST_WORK = 2e10  # products of two numbers in all runs of a lesson: about 15 s


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
    faults = list[str]()
    work = 0.0
    for place, run, measured in placed_runs(lesson):
        try:
            cost = epoch_cost(run.config, load_shared(run.config))
            work += cost * (run.epochs + sum(epochs_to_measure(one, run) for one in measured))
        except ValueError as reason:
            faults.append(f"{place}: {reason}")
    if work > MOST_WORK:
        faults.append(
            tr(
                "All runs together take about {times:.1f} times as long as a lesson may; "
                "play fewer epochs, or take a smaller network.",
                times=work / MOST_WORK,
            )
        )
    return faults or [
        one for place, run, _ in placed_runs(lesson) for one in run_faults(place, run)
    ]


def run_faults(place: str, run: LessonRun) -> list[str]:
    """Return a sentence if a run cannot be made."""
    try:
        begin_run(run)
    except ValueError as reason:
        return [f"{place}: {reason}"]
    return []


def placed_runs(lesson: Lesson) -> list[tuple[str, LessonRun, list[Lookup]]]:
    """Return each run of a lesson with its place in words and what is measured of it."""
    return [
        (
            tr("Step {number}, run {name}", number=number, name=name),
            run,
            [one for one in step_lookups(step) if one.run == name],
        )
        for number, step in enumerate(lesson.steps, 1)
        for name, run in zip(RUNS, step.runs, strict=False)
    ]


def epochs_to_measure(one: Lookup, run: LessonRun) -> float:
    """Return about how many epochs of training a measure takes as long as."""
    epoch = run.epochs if one.epoch is None else one.epoch
    return {"fold_score": FOLDS * epoch, "highest_w": 2 * epoch}.get(one.measure, 10)


def step_faults(lesson: Lesson, step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence for all that trained runs say against the step."""
    try:
        failed = [
            tr("The claim does not hold: {text}.", text=text) for text in failed_claims(step, runs)
        ]
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
    return [
        tr(
            "The answer {answer} is not what {curve} measures: {found:.6g}.",
            answer=question.answer,
            curve=question.curve,
            found=found,
        )
    ]


def missing_numbers(step: LessonStep, runs: Sequence[Run]) -> list[str]:
    """Return a sentence for each number of the evidence that has no value in these runs."""
    measured = measures_of(step, runs)
    return [
        tr("A number of the evidence has no value: {names}.", names=listed(lookup_texts(one)))
        for one in evidence_numbers(step.evidence)
        if one.text(measured) == NOTHING
    ]


def lookup_texts(one: EvidenceNumber) -> list[str]:
    """Return the measures in a number of the evidence, as they are written."""
    return [lookup_text(found) for found in lookups(one.value)]


def measured_claims(step: LessonStep, runs: Sequence[Run]) -> list[tuple[str, dict[str, float]]]:
    """Return each claim of a step with its measured values."""
    measured = measures_of(step, runs)
    return [(one.text, dict(claim_values(one.text, measured))) for one in step.claims]
