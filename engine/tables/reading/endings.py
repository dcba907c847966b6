"""Endings: what a file has around the rows of its table: totals, a second table, empty columns.

Each is removed from the table, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.language import tr, tr_many
from engine.tables.reading.headings import NUMERIC, is_absent

MOST_ROWS = 50_000  # longest table that is searched for totals; most blank lines that are checked
MOST_TOTALS = 4  # rows of totals
FEWEST_ROWS = 4  # rows above a total
NUMBER = re.compile(r"[-+−]?\d[\d.,'’ \u00a0\u202f]*(e[-+]?\d+)?\s*%?", re.I)
TOTAL = re.compile(  # used where the sums do not decide: words for total in some languages
    r"(grand |sub)?(total|sum)[es]?( general)?|gesamt(summe)?|summe|insgesamt|totaa?l|somme|suma"
    r"|soma|razem|ogółem|összesen|celkem|summa|toplam|итого|всего|合計|总计|總計|합계|average|mean|mittelwert"
    r"|moyenne|media|média|promedio|gemiddelde|średnia",
    re.I,
)
REMARK = re.compile(r"([^\s\w]?\d[\d.,]*\S?)\s{2,}(\S.*)")
Body = tuple[pd.DataFrame, np.ndarray]  # the cells, and the line of each row


def end_of_table(frame: pd.DataFrame, lines: np.ndarray, blank: Sequence[int]) -> int:
    """Return the first row that does not belong to the table, or the number of rows.

    It comes after a blank line and has words in columns of numbers: names of a second table, or a
    remark. `lines` (n,) are the line numbers of the rows.
    """
    after = np.unique(np.searchsorted(lines, np.asarray(blank[:MOST_ROWS], np.int64)))
    for at in after[(after > 1) & (after < len(frame))]:
        row = [cell.strip() for cell in frame.iloc[at]]
        if any(cell == "" or NUMERIC.fullmatch(cell) or is_absent(cell) for cell in row):
            continue
        near = frame.iloc[max(0, at - 50) : at]
        if sum(is_numeric(near[name]) for name in frame.columns) >= min(2, len(row) - 1):
            return int(at)
    return len(frame)


def is_numeric(column: pd.Series) -> bool:
    """Return whether most of the filled cells of a column are numbers, dates or times."""
    cells = [cell.strip() for cell in column if cell.strip()]
    return bool(cells) and sum(bool(NUMERIC.fullmatch(c)) for c in cells) > 0.8 * len(cells)


def without_totals(table: Body) -> tuple[Body, list[str]]:
    """Return the table without the totals at its end, and a note on them."""
    frame, lines = table
    whole = len(frame)
    if not FEWEST_ROWS < whole <= MOST_ROWS or frame.shape[1] < 2:
        return table, []
    for n in range(max(FEWEST_ROWS, whole - MOST_TOTALS), whole):
        if all(is_total(frame, at, n) for at in range(n, whole)):
            at = tr(", ").join(str(line) for line in lines[n:])
            sentence = tr_many(
                whole - n,
                "Line {lines} holds totals of the rows above and was left out.",
                "Lines {lines} hold totals of the rows above and were left out.",
                lines=at,
            )
            return (frame.iloc[:n].reset_index(drop=True), lines[:n]), [sentence]
    return table, []


def is_total(frame: pd.DataFrame, at: int, n: int) -> bool:
    """Return whether row `at` holds totals of the first `n` rows.

    Its label is a word that occurs only here, or blank where all others are filled. The numbers are
    the sums or means of their columns, or the label says that they are.
    """
    row = [cell.strip() for cell in frame.iloc[at]]
    places = [j for j, cell in enumerate(row) if NUMBER.fullmatch(cell)]
    words = [j for j, cell in enumerate(row) if cell and j not in places]
    label = words[0] if words else 0
    if not places or label in places or (words and label > places[0]) or is_absent(row[label]):
        return False
    above = frame.iloc[:n]
    own = above.iloc[:, label].str.strip()
    if (own == row[label]).any() or (not row[label] and (own == "").any()):
        return False
    if any(not (above.iloc[:, j].str.strip() == row[j]).any() for j in words[1:]):
        return False
    if TOTAL.fullmatch(row[label].rstrip(" :.")):
        return True
    return (len(places) > 1 or n > 5) and all(
        is_sum_or_mean(row[j], above.iloc[:, j]) for j in places
    )


def is_sum_or_mean(cell: str, column: pd.Series) -> bool:
    """Return whether a number is the sum or the mean of a column, within its rounding."""
    value, above = (
        parse_simple_number(cell),
        [parse_simple_number(own) for own in column.str.strip() if own.strip()],
    )
    if value is None or len(above) < FEWEST_ROWS or None in above:
        return False
    numbers = np.array(above, float)
    digits = len(re.split(r"[.,]", cell.strip(" %"))[-1]) if re.search(r"[.,]", cell) else 0
    near = 0.51 * 10.0**-digits
    in_sum = near * (1 + len(numbers) ** 0.5) if digits else near
    return abs(value - numbers.sum()) <= in_sum or abs(value - numbers.mean()) <= near


def parse_simple_number(cell: str) -> float | None:
    """Return the number in a cell with its marks read in the simplest way, or None."""
    text = re.sub(r"['’\s\u00a0\u202f%]", "", cell).replace("−", "-")
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif (
        re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?", text)
        and text.count(".") + text.count(",") > 1
    ):
        text = text.replace(".", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def without_empty_edges(frame: pd.DataFrame, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the indices of the columns that stay, and a note on empty columns at an edge.

    Such a column has no name and no cells: each line ends, or begins, with a delimiter.
    """
    places = list(range(frame.shape[1]))
    for end in (-1, 0):
        while (
            len(places) > 1
            and not names[places[end]].strip()
            and is_empty(frame.iloc[:, places[end]])
        ):
            places.pop(end)
    gone = frame.shape[1] - len(places)
    if not gone or not len(frame):
        return list(range(frame.shape[1])), []
    note = tr_many(
        gone,
        "{n} column without a name and without content was left out; the lines begin or end "
        "with a delimiter.",
        "{n} columns without names and without content were left out; the lines begin or end "
        "with a delimiter.",
    )
    return places, [note]


def is_empty(column: pd.Series) -> bool:
    """Return whether no cell of a column holds anything."""
    if column.iloc[:200].str.strip().any():
        return False
    return not column.str.strip().any()


def without_remarks(table: Body) -> tuple[Body, list[str]]:
    """Return aligned columns without the remarks after the last column in a few lines."""
    frame, lines = table
    last = frame.iloc[:, -1]
    marked = np.array(last.str.contains("  ", regex=False), bool)
    marked[marked] = np.array(last[marked].str.fullmatch(REMARK), bool)
    if not 0 < marked.sum() <= 0.3 * len(frame):
        return table, []
    found = last[marked].str.extract(REMARK)
    at = ", ".join(str(line) for line in lines[marked][:5]) + ", …" * int(marked.sum() > 5)
    frame = frame.copy()
    values = last.copy()
    values[marked] = found[0]
    frame.isetitem(frame.shape[1] - 1, values)
    words = " / ".join(dict.fromkeys(found[1]))[:80]
    return (frame, lines), [
        tr(
            "A remark after the last column was left out in line {line}: {remark}.",
            line=at,
            remark=words,
        )
    ]
