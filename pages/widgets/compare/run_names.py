"""Twins in words: what runs differ in, what they are called, and which twins are one click away."""

from __future__ import annotations

from collections.abc import Sequence

from engine.comparison import alternatives_of, differences, twin
from engine.data import Dataset
from engine.language import marked, tr
from engine.problems import PRESETS, PROBLEMS
from engine.training import CHOICES, OWN, SAME_SEED, WHOLE_SET, ChoiceValue, Config, Event
from pages.figures.base.choice_words import words

SPEAKS = {"optimizer", "activation", "loss", "start", "dataset"}  # a value needs no label
SAID: dict[tuple[str, ChoiceValue], str] = {
    ("scaling", "none"): marked("inputs not scaled"),
    ("scaling", "standard"): marked("inputs standardized"),
    ("activation", "linear"): marked("linear units"),
    ("hidden", ()): marked("no hidden layer"),
    ("batch_size", WHOLE_SET): marked("the whole set as one batch"),
    ("data_seed", SAME_SEED): marked("data of the seed"),
    ("start", ""): marked("weights drawn at random"),
}
MOST_WORDS = 2  # choices named in the name of a run
FAVOURITES = {  # setting -> the positions of the values with a button above the cards
    "dropout": (0,),
    "l2": (0,),
    "activation": (0,),
    "optimizer": (0,),
    "learning_rate": (0, 1),
    "hidden": (2,),
    "scaling": (0,),
    "batch_size": (0,),
    "seed": (0,),
}


def label_in_sentence(name: str) -> str:
    """Return the label of a choice inside a sentence: learning rate, but L2."""
    text = tr(CHOICES[name].label)
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def spelled(name: str, value: ChoiceValue) -> str:
    """Return the value of a choice in words."""
    if isinstance(value, tuple):
        return "-".join(spelled(name, part) for part in value) or tr("none")
    if name == "data_seed" and value == SAME_SEED:
        return tr("the same as the seed")
    if name == "batch_size" and value == WHOLE_SET:
        return tr("all")
    return words(value, name) if isinstance(value, str) else f"{value:g}"


def differing(configs: Sequence[Config]) -> list[str]:
    """Return the choices in which not all configs agree, in the order of the side bar."""
    return [difference.name for difference in differences(configs)]


def changes(one: Config, other: Config) -> list[str]:
    """Return the differences between two configs: "dropout 0 → 0.5"."""
    parts = []
    for name in differing((one, other)):
        before, after = spelled(name, getattr(one, name)), spelled(name, getattr(other, name))
        parts.append(f"{label_in_sentence(name)} {before} → {after}")
    return parts


def events_changed(one: Sequence[Event], other: Sequence[Event]) -> list[str]:
    """Return the events of one run only: "learning rate 0.03 from epoch 120"."""
    return [
        tr(
            "{choice} {value:g} from epoch {epoch:,}",
            choice=label_in_sentence(event.name) if event.name in CHOICES else event.name,
            value=event.value,
            epoch=event.epoch,
        )
        for event in other
        if event not in one
    ]


def values_in_words(config: Config, choices: Sequence[str]) -> list[str]:
    """Return the values of these choices in words."""
    return [worded(name, getattr(config, name)) for name in choices]


def worded(name: str, value: ChoiceValue) -> str:
    """Return the value of a choice, with its label where the value alone is unclear."""
    if (name, value) in SAID:
        return tr(SAID[name, value])
    if name == "loss" and value == "auto":
        return tr("loss as the problem proposes")
    return (
        spelled(name, value)
        if name in SPEAKS
        else f"{label_in_sentence(name)} {spelled(name, value)}"
    )


def shortened(parts: Sequence[str]) -> str:
    """Return the first few words of a list, and the number of the others."""
    if len(parts) <= MOST_WORDS:
        return tr(", ").join(parts)
    return tr(
        "{parts} + {number} more",
        parts=tr(", ").join(parts[:MOST_WORDS]),
        number=len(parts) - MOST_WORDS,
    )


def run_title(config: Config) -> str:
    """Return the title of a single run: its experiment, or its problem and network."""
    known = next((tr(one.title) for one in PRESETS.values() if one.config == config), None)
    problem = tr("your table") if config.dataset == OWN else tr(PROBLEMS[config.dataset].title)
    return known or tr(", ").join([problem, worded("hidden", config.hidden)])


def twins(config: Config, dataset: Dataset) -> tuple[dict[str, Config], dict[str, Config]]:
    """Return one-choice twins by what differs: a few with buttons, and all others."""
    few, others, seen = dict[str, Config](), dict[str, Config](), dict[str, int]()
    for duel in alternatives_of(config, dataset, config.dataset == OWN):
        place = seen[duel.name] = seen.get(duel.name, -1) + 1
        try:
            made = twin(config, duel.name, duel.value)
        except ValueError:  # the other choices do not allow it
            continue
        chosen = few if place in FAVOURITES.get(duel.name, ()) else others
        chosen[worded(duel.name, duel.value)] = made
    order = [*FAVOURITES]
    few = dict(sorted(few.items(), key=lambda item: order.index(differing((config, item[1]))[0])))
    return few, others
