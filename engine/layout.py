"""Layout: where in a text the table lies: preamble, names, first row; found or as told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from engine.dialect import Dialect
from engine.header import beginning, damaged_header, fitted, header_rows, usable
from engine.rows import Row, scan, stray
from engine.sniff import LIMITS

HEAD = 300  # rows by which header and preamble are found


class Source(NamedTuple):
    """A text and how it is cut."""

    name: str
    text: str
    encoding: str
    dialect: Dialect
    width: int
    told: dict[str, Any]

    def rows(self, above: int = 0) -> Iterator[Row]:
        """The rows from the line after `above` on."""
        return (row for row in scan(self.text, self.dialect) if row.line > above)


class Top(NamedTuple):
    """What stands above the first row of data."""

    names: list[str]
    header: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...]
    last: int  # the last line that belongs to it
    notes: list[str]


def top_of(source: Source) -> Top:
    """Preamble and header, found or as told."""
    above, width = source.told.get("skip", 0), source.width
    rows = [row for row in islice(source.rows(above), HEAD) if any(row.cells)]
    cells = [row.cells for row in rows]
    first = 0 if "skip" in source.told else first_row(source, rows, cells)
    if first < len(rows) and (len(cells[first]) != width or stray(rows[first], source.dialect)):
        cells[first] = damaged_header(rows[first].text, source.dialect, width) or cells[first]
    count = source.told.get("header")
    count = header_rows(cells[first:], width) if count is None else min(count, len(rows) - first)
    header = tuple(tuple(row) for row in cells[first : first + count])
    last = last_line(rows[: first + count], above)
    names, notes = merged(header, width, cells[first + count :])
    preamble = tuple(row.text.rstrip("\r\n")[: LIMITS.shown] for row in rows[:first])
    return Top(names, header, preamble, last, notes)


def first_row(source: Source, rows: Sequence[Row], cells: list[list[str]]) -> int:
    """The index of the first row of the table; a damaged line of names is put right in `cells`."""
    first = beginning(cells, source.width)
    if first and not header_rows(cells[first:], source.width):
        names = damaged_header(rows[first - 1].text, source.dialect, source.width)
        if names:
            cells[first - 1] = names
            return first - 1
    return first


def last_line(rows: Sequence[Row], above: int) -> int:
    """The last line of these rows, or `above` if there are none."""
    if not rows:
        return above
    text = rows[-1].text.rstrip("\r\n")
    return rows[-1].line + max(text.count("\n"), text.count("\r"))


def merged(
    header: tuple[tuple[str, ...], ...], width: int, body: Sequence[Sequence[str]]
) -> tuple[list[str], list[str]]:
    """One name per column from rows of names, and notes."""
    if not header:
        names, notes = usable([""] * width, False)
        return names, ["There are no names in the first row; the columns are numbered.", *notes]
    rows, notes = [], []
    for row in header:
        names, said = fitted(row, width, body)
        rows.append(names)
        notes += said
    stacked = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    joined = [" ".join(filter(None, column)) for column in stacked]
    if len(header) > 1:
        notes.append(f"The first {len(header)} rows are names; they were joined.")
    names, said = usable(joined, True)
    return names, [*notes, *said]
