"""Remarks on the cells of a column: guesses, codes, spellings, cells that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.number_format import agree, listed, many
from engine.number_format import number as numeral
from engine.tables.columns.cell import Reading, mark_of, name_in
from engine.tables.columns.cell_types import Array
from engine.tables.columns.times import BASE
from engine.tables.columns.values import MERGED, Texts, Values, values_from_texts

NAMED = 3  # cells or spellings that are named in a remark


def as_read(text: str, number: float, kind: str, reading: Reading) -> str:
    """Return what a cell was read as."""
    if kind == "date":
        day = BASE + pd.Timedelta(days=round(float(number), 9))
        return f"{day:%Y-%m-%d}" if number % 1 == 0 else f"{day:%Y-%m-%d %H:%M}"
    if kind in ("number", "duration"):
        return f"{numeral(float(number), 6)} {reading.unit}".strip()
    return str(text)[:40]


def reading_remarks(
    reading: Reading,
    texts: Texts,
    own: Values,
    numbers: Array | None,
    suspected_codes: Sequence[float],
) -> list[str]:
    """Return the remarks on how a column is read; `numbers` (m,) are its values, None for text."""
    said = [guess_words(reading, own, numbers) or reading.note]
    if reading.scaled:
        said.append("K, M and B are read as thousands, millions and billions")
    if reading.codes:
        codes = listed([code_text(code) for code in reading.codes])
        said.append(f"{codes} {agree(len(reading.codes), 'counts', 'count')} as missing")
    if reading.words:
        words = listed([f"'{word}'" for word in original_spellings(texts, reading.words)])
        many_are = agree(len(reading.words), "is a category", "are categories")
        said.append(f"{words} {many_are} here, not a missing cell")
    if numbers is not None:
        said += [suspect_words(code, own, numbers, suspected_codes) for code in suspected_codes]
    if reading.kind in ("text", "yes/no"):
        said.append(spelling_words(texts, own, reading))
    return [one for one in said if one]


def guess_words(reading: Reading, own: Values, numbers: Array | None) -> str:
    """Return the remark on a decimal mark that is a guess; `numbers` (m,) are the values."""
    if numbers is None or reading.kind != "number" or not reading.other:
        return ""
    unclear = (i for i, value in enumerate(own.values) if mark_of(value.strip()) == "?")
    place = next(unclear, -1)
    if place < 0:
        return ""
    shown = (
        f"{quote_cell(own.values[place].strip())} is read as {numeral(float(numbers[place]), 7)}"
    )
    return f"{shown}; {reading.note}" if reading.note else shown


def suspect_words(
    code: float, own: Values, numbers: Array, suspected_codes: Sequence[float]
) -> str:
    """Return the remark on a number that may mean a missing cell; `numbers` (m,) are the values."""
    times = many(int(own.counts[numbers == code].sum()), "time")
    rest = numbers[~np.isnan(numbers) & ~np.isin(numbers, suspected_codes)]
    ends = f"{numeral(float(rest.min()), 6)} to {numeral(float(rest.max()), 6)}"
    words = f"occurs {times}, far from all others ({ends}): it may stand for a missing cell"
    return f"{code_text(code, own.values[numbers == code][0].strip())} {words}"


def code_text(code: float, cell: str = "") -> str:
    """Return a code for a missing cell as the cell has it, or as it is usually written."""
    return cell[:40] or f"{code:.10g}"


def original_spellings(texts: Texts, words: Sequence[str]) -> list[str]:
    """Return words in small letters as the column spells them."""
    seen = {text.strip().lower(): text.strip() for text in texts.texts[::-1]}
    return [seen.get(word, word) for word in words]


def spelling_words(texts: Texts, own: Values, reading: Reading) -> str:
    """Return the remark on spellings that are one category, or are separate although alike."""
    if not reading.exact:
        said = merged_words(texts, own, reading)
        return f"read as one category: {said}" if said else ""
    alike = merged_words(texts, values_from_texts(texts, reading._replace(exact=False)), reading)
    return "different spellings are separate categories" if alike else ""


def quote_cell(text: str) -> str:
    """Return a cell's text in quotes, its first 40 characters."""
    return f"'{text[:40]}'"


def merged_words(texts: Texts, own: Values, reading: Reading) -> str:
    """Return which spellings are one category: "'Yes' and 'YES' as 'yes'"; "" if none are."""
    if len(own.values) >= len(texts.texts) or len(texts.texts) > MERGED:
        return ""
    reading = reading._replace(exact=False)
    groups: dict[str, set[str]] = {}
    place = {name_in(value, reading): value for value in own.values}
    for text in texts.texts:
        name = place.get(name_in(text, reading))
        if name is not None and text.strip() != name:
            groups.setdefault(name, set()).add(text.strip())
    said = [
        f"{listed([quote_cell(one) for one in sorted(others)[:NAMED]])} as {quote_cell(name)}"
        for name, others in groups.items()
    ]
    more = f" and {len(said) - NAMED:,} more" if len(said) > NAMED else ""
    return ", ".join(said[:NAMED]) + more


def unread_words(own: Values, unread: Array, lines: Array | None) -> list[str]:
    """Return the remark on cells that do not fit their column: "'12,5O' in line 8".

    `unread` (m,) marks the values, `lines` (n,) are the line numbers of the rows.
    """
    total = int(own.counts[unread].sum())
    if not total:
        return []
    rows = np.flatnonzero(np.append(unread, False)[own.codes])[:NAMED]
    where = [f"row {row + 1}" if lines is None else f"line {lines[row]}" for row in rows]
    cells = [f"'{own.values[own.codes[row]].strip()[:40]}'" for row in rows]
    named = ", ".join(f"{cell} in {line}" for cell, line in zip(cells, where, strict=True))
    more = ", …" if total > len(rows) else ""
    start = f"{many(total, 'cell')} cannot be read and {agree(total, 'counts', 'count')} as missing"
    return [f"{start}: {named}{more}"]
