"""Experiments on the page Compare: many seeds of the same settings."""

from __future__ import annotations

from dataclasses import replace

from engine.batched import SeedSweep, SweepResult, with_seeds
from engine.data import Dataset
from engine.problems import PROBLEMS, load
from engine.training import OWN, Config
from pages.live.jobs.process import SLICE, Progress, Report
from pages.live.jobs.tables import TableSource


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
