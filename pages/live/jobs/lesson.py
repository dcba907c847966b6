"""What the runs of a lesson give: they are trained to their last epochs and measured."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.lessons import LessonStep, begin_run, curve_of, evidence_of
from pages.live.jobs.process import SLICE, Progress, Report

POINTS = 200  # of a curve


class LessonResult(NamedTuple):
    """What the runs of a step give."""

    evidence: str  # sentences with measured numbers
    curve: tuple[float, ...]  # of the run that is sketched, thinned; empty if nothing is sketched


def run_lesson(report: Report, step: LessonStep) -> LessonResult:
    """Return what the runs of a step give. Raises ValueError if one of them cannot be trained."""
    runs = []
    for place, one in enumerate(step.runs):
        run = begin_run(one)
        while run.epochs < one.epochs and not run.ended:
            run.advance(one.epochs - run.epochs, SLICE)
            report(Progress((place + run.epochs / one.epochs) / len(step.runs)))
        runs.append(run)
    sketched = step.predict.kind == "sketch"
    curve = thin_curve(curve_of(step.predict, runs)) if sketched else ()
    return LessonResult(evidence_of(step, runs), curve)


def thin_curve(curve: np.ndarray) -> tuple[float, ...]:
    """Return at most POINTS values of a curve at equal distances, the first and the last too."""
    places = np.linspace(0, len(curve) - 1, min(POINTS, len(curve))).round().astype(int)
    return tuple(float(value) for value in np.asarray(curve)[places])
