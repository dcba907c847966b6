"""Training: one epoch after another, by replaying the program of every batch.

The data of an epoch are shuffled into chunks that fit the cache; each batch of a chunk has its own
program on its slice of the data, all of them share the buffers of the hidden layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.nn import (
    INITIALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    Array,
    Batch,
    Equation,
    Network,
    PlateauState,
    Settings,
    aligned_full,
    backward,
    batch_of,
    count_parameters,
    execute,
    flatten_steps,
    forward,
    gradient_clipping,
    max_norm_constraint,
    penalty_gradient,
    scalar_like,
    tile_updates,
)
from engine.training.config import Config
from engine.training.output_head import choose_output_head
from engine.training.start_weights import STARTS

CHUNK_BYTES = 2**20  # the cache of a core
CALL, PRODUCT = 2e-6, 1e-9  # seconds of a NumPy call, and of a product of two numbers, about
CHUNK_BATCHES = 64  # every batch has a program of its own, which takes time to make


class State(NamedTuple):
    """All that cannot be recomputed: parameters, optimizer memory, generators, the schedule's."""

    memory: Array
    shuffle: tuple[int, int, int]
    dropout: tuple[int, int, int]
    progress: PlateauState


class BatchLayout(NamedTuple):
    """What the batches of a training have in common."""

    size: int  # examples per batch
    sizes: Sequence[int]  # units per layer, the inputs first
    shares: tuple[float, ...]  # of each hidden layer's units that are muted
    input_share: float
    weighted: bool  # whether examples count differently
    kind: str  # of number: float64 or float32


def batches_at_once(plan: BatchLayout) -> int:
    """How many batches make a chunk: as many as the cache holds with their masks and outputs."""
    d, *hidden, K = plan.sizes
    masks = sum(units for units, share in zip(hidden, plan.shares, strict=True) if share)
    per_example = (d + 1 + masks + 3 * K) * np.dtype(plan.kind).itemsize  # y, z and a of the output
    return max(1, min(CHUNK_BATCHES, CHUNK_BYTES // (plan.size * per_example)))


class BatchGroup:
    """Batches of one size whose data are fetched together."""

    def __init__(self, rows: Array, size: int, plan: BatchLayout) -> None:
        self.rows, m, sizes = rows, len(rows) // size, plan.sizes  # (m size, d + 1)
        self.y = np.empty((m, sizes[-1], size), plan.kind)
        self.by_output = self.y.transpose(1, 0, 2)  # (K, m, size), as the targets come
        self.z, self.a = np.empty_like(self.y), np.empty_like(self.y)
        self.weights = np.ones((m, 1, size), plan.kind) if plan.weighted else None
        self.masked = [l for l, share in enumerate(plan.shares) if share]
        self.masks = [np.ones((m, sizes[l + 1], size), plan.kind) for l in self.masked]
        dropout = [share > 0 for share in plan.shares]
        shared = batch_of(rows[:size].T, self.y[0], sizes, dropout)
        self.batches = [self.slot(shared, s, size) for s in range(m)]

    def slot(self, shared: Batch, s: int, size: int) -> Batch:
        """Batch s: its own x, y, masks and outputs, everything else shared."""
        layers = [copy(layer) for layer in shared.layers]
        for l, mask in zip(self.masked, self.masks, strict=True):
            layers[l].mask = mask[s]
        layers[-1].z, layers[-1].a = self.z[s], self.a[s]
        weights = None if self.weights is None else self.weights[s]
        x = self.rows[s * size : (s + 1) * size].T
        return Batch(x, self.y[s], tuple(layers), weights)

    def fill(self, y: Array, weights: Array | None) -> None:
        """Nothing; takes the targets y (K, m size) and weights (1, m size) of its batches."""
        m, K, size = self.y.shape
        np.copyto(self.by_output, y.reshape(K, m, size))
        if self.weights is not None and weights is not None:
            np.copyto(self.weights, weights.reshape(m, 1, size))


class Chunk:
    """The batches that `n` examples make: whole ones, and a ragged last one."""

    def __init__(self, n: int, plan: BatchLayout) -> None:
        self.rows = np.ones((n, plan.sizes[0] + 1), plan.kind)
        self.y = np.empty((plan.sizes[-1], n), plan.kind)
        whole = n - n % plan.size
        cuts = [(0, whole, plan.size), (whole, n, n - whole)]
        self.cuts = [(start, end) for start, end, _ in cuts if end > start]
        self.groups = [
            BatchGroup(self.rows[start:end], size, plan) for start, end, size in cuts if end > start
        ]
        self.masks = [mask for group in self.groups for mask in group.masks]
        shares = [share for _ in self.groups for share in plan.shares if share]
        self.drops = [  # (share, masks of that share)
            (share, [mask for own, mask in zip(shares, self.masks, strict=True) if own == share])
            for share in dict.fromkeys(shares)
        ]
        self.input_share = plan.input_share
        self.input_mask = np.ones((n, plan.sizes[0]), plan.kind) if plan.input_share else None
        self.steps: list = []

    def fill(self, rows: Array, y: Array, order: Array, weights: Array | None = None) -> None:
        """Nothing; takes the examples `order` from rows (n, d + 1), y (K, n), weights (1, n)."""
        rows.take(order, 0, self.rows, "clip")
        y.take(order, 1, self.y, "clip")
        own = None if weights is None else weights[:, order]
        for (start, end), group in zip(self.cuts, self.groups, strict=True):
            group.fill(self.y[:, start:end], None if own is None else own[:, start:end])

    def by_batch(self) -> Iterator[list]:
        """Yield the steps of each batch, in the order of training."""
        count = sum(len(group.batches) for group in self.groups)
        length = len(self.steps) // count
        for k in range(count):
            yield self.steps[k * length : (k + 1) * length]

    def draw_dropout_masks(self, random: np.random.Generator) -> None:
        """Nothing; draws what dropout mutes in this epoch. Inputs are muted where they lie."""
        if self.input_mask is not None:
            draw_masks(random, [self.input_mask], self.input_share)
            self.rows[:, :-1] *= self.input_mask
        for share, masks in self.drops:
            draw_masks(random, masks, share)


class Training:
    """A network on its way: parameters, optimizer memory, generators, and the epochs so far."""

    def __init__(self, config: Config, dataset: Dataset) -> None:
        self.output_head = choose_output_head(config, dataset)
        self.sizes = (dataset.d, *config.hidden, self.output_head.K)
        kind = config.precision
        self.rows = dataset.table("train", kind)  # (n, d + 1)
        self.y = self.output_head.encode(dataset.answers("train")).astype(kind)  # (K, n)
        self.weights = self.output_head.weights_of(self.y)  # (1, n) or None
        P = count_parameters(self.sizes)
        self.memory = aligned_full(P + OPTIMIZERS[config.optimizer].memory(P), kind)
        activations = (*config.layer_activations, self.output_head.output)
        self.network = Network(self.sizes, activations, self.memory[:P])
        seeds = np.random.SeedSequence(config.seed).spawn(3)
        draw, self.shuffle, self.drop = map(np.random.default_rng, seeds)
        set_start_weights(self.network, config, draw)
        self.epochs, self.progress = 0, PlateauState()
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Nothing; makes the programs for these choices, parameters and generators go on."""
        self.config = config
        self.rate = scalar_like(config.learning_rate, self.memory)
        n = len(self.rows)
        size = min(config.batch_size or n, n)
        shares, weighted = config.layer_dropouts, self.weights is not None
        plan = BatchLayout(
            size, self.sizes, shares, config.input_dropout, weighted, config.precision
        )
        length = size * batches_at_once(plan)
        starts = range(0, n, length)
        lengths = [min(length, n - first) for first in starts]
        kinds = {m: Chunk(m, plan) for m in dict.fromkeys(lengths)}
        self.chunks = [(first, kinds[m]) for first, m in zip(starts, lengths, strict=True)]
        tail = list(tile_updates(self.after_gradient()))
        for chunk in kinds.values():
            batches_of_chunk = (batch for group in chunk.groups for batch in group.batches)
            for batch in batches_of_chunk:
                chunk.steps += [*flatten_steps(self.gradient(batch)), *tail]
        self.shuffled = size < n
        self.fetched = self.shuffled or config.input_dropout > 0  # in every epoch
        if not self.shuffled:
            self.chunks[0][1].fill(self.rows, self.y, np.arange(n), self.weights)

    def gradient(self, batch: Batch) -> Iterator[Equation]:
        """The equations forward and back on one batch."""
        yield from forward(self.network, batch)
        yield from backward(self.network, batch, self.output_head.loss)

    def after_gradient(self) -> Iterator[Equation]:
        """The equations of penalties and update, the same for every batch."""
        config, network = self.config, self.network
        yield from penalty_gradient(network, config.l1, config.l2, config.biases == "frozen")
        if config.clip:
            yield from gradient_clipping(network, config.clip)
        P = len(network.theta)
        settings = Settings(
            momentum=config.momentum,
            convention=config.convention,
            weight_decay=config.weight_decay,
            decay_mask=network.is_weight,
        )
        yield from OPTIMIZERS[config.optimizer].equations(
            network.theta, network.grad, self.memory[P:], self.rate, settings
        )
        if config.max_norm:
            yield from max_norm_constraint(network, config.max_norm)

    def learning_rate(self) -> float:
        """The learning rate of the next epoch."""
        config = self.config
        length, factor = config.schedule_length, config.schedule_factor
        share = SCHEDULES[config.schedule](self.epochs, length, factor, self.progress.drops)
        return config.learning_rate * share

    def set_rate(self) -> None:
        """Write the learning rate of the next epoch, as its schedule has it, into `rate`."""
        if self.config.schedule != "constant":
            self.rate[()] = self.learning_rate()

    @property
    def batch_count(self) -> int:
        """Return how many batches an epoch has."""
        return sum(len(group.batches) for _, chunk in self.chunks for group in chunk.groups)

    def begin(self) -> Array:
        """(n,) the order of the examples in the next epoch; its learning rate is set."""
        self.set_rate()
        n = len(self.rows)
        return self.shuffle.permutation(n) if self.shuffled else np.arange(n)

    def load_chunk(self, order: Array, first: int, chunk: Chunk) -> None:
        """Nothing; gives a chunk its examples, those from place `first` on, and its masks."""
        if self.fetched:
            own = order[first : first + len(chunk.rows)]
            chunk.fill(self.rows, self.y, own, self.weights)
        chunk.draw_dropout_masks(self.drop)

    def epoch(self, observe: Callable[[], None] | None = None) -> float:
        """Return the data loss seen while training one epoch: with masks, while weights moved.

        `observe` is called after the update of each batch.
        """
        *_, loss = self.parts(observe)
        return loss

    def parts(self, observe: Callable[[], None] | None = None) -> Iterator[float]:
        """Train one epoch chunk by chunk; yield after each the mean data loss so far.

        Whoever iterates may pause between two chunks; `epochs` counts on with the last one.
        """
        n, total = len(self.rows), 0.0
        order = self.begin()
        for first, chunk in self.chunks:
            if first:
                yield total / first
            self.load_chunk(order, first, chunk)
            if observe is None:
                execute(chunk.steps)
            else:
                for steps in chunk.by_batch():
                    execute(steps)
                    observe()
            for group in chunk.groups:
                total += self.output_head.total(group.z, group.a, group.y)
        self.epochs += 1
        if self.config.schedule == "plateau":
            self.progress = self.progress.after(total / n, self.config.schedule_length)
        yield total / n

    @property
    def seconds(self) -> float:
        """Return about how long an epoch takes, estimated before it is trained."""
        calls = sum(len(chunk.steps) for _, chunk in self.chunks)
        return CALL * calls + PRODUCT * 3 * len(self.rows) * len(self.network.theta)

    def muted(self) -> Array:
        """(hidden units,) True where dropout muted a unit for the last batch's first example."""
        last = self.chunks[-1][1].groups[-1]
        if not last.masks:
            return np.empty(0)
        muted = [np.zeros(units, bool) for units in self.sizes[1:-1]]
        for l, mask in zip(last.masked, last.masks, strict=True):
            muted[l] = mask[-1, :, 0] == 0
        return np.concatenate(muted)

    def state(self) -> State:
        """A copy of all that the next epoch depends on."""
        memory = self.memory.copy()
        return State(memory, rng_state(self.shuffle), rng_state(self.drop), self.progress)

    def restore(self, state: State, epochs: int) -> None:
        """Nothing; goes on from `state`, which was taken after `epochs` epochs."""
        np.copyto(self.memory, state.memory)
        set_rng_state(self.shuffle, state.shuffle)
        set_rng_state(self.drop, state.dropout)
        self.epochs, self.progress = epochs, state.progress


def set_start_weights(network: Network, config: Config, draw: np.random.Generator) -> None:
    """Nothing; writes the start weights into the network."""
    given = STARTS[config.start] if config.start else None
    shapes = [layer.W.shape for layer in network.layers]
    if given is not None and weight_shapes(given) != shapes:
        raise ValueError(
            f"The start weights '{config.start}' are for other layers: they need W of the shapes "
            f"{weight_shapes(given)}, this network has {shapes}."
        )
    for l, layer in enumerate(network.layers):
        if given is not None:
            layer.W[...] = np.array(given[l][0])
            layer.b[...] = np.array(given[l][1]).reshape(-1, 1)
        else:
            n_out, n_in = layer.W.shape
            layer.W[...] = INITIALIZERS[config.init](draw, n_out, n_in, config.init_scale)
            layer.b[...] = config.init_scale if config.init == "constant" else 0.0


def weight_shapes(given: Sequence) -> list[tuple[int, ...]]:
    """The shape of each W of explicit start weights."""
    return [np.shape(W) for W, b in given]


def draw_masks(random: np.random.Generator, masks: Sequence[Array], share: float) -> None:
    """Nothing; fills masks with M / (1 - p), M ~ Bernoulli(1 - p), p = share to 1/65536.

    A unit takes two bytes from the generator, or one where that tells p exactly.
    """
    kind = np.uint8 if (share * 256).is_integer() else np.uint16
    total, bits = sum(mask.size for mask in masks), 8 * np.dtype(kind).itemsize
    raw = random.bit_generator.random_raw(-(-total * bits // 64)).view(kind)
    begin, threshold = 0, round(share * 2**bits)
    for mask in masks:
        part = raw[begin : begin + mask.size].reshape(mask.shape)
        np.copyto(mask, part >= threshold)
        mask *= 1 / (1 - share)
        begin += mask.size


def rng_state(random: np.random.Generator) -> tuple[int, int, int]:
    """The part of a PCG64 generator's state that moves."""
    state = random.bit_generator.state
    return state["state"]["state"], state["has_uint32"], state["uinteger"]


def set_rng_state(random: np.random.Generator, moved: tuple[int, int, int]) -> None:
    """Nothing; puts a generator back to where `packed` found it."""
    state = dict(random.bit_generator.state)
    state["state"] = {**state["state"], "state": moved[0]}
    state["has_uint32"], state["uinteger"] = moved[1:]
    random.bit_generator.state = state
