"""The layers of K networks as one array, and the batches that they process.

Buffers hold the columns of all networks side by side, (units, K n); `per_network` shows the same
numbers as K matrices (K, units, n), as products need them. Parameters are (K, n_out, n_in + 1).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from copy import copy
from itertools import pairwise

import numpy as np

from engine.data import Dataset
from engine.nn import ACTIVATIONS, Array, Batch, Buffers, Step, blocks
from engine.training import BatchLayout, Config, OutputHead, batches_at_once, draw_masks


def per_network(columns: Array, K: int) -> Array:
    """Return a view (K, units, n) of an array (units, K n): one matrix per network."""
    return columns.reshape(len(columns), K, -1).transpose(1, 0, 2)


def copy_parameters(target: Array, sizes: Sequence[int], source: Array, own: Sequence[int]) -> None:
    """Copy the parameters (P,) of a network of sizes `own` into those of a wider one, or back."""
    for into, given in zip(blocks(target, sizes), blocks(source, own), strict=True):
        n_out, n_in = min(len(into), len(given)), min(into.shape[1], given.shape[1]) - 1
        into[:n_out, :n_in] = given[:n_out, :n_in]
        into[:n_out, -1] = given[:n_out, -1]


def group_indices(keys: Iterable[Hashable]) -> list[list[int]]:
    """Return the indices of equal keys together, in the order of their first key."""
    found: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        found.setdefault(key, []).append(i)
    return list(found.values())


class BatchedNetwork:
    """The layers of K networks of the same sizes: views into theta and grad, (K, P) each."""

    def __init__(
        self, sizes: Sequence[int], activations: Sequence[str], theta: Array, grad: Array
    ) -> None:
        self.f = [ACTIVATIONS[name] for name in activations]
        self.Wb, self.dWb = list[Array](), list[Array]()  # of each layer (K, n_out, n_in + 1)
        start = 0
        for n_in, n_out in pairwise(sizes):
            end, shape = start + n_out * (n_in + 1), (len(theta), n_out, n_in + 1)
            self.Wb.append(theta[:, start:end].reshape(shape))
            self.dWb.append(grad[:, start:end].reshape(shape))
            start = end


def forward_steps(network: BatchedNetwork, batch: Batch) -> Iterator[Step]:
    """Return the steps of z and a of each layer; batch.x is (K or 1, d + 1, n)."""
    below = batch.x
    for Wb, f, own in zip(network.Wb, network.f, batch.layers, strict=True):
        yield Step(np.matmul, (Wb, below, per_network(own.z, len(Wb))))
        yield from f.forward(own.z, own.a)
        if own.mask is not None:
            yield Step(np.multiply, (own.a, own.mask, own.activations_with_bias[:-1]))
        below = per_network(own.activations_with_bias, len(Wb))


class StackedBatches:
    """The batches of one size: n examples of every network, cut into m batches."""

    def __init__(self, x: Array, size: int, sizes: Sequence[int], dropout: bool) -> None:
        K, self.n = x.shape[:2]
        self.K, self.m = K, self.n // size
        self.y = np.empty((self.m, sizes[-1], K * size))
        hidden = sizes[1:-1] if dropout else ()
        self.masks = [np.zeros((self.m, units, K * size)) for units in hidden]
        shared = [Buffers(units, K * size, dropout) for units in sizes[1:-1]]
        shared.append(Buffers(sizes[-1], K * size, False))
        self.batches = [
            Batch(
                x[:, s * size : (s + 1) * size].transpose(0, 2, 1), self.y[s], self.slot(shared, s)
            )
            for s in range(self.m)
        ]

    def slot(self, shared: Sequence[Buffers], s: int) -> tuple[Buffers, ...]:
        """Return the buffers of batch s: separate masks, everything else shared."""
        layers = [copy(layer) for layer in shared]
        for layer, mask in zip(layers, self.masks, strict=False):
            layer.mask = mask[s]
        return tuple(layers)

    def fill(self, rows: Sequence[int], y: Array) -> None:
        """Copy the targets y (outputs, n) into the batches of the networks in these rows."""
        outputs = len(y)
        own = y.reshape(outputs, self.m, 1, -1).transpose(1, 0, 2, 3)
        self.y.reshape(self.m, outputs, self.K, -1)[:, :, rows] = own

    def masks_of(self, row: int, widths: Sequence[int], cut: slice) -> list[Array]:
        """Return the masks (batches, units, size) of one network in some batches, per layer."""
        by_network = [mask.reshape(*mask.shape[:2], self.K, -1) for mask in self.masks]
        return [mask[cut, :units, row] for mask, units in zip(by_network, widths, strict=True)]


class DataFeed:
    """The batches of one epoch for K networks, each with separate data and order."""

    def __init__(
        self,
        config: Config,
        datasets: Sequence[Dataset],
        head: OutputHead,
        sizes: Sequence[int],
        widths: Sequence[Sequence[int]],
    ) -> None:
        self.widths = widths  # of each network by itself; sizes are those of all together
        K, n = len(datasets), len(datasets[0].train)
        size = config.batches(n).size
        self.x, self.shuffled = np.empty((K, n, sizes[0] + 1)), size < n
        self.share = config.dropout if len(sizes) > 2 else 0.0
        self.sources = list[tuple[list[int], Array, Array]]()  # members, (n, d + 1), (outputs, n)
        for rows in group_indices(map(id, datasets)):
            own = datasets[rows[0]]
            self.sources.append((rows, own.table("train"), head.encode(own.answers("train"))))
        whole = n - n % size
        self.lots = [StackedBatches(self.x[:, :whole], size, sizes, self.share > 0)]
        if whole < n:
            self.lots.append(StackedBatches(self.x[:, whole:], n - whole, sizes, self.share > 0))
        self.batches = [batch for lot in self.lots for batch in lot.batches]
        shares = (self.share,) * (len(sizes) - 2)
        plans = [BatchLayout(size, own, shares, 0.0, False, "float64") for own in widths]
        self.at_once = list(map(batches_at_once, plans))

    def fill(self, orders: Sequence[Array]) -> None:
        """Copy the examples of an epoch, in the order (n,) of each network, into the batches."""
        for rows, x, y in self.sources:
            for same in group_indices(id(orders[row]) for row in rows):
                members = [rows[i] for i in same]
                order, start = orders[members[0]], 0
                self.x[members] = x[order]
                for lot in self.lots:
                    lot.fill(members, y[:, order[start : start + lot.n]])
                    start += lot.n

    def draw_masks(self, drops: Sequence[np.random.Generator]) -> None:
        """Draw the masks of an epoch, chunk by chunk as a single run draws them."""
        if not self.share:
            return
        m = self.lots[0].m
        for row, (random, sizes, chunk) in enumerate(
            zip(drops, self.widths, self.at_once, strict=True)
        ):
            for first in range(0, len(self.batches), chunk):
                own = self.lots[0].masks_of(row, sizes[1:-1], slice(first, min(first + chunk, m)))
                if first + chunk > m and len(self.lots) > 1:
                    own += self.lots[1].masks_of(row, sizes[1:-1], slice(None))
                draw_masks(random, own, self.share)
