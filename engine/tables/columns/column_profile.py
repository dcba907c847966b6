"""Profile: what each column of a table holds, and whether a network can use it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, TypedDict
from weakref import WeakKeyDictionary

import numpy as np

from engine.language import tr
from engine.tables.columns.cell import Reading, is_missing, mark_of
from engine.tables.columns.cell_types import (
    Array,
    as_number,
    decimal_of,
    leading_zeros,
    read_values,
    reading_of,
)
from engine.tables.columns.missing_codes import (
    MISSING_WORDS,
    missing_elsewhere,
    spelling_rules,
    suspected_codes,
    words_meant,
)
from engine.tables.columns.remarks import as_read, reading_remarks, unread_words
from engine.tables.columns.values import MOST_SPELLINGS, Texts, Values, texts_of, values_from_texts
from engine.tables.reading.reader import Table

HISTOGRAM_BARS = 12  # of a small histogram
TOP_VALUES = 12  # most frequent values that are counted
MOST_CATEGORIES = 100  # different values of a column that can still be categories
MOST_UNREADABLE = 0.5  # share of unreadable cells if a person chose the kind
PARTS = re.compile(r"[_\W\d]+|(?<=[a-z])(?=[A-Z])")
NAMELESS = re.compile(r"(index|key|code|nr|no|number)\.?|column 1|unnamed.*|#", re.I)
ID_PARTS = frozenset(("id", "ids", "uuid", "guid", "idx", "rowname", "rownames", "row", "obs"))
TIME = re.compile(  # names of columns that count up but are useful
    r"t|times?|days?|date|weeks?|month|year|yr|hour|minute|min|second|sec|step|epoch|frame|tick|"
    r"period|quarter|age|zeit|tag|woche|monat|jahr|stunde|temps|jour|semaine|mois|heure|ann[eé]e|"
    r"tiempo|d[ií]a|semana|mes|a[ñn]o|hora|tempo|giorno|settimana|mese|anno|ora|tijd|dag|maand|jaar"
)


class ReadingChange(TypedDict, total=False):
    """How a person wants a column to be read, by the names in Reading; the rest is guessed."""

    decimal: str
    format: str
    unit: str
    scaled: bool
    codes: Sequence[float]
    words: Sequence[str]
    exact: bool
    padded: bool


READING_KEYS = tuple(ReadingChange.__annotations__)


class Column(NamedTuple):
    """The content of a column and how it is read."""

    name: str
    kind: str  # number | category | yes/no | date | time | duration | text | id | constant | empty
    reading: Reading
    missing: int
    distinct: int  # different values, the missing ones not counted
    counts: tuple[int, ...] = ()  # the bars of a small histogram, or of the most frequent values
    labels: tuple[str, ...] = ()  # those values; for numbers the lowest and the highest, as read
    reason: str = ""  # why it is left out; "" if the network can use it
    note: str = ""  # what was guessed
    whole: bool = False  # numbers without decimals
    unread: int = 0  # cells that do not fit the reading and count as missing
    suspected_codes: tuple[float, ...] = ()  # numbers that may be codes for a missing cell
    absent: tuple[str, ...] = ()  # words for a missing cell that could be a category


def profile(table: Table) -> tuple[Column, ...]:
    """Return what every column of the table holds and how it is read."""
    return tuple(column_of(table, name) for name in table.frame.columns)


def column_of(
    table: Table, name: str, kind: str = "", overrides: ReadingChange | None = None
) -> Column:
    """Return what one column of the table holds and how it is read.

    `kind`, "number" or "category", and `overrides`, by the names in READING_KEYS, replace what
    would be guessed. Raises ValueError if the cells cannot be read so.
    """
    texts = texts_of(table.frame[name])
    raw = values_from_texts(texts)
    if not len(raw.values):
        return Column(name, "empty", Reading(), len(raw.codes), 0, reason=tr("it is empty"))
    reading = requested_reading(table, name, texts, kind, overrides or {})
    distinct = values_from_texts(texts, reading)
    numbers = None if reading.kind == "text" else read_values(distinct.values, reading)
    filled = int((distinct.codes >= 0).sum())
    first = name == table.frame.columns[0]
    found, reason = (
        classify_column(name, distinct, reading, numbers, first) if not kind else (kind, "")
    )
    if not kind and not reason and name in table.meta:
        reason = tr("the header says that it is not an input")
    if not kind and not reason and filled < 0.1 * len(distinct.codes):
        reason = tr("{share:.0%} of its cells are missing", share=1 - filled / len(distinct.codes))
    counts, labels = small_histogram(distinct, numbers, found, reading)
    column = Column(
        name, found, reading, len(distinct.codes) - filled, len(distinct.values), counts, labels
    )
    return add_remarks(column._replace(reason=reason), table, texts, distinct, numbers)


def of_kind(table: Table, column: Column, kind: str) -> Column:
    """Return the column read as a number or as a category.

    Raises ValueError if it cannot be read so.
    """
    return column_of(table, column.name, kind)


# How a column is read


def requested_reading(
    table: Table, name: str, texts: Texts, kind: str, overrides: ReadingChange
) -> Reading:
    """Return how a column is read, with the choices in `overrides`.

    Raises ValueError if a choice is unknown or the column cannot be read so.
    """
    unknown = [key for key in overrides if key not in READING_KEYS]
    if unknown:
        raise ValueError(
            tr(
                "A reading has no '{unknown}', only {keys}.",
                unknown=unknown[0],
                keys=", ".join(READING_KEYS),
            )
        )
    codes = tuple(overrides.get("codes", ()))
    words = tuple(overrides["words"]) if "words" in overrides else None
    raw = values_from_texts(texts, Reading("number", codes=codes) if codes else None)
    if kind == "category":
        reading = as_category(table, name, texts, words)
    elif kind == "number":
        reading = as_number(raw.values, raw.counts, table.decimal, share=MOST_UNREADABLE)
    elif kind:
        reading = None
    else:
        reading = infer_reading(table, name, texts, raw, words)
    if reading is None or (kind == "number" and len(raw.values) < 2):
        raise ValueError(tr("'{name}' cannot be read as a {kind}.", name=name, kind=tr(kind)))
    own: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in overrides.items()}
    return with_requested_form(reading, raw, overrides)._replace(
        **{key: value for key, value in own.items() if key not in ("decimal", "format")}
    )


def with_requested_form(reading: Reading, distinct: Values, overrides: ReadingChange) -> Reading:
    """Return the reading with the chosen decimal mark or format.

    Raises ValueError if the cells cannot be read so.
    """
    if "decimal" in overrides and reading.kind == "number":
        found = as_number(
            distinct.values,
            distinct.counts,
            overrides["decimal"],
            share=MOST_UNREADABLE,
            fixed=True,
        )
        if found is None:
            words = tr(
                "The cells cannot be read with a decimal '{mark}'.", mark=overrides["decimal"]
            )
            raise ValueError(words)
        other = "," if overrides["decimal"] == "." else "."
        return found._replace(other=other, note=tr("the decimal mark was chosen"))
    if "format" in overrides and reading.kind in ("date", "duration"):
        if overrides["format"] not in (reading.format, reading.other):
            words = tr("The cells cannot be read as '{format}'.", format=overrides["format"])
            raise ValueError(words)
        other = reading.other if overrides["format"] == reading.format else reading.format
        return reading._replace(
            format=overrides["format"], other=other, note=tr("the format was chosen")
        )
    return reading


def infer_reading(
    table: Table, name: str, texts: Texts, distinct: Values, words: tuple[str, ...] | None
) -> Reading:
    """Return how to read a column."""
    if table.decimal == "." and len(distinct.values) > 20 and plainly_numbers(distinct):
        return Reading("number")  # the usual case, at once
    reading = reading_of(distinct.values, distinct.counts, table.decimal)
    if reading.kind == "number" and reading.other:
        again = as_number(
            distinct.values, distinct.counts, *decimal_mark_of_others(table, name, distinct)
        )
        reading = again or reading
    if reading.kind == "number" and leading_zeros(distinct.values, distinct.counts):
        note = tr("leading zeros: codes, not numbers")
        return as_category(table, name, texts, words)._replace(note=note)
    if reading.kind in ("text", "yes/no"):
        category = as_category(table, name, texts, words)
        return reading if reading.kind == "yes/no" and not category.words else category
    return reading


def plainly_numbers(distinct: Values) -> bool:
    """Return whether all values are numbers that can be read in one way only."""
    if not np.all(np.abs(distinct.plain) < 1e300) or leading_zeros(
        distinct.values, distinct.counts
    ):
        return False
    pointed = (value.strip() for value in distinct.values if "." in value)
    return any(mark_of(value) == "." for value in pointed) or not any(
        "." in v for v in distinct.values
    )


def as_category(
    table: Table, name: str, texts: Texts, words: tuple[str, ...] | None = None
) -> Reading:
    """Return how to read a column of categories: which words are values, which spellings equal."""
    distinct, reading = values_from_texts(texts), Reading(decimal=table.decimal)
    if len(distinct.values) > MOST_SPELLINGS:
        return reading
    if words is None:
        gone, names = Counter[str](), Counter[str]()
        for text, count in zip(texts.texts, np.bincount(texts.codes), strict=True):
            word = text.strip().lower()
            (gone if is_missing(text) else names)[word] += int(count)
        found = words_meant(gone, names, reading)
        words = tuple(one for one in found if not missing_elsewhere(table.frame, name, one))
    reading = reading._replace(words=words)
    return spelling_rules(values_from_texts(texts, reading._replace(exact=True)).values, reading)


DECIMAL_MARKS: WeakKeyDictionary[Table, dict[str, tuple[int, int]]] = WeakKeyDictionary()


def decimal_mark_of_others(table: Table, name: str, distinct: Values) -> tuple[str, bool]:
    """Return the decimal mark of the other columns of a table, and whether it is certain.

    If they do not show it, a point in a file with commas between its cells is a decimal point.
    """
    if "decimal" in table.overrides:
        return table.decimal, True
    known = DECIMAL_MARKS.setdefault(table, {})
    for other in table.frame.columns:
        if other not in known:
            known[other] = decimal_of(list(table.frame[other].iloc[:200]))
    comma, point = np.sum([marks for other, marks in known.items() if other != name] or [(0, 0)], 0)
    if comma != point:
        return ("," if comma > point else "."), True
    if table.dialect.delimiter == ",":
        return ".", any("." in value for value in distinct.values)
    return ("," if table.dialect.delimiter == ";" else table.decimal), False


# What kind of column it is


def classify_column(
    name: str, levels: Values, reading: Reading, numbers: Array | None, first: bool
) -> tuple[str, str]:
    """Return the kind of a column, and why it is left out.

    `numbers` (m,) are its values, None for text.
    """
    distinct, filled = len(levels.values), int((levels.codes >= 0).sum())
    if not distinct:
        return "empty", tr("all its cells count as missing")
    if distinct == 1:
        return "constant", tr("its only value is '{cell}'", cell=levels.values[0][:40])
    if numbers is None:
        return classify_text_column(name, levels, filled)
    different = distinct == filled and filled > 10 and reading.kind == "number"
    if different and numbers_rows(numbers, name, first):
        return "id", tr("it numbers the rows")
    return reading.kind, ""


def numbers_rows(numbers: Array, name: str, first: bool) -> bool:
    """Return whether different numbers (m,) only number the rows.

    They do if they count up by 1 and are the first column or have a name such as "index", unless
    the name is a time; or if they are whole numbers with a name such as "id". A name alone is not
    enough.
    """
    if np.isnan(numbers).any() or (numbers % 1).any():
        return False
    parts = [part.lower() for part in PARTS.split(name) if part]
    called = bool(NAMELESS.fullmatch(name.strip())) or (parts[-1:] and parts[-1] in ID_PARTS)
    if numbers[0] in (0, 1) and np.all(np.diff(numbers) == 1):
        return bool(first or called) and not any(TIME.fullmatch(part) for part in parts)
    return bool(called)


def classify_text_column(name: str, levels: Values, filled: int) -> tuple[str, str]:
    """Return category, text or id, and why a text or an id is left out."""
    distinct = len(levels.values)
    words = np.mean([len(value.split()) for value in levels.values[:500]])
    if distinct == filled and filled > 10 and words < 1.5:
        return "id", tr("each row has a different value")
    if distinct > MOST_CATEGORIES or distinct > 0.5 * filled > 5:
        if words > 3 or distinct > 0.5 * filled:
            return "text", tr("it has {number:,} different texts", number=distinct)
        if distinct > 1000:
            return "text", tr(
                "{number:,} different values are too many for categories", number=distinct
            )
    return "category", ""


# What is shown of it


def small_histogram(
    distinct: Values, numbers: Array | None, kind: str, reading: Reading
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return counts and labels of a small histogram; `numbers` (m,) are the values, if numeric."""
    good = ~np.isnan(numbers) if numbers is not None else np.zeros(0, dtype=bool)
    if numbers is not None and kind not in ("yes/no", "constant") and good.sum() > 2:
        counts, _ = np.histogram(numbers[good], HISTOGRAM_BARS, weights=distinct.counts[good])
        places = [int(numbers[good].argmin()), int(numbers[good].argmax())]
        ends = zip(distinct.values[good][places], numbers[good][places], strict=True)
        return tuple(map(int, counts)), tuple(as_read(*end, kind, reading) for end in ends)
    order = np.argsort(-distinct.counts, kind="stable")[:TOP_VALUES]
    return (
        tuple(int(count) for count in distinct.counts[order]),
        tuple(str(value)[:40] for value in distinct.values[order]),
    )


def add_remarks(
    column: Column, table: Table, texts: Texts, distinct: Values, numbers: Array | None
) -> Column:
    """Return the column with its suspected codes, unread cells, and remarks on them.

    `numbers` (m,) are the values as numbers, None for text.
    """
    unread = np.zeros(len(distinct.values), dtype=bool)
    if numbers is not None and column.kind not in ("constant", "empty"):
        unread = np.isnan(numbers)
        found = suspected_codes(numbers, distinct.counts) if column.reading.kind == "number" else ()
        whole = bool(np.all(numbers[~unread] % 1 == 0))
        column = column._replace(
            suspected_codes=found, whole=whole, unread=int(distinct.counts[unread].sum())
        )
    elif column.kind == "category":
        column = column._replace(absent=absent_words(texts, column.reading))
    sentences = reading_remarks(column.reading, texts, distinct, numbers, column.suspected_codes)
    lines = table.lines if len(table.lines) == len(distinct.codes) else None
    return column._replace(note="; ".join([*sentences, *unread_words(distinct, unread, lines)]))


def absent_words(texts: Texts, reading: Reading) -> tuple[str, ...]:
    """Return the words that count as missing in a column of categories, but could be a category."""
    counts, found = np.bincount(texts.codes), Counter[str]()
    for text, count in zip(texts.texts, counts.tolist(), strict=True):
        word = text.strip().lower()
        if word in MISSING_WORDS and is_missing(text, reading):
            found[word] += count
    return tuple(word for word, count in found.items() if count > 1)
