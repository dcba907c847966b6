"""From the text of a table to inputs, in Python alone; this code is copied into programs.

An exported program has to read cells as the page does. This is the version of `preparation` for one
row after another; single cells are read by the same functions, which are copied too.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from numbers import Real
from typing import NamedTuple

from engine.export.csv_writing import escape_formula
from engine.tables import (
    Dialect,
    Field,
    Preparation,
    Reading,
    Table,
    is_missing,
    name_in,
    normalize_line,
    one_number,
    seconds_in,
)
from engine.training import Model

ISO_DAY = re.compile(
    r"(\d{4})(?:([-/. ]?)(\d\d?)(?:\2(\d\d?))?)?"
    r"(?:[T ](\d\d?)(?::?(\d\d?)(?::?(\d\d?(?:\.\d+)?))?)?\s?(?:Z|([-+])(\d\d):?(\d\d)?)?)?"
)


class TextForm(NamedTuple):
    """The format of a table's file, so that another file of the same format can be read."""

    encoding: str = "utf-8"
    dialect: Dialect = Dialect()
    header: int = 1  # rows of names
    names: tuple[tuple[tuple[str, ...], str], ...] = ()  # the text above a column, and its name


# A table of text


def read_rows(path: str, form: TextForm, needed: Sequence[str]) -> tuple[list[int], list[dict]]:
    """Return the line number and the cells by name of each row that is not empty.

    Raises ValueError if the file has another encoding or lacks a needed column.
    """
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding  # with a mark or without
    try:
        with open(path, encoding=encoding, newline="") as file:
            lines = [line.replace("\0", "") for line in file]
    except UnicodeError:
        raise ValueError(f"The file cannot be read as {form.encoding}.") from None
    csv.field_size_limit(sys.maxsize)
    own = (
        normalize_line(line, form.dialect) for line in without_comments(lines, form.dialect.comment)
    )
    reader = csv.reader(own, delimiter=form.dialect.delimiter, quotechar=form.dialect.quote)
    rows, last = [], 0
    for cells in reader:
        rows.append((last + 1, cells))
        last = reader.line_num
    first, names = header_of([cells for _, cells in rows[:300]], form, needed)
    return rows_by_name(rows[first:], names)


def without_comments(lines: Iterable[str], comment: str) -> Iterable[str]:
    """Return the lines, blank ones in place of those that are comments."""
    return ("\n" if comment and line.startswith(comment) else line for line in lines)


def header_of(
    rows: list[list[str]], form: TextForm, needed: Sequence[str]
) -> tuple[int, list[str]]:
    """Return the index of the first row below the names, and the names of the columns.

    Raises ValueError if a needed column is missing.
    """
    if not form.header:
        names = [name for _, name in form.names]
        return next((i for i, row in enumerate(rows) if len(row) >= len(names)), len(rows)), names
    gone: list[str] = list(needed)
    for i in range(len(rows) - form.header + 1):
        names = column_names(rows[i : i + form.header], form)
        here = [name for name in needed if name not in names]
        if not here:
            return i + form.header, names
        gone = here if len(here) < len(gone) else gone
    raise ValueError(f"The table has no column {', '.join(map(repr, gone))}.")


def column_names(rows: list[list[str]], form: TextForm) -> list[str]:
    """Return the names of the columns under these rows of names; those not known stay as text."""
    known = [(tuple(" ".join(cell.split()) for cell in above), name) for above, name in form.names]
    names = [known.pop(0)[1] for above, _ in form.names if not above]  # of columns without a name
    for column in zip(*rows, strict=False):
        above = tuple(" ".join(cell.split()) for cell in column)
        place = next((i for i, one in enumerate(known) if one[0] == above), -1)
        if place >= 0 or any(above):
            names.append(known.pop(place)[1] if place >= 0 else " ".join(above))
    return names


def rows_by_name(
    rows: list[tuple[int, list[str]]], names: list[str]
) -> tuple[list[int], list[dict]]:
    """Return the lines and the cells by name; report and skip rows of another width."""
    lines, found = [], []
    for line, cells in rows:
        while len(cells) > len(names) and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) == len(names):
            if any(cells):
                lines.append(line)
                found.append(dict(zip(names, cells, strict=True)))
        elif any(cell.strip() for cell in cells):
            has = f"{len(cells)} cell{'s' * (len(cells) != 1)} instead of {len(names)}"
            print(f"Line {line} has {has} and is skipped.", file=sys.stderr)
    return lines, found


def write_rows(rows: Iterable[Sequence[object]], path: str = "") -> None:
    """Write rows as CSV to a file or to the screen, without formulas for a spreadsheet."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    if path:
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            file.write(text.getvalue())
    else:
        sys.stdout.buffer.write(text.getvalue().encode("utf-8", "replace"))


# From cells to inputs


def inputs_of(rows: Sequence[Mapping[str, object]], fields: Sequence[Field]) -> list[list[float]]:
    """Return the inputs of each row, nan for a row in which every cell is missing.

    Raises ValueError if a row lacks a column.
    """
    columns, gone = [], [True] * len(rows)
    for field in fields:
        if any(field.name not in row for row in rows):
            raise ValueError(f"The rows have no column {field.name!r}.")
        cells = [cell_of(row[field.name]) for row in rows]
        report_strange_cells(cells, field)
        known = {cell: inputs_of_cell(cell, field) for cell in set(cells)}
        gone = [
            was and is_missing_cell(cell, field.reading)
            for was, cell in zip(gone, cells, strict=True)
        ]
        columns.append([known[cell] for cell in cells])
    X = [[value for own in row for value in own] for row in zip(*columns, strict=True)]
    return [[math.nan] * len(x) if out else x for x, out in zip(X, gone, strict=True)]


def cell_of(value: object) -> str | float:
    """Return a cell as text, or as a number where it is given as one."""
    if value is None or value != value:
        return ""
    return float(value) if isinstance(value, Real) else str(value)


def report_strange_cells(cells: Sequence[str | float], field: Field) -> None:
    """Report the cells that differ from those that the network learned from.

    Raises ValueError if most of a column of numbers cannot be read: it has another format.
    """
    filled = [cell for cell in cells if not is_missing_cell(cell, field.reading)]
    if field.categories:
        known = {
            name_in(one, field.reading) for one in (*field.categories, field.base, *field.rare)
        }
        new = [one for one in filled if category_of(one, field.reading) not in known]
        report_cells(field, "new category", new)
        return
    values = {cell: cell_value(cell, field.reading) for cell in set(filled)}
    strange = [cell for cell in filled if math.isnan(values[cell])]
    if 2 * len(strange) > len(filled):
        raise ValueError(
            f"{field.name!r} is not written as in the training table: "
            f"{strange[0]!r} cannot be read."
        )
    report_cells(field, "cannot be read, counted as missing", strange)
    if field.low is not None and field.high is not None:
        beyond = [one for one in filled if not field.low <= values[one] <= field.high]
        beyond = [one for one in beyond if not math.isnan(values[one])]
        report_cells(
            field, f"outside {field.low:g} to {field.high:g}, the range in training", beyond
        )


def report_cells(field: Field, what: str, cells: Sequence[str | float]) -> None:
    """Print to stderr how many cells of a column are unusual, and the first of them."""
    if cells:
        print(f"{field.name!r}: {what} ({len(cells)}), first {cells[0]!r}.", file=sys.stderr)


def is_missing_cell(cell: str | float, reading: Reading) -> bool:
    """Return whether a cell is missing."""
    return is_missing(cell, reading) if isinstance(cell, str) else cell in reading.codes


def inputs_of_cell(cell: str | float, field: Field) -> list[float]:
    """Return the inputs that one cell gives."""
    if field.categories:
        return category_inputs(cell, field)
    value = math.nan if is_missing_cell(cell, field.reading) else cell_value(cell, field.reading)
    gone = math.isnan(value)
    return [field.fill if gone else value] + [float(gone)] * field.flag


def category_inputs(cell: str | float, field: Field) -> list[float]:
    """Return 1 for the category of a cell, 0 for the others."""
    width = len(field.categories) + field.other + field.gone
    names = [name_in(one, field.reading) for one in field.categories]
    name, base = category_of(cell, field.reading), name_in(field.base, field.reading)
    if is_missing_cell(cell, field.reading):
        slot = width - 1 if field.gone else -1
    elif name in names:
        slot = names.index(name)
    else:
        slot = len(names) if field.other and name != base else -1
    return [float(slot == k) for k in range(width)]


def category_of(cell: str | float, reading: Reading) -> str:
    """Return the category in a cell, without differences of spelling."""
    return name_in(f"{cell:.15g}" if isinstance(cell, float) else str(cell), reading)


def cell_value(cell: str | float, reading: Reading) -> float:
    """Return the value of a cell as a number; nan if it does not fit its column."""
    value = cell if isinstance(cell, float) else VALUE_OF[reading.kind](str(cell).strip(), reading)
    return value if abs(value) < 1e300 else math.nan


def number_in(text: str, reading: Reading) -> float:
    """Return the number in a text."""
    return one_number(text, reading.decimal, reading.unit, reading.scaled)[0]


def yes_or_no_in(text: str, reading: Reading) -> float:
    """Return 1 for yes and 0 for no."""
    return dict(zip(reading.pair, (0.0, 1.0), strict=True)).get(name_in(text), math.nan)


def day_in(text: str, reading: Reading) -> float:
    """Return the days since the first of January 2000."""
    try:
        found = time_of(text, reading.format)
    except ValueError:
        return math.nan
    return (found - datetime(2000, 1, 1)).total_seconds() / 86400


def hour_in(text: str, reading: Reading) -> float:
    """Return the hour of the day."""
    try:
        found = time_of(text, reading.format)
    except ValueError:
        return math.nan
    return found.hour + found.minute / 60 + (found.second + found.microsecond / 1e6) / 3600


def duration_in(text: str, reading: Reading) -> float:
    """Return the seconds of a duration."""
    return seconds_in(text, reading.format)


def time_of(text: str, pattern: str) -> datetime:
    """Return the time in a text of this format. Raises ValueError if there is none."""
    return parse_iso_time(text) if pattern == "ISO8601" else datetime.strptime(text, pattern)


def parse_iso_time(text: str) -> datetime:
    """Return the time in a text in ISO 8601. Raises ValueError if there is none."""
    found = ISO_DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, _, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    whole = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0))
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    whole += timedelta(seconds=float(second or 0))
    return whole + ahead if sign == "-" else whole - ahead


VALUE_OF = {
    "number": number_in,
    "yes/no": yes_or_no_in,
    "date": day_in,
    "time": hour_in,
    "duration": duration_in,
}


# The format of the table


def text_form(table: Table) -> TextForm:
    """Return the format of the file of a table."""
    columns = [str(name) for name in table.names or table.frame.columns]
    above = [tuple(cells) for cells in zip(*table.header, strict=False)]
    blank = [j for j, cells in enumerate(above) if not any(map(str.strip, cells))]
    blank = blank[
        : max(len(above) - len(columns), 0)
    ]  # more names than columns: the rest is not used
    above = [cells for j, cells in enumerate(above) if j not in blank]
    names = [" ".join(" ".join(cells).split()) for cells in above]
    ahead = max(len(columns) - len(above), 0)  # columns without a name, of R's row names
    if sum(map(str.__eq__, names, columns)) >= sum(map(str.__eq__, names, columns[ahead:])):
        ahead = 0
    pairs = [*zip(above, columns[ahead:], strict=False)] if table.header else []
    bare = columns[:ahead] if table.header else columns
    whole = (*(((), name) for name in bare), *pairs)
    return TextForm(table.encoding, table.dialect, len(table.header), whole)


def plain_form(names: Sequence[str]) -> TextForm:
    """Return the form of a plain CSV with these columns."""
    return TextForm(names=tuple(((name,), name) for name in names))


def numbers_as_they_are(model: Model) -> Preparation:
    """Return the preparation of a network whose inputs are the numbers of a table."""
    number = Reading("number")
    fields = tuple(Field(name, number, fill=float("nan")) for name in model.input_names)
    target = "class" if model.classes else model.target_names[0]
    return Preparation(target, model.task, number, model.classes, fields)
