"""Training: for each epoch, shuffle the examples; for each batch, forward, backward, step.

Goodfellow, Bengio & Courville, Deep Learning, 8.3.1. How batches lie in memory and how dropout
draws its masks is in batches.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.nn import (
    OPTIMIZERS,
    SCHEDULES,
    Array,
    Batch,
    Equation,
    Network,
    PlateauState,
    aligned_full,
    backward,
    count_parameters,
    execute,
    forward,
    gradient_clipping,
    max_norm_constraint,
    penalty_gradient,
    scalar_like,
    tile_updates,
)
from engine.training.batches import Chunk, layout_of, make_chunks, rng_state, set_rng_state
from engine.training.config import Config
from engine.training.output_head import choose_output_head
from engine.training.start_weights import set_start_weights


class State(NamedTuple):
    """The state that cannot be recomputed: parameters, optimizer memory, generators, schedule."""

    memory: Array
    shuffle: tuple[int, int, int]
    dropout: tuple[int, int, int]
    progress: PlateauState


class Training:
    """A network in training: parameters, optimizer memory, generators and the epochs so far."""

    def __init__(self, config: Config, dataset: Dataset) -> None:
        self.output_head = choose_output_head(config, dataset)
        self.sizes = (dataset.d, *config.hidden, self.output_head.K)
        dtype = config.precision
        self.rows = dataset.table("train", dtype)  # (n, d + 1)
        self.y = self.output_head.encode(dataset.answers("train")).astype(dtype)  # (K, n)
        self.weights = self.output_head.weights_of(self.y)  # (1, n) or None
        P = count_parameters(self.sizes)
        self.memory = aligned_full(P + OPTIMIZERS[config.optimizer].memory(P), dtype)
        activations = (*config.layer_activations, self.output_head.output)
        self.network = Network(self.sizes, activations, self.memory[:P])
        seeds = np.random.SeedSequence(config.seed).spawn(3)
        draw, self.shuffle, self.drop = map(np.random.default_rng, seeds)
        set_start_weights(self.network, config, draw)
        self.epochs, self.progress = 0, PlateauState()
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take these choices; parameters and generators stay as they are."""
        self.config, n = config, len(self.rows)
        self.rate = scalar_like(config.learning_rate, self.memory)
        size, self.batch_count = config.batches(n)
        self.layout = layout_of(config, n, self.sizes, self.weights is not None)
        self.shuffled = size < n
        for made in ("chunks", "calls"):
            self.__dict__.pop(made, None)

    @cached_property
    def chunks(self) -> list[tuple[int, Chunk]]:
        """The chunks of an epoch, made when it first trains; each with its first example."""
        step, n = list(tile_updates(self.after_gradient())), len(self.rows)
        chunks = make_chunks(n, self.layout, self.gradient, step)
        if not self.shuffled:
            chunks[0][1].fill(self.rows, self.y, np.arange(n), self.weights)
        return chunks

    @cached_property
    def calls(self) -> int:
        """The NumPy calls of an epoch."""
        step = tile_updates(self.after_gradient())
        return self.batch_count * self.layout.count_calls(self.gradient, step)

    def gradient(self, batch: Batch) -> Iterator[Equation]:
        """Yield the equations forward and backward on one batch."""
        yield from forward(self.network, batch)
        yield from backward(self.network, batch, self.output_head.loss)

    def after_gradient(self) -> Iterator[Equation]:
        """Yield the equations of penalties and step, the same for every batch."""
        config, network, P = self.config, self.network, len(self.network.theta)
        yield from penalty_gradient(network, config.l1, config.l2, config.biases == "frozen")
        if config.clip:
            yield from gradient_clipping(network, config.clip)
        settings = config.optimizer_settings(network.is_weight)
        yield from OPTIMIZERS[config.optimizer].equations(
            network.theta, network.grad, self.memory[P:], self.rate, settings
        )
        if config.max_norm:
            yield from max_norm_constraint(network, config.max_norm)

    def learning_rate(self) -> float:
        """Return the learning rate of the next epoch."""
        config = self.config
        schedule, length = SCHEDULES[config.schedule], config.schedule_length
        factor = schedule(self.epochs, length, config.schedule_factor, self.progress.drops)
        return config.learning_rate * factor

    def begin_epoch(self) -> Array:
        """Set the learning rate of the next epoch; return the order (n,) of its examples."""
        if self.config.schedule != "constant":
            self.rate[()] = self.learning_rate()
        n = len(self.rows)
        return self.shuffle.permutation(n) if self.shuffled else np.arange(n)

    def load_chunk(self, order: Array, first: int, chunk: Chunk) -> None:
        """Give a chunk its examples, order[first:] (n,) as far as it holds, and draw its masks."""
        if self.shuffled or self.config.input_dropout:
            chosen = order[first : first + len(chunk.rows)]
            chunk.fill(self.rows, self.y, chosen, self.weights)
        chunk.draw_dropout_masks(self.drop)

    def epoch(self, observe: Callable[[], None] | None = None) -> float:
        """Train one epoch; return its mean data loss, with masks and while the weights changed."""
        *_, loss = self.epoch_in_chunks(observe)
        return loss

    def epoch_in_chunks(self, observe: Callable[[], None] | None = None) -> Iterator[float]:
        """Train one epoch; yield after each chunk of batches the mean data loss so far.

        `observe` is called after each batch. `epochs` is increased after the last chunk.
        """
        n, total = len(self.rows), 0.0
        order = self.begin_epoch()  # shuffle
        for first, chunk in self.chunks:
            if first:
                yield total / first
            self.load_chunk(order, first, chunk)
            for program in chunk.programs:  # for each batch: forward, backward, step
                execute(program)
                if observe is not None:
                    observe()
            for loss in chunk.losses(self.output_head):
                total += loss
        self.epochs += 1
        if self.config.schedule == "plateau":
            self.progress = self.progress.after(total / n, self.config.schedule_length)
        yield total / n

    def state(self) -> State:
        """Return a copy of all that the next epoch depends on."""
        generators = rng_state(self.shuffle), rng_state(self.drop)
        return State(self.memory.copy(), *generators, self.progress)

    def restore(self, state: State, epochs: int) -> None:
        """Continue from `state`, which was taken after `epochs` epochs."""
        np.copyto(self.memory, state.memory)
        set_rng_state(self.shuffle, state.shuffle)
        set_rng_state(self.drop, state.dropout)
        self.epochs, self.progress = epochs, state.progress
