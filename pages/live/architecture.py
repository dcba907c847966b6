"""The controls on the diagram of a network: what they show, and what they ask for."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from engine.data import FEATURES
from engine.problems import PROBLEMS
from engine.training import (
    CHOICES,
    OWN,
    SAME_SEED,
    Config,
    Run,
    read_setting,
)
from pages.figures.base.choice_words import words
from pages.figures.base.url import ALL_CONTROLS, Controls
from pages.figures.sidebar.pictures import feature_names, feature_picture

NAMES = (
    "hidden",
    "activation",
    "activations",
    "features",
    "seed",
    "data_seed",
)  # of what the controls change
MOST_COORDINATES = 2  # of data from which further inputs can be made
NEW_LAYER = 4  # units of an added layer


def architecture(run: Run, controls: Controls = ALL_CONTROLS) -> dict[str, object]:
    """Return the choices that the controls on a run's diagram show, and their limits."""
    config, hidden = run.config, CHOICES["hidden"]
    options = CHOICES["activation"].options
    return {
        "hidden": list(config.hidden),
        "activation": config.activation,
        "activations": list(config.activations),
        "separate": bool(config.activations or config.dropouts),
        "options": [[name, words(name, "activation")] for name in options],
        "output": words(run.output_head.output),
        "limits": {
            "layers": hidden.most,
            "units": int(hidden.high or 1),
            "added": NEW_LAYER,
            "seed": int(CHOICES["seed"].high or 0),
        },
        "features": list(config.features),
        "inputs": inputs(run),
        "seed": config.seed,
        "data_seed": config.data_seed,
        "same_seed": SAME_SEED,
        "given": bool(config.start),
        "drawn": kind_of(config),
        "hide": controls.hidden,
        "lock": controls.locked,
    }


def inputs(run: Run) -> list[dict[str, str]]:
    """Return the inputs that can be made of the data, if there are few enough, with pictures."""
    coordinates = len(run.dataset.input_names)
    return [
        {
            "name": name,
            "label": FEATURES[name].label,
            "picture": b64encode(feature_picture(name).numbers.tobytes()).decode(),
        }
        for name in (feature_names(coordinates) if coordinates <= MOST_COORDINATES else [])
    ]


def kind_of(config: Config) -> str:
    """Return how the data depend on their seed: "formula", "table" for their parts, or "fixed"."""
    return "table" if config.dataset == OWN else PROBLEMS[config.dataset].kind


def read_changes(asked: Mapping[str, str]) -> dict[str, object]:
    """Return the choices that a control asks for, spelled as in a link.

    Raises ValueError with a sentence if one of them is spelled wrongly or outside its limits.
    """
    return {name: read_setting(name, text) for name, text in asked.items() if name in NAMES}
