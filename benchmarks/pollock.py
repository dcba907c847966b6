"""How well a polluted CSV is read by a reader that is told nothing, scored as Pollock does.

`python -m benchmarks.pollock PATH` takes a folder with csv/, clean/ and parameters/ of the Pollock
benchmark (Vitagliano et al., PVLDB 16(8), 2023; github.com/HPI-Information-Systems/Pollock) and
prints a table, with `--json` one JSON object, with `--worst N` the files read worst. A file scores
success, and precision, recall and F1 of its header, records and cells: 10 at most.
"""

import argparse
import csv
import io
import json
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import clevercsv
import pandas as pd
from dateutil import parser as dates

from engine.tables import read_table

PARTS = ("header", "record", "cell")
MEASURES = ("success", *(f"{part} {what}" for part in PARTS for what in ("P", "R", "F1")))
Rows = list[list[str]]


class Loaded(NamedTuple):
    """What a reader found."""

    header: list[str]
    rows: Rows


def ours(data: bytes) -> Loaded:
    """The engine's own reader."""
    table = read_table(data)
    header = list(table.frame.columns) if table.header else []
    return Loaded(header, table.frame.to_numpy(object).tolist())


def sniffer(data: bytes) -> Loaded:
    """csv.Sniffer and csv.reader; the first row is the header."""
    text = data.decode("utf-8", "replace")
    try:
        form = csv.Sniffer().sniff(text)
    except csv.Error:
        form = csv.excel
    return first_is_header(list(csv.reader(io.StringIO(text, newline=""), form)))


def pandas(data: bytes) -> Loaded:
    """pandas.read_csv as it is."""
    return of_frame(pd.read_csv(io.BytesIO(data)))


def pandas_guessing(data: bytes) -> Loaded:
    """pandas.read_csv, the delimiter guessed, rows that do not fit left out, cells as text."""
    text = {"dtype": str, "keep_default_na": False, "on_bad_lines": "skip"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return of_frame(pd.read_csv(io.BytesIO(data), sep=None, engine="python", **text))


def clever(data: bytes) -> Loaded:
    """CleverCSV; the first row is the header."""
    text = data.decode("utf-8", "replace")
    form = clevercsv.Sniffer().sniff(text)
    return first_is_header(list(clevercsv.reader(io.StringIO(text, newline=""), form)))


READERS: dict[str, Callable[[bytes], Loaded]] = {
    "Deltascope": ours,
    "csv.Sniffer": sniffer,
    "pandas": pandas,
    "pandas, sep=None": pandas_guessing,
    "CleverCSV": clever,
}


def first_is_header(rows: Rows) -> Loaded:
    """Rows without the blank ones, the first of them as header."""
    rows = [row for row in rows if row]
    return Loaded(rows[0], rows[1:]) if rows else Loaded([], [])


def of_frame(frame: pd.DataFrame) -> Loaded:
    """A table of pandas as text."""
    plain = frame.astype(object).where(frame.notna(), "")
    return Loaded([str(c) for c in frame.columns], [list(map(str, r)) for r in plain.to_numpy()])


@cache
def normal(cell: str) -> str:
    """A cell without the ways of writing that make no difference: number, date, case."""
    text = cell.strip()
    for kind in (int, float):
        try:
            return str(kind(text))
        except ValueError:
            continue
    if text.lower() in ("true", "false"):
        return str(int(text.lower() == "true"))
    if any(c.isdigit() for c in text) and len(text) < 40:
        try:
            return str(dates.parse(text))
        except (ValueError, OverflowError):
            pass
    return text.lower()


def agreement(right: Sequence, found: Sequence) -> tuple[float, float, float]:
    """Precision, recall and F1 of two bags; 1 each where there is nothing to find."""
    if not right:
        return 1.0, 1.0, 1.0
    common = sum((Counter(right) & Counter(found)).values())
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / len(found), common / len(right)
    return precision, recall, 2 * precision * recall / (precision + recall)


def scores(right: Loaded, found: Loaded | None) -> list[float]:
    """The ten numbers of a file, as in MEASURES; None is a file that was not read."""
    if found is None:
        return [0.0] * len(MEASURES)
    bags = []
    for table in (right, found):
        rows = [[normal(cell) for cell in row] for row in table.rows]
        records = ["".join(cell or "null" for cell in row) for row in rows]
        cells = [cell for row in rows for cell in row]
        bags.append(([normal(name) for name in table.header], records, cells))
    return [1.0, *(value for pair in zip(*bags, strict=True) for value in agreement(*pair))]


def right_answer(folder: Path, name: str) -> Loaded:
    """The clean counterpart of a file."""
    text = (folder / "clean" / name).read_bytes().decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    names = json.loads((folder / "parameters" / f"{name}_parameters.json").read_text())
    count = 1 if names["header_lines"] and rows else 0
    return Loaded(rows[0] if count else [], rows[count:])


def attempt(reader: Callable[[bytes], Loaded], data: bytes) -> Loaded | None:
    """What a reader finds; None where it gives up."""
    try:
        return reader(data)
    except Exception:
        return None


def measure(folder: Path) -> dict[str, dict]:
    """For each reader its ten means, their sum, the files read perfectly, and each file's sum."""
    answers = {path.name: right_answer(folder, path.name) for path in (folder / "csv").iterdir()}
    results = {}
    for title, reader in READERS.items():
        began, all_scores = perf_counter(), {}
        for name, right in sorted(answers.items()):
            found = attempt(reader, (folder / "csv" / name).read_bytes())
            all_scores[name] = scores(right, found)
        means = pd.DataFrame(all_scores, index=list(MEASURES)).mean(axis=1)
        results[title] = {
            "score": round(float(means.sum()), 4),
            **{key: round(float(value), 4) for key, value in means.items()},
            "perfect": sum(sum(own) == len(MEASURES) for own in all_scores.values()),
            "files": len(all_scores),
            "seconds": round(perf_counter() - began, 1),
            "each": {name: round(sum(own), 4) for name, own in all_scores.items()},
        }
    return results


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("path", type=Path, help="the folder with csv/, clean/ and parameters/")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--worst", type=int, default=0, help="print the files read worst")
    given = options.parse_args()
    results = measure(given.path)
    if given.json:
        print(json.dumps(results))
        return
    print(f"{'reader':18} score  success header F1 record F1 cell F1  perfect")
    for title, own in results.items():
        each = "  ".join(f"{own[key]:8.4f}" for key in ("header F1", "record F1", "cell F1"))
        print(
            f"{title:18} {own['score']:.3f}  {own['success']:.3f} {each} {own['perfect']:5}", end=""
        )
        print(f" of {own['files']}")
    each = results["Deltascope"]["each"]
    for name in sorted(each, key=each.get)[: given.worst]:
        print(f"{each[name]:7.3f} {name}")


if __name__ == "__main__":
    main()
