"""Preprocessor: how a row of text becomes inputs of a network; saved with the model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.language import many, tr
from engine.tables.columns.cell import Reading, name_in
from engine.tables.columns.cell_types import Array, read_values
from engine.tables.columns.values import Values, values_of

OTHER, GONE = "other", "missing"
FILLED, NEW, OUTSIDE = 1, 2, 3  # marks of cells that were not read as usual


class Field(NamedTuple):
    """How one column of a table becomes one or more inputs of the network."""

    name: str
    reading: Reading
    fill: float = 0.0  # for a missing number
    flag: bool = False  # whether an extra input marks missing cells
    categories: tuple[str, ...] = ()  # each has one input
    base: str = ""  # the other category if there are only two; its input is 0
    other: bool = False  # whether rare and unknown categories share an input
    gone: bool = False  # whether missing cells have an input
    low: float | None = None  # the lowest number in the training part
    high: float | None = None  # the highest
    rare: tuple[str, ...] = ()  # categories of the training part that share the input OTHER

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs."""
        if self.categories:
            extra = (OTHER,) * self.other + (GONE,) * self.gone
            return tuple(f"{self.name} = {one}" for one in (*self.categories, *extra))
        yes = f" = {self.reading.pair[1]}" if self.reading.pair[1:2] not in ((), ("1",)) else ""
        unit = f" ({self.reading.unit})" if self.reading.unit else ""
        return (f"{self.name}{yes}{unit}", *((f"{self.name} = {GONE}",) * self.flag))


class Cells(NamedTuple):
    """The inputs made from the cells of one column, per different value."""

    codes: Array  # (n,) which value each row has; -1, the last one, if missing
    inputs: Array  # (inputs, m + 1) of each value; the last one is that of a missing cell
    marks: Array  # (m + 1,) 0, FILLED, NEW or OUTSIDE
    values: Values

    def count(self, mark: int) -> int:
        """Return how many rows have the mark."""
        return int(np.count_nonzero(self.marks[self.codes] == mark))

    def marked(self, mark: int) -> list[str]:
        """Return the different values that have the mark, without missing cells."""
        return [self.values.values[i].strip() for i in np.flatnonzero(self.marks[:-1] == mark)]


@dataclass(frozen=True)
class Preparation:
    """The rules that turn a row of text into inputs, and outputs into a prediction."""

    target: str
    task: str
    reading: Reading  # of a regression target
    classes: tuple[str, ...]
    fields: tuple[Field, ...]
    left_out: tuple[tuple[str, str], ...] = ()  # (column, why)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return the names of the r inputs."""
        return tuple(name for field in self.fields for name in field.inputs)

    @property
    def origins(self) -> tuple[int, ...]:
        """Return the index of the column that each input comes from."""
        return tuple(k for k, field in enumerate(self.fields) for _ in field.inputs)

    def apply(self, frame: pd.DataFrame, own: bool = False) -> tuple[Array, list[str]]:
        """Return the raw inputs (r, n) of the rows of a table of text, and notes on its cells.

        `own` says that it is the training table, whose unreadable cells are reported elsewhere.
        Raises ValueError if a column is not in the table.
        """
        self.require(frame)
        rows, notes = [], []
        for field in self.fields:
            cells = field_cells(field, values_of(frame[field.name], field.reading))
            rows.append(cells.inputs[:, cells.codes])
            notes += unknown_cell_notes(field, cells) if field.categories or not own else []
        return np.vstack(rows), notes

    def require(self, frame: pd.DataFrame) -> None:
        """Raise ValueError if a column that the network needs is not in the table."""
        gone = [field.name for field in self.fields if field.name not in frame.columns]
        if gone:
            raise ValueError(
                tr("The table has no column {names}.", names=tr(", ").join(map(repr, gone)))
            )

    def truth(self, frame: pd.DataFrame) -> Array:
        """Return the targets (n,) as class indices or numbers; -1 or nan where there is none."""
        distinct = values_of(frame[self.target], self.reading)
        if self.task == "regression":
            return values_by_row(read_values(distinct.values, self.reading), distinct.codes)
        classes = same_names(pd.Index(self.classes, dtype=object), self.reading)
        place = {name: k for k, name in enumerate(classes)}
        names = same_names(distinct.values, self.reading)
        return np.array([*(place.get(name, -1) for name in names), -1], dtype=np.intp)[
            distinct.codes
        ]

    def as_dict(self) -> dict[str, object]:
        """Return the same as dictionaries, lists, strings and numbers, for JSON."""
        plain = asdict(self)
        plain["reading"] = self.reading._asdict()
        plain["fields"] = [
            {**one._asdict(), "reading": one.reading._asdict()} for one in self.fields
        ]
        return plain


def preparation_from_dict(plain: dict[str, Any]) -> Preparation:
    """Return the preparation that `as_dict` wrote."""
    own = tuple(
        Field(**one)._replace(
            reading=reading_from(one["reading"]),
            categories=tuple(one.get("categories", ())),
            rare=tuple(one.get("rare", ())),
        )
        for one in plain["fields"]
    )
    return Preparation(
        target=plain["target"],
        task=plain["task"],
        reading=reading_from(plain["reading"]),
        classes=tuple(plain["classes"]),
        fields=own,
        left_out=tuple((name, why) for name, why in plain["left_out"]),
    )


def reading_from(plain: dict[str, Any]) -> Reading:
    """Return the reading that `as_dict` wrote."""
    lists: dict[str, Any] = {k: tuple(v) for k, v in plain.items() if isinstance(v, list | tuple)}
    return Reading(**{**plain, **lists})


def same_names(values: pd.Index, reading: Reading) -> list[str | float]:
    """Return what identifies each value as a class: its number, or its name without spelling."""
    if reading.kind == "text":
        return [name_in(value, reading) for value in values]
    numbers = read_values(values, reading).tolist()
    return [name_in(value) if n != n else n for value, n in zip(values, numbers, strict=True)]


def values_by_row(numbers: Array, codes: Array) -> Array:
    """Return the number of each row (n,) from those of the values (m,); nan where it has none."""
    return np.append(numbers, np.nan)[codes]  # code -1 is the last one


def field_cells(field: Field, distinct: Values) -> Cells:
    """Return the inputs that a column with these values becomes, and marks on its cells."""
    return category_cells(field, distinct) if field.categories else number_cells(field, distinct)


def number_cells(field: Field, distinct: Values) -> Cells:
    """Return the inputs of numbers, dates, times or yes and no; missing cells are filled."""
    numbers = np.append(read_values(distinct.values, field.reading), np.nan)
    gone = np.isnan(numbers)
    inputs = np.vstack([np.where(gone, field.fill, numbers), *([gone * 1.0] * field.flag)])
    marks = np.where(gone, FILLED, 0)
    if field.low is not None and field.high is not None and field.reading.kind != "yes/no":
        marks[(numbers < field.low) | (numbers > field.high)] = OUTSIDE
    return Cells(distinct.codes, inputs, marks, distinct)


def category_cells(field: Field, distinct: Values) -> Cells:
    """Return the inputs of a column of categories; one not in the training part is marked NEW."""
    place = {name_in(name, field.reading): k for k, name in enumerate(field.categories)}
    base, *rare = (name_in(name, field.reading) for name in (field.base, *field.rare))
    names, known = [name_in(one, field.reading) for one in distinct.values], {base, *place, *rare}
    rest = len(place) if field.other else -1
    slots = [place.get(name, -1 if name == base else rest) for name in names]
    slots.append(len(place) + field.other if field.gone else -1)
    marks = [0 if name in known else NEW for name in names]
    marks.append(0 if field.gone else FILLED)
    inputs = (np.array(slots) == np.arange(len(field.inputs))[:, None]).astype(float)
    return Cells(distinct.codes, inputs, np.array(marks), distinct)


def unknown_cell_notes(field: Field, cells: Cells) -> list[str]:
    """Return a sentence on cells that could not be read, or on categories that are new."""
    if not field.categories:
        count = cells.count(FILLED) - int((cells.codes < 0).sum())
        return [unread_note(field.name, count)] if count else []
    new = cells.marked(NEW)
    return [listed_new(field.name, new)] if new and not field.other else []


def unread_note(column: str, count: int) -> str:
    """Return the sentence on cells of a column that could not be read."""
    return tr("'{column}': {cells} could not be read.", column=column, cells=many(count, "cell"))


def listed_new(column: str, names: list[str], most: int = 10) -> str:
    """Return "'column': 'a' is new.", "'a' and 'b' are new.", or with "5 more are new."."""
    quoted = [f"'{name[:40]}'" for name in names[:most]]
    if len(names) > most:
        quoted.append(tr("{number:,} more", number=len(names) - most))
    first, last = tr(", ").join(quoted[:-1]), quoted[-1]
    if not first:
        return tr("'{column}': {name} is new.", column=column, name=last)
    return tr("'{column}': {names} and {last} are new.", column=column, names=first, last=last)
