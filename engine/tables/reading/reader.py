"""Table: a CSV of any kind as columns of text, with all that was guessed, mended and left out.

No cell is converted here; each stays as it is in the file. Each guess can be replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypedDict, cast

import numpy as np
import pandas as pd

from engine.language import marked, tr, tr_many
from engine.tables.columns.cell_types import decimal_of
from engine.tables.reading.decoding import LIMITS, TableError, decode
from engine.tables.reading.dialect import Dialect, detect
from engine.tables.reading.endings import (
    Body,
    end_of_table,
    without_empty_edges,
    without_remarks,
    without_totals,
)
from engine.tables.reading.header import nameless_note
from engine.tables.reading.row_mending import Note, mend_odd_rows
from engine.tables.reading.rows import (
    OnProgress,
    SortedRows,
    TextRow,
    collect_rows,
    insert_mended_rows,
)
from engine.tables.reading.table_bounds import (
    HEAD_ROWS,
    ReadingOptions,
    TableText,
    TableTop,
    find_top,
)

PREVIEW_LINES = 20  # lines
LINE_END = re.compile(r"\r\n|\n|\r")
BELOW_TABLE = marked("the lines from here on are below the table")
SECOND_TABLE = marked("a second table begins here; the first one was read")


@dataclass(frozen=True, eq=False)
class Table:
    """A table of text and how it was read."""

    name: str
    frame: pd.DataFrame  # every cell as it is in the file; "" if empty
    encoding: str
    dialect: Dialect
    notes: tuple[str, ...] = ()  # sentences for people
    header: tuple[tuple[str, ...], ...] = ()  # rows of names as they are in the file
    names: tuple[str, ...] = ()  # of all columns of the file, empty ones at its edges too
    preamble: tuple[str, ...] = ()  # lines above the table
    skipped: tuple[Note, ...] = ()
    mended: tuple[Note, ...] = ()
    lines: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))  # of each row
    preview: tuple[str, ...] = ()  # the first lines of the file
    decimal: str = "."
    overrides: ReadingOptions = field(default_factory=ReadingOptions)  # what a person chose
    target: str = ""  # the column that the header itself flags as the class; "" if it flags none
    meta: tuple[str, ...] = ()  # columns that it flags as not an input: meta, ignore, weight


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
    """Return the table in the bytes of a CSV.

    What is not given is guessed: `header` is the number of rows of names, `skip` the number of
    lines above them, `decimal` the decimal mark. `progress` is called with the share that is done,
    from 0 to 1. Raises TableError if there is no table, with a message for people.
    """
    words = {"encoding": encoding, "delimiter": delimiter, "quote": quote, "decimal": decimal}
    given = {**words, "header": header, "skip": skip}
    overrides = cast(ReadingOptions, {k: v for k, v in given.items() if v not in ("", None)})
    text, encoding, notes = decode(data, encoding)
    if not text.strip():
        why = tr("The file has only blank lines.") if data else tr("The file is empty.")
        return Table(name, pd.DataFrame(), encoding, Dialect(), (*notes, why), overrides=overrides)
    dialect, width = detect(text[start_after_lines(text, skip or 0) :], delimiter, quote)
    check_table_size(text, dialect, width)
    total = text.count(dialect.newline) + 1
    on_progress = (lambda line: progress(min(1.0, line / total))) if progress else None
    source = TableText(name, text, encoding, dialect, width, overrides)
    return assemble_table(source, notes, on_progress)


def check_table_size(text: str, dialect: Dialect, width: int) -> None:
    """Raise TableError if the text has too many columns or rows."""
    if width > LIMITS.columns:
        words = (
            marked("The table has {number:,} columns or more; at most {most} can be read.")
            if len(text) > 200_000
            else marked("The table has {number:,} columns; at most {most} can be read.")
        )
        raise TableError(tr(words, number=width, most=LIMITS.columns))
    lines = text.count("\n") or text.count("\r")
    if lines > LIMITS.rows + HEAD_ROWS and dialect.quote not in text:
        raise TableError(
            tr(
                "The file has {lines:,} lines; at most {most:,} rows can be read.",
                lines=lines,
                most=LIMITS.rows,
            )
        )


def assemble_table(source: TableText, notes: list[str], on_progress: OnProgress | None) -> Table:
    """Return the complete table: sound rows, mended rows, and what was skipped."""
    top = find_top(source)
    found = SortedRows(source.width, source.dialect)
    ends = partial(starts_second_table, top.names)
    whole = collect_rows(found, source.rows(top.last), ends, on_progress)
    rest = () if whole else (second_table_note(found.odd.pop()),)
    fixed, skipped = mend_odd_rows(found, source, top, on_progress)
    body = insert_mended_rows(found.frame(top.names), found.lines, [one[:2] for one in fixed])
    (frame, lines), more, sentences = trim_table(body, source, top, found.blank)
    end = more[0].line if more else sys.maxsize
    mended = [mended_note(*row) for row in fixed if row[2] and row[0] <= end]
    skipped = [note for note in (*skipped, *rest, *more) if note.line <= end]
    counts = line_count_notes(found, mended, skipped)
    return replace(
        Table(source.name, frame, source.encoding, source.dialect),
        notes=(*notes, *reading_notes(source, top), *sentences, *counts),
        skipped=tuple(skipped),
        mended=tuple(mended),
        lines=lines,
        preview=first_lines(source.text),
        decimal=source.overrides.get("decimal") or decimal_mark(frame, on_progress),
        overrides=source.overrides,
        **header_facts(top, frame),
    )


def mended_note(line: int, _: Sequence[str], words: str, text: str) -> Note:
    """Return the note on a row that was mended."""
    return Note(line, words, text[: LIMITS.shown])


def trim_table(body: Body, source: TableText, top: TableTop, blank: Sequence[int]) -> tuple:
    """Return the table without rows and columns that are not part of it, and notes."""
    frame, lines = body
    more, at = [], end_of_table(frame, lines, blank)
    if at < len(frame):
        words = SECOND_TABLE if len(frame) - at > 2 else BELOW_TABLE
        more = [Note(int(lines[at]), tr(words), ", ".join(frame.iloc[at])[: LIMITS.shown])]
        body = frame.iloc[:at].reset_index(drop=True), lines[:at]
    body, sentences = without_repeated_names(body, top.header)
    body, totals = without_totals(body)
    body, remarks = without_remarks(body) if source.dialect.gaps else (body, [])
    places, edges = without_empty_edges(body[0], top.plain if top.header else top.names)
    frame = body[0] if not edges else body[0].iloc[:, places]
    gone = [nameless_note(j + 1) for j in range(len(top.names)) if edges and j not in places]
    kept = [note for note in top.notes if note not in gone]
    return (frame, body[1]), more, [*kept, *sentences, *totals, *remarks, *edges]


class HeaderFacts(TypedDict):
    """What the top of a file says of its table, by the names in Table."""

    header: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...]
    names: tuple[str, ...]
    target: str
    meta: tuple[str, ...]


def header_facts(top: TableTop, frame: pd.DataFrame) -> HeaderFacts:
    """Return the facts at the top of the file: header, preamble, names, and the flagged columns."""
    heading, names = top.heading, top.names
    meta = tuple(names[j] for j in heading.meta if names[j] in frame.columns)
    target = names[heading.target] if heading.target >= 0 else ""
    return {
        "header": top.header,
        "preamble": top.preamble,
        "names": tuple(names),
        "target": target,
        "meta": meta,
    }


def start_after_lines(text: str, skip: int) -> int:
    """Return the position of the line after the first `skip` lines."""
    at = 0
    for _ in range(skip):
        end = LINE_END.search(text, at)
        at = end.end() if end else len(text)
    return at


def starts_second_table(names: Sequence[str], row: TextRow) -> bool:
    """Return whether an odd row has names of columns, most of them those of the first table."""
    own = {name.strip().lower() for name in names}
    cells = {cell.strip().lower() for cell in row.cells if cell.strip()}
    return len(cells) > 1 and len(cells & own) > 0.6 * max(len(cells), len(own) // 2)


def second_table_note(row: TextRow) -> Note:
    """Return the note on a second table, which begins with this row."""
    return Note(row.line, tr(SECOND_TABLE), row.text[: LIMITS.shown])


def first_lines(text: str) -> tuple[str, ...]:
    """Return the first lines of the file, each cut to the length that can be shown."""
    head = text[: PREVIEW_LINES * LIMITS.shown].replace("\r\n", "\n").replace("\r", "\n")
    return tuple(line[: LIMITS.shown] for line in head.split("\n")[:PREVIEW_LINES])


def without_repeated_names(body: Body, header: tuple) -> tuple[Body, list[str]]:
    """Return the table without rows that repeat the names, and a note on them."""
    frame, lines = body
    if not header or not len(frame) or len(header[0]) != frame.shape[1]:
        return body, []
    again = np.ones(len(frame), bool)
    for j, name in enumerate(header[0]):
        again &= (frame.iloc[:, j] == name).to_numpy(bool)
        if not again.any():
            return body, []
    at = ", ".join(str(line) for line in lines[again][:5])
    keep = ~again
    note = tr("The names are repeated in line {lines}; those lines were skipped.", lines=at)
    return (frame[keep].reset_index(drop=True), lines[keep]), [note]


def decimal_mark(frame: pd.DataFrame, on_progress: OnProgress | None) -> str:
    """Return the decimal mark that most cells of the first rows must have."""
    comma = point = 0
    for j, name in enumerate(frame.columns):
        if on_progress and j % 50 == 49:
            on_progress(sys.maxsize)
        values = [value.strip() for value in frame[name].head(200)]
        found = decimal_of(values)
        comma, point = comma + found[0], point + found[1]
    return "," if comma > point else "."


def reading_notes(source: TableText, top: TableTop) -> list[str]:
    """Return sentences on how the file was read."""
    sentences = []
    if top.preamble:
        n = len(top.preamble)
        sentences.append(above_note(n))
    if source.dialect.comment.lower().endswith("sep="):
        sentences.append(
            tr("The first line names the delimiter for spreadsheets; it is not a row.")
        )
    elif source.dialect.comment:
        sentences.append(
            tr("Lines that begin with {comment} are comments.", comment=source.dialect.comment)
        )
    return sentences


def line_count_notes(found: SortedRows, mend: Sequence[Note], skipped: Sequence[Note]) -> list[str]:
    """Return sentences on how many lines were mended or skipped."""
    sentences = []
    if mend:
        sentences.append(mended_lines(mend))
    if skipped:
        sentences.append(skipped_lines(skipped))
    if found.kept_as_written:
        sentences.append(
            tr_many(
                found.kept_as_written,
                "In {n} more line quotation marks were not changed.",
                "In {n} more lines quotation marks were not changed.",
            )
        )
    last = found.lines[-1] if found.lines else 0
    inside = sum(line < last for line in found.blank)
    return [*sentences, blank_lines(inside)] if inside else sentences


def above_note(count: int) -> str:
    """Return the sentence on lines above the table."""
    return tr_many(
        count,
        "{n} line is above the table and not part of it.",
        "{n} lines are above the table and not part of it.",
    )


def mended_lines(notes: Sequence[Note]) -> str:
    """Return the sentence on lines that were mended."""
    return tr_many(
        len(notes),
        "{n} line was mended: {lines}.",
        "{n} lines were mended: {lines}.",
        lines=first_numbers(notes),
    )


def skipped_lines(notes: Sequence[Note]) -> str:
    """Return the sentence on lines that were skipped."""
    return tr_many(
        len(notes),
        "{n} line was skipped: {lines}.",
        "{n} lines were skipped: {lines}.",
        lines=first_numbers(notes),
    )


def blank_lines(count: int) -> str:
    """Return the sentence on blank lines inside the table."""
    return tr_many(count, "{n} line was blank and skipped.", "{n} lines were blank and skipped.")


def first_numbers(notes: Sequence[Note]) -> str:
    """Return the numbers of the first lines of some notes: "3, 8, 9, 12, 20, …"."""
    return ", ".join(str(note.line) for note in notes[:5]) + ", …" * (len(notes) > 5)
