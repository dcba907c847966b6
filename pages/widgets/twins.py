"""Twins: runs that differ in one choice, the words for what differs, and pairs worth comparing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.config import CHOICES, WHOLE_SET, Config
from engine.events import Event
from engine.optimizers import OPTIMIZERS
from engine.presets import PRESETS
from pages.widgets.bind import words

SPEAKS = {"optimizer", "activation", "loss", "init", "start", "dataset"}  # a value says what it is
SAID = {"scaling": {"none": "inputs not scaled", "standard": "inputs standardised"}}
MOST_WORDS = 2  # choices named in the name of a run


def label(name: str) -> str:
    """The label of a choice inside a sentence."""
    text = CHOICES[name].label
    return text if text[:1].isupper() and not text[1:2].islower() else text[:1].lower() + text[1:]


def spelled(name: str, value: Any) -> str:
    """The value of a choice as people read it."""
    if isinstance(value, tuple):
        return "-".join(spelled(name, part) for part in value) or "none"
    if name == "batch_size" and value == WHOLE_SET:
        return "all"
    if isinstance(value, str):
        return words(value, name)
    return f"{value:g}"


def differing(configs: Sequence[Config]) -> list[str]:
    """The choices in which not all configs agree, in the order of their declaration."""
    return [name for name in CHOICES if len({getattr(config, name) for config in configs}) > 1]


def differences(one: Config, other: Config) -> list[str]:
    """What differs between two configs, choice by choice: "dropout 0 → 0.5"."""
    return [
        f"{label(name)} {spelled(name, getattr(one, name))} → {spelled(name, getattr(other, name))}"
        for name in differing((one, other))
    ]


def changed(one: Sequence[Event], other: Sequence[Event]) -> list[str]:
    """What was changed on the way in one run only: "from epoch 120 learning rate 0.03"."""
    return [
        f"from epoch {event.epoch:,} {event_words(event)}" for event in other if event not in one
    ]


def event_words(event: Event) -> str:
    """The choice or parameter that an event sets, and its value."""
    name = label(event.name) if event.name in CHOICES else event.name
    return f"{name} {event.value:g}"


def named(config: Config, choices: Sequence[str]) -> list[str]:
    """The values of these choices, each with the word that makes it understood."""
    return [worded(name, getattr(config, name)) for name in choices]


def worded(name: str, value: Any) -> str:
    """The value of a choice, with the choice's label where it does not speak for itself."""
    if name in SAID:
        return SAID[name][value]
    return spelled(name, value) if name in SPEAKS else f"{label(name)} {spelled(name, value)}"


def shortened(parts: Sequence[str]) -> str:
    """A few words of a list; the rest is counted."""
    if len(parts) <= MOST_WORDS:
        return ", ".join(parts)
    return f"{', '.join(parts[:MOST_WORDS])} + {len(parts) - MOST_WORDS} more"


def title(config: Config) -> str:
    """What a run is that stands alone: its experiment's title, or its problem and network."""
    known = next((one.title for one in PRESETS.values() if one.config == config), None)
    return known or f"{spelled('dataset', config.dataset)}, {spelled('hidden', config.hidden)}"


def opposite(name: str, first: Any) -> Callable[[Config], dict[str, Any]]:
    """The change that switches a strength on with a first value, or off."""
    return lambda config: {name: 0.0 if getattr(config, name) else first}


def rounded(value: float) -> float:
    """A learning rate with three digits, inside its limits."""
    one = CHOICES["learning_rate"]
    return min(max(float(f"{value:.3g}"), one.low or 0), one.high or value)


def other_activation(config: Config) -> dict[str, Any]:
    """ReLU for a network of soft units, tanh for one of others."""
    if not config.hidden:
        return {}
    soft = set(config.layer_activations) <= {"tanh", "sigmoid"}
    return {"activation": "relu" if soft else "tanh", "activations": ()}


def wider(config: Config) -> dict[str, Any]:
    """Every hidden layer with twice as many units."""
    most = int(CHOICES["hidden"].high or 1)
    return {"hidden": tuple(min(2 * units, most) for units in config.hidden)}


DUELS: tuple[Callable[[Config], dict[str, Any]], ...] = (
    lambda config: (
        {"dropout": 0.0 if config.dropout else 0.5, "dropouts": ()} if config.hidden else {}
    ),
    opposite("l2", 0.003),
    other_activation,
    lambda config: {"optimizer": "sgd" if config.optimizer != "sgd" else "adam"},
    lambda config: {"learning_rate": rounded(config.learning_rate * 10)},
    lambda config: {"learning_rate": rounded(config.learning_rate / 10)},
    wider,
    lambda config: {"scaling": "none" if config.scaling == "standard" else "standard"},
    lambda config: {"batch_size": WHOLE_SET if config.batch_size != WHOLE_SET else 10},
    lambda config: {"seed": config.seed + 1},
)


def twins(config: Config) -> dict[str, Config]:
    """One-choice twins of a config that make sense, by what differs."""
    made = {}
    for duel in DUELS:
        twin = changed_to(config, duel(config))
        if twin is not None and twin != config:
            made[shortened(named(twin, differing((config, twin))))] = twin
    return made


def changed_to(config: Config, changes: Mapping[str, Any]) -> Config | None:
    """The config with these changes, if it may be so."""
    if config.start and changes.keys() & {"hidden", "features"}:
        return None  # the given weights would not fit
    try:
        return replace(config, **changes)
    except ValueError:
        return None


def race(config: Config, most: int) -> list[Config]:
    """The config as it is, and with every other optimizer: same start weights, same batches."""
    others = [name for name in OPTIMIZERS if name not in (config.optimizer, "adamw")]
    return [config, *(replace(config, optimizer=name) for name in others)][:most]


@dataclass(frozen=True)
class Pair:
    """Two runs that show one thing."""

    title: str
    claim: str  # what to see
    first: Config
    second: Config


def pair(title: str, claim: str, first: str, second: str, **changes: Any) -> Pair:
    """A pair of two experiments of the menu, the second one changed where it says so."""
    return Pair(title, claim, PRESETS[first].config, replace(PRESETS[second].config, **changes))


PAIRS = (
    pair(
        "Depth: sigmoid against tanh",
        "Four sigmoid layers never learn the disc; four tanh layers do.",
        "vanishing",
        "not_vanishing",
    ),
    pair(
        "Overfitting: without and with dropout",
        "Dropout keeps the validation loss from climbing.",
        "overfitting",
        "overfitting_dropout",
    ),
    pair(
        "Overfitting: without and with L2",
        "The penalty keeps the validation loss from climbing.",
        "overfitting",
        "overfitting_l2",
    ),
    pair(
        "A disc: two units against three",
        "Two cuts enclose nothing; three close the disc in.",
        "disc_2",
        "disc_3",
    ),
    pair(
        "Badly wrong: squared error against cross-entropy",
        "The same start; squared error hardly moves, cross-entropy learns at once.",
        "one_neuron_hard",
        "one_neuron_cross_entropy",
    ),
    pair(
        "Equal weights against random ones",
        "Four equal units stay one unit; random weights part them.",
        "equal_start",
        "equal_start",
        init="glorot_normal",
    ),
    pair(
        "The edge: learning rate .5 against 1.01",
        "Half is solved in one step; beyond 1 each epoch makes the loss larger.",
        "rate_one_step",
        "rate_too_large",
    ),
    pair(
        "Raw inputs against standardised ones",
        "Saturated units cannot learn wine; standardised inputs let them.",
        "raw_inputs",
        "raw_inputs",
        scaling="standard",
    ),
    pair(
        "Batches of one against one batch of all",
        "After thirty epochs two hundred small steps each have gone much farther.",
        "batch_of_one",
        "batch_of_all",
    ),
    pair(
        "Useless inputs: without and with L2",
        "The penalty shrinks the weights of the inputs that are noise.",
        "useless_inputs",
        "useless_inputs_l2",
    ),
)
