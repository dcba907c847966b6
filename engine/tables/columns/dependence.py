"""Dependence: how well each column of a table can be predicted from the others.

Numbers count by their ranks, categories by one indicator for each of their most frequent values.
One inverse of the correlation matrix gives R² of every column on all others: the covariance of a
group of variables, given the rest, is the inverse of its block of the precision matrix (Lauritzen,
Graphical Models, 1996, appendix C).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.tables.columns.cell_types import Array, read_values
from engine.tables.columns.column_profile import Column
from engine.tables.columns.values import values_of
from engine.tables.reading.reader import Table

MOST_ROWS, MOST_COLUMNS = 1000, 48
VALUES = 8  # most frequent categories that get an indicator
RIDGE = 0.01  # added to each variance, so that the inverse exists


def explained_variance(table: Table, columns: Sequence[Column]) -> dict[str, float]:
    """Return R² of each column on all others, from 0 to 1.

    It is adjusted for the number k of variables in the others, and reduced by one standard
    deviation of what chance would explain, about sqrt(2 k) / n of the rest. At most MOST_ROWS rows,
    evenly spread, and the first and last MOST_COLUMNS / 2 columns are used; other columns are not
    in the result.
    """
    if len(columns) > MOST_COLUMNS:
        half = MOST_COLUMNS // 2
        columns = [*columns[:half], *columns[-half:]]
    frame = table.frame.iloc[:: -(-len(table.frame) // MOST_ROWS)]
    blocks = [variables(frame[column.name], column) for column in columns]
    ends = np.cumsum([0, *(block.shape[1] for block in blocks)])
    n, width = len(frame), int(ends[-1])
    if n < 8 or width < 2:
        return {}
    Z = np.hstack(blocks)
    C = Z.T @ Z / n + RIDGE * np.eye(width)
    P = np.linalg.inv(C)
    found = {}
    for column, start, end in zip(columns, ends, ends[1:], strict=False):
        if start == end:
            continue
        own = slice(start, end)
        left = np.trace(np.linalg.inv(P[own, own])) / np.trace(C[own, own])
        others = width - (end - start)
        share = 1 - left * (n - 1) / max(n - 1 - others, 1)
        found[column.name] = float(np.clip(share - (1 - share) * np.sqrt(2 * others) / n, 0, 1))
    return found


def variables(cells: pd.Series, column: Column) -> Array:
    """Return the column as standardised variables (n, k); a missing cell gets the mean."""
    distinct = values_of(cells, column.reading)
    if column.reading.kind == "text":
        often = np.argsort(-distinct.counts, kind="stable")[: min(VALUES, len(distinct.values) - 1)]
        Z = (distinct.codes[:, None] == often[None, :]).astype(float)
    else:
        numbers = np.append(read_values(distinct.values, column.reading), np.nan)[distinct.codes]
        Z = pd.Series(numbers).rank().to_numpy()[:, None]
    gone = distinct.codes < 0
    Z = np.where(gone[:, None] | np.isnan(Z), np.nan, Z)
    if np.isnan(Z).all():
        return np.empty((len(cells), 0))
    Z = np.nan_to_num(Z - np.nanmean(Z, axis=0))
    deviation = Z.std(axis=0)
    return Z[:, deviation > 0] / deviation[deviation > 0]
