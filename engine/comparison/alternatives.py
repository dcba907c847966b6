"""Alternatives: for each setting, another value worth trying, so one click adds such a run.

A setting has no alternative if a change would show nothing: dropout without hidden units, the scale
of given weights. Every alternative trains on the same problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.comparison.forks import describe_choice
from engine.data import Dataset
from engine.nn import OPTIMIZERS
from engine.problems import AS_THEY_ARE, PROBLEMS
from engine.training import (
    CHOICES,
    WHOLE_SET,
    ChoiceValue,
    Config,
    choose_output_head,
    output_loss_pairs,
)

SCALED_INITS = ("uniform", "normal", "constant")
SQUARES = ("x1", "x2", "x1x1", "x2x2")


class Alternative(NamedTuple):
    """A setting and another value to try."""

    name: str
    value: ChoiceValue

    def words(self, config: Config) -> str:
        """Return the change in words: Dropout 0 → 0.5."""
        now, then = (
            describe_choice(self.name, one) for one in (getattr(config, self.name), self.value)
        )
        return f"{CHOICES[self.name].label} {now} → {then}"


def alternatives_of(config: Config, dataset: Dataset, own: bool = False) -> tuple[Alternative, ...]:
    """Return what is worth trying instead, in the side bar's order; `own`: a person's own data."""
    found = []
    for name in CHOICES:
        if name in OF_FORMULAS and (own or PROBLEMS[config.dataset].kind != "formula"):
            continue
        values = ALTERNATIVES[name](config, dataset) if name in ALTERNATIVES else ()
        found += [Alternative(name, value) for value in values if value != getattr(config, name)]
    return tuple(one for one in found if makes_difference(one, config, dataset))


def makes_difference(alternative: Alternative, config: Config, dataset: Dataset) -> bool:
    """Return whether the change makes a difference: `auto` may mean this loss already."""
    if alternative.name != "loss":
        return True
    return choose_output_head(
        replace(config, loss=str(alternative.value)), dataset
    ) != choose_output_head(config, dataset)


OF_FORMULAS = ("noise", "size", "features")
WITHOUT = {  # choices that have no alternative, and the reason
    "dataset": "another problem cannot be compared",
    "validation": "it changes how the run is measured, not the run",
    "test": "it changes how the run is measured, not the run",
    "folds": "it changes how the run is measured, not the run",
    "fold": "it changes how the run is measured, not the run",
    "data_seed": "the seed has one, which gives other data, too",
    "activations": "there is no single alternative for one layer at a time",
    "dropouts": "there is no single alternative for one layer at a time",
    "output": "the task decides the activation of the output layer",
    "convention": "the steps are the same, except for rounding, until the learning rate changes",
    "schedule_length": "it is part of the schedule",
    "schedule_factor": "it is part of the schedule",
    "epochs": "any run can be continued",
}

Alternatives = Callable[[Config, Dataset], tuple]


def toggle(name: str, off: ChoiceValue, on: ChoiceValue) -> Alternatives:
    """Return a function that gives `on` where a choice is off, else `off`."""
    return lambda config, data: (on if getattr(config, name) == off else off,)


def only_with_hidden(opposite: Alternatives) -> Alternatives:
    """Return the same function, without alternatives where there is no hidden layer."""
    return lambda config, data: opposite(config, data) if config.hidden else ()


def feature_alternatives(config: Config, data: Dataset) -> tuple:
    """Return the plain inputs with their squares, or the plain ones alone."""
    plain = SQUARES[:2] if len(data.input_names) > 1 else SQUARES[:1]
    squares = SQUARES if len(data.input_names) > 1 else SQUARES[:1] + SQUARES[2:3]
    return (squares if set(config.features) <= set(plain) else plain,)


def scaling_alternatives(config: Config, data: Dataset) -> tuple:
    """Return standardised inputs or not; nothing for numbers to be followed by hand."""
    if config.dataset in AS_THEY_ARE:
        return ()
    return ("none" if config.scaling == "standard" else "standard",)


def seed_alternatives(config: Config, data: Dataset) -> tuple:
    """Return the next seed."""
    return (config.seed + 1 if config.seed < 1000 else 0,)


def hidden_alternatives(config: Config, data: Dataset) -> tuple:
    """Return no hidden layer, a unit more, twice as many, one layer more; () with given weights."""
    if config.start:
        return ()
    if not config.hidden:
        return ((4,), (8, 8))
    *below, last = config.hidden
    most = int(CHOICES["hidden"].high or last)
    values = [(), (*below, min(last + 1, most)), (*(min(2 * n, most) for n in config.hidden),)]
    deeper = len(config.hidden) < CHOICES["hidden"].most
    return tuple(dict.fromkeys([*values, (*config.hidden, last)] if deeper else values))


def activation_alternatives(config: Config, data: Dataset) -> tuple:
    """Return another nonlinear activation, and linear."""
    if len(config.activations) >= len(config.hidden):  # each layer has its own, or there is none
        return ()
    return ("tanh" if config.activation != "tanh" else "relu", "sigmoid", "linear")


def loss_alternatives(config: Config, data: Dataset) -> tuple:
    """Return the default loss of the task, or squared or absolute error, if the output fits."""
    if config.loss in ("auto", "bce", "ce"):
        other = "mse" if data.classes else "mae"
    else:
        other = "bce" if config.output == "auto" and len(data.classes) == 2 else "auto"
    pairs = output_loss_pairs(data.task)
    fits = config.output == "auto" or other == "auto" or (config.output, other) in pairs
    return (other,) if fits else ()


def init_alternatives(config: Config, data: Dataset) -> tuple:
    """Return random start weights for equal ones, and equal ones for random ones."""
    if config.start:
        return ()
    return ("glorot_normal",) if config.init in ("constant", "zeros") else ("constant", "zeros")


def init_scale_alternatives(config: Config, data: Dataset) -> tuple:
    scaled = config.init in SCALED_INITS and not config.start
    return product_alternatives(config.init_scale, "init_scale") if scaled else ()


def product_alternatives(value: float, name: str) -> tuple:
    """Return a tenth and ten times the value, within the limits."""
    low, high = CHOICES[name].low or 0.0, CHOICES[name].high or 1.0
    around = (float(f"{value * factor:.3g}") for factor in (0.1, 10))
    return tuple(one for one in around if low <= one <= high)


def optimizer_alternatives(config: Config, data: Dataset) -> tuple:
    return ("adam", "momentum") if config.optimizer == "sgd" else ("sgd",)


def momentum_alternatives(config: Config, data: Dataset) -> tuple:
    if not OPTIMIZERS[config.optimizer].has_momentum:
        return ()
    return (0.0, 0.99) if config.momentum else (0.9,)


def weight_decay_alternatives(config: Config, data: Dataset) -> tuple:
    return (0.0 if config.weight_decay else 0.1,) if config.optimizer == "adamw" else ()


def batch_size_alternatives(config: Config, data: Dataset) -> tuple:
    """Return the whole training part, or batches of one."""
    n = len(data.train)
    if n == 1:
        return ()
    return (1,) if config.batches(n).per_epoch == 1 else (WHOLE_SET, 1)


def class_weight_alternatives(config: Config, data: Dataset) -> tuple:
    """Return balanced weights or none, if one class is rarer than another."""
    if not data.classes or len(set(np.bincount(data.targets[data.train]))) == 1:
        return ()
    return ("balanced" if config.class_weights == "none" else "none",)


ALTERNATIVES: dict[str, Alternatives] = {
    "noise": toggle("noise", 0.0, 0.3),
    "size": lambda config, data: (50, 2000),
    "features": feature_alternatives,
    "scaling": scaling_alternatives,
    "seed": seed_alternatives,
    "hidden": hidden_alternatives,
    "activation": activation_alternatives,
    "loss": loss_alternatives,
    "init": init_alternatives,
    "init_scale": init_scale_alternatives,
    "start": lambda config, data: ("",) if config.start else (),
    "precision": toggle("precision", "float64", "float32"),
    "biases": toggle("biases", "learn", "frozen"),
    "optimizer": optimizer_alternatives,
    "learning_rate": lambda config, data: product_alternatives(
        config.learning_rate, "learning_rate"
    ),
    "momentum": momentum_alternatives,
    "weight_decay": weight_decay_alternatives,
    "schedule": toggle("schedule", "constant", "cosine"),
    "clip": toggle("clip", 0.0, 1.0),
    "batch_size": batch_size_alternatives,
    "l1": toggle("l1", 0.0, 3e-3),
    "l2": toggle("l2", 0.0, 3e-3),
    "dropout": only_with_hidden(toggle("dropout", 0.0, 0.5)),
    "input_dropout": toggle("input_dropout", 0.0, 0.2),
    "max_norm": only_with_hidden(toggle("max_norm", 0.0, 2.0)),
    "class_weights": class_weight_alternatives,
    "patience": toggle("patience", 0, 20),
}
