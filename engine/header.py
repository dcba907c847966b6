"""Header: where the table begins, whether its first rows are names, and names that can be used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from engine.dialect import Dialect
from engine.repair import cuts, shape
from engine.sniff import LIMITS

Rows = Sequence[Sequence[str]]
NUMERIC = re.compile(r"[\d.,:/+\-−$€£¥%()' Ee]*\d[\d.,:/+\-−$€£¥%()' Ee]*")
WORD = re.compile(r"[^\W\d_]")


def beginning(rows: Rows, width: int) -> int:
    """The index of the first row of the table; what stands above it is a preamble."""
    usual = [i for i, row in enumerate(rows) if len(row) == width]
    first = usual[0] if usual else 0
    near = [i for i in range(first) if abs(len(rows[i]) - width) <= max(1, width // 4)]
    if near and near[-1] == first - 1 and width > 2 and len(rows[near[-1]]) > 1:
        first = near[-1]  # a header with a cell too few or too many
    if first < len(rows) - 3 and stranger(
        rows[first], [r for r in rows[first + 1 :] if len(r) == width]
    ):
        return first + 1
    while first < len(rows) - 1 and width > 2 and filled(rows[first]) <= 1:
        body = [filled(row) for row in rows[first + 1 :] if len(row) == width]
        if not body or sorted(body)[len(body) // 2] < 3:
            break
        first += 1
    return first


def stranger(row: Sequence[str], body: Rows) -> bool:
    """Whether a row is neither names nor data: words over numbers, but numbers as well."""
    typed = [
        row[j].strip()
        for j in range(len(row))
        if body
        and len(row) == len(body[0])
        and all(NUMERIC.fullmatch(own[j].strip()) for own in body)
    ]
    words = [cell for cell in typed if cell and not NUMERIC.fullmatch(cell)]
    return 2 <= len(words) < len(typed) and not names_likely(row, body)


def filled(row: Sequence[str]) -> int:
    """How many cells hold something."""
    return sum(bool(cell.strip()) for cell in row)


def header_rows(rows: Rows, width: int) -> int:
    """How many of the first rows are names; the rows begin where the table does."""
    body = [row for row in rows[1:200] if len(row) == width and list(row) != list(rows[0])]
    if not rows or not names_likely(rows[0], body):
        return 0
    count = 1
    while count < min(5, len(rows) - 1) and also_names(rows[count], rows[0], rows[count + 1 :]):
        count += 1
    return count


def names_likely(row: Sequence[str], body: Rows) -> bool:
    """Whether a row names the columns of the body below it."""
    if not filled(row):
        return False
    if not body:
        return not any(NUMERIC.fullmatch(cell.strip()) for cell in row if cell.strip())
    if len(row) != len(body[0]):
        return not any(NUMERIC.fullmatch(cell.strip()) for cell in row if cell.strip())
    votes = [vote(cell.strip(), [own[j].strip() for own in body]) for j, cell in enumerate(row)]
    if sum(votes) == 0:
        names = [cell.strip().lower() for cell in row]
        return len(set(names)) == len(names) and all(WORD.search(name) for name in names)
    return sum(votes) > 0


def vote(name: str, below: Sequence[str]) -> float:
    """Above 0 where a cell names what stands below it, under 0 where it is one of them."""
    cells = [cell for cell in below if cell]
    if not cells:
        return 0.0
    if not name:
        return 0.0 if len(cells) < len(below) else 0.2
    numbers = sum(bool(NUMERIC.fullmatch(cell)) for cell in cells) / len(cells)
    if numbers > 0.7:
        year = re.fullmatch(r"(1[89]|20)\d\d", name) and not all(len(c) == 4 for c in cells)
        return -1.5 if NUMERIC.fullmatch(name) and not year else 1.0
    if name in cells:
        return -1.0 if len(set(cells)) < len(cells) or len(cells) < 20 else -0.5
    shapes = Counter(map(shape, cells))
    common, often = shapes.most_common(1)[0]
    if often > 0.8 * len(cells) and re.search(r"[9\W]", common):  # codes, times, addresses
        return -1.0 if shape(name) == common else 1.0
    few = len(set(cells)) <= 0.2 * len(cells)
    return 0.5 if few else 0.2 if len(name) < 0.7 * sum(map(len, cells)) / len(cells) else 0.0


def also_names(row: Sequence[str], first: Sequence[str], below: Rows) -> bool:
    """Whether a row under the first row of names belongs to the names: the same, or units."""
    if list(row) == list(first):
        return True
    body = [own for own in below if len(own) == len(row)]
    if len(row) != len(first) or len(body) < 3:
        return False
    typed = [
        j
        for j in range(len(row))
        if sum(bool(NUMERIC.fullmatch(own[j].strip())) for own in body) > 0.8 * len(body)
    ]
    words = [j for j in typed if row[j].strip() and not NUMERIC.fullmatch(row[j].strip())]
    missing = any(row[j].strip().lower() in MISSING_WORDS for j in typed)
    return len(words) >= 2 and len(words) > 0.6 * len(typed) and not missing


MISSING_WORDS = {"na", "n/a", "nan", "null", "none", "?", "-", "--", ".", "missing"}


def damaged_header(line: str, dialect: Dialect, width: int) -> list[str] | None:
    """The names in a first line with other delimiters or stray quotation marks, if they fit."""
    found = []
    for mark in dict.fromkeys((dialect.delimiter, ",", ";", "\t", "|", " ")):
        ways = cuts(line[:20_000], dialect._replace(delimiter=mark), width + 2)
        if width in ways:
            found.append((ways[width][0], [token.text for token in ways[width][1]]))
    best = min(found, default=None, key=lambda one: one[0])
    if best is None or best[0] > 4 or not all(WORD.search(name) for name in best[1]):
        return None
    return best[1]


def fitted(names: Sequence[str], width: int, rows: Rows) -> tuple[list[str], list[str]]:
    """As many names as there are columns, and notes about how they were brought there."""
    names, extra = list(names), len(names) - width
    if extra > 0:
        gone = [i for i, name in enumerate(names) if not name.strip()][:extra]
        names = [name for i, name in enumerate(names) if i not in gone]
        return names[:width], [f"The header has {width + extra} names for {width} columns."]
    if extra < 0:
        words = f"The header has {width + extra} names for {width} columns"
        if extra == -1 and row_names([row[0] for row in rows if len(row) == width]):
            return ["row", *names], [f"{words}: the first column holds the names of the rows."]
        return names + [""] * -extra, [f"{words}; which of them belong where is a guess."]
    return names, []


def row_names(cells: Sequence[str]) -> bool:
    """Whether a column without a name counts or names the rows, as R writes it."""
    counted = [str(i) for i in range(1, len(cells) + 1)]
    return len(cells) > 1 and list(cells) in (counted, [str(i) for i in range(len(cells))])


def usable(names: Sequence[str], named: bool) -> tuple[list[str], list[str]]:
    """Names that are filled, different and short, and notes on what was changed."""
    notes, seen, out = [], Counter(), []
    taken = {" ".join(name.split()) for name in names}
    for j, name in enumerate(names, 1):
        short = " ".join(name.split())
        if len(short) > LIMITS.name:
            short = short[: LIMITS.name - 1] + "…"
            notes.append(f"The name of column {j} was cut to {LIMITS.name} characters.")
        if not short:
            short = f"column {j}"
            if named:
                notes.append(f"Column {j} has no name; it is called '{short}'.")
        seen[short] += 1
        number, whole = seen[short], short
        while whole in out or (number > 1 and whole in taken):
            whole, number = f"{short} ({max(2, number)})", number + 1
        if whole != short and named:
            notes.append(f"Two columns are called '{short}'; column {j} is called '{whole}'.")
        out.append(whole)
    return out, notes
