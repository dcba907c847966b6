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
MODULES = {"numpy": "numpy", "sklearn": "sklearn", "torch": "torch", "keras": "keras"}


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
    found = {}
    for library in [name for name in LIBRARIES if find_spec(MODULES[name])] + [ONNX]:
        gaps = []
        for choices in CASES.values():
            run = trained(**choices)
            right = page(run)
            try:
                own = said(library, model_of(run), run.dataset.inputs)
            except ValueError:  # scikit-learn has no such network, and the page says so
                continue
            gaps.append(float(np.abs(own - right).max() / max(1.0, np.abs(right).max())))
        found[library] = {"largest difference": max(gaps), "networks": len(gaps)}
    return found


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
