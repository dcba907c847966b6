"""The gradient check of a run, in parts that can be shown before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.gradcheck import (
    GradientCheck,
    GradientCheckResult,
    batch_for,
    complex_step,
    relative_difference,
    sample_parameters,
    training_for_check,
)
from engine.nn import Array
from engine.training import Run
from pages.live.jobs.process import Progress, Report
from pages.live.view import Specification

AFFORDABLE = 400_000_000  # complex multiplications of the complex step
FIRST, PART = 0.1, 0.5  # seconds until the first part of the result, and between the others


class Checked(NamedTuple):
    """What a gradient check has measured so far."""

    finding: GradientCheckResult  # for the first step size
    steps: tuple[float, ...]  # the step sizes
    curve: Array  # (steps,) |g - g'| / (|g| + |g'|) for each step size
    exact: float  # the same against the complex step, for a sample; nan for one step size
    done: int  # derivatives measured
    total: int


def check_gradients(
    report: Report,
    run: Specification,
    epoch: int,
    bug: str,
    steps: Sequence[float],
    most: Sequence[int],
) -> Checked:
    """Return the check of a run at an epoch, with the named bug or "".

    `most` are the limits of `sample_parameters`. Raises ValueError if the bug cannot be made.
    """
    return check_run(report, run.build(), epoch, bug, steps, most)


def check_run(
    report: Report, run: Run, epoch: int, bug: str, steps: Sequence[float], most: Sequence[int]
) -> Checked:
    """Return the check of a run; see `check_gradients`."""
    config, theta = run.config_at(epoch), run.training_at(epoch).network.theta
    training = training_for_check(config, run.dataset, theta, bug)
    batch = batch_for(training, config.batch_size)
    check = GradientCheck(training, batch, steps, sample_parameters(training, *most))
    exact = exact_ratio(check) if len(steps) > 1 else np.nan
    over = check.advance(FIRST)
    while not over:
        share = check.done / check.total
        report(Progress(share, part=so_far(check, exact), replaces=True))
        over = check.advance(PART)
    return so_far(check, exact)


def so_far(check: GradientCheck, exact: float) -> Checked:
    """Return what a check has measured."""
    return Checked(check.finding(), check.steps, check.curve(), exact, check.done, check.total)


def exact_ratio(check: GradientCheck) -> float:
    """Return |g - g'| / (|g| + |g'|) against the complex step, for a quick sample."""
    multiplications = len(check.analytic) * check.batch.y.shape[1]
    few = min(len(check.chosen), max(8, AFFORDABLE // multiplications))
    spread = np.linspace(0, len(check.chosen) - 1, few).astype(int)
    chosen = check.chosen[spread]
    exact = complex_step(check.training, check.batch, chosen)
    return relative_difference(check.analytic[chosen], exact, np.isfinite(exact))
