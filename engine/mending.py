"""Mending: rows that do not fit are brought to their columns, or shown as skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from engine.dialect import Dialect, cut
from engine.header import filled
from engine.layout import Source, Top
from engine.repair import ROWS, STRANGE, Column, Fix, Token, cuts, learned, mended, padded
from engine.rows import Found, Row, stray
from engine.sniff import LIMITS

WORK = 400_000  # steps spent on mending; where they do not do, the dialect must be wrong


class Note(NamedTuple):
    """A line that was skipped or mended."""

    line: int
    words: str  # why, or what was done
    text: str  # the line as it stands in the file, at most LIMITS.shown characters


def sorted_out(found: Found, source: Source, top: Top) -> tuple[list, list[Note]]:
    """The odd rows that could be mended (line, cells, words, text), and notes on the others."""
    if not found.odd:
        return [], []
    columns, width = learned(list(sound(source, top)), source.width), source.width
    fixed, skipped = [], []
    last, work = found.lines[-1] if found.lines else 0, WORK
    end = next((line for line in found.blank if line > last), None)  # a gap under the table
    for row in pieces(found.odd, source, columns):
        fix = None
        if len(row.cells) == width and not stray(row, source.dialect):
            fix = Fix(row.cells, 0.0, "")
        elif end is not None and row.line > end:
            skipped.append(skip(row, width, True))
            continue
        elif work > 0 and possible(row, width):
            fix = mended(row.text, source.dialect, columns)
            work -= (width + 10) * (len(row.cells) + 10)
        if fix is None and len(row.cells) > 1:
            fix = padded(row.cells, width)
        if fix is not None and (filled(fix.cells) > 1 or (width < 3 and fix.cost < STRANGE)):
            words = "" if fix.cells == row.cells else fix.words
            fixed.append((row.line, fix.cells, words, row.text))
        else:
            skipped.append(skip(row, width, row.line > last))
    return fixed, skipped


def skip(row: Row, width: int, under: bool) -> Note:
    """The note on a row that is not in the table, `under` it or between its rows."""
    cells = "1 cell" if len(row.cells) == 1 else f"{len(row.cells):,} cells"
    words = f"{cells} instead of {width}"
    if under and filled(row.cells) <= 1:
        words = "a line under the table"
    return Note(row.line, words, row.text.rstrip("\r\n")[: LIMITS.shown])


def possible(row: Row, width: int) -> bool:
    """Whether a row can be one of the table at all: a remark in one cell is none."""
    blanks = row.text.strip().count(" ") + 1
    return len(row.cells) > 1 or width < 3 or blanks >= width or len(row.text) < 2 * width


def sound(source: Source, top: Top) -> Iterator[list[Token]]:
    """The first sound rows as cells that know whether they stand in quotation marks."""
    count = 0
    for row in islice(source.rows(top.last), 3 * ROWS):
        if len(row.cells) == source.width and len(row.text) < 5_000:
            ways = cuts(row.text, source.dialect, source.width)
            if ways.get(source.width, (1.0,))[0] == 0:
                yield ways[source.width][1]
                count += 1
        if count == ROWS:
            return


def pieces(rows: Sequence[Row], source: Source, columns: Sequence[Column]) -> Iterator[Row]:
    """The rows, but line by line where a stray quotation mark has run several into one."""
    work = WORK
    for row in rows:
        lines = row.text.splitlines(keepends=True)
        parts = [alone(n, line, source.dialect) for n, line in enumerate(lines, row.line)]
        parts = [part for part in parts if filled(part.cells)]
        if len(row.cells) == source.width and len(parts) > 1:
            work -= len(parts) * source.width**2
            fit = work > 0 and all(mended(part.text, source.dialect, columns) for part in parts)
            parts = parts if fit else [row]
        yield from parts if len(lines) > 1 else [row]


def alone(number: int, line: str, dialect: Dialect) -> Row:
    """A line as a row of its own."""
    return Row(number, next(cut([line], dialect), []), line)
