"""Row mending: odd rows are changed to fit their columns, or shown as skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from engine.language import many, tr
from engine.tables.reading.decoding import LIMITS
from engine.tables.reading.dialect import Dialect, split_rows
from engine.tables.reading.header import count_filled
from engine.tables.reading.row_repair import (
    ROWS,
    STRANGE,
    Budget,
    ColumnStatistics,
    Repair,
    Token,
    has_lone_quote,
    learn_columns,
    mend_line,
    pad_row,
    split_plainly,
)
from engine.tables.reading.rows import OnProgress, SortedRows, TextRow, has_stray_quotes
from engine.tables.reading.table_bounds import TableText, TableTop

BASE_STEPS = 30_000  # for mending in any file, plus some for each character
EXTRA_STEP_CHARACTERS = 40_000  # characters that add eight more steps each


class Note(NamedTuple):
    """A line that was skipped or mended."""

    line: int
    words: str  # why, or what was done
    text: str  # the line as it is in the file, at most LIMITS.shown characters


def mend_odd_rows(
    found: SortedRows, source: TableText, top: TableTop, on_progress: OnProgress | None = None
) -> tuple[list, list[Note]]:
    """Return the odd rows that were mended (line, cells, words, text), and notes on the others."""
    if not found.odd:
        return [], []
    columns, width = learn_columns(list(sample_tokens(source, top)), source.width), source.width
    budget = Budget(steps_for(len(source.text)))
    fixed, skipped = [], []
    last = found.lines[-1] if found.lines else 0
    end = next((line for line in found.blank if line > last), None)  # a blank line below the table
    for i, row in enumerate(split_merged_rows(found.odd, source, columns, budget)):
        if on_progress and i % 200 == 0:
            on_progress(last)
        fix = None
        if end is None or row.line < end:
            fix = mend_row(row, source.dialect, columns, budget)
        if fix is not None and row.line > last and differs_from_columns(fix, columns):
            fix = None
        if fix is not None and (count_filled(fix.cells) > 1 or (width < 3 and fix.cost < STRANGE)):
            words = "" if fix.cells == row.cells else fix.words
            fixed.append((row.line, fix.cells, words, row.text))
        else:
            skipped.append(skipped_note(row, width, row.line > last))
    return fixed, skipped


def steps_for(characters: int) -> int:
    """Return the steps that mending may take in a text with this number of characters."""
    return BASE_STEPS + 8 * min(characters, EXTRA_STEP_CHARACTERS) + characters


def differs_from_columns(fix: Repair, columns: Sequence[ColumnStatistics]) -> bool:
    """Return whether most cells of a row below the table do not look like their columns."""
    cells = [
        (cell, column) for cell, column in zip(fix.cells, columns, strict=True) if cell.strip()
    ]
    odd = sum(column.cost(Token(cell)) >= STRANGE for cell, column in cells)
    return odd > len(cells) / 2


def mend_row(
    row: TextRow, dialect: Dialect, columns: Sequence[ColumnStatistics], budget: Budget
) -> Repair | None:
    """Return the row as a row of the table, None if that is not possible."""
    width, fix = len(columns), None
    if len(row.cells) == width and not has_stray_quotes(row, dialect):
        return Repair(row.cells, 0.0, "")
    if may_be_row(row, width):
        fix = mend_line(row.text, dialect, columns, budget)
    return pad_row(row.cells, width) if fix is None and len(row.cells) > 1 else fix


def skipped_note(row: TextRow, width: int, under: bool) -> Note:
    """Return the note on a row that is skipped; `under` says that it is below the table."""
    words = tr("{cells} instead of {number}", cells=many(len(row.cells), "cell"), number=width)
    if under and count_filled(row.cells) <= 1:
        words = tr("a line below the table")
    return Note(row.line, words, row.text.rstrip("\r\n")[: LIMITS.shown])


def may_be_row(row: TextRow, width: int) -> bool:
    """Return whether a row can be a row of the table at all; a remark in one cell cannot."""
    blanks = row.text.strip().count(" ") + 1
    return len(row.cells) > 1 or width < 3 or blanks >= width or len(row.text) < 2 * width


def sample_tokens(source: TableText, top: TableTop) -> Iterator[list[Token]]:
    """Yield the first rows that can be split plainly, with which cells were quoted."""
    count = 0
    for row in islice(source.rows(top.last), 3 * ROWS):
        if len(row.text) > 5_000:
            continue
        tokens, quote = split_plainly(row.text, source.dialect), source.dialect.quote
        if len(tokens) == source.width and not any(
            has_lone_quote(token, quote) for token in tokens
        ):
            yield tokens
            count += 1
        if count == ROWS:
            return


def split_merged_rows(
    rows: Sequence[TextRow], source: TableText, columns: Sequence[ColumnStatistics], budget: Budget
) -> Iterator[TextRow]:
    """Yield the rows, but line by line where a stray quotation mark has joined several lines."""
    for row in rows:
        lines = row.text.splitlines(keepends=True)
        parts = [line_as_row(n, line, source.dialect) for n, line in enumerate(lines, row.line)]
        parts = [part for part in parts if count_filled(part.cells)]
        if len(row.cells) == source.width and len(parts) > 1:
            fit = all(mend_line(part.text, source.dialect, columns, budget) for part in parts)
            parts = parts if fit else [row]
        yield from parts if len(lines) > 1 else [row]


def line_as_row(number: int, line: str, dialect: Dialect) -> TextRow:
    """Return a line as a separate row."""
    return TextRow(number, next(split_rows([line], dialect), []), line)
