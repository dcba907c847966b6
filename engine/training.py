"""Training: one epoch after another, by replaying the program of every batch.

The data of an epoch are shuffled into chunks that fit the cache; each batch of a chunk has its own
program on its slice of the data, all of them share the buffers of the hidden layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from engine.config import Config
from engine.dataset import Dataset
from engine.equations import Array, Equation, constant, replay, steps_of
from engine.heads import head_of
from engine.initializers import INITIALIZERS
from engine.network import Network, count
from engine.optimizers import OPTIMIZERS
from engine.program import Batch, backward, batch_of, forward, penalties
from engine.starts import STARTS

CHUNK_BYTES, CHUNK_BATCHES = 2**21, 2048


class State(NamedTuple):
    """All that cannot be recomputed: parameters with optimizer memory, and both generators."""

    memory: Array
    shuffle: tuple[int, int, int]
    dropout: tuple[int, int, int]


class Group:
    """Batches of one size whose data are fetched together."""

    def __init__(self, rows: Array, sizes: Sequence[int], size: int, dropout: bool) -> None:
        self.rows, m = rows, len(rows) // size  # (m size, d + 1)
        self.y = np.empty((m, sizes[-1], size))
        self.z, self.a = np.empty_like(self.y), np.empty_like(self.y)
        hidden = sizes[1:-1] if dropout else ()
        self.masks = [np.ones((m, units, size)) for units in hidden]
        shared = batch_of(rows[:size].T, self.y[0], sizes, dropout)
        self.batches = [self.slot(shared, s, size) for s in range(m)]

    def slot(self, shared: Batch, s: int, size: int) -> Batch:
        """Batch s: its own x, y, masks and outputs, everything else shared."""
        layers = [copy(layer) for layer in shared.layers]
        for layer, mask in zip(layers, self.masks, strict=False):
            layer.mask = mask[s]
        layers[-1].z, layers[-1].a = self.z[s], self.a[s]
        return Batch(self.rows[s * size : (s + 1) * size].T, self.y[s], tuple(layers))

    def fill(self, y: Array) -> None:
        """Nothing; takes the targets y (K, m size) of its batches."""
        m, K, size = self.y.shape
        np.copyto(self.y, y.reshape(K, m, size).transpose(1, 0, 2))


class Chunk:
    """The batches that `n` examples make: whole ones, and a ragged last one."""

    def __init__(self, n: int, size: int, sizes: Sequence[int], dropout: bool) -> None:
        self.rows, self.y = np.ones((n, sizes[0] + 1)), np.empty((sizes[-1], n))
        whole = n - n % size
        cuts = [(0, whole, size), (whole, n, n - whole)]
        self.cuts = [(start, end) for start, end, _ in cuts if end > start]
        self.groups = [
            Group(self.rows[start:end], sizes, part, dropout)
            for start, end, part in cuts
            if end > start
        ]
        self.masks = [mask for group in self.groups for mask in group.masks]
        self.steps: list = []

    def fill(self, rows: Array, y: Array, order: Array) -> None:
        """Nothing; takes the examples `order` from rows (n, d + 1) and y (K, n)."""
        rows.take(order, 0, self.rows, "clip")
        y.take(order, 1, self.y, "clip")
        for (start, end), group in zip(self.cuts, self.groups, strict=True):
            group.fill(self.y[:, start:end])


class Training:
    """A network on its way: parameters, optimizer memory, generators, and the epochs so far."""

    def __init__(self, config: Config, dataset: Dataset) -> None:
        self.head = head_of(config, dataset)
        X, y = dataset.part("train")
        self.sizes = (len(X), *config.hidden, self.head.K)
        self.rows = np.hstack([X.T, np.ones((X.shape[1], 1))])  # (n, d + 1)
        self.y = self.head.encode(y)  # (K, n)
        P = count(self.sizes)
        self.memory = np.zeros(P + OPTIMIZERS[config.optimizer].memory(P))
        activations = (*(config.activation for _ in config.hidden), self.head.output)
        self.network = Network(self.sizes, activations, self.memory[:P])
        seeds = np.random.SeedSequence(config.seed).spawn(3)
        draw, self.shuffle, self.drop = map(np.random.default_rng, seeds)
        start(self.network, config, draw)
        self.epochs = 0
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Nothing; makes the programs for these choices, parameters and generators go on."""
        self.config = config
        self.rate = constant(config.learning_rate, self.memory)
        n = len(self.rows)
        size = min(config.batch_size or n, n)
        per_batch = size * self.rows.shape[1] * self.rows.itemsize
        batches = max(1, min(CHUNK_BATCHES, CHUNK_BYTES // per_batch))
        starts = range(0, n, batches * size)
        lengths = [min(batches * size, n - first) for first in starts]
        dropout = config.dropout > 0 and bool(config.hidden)
        kinds = {m: Chunk(m, size, self.sizes, dropout) for m in dict.fromkeys(lengths)}
        self.chunks = [(first, kinds[m]) for first, m in zip(starts, lengths, strict=True)]
        tail = steps_of(self.after_gradient())
        for chunk in kinds.values():
            batches_of_chunk = (batch for group in chunk.groups for batch in group.batches)
            for batch in batches_of_chunk:
                chunk.steps += [*steps_of(self.gradient(batch)), *tail]
        self.shuffled = size < n
        if not self.shuffled:
            self.chunks[0][1].fill(self.rows, self.y, np.arange(n))

    def gradient(self, batch: Batch) -> Iterator[Equation]:
        """The equations forward and back on one batch."""
        yield from forward(self.network, batch)
        yield from backward(self.network, batch, self.head.loss)

    def after_gradient(self) -> Iterator[Equation]:
        """The equations of penalties and update, the same for every batch."""
        config, network = self.config, self.network
        yield from penalties(network, config.l1, config.l2, config.biases == "frozen")
        P = len(network.theta)
        yield from OPTIMIZERS[config.optimizer].equations(
            network.theta, network.grad, self.memory[P:], self.rate, config.momentum
        )

    def epoch(self) -> float:
        """The data loss seen while training one epoch: with masks, while the weights moved."""
        n, total = len(self.rows), 0.0
        order = self.shuffle.permutation(n) if self.shuffled else None
        for first, chunk in self.chunks:
            if order is not None:
                chunk.fill(self.rows, self.y, order[first : first + len(chunk.rows)])
            if chunk.masks:
                draw_masks(self.drop, chunk.masks, self.config.dropout)
            replay(chunk.steps)
            for group in chunk.groups:
                total += self.head.loss.total(group.z, group.a, group.y)
        self.epochs += 1
        return total / n

    def muted(self) -> Array:
        """(hidden units,) True where dropout muted a unit for the last batch's first example."""
        masks = self.chunks[-1][1].groups[-1].masks
        return np.concatenate([mask[-1, :, 0] == 0 for mask in masks]) if masks else np.empty(0)

    def state(self) -> State:
        """A copy of all that the next epoch depends on."""
        return State(self.memory.copy(), packed(self.shuffle), packed(self.drop))

    def restore(self, state: State, epochs: int) -> None:
        """Nothing; goes on from `state`, which was taken after `epochs` epochs."""
        np.copyto(self.memory, state.memory)
        unpack(self.shuffle, state.shuffle)
        unpack(self.drop, state.dropout)
        self.epochs = epochs


def start(network: Network, config: Config, draw: np.random.Generator) -> None:
    """Nothing; writes the start weights into the network."""
    given = STARTS[config.start] if config.start else None
    if given is not None and (shapes(given) != [block.W.shape for block in network.layers]):
        raise ValueError(
            f"The start weights '{config.start}' are for other layers: they need W of the shapes "
            f"{shapes(given)}, this network has {[block.W.shape for block in network.layers]}."
        )
    for l, layer in enumerate(network.layers):
        if given is not None:
            layer.W[...] = np.array(given[l][0])
            layer.b[...] = np.array(given[l][1]).reshape(-1, 1)
        else:
            n_out, n_in = layer.W.shape
            layer.W[...] = INITIALIZERS[config.init](draw, n_out, n_in, config.init_scale)
            layer.b[...] = config.init_scale if config.init == "constant" else 0.0


def shapes(given: Sequence) -> list[tuple[int, ...]]:
    """The shape of each W of explicit start weights."""
    return [np.shape(W) for W, b in given]


def draw_masks(random: np.random.Generator, masks: Sequence[Array], share: float) -> None:
    """Nothing; fills masks with M / (1 - p), M ~ Bernoulli(1 - p), p = share to 1/65536."""
    total = sum(mask.size for mask in masks)
    raw = random.bit_generator.random_raw(-(-total // 4)).view(np.uint16)
    begin = 0
    for mask in masks:
        part = raw[begin : begin + mask.size].reshape(mask.shape)
        np.multiply(part >= round(share * 65536), 1 / (1 - share), out=mask)
        begin += mask.size


def packed(random: np.random.Generator) -> tuple[int, int, int]:
    """The part of a PCG64 generator's state that moves."""
    state = random.bit_generator.state
    return state["state"]["state"], state["has_uint32"], state["uinteger"]


def unpack(random: np.random.Generator, moved: tuple[int, int, int]) -> None:
    """Nothing; puts a generator back to where `packed` found it."""
    state = dict(random.bit_generator.state)
    state["state"] = {**state["state"], "state": moved[0]}
    state["has_uint32"], state["uinteger"] = moved[1:]
    random.bit_generator.state = state
