"""How long it takes to read a table: hostile files, unsound quotation marks, and a million rows.

`python -m benchmarks.reading` prints a table, with `--json` one JSON object. Seconds are those of
the processor, so that other work on the machine does not count; `silence` is the longest time
between two calls of progress, in which a visitor cannot stop. A refused file counts as read.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from time import process_time
from typing import NamedTuple

from engine.tables import TableError, read_table

MB, SILENCE = 2**20, 0.5


class Case(NamedTuple):
    """A file and the seconds that reading it may take."""

    name: str
    make: Callable[[], bytes]
    limit: float


def cases() -> Iterator[Case]:
    """Yield every file; those of a megabyte may take twenty times as long as those of 10 kB."""
    yield Case("quotes in quoted cells, 20 lines of 31", lambda: quoted(20), 0.05)
    for kind in (quoted_to, mixed, unclosed, scattered):
        for size, limit in ((10_000, 0.1), (100_000, 0.5), (MB, 2.0)):
            yield Case(f"{kind.__doc__}, {size:,} B", lambda k=kind, n=size: k(n), limit)
    for seed in range(3):
        yield Case(f"random bytes {seed}", lambda s=seed: random.Random(s).randbytes(4_500), 0.1)
        yield Case(f"random marks {seed}", lambda s=seed: marks(4_500, s), 0.1)
    yield Case("commas, 5 MB", lambda: b"," * 5 * MB, 1.0)
    yield Case("CR only, 1 MB", lambda: b"a,b\r" + b"1,2\r" * (MB // 4) + b"x,\xe9\r" * 20, 1.0)
    yield Case("one long line, 5 MB", lambda: b"1,\xe9," * MB, 1.0)
    yield Case("one quotation mark that never ends, 1 MB", lambda: never_ends(MB), 2.0)
    rows = 1_000_000
    yield Case("a million rows", lambda: b"a,b,c\n" + b"1,2.5,x\n" * rows, 6.0)
    yield Case("a million rows, quoted", lambda: b"a,b,c\n" + b'1,"2.5","x"\n' * rows, 6.0)
    yield Case("a million rows, aligned", lambda: b"a   b    c\n" + b"1   2.5  x\n" * rows, 6.0)
    yield Case("a million rows, some odd", lambda: odd(rows), 6.0)
    yield Case("500 columns", lambda: wide(20_000, 500), 6.0)


def quoted(rows: int) -> bytes:
    """Return rows of 31 quoted cells, one of which has quotation marks inside."""
    cells = [f'"ab {i}"' for i in range(31)]
    cells[12] = '"8km + 10x20"/40" + 2km"'
    head = ",".join(f'"c{i}"' for i in range(31))
    return "\n".join([head, *[",".join(cells)] * rows]).encode()


def quoted_to(size: int) -> bytes:
    """quotes in quoted cells"""
    return quoted(size // 240)[:size]


def mixed(size: int) -> bytes:
    """quotes of all kinds"""
    rng = random.Random(size)
    kinds = ('"x{}"', '"x"{}"', "y{}", '"u, v"{}"', 'z"{}')
    return grown(size, lambda: ",".join(rng.choice(kinds).format(j) for j in range(20)))


def unclosed(size: int) -> bytes:
    """quotes without an end, rows of many widths"""
    rng = random.Random(size)
    return grown(size, lambda: ",".join(f'"x{j}' for j in range(rng.randint(15, 25))))


def scattered(size: int) -> bytes:
    """marks in any order"""
    return marks(size, size)


def grown(size: int, line: Callable[[], str]) -> bytes:
    """Return lines under twenty names until the text has that many bytes."""
    rows = [",".join(f"c{j}" for j in range(20))]
    total = 0
    while total < size:
        rows.append(line())
        total += len(rows[-1]) + 1
    return "\n".join(rows).encode()


def marks(size: int, seed: int) -> bytes:
    """Return letters, digits, delimiters and quotation marks in any order."""
    return bytes(random.Random(seed).choices(b"ab1,;\"'\n \t|", k=size))


def never_ends(size: int) -> bytes:
    """Return rows of which one has a quotation mark without a second one."""
    rows = [b"1,x,2.5"] * (size // 8)
    rows[10] = b'1,"x,2.5'
    return b"a,b,c\n" + b"\n".join(rows)


def odd(rows: int) -> bytes:
    """Return rows of which one in a thousand is a cell short."""
    return b"a,b,c\n" + (b"1,2.5,x\n" * 999 + b"1,2.5\n") * (rows // 1000)


def wide(rows: int, columns: int) -> bytes:
    """Return a table of many columns."""
    head = ",".join(f"c{j}" for j in range(columns))
    return (head + "\n" + (",".join(["1.5"] * columns) + "\n") * rows).encode()


def measure(case: Case) -> dict:
    """Return how long reading took, the longest silence, and what came of it."""
    data = case.make()
    began = process_time()
    heard = [began]
    try:
        table = read_table(data, progress=lambda share: heard.append(process_time()))
        rows, columns = table.frame.shape
        found = (
            f"{rows:,} x {columns}, {len(table.skipped):,} skipped, {len(table.mended):,} mended"
        )
    except TableError as reason:
        found = f"refused: {reason}"
    ended = process_time()
    silence = max(b - a for a, b in zip(heard, [*heard[1:], ended], strict=True))
    right = ended - began <= case.limit and silence <= SILENCE
    told = {"name": case.name, "bytes": len(data), "seconds": round(ended - began, 3)}
    return told | {"limit": case.limit, "silence": round(silence, 3), "ok": right, "found": found}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    read_table(b"a,b\n1,2\n")  # what is loaded once is no part of reading
    results = [measure(case) for case in cases()]
    if given.json:
        print(json.dumps({"cases": results, "ok": all(own["ok"] for own in results)}))
        return
    print(f"{'file':52} {'bytes':>10} seconds limit silence")
    for own in results:
        print(
            f"{own['name'][:52]:52} {own['bytes']:10,} {own['seconds']:7.3f} {own['limit']:5.2f} "
            f"{own['silence']:7.3f} {'ok ' if own['ok'] else 'SLOW'} {own['found'][:70]}"
        )


if __name__ == "__main__":
    main()
