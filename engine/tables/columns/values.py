"""Values: the different values of a column, and which row has which.

All that is learned about a column is learned from these; spellings of one category are one value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.tables.columns.cell import Reading, name_in
from engine.tables.columns.cell_types import Array, missing, parse_plain_numbers

MOST_SPELLINGS = 5_000  # most different texts for which spellings are merged


class Texts(NamedTuple):
    """The different texts of a column, and which row has which."""

    codes: Array  # (n,) index into texts
    texts: pd.Index
    plain: Array  # (m,) as numbers where Python can read them, else nan


class Values(NamedTuple):
    """The different values of a column, and which row has which."""

    codes: Array  # (n,) index into values, -1 for a missing cell
    values: pd.Index  # different texts, none of them missing
    counts: Array  # (m,) how often each occurs
    plain: Array  # (m,) as numbers where Python can read them, else nan


def texts_of(column: pd.Series) -> Texts:
    """Return the different texts of the column, and which row has which."""
    codes, texts = pd.factorize(column, use_na_sentinel=False)
    texts = pd.Index(np.asarray(texts, dtype=object), dtype=object)
    return Texts(codes, texts, parse_plain_numbers(texts))


def values_of(column: pd.Series, reading: Reading | None = None) -> Values:
    """Return the different values of the column under a reading, and which row has which."""
    return values_from_texts(texts_of(column), reading)


def values_from_texts(texts: Texts, reading: Reading | None = None) -> Values:
    """Return the values of the texts under a reading; spellings of one category are one value."""
    gone = missing(texts.texts, texts.plain, reading or Reading())
    place = np.where(gone, -1, np.cumsum(~gone) - 1)
    codes = place[texts.codes]
    counts = np.bincount(codes[codes >= 0], minlength=int((~gone).sum()))
    found = Values(codes, texts.texts[~gone], counts, texts.plain[~gone])
    if reading is None or reading.kind not in ("text", "yes/no") or len(counts) > MOST_SPELLINGS:
        return found
    return merge_spellings(found, reading)


def merge_spellings(distinct: Values, reading: Reading) -> Values:
    """Return the values with all spellings of a category replaced by its most frequent one."""
    place, names = pd.factorize(
        np.array([name_in(one, reading) for one in distinct.values], object)
    )
    if len(names) == len(distinct.values):
        return distinct
    order = np.argsort(-distinct.counts, kind="stable")
    first = order[np.unique(place[order], return_index=True)[1]]
    counts = np.bincount(place, weights=distinct.counts, minlength=len(names)).astype(
        distinct.counts.dtype
    )
    codes = np.append(place, -1)[distinct.codes]
    return Values(codes, distinct.values[first].str.strip(), counts, distinct.plain[first])
