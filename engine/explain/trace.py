"""The trace: the inputs and the result of each call of a program, to find the source of a number.

An array is recorded as the cells of a buffer. Two views of the same cells have the same addresses,
so the source of a number is the last call that wrote to its address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from engine.language import marked
from engine.nn import Array, Step, Terms, symbols_in, transpose, write_terms


class DependencyRule(NamedTuple):
    """How a result cell of a function depends on its inputs, and how that is printed."""

    kind: str  # each: the same cell; dot: a row and a column; column: a column; whole: all
    form: str  # a message with {0}, {1} for what is read


DEPENDENCY_RULES: dict[str, DependencyRule] = {
    "dot": DependencyRule("dot", ""),
    "add": DependencyRule("each", "{0} + {1}"),
    "subtract": DependencyRule("each", "{0} − {1}"),
    "multiply": DependencyRule("each", "{0} × {1}"),
    "divide": DependencyRule("each", "{0} / {1}"),
    "sqrt": DependencyRule("each", "√{0}"),
    "positive": DependencyRule("each", "{0}"),
    "sign": DependencyRule("each", "sign({0})"),
    "power": DependencyRule("each", "{0}^{1}"),
    "is_positive": DependencyRule("each", marked("1 if {0} > 0, else 0")),
    "exp": DependencyRule("each", "exp({0})"),
    "expm1": DependencyRule("each", "exp({0}) − 1"),
    "tanh": DependencyRule("each", "tanh({0})"),
    "expit": DependencyRule("each", "1 / (1 + exp(−{0}))"),
    "ndtr": DependencyRule("each", "Φ({0})"),
    "logaddexp": DependencyRule("each", "ln(exp({0}) + exp({1}))"),
    "heaviside": DependencyRule("each", marked("1 if {0} > 0, else {1}")),
    "clip": DependencyRule("each", marked("{0}, at least {1}, at most {2}")),
    "maximum_into": DependencyRule("each", "max({0}, {1})"),
    "minimum_into": DependencyRule("each", "min({0}, {1})"),
    "maximum.reduce": DependencyRule("column", marked("the largest of {0}")),
    "gradient_norm": DependencyRule("whole", marked("√ of the sum of the squares of {0}")),
    "clip_factor": DependencyRule("each", "min(1, {1} / {0})"),
    "loss_of_each": DependencyRule("column", marked("the loss of this example")),
    "average": DependencyRule("whole", marked("the mean over the examples")),
    "write_sum_of_squares": DependencyRule(
        "whole", marked("the sum of the squares of all weights")
    ),
    "write_sum_of_absolutes": DependencyRule(
        "whole", marked("the sum of the absolute values of all weights")
    ),
}


class Name(NamedTuple):
    """The name of an array, and the part of the network that it contains."""

    terms: Terms  # "" for an array that is only worked in
    kind: str = ""  # x z a out mask slope delta y W b Wb dW db dWb theta grad ...
    layer: int = 0

    @property
    def symbol(self) -> str:
        """Return the name as TeX, "" if there is none."""
        return write_terms(self.terms)

    @property
    def transposed(self) -> bool:
        """Return whether it names the transpose of an array."""
        return any(one.transposed for one in symbols_in(self.terms))


class View(NamedTuple):
    """The cells of a buffer that an array covers."""

    buffer: int
    first: int  # where in the buffer the first cell lies
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # from cell to cell along each axis


class Operand(NamedTuple):
    """An input of a call: an array, or a plain number if view is -1."""

    view: int
    name: Name
    value: float = 0.0


class Result(NamedTuple):
    """The result of a call."""

    view: int
    name: Name
    cells: Array  # a copy


class Call(NamedTuple):
    """One step that was computed."""

    function: str
    operands: tuple[Operand, ...]
    results: tuple[Result, ...]


class Trace:
    """Runs steps and records them."""

    def __init__(self, names: Iterable[tuple[Array, Name]]) -> None:
        self.names: dict[tuple, Name] = {}
        self.kept: list[Array] = []  # an address stands for an array only while that lives
        self.views: list[View] = []
        self.numbers: dict[tuple, int] = {}  # of views
        self.initial: list[Array] = []  # of each buffer, flat, as it was when first met
        self.written: list[Array] = []  # of each buffer, flat: whether a call wrote there
        self.needed: list[bool] = []  # of each buffer: whether its initial content was read
        self.buffers: dict[int, int] = {}
        for array, name in names:
            self.call(array, name)

    def call(self, array: Array, name: Name) -> None:
        """Call the array, of any shape, by this name from now on."""
        self.kept.append(array)
        self.names[memory_key(array)] = name

    def name_of(self, array: Array) -> Name:
        """Return the name of an array of any shape, or that of what it is the transpose of."""
        address, shape, strides = memory_key(array)
        known = self.names.get((address, shape, strides))
        if known is None and len(shape) == 2:
            other = self.names.get((address, shape[::-1], strides[::-1]))
            return Name("") if other is None else other._replace(terms=transpose(other.terms))
        return known or Name("")

    def view_of(self, array: Array) -> int:
        """Return the number of an array's view, of any shape; a new buffer is copied."""
        key = memory_key(array)
        if key not in self.numbers:
            root = root_of(array)
            cells = cells_in(root, array)
            if id(root) not in self.buffers:
                self.buffers[id(root)] = len(self.initial)
                self.kept.append(root)
                self.initial.append(cells.astype(np.float64))
                self.written.append(np.zeros(cells.size, bool))
                self.needed.append(False)
            first = (key[0] - memory_key(cells)[0]) // array.itemsize
            strides = tuple(stride // array.itemsize for stride in array.strides)
            self.numbers[key] = len(self.views)
            self.views.append(View(self.buffers[id(root)], first, array.shape, strides))
        return self.numbers[key]

    def carry_out(self, step: Step, name: Name | None = None, truth: Array | None = None) -> Call:
        """Return the step as a call, after it has run; its result is then called `name`.

        Where `truth`, of the result's shape, is given, the result is set to it: the same, but to
        the last bit as training has it.
        """
        owner, last = getattr(step.f, "__self__", None), step.operands[-1]
        own = [owner] if isinstance(owner, np.ndarray) else []
        read = flatten_operands([*own, *step.operands[:-1]])
        if isinstance(owner, np.ufunc):  # the other operands of a reduction are options
            read = [one for one in read if isinstance(one, np.ndarray)]
        operands = tuple(self.operand(one) for one in read)
        left = [as_row(one) for one in flatten_operands([last])]
        for one in left:
            self.view_of(one)  # its buffer as it was before
        before = [(one, one.copy()) for one in read if may_change(one, step)]
        step.f(*step.operands)
        if truth is not None:
            last[...] = truth
        if name is not None:
            self.call(last, name)
        left += [one for one, old in before if not np.array_equal(one, old, equal_nan=True)]
        return Call(function_name(step), operands, tuple(self.result(one) for one in left))

    def operand(self, one: Array | float) -> Operand:
        """Return what is read, as it is now."""
        if not isinstance(one, np.ndarray):
            return Operand(-1, Name(""), float(one))
        number = self.view_of(one)
        view = self.views[number]
        self.needed[view.buffer] |= not self.written[view.buffer][cells_of(view)].all()
        return Operand(number, self.name_of(one))

    def result(self, one: Array) -> Result:
        """Return what was left, an array of any shape, as it is now."""
        number = self.view_of(one)
        view = self.views[number]
        self.written[view.buffer][cells_of(view)] = True
        return Result(number, self.name_of(one), one.astype(np.float64))


def function_name(step: Step) -> str:
    """Return what DEPENDENCY_RULES calls the function of a step."""
    owner = getattr(step.f, "__self__", None)
    kind = f"{owner.__name__}." if isinstance(owner, np.ufunc) else ""
    return kind + step.f.__name__


def as_row(array: Array) -> Array:
    """Return the array; for the row (n,) of a matrix of one row, that matrix (1, n)."""
    base = array.base
    if array.ndim == 1 and isinstance(base, np.ndarray) and base.shape == (1, *array.shape):
        return base
    return array  # a batch alone in its group stays as it is


def may_change(one: object, step: Step) -> bool:
    """Return whether a step could change its inputs, too."""
    own_function = not isinstance(step.f, np.ufunc) and not hasattr(step.f, "__self__")
    others = [left for left in flatten_operands([step.operands[-1]]) if left is one]
    return own_function and isinstance(one, np.ndarray) and not others


def flatten_operands(operands: Iterable[Any]) -> list[Any]:
    """Return the operands, with those in tuples."""
    return [one for own in operands for one in (own if isinstance(own, tuple) else (own,))]


def memory_key(array: Array) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Return address, shape and strides in bytes: equal for two views of the same cells."""
    return array.__array_interface__["data"][0], array.shape, array.strides


def root_of(array: Array) -> Array:
    """Return the array, of any shape, that owns the memory of a view."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def cells_in(root: Array, like: Array) -> Array:
    """Return the memory of root as numbers (cells,) of the type of `like`, which shows some."""
    flat_root = root.reshape(-1, order="A")
    if root.dtype == like.dtype:
        return flat_root
    skipped = (
        memory_key(like)[0] - memory_key(root)[0]
    ) % like.itemsize  # bytes that align the numbers
    whole = (flat_root.nbytes - skipped) // like.itemsize * like.itemsize
    return flat_root[skipped : skipped + whole].view(like.dtype)


def cells_of(view: View) -> Array:
    """Return where in its buffer each cell of a view lies, in the shape of the view."""
    place = np.full((), view.first, np.intp)
    for length, stride in zip(view.shape, view.strides, strict=True):
        place = place[..., None] + np.arange(length) * stride
    return place
