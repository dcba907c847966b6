"""Evaluation of a network on Your data: folds, simple methods, and importance of columns."""

from __future__ import annotations

import pandas as pd

from engine.evaluation import Baselines, Importance, fold_run, fold_scores
from engine.tables import Preparation
from engine.training import Config
from pages.live.jobs.process import SLICE, Progress, Report
from pages.live.jobs.tables import TableSource
from pages.live.view import Specification


def cross_validate(
    report: Report, table: TableSource, config: Config, count: int, epochs: int
) -> list[dict[str, float]]:
    """Return the scores of each of `count` folds, and report them one by one.

    Raises ValueError if there are too few examples.
    """
    scores: list[dict[str, float]] = []
    for fold in range(1, count + 1):
        run = fold_run(table.dataset, config, count, fold)
        while run.epochs < epochs and not run.ended:
            run.advance(epochs - run.epochs, SLICE)
            report(Progress((len(scores) + run.epochs / epochs) / count))
        scores.append(fold_scores(run))
        report(Progress(len(scores) / count, part=scores[-1]))
    return scores


def compare_baselines(report: Report, run: Specification, part: str, epoch: int) -> pd.DataFrame:
    """Return the scores of the network at an epoch and of simple methods on one part of the data.

    Raises ValueError if the part has no examples.
    """
    return result_when_done(report, Baselines(run.build(), part, epoch))


def measure_importance(
    report: Report, run: Specification, preparation: Preparation, part: str, epoch: int
) -> pd.DataFrame:
    """Return how much the score of the network at an epoch falls if a column is shuffled.

    Raises ValueError if the part has no examples.
    """
    return result_when_done(report, Importance(run.build(), preparation, part=part, epoch=epoch))


def result_when_done(report: Report, work: Baselines | Importance) -> pd.DataFrame:
    """Return the result of the work when it is done."""
    while not work.advance(SLICE):
        report(Progress(work.share))
    return work.result()
