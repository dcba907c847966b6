"""Header: where the table begins, whether its first rows are names, and names that can be used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from engine.language import many, tr
from engine.tables.reading.decoding import LIMITS
from engine.tables.reading.dialect import Dialect
from engine.tables.reading.headings import NUMERIC, heading_rows, is_absent
from engine.tables.reading.row_repair import BudgetExceeded, cell_shape, cheapest_cuts

Rows = Sequence[Sequence[str]]
FEWEST_ROWS = 8  # fewest rows whose numbers show where a table begins
MOST_NAMES = 5  # rows of names
NEAR_ROWS = 10  # rows that show whether a table begins
WORD = re.compile(r"[^\W\d_]")


def find_table_start(rows: Rows, width: int, breaks: frozenset[int] = frozenset()) -> int:
    """Return the index of the first row of the table; the rows above it are a preamble.

    `breaks` are the rows that come after a blank line.
    """
    usual = [i for i, row in enumerate(rows) if len(row) == width]
    first = find_dense_start(rows, usual)
    first = max(first, typed_start(rows, usual, width, breaks))
    held = content_width([rows[i] for i in usual[:50]], width)
    near = [i for i in range(first) if abs(len(rows[i]) - held) <= max(1, held // 4)]
    if near and near[-1] == first - 1 and width > 2 and len(rows[near[-1]]) > 1:
        first = near[-1]  # a header with a cell too few or too many
    if first < len(rows) - 3 and is_stray_row(
        rows[first], [r for r in rows[first + 1 :] if len(r) == width]
    ):
        return first + 1
    first += padded_settings(rows[first:], width)
    while first < len(rows) - 1 and width > 2 and count_filled(rows[first]) <= 1:
        body = [count_filled(row) for row in rows[first + 1 :] if len(row) == width]
        if not body or sorted(body)[len(body) // 2] < 3:
            break
        first += 1
    return first


def find_dense_start(rows: Rows, usual: Sequence[int]) -> int:
    """Return the first row from which on most rows have the usual width.

    Lines of prose above the table may have that width, too, but they begin differently.
    """
    held = {*usual}
    for i in usual:
        near = range(i, min(len(rows), i + NEAR_ROWS))
        if sum(j in held for j in near) > len(near) / 2:
            starts = {cell_shape(rows[j][0]) for j in near[1:]}
            alike = sum(
                bool(row) and cell_shape(row[0]) in starts for row in rows[usual[0] + 1 : i]
            )
            return i if alike <= 0.3 * (i - usual[0]) else usual[0]
    return usual[0] if usual else 0


def typed_start(rows: Rows, usual: Sequence[int], width: int, breaks: frozenset[int]) -> int:
    """Return the row of the names above the first numbers of the table, 0 if that is not clear.

    The later rows show which columns have numbers. Rows above a blank line over the names, with
    words in these columns, are prose that happens to have as many cells.
    """
    late = [rows[i] for i in usual[len(usual) // 2 :]]
    typed = [
        j
        for j in range(width)
        if sum(bool(NUMERIC.fullmatch(own[j].strip())) for own in late) > 0.9 * len(late)
    ]
    fits = [len(row) == width and conforms(row, typed) for row in rows]
    start = next((i for i in range(len(rows)) if fits[i] and mostly(fits[i : i + NEAR_ROWS])), 0)
    if not typed or len(usual) < FEWEST_ROWS:
        return 0
    top = start
    while top and len(rows[top - 1]) == width and (top not in breaks or top == start):
        top -= 1
    odd = sum(len(row) != width for row in rows[usual[0] : start])
    apart = odd > 2 or any(i in breaks for i in range(1, start + 1))
    data = sum(conforms(row, typed) for row in rows[usual[0] : top])
    plain = data <= 0.3 * max(1, top - usual[0])
    return top if apart and plain and start - top <= MOST_NAMES else 0


def mostly(fits: Sequence[bool]) -> bool:
    """Return whether at least seven of ten are true."""
    return sum(fits) >= 0.7 * len(fits)


def conforms(row: Sequence[str], typed: Sequence[int]) -> bool:
    """Return whether a row has numbers, or empty cells, in the columns of numbers."""
    cells = [row[j].strip() for j in typed if j < len(row)]
    held = [cell for cell in cells if cell and not is_absent(cell)]
    return sum(bool(NUMERIC.fullmatch(cell)) for cell in held) >= 2 * len(held) / 3 and bool(held)


def content_width(rows: Rows, width: int) -> int:
    """Return the width without the last columns that are empty."""
    return max((j + 1 for row in rows for j, cell in enumerate(row) if cell.strip()), default=width)


def padded_settings(rows: Rows, width: int) -> int:
    """Return how many rows at the top fill only their first cells and have names below them."""
    counts = [count_filled(row) for row in rows if len(row) == width]
    usual = sorted(counts)[len(counts) // 2] if counts else 0
    top = 0
    while (
        top < len(rows) - 2
        and count_filled(rows[top]) <= usual / 2
        and fills_first_cells(rows[top])
    ):
        top += 1
    body = [row for row in rows[top + 1 : top + 200] if len(row) == width]
    full = top and len(rows[top]) == width and count_filled(rows[top]) > 0.7 * usual
    return top if full and names_likely(rows[top], body) else 0


def fills_first_cells(row: Sequence[str]) -> bool:
    """Return whether the filled cells of a row are its first ones."""
    return all(cell.strip() for cell in row[: count_filled(row)])


def is_stray_row(row: Sequence[str], body: Rows) -> bool:
    """Return whether a row is neither names nor data: words over numbers, but numbers as well."""
    typed = [
        row[j].strip()
        for j in range(len(row))
        if body
        and len(row) == len(body[0])
        and all(NUMERIC.fullmatch(own[j].strip()) for own in body)
    ]
    words = [cell for cell in typed if cell and not NUMERIC.fullmatch(cell)]
    return 2 <= len(words) < len(typed) and not names_likely(row, body)


def count_filled(row: Sequence[str]) -> int:
    """Return how many cells are not blank."""
    return sum(bool(cell.strip()) for cell in row)


def header_rows(rows: Rows, width: int) -> tuple[str, ...]:
    """Return the kinds of the first rows that are a header; the rows begin with the table."""
    body = [row for row in rows[1:200] if len(row) == width and list(row) != list(rows[0])]
    if not rows or not names_likely(rows[0], body):
        return ()
    later = rows[5:200]
    if sum(list(row) == list(rows[0]) for row in later) > 0.2 * len(later):
        return ()  # a row that is repeated that often is one of the data
    return heading_rows(rows[:200])


def names_likely(row: Sequence[str], body: Rows) -> bool:
    """Return whether a row names the columns of the body below it."""
    cells = [cell.strip() for cell in row]
    if not any(cells):
        return False
    if not body or len(row) != len(body[0]):
        return not any(NUMERIC.fullmatch(cell) for cell in cells if cell)
    if are_rising_numbers(cells, body):
        return True
    votes = [header_vote(cell, [own[j].strip() for own in body]) for j, cell in enumerate(cells)]
    if sum(votes) == 0:
        names = [cell.lower() for cell in cells]
        return len(set(names)) == len(names) and all(WORD.search(name) for name in names)
    return sum(votes) > 0


def are_rising_numbers(cells: Sequence[str], body: Rows) -> bool:
    """Return whether the names are rising numbers, as years and samples are, over other numbers.

    The rows below must not rise as well; if the first cell is a word, it must not occur below.
    """
    places = [j for j, cell in enumerate(cells) if NUMERIC.fullmatch(cell)]
    if len(places) < max(2, len(cells) / 2) or not rising([cells[j] for j in places]):
        return False
    others = [j for j in range(len(cells)) if j not in places]
    counted = even_steps([cells[j] for j in places])
    alike = even_steps if counted else rising
    if sum(alike([own[j].strip() for j in places]) for own in body) > 0.2 * len(body):
        return False
    if not others:
        return counted and cells[0] in ("0", "1") and len(cells) > 2
    strange = all(differs_from_all(cells[j], [own[j].strip() for own in body]) for j in others)
    return strange and (len(places) > 2 or counted)


def differs_from_all(name: str, below: Sequence[str]) -> bool:
    """Return whether a cell is different from all cells below it."""
    return name not in below if name else all(below)


def rising(cells: Sequence[str]) -> bool:
    """Return whether each number is larger than the one before it."""
    values = [parse_float(cell) for cell in cells]
    known = [value for value in values if value is not None]
    return len(known) == len(values) and all(a < b for a, b in pairwise(known))


def even_steps(cells: Sequence[str]) -> bool:
    """Return whether whole numbers increase in equal steps."""
    if not all(cell.isdecimal() for cell in cells):
        return False
    steps = {int(b) - int(a) for a, b in pairwise(cells)}
    return len(steps) == 1 and min(steps) > 0


def parse_float(cell: str) -> float | None:
    """Return the number in a cell, None if there is none."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def header_vote(name: str, below: Sequence[str]) -> float:
    """Return a number above 0 if a cell names the cells below it, below 0 if it is like them."""
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
    shapes = Counter(map(cell_shape, cells))
    common, often = shapes.most_common(1)[0]
    if often > 0.8 * len(cells) and re.search(r"9|[^\w\s]", common):  # codes, times, addresses
        return -1.0 if cell_shape(name) == common else 1.0
    few = len(set(cells)) <= 0.2 * len(cells)
    return 0.5 if few else 0.2 if len(name) < 0.7 * sum(map(len, cells)) / len(cells) else 0.0


def damaged_header(line: str, dialect: Dialect, width: int) -> list[str] | None:
    """Return the names in a first line with other delimiters or stray quotes, if they fit.

    If splitting takes too long, the line is left as it is.
    """
    found = []
    for mark in dict.fromkeys((dialect.delimiter, ",", ";", "\t", "|", " ")):
        try:
            ways = cheapest_cuts(line[:20_000], dialect._replace(delimiter=mark), width + 2)
        except BudgetExceeded:
            continue
        names = [token.text for token in ways[width][1]] if width in ways else []
        if names and not (mark != dialect.delimiter and dialect.delimiter in "".join(names)):
            found.append((ways[width][0], names))
    best = min(found, default=None, key=lambda one: one[0])
    if best is None or best[0] > 4 or not all(WORD.search(name) for name in best[1]):
        return None
    return best[1]


def gap_by_quotes(line: str, body: Sequence[str], dialect: Dialect, width: int) -> list[str]:
    """Return names, one too few, with "" where the quotation marks of the rows say one is missing.

    A program that quotes text quotes the names of the same columns; [] where that tells nothing.
    """
    names = cheapest_cuts(line[:20_000], dialect, width).get(width - 1, (0.0, []))[1]
    rows = [
        ways[width][1]
        for text in body
        if width in (ways := cheapest_cuts(text[:5_000], dialect, width))
    ]
    marks = [token.quoted for token in names]
    if not rows or len({*marks}) < 2:
        return []
    share = [sum(row[j].quoted for row in rows) / len(rows) for j in range(width)]

    def cost(k: int) -> float:
        places = [*range(k), *range(k + 1, width)]
        return sum(abs(mark - share[j]) for mark, j in zip(marks, places, strict=True))

    best = min(map(cost, range(width)))
    if best > 0.5 * cost(width - 1):
        return []
    fits = [k for k in range(width) if cost(k) < best + 0.5]
    at = max(fits, key=lambda k: len(names[k - 1].text) if k else 0)
    return [*(t.text for t in names[:at]), "", *(t.text for t in names[at:])]


def fit_names(names: Sequence[str], width: int, rows: Rows) -> tuple[list[str], list[str]]:
    """Return as many names as there are columns, and notes about how they were brought there."""
    names, extra = list(names), len(names) - width
    if extra > 0:
        gone = [i for i, name in enumerate(names) if not name.strip()][-extra:]
        names = [name for i, name in enumerate(names) if i not in gone]
        sentences = (
            [] if len(gone) == extra else [tr("{words}.", words=header_has(width + extra, width))]
        )
        return names[:width], sentences
    if extra < 0:
        words, own = header_has(width + extra, width), [row for row in rows if len(row) == width]
        ends = sum(any(cell.strip() for cell in row[extra:]) for row in own)
        if own and ends < 0.5 * len(own):  # a delimiter at the end of each row, or remarks
            return names + [""] * -extra, []
        if extra == -1 and row_names([row[0].strip() for row in own]):
            note = tr("{words}: the first column holds the names of the rows.", words=words)
            return ["row", *names], [note]
        note = tr("{words}; which name belongs to which column is a guess.", words=words)
        return names + [""] * -extra, [note]
    return names, []


def header_has(names: int, width: int) -> str:
    """Return the beginning of a sentence on a header with names too few or too many."""
    return tr(
        "The header has {names} for {columns}",
        names=many(names, "name"),
        columns=many(width, "column"),
    )


def row_names(cells: Sequence[str]) -> bool:
    """Return whether the cells of a column without a name are all different, as in R."""
    return len(cells) > 1 and len({*cells}) == len(cells) and all(cells)


def nameless_note(column: int) -> str:
    """Return the sentence on a column without a name."""
    return tr(
        "Column {column} has no name; it is called '{name}'.",
        column=column,
        name=number_name(column),
    )


def number_name(column: int) -> str:
    """Return the name of a column that has none; it is the same in every language."""
    return f"column {column}"


def usable_names(names: Sequence[str], named: bool) -> tuple[list[str], list[str]]:
    """Return names that are not empty, different and short, and notes on what was changed."""
    notes, seen, out = [], Counter(), []
    taken = {" ".join(name.split()) for name in names}
    for j, name in enumerate(names, 1):
        short = " ".join(name.split())
        if len(short) > LIMITS.name:
            short = short[: LIMITS.name - 1] + "…"
            notes.append(
                tr(
                    "The name of column {column} was cut to {most} characters.",
                    column=j,
                    most=LIMITS.name,
                )
            )
        if not short:
            short = number_name(j)
            if named:
                notes.append(nameless_note(j))
        seen[short] += 1
        number, whole = seen[short], short
        while whole in out or (number > 1 and whole in taken):
            whole, number = f"{short} ({max(2, number)})", number + 1
        if whole != short and named:
            notes.append(
                tr(
                    "Two columns are called '{name}'; column {column} is called '{other}'.",
                    name=short,
                    column=j,
                    other=whole,
                )
            )
        out.append(whole)
    return out, notes
