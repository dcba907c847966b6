"""Remarks on the cells of a column: guesses, codes, spellings, cells that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.language import listed, many, tr, tr_many
from engine.number_format import number as numeral
from engine.tables.columns.cell import Reading, mark_of, name_in
from engine.tables.columns.cell_types import Array
from engine.tables.columns.times import EPOCH_START
from engine.tables.columns.values import MOST_SPELLINGS, Texts, Values, values_from_texts

MOST_NAMED = 3  # most cells or spellings in a remark


def as_read(text: str, number: float, kind: str, reading: Reading) -> str:
    """Return what a cell was read as."""
    if kind == "date":
        day = EPOCH_START + pd.Timedelta(days=round(float(number), 9))
        return f"{day:%Y-%m-%d}" if number % 1 == 0 else f"{day:%Y-%m-%d %H:%M}"
    if kind in ("number", "duration"):
        return f"{numeral(float(number), 6)} {reading.unit}".strip()
    return str(text)[:40]


def reading_remarks(
    reading: Reading,
    texts: Texts,
    distinct: Values,
    numbers: Array | None,
    suspected_codes: Sequence[float],
) -> list[str]:
    """Return the remarks on how a column is read; `numbers` (m,) are its values, None for text."""
    sentences = [guess_words(reading, distinct, numbers) or reading.note]
    if reading.scaled:
        sentences.append(tr("K, M and B are read as thousands, millions and billions"))
    if reading.codes:
        sentences.append(code_words(reading))
    if reading.words:
        sentences.append(category_words(original_spellings(texts, reading.words)))
    if numbers is not None:
        sentences += [
            suspect_words(code, distinct, numbers, suspected_codes) for code in suspected_codes
        ]
    if reading.kind in ("text", "yes/no"):
        sentences.append(spelling_words(texts, distinct, reading))
    return [one for one in sentences if one]


def code_words(reading: Reading) -> str:
    """Return the remark on numbers that count as missing cells."""
    return tr_many(
        len(reading.codes),
        "{codes} counts as missing",
        "{codes} count as missing",
        codes=listed([code_text(code) for code in reading.codes]),
    )


def category_words(words: Sequence[str]) -> str:
    """Return the remark on words for a missing cell that are categories here."""
    return tr_many(
        len(words),
        "{words} is a category here, not a missing cell",
        "{words} are categories here, not a missing cell",
        words=listed([f"'{word}'" for word in words]),
    )


def guess_words(reading: Reading, distinct: Values, numbers: Array | None) -> str:
    """Return the remark on a decimal mark that is a guess; `numbers` (m,) are the values."""
    if numbers is None or reading.kind != "number" or not reading.other:
        return ""
    unclear = (i for i, value in enumerate(distinct.values) if mark_of(value.strip()) == "?")
    place = next(unclear, -1)
    if place < 0:
        return ""
    cell = quote_cell(distinct.values[place].strip())
    shown = tr("{cell} is read as {number}", cell=cell, number=numeral(float(numbers[place]), 7))
    return tr("; ").join(filter(None, (shown, reading.note)))


def suspect_words(
    code: float, distinct: Values, numbers: Array, suspected_codes: Sequence[float]
) -> str:
    """Return the remark on a number that may mean a missing cell; `numbers` (m,) are the values."""
    times = many(int(distinct.counts[numbers == code].sum()), "time")
    rest = numbers[~np.isnan(numbers) & ~np.isin(numbers, suspected_codes)]
    ends = tr(
        "{low} to {high}", low=numeral(float(rest.min()), 6), high=numeral(float(rest.max()), 6)
    )
    return tr(
        "{code} occurs {times}, far from all others ({ends}): it may stand for a missing cell",
        code=code_text(code, distinct.values[numbers == code][0].strip()),
        times=times,
        ends=ends,
    )


def code_text(code: float, cell: str = "") -> str:
    """Return a code for a missing cell as the cell has it, or as it is usually written."""
    return cell[:40] or f"{code:.10g}"


def original_spellings(texts: Texts, words: Sequence[str]) -> list[str]:
    """Return words in small letters as the column spells them."""
    seen = {text.strip().lower(): text.strip() for text in texts.texts[::-1]}
    return [seen.get(word, word) for word in words]


def spelling_words(texts: Texts, distinct: Values, reading: Reading) -> str:
    """Return the remark on spellings that are one category, or are separate although alike."""
    if not reading.exact:
        spellings = merged_words(texts, distinct, reading)
        return tr("read as one category: {spellings}", spellings=spellings) if spellings else ""
    alike = merged_words(texts, values_from_texts(texts, reading._replace(exact=False)), reading)
    return tr("different spellings are separate categories") if alike else ""


def quote_cell(text: str) -> str:
    """Return a cell's text in quotes, its first 40 characters."""
    return f"'{text[:40]}'"


def merged_words(texts: Texts, distinct: Values, reading: Reading) -> str:
    """Return which spellings are one category: "'Yes' and 'YES' as 'yes'"; "" if none are."""
    if len(distinct.values) >= len(texts.texts) or len(texts.texts) > MOST_SPELLINGS:
        return ""
    reading = reading._replace(exact=False)
    groups: dict[str, set[str]] = {}
    place = {name_in(value, reading): value for value in distinct.values}
    for text in texts.texts:
        name = place.get(name_in(text, reading))
        if name is not None and text.strip() != name:
            groups.setdefault(name, set()).add(text.strip())
    sentences = [
        tr(
            "{spellings} as {name}",
            spellings=listed([quote_cell(one) for one in sorted(others)[:MOST_NAMED]]),
            name=quote_cell(name),
        )
        for name, others in groups.items()
    ]
    named = tr(", ").join(sentences[:MOST_NAMED])
    if len(sentences) <= MOST_NAMED:
        return named
    return tr("{named} and {number:,} more", named=named, number=len(sentences) - MOST_NAMED)


def unread_words(distinct: Values, unread: Array, lines: Array | None) -> list[str]:
    """Return the remark on cells that do not fit their column: "'12,5O' in line 8".

    `unread` (m,) marks the values, `lines` (n,) are the line numbers of the rows.
    """
    total = int(distinct.counts[unread].sum())
    if not total:
        return []
    rows = np.flatnonzero(np.append(unread, False)[distinct.codes])[:MOST_NAMED]
    where = [
        tr("row {row}", row=row + 1) if lines is None else tr("line {line}", line=lines[row])
        for row in rows
    ]
    cells = [f"'{distinct.values[distinct.codes[row]].strip()[:40]}'" for row in rows]
    named = tr(", ").join(
        tr("{cell} in {line}", cell=cell, line=line)
        for cell, line in zip(cells, where, strict=True)
    )
    more = ", …" if total > len(rows) else ""
    return [
        tr_many(
            total,
            "{n} cell cannot be read and counts as missing: {cells}",
            "{n} cells cannot be read and count as missing: {cells}",
            cells=named + more,
        )
    ]
