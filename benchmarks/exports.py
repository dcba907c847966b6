"""How far the exported programs are from the page, in every library that is installed.

`python -m benchmarks.exports` does two things with the programs and ONNX files that the page hands
out. Networks: each activation and output on all examples of its problem. Raw rows: tables with
strings, blanks, unseen categories, dates, units, decimal commas, and with hostile names of columns,
categories and classes; the program reads the CSV in a process and a folder of its own, and a canary
file appears there if any part of a name is run. `--json` prints one JSON object. PyTorch and Keras
come with requirements-bench.txt; Keras takes the backend that KERAS_BACKEND names, PyTorch if none
does. Ends with 1 where a difference is above 1e-6, a label is another one, or a name was run.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime

from engine.export import LIBRARIES, code_for, onnx_file, text_form
from engine.tables import read_table
from engine.training import Model, model_of
from tests.engine.export.test_files import CASES, page, trained
from tests.engine.export.test_program import (
    BIRDS,
    CANARY,
    HOSTILE,
    Case,
    cells_for,
    shown,
    strange_table,
)

ONNX, LIMIT = "onnx", 1e-6
TARGETS = ("sort", "sex", "mass")  # three classes, two classes, a number
PLACES = {name: i for i, name in enumerate(BIRDS[0])}
TOLD = {"delimiter": ";", "header": 1}  # names full of marks may well look like something else
CONTROL = ("NUL", "surrogate", "escape")  # no table with these in every cell is read as text
NAMES = {"plain": "", **{kind: text for kind, text in HOSTILE.items() if kind not in CONTROL}}


def outputs(library: str, model: Model, inputs: np.ndarray) -> np.ndarray:
    """Return (K, n) what the exported network says to raw inputs (r, n); ValueError without one."""
    if library == ONNX:
        session = onnxruntime.InferenceSession(onnx_file(model))
        names = [one.name for one in session.get_inputs()]
        given = {name: x[:, None] for name, x in zip(names, inputs, strict=True)}
        return np.asarray(session.run(None, given)[-1]).T
    names: dict = {}
    exec(compile(code_for(library, model), library, "exec"), names)
    return np.asarray(names["outputs"](inputs.T)).T


def networks(libraries: list[str]) -> dict[str, list[float]]:
    """Return the differences, relative to the largest output, of each library."""
    gaps: dict[str, list[float]] = {name: [] for name in libraries}
    for choices in CASES.values():
        run = trained(**choices)
        model, a = model_of(run), page(run)
        for library, own in gaps.items():
            right = model.shares(a) if library == ONNX and run.dataset.classes else a
            try:
                gap = np.abs(outputs(library, model, run.dataset.inputs) - right).max()
            except ValueError:  # scikit-learn has no such network, and the page says so
                continue
            own.append(float(gap / max(1.0, np.abs(right).max())))
    return gaps


# Raw rows


def tables() -> Iterator[tuple[str, Case, bytes]]:
    """Return a name, a trained network, and the CSV of other rows for it."""
    for kind, name in NAMES.items():
        learned, other = strange_table(name)
        columns = read_table(learned, "t", **TOLD).frame.columns
        for target in TARGETS:
            yield f"{kind}, {target}", Case(learned, columns[PLACES[target]], TOLD), other


def said_by_onnx(case: Case, data: bytes, folder: Path) -> list[list]:
    """Return the label and probabilities, or the number, of each row."""
    frame = read_table(data, "t", **TOLD).frame
    session = onnxruntime.InferenceSession(onnx_file(case.model, case.made.preparation))
    found = session.run(None, cells_for(session, case.made.preparation, frame, plain=True))
    if len(found) == 1:
        return found[0].tolist()
    return [[label, *p] for label, p in zip(found[0].tolist(), found[1].tolist(), strict=True)]


def said_by(library: str) -> Callable[[Case, bytes, Path], list[list]]:
    """Return the way to ask the program for a library, as a person would start it."""

    def said(case: Case, data: bytes, folder: Path) -> list[list]:
        program = code_for(library, case.model, case.made.preparation, text_form(case.table))
        (folder / "program.py").write_text(program, encoding="utf-8")
        (folder / "table.csv").write_bytes(data)
        start = [sys.executable, "program.py", "table.csv", "said.csv"]
        subprocess.run(start, cwd=folder, check=True, capture_output=True)
        with open(folder / "said.csv", encoding="utf-8-sig", newline="") as file:
            return [row[1:] for row in csv.reader(file)][1:]

    return said


def gap(rows: list[list], right: np.ndarray) -> float:
    """Return the largest difference, relative to the value; inf for another label or row."""
    if len(rows) != len(right):
        return np.inf
    far = 0.0
    for own, other in zip(rows, right, strict=True):
        for cell, value in zip(own, other, strict=True):
            if isinstance(value, str):
                far = far if cell in (value, f"'{value}") else np.inf
            elif not (np.isnan(value) and np.isnan(float(cell))):
                far = max(far, abs(float(cell) - value) / max(1.0, abs(value)))
    return far


def raw_rows(libraries: list[str]) -> tuple[dict[str, list[float]], int]:
    """Return the differences of each library, and how many canaries were found."""
    gaps: dict[str, list[float]] = {name: [] for name in libraries}
    canaries = 0
    for what, case, data in tables():
        right = shown(case.model, case.made.preparation, read_table(data, "t", **TOLD).frame)
        for library, own in gaps.items():
            slow = library in ("keras", "torch")  # seconds to import: all targets of a few names
            if slow and what.split(",")[0] not in ("plain", "utf-7", "unicode_escape", "line"):
                continue
            with TemporaryDirectory() as folder:
                ask = said_by_onnx if library == ONNX else said_by(library)
                own.append(gap(ask(case, data, Path(folder)), right))
                canaries += (Path(folder) / "canary").exists()
    return gaps, canaries


def main() -> int:
    """Measure and print; return 1 where something is not as on the page."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "torch")
    libraries = [*(name for name in LIBRARIES if find_spec(name)), ONNX]
    own, (raw, canaries) = networks(libraries), raw_rows(libraries)
    found = {
        name: {
            "largest difference": max(own[name]),
            "networks": len(own[name]),
            "largest difference on raw rows": max(raw[name]),
            "tables": len(raw[name]),
        }
        for name in libraries
    }
    if given.json:
        print(json.dumps({**found, "names run": canaries}))
    else:
        print(f"{'':8} {'networks':>17} {'raw tables':>20}")
        for name in libraries:
            nets, rows = f"{max(own[name]):.1e} of {len(own[name]):3}", f"{max(raw[name]):.1e}"
            print(f"{name:8} {nets:>17} {rows:>13} of {len(raw[name]):3}")
        print(f"{len(NAMES)} kinds of names with {CANARY!r} in them; names run: {canaries}")
    worst = max(max(gaps) for gaps in (*own.values(), *raw.values()))
    return int(worst > LIMIT or canaries > 0)


if __name__ == "__main__":
    sys.exit(main())
