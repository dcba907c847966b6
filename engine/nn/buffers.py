"""Buffers: arrays in memory, and orders of steps, that a processor works through fast.

The numbers stay the same bit for bit, so a reader of the algorithm can skip this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import prod
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import DTypeLike

from engine.nn.equations import Array, Call, Equation, flatten_steps

CACHE_LINE = 64  # bytes
CACHED = WeakValueDictionary[tuple, Array]()  # constant arrays, as long as a program has them
BLOCK = 2**14  # numbers: half a dozen vectors of them fit the cache of a core


def aligned_full(
    shape: int | tuple[int, ...], dtype: DTypeLike = np.float64, value: float = 0
) -> Array:
    """Return an array of `shape` full of `value` whose first number begins a cache line.

    NumPy's own arrays begin at any multiple of 16 bytes, which makes calls on about 10,000 numbers
    up to a tenth slower.
    """
    size = (shape if isinstance(shape, int) else prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(size + CACHE_LINE, np.uint8)
    first = -raw.__array_interface__["data"][0] % CACHE_LINE
    array = raw[first : first + size].view(dtype).reshape(shape)
    array[...] = value
    return array


def aligned_like(x: Array) -> Array:
    """Return an aligned array with the shape and dtype of `x`, full of zeros."""
    return aligned_full(x.shape, x.dtype)


def cached_constant(value: float, like: Array) -> Array:
    """Return a read-only array with the shape and dtype of `like`, full of `value`; all share it.

    np.maximum and np.minimum are twice as fast with it as with a number.
    """
    key = value, like.shape, like.dtype
    found = CACHED.get(key)
    if found is None:
        found = np.full(like.shape, value, like.dtype)
        found.flags.writeable = False
        CACHED[key] = found
    return found


def scalar_like(value: float, like: Array) -> Array:
    """Return a scalar array, shape (), of the dtype of `like`: faster in a ufunc than a number."""
    return np.array(value, like.dtype)


class Buffers:
    """The results of one layer for one batch: arrays (n_out, n), one column per example."""

    def __init__(self, n_out: int, n: int, dropout: bool, dtype: DTypeLike = np.float64) -> None:
        self.activations_with_bias = aligned_full((n_out + 1, n), dtype, 1)  # a over a row of ones
        self.z = aligned_full((n_out, n), dtype)
        self.a = self.activations_with_bias[:-1]  # with dropout its own array: a before the mask
        self.mask: Array | None = None  # M / (1 - p)
        if dropout:
            self.a, self.mask = aligned_full((n_out, n), dtype), aligned_full((n_out, n), dtype, 1)
        self.slope = aligned_full((n_out, n), dtype)
        self.backprop_buffer = aligned_full((n_out + 1, n), dtype)  # last row: the bias, not used
        self.delta = self.backprop_buffer[:-1]  # dL/dz


def tile_updates(equations: Iterable[Equation]) -> Iterator[Call]:
    """Yield the steps of the equations; those of an optimizer run on one block after another.

    A block stays in the cache from one step to the next; the results are the same bit for bit.
    """
    for P, group in groupby(equations, elementwise_size):
        steps = flatten_steps(group)
        yield from tile_steps(steps, P) if P > BLOCK else steps


def elementwise_size(equation: Equation) -> int:
    """Return how many numbers an optimizer's equation changes one by one; 0 for any other."""
    elementwise = equation.phase == "update" and equation.rule != "max_norm"  # works on rows
    return equation.result.size if elementwise else 0


def tile_steps(steps: Sequence[Call], P: int) -> Iterator[Call]:
    """Yield the steps for each block of their vectors (P,) in turn; one without vectors comes once.

    A vector that is written before it is read keeps no value, so one block of it serves for all.
    """
    kept, scratch = dict[int, Array](), dict[int, Array]()
    for _, (*read, written) in steps:
        kept |= {id(x): x for x in read if is_vector(x, P) and id(x) not in scratch}
        if is_vector(written, P) and id(written) not in kept:
            scratch[id(written)] = written
    for first in range(0, P, BLOCK):
        end = min(first + BLOCK, P)
        block = {key: x[first:end] for key, x in kept.items()}
        block |= {key: x[: end - first] for key, x in scratch.items()}
        for f, operands in steps:
            if first == 0 or not block.keys().isdisjoint(map(id, operands)):
                yield f, tuple(block.get(id(x), x) for x in operands)


def is_vector(x: object, P: int) -> bool:
    """Return whether an operand is an array of shape (P,)."""
    return isinstance(x, np.ndarray) and x.shape == (P,)
