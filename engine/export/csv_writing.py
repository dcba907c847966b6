"""A table as CSV in the format of the file that it came from, safe for a spreadsheet."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.language import marked, tr
from engine.tables import DELIMITER_NAMES, Table
from engine.time_slice import work_for

ROWS = 20_000  # written at a time
STARTS_FORMULA = re.compile(r"[\s]*[=+\-@\t\r\0＝＋－＠]")
FIRST = frozenset("=+-@\0＝＋－＠")  # such a cell begins with one of these, or with blanks
PLAIN_NUMBER = re.compile(  # digits with the usual marks; a spreadsheet computes nothing from it
    r"[-+]?(\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)([eE][-+]?\d+)?\s?[%€$£¥]?"
)


DECIMALS = {".": marked("decimal point"), ",": marked("decimal comma")}


class Form(NamedTuple):
    """The format of a CSV file."""

    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8-sig"
    newline: str = "\r\n"
    quote: str = '"'

    def __str__(self) -> str:
        return tr(
            "{delimiter}, {decimal}, {encoding}",
            delimiter=tr(DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))),
            decimal=tr(DECIMALS["," if self.decimal == "," else "."]),
            encoding=self.encoding,
        )


PLAIN = Form()


def form_of(table: Table, words: Iterable[str] = ()) -> Form:
    """Return the format of the file that a table came from.

    If its encoding lacks a letter of `words`, which are added to the table, it becomes UTF-8.
    """
    own = table.dialect
    form = Form(own.delimiter, table.decimal, table.encoding, own.newline, own.quote)
    try:
        "".join(words).encode(form.encoding)
    except (UnicodeEncodeError, LookupError):
        return form._replace(encoding="utf-8-sig")
    return form


def escape_formula(cell: object) -> object:
    """Return a cell with an apostrophe before it if a spreadsheet could read it as a formula."""
    text = str(cell)
    if isinstance(cell, int | float | np.number) or PLAIN_NUMBER.fullmatch(text):
        return cell
    return "'" + text if STARTS_FORMULA.match(text) else text


class Writing:
    """Writes a table as bytes, in slices of time."""

    def __init__(self, frame: pd.DataFrame, form: Form = PLAIN) -> None:
        self.frame, self.form, self.rows = frame, form, 0
        self.encoder = codecs.getincrementalencoder(form.encoding)("replace")
        self.parts = [
            self.encoded(pd.DataFrame([[escape_formula(str(name)) for name in frame.columns]]))
        ]

    def advance(self, seconds: float = np.inf) -> bool:
        """Write for this many seconds; return whether all rows are written."""
        return work_for(seconds, self.step, lambda: self.done)

    def step(self) -> None:
        """Write the next rows."""
        piece = self.frame.iloc[self.rows : self.rows + ROWS]
        self.parts.append(self.encoded(piece.apply(escape_formulas)))
        self.rows += ROWS

    @property
    def done(self) -> bool:
        """Return whether all rows are written."""
        return self.rows >= len(self.frame)

    @property
    def share(self) -> float:
        """Return the written share of the rows, from 0 to 1."""
        return min(self.rows / max(len(self.frame), 1), 1.0)

    def encoded(self, piece: pd.DataFrame) -> bytes:
        """Return some rows as bytes."""
        text = piece.to_csv(
            index=False,
            header=False,
            sep=self.form.delimiter,
            decimal=self.form.decimal,
            quotechar=self.form.quote,
            lineterminator=self.form.newline,
        )
        return self.encoder.encode(text)

    def result(self) -> bytes:
        """Return the file once all rows are written."""
        return b"".join(self.parts)


def escape_formulas(column: pd.Series) -> pd.Series:
    """Return the column with an apostrophe before each text that could be a formula."""
    if column.dtype.kind in "fiub":
        return column
    cells = ["" if cell is None or cell != cell else str(cell) for cell in column.tolist()]
    guarded = [
        escape_formula(one) if one[:1] in FIRST or one[:1].isspace() else one for one in cells
    ]
    return pd.Series(guarded, column.index, object)


def as_csv(frame: pd.DataFrame, form: Form = PLAIN) -> bytes:
    """Return a table as CSV, safe to open in a spreadsheet, the names too."""
    work = Writing(frame, form)
    work.advance()
    return work.result()
