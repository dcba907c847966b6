"""Measures: what a claim or an evidence sentence may say of a run at an epoch, one number each.

Layers, units and inputs count from 1, examples from 0, as on the pages. Most measures are those of
other rooms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.comparison import (
    dead_share,
    delta_ratio,
    first_output,
    first_weight,
    highest_weight,
    kept_loss,
    largest_distance_from_half,
    part_outputs,
    rare_class_recall,
    recorded,
    row_difference,
    saturated_share,
    steps_per_epoch,
    weight_norm,
)
from engine.data import Array
from engine.evaluation import classification_report
from engine.language import tr
from engine.search import Search, Tuning, results_table
from engine.training import Config, Run

MOST_FOLDED = 50  # epochs of a training on folds


class Measure(NamedTuple):
    """A function of a run and an epoch, and what it returns, in words."""

    function: Callable[[Run, int], float]
    about: str
    tested: bool = False  # whether it needs classes and a test part


def series(run: Run, name: str, epoch: int) -> Array:
    """Return a recorded series (epoch + 1,) up to an epoch."""
    return run.losses[name][: epoch + 1]


def lowest(name: str) -> Callable[[Run, int], float]:
    """Return a function that gives the lowest value of a series so far."""
    return lambda run, epoch: float(series(run, name, epoch).min())


def epoch_of_lowest(name: str) -> Callable[[Run, int], float]:
    """Return a function that gives the epoch where a series is lowest so far."""
    return lambda run, epoch: float(series(run, name, epoch).argmin())


def rises(run: Run, epoch: int) -> float:
    """Return after how many epochs the training loss was higher than before."""
    return float(np.count_nonzero(np.diff(series(run, "train", epoch)) > 0))


def lowest_output(run: Run, epoch: int) -> float:
    """Return the lowest output for a training example."""
    return float(part_outputs(run, epoch).min())


def highest_output(run: Run, epoch: int) -> float:
    """Return the highest output for a training example."""
    return float(part_outputs(run, epoch).max())


def dead_units(run: Run, epoch: int) -> float:
    """Return how many units of the first layer have no z above 0 in training."""
    return float(round(dead_share(run, epoch) * run.network.sizes[1]))


def last_delta(run: Run, epoch: int) -> float:
    """Return rms(delta) of the last layer."""
    return float(run.losses["delta"][epoch][-1])


def first_bias(run: Run, epoch: int) -> float:
    """Return the first bias of the first layer."""
    return float(run.at(epoch).layers[0].b[0, 0])


def test_report(run: Run, epoch: int) -> pd.DataFrame:
    """Return the classification report of the test part."""
    decided = run.output_head.decide(part_outputs(run, epoch, "test"))
    return classification_report(run.dataset, "test", decided)


def rare_class_precision(run: Run, epoch: int) -> float:
    """Return which share of the test examples called rare are of the last class."""
    return float(test_report(run, epoch).precision[run.dataset.classes[-1]])


def test_accuracy(run: Run, epoch: int) -> float:
    """Return the accuracy on the test part."""
    return float(test_report(run, epoch).precision["accuracy"])


def steps_so_far(run: Run, epoch: int) -> float:
    """Return the number of steps up to an epoch."""
    return epoch * steps_per_epoch(run, epoch)


def chance_loss(run: Run, epoch: int) -> float:
    """Return the loss of the best constant answer."""
    return run.evaluator.chance()[0]


def kept_epoch(run: Run, epoch: int) -> float:
    """Return the epoch whose weights the run keeps."""
    return float(run.best if run.finished else epoch)


def fold_score(run: Run, epoch: int) -> float:
    """Return the mean score over five folds of these settings, trained for this number of epochs.

    Raises ValueError for less than 1 epoch, or more than MOST_FOLDED.
    """
    if not 1 <= epoch <= MOST_FOLDED:
        raise ValueError(
            tr(
                "A fold is trained for 1 to {most} epochs, not {epoch}.",
                most=MOST_FOLDED,
                epoch=epoch,
            )
        )
    return searched_score(run.config, epoch)


@lru_cache(maxsize=64)
def searched_score(config: Config, epochs: int) -> float:
    """Return the mean score of a grid search with a single candidate."""
    search = Search({"epochs": (epochs,)}, config)
    tuning = Tuning(search)
    tuning.advance(np.inf)
    return float(results_table(search, tuning.rows).score.iloc[0])


MEASURES: dict[str, Measure] = {
    "train_loss": Measure(recorded("train"), "loss on the training part, without penalty"),
    "validation_loss": Measure(recorded("validation"), "loss on the validation part"),
    "train_accuracy": Measure(recorded("train_metric"), "accuracy (or R²) in training"),
    "validation_accuracy": Measure(
        recorded("validation_metric"), "accuracy (or R²) on the validation part"
    ),
    "running_loss": Measure(recorded("running"), "mean loss of the batches, with dropout"),
    "lowest_train_loss": Measure(lowest("train"), "lowest training loss so far"),
    "lowest_validation_loss": Measure(lowest("validation"), "lowest validation loss so far"),
    "best_epoch": Measure(epoch_of_lowest("validation"), "epoch of the lowest validation loss"),
    "rises": Measure(rises, "number of epochs after which the training loss was higher"),
    "chance_loss": Measure(chance_loss, "loss of the best constant answer"),
    "lowest_output": Measure(lowest_output, "lowest output for a training example"),
    "highest_output": Measure(highest_output, "highest output for a training example"),
    "distance_from_half": Measure(
        largest_distance_from_half, "largest distance of an output from one half"
    ),
    "first_output": Measure(first_output, "output for the first training example"),
    "row_difference": Measure(row_difference, "largest difference between two rows of W⁽¹⁾"),
    "delta_last": Measure(last_delta, "rms of δ in the last layer"),
    "delta_ratio": Measure(delta_ratio, "rms of δ in the first layer / in the last layer"),
    "dead_units": Measure(dead_units, "units of the first layer with output 0 for every example"),
    "saturated_share": Measure(saturated_share, "share of the first layer's outputs beyond ± 0.95"),
    "weight_norm": Measure(weight_norm, "length of the vector of all weights"),
    "w": Measure(first_weight, "first weight of the first layer"),
    "b": Measure(first_bias, "first bias of the first layer"),
    "highest_w": Measure(highest_weight, "largest value of the first weight so far"),
    "test_accuracy": Measure(test_accuracy, "accuracy on the test part", tested=True),
    "rare_recall": Measure(
        rare_class_recall, "share of the last class that is found, test part", tested=True
    ),
    "rare_precision": Measure(
        rare_class_precision,
        "share of the examples called last class that are, test part",
        tested=True,
    ),
    "steps": Measure(steps_so_far, "number of steps so far"),
    "stopped_at": Measure(lambda run, epoch: float(epoch), "last epoch that was trained"),
    "kept_epoch": Measure(kept_epoch, "epoch whose weights are kept"),
    "kept_loss": Measure(kept_loss, "validation loss of the weights that are kept"),
    "fold_score": Measure(fold_score, "mean accuracy over five folds after this number of epochs"),
}

# Names with numbers in them: one layer, unit, input or example
OF_LAYER = re.compile(r"delta_([1-9])")
OF_EXAMPLE = re.compile(r"(z|a|delta)([1-9])_([1-9][0-9]{0,2})_example_([0-9]{1,4})")
OF_PARAMETER = re.compile(
    r"(W|dW)([1-9])_([1-9][0-9]{0,2})_([1-9][0-9]{0,2})|(b|db)([1-9])_([1-9][0-9]{0,2})"
)
PATTERNS = {
    "delta_1, delta_2, ...": "rms of δ in layer 1, 2, ...",
    "z1_2_example_0 (also a, delta)": "z of unit 2 in layer 1 for the example 0 alone",
    "W1_2_3 (also dW)": "weight from input 3 to unit 2 of layer 1, or its gradient",
    "b1_2 (also db)": "bias of unit 2 in layer 1, or its gradient",
}


def measure(run: Run, name: str, epoch: int) -> float:
    """Return what is measured of a run at an epoch; at its last one if it has stopped before.

    Raises ValueError if there is no such measure, or if this run does not have it.
    """
    epoch = min(epoch, run.epochs)
    if name in MEASURES:
        data = run.dataset
        if MEASURES[name].tested and not (data.classes and len(data.test)):
            raise ValueError(
                tr("'{name}' needs a problem with classes and a test part.", name=name)
            )
        return MEASURES[name].function(run, epoch)
    try:
        if found := OF_LAYER.fullmatch(name):
            return float(run.losses["delta"][epoch][int(found[1]) - 1])
        if found := OF_EXAMPLE.fullmatch(name):
            return of_example(run, epoch, found[1], *map(int, found.groups()[1:]))
        if found := OF_PARAMETER.fullmatch(name):
            return of_parameter(run, epoch, *[one for one in found.groups() if one])
    except IndexError:
        raise ValueError(
            tr("This run has no '{name}': a number in it is too large.", name=name)
        ) from None
    raise ValueError(unknown_measure(name))


def of_example(run: Run, epoch: int, symbol: str, layer: int, unit: int, example: int) -> float:
    """Return z, a or delta of one unit for one training example alone, a scalar.

    Raises IndexError if there is no such layer, unit or example.
    """
    rows = run.dataset.train[[example]]
    return float(getattr(run.at(epoch, rows).layers[layer - 1], symbol)[unit - 1, 0])


def of_parameter(run: Run, epoch: int, symbol: str, layer: str, *place: str) -> float:
    """Return one weight, bias or its gradient over the training part, a scalar.

    Raises IndexError if there is no such layer, unit or input.
    """
    values = getattr(run.at(epoch, run.dataset.train).layers[int(layer) - 1], symbol)
    row, column = (*(int(one) - 1 for one in place), 0)[:2]
    return float(values[row, column])


def unknown_measure(name: str) -> str:
    """Return the sentence for a measure that does not exist."""
    return tr(
        "'{name}' is not a measure; there are: {measures}.",
        name=name[:40],
        measures=", ".join([*MEASURES, *PATTERNS]),
    )


def is_measure(name: str) -> bool:
    """Return whether there is a measure of this name, in some run."""
    patterns = (OF_LAYER, OF_EXAMPLE, OF_PARAMETER)
    return name in MEASURES or any(one.fullmatch(name) for one in patterns)


SERIES = {
    "train_loss": "train",
    "validation_loss": "validation",
    "train_accuracy": "train_metric",
    "validation_accuracy": "validation_metric",
}


def curve(run: Run, name: str) -> Array:
    """Return a recorded series (epochs + 1,). Raises ValueError if it is not one of SERIES."""
    if name not in SERIES:
        raise ValueError(
            tr(
                "'{name}' is not a curve; there are: {curves}.",
                name=name[:40],
                curves=", ".join(SERIES),
            )
        )
    return run.losses[SERIES[name]].astype(float)
