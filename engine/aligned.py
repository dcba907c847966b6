"""Aligned: columns that stand under each other, with blanks between them instead of a delimiter.

Where every line has a blank at the same place, one column ends and another begins; so a cell may be
empty or hold blanks itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Gaps = tuple[tuple[int, int], ...]  # where a column ends and where the next begins
FEW = 0.03  # share of lines that may have a letter where columns are parted
LONGEST = 1_000  # characters of a line that is looked at


def gaps_of(lines: Sequence[str]) -> Gaps:
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
    return tuple(gaps[:-1] if gaps and remarks(body, gaps[-1][1]) else gaps)


def remarks(body: Sequence[str], start: int) -> bool:
    """Return whether what stands from `start` on are remarks on a few lines, without a name."""
    held = [i for i, line in enumerate(body) if line[start:].strip()]
    return len(held) < 0.3 * len(body) and held[0] > 2


def parted(line: str, gaps: Gaps) -> list[str] | None:
    """Return the cells of a line; None if it has no blank in one of the gaps."""
    cells, start = [], 0
    for left, right in gaps:
        stop = line.find(" ", left, right) if left < len(line) else len(line)
        if stop < 0:
            return None
        cells.append(line[start:stop].strip())
        start = stop
    return [*cells, line[start:].strip()]


def quoted(cells: Sequence[str], quote: str) -> str:
    """Return the cells with one blank between them, in quotes where they need it."""
    return " ".join(
        quote + cell.replace(quote, quote * 2) + quote
        if not cell or {" ", quote} & {*cell}
        else cell
        for cell in cells
    )
