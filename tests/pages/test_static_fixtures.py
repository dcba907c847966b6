"""The numbers that the browser's modules are compared with are those of the engine."""

import base64
import json

import numpy as np
import pytest

from tests.static.fixtures import FIXTURES, FOLDER, step_message, unpacked


@pytest.mark.parametrize("name", ["activations", "network"])
def test_the_numbers_of_a_fixture_are_those_of_the_engine(name):
    kept, fresh = json.loads((FOLDER / f"{name}.json").read_text()), FIXTURES[name]()
    assert kept.keys() == fresh.keys()
    flat = {key: value for key, value in fresh.items() if key != "activations"}
    for key, value in flat.items():
        np.testing.assert_allclose(kept[key], value, rtol=1e-9, atol=1e-12)
    if name == "activations":
        assert kept["activations"].keys() == fresh["activations"].keys()
        for one, values in fresh["activations"].items():
            for key in ("a", "slope"):
                np.testing.assert_allclose(kept["activations"][one][key], values[key], rtol=1e-12)


def test_the_traced_step_of_the_fixture_is_the_engines():
    kept = json.loads((FOLDER / "step.json").read_text())["base64"]
    texts = (kept, step_message()["base64"])
    (head, arrays), (fresh, expected) = (unpacked(base64.b64decode(text)) for text in texts)
    assert head == fresh
    assert arrays.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(arrays[name], values, rtol=1e-9, atol=1e-12)
