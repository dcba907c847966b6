"""What the tests of the browser's modules compare with: `python -m tests.static.fixtures`.

The engine computes it, and tests/pages/test_static_fixtures.py holds that the files are up to date.
"""

import base64
import json
from pathlib import Path

import numpy as np

from engine.explain.step_trace import trace_batch
from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.model import model_of
from engine.training.run import Run
from pages.live.payload import encode
from pages.widgets.step.step_trace import trace_message

FOLDER = Path(__file__).parent
STEP = Config(
    dataset="xor", hidden=(3, 2), optimizer="adam", batch_size=7, dropout=0.4, l2=0.02, l1=0.01
)


def activation_values() -> dict:
    """Return f(z) and f'(z) of every activation that works on each number alone."""
    z = np.linspace(-6.0, 6.0, 25)[None] + 0.1
    found = {}
    for name, activation in ACTIVATIONS.items():
        if name == "softmax":
            continue
        a, slope, delta = activation.value(z), np.empty_like(z), np.ones_like(z)
        steps = activation.back(z, a, delta, slope)
        execute((step.f, step.operands) for step in steps)
        found[name] = {"a": a[0].tolist(), "slope": delta[0].tolist()}
    return {"z": z[0].tolist(), "activations": found}


def network_values() -> dict:
    """Return the outputs of a trained network for its first examples."""
    config = Config(dataset="iris", hidden=(6, 5), activation="gelu")
    run = Run(config, load(config))
    run.advance(20)
    model, inputs = model_of(run), run.dataset.inputs[:, :9]
    return {
        "sizes": list(model.sizes),
        "activations": list(model.activations),
        "theta": model.theta.tolist(),
        "x": run.dataset.network_inputs(inputs).ravel().tolist(),
        "columns": inputs.shape[1],
        "output": model.outputs(inputs).ravel().tolist(),
    }


def step_message() -> dict:
    """Return the message of a traced step without its prose and source lines."""
    run = Run(STEP, load(STEP))
    run.advance(3)
    head, arrays = unpacked(trace_message(run, trace_batch(run, 3, 1)))
    lines = [line | {"sentence": "", "sources": []} for line in head["lines"]]
    return {"base64": base64.b64encode(encode(head | {"lines": lines}, arrays)).decode()}


def unpacked(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Return head and arrays of a message; the head without the places of the arrays."""
    end = 4 + int.from_bytes(message[:4], "little")
    head = json.loads(message[4:end])
    places = head.pop("arrays")
    arrays = {
        name: np.frombuffer(message, f"<{one['dtype']}", np.prod(one["shape"]), one["offset"])
        for name, one in places.items()
    }
    return head, {name: array.reshape(places[name]["shape"]) for name, array in arrays.items()}


FIXTURES = {"activations": activation_values, "network": network_values, "step": step_message}


def written(name: str) -> str:
    """Return the text of a fixture's file."""
    return json.dumps(FIXTURES[name]()) + "\n"


if __name__ == "__main__":
    for name in FIXTURES:
        (FOLDER / f"{name}.json").write_text(written(name))
