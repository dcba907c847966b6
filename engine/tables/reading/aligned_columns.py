"""Aligned columns: columns with the same position in each line, with blanks between them.

Where every line has a blank at the same place, one column ends and another begins; so a cell may be
empty or contain blanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Gaps = tuple[tuple[int, int], ...]  # where a column ends and where the next begins
FEW = 0.03  # share of lines that may have a letter between two columns
LONGEST = 1_000  # characters of a line that are used


def find_layouts(lines: Sequence[str]) -> list[Gaps]:
    """Return the gaps of all lines, and of the later lines, which have no prose above them.

    A layout with a column that most lines leave empty is prose, not a table.
    """
    parts = (lines, lines[len(lines) // 3 :], lines[2 * len(lines) // 3 :])
    found = dict.fromkeys(
        filter(None, (drop_unnamed_gaps(lines, find_gaps(part)) for part in parts))
    )
    return [gaps for gaps in found if all(used > 0.2 for used in column_usage(lines, gaps))]


def column_usage(lines: Sequence[str], gaps: Gaps) -> list[float]:
    """Return the share of the lines that fill each column, among those that fill at least two."""
    rows = [row for line in lines if (row := split_at_gaps(line.rstrip(), gaps))]
    rows = [row for row in rows if sum(map(bool, row)) > 1]
    return [sum(map(bool, column)) / len(rows) for column in zip(*rows, strict=True)] or [0.0]


def find_gaps(lines: Sequence[str]) -> Gaps:
    """Return the gaps between the columns of the lines; () if the lines are not aligned."""
    body = [line.rstrip()[:LONGEST] for line in lines if "  " in line.strip()]
    if len(body) < 3 or len(body) < 0.5 * len(lines) or any("\t" in line for line in body):
        return ()
    filled = [0] * max(map(len, body))
    for line in body:
        for word in re.finditer(r"\S+", line):
            for at in range(*word.span()):
                filled[at] += 1
    blank = "".join(" " if count <= FEW * len(body) else "x" for count in filled)
    inner = len(blank) - len(blank.lstrip())
    gaps = [gap.span() for gap in re.finditer(" +(?=x)", blank) if gap.start() >= inner]
    if gaps and has_trailing_remarks(body, gaps[-1][1]):
        gaps.pop()
    return tuple(gaps)


def drop_unnamed_gaps(lines: Sequence[str], gaps: Gaps) -> Gaps:
    """Return the gaps without those of one blank beside a column that has no name.

    Such a blank is inside the cells: "12 years", "15 years".
    """
    wide = tuple(gap for gap in gaps if gap[1] - gap[0] > 1)
    words = [line.rstrip() for line in lines[: len(lines) // 2] if not re.search(r"\d", line)]
    rows = [(line, row) for line in words if (row := split_at_gaps(line, wide))]
    rows = [(line, row) for line, row in rows if not any("  " in cell for cell in row)]
    rows = [(line, row) for line, row in rows if sum(map(bool, row)) > 1 or not wide]
    if not rows:
        return gaps
    line = rows[-1][0]
    gaps = tuple(gap for gap in gaps if gap in wide or line[gap[0] : gap[0] + 1] in ("", " "))
    names = split_at_gaps(line, gaps) or []
    pairs = zip(gaps, names, names[1:], strict=False)
    return tuple(gap for gap, left, right in pairs if gap in wide or (left and right))


def has_trailing_remarks(body: Sequence[str], start: int) -> bool:
    """Return whether the text from `start` on is remarks on a few lines, without a name above."""
    held = [i for i, line in enumerate(body) if line[start:].strip()]
    return len(held) < 0.3 * len(body) and held[0] > 2


def split_at_gaps(line: str, gaps: Gaps) -> list[str] | None:
    """Return the cells of a line; None if it has no blank in one of the gaps."""
    cells, start = [], 0
    for left, right in gaps:
        stop = line.find(" ", left, right) if left < len(line) else len(line)
        if stop < 0:
            return None
        cells.append(line[start:stop].strip())
        start = stop
    return [*cells, line[start:].strip()]


def join_quoted(cells: Sequence[str], quote: str) -> str:
    """Return the cells with one blank between them, in quotes where needed."""
    return " ".join(
        quote + cell.replace(quote, quote * 2) + quote
        if not cell or {" ", quote} & {*cell}
        else cell
        for cell in cells
    )
