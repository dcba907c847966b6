"""What a large table costs: seconds to read and to understand it, and memory beside the file.

`python -m benchmarks.big_table` makes 100,000 rows x 50 columns of numbers, categories, dates and
codes, with `--json` prints one JSON object. Memory is the rise of the process at its peak. What has
to be quick is reading and profiling, in seconds of the processor: others may use the machine too.
"""

import argparse
import json
import multiprocessing
import resource
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from engine.tables import prepare, profile, read_table

ROWS, COLUMNS = 100_000, 50
MOST_SECONDS, MOST_TIMES = 5.0, 10.0


def made(rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> bytes:
    """A CSV of mixed columns."""
    rng = np.random.default_rng(seed)
    first = pd.Timestamp("2000-01-01")
    frame = {f"x{i}": rng.standard_normal(rows).round(4) for i in range(columns - 10)}
    frame |= {f"kind{i}": rng.choice(["red", "green", "blue"], rows) for i in range(5)}
    frame["when"] = pd.date_range(first, periods=rows, freq="h").strftime("%Y-%m-%d %H:%M:%S")
    frame["id"] = np.arange(rows)
    frame["code"] = [f"A{i:06d}" for i in range(rows)]
    frame["flag"] = rng.choice(["yes", "no"], rows)
    frame["y"] = rng.choice(["often", "seldom"], rows, p=[0.7, 0.3])
    return pd.DataFrame(frame).to_csv(index=False).encode()


def peak() -> float:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(path: str) -> dict[str, float]:
    """Seconds and memory of one file, in a process of its own."""
    data = Path(path).read_bytes()
    read_table(data[: data.index(b"\n", 20_000)])  # what libraries allocate once is not the table's
    before, began, busy = peak(), perf_counter(), process_time()
    table = read_table(data)
    read = perf_counter()
    columns = profile(table)
    done, busy = perf_counter(), process_time() - busy
    most = peak() - before
    prepared = prepare(table, columns=columns)
    return {
        "megabytes": round(len(data) / 1e6, 1),
        "read": round(read - began, 2),
        "profile": round(done - read, 2),
        "processor": round(busy, 2),  # of reading and profiling; more is waiting for others
        "prepare": round(perf_counter() - done, 2),
        "memory / file": round(most / len(data), 2),
        "examples": prepared.dataset.n,
    }


def write(path: str) -> None:
    """Write the table, in a process whose memory does not count."""
    Path(path).write_bytes(made())


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--path", default="", help="a CSV instead of the made one")
    given = options.parse_args()
    context = multiprocessing.get_context("spawn")
    path = given.path or "build/big_table.csv"
    with context.Pool(1, maxtasksperchild=1) as pool:
        if not given.path:
            Path("build").mkdir(exist_ok=True)
            pool.apply(write, (path,))
        found = pool.apply(measure, (path,))
    quick = found["processor"] <= MOST_SECONDS
    found["pass"] = quick and found["memory / file"] <= MOST_TIMES
    print(json.dumps(found) if given.json else "\n".join(f"{k:15} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
