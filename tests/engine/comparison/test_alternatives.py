"""Duels: every choice has an opposite or a reason, and every twin trains."""

from dataclasses import replace

import numpy as np
import pytest

from engine.comparison.alternatives import (
    ALTERNATIVES,
    OF_FORMULAS,
    WITHOUT,
    Alternative,
    alternatives_of,
)
from engine.comparison.forks import differences, twin
from engine.data.dataset import Dataset
from engine.problems.presets import PRESETS
from engine.problems.registry import PROBLEMS, load_shared
from engine.training.config import CHOICES, Config
from engine.training.run import Run

SETTINGS = {name: preset.config for name, preset in PRESETS.items()}
PRESET_CHOICES = {replace(config, epochs=0) for config in SETTINGS.values()}
SETTINGS |= {  # a preset often is what its problem suggests
    f"problem {name}": config
    for name, problem in PROBLEMS.items()
    if (config := Config(**{**problem.suggested, "dataset": name})) not in PRESET_CHOICES
}
EVERYTHING = Config(
    dataset="gauss",
    noise=0.2,
    optimizer="adamw",
    weight_decay=0.01,
    momentum=0.0,
    l1=0.1,
    dropout=0.2,
    input_dropout=0.1,
    max_norm=1.0,
    clip=2.0,
    class_weights="balanced",
    patience=3,
    schedule="step",
    precision="float32",
    biases="frozen",
    init="normal",
    loss="mse",
    features=("x1", "x2", "sinx1"),
)
SETTINGS |= {"everything": EVERYTHING, "momentum": replace(EVERYTHING, optimizer="momentum")}


def with_few_examples(data):
    """The data with at most 100 examples to train on: more do not show more in one epoch."""
    return replace(data, train=data.train[:100], validation=data.validation[:50])


def test_every_choice_has_an_opposite_or_a_reason():
    assert set(ALTERNATIVES) | set(WITHOUT) == set(CHOICES)
    assert not set(ALTERNATIVES) & set(WITHOUT)
    assert all(reason for reason in WITHOUT.values())


@pytest.mark.parametrize("name", SETTINGS)
def test_every_twin_differs_in_one_choice_and_trains(name):
    config = SETTINGS[name]
    found = alternatives_of(config, load_shared(config))
    assert len(found) == len(set(found)) >= 5
    for duel in found:
        other = twin(config, duel.name, duel.value)
        (difference,) = differences([config, other])
        assert difference.name == duel.name
        run = Run(other, with_few_examples(load_shared(other)))
        assert run.advance(1) == 1 or run.diverged
        values = {type(duel.value), type(getattr(config, duel.name))}
        assert len(values) == 1  # 1 and 1.0 would be two spellings of one link


def test_every_opposite_is_proposed_somewhere():
    proposed = {
        duel.name
        for config in SETTINGS.values()
        for duel in alternatives_of(config, load_shared(config))
    }
    assert proposed == set(ALTERNATIVES)


def test_what_would_show_nothing_is_not_proposed():
    def names(config):
        return {duel.name for duel in alternatives_of(config, load_shared(config))}

    plain = Config(dataset="moons")
    assert names(plain) & {"weight_decay", "momentum", "init_scale", "start"} == set()
    assert names(replace(plain, hidden=())) & {"dropout", "max_norm", "activation"} == set()
    assert names(PRESETS["xor_fast"].config) & {"init", "hidden", "init_scale"} == set()
    assert names(PRESETS["mazur"].config) & {"scaling", "noise", "size", "batch_size"} == set()
    assert "class_weights" in names(PRESETS["imbalance"].config)
    assert "class_weights" not in names(Config(dataset="bumps"))
    squared = Config(dataset="moons", output="tanh")  # its loss is squared error already
    assert Alternative("loss", "mse") not in alternatives_of(squared, load_shared(squared))


def test_own_data_are_not_drawn_anew():
    data = Dataset("own", "classification", np.eye(3), ("a", "b", "c"), [0, 1, 1], ("no", "yes"))
    assert not {duel.name for duel in alternatives_of(Config(), data, own=True)} & set(OF_FORMULAS)
    assert {duel.name for duel in alternatives_of(Config(), load_shared(Config()))} >= set(
        OF_FORMULAS
    )


def test_a_duel_in_words():
    assert Alternative("hidden", ()).words(Config()) == "Hidden layers 4 → none"
    assert Alternative("l2", 0.003).words(Config()) == "L2 0 → 0.003"
