"""Compare: how runs differ, and runs that are made from another run.

All of them are exact. A twin has the same data, start weights and shuffles as far as its changed
setting allows; a fork equals the run up to its epoch, with optimizer memory and generators; a
transplant takes over only the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.language import many, tr
from engine.nn import Array, blocks
from engine.training import (
    CHOICES,
    LIVE,
    MOST_EVENTS,
    WHOLE_SET,
    ChoiceValue,
    ChoiceValues,
    Config,
    Event,
    Run,
    write_choice,
)

MOST_RUNS = 6  # side by side


class Difference(NamedTuple):
    """A setting in which runs differ, and its value in each run, in words."""

    name: str
    label: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        """The values of the runs in words: Learning rate 0.1 → 0.03."""
        return f"{self.label} {' → '.join(self.values)}"


def describe_choice(name: str, value: ChoiceValue) -> str:
    """Return the value of a setting in words; different values have different texts."""
    if value == "" or value == ():
        return tr("none")
    if name == "batch_size" and value == WHOLE_SET:
        return tr("all")
    if isinstance(value, float) and float(f"{value:g}") == value:
        return f"{value:g}"
    return write_choice(value)


def differences(configs: Sequence[Config]) -> tuple[Difference, ...]:
    """Return the choices in which the Configs differ, in the order of the side bar."""
    found = []
    for name, choice in CHOICES.items():
        values = tuple(describe_choice(name, getattr(config, name)) for config in configs)
        if len(set(values)) > 1:
            found.append(Difference(name, choice.label, values))
    return tuple(found)


def describe_differences(runs: Sequence[Run]) -> str:
    """Return one sentence: the choices in which runs differ, and what was changed on the way."""
    parts = [difference.words for difference in differences([run.config for run in runs])]
    for number, run in enumerate(runs, 1):
        weights = [event for event in run.events if event.name not in LIVE]
        for event in run.events:
            if event.name in LIVE:
                label, value = CHOICES[event.name].label, describe_choice(event.name, event.value)
                parts.append(f"run {number}: {label} {value} from epoch {event.epoch}")
        if weights:
            parts.append(f"run {number}: {many(len(weights), 'weight')} set by hand")
    return f"Differs in: {'; '.join(parts)}." if parts else "Nothing differs."


# The twin that differs in one choice


def twin(config: Config, name: str, value: ChoiceValue) -> Config:
    """Return the same settings except for one.

    Raises ValueError if `name` is not a choice, or if it has this value already.
    """
    if name not in CHOICES:
        raise ValueError(
            tr("'{name}' is not a setting of a run, so no run can differ in it.", name=name)
        )
    if value == getattr(config, name):
        raise ValueError(
            tr(
                "{label} ({name}) is already {value}.",
                label=tr(CHOICES[name].label),
                name=name,
                value=describe_choice(name, value),
            )
        )
    change: ChoiceValues = {name: value}
    return replace(config, **change)


def optimizer_race(config: Config) -> tuple[Config, ...]:
    """Return one Config per optimizer, each with a rate that suits it, from equal start weights."""
    return tuple(
        replace(config, optimizer=name, learning_rate=rate) for name, rate in RATES.items()
    )


RATES = {  # never race at one rate: a step of Adam is as long as its rate, one of descent is not
    "sgd": 1.0,
    "momentum": 0.1,
    "nesterov": 0.1,
    "adagrad": 0.1,
    "rmsprop": 0.01,
    "adam": 0.01,
    "adamw": 0.01,
}


# Runs that begin with what another one has reached


def fork(run: Run, epoch: int, **live: float) -> Run:
    """Return the same run up to `epoch`, with these live choices from there; the other goes on.

    Parameters, optimizer memory, generators, records and checkpoints are copied, so nothing is
    trained twice, and the epochs that follow are those of the run itself. Raises ValueError if
    `epoch` is not between 0 and run.epochs.
    """
    if not 0 <= epoch <= run.epochs:
        raise ValueError(
            tr(
                "epoch must lie between 0 and {epochs}; {epoch} was given.",
                epochs=run.epochs,
                epoch=epoch,
            )
        )
    other = Run(run.config, run.dataset, [event for event in run.events if event.epoch <= epoch])
    other.history = run.history.copy()
    other.checkpoints.stride = run.checkpoints.stride
    other.checkpoints.kept = run.checkpoints.kept.only(
        [earlier for earlier in run.checkpoints.kept if earlier <= epoch]
    )
    other.epochs = epoch
    with np.errstate(all="ignore"):
        other.rewind(other.live, epoch)
    restore_patience(other)
    if live:
        other.change(epoch, **live)
    return other


def restore_patience(run: Run) -> None:
    """Set the patience of a run to where its records say it was."""
    name = "validation" if len(run.dataset.validation) else "train"
    changed = {0, *(event.epoch for event in run.events)}
    *before, last = run.losses[name].tolist()
    for epoch, loss in enumerate(before):
        if epoch in changed:
            run.patience.begin(epoch, loss)
        else:
            run.patience.is_over(epoch, loss)
    run.check_early_stopping(last)


def transplant(run: Run, epoch: int, config: Config) -> Run:
    """Return a new run of other choices that starts from the run's weights after `epoch` epochs.

    Only the weights are copied: the optimizer's memory is empty, shuffles and masks begin
    again. Each weight is an event at epoch 0, so a link can contain the run. Raises
    ValueError if there are too many weights, or if the layers have other sizes.
    """
    theta = run.at(epoch).theta
    if len(theta) > MOST_EVENTS:
        raise ValueError(
            tr(
                "A run that starts from given weights takes at most {most:,}; this network has "
                "{weights:,}.",
                most=MOST_EVENTS,
                weights=len(theta),
            )
        )
    other = Run(config, run.dataset, weight_events(theta, run.network.sizes))
    if other.network.sizes != run.network.sizes:
        raise ValueError(
            tr(
                "The weights are for layers {sizes}; the other settings need {needed}.",
                sizes=sizes_text(run.network.sizes),
                needed=sizes_text(other.network.sizes),
            )
        )
    return other


def weight_events(theta: Array, sizes: Sequence[int]) -> list[Event]:
    """Return one event at epoch 0 for every weight and bias of theta (P,)."""
    found = []
    for l, block in enumerate(blocks(theta, sizes), 1):
        for (row, column), value in np.ndenumerate(block):
            bias = column == block.shape[1] - 1
            name = f"b{l}.{row}" if bias else f"W{l}.{row}.{column}"
            found.append(Event(0, name, float(value)))
    return found


def sizes_text(sizes: Sequence[int]) -> str:
    """Return the sizes of layers as text: 2-8-1."""
    return "-".join(map(str, sizes))
