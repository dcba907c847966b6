"""Leakage: columns that contain the target itself, so that a prediction from them is worthless.

Kaufman et al. (2012), Leakage in Data Mining: Formulation, Detection, and Avoidance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.language import tr
from engine.tables.columns.cell_types import Array, read_values
from engine.tables.columns.column_profile import Column
from engine.tables.columns.values import values_of
from engine.tables.reading.reader import Table

FEWEST_ROWS = 20  # with fewer rows agreement may be chance
MOST_ROWS = 20_000  # rows that are compared, evenly spread


def find_leaks(table: Table, columns: Sequence[Column], y: Array) -> dict[str, str]:
    """Return why each column that contains the target y (n,) does so.

    In y, -1 or nan stands for a missing target.
    """
    step = -(-len(y) // MOST_ROWS)
    y, frame = y[::step], table.frame.iloc[::step]
    whole = np.issubdtype(y.dtype, np.integer)
    good = y >= 0 if whole else np.isfinite(y)
    if good.sum() < FEWEST_ROWS:
        return {}
    found = {}
    for column in columns:
        distinct = values_of(frame[column.name], column.reading)
        rows = good & (distinct.codes >= 0)
        if rows.sum() < 0.9 * good.sum():
            continue
        if whole and same_classes(distinct.codes[rows], y[rows]):
            found[column.name] = tr("it duplicates the target (leakage)")
        elif not whole and column.reading.kind == "number":
            numbers = np.append(read_values(distinct.values, column.reading), np.nan)[
                distinct.codes
            ][rows]
            if have_same_order(numbers, y[rows]):
                found[column.name] = tr("it is the target on another scale (leakage)")
    return found


def same_classes(codes: Array, y: Array) -> bool:
    """Return whether the column's values (m,) and the classes y (m,) correspond one to one."""
    kinds = len(np.unique(codes))
    if kinds != len(np.unique(y)):
        return False
    pairs = np.unique(np.stack([codes, y]), axis=1, return_counts=True)[1]
    return bool(np.sort(pairs)[::-1][:kinds].sum() >= 0.995 * len(y) and len(pairs) <= 2 * kinds)


def have_same_order(numbers: Array, y: Array) -> bool:
    """Return whether the numbers (m,) order the rows as the target y (m,) does, or in reverse."""
    good = np.isfinite(numbers)
    x, y = numbers[good], y[good]
    if len(x) < FEWEST_ROWS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return False
    x, y = (pd.Series(values).rank().to_numpy() for values in (x, y))  # ranks
    return abs(float(np.corrcoef(x, y)[0, 1])) > 0.99999
