"""Repair: a row with a cell too few or too many, brought back to the columns where it fits best.

A line is first cut in every way that its quotation marks allow, then its cells are laid along the
columns: kept, joined, split, dropped if empty or left missing, whichever costs least given what
the sound rows look like. Both are shortest paths, by dynamic programming.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.dialect import Dialect, prepared

LONGEST, WIDEST = 20_000, 60  # characters and cells of a line that is mended by trying
ROWS, EXTRA = 300, 12  # rows to learn from, cells too many
LONE, GLUED = 2.0, 1.5  # cost of a lone quotation mark; of two cells without a delimiter
DROP, JOIN, SPLIT, MISSING, STRANGE = 1.0, 1.5, 1.5, 1.0, 1.5
JOIN_BLANK = 0.2  # where the delimiter is a blank, a cell may well hold some


class Token(NamedTuple):
    """A cell of a damaged line."""

    text: str
    quoted: bool = False


class Fix(NamedTuple):
    """A row as it was mended."""

    cells: list[str]
    cost: float
    words: str  # what was done


# Cutting


def cuts(line: str, dialect: Dialect, most: int) -> dict[int, tuple[float, list[Token]]]:
    """For each number of cells up to `most`, the cheapest way to cut the line: cost and cells."""
    line = prepared(line.rstrip("\r\n"), dialect)
    end = len(line) + 1
    best: dict[int, dict[int, tuple[float, int, Token]]] = {0: {0: (0.0, -1, Token(""))}}
    for start in range(end):
        if start not in best:
            continue
        for stop, token, cost in fields(line, start, dialect):
            reached = best.setdefault(stop, {})
            for k, (so_far, _, _) in best[start].items():
                if k < most and so_far + cost < reached.get(k + 1, (1e9,))[0]:
                    reached[k + 1] = (so_far + cost, start, token)
    return {k: (entry[0], walk(best, end, k)) for k, entry in best.get(end, {}).items()}


def walk(best: dict, stop: int, k: int) -> list[Token]:
    """The cells on the way to `stop`, first to last."""
    tokens = []
    while k:
        _, start, token = best[stop][k]
        tokens.append(token)
        stop, k = start, k - 1
    return tokens[::-1]


def fields(line: str, start: int, dialect: Dialect) -> Iterator[tuple[int, Token, float]]:
    """Each cell that may begin at `start`: where the next one begins, the cell, and the cost."""
    mark, quote = dialect.delimiter, dialect.quote
    stop = line.find(mark, start)
    stop = len(line) if stop < 0 else stop
    text = line[start:stop]
    yield stop + 1, Token(text), LONE * text.count(quote)
    inside = text.find(quote)
    if inside > 0:
        yield start + inside, Token(text[:inside]), GLUED
    if inside == 0:
        yield from framed(line, start, dialect)


def framed(line: str, start: int, dialect: Dialect) -> Iterator[tuple[int, Token, float]]:
    """Each cell in quotation marks that may begin at `start`."""
    mark, quote = dialect.delimiter, dialect.quote
    stop, tries = line.find(quote, start + 1), 0
    while stop > 0 and tries < 40:
        after = line[stop + 1 : stop + 2]
        if after in ("", mark, quote):
            inner = line[start + 1 : stop]
            lone = inner.replace(quote * 2, "").count(quote)
            token = Token(inner.replace(quote * 2, quote), True)
            tries += 1
            if after != quote:
                yield stop + 1 + 1, token, LONE * lone
            elif not lone:
                yield stop + 1, token, GLUED
        stop = line.find(quote, stop + 1)


# Columns


def shape(text: str) -> str:
    """What a cell looks like: 9 for each digit, a for a run of letters."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text[:200]))


class Column:
    """What the cells of one column look like in the sound rows."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.exact = Counter(shape(token.text) for token in tokens)
        self.loose = {re.sub("9+", "9", one) for one in self.exact}
        filled = [token for token in tokens if token.text]
        self.empty = len(filled) < len(tokens)
        self.free = len(self.exact) > max(3, 0.3 * len(tokens)) or not filled  # any text will do
        self.quoted = sum(token.quoted for token in filled) / max(1, len(filled))

    def cost(self, token: Token) -> float:
        """0 where a cell looks as usual, up to STRANGE where it does not."""
        if not token.text:
            return 0.0 if self.empty else STRANGE
        odd = 0.3 * abs(self.quoted - token.quoted) if self.quoted < 0.1 or self.quoted > 0.9 else 0
        own = shape(token.text)
        if own in self.exact:
            return odd
        if re.sub("9+", "9", own) in self.loose or self.free:
            return odd + 0.3
        return odd + STRANGE


def learned(rows: Sequence[Sequence[Token]], width: int) -> list[Column]:
    """What each of `width` columns looks like, from sound rows."""
    return [Column([row[j] for row in rows]) for j in range(width)]


# Laying along the columns


def laid(tokens: Sequence[Token], columns: Sequence[Column], mark: str) -> Fix:
    """The tokens brought to the columns at the least cost."""
    m, n = len(tokens), len(columns)
    band = abs(m - n) + 3  # a cell is never far from its column
    best: list[list[tuple[float, str, int, int, list[str]]]] = [
        [(1e9, "", 0, 0, [])] * (n + 1) for _ in range(m + 1)
    ]
    best[0][0] = (0.0, "", 0, 0, [])
    for i in range(m + 1):
        for j in range(max(0, i - band), min(n, i + band) + 1):
            so_far = best[i][j][0]
            if so_far >= 1e9:
                continue
            for di, dj, cost, words, cells in moves(tokens, i, j, columns, mark):
                if so_far + cost < best[i + di][j + dj][0] - 1e-9:
                    best[i + di][j + dj] = (so_far + cost, words, di, dj, cells)
    return traced(best, m, n)


def traced(best: list, i: int, j: int) -> Fix:
    """The cheapest way through the table of `laid`, read from its end."""
    cost, cells, words = best[i][j][0], [], []
    if cost >= 1e9:
        return Fix([], cost, "")
    while i or j:
        _, what, di, dj, own = best[i][j]
        cells = own + cells
        words = [what, *words] if what else words
        i, j = i - di, j - dj
    return Fix(cells, cost, ", ".join(dict.fromkeys(words)))


def moves(
    tokens: Sequence[Token], i: int, j: int, columns: Sequence[Column], mark: str
) -> Iterator[tuple[int, int, float, str, list[str]]]:
    """What can be done next: tokens and columns used, cost, words, cells."""
    m, n = len(tokens), len(columns)
    if i < m and j < n:
        yield 1, 1, columns[j].cost(tokens[i]), "", [tokens[i].text]
    if i < m and not tokens[i].text.strip():
        yield 1, 0, DROP, "dropped an empty cell", []
    if j < n:
        at_end = i == m
        cost = 0.5 if at_end else MISSING + columns[j].cost(Token(""))
        yield 0, 1, cost, "filled up with missing cells", [""]
    if i + 1 < m and j < n:
        each = JOIN_BLANK if mark == " " else JOIN
        for k in range(i + 2, min(m, i + 8 if mark != " " else m) + 1):
            joined = Token(mark.join(token.text for token in tokens[i:k]))
            cost = each * (k - i - 1) + columns[j].cost(joined)
            cost += STRANGE * any(token.quoted for token in tokens[i:k])
            yield k - i, 1, cost, "joined cells", [joined.text]
    if i < m and j + 1 < n and m < n:
        yield from splits(tokens[i], j, columns)


def splits(
    token: Token, j: int, columns: Sequence[Column]
) -> Iterator[tuple[int, int, float, str, list[str]]]:
    """The best way to cut a token in two for columns j and j + 1, if one fits."""
    text, found = token.text, []
    for p in range(1, min(len(text), 60)):
        left, right = Token(text[:p]), Token(text[p:], token.quoted)
        cost = columns[j].cost(left) + columns[j + 1].cost(right)
        if not columns[j].free or not columns[j + 1].free:
            found.append((cost, [left.text, right.text]))
    if found:
        cost, cells = min(found, key=lambda one: one[0])
        if cost < STRANGE:
            yield 1, 2, SPLIT + cost, "split a cell", cells


def mended(line: str, dialect: Dialect, columns: Sequence[Column]) -> Fix | None:
    """The line as a row of these columns; None if no way of cutting it fits well enough."""
    n, options = len(columns), []
    if len(line) > LONGEST or not 0 < n <= WIDEST:
        return None
    marks = dict.fromkeys((dialect.delimiter, " ", ",", ";", "\t", "|"))
    for rank, mark in enumerate(mark for mark in marks if mark in line):
        ways = cuts(line, dialect._replace(delimiter=mark, spaces=False), n + EXTRA)
        near = sorted(ways, key=lambda k: (abs(k - n), ways[k][0]))[:4]
        for k in near:
            fix = laid(ways[k][1], columns, mark)
            other = f"cut at {mark!r} instead of {dialect.delimiter!r}" if rank else ""
            lone = "took a quotation mark as it stands" if ways[k][0] else ""
            words = ", ".join(filter(None, (other, lone, fix.words)))
            options.append(fix._replace(cost=fix.cost + ways[k][0] + 2 * (rank > 0), words=words))
    best = min(options, default=None, key=lambda fix: fix.cost)
    return best if best and best.cost <= 3 + 0.5 * n else None


def padded(cells: Sequence[str], width: int) -> Fix | None:
    """A row with missing cells at its end filled up, or empty ones cut off; None if neither is."""
    if any(cell.strip() for cell in cells[width:]):
        return None
    if len(cells) > width:
        return Fix(list(cells[:width]), 0.0, "dropped empty cells at the end")
    return Fix([*cells, *[""] * (width - len(cells))], 0.0, "filled up with missing cells")
