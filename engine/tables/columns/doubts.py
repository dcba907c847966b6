"""Doubts: what is not certain about a column, each with another way to read it, for one click."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.language import listed, many, tr
from engine.tables.columns.cell import Reading, mark_of
from engine.tables.columns.cell_types import NAMED_MARK, TWO_PARTS, read_values
from engine.tables.columns.column_profile import Column, ReadingChange
from engine.tables.columns.remarks import as_read, code_text, merged_words, suspect_words
from engine.tables.columns.values import Texts, Values, texts_of, values_from_texts
from engine.tables.reading.reader import Table


class Doubt(NamedTuple):
    """An uncertain guess about a column, and another way to read it."""

    column: str
    words: str  # a sentence on how it is read now
    button: str  # what the click does
    change: ReadingChange  # what `prepare(readings=...)` takes for the column


def doubts(table: Table, column: Column, target: bool = False) -> list[Doubt]:
    """Return what is not certain about a column; `target` says that it is to be predicted."""
    reading, name = column.reading, column.name
    if not (reading.other or column.suspected_codes or reading.codes or column.kind == "category"):
        return []
    texts = texts_of(table.frame[name])
    distinct = values_from_texts(texts, reading)
    found = [*other_form_doubts(name, distinct, reading), *code_doubts(name, distinct, column)]
    if column.kind == "category":
        found += [
            *missing_word_doubts(name, texts, column, target),
            *spelling_doubts(name, texts, distinct, reading),
        ]
    return found


def other_form_doubts(name: str, distinct: Values, reading: Reading) -> list[Doubt]:
    """Return a doubt if another decimal mark, or format, can be meant."""
    if not reading.other or not len(distinct.values):
        return []
    change: ReadingChange = (
        {"decimal": reading.other} if reading.kind == "number" else {"format": reading.other}
    )
    other = reading._replace(**dict[str, Any](change))
    if reading.kind == "number":
        cell = next((v.strip() for v in distinct.values if mark_of(v.strip()) == "?"), "")
        now, then = (tr(NAMED_MARK[one.decimal]) for one in (reading, other))
    elif reading.kind == "date":
        apart = read_values(distinct.values, reading) != read_values(distinct.values, other)
        cell = distinct.values[int(np.argmax(apart))].strip()
        now, then = (order_of(one.format) for one in (reading, other))
    else:
        cell = next((v.strip() for v in distinct.values if v.count(":") == 1), "")
        now, then = (tr(TWO_PARTS[one.format]) for one in (reading, other))
    words = tr(
        "It is not certain what '{cell}' means. Read with {now}, the column goes "
        "from {range}; with {then} it would go from {other_range}.",
        cell=cell[:40],
        now=now,
        range=ends_of(distinct, reading),
        then=then,
        other_range=ends_of(distinct, other),
    )
    return [Doubt(name, words, tr("Read it with {then}", then=then), change)]


def order_of(pattern: str) -> str:
    """Return "the day first" or "the month first"."""
    return tr("the day first") if pattern.startswith("%d") else tr("the month first")


def ends_of(distinct: Values, reading: Reading) -> str:
    """Return the lowest and the highest number as they are read: "1 to 7.822"."""
    numbers = read_values(distinct.values, reading)
    if np.isnan(numbers).all():
        return tr("no value to no value")
    places = int(np.nanargmin(numbers)), int(np.nanargmax(numbers))
    low, high = (as_read(distinct.values[i], numbers[i], reading.kind, reading) for i in places)
    return tr("{low} to {high}", low=low, high=high)


def code_doubts(name: str, distinct: Values, column: Column) -> list[Doubt]:
    """Return doubts on numbers that may stand for a missing cell, and on those that do."""
    reading, found = column.reading, []
    numbers = read_values(distinct.values, reading) if column.suspected_codes else np.empty(0)
    if column.suspected_codes:
        sentences = [
            suspect_words(code, distinct, numbers, column.suspected_codes)
            for code in column.suspected_codes
        ]
        shown = listed([code_text(code) for code in column.suspected_codes])
        change: ReadingChange = {"codes": [*reading.codes, *column.suspected_codes]}
        found.append(
            Doubt(
                name,
                tr("{words}.", words=tr("; ").join(sentences)),
                tr("Treat {shown} as missing", shown=shown),
                change,
            )
        )
    for code in reading.codes:
        change: ReadingChange = {"codes": [one for one in reading.codes if one != code]}
        words = tr("{code} counts as a missing cell.", code=code_text(code))
        found.append(
            Doubt(name, words, tr("Treat {code} as a number", code=code_text(code)), change)
        )
    return found


def missing_word_doubts(name: str, texts: Texts, column: Column, target: bool) -> list[Doubt]:
    """Return doubts on words such as NA that are a category here, or missing cells in a target."""
    now, found = column.reading.words, []
    counts = np.bincount(texts.codes)
    for word in (*now, *(column.absent if target else ())):
        same = [i for i, text in enumerate(texts.texts) if text.strip().lower() == word]
        cells = many(int(counts[same].sum()), "cell")
        shown = f"'{texts.texts[same[0]].strip()}'"
        if word in now:
            change: ReadingChange = {"words": [one for one in now if one != word]}
            sentence = tr(
                "{shown} is a separate category here ({cells}), not a missing cell.",
                shown=shown,
                cells=cells,
            )
            found.append(Doubt(name, sentence, tr("Treat {shown} as missing", shown=shown), change))
        else:
            sentence = tr(
                "{shown} counts as a missing cell ({cells}); rows without a class are left out.",
                shown=shown,
                cells=cells,
            )
            change: ReadingChange = {"words": [*now, word]}
            found.append(Doubt(name, sentence, tr("Make {shown} a class", shown=shown), change))
    return found


def spelling_doubts(name: str, texts: Texts, distinct: Values, reading: Reading) -> list[Doubt]:
    """Return a doubt if spellings are taken as one category, or are separate but might be one."""
    if reading.exact:
        one = values_from_texts(texts, reading._replace(exact=False))
        spellings = merged_words(texts, one, reading._replace(exact=False))
        if not spellings or len(one.values) < 2:
            return []
        words = tr(
            "Different spellings are separate categories. As one category: {spellings}.",
            spellings=spellings,
        )
        return [Doubt(name, words, tr("Treat them as one category"), {"exact": False})]
    spellings = merged_words(texts, distinct, reading)
    if not spellings:
        return []
    words = tr("Different spellings count as one category: {spellings}.", spellings=spellings)
    return [Doubt(name, words, tr("Keep the spellings separate"), {"exact": True})]
