"""Profile: what each column of a table holds, and whether a network can use it."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.cells import (
    Array,
    Reading,
    as_number,
    leading_zeros,
    missing,
    plain,
    read_values,
    reading_of,
)
from engine.table import Table

BARS = 12  # of a small histogram
TOP = 12  # most frequent values that are counted
CATEGORIES = 100  # different values of a column that can still be categories
ID_NAME = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|index|idx|nr|no|number|key|code|obs|row|rownames?)\d*$"
    r"|^(column 1|unnamed.*|#)$",
    re.I,
)


class Column(NamedTuple):
    """A column as it was understood."""

    name: str
    kind: str  # number | category | yes/no | date | time | text | id | constant | empty
    reading: Reading
    missing: int
    distinct: int  # different values, the missing ones not counted
    counts: tuple[int, ...] = ()  # the bars of a small histogram, or of the most frequent values
    labels: tuple[str, ...] = ()  # those values; for numbers the lowest and the highest
    reason: str = ""  # why it is left out; "" if the network can use it
    note: str = ""  # what was guessed
    whole: bool = False  # numbers without decimals


class Values(NamedTuple):
    """The different values of a column, and which row has which."""

    codes: Array  # (n,) index into values, -1 where the cell stands for nothing
    values: pd.Index  # different texts, none that stands for nothing
    counts: Array  # (m,) how often each occurs
    plain: Array  # (m,) as numbers, where they are plainly written ones


def values_of(column: pd.Series) -> Values:
    """The column by its different values."""
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    texts = pd.Index(np.asarray(texts, dtype=object), dtype=object)
    numbers = plain(texts)
    gone = missing(texts, numbers)
    place = np.where(gone, -1, np.cumsum(~gone) - 1)
    codes = place[codes]
    counts = np.bincount(codes[codes >= 0], minlength=int((~gone).sum()))
    return Values(codes, texts[~gone], counts, numbers[~gone])


def profile(table: Table) -> tuple[Column, ...]:
    """Every column of the table, understood."""
    return tuple(column_of(table, name) for name in table.frame.columns)


def column_of(table: Table, name: str) -> Column:
    """One column of the table, understood."""
    own = values_of(table.frame[name])
    n, gone = len(own.codes), int((own.codes < 0).sum())
    if not len(own.values):
        return Column(name, "empty", Reading(), gone, 0, reason="it is empty")
    reading, numbers = understood(own, table.decimal)
    kind, reason = kind_of(name, own, reading, numbers, n - gone)
    counts, labels = picture(own, numbers, kind)
    whole = numbers is not None and bool(np.all(numbers[~np.isnan(numbers)] % 1 == 0))
    if not reason and gone > 0.9 * n:
        reason = f"{gone / n:.0%} of its cells are missing"
    unread = int(own.counts[np.isnan(numbers)].sum()) if numbers is not None else 0
    note = "; ".join(filter(None, (reading.note, unread_words(unread))))
    return Column(name, kind, reading, gone, len(own.values), counts, labels, reason, note, whole)


def of_kind(table: Table, column: Column, kind: str) -> Column:
    """The column as a number or as a category; ValueError where it cannot be one."""
    own = values_of(table.frame[column.name])
    if kind == "category":
        counts, labels = picture(own, None, kind)
        return column._replace(
            kind=kind, reading=Reading(), counts=counts, labels=labels, reason=""
        )
    reading = as_number(own.values, table.decimal) if len(own.values) > 1 else None
    if kind != "number" or reading is None:
        raise ValueError(f"'{column.name}' cannot be read as a {kind}.")
    numbers = read_values(own.values, reading)
    counts, labels = picture(own, numbers, kind)
    return column._replace(kind=kind, reading=reading, counts=counts, labels=labels, reason="")


def understood(own: Values, decimal: str) -> tuple[Reading, Array | None]:
    """How to read a column, and its different values as numbers; None if they are text."""
    if decimal == "." and len(own.values) > 2 and np.all(np.abs(own.plain) < 1e300):
        reading, numbers = Reading("number"), own.plain  # the usual case, at once
    else:
        reading = reading_of(own.values, decimal)
        numbers = None if reading.kind == "text" else read_values(own.values, reading)
    if reading.kind == "number" and leading_zeros(own.values):
        return Reading(note="leading zeros: codes, not numbers"), None
    return reading, numbers


def unread_words(count: int) -> str:
    """The words for cells that do not fit the rest of their column."""
    if not count:
        return ""
    return f"{count:,} {'cell does' if count == 1 else 'cells do'} not fit and count as missing"


def kind_of(
    name: str, own: Values, reading: Reading, numbers: Array | None, filled: int
) -> tuple[str, str]:
    """The kind of a column, and why it is left out."""
    distinct = len(own.values)
    if distinct == 1:
        return "constant", f"it holds '{own.values[0][:40]}' only"
    if numbers is None:
        return kind_of_text(name, own, filled)
    if reading.kind == "number" and distinct == filled and filled > 10 and counts_up(numbers, name):
        return "id", "it numbers the rows"
    return reading.kind, ""


def counts_up(numbers: Array, name: str) -> bool:
    """Whether different numbers only tell rows apart: steps of one, or named so."""
    if np.isnan(numbers).any() or (numbers % 1).any():
        return False
    steady = bool(np.all(np.diff(numbers) == 1)) and numbers[0] in (0, 1)
    return steady or bool(ID_NAME.search(name))


def kind_of_text(name: str, own: Values, filled: int) -> tuple[str, str]:
    """Category, text or id, and why a text or an id is left out."""
    distinct = len(own.values)
    words = np.mean([len(value.split()) for value in own.values[:500]])
    if distinct == filled and filled > 10 and (words < 1.5 or ID_NAME.search(name)):
        return "id", "each row has a value of its own"
    if distinct > CATEGORIES or distinct > 0.5 * filled > 5:
        if words > 3 or distinct > 0.5 * filled:
            return "text", f"it holds {distinct:,} different texts"
        if distinct > 1000:
            return "text", f"{distinct:,} different values are too many for categories"
    return "category", ""


def picture(own: Values, numbers: Array | None, kind: str) -> tuple[tuple, tuple]:
    """Counts and labels of a small histogram."""
    if numbers is not None and kind not in ("yes/no", "constant") and len(own.values) > 2:
        good = ~np.isnan(numbers)
        counts, _ = np.histogram(numbers[good], BARS, weights=own.counts[good])
        ends = own.values[good][[int(numbers[good].argmin()), int(numbers[good].argmax())]]
        return tuple(int(count) for count in counts), tuple(str(end)[:40] for end in ends)
    order = np.argsort(-own.counts, kind="stable")[:TOP]
    return (
        tuple(int(count) for count in own.counts[order]),
        tuple(str(value)[:40] for value in own.values[order]),
    )
