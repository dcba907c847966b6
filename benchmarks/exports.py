"""How far the exported programs are from the page: every case, in every library that is installed.

`python -m benchmarks.exports` runs the program that the page hands out on all examples,
with `--json` prints one JSON object: per library the largest difference relative to the largest
output, over how many networks. PyTorch and Keras come with requirements-bench.txt; Keras takes the
backend that KERAS_BACKEND names, PyTorch if none does.
"""

import argparse
import json
import os
from importlib.util import find_spec

import numpy as np
import onnxruntime

from engine.code import LIBRARIES, code_for
from engine.model import Model, model_of
from engine.onnx_file import onnx_file
from tests.engine.test_export import CASES, page, trained

ONNX = "onnx"


def said(library: str, model: Model, inputs: np.ndarray) -> np.ndarray:
    """(K, n) what the exported network says to raw inputs (r, n); ValueError if it has none."""
    if library == ONNX:
        session = onnxruntime.InferenceSession(onnx_file(model))
        return np.asarray(session.run(None, {"inputs": inputs.T})[0]).T
    names: dict = {}
    exec(compile(code_for(library, model), library, "exec"), names)
    return np.asarray(names["predict"](inputs.T)).T


def measure() -> dict[str, dict[str, float]]:
    """The largest difference, and the networks that were compared, of each library."""
    gaps: dict[str, list[float]] = {name: [] for name in LIBRARIES if find_spec(name)} | {ONNX: []}
    for choices in CASES.values():
        run = trained(**choices)
        model, right = model_of(run), page(run)
        for library, own in gaps.items():
            try:
                gap = np.abs(said(library, model, run.dataset.inputs) - right).max()
            except ValueError:  # scikit-learn has no such network, and the page says so
                continue
            own.append(float(gap / max(1.0, np.abs(right).max())))
    return {
        library: {"largest difference": max(own), "networks": len(own)}
        for library, own in gaps.items()
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "torch")
    found = measure()
    if given.json:
        print(json.dumps(found))
        return
    for library, one in found.items():
        print(f"{library:8} {one['largest difference']:.1e}  {one['networks']} of {len(CASES)}")


if __name__ == "__main__":
    main()
