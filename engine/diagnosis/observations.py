"""Observations: the facts about a run at one epoch, computed once for all rules.

They are cheap: the records of the run, one forward and backward pass over the training part (or
its first examples), existing checkpoints, and the curvature if the network is small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypedDict

import numpy as np

from engine.diagnosis.progress import TrainingProgress, measure_progress
from engine.diagnosis.reachable import Reachable, accuracy, r_squared, reachable_scores
from engine.diagnosis.stability import limit_share, safe_learning_rate
from engine.nn import ACTIVATIONS, OPTIMIZERS, Array, blocks
from engine.training import (
    Cause,
    ChoiceValue,
    Config,
    LayerSnapshot,
    OutputHead,
    RecordedSeries,
    Run,
    Snapshot,
    cause_of,
    frobenius_norm,
)

WORK = 20_000_000  # multiplications of a look at the examples, at most
NEAR_END = 0.05  # distance of an output from an end of its range
SATURATED_SHARE = 0.5  # of all outputs of the hidden units
TWIN_DISTANCE = 0.01  # distance of two equal rows, as a share of the longer one's length
GOOD_SCORE = 0.9  # accuracy or R² that leaves little to learn, where nothing better is known
SIGNAL_MARGIN = 0.1  # of accuracy or R², above the best constant output
LEAST_SHORTFALL = 0.05  # of accuracy or R²: a network this far below what is reachable falls short
LONG_PATH, LONG_PATH_ADAPTIVE = 20.0, 2.0  # length after which a network has had its time
WEAK_PULL = 0.1  # of the data's gradient: that of a penalty
HEAVY_PENALTY = 0.02  # of the loss
SHRUNK_WEIGHTS = 0.2  # of the weights at the start
JUMP_SIZE = 0.05  # a rise of the loss, as a share of the level
LOOK_BACK = 100  # epochs that count as recent, at most


class Finding(NamedTuple):
    """The result of a rule: a title, the numbers that prove it, and what helps."""

    rule: str  # its name in the registry
    title: str
    evidence: str  # with the threshold that was passed
    remedy: str = ""
    change: Mapping[str, ChoiceValue] = MappingProxyType(
        {}
    )  # choices of a Config that try the remedy
    note: bool = False  # whether it only explains what is seen: nothing is wrong
    needs_new_run: bool = False  # whether the change helps only in a new run


class Observations(NamedTuple):
    """One epoch of a run; z, a, delta and gradients are those of the examples in use."""

    epoch: int
    config: Config  # the settings at this epoch
    cause: Cause | None  # of the divergence that ended the run at this epoch
    output_head: OutputHead
    train: RecordedSeries  # (epoch + 1,) data loss of the training part after each epoch
    validation: RecordedSeries  # (epoch + 1,) the same of the validation part; nan without one
    scores: RecordedSeries  # (epoch + 1,) accuracy or R² of the validation part
    validation_examples: int  # examples of the validation part
    chance: float  # loss of the best constant output
    majority: float  # its metric
    snapshot: Snapshot  # of the examples looked at
    activations: tuple[str, ...]  # of each layer
    features: tuple[str, ...]  # names of the d inputs
    covers_training_part: bool  # whether the examples looked at are the whole training part
    at_start: tuple[Array, ...]  # a of each hidden layer with the weights of epoch 0
    equal_at_start: tuple[Array, ...]  # per hidden layer (units,) True: it started like another
    limit_share: float  # learning rate x curvature / stability limit; nan where not measured
    progress: TrainingProgress  # how far training has come
    score: float  # accuracy (balanced with class weights) or R² of the examples looked at
    simple_scores: Reachable  # the same of simple methods, on examples that they did not see
    safe_learning_rate: Callable[[], float]  # well below the stability limit

    @property
    def record(self) -> np.void:
        """The record of this epoch."""
        return self.snapshot.losses

    @property
    def x(self) -> Array:
        """The network inputs of the examples, (d, n)."""
        return self.snapshot.x

    @property
    def y(self) -> Array:
        """The targets of the examples, (K, n)."""
        return self.snapshot.y

    @property
    def layers(self) -> tuple[LayerSnapshot, ...]:
        return self.snapshot.layers

    @property
    def hidden(self) -> tuple[LayerSnapshot, ...]:
        return self.layers[:-1]

    @property
    def level(self) -> float:
        """The loss to compare with: the chance level, or the first loss if chance is 0."""
        return self.chance or float(self.train[0]) or 1.0

    @property
    def recent(self) -> Array:
        """Return the training losses (epochs,) of the last half of the run, of 10 to 100 epochs."""
        return self.train[-1 - int(np.clip(self.epoch // 2, 10, LOOK_BACK)) :]

    @property
    def is_nonlinear(self) -> bool:
        """Whether there is a hidden layer that is not linear."""
        return any(name != "linear" for name in self.activations[:-1])

    @property
    def reachable(self) -> float:
        """The score that a network should reach at least; GOOD_SCORE if it is not known."""
        best = max(self.simple_scores) if self.is_nonlinear else self.simple_scores.line
        return GOOD_SCORE if np.isnan(best) else best

    @property
    def shortfall(self) -> float:
        """The difference between the reachable score and the score."""
        return self.reachable - self.score

    @property
    def falls_short(self) -> bool:
        """Whether the network has not learned what there is to learn."""
        return self.shortfall > LEAST_SHORTFALL

    @property
    def learnable(self) -> bool:
        """Whether the inputs are known to have information about the target."""
        return not self.reachable < self.majority + SIGNAL_MARGIN

    @property
    def adaptive(self) -> bool:
        """Whether the optimizer scales the steps by itself."""
        return OPTIMIZERS[self.config.optimizer].adaptive

    @property
    def path_progress(self) -> float:
        """The length of the training path, as a multiple of the length that is enough."""
        return self.progress.length / (LONG_PATH_ADAPTIVE if self.adaptive else LONG_PATH)

    @property
    def is_early(self) -> bool:
        """Whether training has not come far enough to judge what it can learn."""
        return self.path_progress < 1

    @property
    def penalty_pull(self) -> float:
        """Size of the penalties' gradient as a share of that of the data; 0 without a penalty."""
        config, W, dW = self.config, [], []
        for layer in self.layers:
            W.append(layer.W.ravel())
            dW.append(layer.dW.ravel())
        weights, gradient = np.concatenate(W), np.concatenate(dW)
        pull = 2 * config.l2 * weights + config.l1 * np.sign(weights)
        data = frobenius_norm(gradient - pull)
        return (
            0.0 if not (config.l1 or config.l2) else frobenius_norm(pull) / data if data else np.inf
        )

    @property
    def is_penalty_strong(self) -> bool:
        """Whether a penalty weighs enough to be what holds the network back."""
        heavy = float(self.record["penalty"]) > HEAVY_PENALTY * self.train[-1]
        return self.penalty_pull > WEAK_PULL and (
            heavy or min(self.progress.shrunk) < SHRUNK_WEIGHTS
        )

    @property
    def dropout_share(self) -> float:
        """The largest share of units that dropout switches off."""
        return max((*self.config.layer_dropouts, self.config.input_dropout), default=0.0)

    @property
    def silent_shares(self) -> Array:
        """Return the share of units that output 0 for every example, (n_hidden,)."""
        return np.array([np.mean(~layer.a.any(axis=1)) for layer in self.hidden])

    @property
    def jump_share(self) -> float:
        """The share of recent epochs in which the training loss jumped up."""
        return float(np.mean(np.diff(self.recent) > JUMP_SIZE * self.level)) if self.epoch else 0.0

    @property
    def loss_left(self) -> float:
        """The loss as a share of the level."""
        return float(self.train[-1]) / self.level

    @property
    def recent_fall(self) -> float:
        """The fall of the training loss in the recent epochs, as a share of the level."""
        return float(self.recent[0] - self.recent[-1]) / self.level


def gather_observations(run: Run, epoch: int) -> Observations:
    """Return the observations of a run at an epoch from 0 to run.epochs."""
    config, examples = run.config_at(epoch), run.dataset.train
    count = max(run.evaluator.probe, WORK // (6 * len(run.network.theta)))
    snapshot = run.at(epoch, examples[:count])
    theta = snapshot.theta
    return Observations(
        epoch=epoch,
        config=config,
        cause=cause_at(run, epoch),
        output_head=run.output_head,
        **recorded_facts(run, epoch),
        snapshot=snapshot,
        activations=run.network.activations,
        features=run.dataset.shown(run.dataset.features),
        covers_training_part=count >= len(examples),
        at_start=answers_at_start(run, snapshot.x),
        equal_at_start=twins_at_start(run),
        limit_share=limit_share(run, config, theta),
        progress=measure_progress(run, epoch, theta),
        score=score_of(run.output_head, snapshot),
        simple_scores=reachable_scores(run.dataset, bool(run.output_head.weights)),
        safe_learning_rate=partial(safe_learning_rate, run, config, theta),
    )


class RecordedFacts(TypedDict):
    """The part of the observations that a run has recorded."""

    train: RecordedSeries
    validation: RecordedSeries
    scores: RecordedSeries
    validation_examples: int
    chance: float
    majority: float


def recorded_facts(run: Run, epoch: int) -> RecordedFacts:
    """Return what the run recorded, and the scores to compare it with."""
    chance, majority = run.evaluator.chance()
    return {
        "train": RecordedSeries(run.history, "train", epoch + 1),
        "validation": RecordedSeries(run.history, "validation", epoch + 1),
        "scores": RecordedSeries(run.history, "validation_metric", epoch + 1),
        "validation_examples": len(run.dataset.validation),
        "chance": chance,
        "majority": majority,
    }


def cause_at(run: Run, epoch: int) -> Cause | None:
    """Return what made the run diverge after this epoch, None if it did not."""
    if not run.diverged or epoch < run.epochs:
        return None
    return run.cause or cause_of(run)  # a run from a file has the sentence alone


def start_weights(run: Run) -> list[Array]:
    """Return [W b] of each layer at epoch 0, (n_out, n_in + 1) each."""
    theta = run.checkpoints.kept[0].memory[: len(run.network.theta)]
    return blocks(theta, run.network.sizes)


def answers_at_start(run: Run, a: Array) -> tuple[Array, ...]:
    """Return the outputs (n_out, n) of each hidden layer for the inputs a (d, n) at epoch 0."""
    answers = []
    for Wb, layer in zip(start_weights(run)[:-1], run.network.layers, strict=False):
        a = layer.activation.value(Wb[:, :-1] @ a + Wb[:, -1:])
        answers.append(a)
    return tuple(answers)


def twins_at_start(run: Run) -> tuple[Array, ...]:
    """Return which units started with the weights of another, per hidden layer (n_units,)."""
    starts = start_weights(run)
    return tuple(find_twins(np.hstack([Wb, above[:, :-1].T])) for Wb, above in pairwise(starts))


def find_twins(rows: Array) -> Array:
    """Return True where another row is within TWIN_DISTANCE of the longer one, (n_units,)."""
    square = np.square(rows).sum(axis=1)
    apart = np.add.outer(square, square) - 2 * (rows @ rows.T)  # |r - s|², (units, units)
    alike = apart <= TWIN_DISTANCE**2 * np.maximum.outer(square, square)
    np.fill_diagonal(alike, False)
    return alike.any(axis=1)


def score_of(head: OutputHead, snapshot: Snapshot) -> float:
    """Return the accuracy, or R², on the examples looked at; with class weights balanced."""
    a, y = snapshot.layers[-1].a, snapshot.y
    if head.classes:
        return accuracy(head.decide(a), head.decide(y), bool(head.weights))
    return r_squared(a, y)


def share_at_ends(seen: Observations, answers: Sequence[Array]) -> float:
    """Return the share of outputs (n_units, n) each within NEAR_END of an end of their range.

    It is that of the layer with the most.
    """
    shares = [0.0]
    for a, name in zip(answers, seen.activations, strict=False):
        if ends := ACTIVATIONS[name].ends:
            low, high = ends
            shares.append(float(np.mean((a < low + NEAR_END) | (a > high - NEAR_END))))
    return max(shares)
