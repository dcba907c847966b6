"""Prediction: the network's outputs for the rows of a table, and which cells it could not read.

A column that is not written as in the training table raises an error: if all of its cells were
replaced, all rows would get the same prediction. Single such cells are marked, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.language import marked, tr, tr_many
from engine.number_format import number
from engine.tables import (
    FILLED,
    NAMED_MARK,
    NEW,
    OTHER_MARK,
    OUTSIDE,
    Array,
    Cells,
    Field,
    Preparation,
    Values,
    as_date,
    decimal_of,
    field_cells,
    read_values,
    values_of,
)
from engine.time_slice import work_for
from engine.training import Model

PIECE_ROWS = 20_000  # rows that are predicted at once
MOST_NAMED = 10  # most categories or lines in a sentence
MARKS = {
    FILLED: marked("filled in"),
    NEW: marked("new category"),
    OUTSIDE: marked("outside the training range"),
}
BLANK = marked("blank row, not predicted")
PREDICTED, PROBABILITY = "predicted ", "probability of "


HEADINGS = {  # the beginning of a column's name -> the heading of this column on a page
    PREDICTED: marked("predicted {name}"),
    PROBABILITY: marked("probability of {name}"),
}


class Predicted(NamedTuple):
    """The network's predictions for the rows of a table."""

    added: pd.DataFrame  # new columns for the table, with new names
    answers: Array  # (n,) class indices, -1 for a blank row; or numbers, nan for a blank row
    marked: Array  # (n,) True where a cell was replaced or marked
    notes: list[str]


class Predicting:
    """The prediction of a table; the work can be done in slices of time."""

    def __init__(
        self,
        model: Model,
        preparation: Preparation,
        frame: pd.DataFrame,
        lines: Sequence[int] | Array = (),
        other: bool = True,  # whether it is not the training table
    ) -> None:
        preparation.require(frame)
        self.model, self.preparation, self.frame = model, preparation, frame
        self.lines = lines if len(lines) == len(frame) else ()
        self.other, self.cells = other, list[Cells]()
        self.outputs: list[Array] = []  # (K, rows) of one piece each

    def advance(self, seconds: float = np.inf) -> bool:
        """Work for about `seconds`; return whether all rows are predicted.

        Raises ValueError if a column is not written as in the training table.
        """
        return work_for(seconds, self.step, lambda: self.done)

    def step(self) -> None:
        """Read the next column, or predict the next piece once all are read."""
        fields = self.preparation.fields
        if len(self.cells) < len(fields):
            field = fields[len(self.cells)]
            distinct = values_of(self.frame[field.name], field.reading)
            if self.other:
                check_form(field, distinct, self.lines)
            self.cells.append(field_cells(field, distinct))
        else:
            self.outputs.append(self.piece(len(self.outputs) * PIECE_ROWS))

    @property
    def pieces(self) -> int:
        """Return the number of pieces of at most ROWS rows."""
        return -(-len(self.frame) // PIECE_ROWS)

    @property
    def done(self) -> bool:
        """Return whether all rows are predicted."""
        return len(self.cells) == len(self.preparation.fields) and len(self.outputs) == self.pieces

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        steps = len(self.preparation.fields) + self.pieces
        return (len(self.cells) + len(self.outputs)) / max(steps, 1)

    def piece(self, first: int) -> Array:
        """Return the outputs (K, rows) for the rows of the table from index `first` on."""
        rows = slice(first, first + PIECE_ROWS)
        X = np.vstack([cells.inputs[:, cells.codes[rows]] for cells in self.cells])
        return self.model.outputs(X)

    def result(self) -> Predicted:
        """Return the predictions once all is done."""
        blank = np.all([cells.codes < 0 for cells in self.cells], axis=0)
        a = np.hstack([np.empty((self.model.sizes[-1], 0)), *self.outputs])
        named, answers = answer_columns(self.model, self.preparation, a, blank)
        marks = columns_by_mark(self.preparation.fields, self.cells, blank)
        added = pd.DataFrame({**named, **marks})
        added.columns = unused_names(added.columns, self.frame.columns)
        marked = np.any([column != "" for column in marks.values()], axis=0)
        return Predicted(added, answers, marked, self.notes(blank))

    def notes(self, blank: Array) -> list[str]:
        """Return sentences on cells that were replaced or marked.

        `blank` (n,) marks the rows without cells.
        """
        sentences = [blank_note(blank, self.lines)] if blank.any() else []
        for field, cells in zip(self.preparation.fields, self.cells, strict=True):
            sentences += cell_notes(field, cells, blank)
        return sentences


def predictions(
    model: Model, preparation: Preparation, frame: pd.DataFrame, lines: Sequence[int] | Array = ()
) -> Predicted:
    """Return the network's predictions for all rows of a table of text."""
    work = Predicting(model, preparation, frame, lines)
    work.advance()
    return work.result()


# Answers and marks


def answer_columns(
    model: Model, preparation: Preparation, a: Array, blank: Array
) -> tuple[dict[str, Array], Array]:
    """Return the columns to add for outputs a (K, n), and the predictions (n,)."""
    if not model.classes:
        values = np.where(blank, np.nan, a[0])
        return {f"{PREDICTED}{model.target_names[0]}": values}, values
    answers = np.where(blank, -1, model.decide(a))
    names = np.array([*model.classes, ""], dtype=object)
    shares = np.where(blank, np.nan, model.shares(a))
    return {f"{PREDICTED}{preparation.target}": names[answers]} | {
        f"{PROBABILITY}{name}": share for name, share in zip(model.classes, shares, strict=True)
    }, answers


def columns_by_mark(
    fields: Sequence[Field], cells: Sequence[Cells], blank: Array
) -> dict[str, Array]:
    """Return for each mark, (n,), the names of the columns whose cell in that row has it."""
    found = {}
    for mark, title in MARKS.items():
        words = np.full(len(blank), "", dtype=object)
        for field, own in zip(fields, cells, strict=True):
            here = own.marks[own.codes] == mark
            if here.any():
                words[here] = [f"{old}, {field.name}" if old else field.name for old in words[here]]
        words[blank] = BLANK if mark == FILLED else ""
        found[title] = words
    return found


def shown_columns(added: pd.DataFrame) -> pd.DataFrame:
    """Return the added columns with their headings in the language of the reader."""
    headings = [shown_heading(str(name)) for name in added.columns]
    return added.replace(BLANK, tr(BLANK)).set_axis(headings, axis=1)


def shown_heading(name: str) -> str:
    """Return the heading of an added column in the language of the reader."""
    for start, message in HEADINGS.items():
        if name.startswith(start):
            return tr(message, name=name.removeprefix(start))
    return tr(name)


def unused_names(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return the names; one that is taken already gets a number: "name (2)"."""
    used, found = {str(name).strip().casefold() for name in taken}, []
    for name in names:
        own, k = name, 2
        while own.strip().casefold() in used:
            own, k = f"{name} ({k})", k + 1
        used.add(own.strip().casefold())
        found.append(own)
    return found


def cell_notes(field: Field, cells: Cells, blank: Array) -> list[str]:
    """Return sentences on the cells of one column that were replaced or marked.

    `blank` (n,) marks the rows without cells, which are not counted.
    """
    marks, sentences = cells.marks[cells.codes[~blank]], []
    words = {"column": field.name, "replacement": replacement_text(field)}
    filled = int(np.count_nonzero(marks == FILLED))
    if filled:
        sentences.append(filled_note(filled, cells.marked(FILLED), words))
    new = cells.marked(NEW)
    if new:
        sentences.append(
            tr_many(
                len(new),
                "'{column}': {names} is a new category; {replacement}.",
                "'{column}': {names} are new categories; {replacement}.",
                names=quote_list(new),
                **words,
            )
        )
    beyond = int(np.count_nonzero(marks == OUTSIDE))
    if beyond:
        sentences.append(
            tr_many(
                beyond,
                "'{column}': {n} cell is outside the range of the training part, {range} "
                "({cells}).",
                "'{column}': {n} cells are outside the range of the training part, {range} "
                "({cells}).",
                column=field.name,
                range=range_of(field),
                cells=quote_list(cells.marked(OUTSIDE)),
            )
        )
    return sentences


def filled_note(count: int, strange: Sequence[str], words: Mapping[str, str]) -> str:
    """Return the sentence on cells that were filled in; `strange` are those that had a text."""
    if not strange:
        return tr_many(
            count,
            "'{column}': {n} cell is blank; {replacement}.",
            "'{column}': {n} cells are blank; {replacement}.",
            **words,
        )
    return tr_many(
        count,
        "'{column}': {n} cell is blank or unreadable ({cells}); {replacement}.",
        "'{column}': {n} cells are blank or unreadable ({cells}); {replacement}.",
        cells=quote_list(strange),
        **words,
    )


def range_of(field: Field) -> str:
    """Return the lowest and the highest value of a column in the training part."""
    return tr("{low} to {high}", low=cell_like(field, field.low), high=cell_like(field, field.high))


def replacement_text(field: Field) -> str:
    """Return what the network gets in place of a cell that it cannot read, in words."""
    if not field.categories:
        return tr("{value} was used", value=cell_like(field, field.fill))
    if field.base:
        return tr("{value} was used", value=f"'{field.base}'")
    return (
        tr("treated as one of the rare categories")
        if field.other
        else tr("treated as an unknown category")
    )


def cell_like(field: Field, value: float | None) -> str:
    """Return a number in the way the column writes it."""
    kind, shown = field.reading.kind, 0.0 if value is None else float(value)
    if kind == "date":
        day = pd.Timestamp("2000-01-01") + pd.Timedelta(days=round(shown, 6))
        return day.strftime(pattern_of(field))
    if kind == "time":
        return (pd.Timestamp(0) + pd.Timedelta(hours=shown)).strftime(pattern_of(field))
    if kind == "yes/no" and shown in (0, 1):
        return f"'{field.reading.pair[int(shown)]}'"
    words = number(shown, 6)
    words = words.replace(".", ",") if field.reading.decimal == "," else words
    return f"{words} {field.reading.unit}".strip()


def pattern_of(field: Field) -> str:
    """Return the column's format of dates or times."""
    return "%Y-%m-%d" if field.reading.format in ("", "ISO8601") else field.reading.format


def quote_list(names: Sequence[str]) -> str:
    """Return "'a', 'b' and 5 more"."""
    words = [f"'{name[:40]}'" for name in names[:MOST_NAMED]]
    rest = len(names) - len(words)
    named = tr(", ").join(words)
    return tr("{named} and {number:,} more", named=named, number=rest) if rest else named


def blank_note(which: Array, lines: Sequence[int] | Array) -> str:
    """Return "1 row (line 7) is blank and not predicted."; `which` (n,) marks the rows."""
    found = np.flatnonzero(which)
    if not len(lines):
        return tr_many(
            len(found),
            "{n} row is blank and not predicted.",
            "{n} rows are blank and not predicted.",
        )
    where = [str(int(lines[i])) for i in found[:MOST_NAMED]]
    return tr_many(
        len(found),
        "{n} row (line {lines}) is blank and not predicted.",
        "{n} rows (lines {lines}) are blank and not predicted.",
        lines=", ".join(where) + ", …" * (len(found) > MOST_NAMED),
    )


# Whether a column is written as in the training table


def check_form(field: Field, distinct: Values, lines: Sequence[int] | Array) -> None:
    """Raise ValueError if a column is not written as in the training table."""
    if field.categories or not len(distinct.values):
        return
    bad = np.isnan(read_values(distinct.values, field.reading))
    total, unread = int(distinct.counts.sum()), int(distinct.counts[bad].sum())
    strange = distinct.values[bad]
    if 2 * unread > total or (unread and fits_other_form(field, distinct, strange)):
        first = int(np.flatnonzero(distinct.codes == np.flatnonzero(bad)[0])[0])
        share = (
            tr("{number:,} of {total:,} cells", number=unread, total=total)
            if total > 1
            else tr("its only cell")
        )
        raise ValueError(form_error(field, distinct.values[bad][0], first, lines, share))
    swapped = find_swapped_mark(field, distinct)
    if swapped >= 0:
        first = int(np.flatnonzero(distinct.codes == swapped)[0])
        raise ValueError(form_error(field, distinct.values[swapped], first, lines, "", True))


def form_error(
    field: Field,
    cell: str,
    row: int,
    lines: Sequence[int] | Array,
    share: str,
    swapped: bool = False,
) -> str:
    """Return the error message on a column that is not written as in the training table."""
    place = tr("line {line}", line=int(lines[row])) if len(lines) else tr("row {row}", row=row + 1)
    words = {"column": field.name, "cell": cell[:40], "place": place}
    if swapped:
        far = cell_like(field, float(read_values(pd.Index([cell]), field.reading)[0]))
        return tr(
            "'{column}' is not written as in the training table: '{cell}' in {place} would be "
            "{number}, far outside its range of {range}. Expected: {expected}.",
            number=far,
            range=range_of(field),
            expected=expected_form(field),
            **words,
        )
    return tr(
        "'{column}' is not written as in the training table: '{cell}' in {place} is not "
        "{expected} ({share}).",
        expected=expected_form(field),
        share=share,
        **words,
    )


def expected_form(field: Field) -> str:
    """Return what a cell of the column has to be, in words."""
    kind, mark = field.reading.kind, field.reading.decimal
    if kind == "date":
        return tr("a date such as {example}", example=cell_like(field, field.high))
    if kind == "time":
        return tr("a time such as {example}", example=cell_like(field, field.high))
    if kind == "yes/no":
        return tr("'{no}' or '{yes}'", no=field.reading.pair[0], yes=field.reading.pair[1])
    if kind == "duration":
        return tr("a duration such as 0:05:31")
    words = {"mark": tr(NAMED_MARK[mark]), "example": f"1{mark}5"}
    if not field.reading.unit:
        return tr("a number with {mark}, such as {example}", **words)
    return tr("a number with {mark}, such as {example} in {unit}", unit=field.reading.unit, **words)


def fits_other_form(field: Field, distinct: Values, strange: pd.Index) -> bool:
    """Return whether the cells that cannot be read can be read in another form."""
    kind, decimal = field.reading.kind, field.reading.decimal
    if kind in ("date", "time"):
        return as_date(distinct.values, distinct.counts) is not None
    if kind != "number":
        return False
    comma, point = decimal_of([value.strip() for value in distinct.values])
    ours, others = (comma, point) if decimal == "," else (point, comma)
    reading = field.reading._replace(decimal=OTHER_MARK[decimal])
    return bool(others and not ours and np.isfinite(read_values(strange, reading)).all())


def find_swapped_mark(field: Field, distinct: Values) -> int:
    """Return the index of a value that is written with the other decimal mark; -1 if there is none.

    In a column with decimal commas "80.500" means 80,500. If such values are far outside the range
    of the training part, but inside it with the other mark, the column uses the other mark.
    """
    kind, decimal, low, high = field.reading.kind, field.reading.decimal, field.low, field.high
    grouped = np.array([OTHER_MARK.get(decimal, "") in value for value in distinct.values])
    comma, point = decimal_of([value.strip() for value in distinct.values])
    certain = comma if decimal == "," else point
    if kind != "number" or low is None or high is None or certain or not grouped.any():
        return -1
    room, places = high - low, np.flatnonzero(grouped)
    here = read_values(distinct.values[grouped], field.reading)
    there = read_values(
        distinct.values[grouped], field.reading._replace(decimal=OTHER_MARK[decimal])
    )
    far = (here < low - room) | (here > high + room)
    fits = far & (there >= low - room / 2) & (there <= high + room / 2)
    counts = distinct.counts[grouped]
    return int(places[fits][0]) if 2 * counts[fits].sum() > counts.sum() else -1
