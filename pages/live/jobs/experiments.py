"""Experiments on the page Compare: many seeds of the same settings, and the loss landscape."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from engine.analysis import Landscape, LandscapeResult, LineSearch, search_line
from engine.batched import SeedSweep, SweepResult, with_seeds
from engine.data import Dataset
from engine.problems import PROBLEMS, load
from engine.training import OWN, Config
from pages.live.jobs.process import SLICE, Progress, Report
from pages.live.jobs.tables import TableSource
from pages.live.view import Specification


def sweep_seeds(
    report: Report, config: Config, count: int, epochs: int, table: TableSource | None
) -> SweepResult:
    """Return the result of training with the seeds 0 to `count` - 1.

    `table` is the visitor's own table, None for a built-in problem. Raises ValueError if a data set
    cannot be made or trained.
    """
    configs = with_seeds(replace(config, start=""), range(count))
    datasets: list[Dataset] = []
    for one in configs:
        datasets.append(datasets[0] if datasets and is_fixed(one) else data_of(one, table))
        report(Progress(0.0))
    sweep = SeedSweep(configs[0], range(count), datasets, epochs)
    while not sweep.advance(SLICE):
        report(Progress(sweep.share, sweep.left))
    return sweep.result


def is_fixed(config: Config) -> bool:
    """Return whether the data are the same for every seed."""
    return config.dataset != OWN and PROBLEMS[config.dataset].kind == "fixed"


def data_of(config: Config, table: TableSource | None) -> Dataset:
    """Return the data set of a Config."""
    return table.dataset(config) if table and config.dataset == OWN else load(config)


class Surveyed(NamedTuple):
    """The loss around the weights of a run, and along its next step."""

    land: LandscapeResult
    along: LineSearch


def survey(
    report: Report, run: Specification, epoch: int, kind: str, points: int, seed: int
) -> Surveyed:
    """Return the landscape of a run at an epoch, and its line search.

    Raises ValueError if there is no plane, as before the first epoch.
    """
    trained = run.build()
    land = Landscape(trained, epoch, kind, points, seed)
    while not land.advance(SLICE):
        report(Progress(land.share))
    return Surveyed(land.result, search_line(trained, epoch))
