"""Equations: what people read, and the NumPy calls that carry it out.

Training replays the steps at full speed; a page that explains walks over the same equations one by
one. A step calls f(*operands) and its last operand receives the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.nn.formula import Formula, Label, Symbol

Array: TypeAlias = NDArray[Any]
Names: TypeAlias = tuple[tuple[Array, Symbol | Label], ...]
Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]  # f(*operands), a plain pair

CACHE_LINE = 64  # bytes
FILLED = WeakValueDictionary[tuple, Array]()  # constant arrays, as long as a program has them
BLOCK = 2**14  # numbers: half a dozen vectors of them fit the cache of a core


class Step(NamedTuple):
    """One call: f(*operands), the last operand receives the result."""

    f: Callable[..., Any]
    operands: tuple[Any, ...]


class Shown(NamedTuple):
    """An equation's steps as the formula has them, for whoever looks at each number.

    They leave what the equation's own steps leave, but for rounding; training never runs them.
    """

    steps: tuple[Step, ...]
    names: Names = ()


class Equation(NamedTuple):
    """One line of the algorithm as it is printed, and its steps."""

    phase: str  # forward, loss, backward, penalty or update
    rule: str  # what is done, whatever the layer: affine, slope, gradient ...
    layer: int  # 1 .. L; 0 where it concerns the whole network
    formula: Formula
    steps: tuple[Step, ...]
    names: Names = ()  # what single arrays of the steps are called
    shown: Callable[[], Shown] | None = None  # what people see, where steps save work

    @property
    def tex(self) -> str:
        """Return the formula as TeX, for whole layers."""
        return self.formula.tex

    @property
    def result(self) -> Array:
        """The array that holds the equation's value after its steps have run."""
        return self.steps[-1].operands[-1]


def flatten_steps(equations: Iterable[Equation]) -> list[Call]:
    """Every step of the equations in order, as plain pairs for the training loop."""
    return [(step.f, step.operands) for equation in equations for step in equation.steps]


def tile_updates(equations: Iterable[Equation]) -> Iterator[Call]:
    """The same steps, but an optimizer's, which go number by number, block after block.

    What one step leaves in the cache the next one finds there; the bits are the same.
    """
    for P, own in groupby(equations, elementwise_size):
        steps = flatten_steps(own)
        yield from tile_steps(steps, P) if P > BLOCK else steps


def elementwise_size(equation: Equation) -> int:
    """How many numbers an optimizer's equation goes through one by one; 0 for all others."""
    alone = equation.phase == "update" and equation.rule != "max_norm"  # max-norm goes by rows
    return equation.result.size if alone else 0


def tile_steps(steps: Sequence[Call], P: int) -> Iterator[Call]:
    """The steps on each block of their vectors (P,) in turn; a step without vectors stands once.

    Of a vector that is written before it is read nothing is kept: its first block serves for all.
    """
    kept, scratch = dict[int, Array](), dict[int, Array]()
    for _, (*read, written) in steps:
        kept |= {id(x): x for x in read if is_vector(x, P) and id(x) not in scratch}
        if is_vector(written, P) and id(written) not in kept:
            scratch[id(written)] = written
    for first in range(0, P, BLOCK):
        end = min(first + BLOCK, P)
        own = {key: x[first:end] for key, x in kept.items()}
        own |= {key: x[: end - first] for key, x in scratch.items()}
        for f, operands in steps:
            if first == 0 or not own.keys().isdisjoint(map(id, operands)):
                yield f, tuple(own.get(id(x), x) for x in operands)


def is_vector(x: Any, P: int) -> bool:
    """Whether an operand is an array of P numbers."""
    return isinstance(x, np.ndarray) and x.shape == (P,)


def execute(steps: Iterable[Call]) -> None:
    """Nothing; carries the steps out."""
    for f, operands in steps:
        f(*operands)


def aligned_full(
    shape: int | tuple[int, ...], kind: DTypeLike = np.float64, value: float = 0
) -> Array:
    """An array full of `value` that begins on a cache line, so that no vector of it straddles two.

    NumPy's own begin on any 16 bytes, which costs calls on some 10,000 numbers up to a tenth.
    """
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.empty(size + CACHE_LINE, np.uint8)
    first = -raw.ctypes.data % CACHE_LINE
    array = raw[first : first + size].view(kind).reshape(shape)
    array[...] = value
    return array


def aligned_like(x: Array) -> Array:
    """Room for as many numbers of the same type."""
    return aligned_full(x.shape, x.dtype)


def cached_constant(value: float, like: Array) -> Array:
    """An array of the shape and type of `like`, full of value: one for all that ask, not to write.

    Some ufuncs are twice as quick with it as with a number: np.maximum and np.minimum.
    """
    key = value, like.shape, like.dtype
    found = FILLED.get(key)
    if found is None:
        found = np.full(like.shape, value, like.dtype)
        found.flags.writeable = False
        FILLED[key] = found
    return found


def scalar_like(value: float, like: Array) -> Array:
    """A 0-d array of the type of `like`: a ufunc takes it quicker than a Python number."""
    return np.array(value, like.dtype)
