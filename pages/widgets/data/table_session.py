"""The visitor's table before it becomes a run: the open table and the choices for it.

A choice that is not possible gives a message and changes nothing. The run keeps the choices that
it was made with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, TypeVar, Unpack

from engine.data import Dataset
from engine.export import Project
from engine.language import marked, tr
from engine.tables import (
    Column,
    Prepared,
    ReadingOptions,
    Suggestion,
    Table,
    TableChoices,
    imbalance_notes,
    suggested_settings,
)
from engine.training import OWN, ChoiceValues, Config, Model, model_of, predicts_counts
from pages.figures.base.text import count, many
from pages.live.jobs.tables import OpenedProject, OpenedTable, TableSource
from pages.widgets.session import (
    OwnTable,
    current,
    epoch_shown,
    look_at,
    of_session,
    open_with,
    restore_run,
    session,
)
from pages.widgets.shell.progress import remote_work, wait_for

T = TypeVar("T")

LARGE_TABLE = 100_000  # cells, from which a data set takes more than some hundredths of a second
CUTTING = ("seed_of_data", "validation", "test", "folds", "fold", "scaling", "features")
STEPS = ("open", "columns", "train", "judge", "keep")


class DatasetBuilder:
    """Build the data set of a table for a Config, always with the same choices."""

    def __init__(
        self, data: bytes, table: Table, columns: tuple[Column, ...], choices: TableChoices
    ) -> None:
        self.data, self.table, self.columns, self.choices = data, table, columns, choices
        self.key: tuple[object, ...] = ()
        self.last: Prepared | None = None

    def __call__(self, config: Config) -> Dataset:
        return self.prepared(config).dataset

    def prepared(self, config: Config) -> Prepared:
        """Return the data set and how it was made; the last one is kept."""
        if self.last is None or self.key != self.key_of(config):
            self.keep(config, prepared_elsewhere(self.source, config))
        assert self.last is not None
        return self.last

    @property
    def source(self) -> TableSource:
        """Return what it builds from, as plain values."""
        return TableSource(self.table, self.columns, self.choices)

    def key_of(self, config: Config) -> tuple[object, ...]:
        """Return all that the data set depends on beside the choices for the table."""
        return (*(getattr(config, name) for name in CUTTING), predicts_counts(config))

    def keep(self, config: Config, prepared: Prepared) -> None:
        """Keep the data set that was made for a Config."""
        self.last, self.key = prepared, self.key_of(config)

    def place_of(self, example: int, config: Config) -> str:
        """Return the place of an example in its file, in words."""
        row, lines = int(self.prepared(config).rows[example]), self.table.lines
        words, number = (
            (marked("Line {line} of {file}"), lines[row])
            if len(lines) > row
            else (marked("Row {line} of {file}"), row + 1)
        )
        return tr(words, line=count(number), file=self.table.name)

    def choosing(self, **choices: Unpack[TableChoices]) -> DatasetBuilder:
        """Return a builder for the same table with these choices."""
        return DatasetBuilder(self.data, self.table, self.columns, {**self.choices, **choices})


def prepared_elsewhere(source: TableSource, config: Config) -> Prepared:
    """Return the data set for a Config; that of a large table is made in a process of its own."""
    if source.table.frame.size <= LARGE_TABLE:
        return source.prepared(config)
    return wait_for(remote_work("prepare table", source, config), lambda share: None)


@dataclass
class TableSession:
    """What one person has opened."""

    builder: DatasetBuilder | None = None  # with the choices on the screen
    plan: Config = field(default_factory=Config)  # what a run of it would begin with
    planned: bool = False  # whether the suggested settings are in the plan
    fault: str = ""  # why nothing can be learned from the table as it is
    step: str = "open"
    version: int = 0  # of what the editor of the columns shows
    seen: str = ""  # the last upload that was looked at
    reading: str = ""  # the file that is being read
    refused: str = ""  # why the last file was not taken
    untaken: tuple[bytes, str, ReadingOptions] | None = None  # it, its name, how it was read
    names: dict[str, bytes] = field(default_factory=dict)  # of the files that were opened: digests
    folds: object = None  # what pages/widgets/data/cross_validation.py is at
    kept: dict[tuple[object, ...], Any] | None = (
        None  # results that took a while, by what they are of
    )


def table_session() -> TableSession:
    """Return what this person has opened."""
    return of_session("own", TableSession)


def trained_builder() -> DatasetBuilder | None:
    """Return the builder of the current run, or None if it uses another data set."""
    table = session().table
    if table is None or session().config.dataset != OWN:
        return None
    return table.build if isinstance(table.build, DatasetBuilder) else None


def distinct_file_name(data: bytes, name: str) -> str:
    """Return the name of a file, with a number where another file of this name was opened."""
    digest, names, k = blake2b(data).digest(), table_session().names, 2
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    found = name
    while names.get(found, digest) != digest:
        found, k = f"{stem} ({k}){dot}{ending}", k + 1
    names[found] = digest
    return found


def table_in_words(table: Table) -> str:
    """Return the name and the size of a table."""
    rows, columns = table.frame.shape
    return tr(
        "{name} ({rows}, {columns})",
        name=table.name,
        rows=many(rows, "row"),
        columns=many(columns, "column"),
    )


def open_file(
    data: bytes,
    name: str,
    progress: Callable[[float], None] = lambda share: None,
    **overrides: Unpack[ReadingOptions],
) -> None:
    """Read a file and open its table; raise ValueError and keep the previous one if that fails."""
    plan, name = new_plan(), distinct_file_name(data, name)
    work = remote_work("open table", data, name, overrides, plan)
    found: OpenedTable = wait_for(work, progress)
    builder = DatasetBuilder(data, found.table, found.columns, {})
    if found.prepared is not None:
        builder.keep(plan, found.prepared)
    open_table(builder)


def new_plan() -> Config:
    """Return the settings that a run of a new table would begin with."""
    own, now = session(), session().config
    return own.opening.waiting or Config(dataset=OWN, seed=now.seed, data_seed=now.data_seed)


def open_table(builder: DatasetBuilder) -> None:
    """Open the table of this builder."""
    mine = table_session()
    mine.builder, mine.folds, mine.kept = builder, None, None
    mine.version += 1
    mine.planned = False
    mine.plan = new_plan()
    mine.refused, mine.untaken = "", None
    try_build(builder)


def try_build(builder: DatasetBuilder) -> None:
    """Build the data set once and plan a run; the reason of a failure is kept in `fault`."""
    mine = table_session()
    try:
        data = builder.prepared(mine.plan).dataset
    except ValueError as reason:
        mine.fault = str(reason)
        return
    mine.fault = ""
    if not mine.planned:
        mine.planned = True
        mine.plan = (
            mine.plan
            if session().opening.waiting
            else replace(mine.plan, **suggested_settings(data))
        )


def pending_suggestion() -> Suggestion | None:
    """Return the suggestion that waits for the visitor's word; None where the target is clear."""
    mine = table_session()
    if mine.builder is None or mine.fault:
        return None
    found = mine.builder.prepared(mine.plan).suggestion
    return None if found is None or found.sure else found


def change_choices(**choices: Unpack[TableChoices]) -> None:
    """Change choices for the table; a choice that fails is reported and not kept."""
    mine = table_session()
    if mine.builder is None:
        return
    builder = mine.builder.choosing(**choices)
    mine.version += 1
    try:
        builder.prepared(mine.plan)
    except ValueError as reason:
        session().notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    mine.builder = builder
    try_build(builder)


def change_plan(**choices: Any) -> None:
    """Change settings of the next run."""
    mine = table_session()
    try:
        mine.plan = replace(mine.plan, **choices)
    except ValueError as reason:
        session().notes.append(tr("{reason} Nothing was changed.", reason=reason))


def train() -> None:
    """Start a run of the table, with the current settings if it already has one."""
    mine = table_session()
    if mine.builder is None or mine.fault or pending_suggestion():
        return
    data, before = mine.builder(mine.plan), trained_builder()
    config = mine.plan
    if before is not None and before.table is mine.builder.table:
        parts = {name: getattr(config, name) for name in ("validation", "test", "class_weights")}
        same = current()[1].task == data.task
        free: ChoiceValues = {} if same else {"output": "auto", "loss": "auto"}
        config = replace(session().config, **parts, **free)
    session().table = OwnTable(mine.builder, mine.builder.table.name, suggested_settings(data))
    goto, session().opening.waiting = (
        session().opening.goto if session().opening.waiting else 0,
        None,
    )
    open_with(config)
    session().opening.goto = goto
    mine.step, mine.folds, mine.kept = "train", None, None


def open_saved(data: bytes, progress: Callable[[float], None]) -> None:
    """Open a project file and restore it. Raises ValueError if that fails."""
    found: OpenedProject = wait_for(remote_work("open project", data), progress)
    restore_project(found.restored())


def restore_project(project: Project) -> None:
    """Restore a project as it was saved."""
    if project.table is not None and project.prepared is not None:
        table = replace(project.table, name=distinct_file_name(project.data, project.table.name))
        builder = DatasetBuilder(project.data, table, project.prepared.columns, project.choices)
        if table.name == project.table.name:  # it is also the name of the data set
            builder.keep(project.run.config, project.prepared)
        builder.prepared(project.run.config)
        open_table(builder)
        table_session().plan, table_session().planned = project.run.config, True
        suggested = suggested_settings(project.run.dataset)
        session().table = OwnTable(builder, table.name, suggested)
    session().opening.waiting = None
    restore_run(project.run, project.epoch)
    table_session().step = "train"


def pick_epoch(epoch: int) -> None:
    """Put this epoch on the screen, in the player too."""
    session().opening.goto, session().asked = 0, None  # what the player asked before is of the past
    look_at(epoch)


def shown_model() -> Model:
    """Return the network at the epoch shown."""
    return model_of(current()[0], epoch_shown())


def imbalance_sentence(data: Dataset) -> str:
    """Return the sentence on classes of very different size; "" if they are even."""
    return " ".join(imbalance_notes(data))


def result_key(name: str) -> tuple[object, ...]:
    """Return the key of a result: its name, the run and the epoch shown."""
    run = current()[0]
    return (name, session().run_number, epoch_shown(), run.epochs, *run.events)


def kept_result(name: str) -> Any:
    """Return the result of this name, or None if it was not computed yet."""
    return (table_session().kept or {}).get(result_key(name))


def keep_result(name: str, made: object) -> None:
    """Keep a result of this name for the run and the epoch on the screen."""
    mine, key = table_session(), result_key(name)
    mine.kept = {old: one for old, one in (mine.kept or {}).items() if old[1:] == key[1:]}
    mine.kept[key] = made


def compute_once(name: str, make: Callable[[], T]) -> T:
    """Return the result of `make`, computed once for the run and the epoch shown."""
    key = result_key(name)
    if key not in (table_session().kept or {}):
        keep_result(name, make())
    return (table_session().kept or {})[key]
