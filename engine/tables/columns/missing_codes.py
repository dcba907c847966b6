"""Missing codes: numbers that may stand for a missing cell, and words such as NA that may be a
value.

Rules about the column decide both. A suspected code stays a number until a person says that it
stands for a missing cell; a word is read as the rule says. In both cases the column has a remark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine.nn import Array
from engine.tables.columns.cell import MISSING, Reading, name_in

INTEGER_LIMITS = {2.0**k for k in (15, 31, 63)} | {
    2.0**k - 1 for k in (15, 16, 31, 32)
}  # of integer types
HUGE = 1e20  # such as 9.97e36, the fill value of NetCDF
MISSING_WORDS = frozenset(word for word in MISSING if re.search("[a-z]", word))
MOST_CATEGORIES = 50  # most categories of a column in which such a word can be one
SAMPLE_ROWS = 20_000  # rows of another column that are checked


def suspected_codes(numbers: Array, counts: Array) -> tuple[float, ...]:
    """Return at most 4 numbers that may stand for missing cells; `numbers` and `counts` are (m,).

    They lie far outside all others and look like a code: -9999, 999, -1, -200.
    """
    good = ~np.isnan(numbers)
    values, place = np.unique(numbers[good], return_inverse=True)
    often = np.bincount(place, weights=counts[good])
    shapes = np.zeros(len(values), dtype=int)
    for i in {*range(len(values))[:12], *range(len(values))[-12:]}:
        shapes[i] = shape_of(float(values[i]))
    near = near_code(values, values[(shapes > 0) & (np.abs(values) >= 90)]) & (shapes == 0)
    plain = values[(shapes == 0) & ~near]
    if len(plain) < 3:
        return ()
    others, total = (float(plain[0]), float(plain[-1]), len(plain)), int(often.sum())
    code = np.zeros(len(values), dtype=bool)
    for i in np.flatnonzero(shapes):
        count = int(often[i])
        code[i] = is_code(float(values[i]), count / total, count, int(shapes[i]), others)
    far = np.maximum(plain[0] - values, values - plain[-1]) > plain[-1] - plain[0]
    code |= near & far & near_code(values, values[code])
    return tuple(values[code].tolist()[:4])


def near_code(values: Array, codes: Array) -> Array:
    """Return where a value is next to a code, (m,), as 98 and 97 are to 99; `codes` is (k,)."""
    if not len(codes):
        return np.zeros(len(values), dtype=bool)
    apart = np.abs(values[:, None] - codes)
    return np.asarray(((apart > 0) & (apart <= 3)).any(axis=1))


def shape_of(value: float) -> int:
    """Return 2 for a number that is most likely a code, 1 for one that may be, else 0."""
    if abs(value) >= HUGE or (abs(value) in INTEGER_LIMITS and value % 1 == 0):
        return 2
    digits = f"{abs(value):.10g}".replace(".", "").strip("0") if value % 1 else f"{abs(value):.0f}"
    if set(digits) == {"9"} and len(digits) >= 3:
        return 2
    one = len(set(digits)) == 1 and digits[0] in "789" and value % 1 == 0
    round_one = value <= -100 and re.fullmatch(r"[1-9]00+", digits)
    return 1 if value == -1 or (one and (len(digits) > 1 or value < 0)) or round_one else 0


def is_code(
    value: float, share: float, count: int, shape: int, others: tuple[float, float, int]
) -> bool:
    """Return whether a number with this shape lies far outside of all others.

    `others` are the lowest, the highest, and how many there are. A number that only may be a code
    has to occur more than once.
    """
    low, high, kinds = others
    gap, width = max(low - value, value - high), high - low
    negative = value < 0 <= low  # the only negative number
    if gap <= 0 or (shape == 1 and (count < 2 or share < 0.01)):
        return False
    if value == -1:
        return negative and kinds >= 10
    return gap > width or (negative and gap > (0.05 if shape == 2 or value <= -100 else 1) * width)


def words_meant(
    gone: Mapping[str, int], names: Mapping[str, int], reading: Reading
) -> tuple[str, ...]:
    """Return the words for a missing cell that are rather categories here.

    `gone` are the missing cells by their text, `names` the categories, each with its count. A word
    is a category if it is at least half as frequent as they are on average; if cells are blank as
    well, if it is as frequent as the rarest category.
    """
    if reading.kind not in ("text", "yes/no") or not 0 < len(names) <= MOST_CATEGORIES:
        return ()
    usual = sum(names.values()) / len(names)
    if usual < 2:
        return ()
    least = min(names.values()) if any(word not in MISSING_WORDS for word in gone) else usual / 2
    return tuple(
        sorted(word for word in gone if word in MISSING_WORDS and gone[word] >= max(2, least))
    )


def missing_elsewhere(frame: pd.DataFrame, name: str, word: str) -> bool:
    """Return whether a column of numbers in the table contains this word."""
    for other in frame.columns:
        if other == name:
            continue
        cells = frame[other].iloc[:SAMPLE_ROWS].str.strip().str.lower()
        if (cells == word).any():
            rest = cells[~cells.isin(MISSING)]
            if len(rest) and pd.to_numeric(rest, errors="coerce").notna().mean() > 0.5:
                return True
    return False


def spelling_rules(values: pd.Index, reading: Reading) -> Reading:
    """Return the reading of a column of categories, with rules for letter case and zeros."""
    names = {value.strip() for value in values}
    if len(names) > 1 and len({name_in(name, reading) for name in names}) == 1:
        return reading._replace(exact=True)  # AA, Aa and aa would all be the same
    zeros = {name for name in names if re.fullmatch(r"0\d+", name)}
    bare = {name for name in names if re.fullmatch(r"[1-9]\d*|0", name)}
    width = {len(name) for name in zeros}
    both = {name.lstrip("0") or "0" for name in zeros} & bare
    if both and len(width) == 1 and max(map(len, bare)) <= max(width):
        return reading._replace(padded=True)
    return reading
