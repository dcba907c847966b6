"""Divergence: what made a run overflow, found by experiment.

Each setting that could be the cause is changed alone, and the epochs before the overflow are
trained once more. The changes that prevent the overflow show the causes; the one with the lowest
loss comes first. For L2 one fact needs no experiment: in plain gradient descent the penalty lambda
multiplies every weight by 1 - 2 eta lambda in a step, and below -1 the weights grow for any data
(with momentum mu below -(1 + 2 mu)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import NamedTuple, Protocol

import numpy as np

from engine.data import Dataset
from engine.language import listed, marked, tr
from engine.nn import OPTIMIZERS, Array, blocks
from engine.number_format import number
from engine.training.config import CHOICES, Config
from engine.training.cost import epoch_cost
from engine.training.evaluator import Evaluator
from engine.training.events import Event
from engine.training.history import Checkpoints, History
from engine.training.options import ChoiceValue, ChoiceValues
from engine.training.training import Training

WORK = 4e6  # products of two numbers in one experiment, at most; a batch alone costs 5000
LONG = 60  # epochs of an experiment, at least, if its work allows
MUTED = 0.3  # share of units that dropout mutes
MILD = 1e-3  # a penalty that rarely holds anything back
WIDE = 10.0  # size of an input that is not of a common scale
MOST_LOSS = 1e30  # a loss or a sum of squared weights beyond it has diverged
GROWN = 1e3  # times the loss or the weights at the start of an experiment: out of bounds
FAIR = 1.5  # times the lowest loss: what is still a good one
EVEN = 0.05  # a loss this much lower is no evidence against the learning rate
PENALTIES = ("l2", "l1", "weight_decay")
NUMBERS = (*PENALTIES, "momentum", "dropout")
REASONS = {
    "l2": marked("an L2 penalty of {strength} is too strong for a learning rate of {rate}"),
    "l1": marked("an L1 penalty of {strength} is too strong for a learning rate of {rate}"),
    "weight_decay": marked("a weight decay of {strength} is too strong for a rate of {rate}"),
    "scaling": marked("the inputs are not standardized and as large as {widest:.3g}"),
    "momentum": marked("a momentum of {strength} is too high for a learning rate of {rate}"),
    "dropout": marked("a dropout of {strength} scales up the other outputs too much"),
    "init": marked("start weights of scale {scale} are too large"),
    "learning_rate": marked("a learning rate of {rate} is too large"),
    "": marked("None of the changes that were tried prevents the overflow"),
}
OPTIONS = {"standard": marked("standard"), "glorot_uniform": marked("glorot uniform")}


class DivergedRun(Protocol):
    """The interface of a run that this module needs; `run.Run` has it."""

    dataset: Dataset
    epochs: int
    events: list[Event]
    history: History
    checkpoints: Checkpoints
    evaluator: Evaluator

    def config_at(self, epoch: int) -> Config:
        """Return the settings after `epoch` epochs."""
        ...


class Cause(NamedTuple):
    """What made a run diverge."""

    blame: str  # the choice: "learning_rate", "l2", "init", ...; "" if no experiment finds it
    change: ChoiceValues  # of that choice, with a lower rate where both are needed
    also: ChoiceValues  # other changes that kept it in bounds, each alone
    factor: float  # what a penalty alone multiplies weights by in a step, where they grow; or nan
    layer: int  # from 1: the layer whose weights grew most
    grown: float  # the factor of its growth
    alike: bool  # whether all layers grew about as much


def has_diverged(loss: float | Array, squares: float | Array) -> Array:
    """Return whether a loss or a sum of squared weights is nan or beyond MOST_LOSS.

    Both are scalars, or (K,) for K runs, as the result is.
    """
    return np.logical_not((loss < MOST_LOSS) & (squares < MOST_LOSS))


def cause_of(run: DivergedRun) -> Cause:
    """Return what made a run diverge in the epoch after run.epochs: what it does best without."""
    with np.errstate(all="ignore"):
        return cause_by_experiment(run)


def cause_by_experiment(run: DivergedRun) -> Cause:
    """Return the cause that the experiments name: those of the first round that find one."""
    config = run.config_at(run.epochs)
    losses = list[tuple[float, ChoiceValues]]()
    for changes in rounds(config, run.dataset):
        losses = [(loss_with(run, change), change) for change in changes]
        losses = [(loss, change) for loss, change in losses if loss < np.inf]
        if losses:
            break
    rated = ((loss * (1 + EVEN * (list(one) != ["learning_rate"])), one) for loss, one in losses)
    best = min(rated, key=lambda pair: pair[0], default=(np.inf, {}))[1]
    if multiplied(config) < 0:  # then the penalty diverges for any data
        most = FAIR * min((loss for loss, _ in losses), default=0)
        alone = [one for loss, one in losses if loss <= most and set(one) < {"l2", "weight_decay"}]
        best = alone[0] if alone else best
    also = {next(iter(one)): one for _, one in losses if one is not best and len(one) == 1}
    also = {name: one[name] for name, one in also.items()}
    blame = next(iter(best), "")
    factor = multiplied(config) if blame in PENALTIES else np.nan
    return Cause(blame, best, also, factor, *grown_most(run))


def rounds(config: Config, data: Dataset) -> Iterator[list[ChoiceValues]]:
    """Yield the changes to try: one choice, then a far lower rate, then two choices together."""
    slow = slower(config, 10)
    other = list(candidate_changes(config, data))
    yield [slow, *other]
    yield [slower(config, 100)]
    yield [{**one, **slow} for one in other]
    yield [slower(config, 1000), *({**one, **slower(config, 100)} for one in other)]


def candidate_changes(config: Config, data: Dataset) -> Iterator[ChoiceValues]:
    """Yield the other changes to try, each of one setting."""
    for name in PENALTIES:
        if getattr(config, name) > MILD and (name != "weight_decay" or config.optimizer == "adamw"):
            yield {name: MILD}
    if (data.scale == 1).all() and np.abs(data.part("train")[0]).max() > WIDE:
        yield {"scaling": "standard"}
    if OPTIMIZERS[config.optimizer].has_momentum and config.momentum > 0.5:
        yield {"momentum": 0.5}
    if config.hidden and config.dropout >= MUTED and not config.dropouts:
        yield {"dropout": 0.0}
    if config.init in ("normal", "uniform", "constant") and config.init_scale > 1:
        yield {"init": "glorot_uniform"}


def slower(config: Config, divisor: float) -> ChoiceValues:
    """Return the change to a lower learning rate."""
    return {"learning_rate": max(float(f"{config.learning_rate / divisor:.2g}"), 1e-6)}


def explain_divergence(run: DivergedRun, epoch: int, cause: Cause) -> str:
    """Return what happened in `epoch`, the likely cause and what to do, in sentences."""
    config = run.config_at(run.epochs)
    widest = float(np.abs(run.dataset.part("train")[0]).max())
    why, remedy = cause_sentence(cause, config, widest), remedy_sentence(cause)
    if cause.blame:
        return tr(
            "Training overflowed in epoch {epoch}. Epoch {last}, the last good one, is kept. "
            "The likely cause: {cause} {remedy}",
            epoch=epoch,
            last=epoch - 1,
            cause=why,
            remedy=remedy,
        )
    return tr(
        "Training overflowed in epoch {epoch}. Epoch {last}, the last good one, is kept. "
        "{cause} {remedy}",
        epoch=epoch,
        last=epoch - 1,
        cause=why,
        remedy=remedy,
    )


def cause_sentence(cause: Cause, config: Config, widest: float) -> str:
    """Return the cause with its numbers; `widest` is the size of the largest input."""
    reason = tr(
        REASONS[cause.blame],
        rate=number(config.learning_rate),
        strength=number(float(getattr(config, cause.blame))) if cause.blame in NUMBERS else "",
        scale=number(config.init_scale),
        widest=widest,
    )
    if cause.factor < 0:
        return tr(
            "{reason}, because it multiplies every weight by {factor} in each step. {growth}",
            reason=reason,
            factor=number(cause.factor),
            growth=layer_sentence(cause),
        )
    return tr("{reason}. {growth}", reason=reason, growth=layer_sentence(cause))


def layer_sentence(cause: Cause) -> str:
    """Return the sentence on the layer whose weights grew most."""
    times = (
        tr("overflow")
        if cause.grown == np.inf
        else tr("{grown} times as large", grown=number(cause.grown, 2))
    )
    if cause.alike:
        return tr(
            "All weights grew, most of all those of layer {layer} ({times}).",
            layer=cause.layer,
            times=times,
        )
    return tr("The weights of layer {layer} grew most ({times}).", layer=cause.layer, times=times)


def remedy_sentence(cause: Cause) -> str:
    """Return the sentence on what to do; every change in it was tried."""
    if not cause.change:
        return tr("Start again with a much lower learning rate and smaller penalties.")
    tried = changes_phrase(cause.change)
    others = [choice_phrase(*item) for item in cause.also.items()]
    if not others:
        return tr("{change}.", change=tried)
    return tr(
        "{change}; {others} would also prevent the overflow.",
        change=tried,
        others=reduce(lambda first, last: tr("{first} or {last}", first=first, last=last), others),
    )


def changes_phrase(change: ChoiceValues) -> str:
    """Return the advice to make some changes, without a full stop."""
    phrases = [choice_phrase(*item) for item in change.items() if item[0] != "scaling"]
    if "scaling" not in change:
        return tr("Try {changes}", changes=listed(phrases))
    if not phrases:
        return tr("Turn scaling on")
    return tr("Turn scaling on and try {changes}", changes=listed(phrases))


def choice_phrase(name: str, value: ChoiceValue) -> str:
    """Return a changed choice as people read it."""
    label = tr(CHOICES[name].label)
    label = label if label[1].isupper() or label[1].isdigit() else label.lower()
    said = number(value) if isinstance(value, float) else tr(OPTIONS[str(value)])
    return tr("{choice} {value}", choice=label, value=said)


def multiplied(config: Config) -> float:
    """Return what a penalty alone multiplies weights by in a step; nan where they do not grow."""
    decoupled = config.optimizer == "adamw"  # it decays in a step of plain gradient descent
    stable = OPTIMIZERS["sgd" if decoupled else config.optimizer].stable
    pull = config.learning_rate * (config.weight_decay if decoupled else 2 * config.l2)
    return 1 - pull if stable and pull >= stable(config.momentum) else np.nan


def loss_with(run: DivergedRun, change: ChoiceValues) -> float:
    """Return the loss with one change, over the same epochs and more; inf if it diverges, too."""
    training, first = changed(run, change)
    most = GROWN * (1 + float(run.history[first]["train"]))
    longest = GROWN * (1 + float(np.square(training.network.theta).sum()))
    epochs = max(2 * (run.epochs + 1 - first) + 10, LONG)
    epochs = min(epochs, max(1, int(WORK / epoch_cost(training.config, run.dataset))))
    loss = np.inf
    for _ in range(epochs):
        loss, theta = training.epoch(), training.network.theta
        if not (loss < most and theta.dot(theta) < longest):
            return np.inf
    return (
        loss if "scaling" in change else run.evaluator.evaluate(training.network.theta)[0]
    )  # no masks


def changed(run: DivergedRun, change: ChoiceValues) -> tuple[Training, int]:
    """Return a training with one change, and its epoch.

    It begins as late as the experiment's work allows, and not before the last event; a change of
    the start weights or of the inputs begins at epoch 0.
    """
    config = replace(run.config_at(run.epochs), **change)
    data = run.dataset.standardised() if "scaling" in change else run.dataset
    training = Training(config, data)
    if "init" in change or "scaling" in change:
        return training, 0
    known = [event.epoch for event in run.events if event.epoch <= run.epochs]
    first = max([0, run.epochs - int(WORK / epoch_cost(config, data) / 2), *known])
    first = run.checkpoints.before(first)
    training.restore(run.checkpoints.kept[first], first)
    return training, first


def grown_most(run: DivergedRun) -> tuple[int, float, bool]:
    """Return the layer (from 1) whose weights grew most up to the overflow, how much, and whether
    all grew about as much."""
    training = Training(run.config_at(run.epochs), run.dataset)
    P, sizes = len(training.network.theta), training.sizes
    near = run.checkpoints.before(run.epochs)
    training.restore(run.checkpoints.kept[near], near)
    while training.epochs <= run.epochs:
        training.epoch()
    ends = blocks(training.network.theta, sizes)
    starts = blocks(run.checkpoints.kept[0].memory[:P], sizes)
    pairs = zip(starts, ends, strict=True)
    growth = np.array([size(end) / (size(start) or 1.0) for start, end in pairs])
    growth = np.where(np.isnan(growth), np.inf, growth)
    alike = growth.min() > growth.max() / 10 or growth.min() == np.inf
    return int(growth.argmax()) + 1, float(growth.max()), bool(alike)


def size(block: Array) -> float:
    """Return the Frobenius norm of the weights in [W b] (n_out, n_in + 1), without b."""
    return float(np.sqrt(np.square(block[:, :-1]).sum()))
