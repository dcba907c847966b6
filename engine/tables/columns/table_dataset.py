"""Table data set: a table of text becomes a data set; the steps can be applied to another table.

All that is learned from the data (what fills a missing cell, which categories exist, mean and
standard deviation) is learned from the training part only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypedDict

import numpy as np

from engine.data import Dataset
from engine.language import many, marked, tr, tr_many
from engine.problems import prepare_inputs, split_parts
from engine.tables.columns.cell import Reading
from engine.tables.columns.cell_types import Array, read_values
from engine.tables.columns.column_profile import Column, ReadingChange, column_of, profile
from engine.tables.columns.leakage import find_leaks
from engine.tables.columns.preprocessor import Field, Preparation, same_names, values_by_row
from engine.tables.columns.target_suggestion import MOST_CLASSES, Suggestion, suggest, task_of
from engine.tables.columns.values import Values, values_of
from engine.tables.reading.reader import Table
from engine.training import Config

MOST_ROWS, MOST_INPUTS = 50_000, 200
RARE, SHOWN = 0.01, 20  # a category with a smaller share is rare; most per column
MOST_NAMED = 12  # columns that a sentence names
FLAG_SHARE = 0.05  # with more missing cells, an extra input marks them
DEFAULT_CONFIG = Config()
IMPUTE: dict[str, Callable[[Array], float]] = {  # what replaces a missing number
    "median": lambda numbers: float(np.median(numbers)),
    "mean": lambda numbers: float(np.mean(numbers)),
    "zero": lambda numbers: 0.0,
}


class Prepared(NamedTuple):
    """A data set and how it was made from its table."""

    dataset: Dataset
    preparation: Preparation
    rows: Array  # (n,) which rows of the table the examples are
    columns: tuple[Column, ...]
    suggestion: Suggestion | None = None  # where no target was given


def to_dataset(table: Table, target: str | None = None, **choices: Any) -> Dataset:
    """Return the data set of a table; see `prepare`."""
    return prepare(table, target, **choices).dataset


class TableChoices(TypedDict, total=False):
    """The choices of a person for a table: arguments of `prepare`."""

    target: str
    task: str
    impute: str
    leave_out: Sequence[str]
    keep: Sequence[str]
    kinds: Mapping[str, str]
    readings: Mapping[str, ReadingChange]


def prepare(
    table: Table,
    target: str | None = None,
    *,
    task: str = "",
    config: Config = DEFAULT_CONFIG,
    impute: str = "median",
    leave_out: Sequence[str] = (),
    keep: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    readings: Mapping[str, ReadingChange] | None = None,
    columns: Sequence[Column] | None = None,
) -> Prepared:
    """Return the data set of a table, split and scaled as `config` says, and how it was made.

    Without a target the suggested one is taken. `leave_out` names columns that are not used, `keep`
    columns that are used although they would be left out, `kinds` columns that are a number or a
    category. `readings` says how cells are read: for a column a dictionary of some of READING_KEYS,
    such as {"price": {"decimal": ","}, "T": {"codes": [-9999]}}. Raises ValueError if no column or
    no row is left.
    """
    columns = apply_overrides(table, columns or profile(table), kinds or {}, readings or {})
    target, task, notes, found = chosen_target(table, target, task, columns)
    y, classes, reading = target_of(table, target, task, columns)
    shell, rows, sentences = split_examples(table, target, (y, classes, reading), config)
    columns, out = exclude_columns(table, target, columns, (leave_out, keep), y)
    used = used_columns(columns, target, out)
    fields, more = fields_of(table, used, rows[shell.train], impute)
    preparation = Preparation(target, task, reading, classes, fields, tuple(out.items()))
    X, unread = preparation.apply(table.frame.iloc[rows], own=True)
    notes += [*sentences, *more, *unread, *imbalance_notes(shell), *shell.notes]
    data = add_inputs(shell, X, preparation, config).noting(*notes)
    return Prepared(data, preparation, rows, columns, found)


def split_examples(
    table: Table, target: str, answer: tuple[Array, tuple[str, ...], Reading], config: Config
) -> tuple[Dataset, Array, list[str]]:
    """Return a data set without inputs, its rows of the table (n,), and notes on the other rows."""
    y, classes, reading = answer
    rows, sentences = usable_rows(y, classes, config.seed_of_data)
    return (
        split_parts(dataset_of_targets(table, target, y[rows], classes, reading), config),
        rows,
        sentences,
    )


def remark_on(column: Column) -> list[str]:
    """Return a sentence with the remark on a column."""
    if not column.note:
        return []
    return [tr("'{column}': {note}.", column=column.name, note=column.note)]


def apply_overrides(
    table: Table,
    columns: Sequence[Column],
    kinds: Mapping[str, str],
    readings: Mapping[str, ReadingChange],
) -> tuple[Column, ...]:
    """Return the columns, those named in `kinds` or `readings` read as chosen there."""
    chosen = {*kinds, *readings}
    return tuple(
        column_of(table, one.name, kinds.get(one.name, ""), readings.get(one.name))
        if one.name in chosen
        else one
        for one in columns
    )


def add_inputs(shell: Dataset, X: Array, preparation: Preparation, config: Config) -> Dataset:
    """Return the data set with inputs X (r, n), expanded and scaled as `config` says."""
    names, origins = preparation.input_names, preparation.origins
    data = replace(shell, inputs=X, input_names=names, origins=origins)
    return prepare_inputs(replace(data, features=(), mean=np.empty(0), notes=()), config)


def dataset_of_targets(
    table: Table, target: str, y: Array, classes: tuple[str, ...], reading: Reading
) -> Dataset:
    """Return a data set that has targets y (n,), but no inputs yet."""
    name = f"{target} ({reading.unit})" if reading.unit else target
    return Dataset(
        name=table.name or "Your data",
        task="classification" if classes else "regression",
        inputs=np.zeros((1, len(y))),
        input_names=("",),
        targets=y if classes else y[None],
        classes=classes,
        target_names=() if classes else (name,),
        target_units=() if classes else (reading.unit,),
    )


def fields_of(
    table: Table, used: Sequence[Column], train: Array, impute: str
) -> tuple[tuple[Field, ...], list[str]]:
    """Return how the columns become at most MOST_INPUTS inputs, and notes.

    `train` (k,) are the rows of the training part. Raises ValueError if `impute` is unknown.
    """
    if impute not in IMPUTE:
        raise ValueError(
            tr(
                "impute must be one of {allowed}; '{given}' was given.",
                allowed=", ".join(IMPUTE),
                given=impute,
            )
        )
    fields, count, sentences = [], 0, []
    for column in used:
        distinct = values_of(table.frame[column.name].iloc[train], column.reading)
        field = field_of(column, distinct, impute)
        count += len(field.inputs)
        if count > MOST_INPUTS and fields:
            return tuple(fields), [*sentences, limit_note(len(fields), count - len(field.inputs))]
        fields.append(field)
        sentences += remark_on(column)
    return tuple(fields), sentences


def limit_note(columns: int, made: int) -> str:
    """Return the sentence on the columns that are used because there may be no more inputs."""
    return tr_many(
        columns,
        "Only the first usable column is used, because it makes {inputs}.",
        "Only the first usable {n} columns are used, because they make {inputs}.",
        inputs=many(made, "input"),
    )


def chosen_target(
    table: Table, target: str | None, task: str, columns: Sequence[Column]
) -> tuple[str, str, list[str], Suggestion | None]:
    """Return target, task, notes, and the suggestion if no target was given.

    Raises ValueError if the table has no rows, or target and task do not fit together.
    """
    if not len(table.frame):
        raise ValueError(tr("The table has no rows, so there is nothing to learn from."))
    if target is not None:
        return *requested_target(target, task, columns, len(table.frame)), None
    found = suggest(table, columns)
    best = next(column for column in columns if column.name == found.target)
    words = (
        marked("'{target}' is predicted, because {reason}.")
        if found.sure
        else marked(
            "It is not certain which column to predict. '{target}' is predicted, because {reason}."
        )
    )
    sentence = tr(words, target=found.target, reason=found.reason)
    return found.target, task or found.task, [sentence, *remark_on(best)], found


def requested_target(
    target: str, task: str, columns: Sequence[Column], n: int
) -> tuple[str, str, list[str]]:
    """Return the requested target, its task, and notes.

    Raises ValueError if the column does not exist or cannot be the target of this task.
    """
    column = next((column for column in columns if column.name == target), None)
    if column is None:
        raise ValueError(tr("The table has no column '{target}'.", target=target))
    if column.distinct < 2:
        values = many(column.distinct, "value")
        raise ValueError(
            tr("'{target}' has {values}; at least 2 are needed.", target=target, values=values)
        )
    own = task or task_of(column._replace(reason=""), n)
    numeric = column.kind in ("number", "id", "yes/no") and column.reading.kind != "text"
    if not own:
        own = "regression" if numeric else "classification"
    if own == "regression" and not numeric:
        raise ValueError(
            tr("'{target}' does not hold numbers, so a regression is not possible.", target=target)
        )
    return target, own, remark_on(column)


def target_of(
    table: Table, target: str, task: str, columns: Sequence[Column]
) -> tuple[Array, tuple[str, ...], Reading]:
    """Return the targets (n,), the class names, and how the column is read.

    The targets are class indices, -1 for a missing one, or numbers, nan for a missing one. Raises
    ValueError if there are too few or too many classes.
    """
    column = next(column for column in columns if column.name == target)
    distinct, reading = values_of(table.frame[target], column.reading), column.reading
    if task == "regression":
        return values_by_row(read_values(distinct.values, reading), distinct.codes), (), reading
    words = classes_of(distinct, reading)
    if not 2 <= len(words) <= MOST_CLASSES:
        count = many(len(words), "class", "classes")
        raise ValueError(
            tr(
                "'{target}' has {count}; 2 to {most} are possible.",
                target=target,
                count=count,
                most=MOST_CLASSES,
            )
        )
    place = {key: k for k, key in enumerate(words)}
    indices = [*(place.get(key, -1) for key in same_names(distinct.values, reading)), -1]
    return np.array(indices, dtype=np.intp)[distinct.codes], tuple(words.values()), reading


def classes_of(distinct: Values, reading: Reading) -> dict[str | float, str]:
    """Return the name of each class by what identifies it, sorted; numbers are sorted by size.

    A class has its most frequent spelling as name; a cell that is not a number has no class.
    """
    keys = same_names(distinct.values, reading)
    words: dict[str | float, str] = {}
    for i in np.argsort(-distinct.counts, kind="stable"):
        if reading.kind == "text" or not isinstance(keys[i], str):
            words.setdefault(keys[i], distinct.values[i].strip())
    by_name = reading.kind not in ("number", "yes/no")
    return dict(sorted(words.items(), key=lambda one: one[1] if by_name else one[0]))


def usable_rows(y: Array, classes: tuple[str, ...], seed: int) -> tuple[Array, list[str]]:
    """Return the rows (k,) that have a target in y (n,), at most MOST_ROWS, and notes.

    Raises ValueError if fewer than two rows have a target.
    """
    rows, notes = np.flatnonzero(y >= 0 if classes else np.isfinite(y)), []
    if len(rows) < len(y):
        notes.append(
            tr_many(
                len(y) - len(rows),
                "{n} row has no target and is not used.",
                "{n} rows have no target and are not used.",
            )
        )
    if len(rows) < 2:
        raise ValueError(
            tr_many(
                len(rows),
                "{n} row has a target; at least 2 are needed.",
                "{n} rows have a target; at least 2 are needed.",
            )
        )
    if len(rows) > MOST_ROWS:
        notes.append(
            tr(
                "{used:,} of {rows:,} rows are used, drawn at random by the seed.",
                used=MOST_ROWS,
                rows=len(rows),
            )
        )
        draw = np.random.default_rng([seed, 2])
        order = draw.permutation(rows)
        if classes:  # every class keeps its share: take rows evenly from the sorted ones
            order = order[np.argsort(y[order], kind="stable")]
            order = order[np.linspace(0, len(order) - 1, MOST_ROWS).round().astype(int)]
        rows = np.sort(order[:MOST_ROWS])
    return rows, notes


def exclude_columns(
    table: Table, target: str, columns: Sequence[Column], choices: tuple, y: Array
) -> tuple[tuple[Column, ...], dict[str, str]]:
    """Return the columns, and why each one that is not used is left out; y (n,) are the targets."""
    leave, keep = choices
    columns = with_counting(columns, target, leave, keep)
    own = {column.name: column.reason for column in columns if column.reason}
    good = [column for column in columns if not column.reason and column.name != target]
    found = find_leaks(table, good, y)
    if len(found) < len(good):  # if all columns were excluded, none would be left
        own |= found
    own = {name: why for name, why in own.items() if name not in keep and name != target}
    return columns, {**own, **dict.fromkeys(leave, tr("you chose to leave it out"))}


def with_counting(
    columns: Sequence[Column], target: str, leave: Sequence[str], keep: Sequence[str]
) -> tuple[Column, ...]:
    """Return the columns; those that number the rows are used if there is no other column."""
    rest = [one for one in columns if one.name != target and one.name not in leave]
    if any(not one.reason or one.name in keep for one in rest):
        return tuple(columns)
    able = {one.name for one in rest if one.kind == "id" and one.reading.kind == "number"}
    note = tr("it may number the rows, but no other column is left")
    return tuple(
        one._replace(kind="number", reason="", note=note) if one.name in able else one
        for one in columns
    )


def used_columns(columns: Sequence[Column], target: str, out: Mapping[str, str]) -> list[Column]:
    """Return the columns that are used.

    Raises ValueError, with the reason for each column, if there is none.
    """
    used = [column for column in columns if column.name != target and column.name not in out]
    if used:
        return used
    reasons = [
        tr("'{name}' ({why})", name=name, why=why) for name, why in out.items() if name != target
    ]
    if not reasons:
        raise ValueError(
            tr("The table has no other column to predict '{target}' from.", target=target)
        )
    named = tr(", ").join(reasons[:MOST_NAMED])
    if len(reasons) > MOST_NAMED:
        more = many(len(reasons) - MOST_NAMED, "more column")
        named = tr("{first} and {last}", first=named, last=more)
    raise ValueError(
        tr(
            "No column is left to predict '{target}' from. Left out: {columns}. "
            "Keep one of them, or predict another column.",
            target=target,
            columns=named,
        )
    )


def field_of(column: Column, distinct: Values, impute: str) -> Field:
    """Return how a column becomes inputs, learned from its values in the training rows."""
    gone = float((distinct.codes < 0).mean())
    if column.reading.kind != "text":
        numbers = values_by_row(read_values(distinct.values, column.reading), distinct.codes)
        good = numbers[~np.isnan(numbers)]
        fill = IMPUTE[impute](good) if len(good) else 0.0
        low, high = (float(good.min()), float(good.max())) if len(good) else (None, None)
        flag = gone > FLAG_SHARE
        return Field(column.name, column.reading, fill, flag, low=low, high=high)
    return category_field(column, distinct, gone)


def category_field(column: Column, distinct: Values, gone: float) -> Field:
    """Return how a column of categories becomes inputs; `gone` is the share of missing cells."""
    names = Counter()
    for value, often in zip(distinct.values, distinct.counts, strict=True):
        names[value.strip()] += int(often)
    ranked = sorted(names, key=lambda name: (-names[name], name))
    often = [name for name in ranked if names[name] >= RARE * len(distinct.codes)] or ranked
    often = often[:SHOWN]
    if len(ranked) - len(often) <= 1:  # a single rare category gets its own input
        often = ranked
    if len(ranked) == 2 and not gone:
        return Field(column.name, column.reading, categories=(max(ranked),), base=min(ranked))
    rare, often = tuple(sorted({*ranked} - {*often})), tuple(sorted(often))
    return Field(
        column.name,
        column.reading,
        categories=often,
        other=bool(rare),
        gone=gone > 0,
        rare=rare,
    )


def imbalance_notes(data: Dataset) -> list[str]:
    """Return a sentence if classes differ much in size."""
    if not data.classes:
        return []
    counts = np.bincount(data.targets, minlength=len(data.classes))
    most, least = int(counts.argmax()), int(counts.argmin())
    if counts[least] >= 0.25 * counts[most]:
        return []
    return [
        tr(
            "'{most}' has {share:.0%} of the rows and '{least}' {least_share:.1%}: "
            "accuracy alone is misleading, and balanced class weights help.",
            most=data.classes[most],
            share=counts[most] / data.n,
            least=data.classes[least],
            least_share=counts[least] / data.n,
        )
    ]
