"""Rows: the text cut into rows, the sound ones kept as columns at once, the others set apart.

Python's own reader does the cutting. A row of another width than the table is set apart with its
lines, to be mended or shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.dialect import Dialect, prepared, soundness
from engine.sniff import LIMITS, Refused

BLOCK = 2**20  # characters that are cut into lines together
CHUNK = 20_000  # rows that are turned into columns together
DOUBTS = 500  # rows of the right width with stray quotation marks that are looked at again
ODD = 20_000  # rows that are no rows of the table before it is doubted
STARTS_OVER = 20  # times that a cell without an end may send the reader back


class Row(NamedTuple):
    """A row and where it stands."""

    line: int  # the number of its first line, from 1
    cells: list[str]
    text: str  # as it stands in the file


@dataclass
class Found:
    """What the text holds: columns of sound rows, and what is not sound."""

    width: int
    dialect: Dialect
    chunks: list[list[pa.Array]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)  # sound ones that are no columns yet
    lines: list[int] = field(default_factory=list)  # of each sound row
    odd: list[Row] = field(default_factory=list)  # of another width, or with stray quotes
    blank: list[int] = field(default_factory=list)  # lines without any content
    doubts: int = DOUBTS

    def __post_init__(self) -> None:
        self.most = min(LIMITS.rows, LIMITS.cells // self.width)
        self.fits = soundness(self.dialect).fullmatch

    def take(self, row: Row) -> bool:
        """Whether the row is sound or blank; it is kept in any case."""
        cells = row.cells
        if len(cells) == self.width and (self.width == 1 or any(cells)):
            if self.dialect.quote in row.text and self.doubtful(row):
                self.odd.append(row)
                return False
            self.rows.append(cells)
            self.lines.append(row.line)
            if len(self.rows) == CHUNK:
                self.pack()
            return True
        if any(cell.strip() for cell in cells):
            self.odd.append(row)
            if len(self.odd) > ODD and len(self.odd) > len(self.lines):
                raise Refused(unlike(self.width, row.line, len(self.odd)))
            return False
        self.blank.append(row.line)
        return True

    def doubtful(self, row: Row) -> bool:
        """Whether a row of the right width has stray quotation marks; asked so many times only."""
        if not self.doubts or self.fits(row.text) or not stray(row, self.dialect):
            return False
        self.doubts -= 1
        return True

    def pack(self) -> None:
        """Nothing; turns the rows so far into columns. Refused if there are too many."""
        if len(self.lines) > self.most:
            raise Refused(too_many(self.width))
        if self.rows:
            columns = zip(*self.rows, strict=True)
            self.chunks.append([pa.array(column, pa.large_string()) for column in columns])
            self.rows = []

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """The sound rows as a table of text; gives up its own copy."""
        columns = {}
        for j, name in enumerate(names):
            parts = [chunk[j] for chunk in self.chunks]
            whole = pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())
            columns[name] = text_column(whole)
            for chunk in self.chunks:
                chunk[j] = None
        return pd.DataFrame(columns, copy=False)


def text_column(values: pa.Array | Sequence[str]) -> pd.Series:
    """A column of text."""
    return pd.Series(pd.array(pa.chunked_array([values]), dtype="str"), copy=False)


def lines_of(text: str) -> Iterator[str]:
    """The lines with their ends, cut block by block: a whole copy would take 4 bytes a letter."""
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + BLOCK) + 1 or text.find("\n", start) + 1
        end = end if end > 0 and start + BLOCK < len(text) else len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


class Lines:
    """The lines of a text one by one, as the reader takes them; remembers those of a row."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.source = lines_of(text)
        self.dialect = dialect
        self.pending: list[str] = []
        self.plain = not (dialect.escape or dialect.spaces or dialect.comment)

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = next(self.source)
        self.pending.append(line)
        if self.plain:
            return line
        if self.dialect.comment and line.startswith(self.dialect.comment):
            return "\n"
        return prepared(line, self.dialect)

    def back(self) -> str:
        """The first line of the pending row; the reader goes on with the second."""
        first, *rest = self.pending
        self.source = chain(rest, self.source)
        self.pending = [first]
        return first


def scan(text: str, dialect: Dialect) -> Iterator[Row]:
    """Every row of the text, blank ones too, with the number of its first line."""
    csv.field_size_limit(LIMITS.cell)
    lines, number, restarts = Lines(text, dialect), 1, 0
    reader = reading(lines, dialect)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = [too_long(lines.back(), number, restarts)]
            restarts += 1
            reader = reading(lines, dialect)
        yield Row(
            number, cells, lines.pending[0] if len(lines.pending) == 1 else "".join(lines.pending)
        )
        number += len(lines.pending)
        lines.pending.clear()


def reading(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Python's reader on these lines."""
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def too_long(line: str, number: int, restarts: int) -> str:
    """A line that began a cell without an end; Refused if it holds that cell whole."""
    if len(line) > LIMITS.cell or restarts > STARTS_OVER:
        raise Refused(
            f"A cell that begins in line {number} has more than {LIMITS.cell:,} characters; "
            "a quotation mark may be missing there."
        )
    return line.rstrip("\r\n")


def collected(
    found: Found,
    rows: Iterator[Row],
    ends: Callable[[Row], bool],
    progress: Callable[[int], None] | None = None,
) -> bool:
    """Whether all rows were taken; reading ends where `ends` says of a row that is not sound."""
    for row in rows:
        if not found.take(row):
            if ends(row):
                found.pack()
                return False
        elif progress and not found.rows:
            progress(row.line)
    found.pack()
    return True


def stray(row: Row, dialect: Dialect) -> bool:
    """Whether a row has quotation marks where none belong."""
    lines = row.text.rstrip("\r\n").splitlines(keepends=True)
    return not soundness(dialect).fullmatch("".join(prepared(line, dialect) for line in lines))


def unlike(width: int, lines: int, odd: int) -> str:
    """The sentence for a text most of whose lines are no rows of the table."""
    cells = "1 column" if width == 1 else f"{width} columns"
    return (
        f"Of the first {lines:,} lines {odd:,} do not have the {cells} of the table; "
        "another delimiter or quotation mark may be meant."
    )


def too_many(width: int) -> str:
    """The sentence for a table with too many rows or cells."""
    if LIMITS.cells // width < LIMITS.rows:
        return (
            f"The table has more than {LIMITS.cells:,} cells: with {width} columns at most "
            f"{LIMITS.cells // width:,} rows can be read."
        )
    return f"The table has more than {LIMITS.rows:,} rows, which is the most that can be read."


def in_order(frame: pd.DataFrame, lines: Sequence[int], more: Sequence[tuple[int, list[str]]]):
    """The table and its line numbers with the mended rows (line, cells) where they belong."""
    numbers = np.array([*lines, *(line for line, _ in more)], dtype=np.int32)
    if not more:
        return frame, numbers
    extra = pd.DataFrame([cells for _, cells in more], columns=frame.columns, dtype="str")
    order = np.argsort(numbers, kind="stable")
    whole = pd.concat([frame, extra], ignore_index=True) if len(frame) else extra
    return whole.iloc[order].reset_index(drop=True), numbers[order]
