"""Headings: what the rows under the names are: units, types, flags, or the names again.

A row of types or flags describes the columns and is not part of their names. The words are those of
data formats (Orange's three header rows) and of programming languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

Rows = Sequence[Sequence[str]]
NUMERIC = re.compile(r"[\d.,:/+\-−$€£¥%()' Ee]*\d[\d.,:/+\-−$€£¥%()' Ee]*")
MISSING_WORDS = {"na", "n/a", "nan", "null", "none", "?", "-", "--", ".", "missing"}
SPREADSHEET_ERROR = re.compile(r"#[^\sa-z]*[A-Z/][^\sa-z]*|#+")  # an error in a spreadsheet
RULE_LINE = re.compile(r"[-=_:+*~\s]*[-=_+*~]{2}[-=_:+*~\s]*")
UNIT = re.compile(r"[\[(<].*[\])>]|.{0,8}[°%/²³µ^·Ω].{0,8}")
NUMBER_TYPE = re.compile(
    r"c|continuous|double precision|"
    r"(u?int|integer|float|real|double|number|numeric|num|dbl|decimal|long|short|"
    r"tinyint|smallint|bigint|byte|complex|currency|percent)\d{0,3}(\s?\([\d, ]+\))?",
    re.I,
)
OTHER_TYPE = re.compile(
    r"[dstiw]|discrete|categor(y|ical)|cat|factor|fct|fctr|nominal|ordinal|ordered|ord|enum|"
    r"(str|string|text|chr|char|character|varchar|nvarchar|object|obj)\d{0,3}(\s?\(\d+\))?|"
    r"binary|bin|lgl|logical|bool|boolean|date|time|datetime\d{0,2}|timestamp|dttm|basket|uuid|id",
    re.I,
)
TARGET_FLAG = re.compile(r"c|class|target|label|y", re.I)
META_FLAG = re.compile(r"m|meta|i|ignore|w|weight|skip", re.I)
OTHER_FLAG = re.compile(r"\w+=\S+( \w+=\S+)*|input|feature|x|attribute", re.I)
ORANGE_PREFIX = re.compile(r"([micw]?[CDSTN]?)#(.+)", re.S)  # how Orange marks a column in one row


class Heading(NamedTuple):
    """The information about the columns in the rows above the data."""

    kinds: tuple[str, ...]  # of each row: "names", "units", "types", "flags", "rule"
    target: int = -1  # the index of the column that is flagged as the class
    meta: tuple[int, ...] = ()  # the places of columns that are flagged as meta or ignored


def heading_rows(rows: Rows) -> tuple[str, ...]:
    """Return the kinds of the rows that belong to the header, the row of names first."""
    for count in range(min(5, len(rows) - 1), 1, -1):
        kinds = ["names"]
        body = [row for row in rows[count:] if len(row) == len(rows[0])]
        for row in rows[1:count]:
            kinds.append(classify_heading_row(row, rows[0], body, kinds[-1]))
        if all(kinds):
            return tuple(kinds)
    return ("names",)


def classify_heading_row(row: Sequence[str], names: Sequence[str], body: Rows, before: str) -> str:
    """Return what a row under the names is; "" if it is data."""
    if list(row) == list(names):
        return "names"
    cells = [cell.strip() for cell in row]
    filled = [cell for cell in cells if cell]
    if len(row) != len(names) or not filled:
        return ""
    if all(RULE_LINE.fullmatch(cell) for cell in filled) and len(filled) > len(cells) / 2:
        return "rule"
    below = [{own[j].strip() for own in body} for j in range(len(row))]
    if any(cell and cell in below[j] for j, cell in enumerate(cells)):
        return ""
    if are_types(cells, below):
        return "types"
    if before == "types" and all(is_flag(cell) for cell in filled):
        return "flags"
    return "units" if are_units(cells, body) else ""


def are_types(cells: Sequence[str], below: Sequence[set[str]]) -> bool:
    """Return whether each cell is the type of the cells below it, or the list of its values."""
    votes = [type_vote(cell, own - {""}) for cell, own in zip(cells, below, strict=True) if cell]
    if len(votes) >= 0.8 * len(cells) and min(votes) > 0 and max(votes) > 1:
        return True
    return all(cells) and words_of_kinds(cells, below)


def words_of_kinds(cells: Sequence[str], below: Sequence[set[str]]) -> bool:
    """Return whether words, in any language, separate columns of numbers from columns of text.

    At least one word is above several columns, and none is above columns of both kinds.
    """
    kinds: dict[str, set[bool]] = {}
    for word, own in zip(cells, below, strict=True):
        held = [cell for cell in own if cell]
        number = sum(bool(NUMERIC.fullmatch(cell)) for cell in held) > 0.7 * len(held)
        kinds.setdefault(word.lower(), set()).add(number)
    plain = all(re.fullmatch(r"[^\W\d_]+", word) for word in kinds)
    both = len(set.union(*kinds.values())) == 2
    return plain and both and len(kinds) < len(cells) and all(len(k) == 1 for k in kinds.values())


def type_vote(word: str, below: set[str]) -> int:
    """Return 2 for a word that is the type of these cells, 1 for a list of them, else 0."""
    numbers = sum(bool(NUMERIC.fullmatch(cell)) for cell in below)
    if NUMBER_TYPE.fullmatch(word):
        return 2 if numbers >= 0.7 * len(below) or not below else 0
    if OTHER_TYPE.fullmatch(word):
        return 2
    values = {*re.split(r"[\s,|]+", word)}
    return int(len(values) > 1 and bool(below) and below <= values)


def is_flag(cell: str) -> bool:
    """Return whether a cell is one of the flags of a column."""
    return any(p.fullmatch(cell) for p in (TARGET_FLAG, META_FLAG, OTHER_FLAG))


def are_units(cells: Sequence[str], body: Rows) -> bool:
    """Return whether the cells are words over columns of numbers, as units are."""
    if len(body) < 3:
        return False
    typed = [
        j
        for j in range(len(cells))
        if sum(bool(NUMERIC.fullmatch(own[j].strip())) for own in body) > 0.8 * len(body)
    ]
    words = [cells[j] for j in typed if cells[j]]
    if any(NUMERIC.fullmatch(word) or is_absent(word) for word in words):
        return False
    if len(words) == 1:
        return bool(UNIT.fullmatch(words[0])) and sum(map(bool, cells)) == 1
    return len(words) >= 2 and len(words) >= 0.5 * len(typed)


def is_absent(cell: str) -> bool:
    """Return whether a cell has no value: a word for missing, or the error of a spreadsheet."""
    return cell.lower() in MISSING_WORDS or bool(SPREADSHEET_ERROR.fullmatch(cell))


def read_flags(header: Rows, kinds: Sequence[str]) -> Heading:
    """Return which columns are flagged as class and meta, by a row or by marks in the names."""
    row = next((r for r, kind in zip(header, kinds, strict=True) if kind == "flags"), None)
    if row is not None:
        target = [j for j, cell in enumerate(row) if TARGET_FLAG.fullmatch(cell.strip())]
        meta = [j for j, cell in enumerate(row) if META_FLAG.fullmatch(cell.strip())]
    else:
        marks = [
            mark[1] if (mark := ORANGE_PREFIX.fullmatch(cell.strip())) else "" for cell in header[0]
        ]
        target = [j for j, mark in enumerate(marks) if mark.startswith("c")]
        meta = [j for j, mark in enumerate(marks) if mark.startswith(("m", "i", "w"))]
    return Heading(tuple(kinds), target[0] if len(target) == 1 else -1, tuple(meta))


def strip_prefixes(names: Sequence[str]) -> list[str]:
    """Return the names without the marks of their columns, if most of them have one."""
    marks = [ORANGE_PREFIX.fullmatch(name.strip()) for name in names]
    if sum(bool(mark and mark[1]) for mark in marks) * 2 <= len(names):
        return list(names)
    return [mark[2] if mark and mark[1] else name for name, mark in zip(names, marks, strict=True)]
