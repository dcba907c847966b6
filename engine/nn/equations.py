"""Equations: the formulas that people read, each with the NumPy calls that compute it.

Training executes the calls at full speed; a page that explains goes through the same equations one
by one. A step calls f(*operands), and its last operand receives the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from numpy.typing import NDArray

from engine.nn.formula import Formula, Label, Symbol

Array: TypeAlias = NDArray[Any]
Names: TypeAlias = tuple[tuple[Array, Symbol | Label], ...]
Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]  # f(*operands), a plain pair


class Step(NamedTuple):
    """One call f(*operands); the last operand receives the result."""

    f: Callable[..., Any]
    operands: tuple[Any, ...]


class Shown(NamedTuple):
    """The steps of an equation exactly as its formula has them, for a page that shows each number.

    Their result equals that of the equation's own steps but for rounding; training never runs them.
    """

    steps: tuple[Step, ...]
    names: Names = ()


class Equation(NamedTuple):
    """One line of the algorithm: its formula and its steps."""

    phase: str  # forward, loss, backward, penalty or update
    rule: str  # what it computes: affine, slope, gradient ...
    layer: int  # 1 .. L; 0 for the whole network
    formula: Formula
    steps: tuple[Step, ...]
    names: Names = ()  # what arrays in the steps are called
    shown: Callable[[], Shown] | None = None  # the steps of the formula, where training saves some

    @property
    def tex(self) -> str:
        """Return the formula as TeX, for whole layers."""
        return self.formula.tex

    @property
    def result(self) -> Array:
        """Return the array, of any shape, that holds the value after the steps have run."""
        return self.steps[-1].operands[-1]


def flatten_steps(equations: Iterable[Equation]) -> list[Call]:
    """Return every step of the equations in order, as plain pairs for the training loop."""
    return [(step.f, step.operands) for equation in equations for step in equation.steps]


def execute(steps: Iterable[Call]) -> None:
    """Call f(*operands) for each of the steps, in order."""
    for f, operands in steps:
        f(*operands)
