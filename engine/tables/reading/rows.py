"""Rows: the text split into rows. Sound rows become columns, the other rows are kept apart.

Python's csv reader does the splitting. A row with another width than the table is kept with its
lines, to be mended or shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.language import many, marked, tr
from engine.tables.reading.decoding import LIMITS, TableError
from engine.tables.reading.dialect import Dialect, normalize_line, sound_row_pattern
from engine.tables.reading.row_repair import split_plainly

OnProgress = Callable[[int], None]  # called with the number of the last line that is done
BLOCK_CHARACTERS = 2**20  # characters that are split into lines together
CHUNK_ROWS = 20_000  # rows that are turned into columns together
MIN_CHUNK, CELLS = 200, 200_000  # a wide table has fewer rows per chunk
MOST_REEXAMINED = 500  # rows of the right width with stray quotation marks that are mended
MOST_ODD = 20_000  # odd rows after which the dialect is rejected
MOST_RESTARTS = 20  # most times that a cell without an end restarts the reader


class TextRow(NamedTuple):
    """A row and where it is in the file."""

    line: int  # the number of its first line, from 1
    cells: list[str]
    text: str  # as it is in the file


@dataclass
class SortedRows:
    """The rows of a text: columns of the sound rows, and the rows that are not sound."""

    width: int
    dialect: Dialect
    chunks: list[list[pa.Array]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)  # sound rows that are not columns yet
    lines: list[int] = field(default_factory=list)  # of each sound row
    odd: list[TextRow] = field(default_factory=list)  # of another width, or with stray quotes
    blank: list[int] = field(default_factory=list)  # lines without any content
    reexaminations_left: int = MOST_REEXAMINED
    kept_as_written: int = 0  # rows that kept their stray quotation marks

    def __post_init__(self) -> None:
        self.chunk = max(MIN_CHUNK, min(CHUNK_ROWS, CELLS // self.width))
        self.most = min(LIMITS.rows, LIMITS.cells // self.width)
        self.fits = sound_row_pattern(self.dialect).fullmatch

    def take(self, row: TextRow) -> bool:
        """Store a row; return whether it is sound or blank.

        Raises TableError if most lines are not rows of the table.
        """
        cells = row.cells
        if len(cells) == self.width and (self.width == 1 or any(cells)):
            if (
                self.dialect.quote in row.text
                and not self.fits(row.text)
                and has_stray_quotes(row, self.dialect)
            ):
                if self.reexaminations_left:
                    self.reexaminations_left -= 1
                    self.odd.append(row)
                    return False
                cells = keep_stray_quotes(row, self.dialect)
                self.kept_as_written += 1
            self.take_all([cells], row.line)
            return True
        if any(cell.strip() for cell in cells):
            self.odd.append(row)
            if len(self.odd) > MOST_ODD and len(self.odd) > len(self.lines):
                raise TableError(wrong_dialect_message(self.width, row.line, len(self.odd)))
            return False
        self.blank.append(row.line)
        return True

    def take_all(self, rows: list[list[str]], line: int) -> None:
        """Store sound rows, each on one line, from this line on."""
        self.rows += rows
        self.lines += range(line, line + len(rows))
        if len(self.rows) >= self.chunk:
            self.pack()

    def pack(self) -> None:
        """Turn the stored rows into columns. Raises TableError if there are too many rows."""
        if len(self.lines) > self.most:
            raise TableError(too_many_rows_message(self.width))
        if self.rows:
            columns = zip(*self.rows, strict=True)
            self.chunks.append([pa.array(column, pa.large_string()) for column in columns])
            self.rows = []

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return the sound rows as a table of text, and free the stored columns."""
        columns = {}
        for j, name in enumerate(names):
            parts = [chunk[j] for chunk in self.chunks]
            whole = pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())
            columns[name] = text_column(whole)
            for chunk in self.chunks:
                chunk[j] = None
        return pd.DataFrame(columns, copy=False)


def text_column(values: pa.Array | Sequence[str]) -> pd.Series:
    """Return n texts as a column of text (n,)."""
    return pd.Series(pd.array(pa.chunked_array([values]), dtype="str"), copy=False)


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines with their ends, block by block: a full copy takes 4 bytes per character."""
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + BLOCK_CHARACTERS) + 1 or text.find("\n", start) + 1
        end = end if end > 0 and start + BLOCK_CHARACTERS < len(text) else len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


class Lines:
    """The lines of a text one by one, as the csv reader takes them; it keeps those of the current
    row.
    """

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.source = lines_of(text)
        self.dialect = dialect
        self.pending: list[str] = []
        self.taken: list[str] = []  # the last block
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
        return normalize_line(line, self.dialect)

    def block(self, count: int) -> list[str]:
        """Return the next lines for the csv reader; [], and take none, if one is a comment."""
        raw = list(islice(self.source, count))
        comment = self.dialect.comment
        if comment and any(line.startswith(comment) for line in raw):
            self.put_back(raw)
            return []
        self.taken = raw
        if self.plain:
            return raw
        return [normalize_line(line, self.dialect) for line in raw]

    def put_back(self, lines: list[str]) -> None:
        """Put lines back that were taken."""
        self.source = chain(lines, self.source)

    def skip(self, count: int) -> None:
        """Skip the next lines."""
        for _ in islice(self.source, count):
            pass

    def back(self) -> str:
        """Return the first line of the current row; reading continues with the second line."""
        first, *rest = self.pending
        self.source = chain(rest, self.source)
        self.pending = [first]
        return first


class Reader:
    """The rows of a text, one by one or many at once."""

    def __init__(self, text: str, dialect: Dialect, above: int = 0) -> None:
        self.lines, self.dialect = Lines(text, dialect), dialect
        self.lines.skip(above)
        self.number, self.restarts = above + 1, 0
        self.reader = csv_reader(self.lines, dialect)

    def __iter__(self) -> Reader:
        return self

    def __next__(self) -> TextRow:
        """Return the next row, blank or not, with the number of its first line."""
        csv.field_size_limit(LIMITS.cell)
        try:
            cells = next(self.reader)
        except csv.Error:
            cells = [unclosed_cell(self.lines.back(), self.number, self.restarts)]
            self.restarts += 1
            self.reader = csv_reader(self.lines, self.dialect)
        pending = self.lines.pending
        row = TextRow(self.number, cells, pending[0] if len(pending) == 1 else "".join(pending))
        self.number += len(pending)
        pending.clear()
        return row

    def many(self, found: SortedRows) -> list[list[str]]:
        """Return the next rows if each is one line and sound, else []: then each is read alone."""
        lines, width = self.lines.block(found.chunk), found.width
        rows = split_sound_lines(lines, self.dialect, found.fits)
        if len(rows) != len(lines) or any(len(row) != width or not any(row) for row in rows):
            self.lines.put_back(self.lines.taken)
            return []
        self.number += len(lines)
        return rows


def split_sound_lines(
    lines: Sequence[str], dialect: Dialect, fits: Callable[[str], object]
) -> list[list[str]]:
    """Return the rows of the lines; [] if a quotation mark is at a wrong place."""
    if not all(fits(line) for line in lines if dialect.quote in line):
        return []
    csv.field_size_limit(LIMITS.cell)
    try:
        return list(csv_reader(iter(lines), dialect))
    except csv.Error:
        return []


def scan_rows(text: str, dialect: Dialect, above: int = 0) -> Reader:
    """Return every row of the text from the line after `above` on."""
    return Reader(text, dialect, above)


def csv_reader(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Return Python's csv reader on these lines."""
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def unclosed_cell(line: str, number: int, restarts: int) -> str:
    """Return a line that began a cell without an end.

    Raises TableError if the line is too long, or this happened too often.
    """
    if len(line) > LIMITS.cell or restarts > MOST_RESTARTS:
        raise TableError(
            tr(
                "A cell that begins in line {line} has more than {most:,} characters; "
                "a quotation mark may be missing there.",
                line=number,
                most=LIMITS.cell,
            )
        )
    return line.rstrip("\r\n")


def collect_rows(
    found: SortedRows,
    rows: Reader,
    ends: Callable[[TextRow], bool],
    on_progress: OnProgress | None = None,
) -> bool:
    """Store all rows; return False if an odd row ends the table, as `ends` says."""
    report, before = on_progress or (lambda line: None), 0
    while before != rows.number:
        before = rows.number
        while sound := rows.many(found):
            found.take_all(sound, rows.number - len(sound))
            report(rows.number)
        for row in islice(rows, found.chunk):
            if not found.take(row) and ends(row):
                found.pack()
                return False
        report(rows.number)
    found.pack()
    return True


def has_stray_quotes(row: TextRow, dialect: Dialect) -> bool:
    """Return whether a row has quotation marks at wrong places."""
    lines = row.text.rstrip("\r\n").splitlines(keepends=True)
    return not sound_row_pattern(dialect).fullmatch(
        "".join(normalize_line(line, dialect) for line in lines)
    )


def keep_stray_quotes(row: TextRow, dialect: Dialect) -> list[str]:
    """Return the cells with their stray quotation marks, if that gives as many cells."""
    tokens = split_plainly(row.text, dialect)
    return [token.text for token in tokens] if len(tokens) == len(row.cells) else row.cells


def wrong_dialect_message(width: int, lines: int, odd: int) -> str:
    """Return the error message for a text most of whose lines are not rows of the table."""
    words = (
        marked(
            "Of the first {lines:,} lines {odd:,} does not have the {columns} of the table; the "
            "delimiter or the quotation mark may be wrong."
        )
        if odd == 1
        else marked(
            "Of the first {lines:,} lines {odd:,} do not have the {columns} of the table; the "
            "delimiter or the quotation mark may be wrong."
        )
    )
    return tr(words, lines=lines, odd=odd, columns=many(width, "column"))


def too_many_rows_message(width: int) -> str:
    """Return the error message for a table with too many rows or cells."""
    if LIMITS.cells // width < LIMITS.rows:
        return tr(
            "The table has more than {cells:,} cells: with {columns} at most {rows:,} rows can be "
            "read.",
            cells=LIMITS.cells,
            columns=many(width, "column"),
            rows=LIMITS.cells // width,
        )
    return tr(
        "The table has more than {rows:,} rows, which is the most that can be read.",
        rows=LIMITS.rows,
    )


def insert_mended_rows(
    frame: pd.DataFrame, lines: Sequence[int], more: Sequence[tuple[int, list[str]]]
):
    """Return the table and its line numbers with the mended rows (line, cells) inserted."""
    numbers = np.array([*lines, *(line for line, _ in more)], dtype=np.int32)
    if not more:
        return frame, numbers
    extra = pd.DataFrame([cells for _, cells in more], columns=frame.columns, dtype="str")
    order = np.argsort(numbers, kind="stable")
    whole = pd.concat([frame, extra], ignore_index=True) if len(frame) else extra
    return whole.iloc[order].reset_index(drop=True), numbers[order]
