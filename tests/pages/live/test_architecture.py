"""The controls on the diagram: what they show of a run, and what they may ask for."""

import json
from base64 import b64decode

import pytest

from engine.data.features import FEATURES
from engine.problems.registry import load
from engine.training.config import CHOICES, Config
from engine.training.run import Run
from pages.live.architecture import NEW_LAYER, architecture, read_changes
from pages.live.requests import CHANGES, read_ask


def shown(**choices):
    config = Config(**choices)
    return architecture(Run(config, load(config)))


def test_the_controls_show_the_choices_and_their_limits():
    found = shown(hidden=(3, 5), activation="relu")
    assert found["hidden"] == [3, 5]
    assert (found["activation"], found["activations"]) == ("relu", [])
    assert not found["separate"]
    assert found["output"] == "sigmoid"
    assert found["limits"] == {"layers": 6, "units": 128, "added": NEW_LAYER, "seed": 2**31 - 1}
    assert [name for name, _ in found["options"]] == [*CHOICES["activation"].options]
    assert ["leaky_relu", "leaky ReLU"] in found["options"]


@pytest.mark.parametrize("choices", [{"activations": ("relu",)}, {"dropouts": (0.1,)}])
def test_layers_are_separate_where_the_side_bar_shows_them_so(choices):
    assert shown(**choices)["separate"]


def test_the_inputs_are_those_that_can_be_made_of_the_data():
    assert [one["name"] for one in shown()["inputs"]] == [*FEATURES]
    assert all(len(b64decode(one["picture"])) == 14 * 14 for one in shown()["inputs"])
    assert [one["label"] for one in shown(dataset="line")["inputs"]] == ["x₁", "x₁²", "sin x₁"]
    assert shown(dataset="iris")["inputs"] == []
    assert read_changes({"features": "x1-x1x2"}) == {"features": ("x1", "x1x2")}


@pytest.mark.parametrize(
    ("dataset", "drawn"), [("circle", "formula"), ("iris", "table"), ("mazur", "fixed")]
)
def test_the_data_are_drawn_split_or_fixed(dataset, drawn):
    assert shown(dataset=dataset)["drawn"] == drawn
    assert not shown(dataset=dataset)["given"]


def test_a_change_is_read_as_a_link_is():
    asked = {"hidden": "4-5", "activation": "gelu", "activations": "relu-tanh"}
    taken = {"hidden": (4, 5), "activation": "gelu", "activations": ("relu", "tanh")}
    assert read_changes(asked) == taken
    assert read_changes({"hidden": "0"}) == {"hidden": ()}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"hidden": "4-129"}, "must lie between 1 and 128"),
        ({"hidden": "1-1-1-1-1-1-1"}, "takes 0 to 6 entries"),
        ({"hidden": "²"}, "must be a whole number"),
        ({"features": "0"}, "takes 1 to 7 different entries"),
        ({"features": "x1-x1"}, "takes 1 to 7 different entries"),
        ({"seed": "-1"}, "must lie between 0 and"),
        ({"data_seed": "-2"}, "must lie between -1 and"),
        ({"activation": "<script>"}, "must be one of"),
        ({"activations": "relu-no"}, "must be one of"),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_a_sentence(asked, words):
    with pytest.raises(ValueError, match=words):
        read_changes(asked)


def test_other_choices_are_none_of_the_diagrams():
    assert read_changes({"dataset": "digits", "__class__": "x", "epochs": "7"}) == {}


def test_a_request_brings_texts_by_name_and_not_too_many():
    many = {f"name{i}": "x" * 150 for i in range(20)}
    asked = read_ask(json.dumps({"kind": "change", "change": many}))
    assert asked is not None
    assert len(asked["change"]) == CHANGES
    odd = {"hidden": 7, "activation": ["relu"], "activations": "relu"}
    asked = read_ask(json.dumps({"kind": "change", "change": odd}))
    assert asked is not None
    assert asked["change"] == {"activations": "relu"}
    asked = read_ask(json.dumps({"kind": "change", "change": "hidden"}))
    assert asked is not None
    assert "change" not in asked
