"""Pairs for the classroom: a preset, one change, the claim, and the numbers.

Each number is the interval of the measured value in one of the runs, so a claim can be checked. The
experiments are those of textbooks; see `presets`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log
from typing import NamedTuple

from engine.comparison.forks import twin
from engine.comparison.measures import (
    dead_share,
    delta_ratio,
    first_output,
    first_weight,
    highest_weight,
    kept_loss,
    largest_distance_from_half,
    loss_over_first,
    loss_over_lowest,
    rare_class_recall,
    recorded,
    row_difference,
    saturated_share,
    scaled_output_delta,
    steps_per_epoch,
    weight_norm,
)
from engine.language import marked
from engine.problems import PRESETS
from engine.training import ChoiceValue, Config, Run

Interval = tuple[float, float]


def interval_about(value: float, margin: float) -> Interval:
    """Return the interval of a value and a margin on both sides."""
    return value - margin, value + margin


class ExpectedRange(NamedTuple):
    """A measure after some epochs, and its expected range in the first and in the second run."""

    measure: str  # a key of MEASURES
    epoch: int
    first: Interval
    second: Interval


class Pair(NamedTuple):
    """Two runs that differ in one choice."""

    title: str
    preset: str  # a key of PRESETS
    change: tuple[str, ChoiceValue]  # a choice, and its value in the second run
    claim: str
    checks: tuple[ExpectedRange, ...]

    @property
    def configs(self) -> tuple[Config, Config]:
        """The preset's Config, and the one with the change."""
        config = PRESETS[self.preset].config
        return config, twin(config, *self.change)

    @property
    def epochs(self) -> int:
        """The epochs to train until every claim can be seen."""
        return max(check.epoch for check in self.checks)


def pairs_of(config: Config) -> tuple[Pair, ...]:
    """Return the pairs whose first run has this Config."""
    return tuple(pair for pair in PAIRS.values() if pair.configs[0] == config)


# What is measured

MEASURES: dict[str, Callable[[Run, int], float]] = {
    "training loss": recorded("train"),
    "validation loss": recorded("validation"),
    "training accuracy": recorded("train_metric"),
    "validation accuracy": recorded("validation_metric"),
    "validation loss / its minimum": loss_over_lowest,
    "validation loss of the final weights": kept_loss,
    "training loss / its start": loss_over_first,
    "δ of the first layer / δ of the last": delta_ratio,
    "n δ at the output": scaled_output_delta,
    "first output": first_output,
    "largest distance of an output from 0.5": largest_distance_from_half,
    "difference between rows of W⁽¹⁾": row_difference,
    "dead units": dead_share,
    "saturated outputs": saturated_share,
    "length of the weight vector": weight_norm,
    "first weight": first_weight,
    "largest first weight so far": highest_weight,
    "recall of the rare class": rare_class_recall,
    "steps per epoch": steps_per_epoch,
}


# The pairs

PAIRS: dict[str, Pair] = {
    "hidden_layer": Pair(
        marked("XOR needs a hidden layer"),
        "xor_tanh",
        ("hidden", ()),
        marked("Without a hidden layer every output stays at one half and the loss at ln 2."),
        (
            ExpectedRange("training accuracy", 2000, (1, 1), (0, 0.75)),
            ExpectedRange("training loss", 2000, (0, 0.1), interval_about(log(2), 1e-3)),
            ExpectedRange("largest distance of an output from 0.5", 2000, (0.4, 0.5), (0, 0.02)),
        ),
    ),
    "equal_start": Pair(
        marked("Equal weights stay equal"),
        "equal_start",
        ("init", "glorot_normal"),
        marked(
            "Four equal units do the work of one; with random start weights they become different."
        ),
        (
            ExpectedRange("difference between rows of W⁽¹⁾", 2000, (0, 0), (0.5, inf)),
            ExpectedRange("training accuracy", 2000, interval_about(0.85, 0.005), (0.93, 1)),
        ),
    ),
    "vanishing": Pair(
        marked("Error terms vanish in sigmoid layers"),
        "vanishing",
        ("activation", "tanh"),
        marked(
            "With four sigmoid layers δ shrinks to a thousandth and nothing is learned; tanh "
            "keeps it."
        ),
        (
            ExpectedRange("δ of the first layer / δ of the last", 0, (3e-4, 5e-3), (0.05, inf)),
            ExpectedRange("training loss", 500, (0.68, inf), (0, 0.2)),
            ExpectedRange("training accuracy", 500, (0, 0.6), (0.95, 1)),
        ),
    ),
    "badly_wrong": Pair(
        marked("Badly wrong, but slow to learn"),
        "one_neuron_hard",
        ("loss", "bce"),
        marked(
            "Squared error multiplies δ by a slope near 0; with cross-entropy δ is the error "
            "itself."
        ),
        (
            ExpectedRange(
                "n δ at the output",
                0,
                interval_about(0.0173, 1e-4),
                interval_about(0.982, 1e-3),
            ),
            ExpectedRange(
                "first output",
                50,
                interval_about(0.976, 1e-3),
                interval_about(0.0985, 1e-3),
            ),
            ExpectedRange(
                "first output",
                300,
                interval_about(0.203, 1e-3),
                interval_about(0.012, 1e-3),
            ),
        ),
    ),
    "dead_relu": Pair(
        marked("A learning rate that kills units"),
        "dead_relu",
        ("learning_rate", 1.0),
        marked(
            "With rate 20 most ReLU units end up with output 0 for every example; with rate 1 "
            "few do."
        ),
        (
            ExpectedRange("dead units", 200, (0.5, 1), (0, 0.1)),
            ExpectedRange("training accuracy", 200, (0, 0.8), (0.93, 1)),
        ),
    ),
    "edge": Pair(
        marked("The stability limit of the learning rate"),
        "rate_edge",
        ("learning_rate", 0.5),
        marked(
            "The curvature is 2: rate 1 always jumps from side to side, rate 0.5 needs only one "
            "step."
        ),
        (
            ExpectedRange("training loss / its start", 1, interval_about(1, 1e-9), (0, 1e-12)),
            ExpectedRange("training loss / its start", 100, interval_about(1, 1e-9), (0, 1e-12)),
        ),
    ),
    "momentum": Pair(
        marked("Momentum overshoots"),
        "momentum",
        ("momentum", 0.0),
        marked(
            "With momentum 0.9 the weight goes past its target 3, up to 5.13; without it, it "
            "does not."
        ),
        (
            ExpectedRange(
                "largest first weight so far",
                200,
                interval_about(5.126922, 1e-5),
                interval_about(3, 1e-5),
            ),
            ExpectedRange(
                "first weight", 200, interval_about(3.000040, 1e-5), interval_about(3, 1e-5)
            ),
        ),
    ),
    "overfitting_l2": Pair(
        marked("L2 against overfitting"),
        "overfitting",
        ("l2", 3e-3),
        marked(
            "Without L2 the network memorizes forty points; the validation loss becomes four "
            "times as "
            "large."
        ),
        (
            ExpectedRange("training loss", 2000, (0, 0.01), (0.1, inf)),
            ExpectedRange("validation loss", 2000, (1, inf), (0, 0.4)),
            ExpectedRange("validation loss / its minimum", 2000, (2, inf), (1, 1.2)),
            ExpectedRange("length of the weight vector", 2000, (20, inf), (0, 10)),
        ),
    ),
    "overfitting_dropout": Pair(
        marked("Dropout against overfitting"),
        "overfitting",
        ("dropout", 0.5),
        marked("In each step half of the units are off, so no unit can rely on another one."),
        (
            ExpectedRange("training loss", 2000, (0, 0.01), (0.1, inf)),
            ExpectedRange("validation loss", 2000, (1, inf), (0, 0.6)),
        ),
    ),
    "early_stopping": Pair(
        marked("Early stopping"),
        "overfitting",
        ("patience", 20),
        marked(
            "After twenty epochs without a lower validation loss, the best weights are restored."
        ),
        (ExpectedRange("validation loss of the final weights", 2000, (1, inf), (0, 0.5)),),
    ),
    "scaling": Pair(
        marked("Scaled inputs"),
        "raw_inputs",
        ("scaling", "standard"),
        marked(
            "The raw input proline is near 750 and saturates every unit; with scaled inputs, "
            "training "
            "works."
        ),
        (
            ExpectedRange("saturated outputs", 0, (0.9, 1), (0, 0.7)),
            ExpectedRange("training loss", 200, interval_about(1.084, 0.002), (0, 0.1)),
            ExpectedRange("training accuracy", 200, interval_about(0.403, 0.005), (0.98, 1)),
        ),
    ),
    "disc": Pair(
        marked("Three lines enclose a disc"),
        "disc_2",
        ("hidden", (3,)),
        marked(
            "Two straight lines classify at most 82 of 100 correctly; a third one closes the "
            "triangle."
        ),
        (ExpectedRange("training accuracy", 1500, (0.5, 0.82), (0.95, 1)),),
    ),
    "batches": Pair(
        marked("200 steps per epoch, or one"),
        "batch_of_one",
        ("batch_size", 0),
        marked(
            "With batches of one example, thirty epochs are 6,000 steps; with the whole set, only "
            "thirty."
        ),
        (
            ExpectedRange("steps per epoch", 30, (200, 200), (1, 1)),
            ExpectedRange("training loss", 30, (0, 0.25), interval_about(0.314, 0.01)),
        ),
    ),
    "imbalance": Pair(
        marked("Class weights for a rare class"),
        "imbalance",
        ("class_weights", "balanced"),
        marked("With class weights most of the rare class is found, but the accuracy is lower."),
        (
            ExpectedRange("recall of the rare class", 300, (0.2, 0.5), (0.8, 1)),
            ExpectedRange("validation accuracy", 300, (0.95, 1), (0.8, 0.93)),
        ),
    ),
}
