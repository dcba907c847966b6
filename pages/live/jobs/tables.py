"""Reading tables: what a page needs of a file before its first picture."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, cast

from engine.data import Dataset
from engine.export import Project, open_project
from engine.language import tr
from engine.tables import (
    Column,
    Prepared,
    ReadingOptions,
    Table,
    TableChoices,
    column_of,
    prepare,
    read_table,
)
from engine.training import Config, state_of_run
from pages.live.jobs.process import Progress, Report
from pages.live.view import Specification

READ = 0.7  # share of the time that reading takes; understanding the columns takes the rest


class TableSource(NamedTuple):
    """What a data set of a visitor's own table is made from."""

    table: Table
    columns: tuple[Column, ...]
    choices: TableChoices

    def prepared(self, config: Config) -> Prepared:
        """Return the data set for a Config and how it was made. Raises ValueError without one."""
        return prepare(self.table, config=config, columns=self.columns, **self.choices)

    def dataset(self, config: Config) -> Dataset:
        """Return the data set for a Config. Raises ValueError if there is none."""
        return self.prepared(config).dataset


class OpenedTable(NamedTuple):
    """A table, its columns, and its data set with the choices that are suggested."""

    table: Table
    columns: tuple[Column, ...]
    prepared: Prepared | None  # None: no data set can be made without other choices


class OpenedProject(NamedTuple):
    """The content of a project file, as plain values."""

    run: Specification
    project: Project  # without its run

    def restored(self) -> Project:
        """Return the project with its run."""
        return self.project._replace(run=self.run.build())


def read_only(report: Report, data: bytes, name: str, overrides: ReadingOptions) -> Table:
    """Return the table in the bytes of a CSV. Raises ValueError if there is none."""
    return read_table(
        data, name, progress=lambda share: report(Progress(min(share, 1.0))), **overrides
    )


def read_and_prepare(
    report: Report, data: bytes, name: str, overrides: ReadingOptions, config: Config
) -> OpenedTable:
    """Return the table in the bytes of a CSV with its columns and its data set for a Config.

    Raises ValueError if there is no table, or if it is empty.
    """
    table = read_only(
        lambda progress: report(Progress(READ * progress.share)), data, name, overrides
    )
    if not table.frame.shape[1] or not len(table.frame):
        raise ValueError(
            table.notes[-1] if not table.frame.shape[1] else tr("The table has no rows.")
        )
    columns, names = [], list(table.frame.columns)
    for place, column in enumerate(names):
        columns.append(column_of(table, column))
        report(Progress(READ + (1 - READ) * (place + 1) / len(names)))
    source = TableSource(table, tuple(columns), {})
    try:
        return OpenedTable(table, source.columns, source.prepared(config))
    except ValueError:  # the page shows the reason beside the choices
        return OpenedTable(table, source.columns, None)


def prepare_table(report: Report, source: TableSource, config: Config) -> Prepared:
    """Return the data set of a table for a Config and how it was made.

    Raises ValueError if there is none.
    """
    return source.prepared(config)


def read_project(report: Report, data: bytes) -> OpenedProject:
    """Return the project in a file. Raises ValueError if the bytes are not a project."""
    project, nothing = open_project(data), cast(Any, None)
    run = project.run
    state = state_of_run(run, most_bytes=math.inf)
    made_from = Specification(run.config, run.dataset, tuple(run.events), state)
    return OpenedProject(made_from, project._replace(run=nothing))
