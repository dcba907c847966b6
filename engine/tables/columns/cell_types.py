"""Cell types: how a column is read, as numbers, dates, times, yes and no, or categories.

The functions work on the different values of a column at once and apply one rule to a whole column,
so that a second table is read in the same way. Shares count rows, not different values.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.language import marked, tr
from engine.nn import Array
from engine.tables.columns.cell import (
    AS_IT_IS,
    POWERS,
    Reading,
    is_missing,
    mark_of,
    name_in,
    one_number,
    seconds_in,
)
from engine.tables.columns.times import as_date, days

YES_NO = (  # (no, yes) in the languages of most tables
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("off", "on"),
    ("0", "1"),
    ("nein", "ja"),
    ("non", "oui"),
    ("no", "sí"),
    ("no", "si"),
    ("absent", "present"),
    ("negative", "positive"),
)
UNREADABLE_SHARE = 0.05  # share of cells that may be unreadable in a column of numbers
SAMPLE_SIZE = 2_000  # different values that are checked, evenly spread
OTHER_MARK = {".": ",", ",": "."}
NAMED_MARK = {".": marked("a decimal point"), ",": marked("a decimal comma")}
TWO_PARTS = {  # what 12:30 may mean
    "m:s": marked("minutes and seconds"),
    "h:m": marked("hours and minutes"),
}


class Marks(NamedTuple):
    """How many cells can only have a decimal comma, only a decimal point, or either."""

    comma: int = 0
    point: int = 0
    either: int = 0


def missing(values: pd.Index, as_numbers: Array, reading: Reading = AS_IT_IS) -> Array:
    """Return where a value stands for a missing cell, (m,).

    `as_numbers` (m,) are the values as Python reads them.
    """
    gone = np.isnan(as_numbers)
    gone[gone] = [is_missing(value, reading) for value in values[gone]]
    if reading.codes:
        gone |= np.isin(parse_numbers(values, reading), reading.codes)
    return gone


def decimal_of(values: list[str]) -> tuple[int, int]:
    """Return how many values can only have a decimal comma, and how many only a decimal point."""
    return count_decimal_marks(values)[:2]


def count_decimal_marks(values: list[str], counts: Array | None = None) -> Marks:
    """Return how many values have each decimal mark; value i counts `counts[i]` times, (m,)."""
    found = Counter[str]()
    for i, value in enumerate(values):
        if "," in value or "." in value:
            found[mark_of(value.strip())] += 1 if counts is None else int(counts[i])
    return Marks(found[","], found["."], found["?"])


def parse_plain_numbers(values: pd.Index) -> Array:
    """Return the numbers (m,) of values as Python reads them; nan for the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pd.to_numeric(pd.Series(values.to_numpy(object)), errors="coerce")
    return np.array(found, dtype=np.float64)


def parse_numbers(values: pd.Index, reading: Reading) -> Array:
    """Return the numbers (m,) of the values by the reading of a column; nan for the others."""
    out = parse_plain_numbers(values)
    if reading.decimal == ",":
        text = pd.Series(values, dtype=object)
        grouped = text.str.contains(".", regex=False).to_numpy(bool)  # 1.234 has thousands here
        out = np.where(
            grouped, np.nan, parse_plain_numbers(pd.Index(text.str.replace(",", "."), dtype=object))
        )
    for i in np.flatnonzero(np.isnan(out)):
        out[i] = one_number(values[i], reading.decimal, reading.unit, reading.scaled)[0]
    return np.where(np.abs(out) < 1e300, out, np.nan)


# Numbers


def as_number(
    values: pd.Index,
    counts: Array,
    decimal: str,
    sure: bool = False,
    share: float = UNREADABLE_SHARE,
    fixed: bool = False,
) -> Reading | None:
    """Return how to read the values as numbers, or None.

    No value is missing; `counts` (m,) says how often each occurs. `decimal` is the decimal mark of
    the whole table. `sure` says that it is known from other columns or was chosen; `fixed`, that
    this column has it. A single cell among ten or more, or a `share` of them, may be unreadable.
    """
    step = -(-len(values) // SAMPLE_SIZE)
    seen, often = [value.strip() for value in values[::step]], counts[::step]
    other = ""
    if not fixed:
        decimal, other = decimal_in(seen, often, decimal, sure)
    unit, scaled = unit_of(seen, often, decimal)
    reading = Reading("number", decimal, unit=unit, other=other, scaled=scaled)
    if other:
        reading = reading._replace(note=tr("the decimal mark is a guess"))
    for some, own in ((pd.Index(seen, dtype=object), often), (values, counts)):
        unread, total = int(own[unreadable_numbers(some, reading)].sum()), int(own.sum())
        if unread > share * total and not (unread == 1 and total >= 10):
            return None
    return reading


def unreadable_numbers(values: pd.Index, reading: Reading) -> Array:
    """Return where a value is not a number, (m,); infinity is one, though it cannot be used."""
    found = np.isnan(parse_numbers(values, reading))
    found[found] = ~np.isinf(parse_plain_numbers(values[found]))
    return found


def decimal_in(values: list[str], counts: Array, decimal: str, sure: bool) -> tuple[str, str]:
    """Return the decimal mark of a column, and the other one if that reads the column, too.

    `counts` (m,) says how often each value occurs.
    """
    found = count_decimal_marks(values, counts)
    if found.comma != found.point:
        return ("," if found.comma > found.point else "."), ""
    if found.comma or not found.either:
        return decimal, ""
    marked = [value for value in values if mark_of(value) == "?"]
    mark = "," if "," in marked[0] else "."
    if any(mark not in value for value in marked):  # 1,000 and 1.000 in one column
        return decimal, OTHER_MARK[decimal]
    whole = parse_plain_numbers(
        pd.Index([value for value in values if mark not in value], dtype=object)
    )
    whole = np.abs(whole[~np.isnan(whole)])
    grouped = len(whole) and whole.max() < 1000 and (whole % 1 == 0).all()
    if grouped and (np.median(whole) >= 100 or any(value.endswith("0") for value in marked)):
        return OTHER_MARK[mark], "" if sure and decimal != mark else mark  # 880 beside 1.000
    return decimal, "" if sure else OTHER_MARK[decimal]


def unit_of(values: list[str], counts: Array, decimal: str) -> tuple[str, bool]:
    """Return the unit at most of the numbers, and whether K, M and B mean powers of ten there.

    `counts` (m,) says how often each value occurs.
    """
    if not any(re.search(r"[^\d.,+\-]", value) for value in values):
        return "", False
    units, sizes, total = Counter[str](), Counter[str](), int(counts.sum())
    for value, count in zip(values, counts.tolist(), strict=True):
        number, unit = one_number(value, decimal)
        scaled, rest = one_number(value, decimal, scaled=True)
        if scaled != number and scaled == scaled:
            letters = unit.removeprefix(rest).removesuffix(rest).strip()
            sizes[letters if value[-len(letters) - 1 :][:1].isdigit() else " " + letters] += count
        if number == number:
            units[unit] += count
    if 2 * sum(sizes.values()) > total and powers_are_meant(sizes):
        units = Counter[str]()
        for value, count in zip(values, counts.tolist(), strict=True):
            units[one_number(value, decimal, scaled=True)[1]] += count
        return most_common(units, total), True
    return most_common(units, total), False


def powers_are_meant(sizes: Counter[str]) -> bool:
    """Return whether letters such as K and M mean powers of ten: not in 273 K, 5 m or 3 T alone."""
    different = {POWERS[word.strip().lower().rstrip(".")] for word in sizes}
    alone = next(iter(sizes))
    return len(different) > 1 or len(alone.strip()) > 1 or alone in ("K", "k", "M", "B")


def most_common(units: Counter[str], total: int) -> str:
    """Return the unit of more than half of the cells; "" if there is none."""
    best = max(units, key=lambda unit: units[unit], default="")
    return best if 2 * units[best] > total else ""


# Durations, and yes and no


def as_duration(values: pd.Index, counts: Array) -> Reading | None:
    """Return how to read the values as durations, or None.

    No value is missing; `counts` is (m,).
    """
    step = -(-len(values) // SAMPLE_SIZE)
    seen, often = values[::step], counts[::step]
    if np.isnan([seconds_in(value) for value in seen[:50]]).mean() > 0.5:
        return None
    if (
        np.dot(np.isnan([seconds_in(value) for value in seen]), often)
        > UNREADABLE_SHARE * often.sum()
    ):
        return None
    form, sure = two_part_format(seen)
    if sure:
        return Reading("duration", format=form, unit="s")
    words, other = TWO_PARTS[form], next(one for one in TWO_PARTS if one != form)
    example = next(value.strip() for value in seen if value.count(":") == 1)
    note = tr("it is a guess that {example} means {words}", example=example, words=tr(words))
    return Reading("duration", format=form, unit="s", note=note, other=other)


def two_part_format(values: pd.Index) -> tuple[str, bool]:
    """Return what a duration in two parts such as 12:30 means, and whether that is certain."""
    two = [value.strip() for value in values if value.count(":") == 1]
    if not two or any("." in value for value in two):
        return "m:s", True
    first = max(int(re.sub(r"\D", "", value.split(":")[0]) or 0) for value in two)
    if len(two) < len(values):  # 59:31 beside 1:02:03
        return ("m:s" if first > 23 else "h:m"), False
    return ("m:s" if first < 60 else "h:m"), False


def as_yes_no(values: pd.Index) -> Reading | None:
    """Return how to read two values as no and yes, or None."""
    if len(values) > 20:
        return None
    own = {name_in(value) for value in values}
    pair = next((pair for pair in YES_NO if own == set(pair)), None)
    return Reading("yes/no", pair=pair) if pair else None


def reading_of(
    values: pd.Index, counts: Array | None = None, decimal: str = ".", sure: bool = False
) -> Reading:
    """Return how to read a column with these different values, none missing; `counts` is (m,)."""
    if not len(values):
        return Reading()
    counts = np.ones(len(values), dtype=int) if counts is None else counts
    return (
        as_yes_no(values)
        or as_date(values, counts)
        or as_number(values, counts, decimal, sure)
        or as_duration(values, counts)
        or Reading(decimal=decimal)
    )


def read_values(values: pd.Index, reading: Reading) -> Array:
    """Return the values as numbers (m,) by the reading of a column; nan where one does not fit."""
    if reading.kind == "yes/no":
        known = {word: float(i) for i, word in enumerate(reading.pair)}
        return np.array([known.get(name_in(value), np.nan) for value in values])
    if reading.kind in ("date", "time"):
        return days(values, reading.format)
    if reading.kind == "duration":
        return np.array([seconds_in(value, reading.format) for value in values], dtype=float)
    return parse_numbers(values, reading)


def leading_zeros(values: pd.Index, counts: Array) -> bool:
    """Return whether the values are codes such as 007 or 01234, not numbers; `counts` is (m,)."""
    seen = [value.strip() for value in values[:SAMPLE_SIZE]]
    codes = np.array([bool(re.fullmatch(r"0\d+", value)) for value in seen])
    if not codes.any():
        return False
    width = max(map(len, seen))
    wide = any(len(value) == width >= 3 for value, code in zip(seen, codes, strict=True) if code)
    return wide or counts[:SAMPLE_SIZE][codes].sum() > UNREADABLE_SHARE * counts[:SAMPLE_SIZE].sum()
