"""Many networks that train together, in a few large calls instead of many small ones.

Seeds, data, learning rates, penalties and widths may differ from network to network. Code that
works column by column (activations, losses) or number by number (optimizers, penalties) is that of
a single network; only the products treat the networks separately. Narrower hidden layers are filled
up with units that stay at zero.

Each network has the start weights, shuffles and masks of a single run of its Config. Its
parameters equal that run's, mostly bit for bit: BLAS may add up in another order if a matrix is a
single row or column, and if the added units make it larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from engine.batched.evaluator import BatchedEvaluator, with_ones
from engine.batched.layers import (
    BatchedNetwork,
    DataFeed,
    copy_parameters,
    forward_steps,
    group_indices,
    per_network,
)
from engine.data import Dataset
from engine.language import tr
from engine.nn import (
    OPTIMIZERS,
    SCHEDULES,
    Array,
    Batch,
    Equation,
    Formula,
    Network,
    Step,
    count_parameters,
    execute,
    penalty_gradient,
    scalar_like,
    tile_updates,
)
from engine.training import (
    CHOICES,
    DEFAULTS,
    Config,
    choose_output_head,
    set_start_weights,
    write_choice,
)

NOT_SHOWN = Formula("", "", "")  # no page shows the equations of many networks
OF_UPDATE = (  # networks that agree in these share an optimizer
    *("learning_rate", "schedule", "schedule_length", "schedule_factor"),
    *("momentum", "convention", "weight_decay"),
)
FREE = (  # may differ from network to network
    *("dataset", "noise", "size", "features", "validation", "test", "folds", "fold", "scaling"),
    *("seed", "data_seed", "init", "init_scale", "start", "l1", "l2", "epochs", *OF_UPDATE),
)
SHARED = (  # must agree
    *("activation", "activations", "output", "loss", "biases", "optimizer", "batch_size"),
    "dropout",
)


class Marked(Network):
    """The part of a network that a penalty reads; is_weight is the factor of each parameter."""

    def __init__(self, theta: Array, grad: Array, marks: Array) -> None:
        self.theta, self.grad, self.marks = theta, grad, marks

    @property
    def is_weight(self) -> Array:
        """Return (K, P): by how much a penalty counts each parameter, 0 for biases."""
        return self.marks


class BatchedTraining:
    """K networks in training: theta and grad are (K, P), one row per network.

    The rows stand in the order of learning rate and momentum; `row[k]` is that of network k.
    """

    def __init__(self, configs: Sequence[Config], datasets: Sequence[Dataset]) -> None:
        """Prepare K networks of one kind.

        Raises ValueError if the networks are of several kinds.
        """
        kinds = {batch_key(config, data) for config, data in zip(configs, datasets, strict=True)}
        if len(kinds) != 1:
            raise ValueError(f"Networks of 1 kind can train together; {len(kinds)} were given.")
        order = sorted(range(len(configs)), key=lambda k: update_settings(configs[k]))
        self.row = np.argsort(order)
        self.configs, self.datasets = [configs[k] for k in order], [datasets[k] for k in order]
        self.config, self.output_head = self.configs[0], choose_output_head(configs[0], datasets[0])
        self.widths = [(datasets[0].d, *one.hidden, self.output_head.K) for one in self.configs]
        self.sizes = tuple(map(max, zip(*self.widths, strict=True)))
        self.activations = (*self.config.layer_activations, self.output_head.output)
        shape = len(configs), count_parameters(self.sizes)
        self.theta, self.grad, self.alive = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.shuffles, self.drops = dict[int, np.random.Generator](), list[np.random.Generator]()
        self.is_weight, self.rates = np.ones(shape), list[tuple[Config, Array]]()
        self.begin()
        self.feed = DataFeed(self.config, self.datasets, self.output_head, self.sizes, self.widths)
        self.feed.fill([np.arange(len(datasets[0].train))] * len(configs))
        self.network = BatchedNetwork(self.sizes, self.activations, self.theta, self.grad)
        tail = list(tile_updates([*self.penalties(), *self.updates()]))
        self.steps = [
            step for batch in self.feed.batches for step in (*self.gradient(batch), *tail)
        ]
        self.epochs = 0
        self.evaluators = dict[str, list[tuple[list[int], BatchedEvaluator]]]()  # by part

    def begin(self) -> None:
        """Make the generators, and write the start weights of each network into its row."""
        for config, sizes, theta, alive in zip(
            self.configs, self.widths, self.theta, self.alive, strict=True
        ):
            seeds = np.random.SeedSequence(config.seed).spawn(3)
            draw, self.shuffles[config.seed], drop = map(np.random.default_rng, seeds)
            self.drops.append(drop)
            own = Network(sizes, self.activations, np.empty(count_parameters(sizes)))
            set_start_weights(own, config, draw)
            copy_parameters(theta, self.sizes, own.theta, sizes)
            copy_parameters(alive, self.sizes, np.ones_like(own.theta), sizes)  # 0 in the filling
        for Wb in BatchedNetwork(self.sizes, self.activations, self.is_weight, self.is_weight).Wb:
            Wb[:, :, -1] = 0

    def gradient(self, batch: Batch) -> Iterator[Step]:
        """Return the forward and backward steps of one batch, to dW and db of each layer."""
        yield from forward_steps(self.network, batch)
        loss, f, K, layers = self.output_head.loss, self.network.f, len(self.theta), batch.layers
        top = layers[-1]
        scale = scalar_like(loss.scale(batch.x.shape[2], self.output_head.K), top.delta)
        yield from loss.error(top.a, batch.y, top.delta)
        yield Step(np.multiply, (top.delta, scale, top.delta))
        if self.output_head.output != loss.canonical:
            yield from f[-1].back(top.z, top.a, top.delta, top.slope)
        for l in range(len(layers) - 1, -1, -1):
            delta = per_network(layers[l].delta, K)
            below = per_network(layers[l - 1].activations_with_bias, K) if l else batch.x
            yield Step(np.matmul, (delta, below.transpose(0, 2, 1), self.network.dWb[l]))
            if l:
                own, W = layers[l - 1], self.network.Wb[l].transpose(0, 2, 1)
                yield Step(np.matmul, (W, delta, per_network(own.backprop_buffer, K)))
                if own.mask is not None:
                    yield Step(np.multiply, (own.delta, own.mask, own.delta))
                yield from f[l - 1].back(own.z, own.a, own.delta, own.slope)

    def penalties(self) -> Iterator[Equation]:
        """Return the equations of the penalties, with the strength of each network."""
        for name in ("l2", "l1"):
            strength = np.array([[getattr(config, name)] for config in self.configs])
            if strength.any():
                marked = Marked(self.theta, self.grad, strength * self.is_weight)
                yield from penalty_gradient(marked, float(name == "l1"), float(name == "l2"), False)
        marked = Marked(self.theta, self.grad, self.is_weight)
        yield from penalty_gradient(marked, 0.0, 0.0, self.config.biases == "frozen")
        if not self.alive.all():  # where f(0) is not 0 the padding could have an effect
            yield Equation(
                "penalty",
                "alive",
                0,
                NOT_SHOWN,
                (Step(np.multiply, (self.grad, self.alive, self.grad)),),
            )

    def updates(self) -> Iterator[Equation]:
        """Return the equations of the optimizers, one for all rows with equal rate and momentum."""
        optimizer, first = OPTIMIZERS[self.config.optimizer], 0
        for _, agreed in groupby(self.configs, update_settings):
            end, config = first + len(list(agreed)), self.configs[first]
            theta, grad, is_weight = (
                flat[first:end].reshape(-1) for flat in (self.theta, self.grad, self.is_weight)
            )
            settings = config.optimizer_settings(is_weight)
            memory = np.zeros(optimizer.memory(len(theta)))
            rate = scalar_like(config.learning_rate, theta)
            self.rates.append((config, rate))
            yield from optimizer.equations(theta, grad, memory, rate, settings)
            first = end

    def advance(self, epochs: int = 1) -> None:
        """Train `epochs` epochs; a network that diverges holds nan and affects no other."""
        n = len(self.datasets[0].train)
        with np.errstate(all="ignore"):
            for _ in range(epochs):
                if self.feed.shuffled:
                    orders = {seed: random.permutation(n) for seed, random in self.shuffles.items()}
                    self.feed.fill([orders[config.seed] for config in self.configs])
                self.feed.draw_masks(self.drops)
                for config, rate in self.rates:
                    rate[()] = config.learning_rate * learning_rate_factor(config, self.epochs)
                execute(self.steps)
                self.epochs += 1

    def parameters(self, k: int) -> Array:
        """Return a copy of theta (P,) of network k, as in a single run of its Config."""
        sizes = self.widths[self.row[k]]
        theta = np.empty(count_parameters(sizes))
        copy_parameters(theta, sizes, self.theta[self.row[k]], self.sizes)
        return theta

    def outputs(self, X: Array) -> Array:
        """Return the outputs (K, outputs, m) of each network for the same examples X (d, m)."""
        y = np.zeros((len(self.theta), self.output_head.K, X.shape[1]))
        evaluator = BatchedEvaluator(
            self.sizes, self.activations, with_ones(X), y, self.output_head
        )
        evaluator.load(self.theta[self.row])
        return np.stack([part.a for part in evaluator.parts])

    def evaluate(self, part: str) -> tuple[Array, Array]:
        """Return data loss and metric (accuracy or R²) of each network on a part, (K,) each."""
        if part not in self.evaluators:
            self.evaluators[part] = self.make_evaluators(part)
        found = np.empty((2, len(self.theta)))
        for rows, evaluator in self.evaluators[part]:
            evaluator.load(self.theta[rows])
            found[:, rows] = evaluator.losses(), evaluator.metrics()
        return found[0, self.row], found[1, self.row]

    def make_evaluators(self, part: str) -> list[tuple[list[int], BatchedEvaluator]]:
        """Return an evaluator for the networks with equally many examples, and their rows."""
        evaluators = []
        for rows in group_indices(len(data.rows(part)) for data in self.datasets):
            own = {id(self.datasets[row]): self.datasets[row].part(part) for row in rows}
            given = [own[id(self.datasets[row])] for row in rows]
            x = np.concatenate([with_ones(X) for X, _ in (given if len(own) > 1 else given[:1])])
            y = np.stack([self.output_head.encode(y) for _, y in given])
            evaluators.append(
                (rows, BatchedEvaluator(self.sizes, self.activations, x, y, self.output_head))
            )
        return evaluators


def update_settings(config: Config) -> tuple:
    """Return the settings that the optimizer reads."""
    return tuple(getattr(config, name) for name in OF_UPDATE)


def learning_rate_factor(config: Config, epochs: int) -> float:
    """Return the factor of the learning rate for the epoch after `epochs` others."""
    schedule = SCHEDULES[config.schedule]
    return schedule(epochs, config.schedule_length, config.schedule_factor, 0)


def unsupported_choices(config: Config) -> list[str]:
    """Return the names of the choices with which networks cannot train together."""
    other = [name for name in CHOICES if name not in (*FREE, *SHARED, "hidden")]
    found = [name for name in other if getattr(config, name) != DEFAULTS[name]]
    return [*found, "schedule"] if config.schedule == "plateau" else found  # it needs the loss


def batch_key(config: Config, dataset: Dataset) -> tuple:
    """Return what networks must have in common to train together.

    Raises ValueError for a choice with which they cannot.
    """
    if other := unsupported_choices(config):
        raise ValueError(
            tr(
                "Networks cannot train together with {label} ({name}) at {value}; "
                "train them one after another.",
                label=tr(CHOICES[other[0]].label),
                name=other[0],
                value=write_choice(getattr(config, other[0])),
            )
        )
    shared = replace(config, hidden=(), **{name: DEFAULTS[name] for name in FREE})
    shape = len(config.hidden), dataset.d, len(dataset.train)
    return shared, choose_output_head(config, dataset), shape


def train_in_batches(
    configs: Sequence[Config], datasets: Sequence[Dataset]
) -> list[tuple[list[int], BatchedTraining]]:
    """Return as few groups as possible, each with the indices of its networks."""
    groups = group_indices(
        batch_key(config, data) for config, data in zip(configs, datasets, strict=True)
    )
    return [
        (own, BatchedTraining([configs[k] for k in own], [datasets[k] for k in own]))
        for own in groups
    ]
