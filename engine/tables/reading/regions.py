"""Regions: which rows of a text are its table, by their widths.

A file may contain settings of a report, one or several tables, and remarks. The width of the table
is that of the rows with most cells, unless those are pairs of a key and a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.tables.reading.headings import NUMERIC

Rows = Sequence[Sequence[str]]
DIGIT = re.compile(r"\d")
SAME_SIZE = 0.6  # an earlier table with this share of the cells of the largest counts as equal
FEWEST_ROWS = 3  # rows of a table under settings: its names and two more


def table_width(rows: Rows) -> tuple[int, float]:
    """Return the width of the table among the rows, and the share of the cells that it has."""
    places: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        places.setdefault(len(row), []).append(i)
    often = {w: own for w, own in places.items() if len(own) > 1} or places
    width = max(often, key=lambda w: (w * len(often[w]), -w))
    for w, own in often.items():  # of tables of similar size the first one is read
        before = own[-1] < often[width][0]
        width = w if before and w * len(own) > SAME_SIZE * width * len(often[width]) else width
    if (names := named_width(rows, often, width)) > width:
        return names, sum(len(row) for row in rows if 1 < len(row) <= names) / sum(map(len, rows))
    lead, cells = often[width], sum(map(len, rows))
    for wider in sorted(w for w, own in often.items() if w > width and len(own) >= FEWEST_ROWS):
        own = often[wider]
        if (
            own[0] > lead[-1]
            and are_settings([rows[i] for i in lead])
            and has_header([rows[i] for i in own])
        ):
            return wider, wider * len(own) / sum(map(len, rows[own[0] :]))
    return width, width * len(lead) / cells


def named_width(rows: Rows, often: dict[int, list[int]], width: int) -> int:
    """Return the width of the names if they are wider than most rows, which lost empty cells."""
    first = len(rows[0])
    own = [rows[i] for i in often.get(first, ())]
    return (
        first
        if first > width > 1 and len(own) > max(2, 0.05 * len(rows)) and has_header(own)
        else width
    )


def are_settings(rows: Rows) -> bool:
    """Return whether rows are settings: a different key in each, and its value."""
    keys = [row[0].strip() for row in rows]
    return (
        len({*keys}) == len(keys)
        and all(re.search(r"[^\W\d_]", key) for key in keys)
        and not has_header(rows)
    )


def has_header(rows: Rows) -> bool:
    """Return whether the first row has no numbers and the rows below it have some."""
    first, *below = rows
    numbers = [
        j
        for j in range(len(first))
        if sum(bool(DIGIT.search(r[j])) for r in below) * 2 > len(below)
    ]
    names = [first[j].strip() for j in numbers]
    return bool(names) and all(name and not NUMERIC.fullmatch(name) for name in names)
