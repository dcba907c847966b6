"""Table: a CSV of any kind as columns of text, with all that was guessed, mended and left out.

Nothing is converted here: a cell stays as it stands in the file. Each guess can be overridden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.cells import decimal_of
from engine.dialect import Dialect, cut, detect
from engine.header import beginning, damaged_header, filled, fitted, header_rows, usable
from engine.repair import ROWS, STRANGE, Column, Fix, Token, cuts, learned, mended, padded
from engine.rows import Found, Row, collected, in_order, scan, stray
from engine.sniff import LIMITS, Refused, decode

HEAD = 300  # rows by which header and preamble are found
WORK = 400_000  # steps spent on mending; where they do not do, the dialect must be wrong
PREVIEW = 20  # lines


class Note(NamedTuple):
    """A line that was skipped or mended."""

    line: int
    words: str  # why, or what was done
    text: str  # the line as it stands in the file, at most LIMITS.shown characters


@dataclass(frozen=True, eq=False)
class Table:
    """A table of text and how it was understood."""

    name: str
    frame: pd.DataFrame  # every cell as it stands in the file; "" where there is nothing
    encoding: str
    dialect: Dialect
    notes: tuple[str, ...] = ()  # sentences for people
    header: tuple[tuple[str, ...], ...] = ()  # rows of names as they stand in the file
    preamble: tuple[str, ...] = ()  # lines above the table
    skipped: tuple[Note, ...] = ()
    mended: tuple[Note, ...] = ()
    lines: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))  # of each row
    preview: tuple[str, ...] = ()  # the first lines of the file
    decimal: str = "."
    told: Mapping[str, Any] = field(default_factory=dict)  # what a person overrode


def read_table(
    data: bytes,
    name: str = "",
    *,
    encoding: str = "",
    delimiter: str = "",
    quote: str = "",
    header: int | None = None,
    skip: int | None = None,
    decimal: str = "",
    progress: Callable[[float], None] | None = None,
) -> Table:
    """The table in the bytes of a CSV; Refused, with one sentence, if there is none.

    What is not given is guessed: `header` is the number of rows of names, `skip` that of the lines
    above them, `decimal` the decimal mark. `progress` hears the share that is done.
    """
    told = {"encoding": encoding, "delimiter": delimiter, "quote": quote, "decimal": decimal}
    told = {key: value for key, value in told.items() if value}
    told |= {key: n for key, n in {"header": header, "skip": skip}.items() if n is not None}
    text, encoding, notes = decode(data, encoding)
    if not text.strip():
        words = "The file is empty." if not data else "The file holds blank lines only."
        return Table(name, pd.DataFrame(), encoding, Dialect(), (*notes, words), told=told)
    dialect, width = detect(text, delimiter, quote)
    small_enough(text, dialect, width)
    total = text.count(dialect.newline) + 1
    heard = (lambda line: progress(line / total)) if progress else None
    return assembled(Source(name, text, encoding, dialect, width, told), notes, heard)


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


def small_enough(text: str, dialect: Dialect, width: int) -> None:
    """Nothing; Refused where the text has too many columns or rows to be read."""
    if width > LIMITS.columns:
        raise Refused(
            f"The table has {width:,} columns{' or more' if len(text) > 200_000 else ''}; "
            f"at most {LIMITS.columns} can be read."
        )
    lines = text.count("\n") or text.count("\r")
    if lines > LIMITS.rows + HEAD and dialect.quote not in text:
        raise Refused(f"The file has {lines:,} lines; at most {LIMITS.rows:,} rows can be read.")


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


def assembled(source: Source, notes: list[str], heard: Callable[[int], None] | None) -> Table:
    """The whole table: the sound rows, the mended ones, and what was skipped."""
    top = top_of(source)
    found = Found(source.width, source.dialect)
    whole = collected(found, source.rows(top.last), partial(second, top.names), heard)
    rest = () if whole else (beyond(found.odd.pop()),)
    fixed, skipped = sorted_out(found, source, top)
    frame, lines = in_order(found.frame(top.names), found.lines, [one[:2] for one in fixed])
    frame, lines, repeated = without_names(frame, lines, top.header)
    mend = tuple(Note(line, words, text[: LIMITS.shown]) for line, _, words, text in fixed if words)
    said = [*summary(source, top), *top.notes, *repeated]
    table = Table(source.name, frame, source.encoding, source.dialect)
    return replace(
        table,
        notes=(*notes, *said, *counted(found, mend, [*skipped, *rest])),
        header=top.header,
        preamble=top.preamble,
        skipped=(*skipped, *rest),
        mended=mend,
        lines=lines,
        preview=first_lines(source.text),
        decimal=source.told.get("decimal") or decimal_mark(frame),
        told=source.told,
    )


def second(names: Sequence[str], row: Row) -> bool:
    """Whether an odd row names the columns of a second table, much as the first."""
    own = {name.strip().lower() for name in names}
    cells = {cell.strip().lower() for cell in row.cells if cell.strip()}
    return len(cells) > 1 and len(cells & own) > 0.6 * max(len(cells), len(own) // 2)


def beyond(row: Row) -> Note:
    """The note on a second table, which this row begins."""
    words = "a second table begins here; the first one was read"
    return Note(row.line, words, row.text[: LIMITS.shown])


def first_lines(text: str) -> tuple[str, ...]:
    """The first lines of the file as they are, each cut to what can be shown."""
    head = text[: PREVIEW * LIMITS.shown].replace("\r\n", "\n").replace("\r", "\n")
    return tuple(line[: LIMITS.shown] for line in head.split("\n")[:PREVIEW])


def sorted_out(found: Found, source: Source, top: Top) -> tuple[list, list[Note]]:
    """The odd rows that could be mended (line, cells, words, text), and notes on the others."""
    if not found.odd:
        return [], []
    columns, width = learned(list(sound(source, top)), source.width), source.width
    fixed, skipped = [], []
    last, work = found.lines[-1] if found.lines else 0, WORK
    for row in pieces(found.odd, source, columns):
        fix = None
        if len(row.cells) == width and not stray(row, source.dialect):
            fix = Fix(row.cells, 0.0, "")
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


def without_names(frame: pd.DataFrame, lines: np.ndarray, header: tuple) -> tuple:
    """The table without rows that repeat the names, and a note on them."""
    if not header or not len(frame) or len(header[0]) != frame.shape[1]:
        return frame, lines, []
    again = np.ones(len(frame), bool)
    for j, name in enumerate(header[0]):
        again &= (frame.iloc[:, j] == name).to_numpy(bool)
        if not again.any():
            return frame, lines, []
    at = ", ".join(str(line) for line in lines[again][:5])
    keep = ~again
    note = f"The names are repeated in line {at}; those lines were skipped."
    return frame[keep].reset_index(drop=True), lines[keep], [note]


def decimal_mark(frame: pd.DataFrame) -> str:
    """The decimal mark that most cells of the first rows can only have."""
    comma = point = 0
    for name in frame.columns:
        values = [value.strip() for value in frame[name].head(200)]
        found = decimal_of(values)
        comma, point = comma + found[0], point + found[1]
    return "," if comma > point else "."


def summary(source: Source, top: Top) -> list[str]:
    """Sentences on how the file was understood."""
    said = []
    if top.preamble:
        n = len(top.preamble)
        said.append(f"{lines_are(n)} above the table and no part of it.")
    if source.dialect.comment:
        said.append(f"Lines that begin with {source.dialect.comment} are comments.")
    return said


def counted(found: Found, mend: Sequence[Note], skipped: Sequence[Note]) -> list[str]:
    """Sentences on how many lines were mended or skipped."""
    said = []
    for notes, what in ((mend, "mended"), (skipped, "skipped")):
        if notes:
            first = ", ".join(str(note.line) for note in notes[:5]) + ", …" * (len(notes) > 5)
            said.append(f"{lines_are(len(notes), 'was', 'were')} {what}: {first}.")
    last = found.lines[-1] if found.lines else 0
    inside = sum(line < last for line in found.blank)
    return [*said, f"{lines_are(inside, 'was', 'were')} blank and skipped."] if inside else said


def lines_are(count: int, one: str = "is", many: str = "are") -> str:
    """ "1 line is", "1,200 lines are"."""
    return f"1 line {one}" if count == 1 else f"{count:,} lines {many}"
