"""The controls on the diagram of a network: what they show, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import PROBLEMS
from engine.training import CHOICES, DEFAULTS, OWN, Config, Run, check_choice, read_choice
from pages.figures.base.choice_words import words

NAMES = ("hidden", "activation", "activations", "seed", "data_seed")  # of what the controls change
NEW_LAYER = 4  # units of an added layer


def architecture(run: Run) -> dict[str, Any]:
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
        "seed": config.seed,
        "data_seed": config.data_seed,
        "given": bool(config.start),
        "drawn": kind_of(config),
    }


def kind_of(config: Config) -> str:
    """Return how the data depend on their seed: "formula", "table" for their parts, or "fixed"."""
    return "table" if config.dataset == OWN else PROBLEMS[config.dataset].kind


def read_changes(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the choices that a control asks for, spelled as in a link.

    Raises ValueError with a sentence if one of them is spelled wrongly or outside its limits.
    """
    chosen = {
        name: read_choice(name, text, CHOICES[name], DEFAULTS[name])
        for name, text in asked.items()
        if name in NAMES
    }
    for name, value in chosen.items():
        check_choice(name, value, CHOICES[name])
    return chosen
