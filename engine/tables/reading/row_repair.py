"""Row repair: a row with too few or too many cells, changed to fit its columns at the least cost.

A line is first split in every way that its quotation marks allow, then its cells are aligned with
the columns: kept, joined, split, dropped if empty, or filled up, whichever costs least given what
the sound rows look like. Both are shortest paths, found by dynamic programming, as in sequence
alignment (Needleman & Wunsch 1970).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from engine.language import marked, tr
from engine.tables.reading.dialect import Dialect, normalize_line

MOST_CLOSING_QUOTES = 40  # quotation marks that may end a cell
LONGEST, WIDEST = 20_000, 60  # most characters and cells of a line that is mended
ROWS, EXTRA = 300, 12  # rows to learn from; most surplus cells
ROW_STEPS = 60_000  # budget for mending one row; a step is about a microsecond
LONE, GLUED = 2.0, 1.5  # cost of a lone quotation mark; of two cells without a delimiter
DROP, JOIN, SPLIT, MISSING, STRANGE = 1.0, 1.5, 1.5, 1.0, 1.5
JOIN_BLANK_COST = 0.2  # lower if the delimiter is a blank, as cells often contain blanks


class Token(NamedTuple):
    """A cell of a damaged line."""

    text: str
    quoted: bool = False


class BudgetExceeded(Exception):
    """The budget for mending is used up."""


class Budget:
    """The steps, about a microsecond each, that mending may take: for a file, and for one row."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.row = 0

    def begin(self) -> bool:
        """Start the budget of the next row; return whether there is any left."""
        self.row = min(ROW_STEPS, self.left)
        return self.row > 0

    def spend(self, steps: int) -> None:
        """Take steps from the budget. Raises BudgetExceeded if there are none left."""
        self.left -= steps
        self.row -= steps
        if self.row < 0:
            raise BudgetExceeded


class Repair(NamedTuple):
    """A row after mending."""

    cells: list[str]
    cost: float
    words: str  # what was done


class MendingStep(NamedTuple):
    """One step that aligns the next tokens with the columns."""

    cost: float
    used: int  # tokens
    filled: int  # columns
    words: str
    parts: tuple[str, ...] = ()  # the cells, where a token was split
    effort: int = 2  # steps of the budget that it cost to evaluate


NO_STEP = MendingStep(1e9, 0, 0, "")

# Splitting a line


def cheapest_cuts(
    line: str, dialect: Dialect, most: int, budget: Budget | None = None, limit: float = 1e9
) -> dict[int, tuple[float, list[Token]]]:
    """Return the cheapest way to split the line into each number of cells up to `most`.

    The result maps the number of cells to (cost, cells). Ways that cost more than `limit` are left
    out. Raises BudgetExceeded if the budget is too small.
    """
    line = normalize_line(line.rstrip("\r\n"), dialect)
    budget, end = budget or Budget(ROW_STEPS), len(line) + 1
    budget.row = budget.row or min(ROW_STEPS, budget.left)
    best: dict[int, dict[int, tuple[float, int, Token]]] = {0: {0: (0.0, -1, Token(""))}}
    waiting = [0]
    while waiting:
        start = heappop(waiting)
        own = [(k, so_far) for k, (so_far, _, _) in best[start].items() if k < most]
        budget.spend(MOST_CLOSING_QUOTES if line.startswith(dialect.quote, start) else 2)
        for stop, token, cost in possible_cells(line, start, dialect) if start < end else ():
            budget.spend(2 + token.quoted * 5 + len(own) + len(token.text) // 50)
            if stop not in best:
                heappush(waiting, stop)
            reached = best.setdefault(stop, {})
            for k, so_far in own:
                if so_far + cost < min(limit, reached.get(k + 1, (1e9,))[0]):
                    reached[k + 1] = (so_far + cost, start, token)
    return {k: (entry[0], collect_tokens(best, end, k)) for k, entry in best.get(end, {}).items()}


def collect_tokens(best: dict, stop: int, k: int) -> list[Token]:
    """Return the cells on the path to `stop`, first to last."""
    tokens = []
    while k:
        _, start, token = best[stop][k]
        tokens.append(token)
        stop, k = start, k - 1
    return tokens[::-1]


def possible_cells(line: str, start: int, dialect: Dialect) -> Iterator[tuple[int, Token, float]]:
    """Yield each cell that may begin at `start`: where the next one begins, the cell, its cost."""
    mark, quote = dialect.delimiter, dialect.quote
    stop = line.find(mark, start)
    stop = len(line) if stop < 0 else stop
    text = line[start:stop]
    yield stop + 1, Token(text), LONE * text.count(quote)
    inside = text.find(quote)
    if inside > 0:
        yield start + inside, Token(text[:inside]), GLUED
    if inside == 0:
        yield from possible_quoted_cells(line, start, dialect)


def possible_quoted_cells(
    line: str, start: int, dialect: Dialect
) -> Iterator[tuple[int, Token, float]]:
    """Yield each cell in quotation marks that may begin at `start`."""
    mark, quote = dialect.delimiter, dialect.quote
    stop, tries = line.find(quote, start + 1), 0
    while stop > 0 and tries < MOST_CLOSING_QUOTES:
        after = line[stop + 1 : stop + 2]
        tries += 1
        if after in ("", mark, quote):
            inner = line[start + 1 : stop]
            lone = inner.replace(quote * 2, "").count(quote)
            token = Token(inner.replace(quote * 2, quote), True)
            if after != quote:
                yield stop + 1 + 1, token, LONE * lone
            elif not lone:
                yield stop + 1, token, GLUED
        stop = line.find(quote, stop + 1)


def split_plainly(line: str, dialect: Dialect) -> list[Token]:
    """Return the cells if a quotation mark ends a cell only before a delimiter; in linear time."""
    line, mark, quote = (
        normalize_line(line.rstrip("\r\n"), dialect),
        dialect.delimiter,
        dialect.quote,
    )
    ends = re.finditer(rf"{re.escape(quote)}+(?={re.escape(mark)}|$)", line)
    runs, run, tokens, start = ends, next(ends, None), [], 0
    while start <= len(line):
        stop = -1
        if line.startswith(quote, start):
            while run and (
                run.end() < start + 2 or (run.end() - max(run.start(), start + 1)) % 2 == 0
            ):
                run = next(runs, None)
            stop = run.end() - 1 if run else -1
        if stop > 0:
            tokens.append(Token(line[start + 1 : stop].replace(quote * 2, quote), True))
            start = stop + 2
        else:
            stop = line.find(mark, start)
            stop = len(line) if stop < 0 else stop
            tokens.append(Token(line[start:stop]))
            start = stop + 1
    return tokens


# Columns


def cell_shape(text: str) -> str:
    """Return what a cell looks like: 9 for each digit, a for a run of letters."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text[:200]))


class ColumnStatistics:
    """Statistics on the cells of one column in the sound rows."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.exact = Counter(cell_shape(token.text) for token in tokens)
        self.loose = {re.sub("9+", "9", one) for one in self.exact}
        filled = [token for token in tokens if token.text]
        self.empty = len(filled) < len(tokens)
        self.free = (
            len(self.exact) > max(3, 0.3 * len(tokens)) or not filled
        )  # any text is as likely
        self.quoted = sum(token.quoted for token in filled) / max(1, len(filled))
        self.blanks = max((one.count(" ") for one in self.exact), default=0)
        self.known: dict[Token, float] = {}

    def cost(self, token: Token) -> float:
        """Return 0 if a cell looks as usual, up to STRANGE if it does not."""
        if token not in self.known:
            if len(self.known) > 10_000:
                self.known.clear()
            self.known[token] = self.looked_up(token)
        return self.known[token]

    def looked_up(self, token: Token) -> float:
        """Return the cost of a cell that is not in the cache."""
        if not token.text:
            return 0.0 if self.empty else STRANGE
        odd = 0.3 * abs(self.quoted - token.quoted) if self.quoted < 0.1 or self.quoted > 0.9 else 0
        own = cell_shape(token.text)
        if own in self.exact:
            return odd
        if re.sub("9+", "9", own) in self.loose or self.free:
            return odd + 0.3
        return odd + STRANGE


def learn_columns(rows: Sequence[Sequence[Token]], width: int) -> list[ColumnStatistics]:
    """Return the statistics of each of `width` columns, from sound rows."""
    return [ColumnStatistics([row[j] for row in rows]) for j in range(width)]


# Aligning with the columns


def align_tokens(
    tokens: Sequence[Token],
    columns: Sequence[ColumnStatistics],
    mark: str,
    budget: Budget,
    limit: float,
) -> Repair:
    """Return the tokens aligned with the columns at the least cost.

    Raises BudgetExceeded if the budget is too small.
    """
    m, n = len(tokens), len(columns)
    band = abs(m - n) + 3  # a cell is never far from its own column
    best: list[list[MendingStep]] = [[NO_STEP] * (n + 1) for _ in range(m + 1)]
    best[0][0] = MendingStep(0.0, 0, 0, "")
    for i in range(m + 1):
        for j in range(max(0, i - band), min(n, i + band) + 1):
            so_far = best[i][j].cost
            if so_far > limit:
                continue
            budget.spend(10)
            for step in next_steps(tokens, i, j, columns, mark):
                budget.spend(step.effort)
                cost, at = so_far + step.cost, (i + step.used, j + step.filled)
                if cost < best[at[0]][at[1]].cost - 1e-9:
                    best[at[0]][at[1]] = step._replace(cost=cost)
    return trace_back(best, tokens, mark, n)


def trace_back(best: list[list[MendingStep]], tokens: Sequence[Token], mark: str, j: int) -> Repair:
    """Return the cheapest path through the table of `align_tokens`, read from its end."""
    i = len(tokens)
    cost, cells, words = best[i][j].cost, [], []
    if cost >= 1e9:
        return Repair([], cost, "")
    while i or j:
        _, used, filled, what, parts, _ = best[i][j]
        i, j = i - used, j - filled
        joined = [mark.join(token.text for token in tokens[i : i + used])]
        cells = (list(parts) or joined[:filled]) + cells
        words = [what, *words] if what else words
    return Repair(cells, cost, tr(", ").join(map(tr, dict.fromkeys(words))))


def next_steps(
    tokens: Sequence[Token], i: int, j: int, columns: Sequence[ColumnStatistics], mark: str
) -> Iterator[MendingStep]:
    """Yield the possible next steps."""
    m, n = len(tokens), len(columns)
    if i < m and j < n:
        yield MendingStep(columns[j].cost(tokens[i]), 1, 1, "")
    if i < m and not tokens[i].text.strip():
        yield MendingStep(DROP, 1, 0, marked("dropped an empty cell"))
    if j < n:
        cost = 0.5 if i == m else MISSING + columns[j].cost(Token(""))
        yield MendingStep(cost, 0, 1, marked("filled up with missing cells"))
    if i + 1 < m and j < n:
        yield from join_steps(tokens, i, columns[j], mark)
    if i < m and j + 1 < n and m < n:
        yield from split_steps(tokens[i], j, columns)


def join_steps(
    tokens: Sequence[Token], i: int, column: ColumnStatistics, mark: str
) -> Iterator[MendingStep]:
    """Yield the ways to join two or more tokens, from `i` on, to one cell.

    With blanks between them there are many; a cell with more blanks than the column ever has is
    judged by that alone.
    """
    each, most = (JOIN_BLANK_COST, len(tokens)) if mark == " " else (JOIN, min(len(tokens), i + 8))
    blanks, quoted = tokens[i].text.count(" "), tokens[i].quoted
    for k in range(i + 2, most + 1):
        blanks += tokens[k - 1].text.count(" ") + (mark == " ")
        quoted = quoted or tokens[k - 1].quoted
        if mark == " " and blanks > column.blanks:
            cost, effort = 0.3 if column.free else STRANGE, 2
        else:
            cost, effort = column.cost(Token(mark.join(token.text for token in tokens[i:k]))), 7
        cost += each * (k - i - 1) + STRANGE * quoted
        yield MendingStep(cost, k - i, 1, marked("joined cells"), effort=effort)


def split_steps(token: Token, j: int, columns: Sequence[ColumnStatistics]) -> Iterator[MendingStep]:
    """Yield the best way to split a token in two for columns j and j + 1, if one fits."""
    text, found = token.text, []
    for p in range(1, min(len(text), 60)):
        left, right = Token(text[:p]), Token(text[p:], token.quoted)
        cost = columns[j].cost(left) + columns[j + 1].cost(right)
        if not columns[j].free or not columns[j + 1].free:
            found.append((cost, [left.text, right.text]))
    if found:
        cost, cells = min(found, key=lambda one: one[0])
        if cost < STRANGE:
            yield MendingStep(SPLIT + cost, 1, 2, marked("split a cell"), tuple(cells), 400)


def mend_line(
    line: str, dialect: Dialect, columns: Sequence[ColumnStatistics], budget: Budget | None = None
) -> Repair | None:
    """Return the line as a row of these columns; None if nothing fits, or the budget is used up."""
    n, budget = len(columns), budget or Budget(ROW_STEPS)
    if len(line) > LONGEST or not 0 < n <= WIDEST:
        return None
    if dialect.quote in line and (fix := mend_plainly(line, dialect, columns)):
        return fix
    best = None
    try:
        if budget.begin():
            best = cheapest_repair(line, dialect, columns, budget)
    except BudgetExceeded:
        return None
    return best if best and best.cost <= 3 + 0.5 * n else None


def mend_plainly(line: str, dialect: Dialect, columns: Sequence[ColumnStatistics]) -> Repair | None:
    """Return the line split in the plainest way if each cell then looks like its column."""
    tokens = split_plainly(line, dialect)
    if len(tokens) != len(columns) or any(has_lone_quote(token, dialect.quote) for token in tokens):
        return None
    cost = sum(column.cost(token) for token, column in zip(tokens, columns, strict=True))
    words = tr("kept a quotation mark as it is")
    return Repair([token.text for token in tokens], cost, words) if cost < STRANGE else None


def has_lone_quote(token: Token, quote: str) -> bool:
    """Return whether a cell without quotes around it contains a lone quote, not an apostrophe."""
    if token.quoted or token.text.count(quote) % 2 == 0:
        return False
    return quote != "'" or bool(re.search(r"\B'|'\B", token.text))


def cheapest_repair(
    line: str, dialect: Dialect, columns: Sequence[ColumnStatistics], budget: Budget
) -> Repair | None:
    """Return the best of all ways to split the line and align its cells with the columns."""
    n, best = len(columns), None
    limit = 3 + 0.5 * n
    marks = dict.fromkeys((dialect.delimiter, " ", ",", ";", "\t", "|"))
    for rank, mark in enumerate(mark for mark in marks if mark in line):
        if best and best.cost <= 2 * (rank > 0):
            break  # another delimiter alone costs that much
        own = dialect._replace(delimiter=mark, spaces=False)
        ways = cheapest_cuts(line, own, n + EXTRA, budget, limit)
        for k in sorted(ways, key=lambda k: (abs(k - n), ways[k][0]))[:4]:
            fix = align_tokens(ways[k][1], columns, mark, budget, limit)
            other = (
                tr(
                    "split at {mark!r} instead of {delimiter!r}",
                    mark=mark,
                    delimiter=dialect.delimiter,
                )
                if rank
                else ""
            )
            lone = tr("kept a quotation mark as it is") if ways[k][0] else ""
            words = tr(", ").join(filter(None, (other, lone, fix.words)))
            cost = fix.cost + ways[k][0] + 2 * (rank > 0)
            if best is None or cost < best.cost:
                best = fix._replace(cost=cost, words=words)
    return best


def pad_row(cells: Sequence[str], width: int) -> Repair | None:
    """Return a row filled up with missing cells, or without empty ones at its end, else None."""
    if any(cell.strip() for cell in cells[width:]):
        return None
    if len(cells) > width:
        return Repair(list(cells[:width]), 0.0, tr("dropped empty cells at the end"))
    return Repair([*cells, *[""] * (width - len(cells))], 0.0, tr("filled up with missing cells"))
