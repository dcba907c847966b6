"""Training with a bug: the right program and the wrong one from the same start."""

from __future__ import annotations

from time import perf_counter
from typing import NamedTuple

from engine.data import Dataset
from engine.gradcheck import (
    BuggyRun,
    GradientCheck,
    GradientCheckResult,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.nn import Array
from engine.problems import load
from engine.training import Config, Run
from pages.live.jobs.process import SLICE, Progress, Report

CHECKED = (0, 100)  # epochs
QUICK, LEAST = (600, 100), 10  # parameters of a check: all up to the first, else some per layer
AFFORDABLE = 3_000_000_000  # multiplications of a check
PART = 1.0  # seconds between two parts of the result


class BugOutcome(NamedTuple):
    """How both programs have trained so far, and what the check says of the wrong one."""

    right: Array  # (epochs + 1,) records of the right program
    wrong: Array  # (epochs + 1,) records of the wrong program
    diverged: str  # why the wrong one stopped; "" if it did not
    findings: dict[int, GradientCheckResult]  # epoch -> check
    classes: bool  # whether it is a classification


def train_with_bug(
    report: Report, config: Config, dataset: Dataset | None, bug: str, goal: int
) -> BugOutcome:
    """Return how the right program and the one with the bug train up to the epoch `goal`.

    Raises ValueError if the bug cannot be made.
    """
    data = load(config) if dataset is None else dataset
    right, wrong = Run(config, data), BuggyRun(config, data, bug)
    findings, sent = dict[int, GradientCheckResult](), perf_counter()
    while True:
        for run in (right, wrong):
            run.advance(max(goal - run.epochs, 0), SLICE)
        for epoch in CHECKED:
            if epoch <= wrong.epochs and epoch not in findings:
                findings[epoch] = quick_check(wrong, epoch)
        ended, classes = wrong.why_ended() if wrong.diverged else "", bool(data.classes)
        outcome = BugOutcome(right.losses, wrong.losses, ended, dict(findings), classes)
        left = [run.epochs for run in (right, wrong) if run.epochs < goal and not run.ended]
        if not left:
            return outcome
        due = perf_counter() - sent > PART
        sent = perf_counter() if due else sent
        report(Progress(min(left) / goal, part=outcome if due else None, replaces=True))


def quick_check(run: BuggyRun, epoch: int) -> GradientCheckResult:
    """Return the check of a wrong run at an epoch, of a sample of its parameters."""
    theta, config = run.training_at(epoch).network.theta, run.config
    training = training_for_check(config, run.dataset, theta, run.bug)
    batch = batch_for(training, config.batch_size)
    work = 2 * len(theta) * batch.y.shape[1] * len(training.network.layers)
    per_layer = max(LEAST, min(QUICK[1], AFFORDABLE // work))
    check = GradientCheck(training, batch, chosen=sample_parameters(training, QUICK[0], per_layer))
    check.advance()
    return check.finding()
