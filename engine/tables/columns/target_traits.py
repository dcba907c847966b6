"""Target traits: evidence for or against each column as the target, by the table's structure.

The evidence is a column's position among the usable ones, its content, its group, and how well it
follows from the others. Names count little: a few standard terms for a target, for usual measures,
for usual inputs, and the names of coordinates.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.tables.columns.column_profile import Column
from engine.tables.columns.dependence import explained_variance
from engine.tables.reading.reader import Table

TARGET_TERMS = re.compile(  # standard names of a target
    r"targets?|labels?|(c|k)las+(e|a|es|i)?|y|outcome|output|response|results?|dependent|depvar"
    r"|endog|ground_?truth",
    re.I,
)
TARGET_WORDS = re.compile(
    r"price|cost|salary|wages?|sales|score|grade|rating|quality|status|diagnosis|survived",
    re.I,
)
INPUT_WORDS = re.compile(
    r"id|year|yr|month|mnth|day|weekday|date|time|hour|hr|quarter|week|age|sex|gender|name|index"
    r"|row|obs|zip|subject",
    re.I,
)
COORDINATE = re.compile(r"(?P<lat>lat(itud\w*)?)|lon(g(itud\w*)?)?|lng", re.I)
CALENDAR = ((1, 12), (1, 31), (0, 23), (1, 24))  # whole numbers of months, days and hours
YEARS = (1850, 2100)
NAMES_OF_DAYS = {  # and of months, with their short forms
    name.lower()
    for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr)
    for name in names
    if name
}
FEW_CLASSES = 10  # most classes of a usual target
GROUP_SIZE = 3  # columns whose names share a part make a group
ALL, NONE = 0.97, 0.03  # R² of a determined, and of an unexplained column
WORTH_NAMING = 0.1  # lowest R² of the most explained column that is named
FEWEST_OTHERS = 4  # other columns needed for a single class to stand out


class Traits(NamedTuple):
    """The properties of a column, as 0 or 1; the two surpluses are differences of R²."""

    last: float  # of the usable columns that are neither of a calendar nor coordinates
    first: float
    second: float
    last_class: float  # the last one, of at most FEW classes
    first_class: float
    last_binary: float
    first_binary: float
    many_classes: float
    few_numbers: float  # a class that is written as a number
    term: float
    usual: float  # a word of the name is a usual measure
    usual_whole: float  # the name is
    word_at_end: float  # it is called a target or a usual measure, and is first or last
    given: float
    about_other: float  # its name contains another column's name, as in `note on pm`
    grouped: float  # numbered like others, or sharing the first or last word with them
    coordinate: float
    calendar: float
    only_class: float  # the others are not categories
    last_among_numbers: float  # the last one, of classes, while nearly all others are numbers
    first_among_numbers: float
    most_explained: float  # by the other columns
    surplus: float  # R² less the median R² of all
    last_surplus: float
    determined: float
    unexplained: float


class Surroundings(NamedTuple):
    """The facts about the whole table."""

    usable: tuple[Column, ...]
    inner: tuple[Column, ...]  # those that are neither of a calendar nor coordinates
    grouped: frozenset[str]
    coordinates: frozenset[str]
    explained: dict[str, float]  # R² of each usable column on the others


def surroundings(table: Table, columns: Sequence[Column]) -> Surroundings:
    """Return what is known about the whole table."""
    usable = tuple(column for column in columns if not column.reason)
    places = coordinate_names([column.name for column in usable])
    inner = [one for one in usable if one.name not in places and not of_calendar(one)]
    groups = grouped_names([column.name for column in columns]) if table.header else frozenset()
    return Surroundings(
        usable, tuple(inner or usable), groups, places, explained_variance(table, usable)
    )


def traits(column: Column, task: str, around: Surroundings) -> Traits:
    """Return the evidence for or against the column as the target of this task."""
    few = task == "classification" and column.distinct <= FEW_CLASSES
    place, words = place_traits(column, few, around), name_traits(column, around)
    of_classes = [one for one in around.usable if one.kind in ("category", "yes/no")]
    surplus, most, share = dependence(column, around)
    at_end = place["last"] or place["first"]
    return Traits(
        **place,
        **words,
        many_classes=task == "classification" and not few,
        few_numbers=task == "classification" and column.kind == "number",
        word_at_end=at_end and (words["term"] or words["usual_whole"]),
        calendar=of_calendar(column),
        only_class=of_classes == [column],
        most_explained=most,
        surplus=surplus,
        last_surplus=max(surplus, 0.0) * (place["last"] and share < ALL),
        determined=share >= ALL,
        unexplained=share < NONE,
    )


def place_traits(column: Column, few: bool, around: Surroundings) -> dict[str, bool]:
    """Return the traits of a column's position; `few` says that it has few classes."""
    leads = around.inner[0] == around.usable[0]  # there is no date and no place before it
    first, second, last = (column == _at(around.inner, place) for place in (0, 1, -1))
    first, second = first and leads, second and leads
    others = [one.kind == "number" for one in around.usable if one != column]
    lonely = few and len(others) >= FEWEST_OTHERS and bool(np.mean(others) > 0.8)
    return {
        "last": last,
        "first": first,
        "second": second and len(around.inner) > 2,
        "last_class": last and few,
        "first_class": first and few,
        "last_binary": last and column.distinct == 2,
        "first_binary": first and column.distinct == 2,
        "last_among_numbers": last and lonely,
        "first_among_numbers": first and lonely,
    }


def _at(columns: Sequence[Column], place: int) -> Column | None:
    """Return the column at a place, None beyond the end."""
    return columns[place] if place < len(columns) else None


def dependence(column: Column, around: Surroundings) -> tuple[float, bool, float]:
    """Return R² minus the median R², whether it is the highest and large enough, and R²."""
    all_shares = [around.explained.get(one.name, 0.0) for one in around.usable]
    share = around.explained.get(column.name, 0.0)
    most = len(all_shares) > 2 and share == max(all_shares) and share > WORTH_NAMING
    return share - float(np.median(all_shares)), most, share


def name_traits(column: Column, around: Surroundings) -> dict[str, bool]:
    """Return the traits of a column's name."""
    name, words = column.name.strip(), split_name(column.name)
    place = column.name in around.coordinates
    return {
        "term": bool(TARGET_TERMS.fullmatch(name)) and not place,
        "usual": any(TARGET_WORDS.fullmatch(word) for word in words),
        "usual_whole": bool(TARGET_WORDS.fullmatch(name)),
        "given": any(INPUT_WORDS.fullmatch(word) for word in words),
        "about_other": any(is_part(one.name, column.name) for one in around.usable),
        "grouped": column.name in around.grouped,
        "coordinate": place,
    }


def of_calendar(column: Column) -> bool:
    """Return whether the values are those of a calendar or a clock."""
    if column.kind in ("date", "time"):
        return True
    if column.kind == "category":
        return {label.strip().lower() for label in column.labels} <= NAMES_OF_DAYS
    if column.kind != "number" or not column.whole or not column.labels:
        return False
    try:
        low, high = float(column.labels[0]), float(column.labels[-1])
    except ValueError:
        return False
    return (YEARS[0] <= low and high <= YEARS[1]) or (low, high) in CALENDAR


@lru_cache(4096)
def split_name(name: str) -> tuple[str, ...]:
    """Return the words of a name: `Loan_Status`, `loanStatus` and `loan status` have two."""
    words = re.split(r"[_\W\d]+|(?<=[a-z])(?=[A-Z])", name.strip())
    return tuple(filter(None, words))


def is_part(name: str, other: str) -> bool:
    """Return whether the words of a name stand side by side within another, longer name."""
    one, two = ([word.lower() for word in split_name(text)] for text in (name, other))
    if len(one) >= len(two) or len("".join(one)) < 2:
        return False
    return any(two[place : place + len(one)] == one for place in range(len(two) - len(one) + 1))


def grouped_names(names: Sequence[str]) -> frozenset[str]:
    """Return the names of columns that are alike.

    Three are numbered alike or share their first or last word, or two share two such words.
    """
    alike: dict[tuple[str, int], set[str]] = {}  # what is shared, and how many must share it
    for name in names:
        low = name.strip().lower()
        words, stem = re.split(r"[_\W]+", low), re.sub(r"\d+", "#", low)
        shared = [(stem, GROUP_SIZE)] if "#" in stem else []
        for count, needed in ((1, GROUP_SIZE), (2, GROUP_SIZE - 1)):
            if len(words) > count:
                shared.append((" ".join([*words[:count], "…"]), needed))
                shared.append((" ".join(["…", *words[-count:]]), needed))
        for key in shared:
            alike.setdefault(key, set()).add(name)
    found = [group for (_, needed), group in alike.items() if len(group) >= needed]
    return frozenset(name for group in found for name in group)


def coordinate_names(names: Sequence[str]) -> frozenset[str]:
    """Return the names of coordinates: x, y and z side by side, or latitude and longitude.

    Where there is nothing but x and y, they are an input and a target.
    """
    low = [name.strip().lower() for name in names]
    found = {
        name: mark
        for name in names
        for word in split_name(name)
        if (mark := COORDINATE.fullmatch(word))
    }
    if len({mark["lat"] is None for mark in found.values()}) < 2:
        found = {}
    axes: set[str] = set()
    for place in range(len(low) - 1):
        if low[place : place + 2] == ["x", "y"]:
            span = 3 if low[place + 2 : place + 3] == ["z"] else 2
            axes |= set(names[place : place + span])
    return frozenset(found) | (axes if len(axes) < len(names) else set())
