"""Evidence: what there is to see in a run at one epoch, gathered once for every rule to look at.

All of it is cheap: the records of the run, one forward and backward pass over the training part
(or the first of it), checkpoints that are there already, and the curvature where that is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from engine.config import Config
from engine.divergence import Cause, cause_of
from engine.equations import Array, replay, steps_of
from engine.heads import Head
from engine.measured import measured_steps
from engine.network import Network, blocks
from engine.program import backward, batch_of, forward, penalties
from engine.run import LayerSnapshot, Run, Snapshot

WORK = 20_000_000  # multiplications of a look at the examples, at most
CURVATURE_WORK, TURNS = 200_000, 20  # the same for the curvature; turns of its power iteration
STEP = 1e-4  # from theta to each of two gradients whose difference is H v
SERIES = ("train", "running", "validation")
ALIKE = 0.01  # how far two rows may be apart, of the longer one's length
LOOK_BACK = 100  # epochs that count as recent, at most


class Finding(NamedTuple):
    """What a rule has to say: one thing, the numbers that prove it, and what helps."""

    rule: str  # its name in the registry
    title: str
    evidence: str  # with the threshold that was passed
    remedy: str = ""
    change: Mapping[str, Any] = MappingProxyType({})  # choices of a Config that try the remedy
    anew: bool = False  # whether they help in a new run only, though they could be made in this one


class Evidence(NamedTuple):
    """One epoch of a run; z, a, delta and gradients are those of the examples looked at."""

    epoch: int
    config: Config  # the choices in force
    cause: Cause | None  # of the divergence that ended the run at this epoch
    head: Head
    train: Array  # (epoch + 1,) data loss of the training part after each epoch
    running: Array  # (epoch + 1,) the same while training: with masks, while the weights moved
    validation: Array  # (epoch + 1,) the same of the validation part; nan without one
    chance: float  # loss of the best answer that ignores the inputs
    majority: float  # its metric
    snapshot: Snapshot  # of the examples looked at
    activations: tuple[str, ...]  # of each layer
    features: tuple[str, ...]  # names of the d inputs
    whole: bool  # whether the examples looked at are the whole training part
    pace: tuple[float, ...]  # |change of W| / |W|, summed over an epoch's steps; nan at first
    at_start: tuple[Array, ...]  # a of each hidden layer with the weights of epoch 0
    twins: tuple[Array, ...]  # per hidden layer (units,) True where one started as another did
    edge: float  # learning rate x curvature as a share of what is stable; nan where not measured

    @property
    def record(self) -> np.void:
        """The record of this epoch."""
        return self.snapshot.losses

    @property
    def x(self) -> Array:
        """(d, n) what the network sees of the examples looked at."""
        return self.snapshot.x

    @property
    def y(self) -> Array:
        """(K, n) their targets."""
        return self.snapshot.y

    @property
    def layers(self) -> tuple[LayerSnapshot, ...]:
        return self.snapshot.layers

    @property
    def hidden(self) -> tuple[LayerSnapshot, ...]:
        return self.layers[:-1]

    @property
    def level(self) -> float:
        """A loss to compare losses with: chance, or that of the start where chance is 0."""
        return self.chance or float(self.train[0]) or 1.0

    @property
    def recent(self) -> Array:
        """The training losses of the last half of the run, of 10 to 100 epochs if there are."""
        return self.train[-1 - int(np.clip(self.epoch // 2, 10, LOOK_BACK)) :]

    @property
    def fell(self) -> float:
        """By how much of its level the training loss fell in the recent epochs."""
        return float(self.recent[0] - self.recent[-1]) / self.level


def gather(run: Run, epoch: int) -> Evidence:
    """The evidence of a run at an epoch from 0 to run.epochs."""
    config, examples = run.config_at(epoch), run.dataset.train
    count = max(run.judge.probe, WORK // (6 * len(run.network.theta)))
    snapshot = run.at(epoch, examples[:count])
    chance, majority = run.judge.chance()
    train, running, validation = (run.history.column(name, epoch + 1) for name in SERIES)
    return Evidence(
        epoch=epoch,
        config=config,
        cause=cause_at(run, epoch),
        head=run.task,
        train=train,
        running=running,
        validation=validation,
        chance=chance,
        majority=majority,
        snapshot=snapshot,
        activations=run.network.activations,
        features=run.dataset.features,
        whole=count >= len(examples),
        pace=pace(run, epoch),
        at_start=answers_at_start(run, snapshot.x),
        twins=twins_at_start(run),
        edge=edge(run, config, snapshot.theta),
    )


def cause_at(run: Run, epoch: int) -> Cause | None:
    """Return what made the run diverge after this epoch, None if it did not."""
    if not run.diverged or epoch < run.epochs:
        return None
    return run.cause or cause_of(run)  # a run from a file has the sentence alone


def pace(run: Run, epoch: int) -> tuple[float, ...]:
    """Return, per layer, the sizes of the steps of an epoch, added up, as a share of |W|; or nan.

    It is the way that the weights went, step by step, not how far they got. The epoch is the one
    that follows the last checkpoint before `epoch`, which is quick to train once more.
    """
    if epoch == 0:
        return (np.nan,) * len(run.network.layers)
    found = measured_steps(run, run.checkpoints.before(epoch - 1) + 1)
    return tuple((found.count * found.ratio).tolist())


def start_weights(run: Run) -> list[Array]:
    """[W b] of each layer at epoch 0, (n_out, n_in + 1)."""
    theta = run.checkpoints.kept[0].memory[: len(run.network.theta)]
    return blocks(theta, run.network.sizes)


def answers_at_start(run: Run, a: Array) -> tuple[Array, ...]:
    """What the hidden layers answered to the inputs (d, n) at epoch 0."""
    answers = []
    for Wb, layer in zip(start_weights(run)[:-1], run.network.layers, strict=False):
        a = layer.activation.value(Wb[:, :-1] @ a + Wb[:, -1:])
        answers.append(a)
    return tuple(answers)


def twins_at_start(run: Run) -> tuple[Array, ...]:
    """Per hidden layer (units,): which units had the start weights of another one."""
    starts = start_weights(run)
    return tuple(twins(np.hstack([Wb, above[:, :-1].T])) for Wb, above in pairwise(starts))


def twins(rows: Array) -> Array:
    """(units,) True where a row has another row within ALIKE of the longer one's length."""
    square = np.square(rows).sum(axis=1)
    apart = np.add.outer(square, square) - 2 * (rows @ rows.T)  # |r - s|², (units, units)
    alike = apart <= ALIKE**2 * np.maximum.outer(square, square)
    np.fill_diagonal(alike, False)
    return alike.any(axis=1)


def norm(matrix: Array) -> float:
    return float(np.sqrt(np.square(matrix).sum()))


def edge(run: Run, config: Config, theta: Array) -> float:
    """learning rate x curvature / what is stable, on the whole set: beyond 1 steps overshoot.

    Stable is less than 2, with momentum mu 2 + 2 mu (Goh, Why momentum really works, 2017), with
    Nesterov's (2 + 2 mu) / (1 + 2 mu). nan with small batches, dropout or an adaptive optimizer.
    """
    mu = config.momentum
    stable = {"sgd": 2.0, "momentum": 2 + 2 * mu, "nesterov": (2 + 2 * mu) / (1 + 2 * mu)}
    n = len(run.dataset.train)
    noisy = 0 < config.batch_size < n or any(config.layer_dropouts) or config.input_dropout
    if noisy or config.clip or config.schedule != "constant" or config.optimizer not in stable:
        return np.nan
    if n * len(theta) > CURVATURE_WORK:
        return np.nan
    return config.learning_rate * curvature(run, config, theta) / stable[config.optimizer]


def curvature(run: Run, config: Config, theta: Array) -> float:
    """The largest eigenvalue of the loss's second derivatives, by power iteration.

    H v is taken as the difference of two gradients, so the network is all that is needed.
    """
    data, network = run.dataset, Network(run.network.sizes, run.network.activations, theta.copy())
    X, y = data.part("train")
    y = run.task.encode(y).astype(theta.dtype)
    x = np.vstack([X, np.ones((1, X.shape[1]))]).astype(theta.dtype)
    batch = batch_of(x, y, network.sizes, weights=run.task.weights_of(y))
    steps = steps_of([*forward(network, batch), *backward(network, batch, run.task.loss)])
    steps += steps_of(penalties(network, config.l1, config.l2, config.biases == "frozen"))
    v, value = np.random.default_rng(0).standard_normal(len(theta)), 0.0
    with np.errstate(all="ignore"):
        for _ in range(TURNS):
            v = v / (np.sqrt(v.dot(v)) or 1.0)
            sides = []
            for sign in (1, -1):
                np.copyto(network.theta, theta + sign * STEP * v)
                replay(steps)
                sides.append(network.grad.copy())
            after = (sides[0] - sides[1]) / (2 * STEP)
            value, v = float(v.dot(after)), after
    return value
