"""Batches: the data of an epoch in chunks that fit the cache, and the dropout masks of each batch.

Each batch of a chunk has its own slice of the data; all of them share the buffers of the hidden
layers. This serves speed alone: the algorithm is in training.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from engine.nn import Array, Batch, Call, Equation, batch_of, flatten_steps
from engine.training.config import Config
from engine.training.output_head import OutputHead

CHUNK_BYTES = 2**20  # the cache of a core
CHUNK_BATCHES = 64  # every batch has its own program, which takes time to make
Gradient = Callable[[Batch], Iterable[Equation]]  # the equations forward and backward on a batch


class BatchLayout(NamedTuple):
    """The properties that all batches of a training share."""

    size: int  # examples per batch
    sizes: Sequence[int]  # units per layer, the inputs first
    dropouts: tuple[float, ...]  # share of units that are dropped, for each hidden layer
    input_dropout: float
    weighted: bool  # whether examples have weights
    dtype: str  # float64 or float32

    def count_calls(self, gradient: Gradient, step: Iterable[Call]) -> int:
        """Return the NumPy calls of the program of a batch, counted on one example."""
        (batch,) = Chunk(1, self._replace(size=1)).batches
        return len([*flatten_steps(gradient(batch)), *step])


def layout_of(config: Config, n: int, sizes: Sequence[int], weighted: bool) -> BatchLayout:
    """Return the layout of the batches of `n` examples; `sizes` are the units per layer."""
    size, drop = config.batches(n).size, config.input_dropout
    return BatchLayout(size, sizes, config.layer_dropouts, drop, weighted, config.precision)


def batches_at_once(layout: BatchLayout) -> int:
    """Return how many batches make a chunk: their data, masks and outputs fit the cache."""
    d, *hidden, K = layout.sizes
    masks = sum(units for units, share in zip(hidden, layout.dropouts, strict=True) if share)
    numbers = d + 1 + masks + 3 * K  # y, z and a of the output
    per_example = numbers * np.dtype(layout.dtype).itemsize
    return max(1, min(CHUNK_BATCHES, CHUNK_BYTES // (layout.size * per_example)))


class BatchGroup:
    """The m batches of one size in a chunk, whose data are loaded together."""

    def __init__(self, rows: Array, size: int, layout: BatchLayout) -> None:
        self.rows, m, sizes = rows, len(rows) // size, layout.sizes  # (m size, d + 1)
        self.y = np.empty((m, sizes[-1], size), layout.dtype)
        self.by_output = self.y.transpose(1, 0, 2)  # (K, m, size), the order of the targets
        self.z, self.a = np.empty_like(self.y), np.empty_like(self.y)
        self.weights = np.ones((m, 1, size), layout.dtype) if layout.weighted else None
        self.masked = [l for l, share in enumerate(layout.dropouts) if share]
        self.masks = [np.ones((m, sizes[l + 1], size), layout.dtype) for l in self.masked]
        dropout = [share > 0 for share in layout.dropouts]
        shared = batch_of(rows[:size].T, self.y[0], sizes, dropout)
        self.batches = [self._batch(shared, s, size) for s in range(m)]

    def _batch(self, shared: Batch, s: int, size: int) -> Batch:
        """Return batch s with separate x, y, masks and outputs; everything else is shared."""
        layers = [copy(layer) for layer in shared.layers]
        for l, mask in zip(self.masked, self.masks, strict=True):
            layers[l].mask = mask[s]
        layers[-1].z, layers[-1].a = self.z[s], self.a[s]
        weights = None if self.weights is None else self.weights[s]
        x = self.rows[s * size : (s + 1) * size].T
        return Batch(x, self.y[s], tuple(layers), weights)

    def fill(self, y: Array, weights: Array | None) -> None:
        """Copy the targets y (K, n) and the weights (1, n) of n examples into the batches."""
        m, K, size = self.y.shape
        np.copyto(self.by_output, y.reshape(K, m, size))
        if self.weights is not None and weights is not None:
            np.copyto(self.weights, weights.reshape(m, 1, size))


class Chunk:
    """The batches of `n` examples: full ones, and a smaller last one if any are left."""

    def __init__(self, n: int, layout: BatchLayout) -> None:
        self.rows = np.ones((n, layout.sizes[0] + 1), layout.dtype)
        self.y = np.empty((layout.sizes[-1], n), layout.dtype)
        full = n - n % layout.size
        cuts = [(0, full, layout.size), (full, n, n - full)]
        self.cuts = [(start, end) for start, end, _ in cuts if end > start]
        self.groups = [
            BatchGroup(self.rows[start:end], size, layout)
            for start, end, size in cuts
            if end > start
        ]
        self.masks = [mask for group in self.groups for mask in group.masks]
        shares = [share for _ in self.groups for share in layout.dropouts if share]
        self.masks_by_share = [  # (share, masks of that share)
            (share, [mask for own, mask in zip(shares, self.masks, strict=True) if own == share])
            for share in dict.fromkeys(shares)
        ]
        self.input_dropout = layout.input_dropout
        shape = n, layout.sizes[0]
        self.input_mask = np.ones(shape, layout.dtype) if layout.input_dropout else None
        self.programs = list[list[Call]]()  # of each batch: forward, backward, step

    @property
    def batches(self) -> list[Batch]:
        """Return the batches in the order of training."""
        return [batch for group in self.groups for batch in group.batches]

    def fill(self, rows: Array, y: Array, order: Array, weights: Array | None = None) -> None:
        """Copy the examples `order` (n,) of rows (N, d + 1), y (K, N) and weights (1, N)."""
        rows.take(order, 0, self.rows, "clip")
        y.take(order, 1, self.y, "clip")
        chosen = None if weights is None else weights[:, order]
        for (start, end), group in zip(self.cuts, self.groups, strict=True):
            group.fill(self.y[:, start:end], None if chosen is None else chosen[:, start:end])

    def draw_dropout_masks(self, random: np.random.Generator) -> None:
        """Draw the masks of all batches; masked inputs become 0 in `rows`."""
        if self.input_mask is not None:
            draw_masks(random, [self.input_mask], self.input_dropout)
            self.rows[:, :-1] *= self.input_mask
        for share, masks in self.masks_by_share:
            draw_masks(random, masks, share)

    def losses(self, output_head: OutputHead) -> list[float]:
        """Return the data loss of each group as it was trained, summed over its examples."""
        return [output_head.total(group.z, group.a, group.y) for group in self.groups]

    def dropped_units(self) -> Array:
        """Return which of the h hidden units dropout left out in the last batch: bools (h,).

        They are those of its first example; the result is empty without dropout.
        """
        last = self.groups[-1]
        if not last.masks:
            return np.empty(0)
        dropped = [np.zeros(len(layer.z), bool) for layer in last.batches[-1].layers[:-1]]
        for l, mask in zip(last.masked, last.masks, strict=True):
            dropped[l] = mask[-1, :, 0] == 0
        return np.concatenate(dropped)


def make_chunks(
    n: int, layout: BatchLayout, gradient: Gradient, step: Iterable[Call]
) -> list[tuple[int, Chunk]]:
    """Return the chunks of an epoch over n examples, each after the place of its first example.

    The program of a batch is its gradient and then `step`. Chunks of the same length are one
    object.
    """
    length = layout.size * batches_at_once(layout)
    starts, step = range(0, n, length), [*step]
    lengths = [min(length, n - first) for first in starts]
    chunks = {m: Chunk(m, layout) for m in dict.fromkeys(lengths)}
    for chunk in chunks.values():
        chunk.programs = [[*flatten_steps(gradient(batch)), *step] for batch in chunk.batches]
    return [(first, chunks[m]) for first, m in zip(starts, lengths, strict=True)]


def draw_masks(random: np.random.Generator, masks: Sequence[Array], share: float) -> None:
    """Fill masks of any shape with M / (1 - p), M ~ Bernoulli(1 - p), where p is the share.

    A unit takes two bytes from the generator, or one if p is a multiple of 1/256; p is rounded to
    1/65536. Srivastava et al. (2014), Dropout; scaled in training, so evaluation needs no factor.
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
    """Return the part of a PCG64 generator's state that changes from draw to draw."""
    state = random.bit_generator.state
    return state["state"]["state"], state["has_uint32"], state["uinteger"]


def set_rng_state(random: np.random.Generator, changed: tuple[int, int, int]) -> None:
    """Set a generator to the state that `rng_state` returned."""
    state = dict(random.bit_generator.state)
    state["state"] = {**state["state"], "state": changed[0]}
    state["has_uint32"], state["uinteger"] = changed[1:]
    random.bit_generator.state = state
