"""Table bounds: where the table is in a text: preamble, names, first row; found or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple, TypedDict

from engine.language import marked, tr
from engine.tables.reading.decoding import LIMITS
from engine.tables.reading.dialect import Dialect
from engine.tables.reading.header import (
    damaged_header,
    find_table_start,
    fit_names,
    gap_by_quotes,
    header_rows,
    usable_names,
)
from engine.tables.reading.headings import Heading, read_flags, strip_prefixes
from engine.tables.reading.rows import Reader, TextRow, has_stray_quotes, scan_rows

HEAD_ROWS = 300  # rows in which header and preamble are searched


class ReadingOptions(TypedDict, total=False):
    """What a person chose about the file; all else is guessed."""

    encoding: str
    delimiter: str
    quote: str
    header: int | None
    skip: int | None
    decimal: str


class TableText(NamedTuple):
    """The text of a table and how it is split."""

    name: str
    text: str
    encoding: str
    dialect: Dialect
    width: int
    overrides: ReadingOptions

    def rows(self, above: int = 0) -> Reader:
        """Return the rows from the line after `above` on."""
        return scan_rows(self.text, self.dialect, above)


class TableTop(NamedTuple):
    """All that is above the first row of data."""

    names: list[str]
    plain: list[str]  # the names as they are in the file, "" where there is none
    header: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...]
    last: int  # the last line that belongs to it
    notes: list[str]
    heading: Heading


def find_top(source: TableText) -> TableTop:
    """Return preamble and header, found or as chosen."""
    above, width = source.overrides.get("skip") or 0, source.width
    rows = [row for row in islice(source.rows(above), HEAD_ROWS) if any(row.cells)]
    cells = [row.cells for row in rows]
    first = 0 if "skip" in source.overrides else first_row(source, rows, cells)
    if first < len(rows) and (
        len(cells[first]) != width or has_stray_quotes(rows[first], source.dialect)
    ):
        cells[first] = repair_header(rows[first:], cells[first], source.dialect, width)
    kinds = header_rows(cells[first:], width)
    if (count_given := source.overrides.get("header")) is not None:
        kinds = (*kinds, *["names"] * 5)[: min(count_given, len(rows) - first)]
    count = len(kinds)
    header = tuple(tuple(row) for row in cells[first : first + count])
    last = last_line(rows[: first + count], above)
    names, plain, notes = join_names(header, kinds, width, cells[first + count :])
    preamble = tuple(row.text.rstrip("\r\n")[: LIMITS.shown] for row in rows[:first])
    heading = read_flags(header, kinds) if header else Heading(())
    return TableTop(names, plain, header, preamble, last, notes, heading)


def repair_header(
    rows: Sequence[TextRow], names: list[str], dialect: Dialect, width: int
) -> list[str]:
    """Return the names in a damaged line, one for each column if that is possible."""
    line, below = rows[0].text, [row.text for row in rows[1:20] if len(row.cells) == width]
    if found := damaged_header(line, dialect, width):
        return found
    return (gap_by_quotes(line, below, dialect, width) if len(names) == width - 1 else []) or names


def first_row(source: TableText, rows: Sequence[TextRow], cells: list[list[str]]) -> int:
    """Return the first row of the table; a damaged line of names is repaired in `cells`."""
    first = find_table_start(cells, source.width, rows_after_blank(rows))
    if first and not header_rows(cells[first:], source.width):
        names = damaged_header(rows[first - 1].text, source.dialect, source.width)
        if names:
            cells[first - 1] = names
            return first - 1
    return first


def rows_after_blank(rows: Sequence[TextRow]) -> frozenset[int]:
    """Return the rows that come after a blank line."""
    return frozenset(
        i for i in range(1, len(rows)) if rows[i].line > last_line(rows[i - 1 : i], 0) + 1
    )


def last_line(rows: Sequence[TextRow], above: int) -> int:
    """Return the last line of these rows, or `above` if there are none."""
    if not rows:
        return above
    text = rows[-1].text.rstrip("\r\n")
    return rows[-1].line + max(text.count("\n"), text.count("\r"))


def join_names(
    header: Sequence[Sequence[str]], kinds: Sequence[str], width: int, body: Sequence[Sequence[str]]
) -> tuple[list[str], list[str], list[str]]:
    """Return one name per column from the rows of the header, the unchanged names, and notes."""
    if not header:
        names, notes = usable_names([""] * width, False)
        words = tr("There are no names in the first row; the columns are numbered.")
        return names, [""] * width, [words, *notes]
    rows, notes = [], []
    for row, kind in zip(header, kinds, strict=True):
        if kind in ("names", "units"):
            names, sentences = fit_names(strip_prefixes(row), width, body)
            rows.append(names)
            notes += sentences
    stacked = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    joined = [" ".join(filter(None, column)) for column in stacked]
    if len(rows) > 1:
        notes.append(tr("The first {number} rows are names; they were joined.", number=len(rows)))
    names, sentences = usable_names(joined, True)
    return names, joined, [*notes, *describe_other_rows(kinds), *sentences]


def describe_other_rows(kinds: Sequence[str]) -> list[str]:
    """Return a sentence for each row of the header that is not part of the names."""
    what = {
        "types": marked(
            "Row {row} of the header holds the types of the columns; it is not part of the names."
        ),
        "flags": marked(
            "Row {row} of the header holds flags of the columns; it is not part of the names."
        ),
        "rule": marked("Row {row} of the header holds a line; it is not part of the names."),
    }
    return [tr(what[kind], row=i) for i, kind in enumerate(kinds, 1) if kind in what]
