"""The worksheet: a small network with numbers, and the quantities that are computed by hand.

Arrays have one column per example, as everywhere in the engine. The tuples of a worksheet have one
row per example, because people write examples as rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.language import many, marked, tr
from engine.nn import Array

Numbers = tuple[float, ...]
Rows = tuple[Numbers, ...]

HIDDEN_ACTIVATIONS = ("sigmoid", "tanh", "relu", "linear")
OUTPUT_PAIRS = (  # the output activation and the loss
    ("linear", "half_mse"),
    ("sigmoid", "half_mse"),
    ("sigmoid", "bce"),
    ("softmax", "ce"),
)
MOST_INPUTS, MOST_HIDDEN, MOST_OUTPUTS, MOST_EXAMPLES = 3, 3, 2, 3
LARGEST = 100.0  # of the numbers of a worksheet
LARGEST_L2 = 1.0


class Quantity(NamedTuple):
    """One quantity of the step: an array of numbers with one symbol."""

    name: str  # z1, delta2, dW1, new_W2 ...
    kind: str  # z, a, loss, delta, dW, db, W or b
    layer: int
    group: str  # the part of the worksheet that contains it
    symbol: str  # in plain text


GROUPS = (marked("Forward"), marked("Error terms"), marked("Gradients"), marked("New weights"))
QUANTITIES: dict[str, Quantity] = {  # in the order of computation
    one.name: one
    for one in (
        Quantity("z1", "z", 1, "Forward", "z⁽¹⁾"),
        Quantity("a1", "a", 1, "Forward", "a⁽¹⁾"),
        Quantity("z2", "z", 2, "Forward", "z⁽²⁾"),
        Quantity("a2", "a", 2, "Forward", "a⁽²⁾"),
        Quantity("loss", "loss", 2, "Forward", "L"),
        Quantity("delta2", "delta", 2, "Error terms", "δ⁽²⁾"),
        Quantity("dW2", "dW", 2, "Gradients", "∂L/∂W⁽²⁾"),
        Quantity("db2", "db", 2, "Gradients", "∂L/∂b⁽²⁾"),
        Quantity("delta1", "delta", 1, "Error terms", "δ⁽¹⁾"),
        Quantity("dW1", "dW", 1, "Gradients", "∂L/∂W⁽¹⁾"),
        Quantity("db1", "db", 1, "Gradients", "∂L/∂b⁽¹⁾"),
        Quantity("new_W2", "W", 2, "New weights", marked("new W⁽²⁾")),
        Quantity("new_b2", "b", 2, "New weights", marked("new b⁽²⁾")),
        Quantity("new_W1", "W", 1, "New weights", marked("new W⁽¹⁾")),
        Quantity("new_b1", "b", 1, "New weights", marked("new b⁽¹⁾")),
    )
}


class Cell(NamedTuple):
    """One number of a quantity: a box of the worksheet."""

    quantity: str
    row: int  # the unit, from 0
    column: int  # the example, or the unit or input below, from 0

    @property
    def key(self) -> str:
        """Return the name of the cell in one word."""
        return f"{self.quantity}.{self.row}.{self.column}"


class Sizes(NamedTuple):
    """How many inputs, hidden units, outputs and examples a worksheet has."""

    inputs: int
    hidden: int
    outputs: int
    examples: int


@dataclass(frozen=True)
class Worksheet:
    """All given numbers of one worksheet; numbers outside the limits raise ValueError."""

    x: Rows  # one row of inputs per example
    y: Rows  # one row of targets per example
    W1: Rows  # one row per hidden unit
    b1: Numbers
    W2: Rows  # one row per output
    b2: Numbers
    activation: str = "sigmoid"  # of the hidden layer
    output: str = "sigmoid"
    loss: str = "half_mse"
    learning_rate: float = 0.5
    l2: float = 0.0

    def __post_init__(self) -> None:
        """Check every number.

        Raises ValueError with one sentence per line for all that is wrong.
        """
        if faults := [*shape_faults(self)] or [*number_faults(self)]:
            raise ValueError("\n".join(faults))

    @property
    def sizes(self) -> Sizes:
        """Return the numbers of inputs, hidden units, outputs and examples."""
        return Sizes(len(self.x[0]), len(self.W1), len(self.W2), len(self.x))

    def shape_of(self, quantity: str) -> tuple[int, int]:
        """Return the rows and columns of a quantity."""
        d, h, K, n = self.sizes
        kind, layer = QUANTITIES[quantity].kind, QUANTITIES[quantity].layer
        units, below = (h, d) if layer == 1 else (K, h)
        if kind == "loss":
            return 1, 1
        columns = {"dW": below, "W": below, "db": 1, "b": 1}.get(kind, n)
        return units, columns

    def cells(self, group: str = "") -> Iterator[Cell]:
        """Yield every cell in the order of computation, or those of one group."""
        for name, one in QUANTITIES.items():
            rows, columns = self.shape_of(name)
            if group in ("", one.group):
                yield from (Cell(name, j, k) for j in range(rows) for k in range(columns))

    def given(self) -> dict[str, Array]:
        """Return the given arrays: a0 (d, n), y (K, n), W1 (h, d), b1 (h, 1), W2 (K, h), b2."""
        return {
            "a0": np.array(self.x).T,
            "y": np.array(self.y).T,
            "W1": np.array(self.W1),
            "b1": np.array(self.b1)[:, None],
            "W2": np.array(self.W2),
            "b2": np.array(self.b2)[:, None],
        }


def shape_faults(sheet: Worksheet) -> Iterator[str]:
    """Yield a sentence for each part of a worksheet that has another size than the others."""
    limits = (
        (tr("examples"), len(sheet.x), MOST_EXAMPLES),
        (tr("inputs"), len(sheet.x[0]) if sheet.x else 0, MOST_INPUTS),
        (tr("hidden units"), len(sheet.W1), MOST_HIDDEN),
        (tr("outputs"), len(sheet.W2), MOST_OUTPUTS),
    )
    wrong = [(name, count, most) for name, count, most in limits if not 1 <= count <= most]
    for name, count, most in wrong:
        yield tr(
            "A worksheet has 1 to {most} {name}; {count} were given.",
            most=most,
            name=name,
            count=count,
        )
    if wrong:
        return
    d, h, K, n = sheet.sizes
    for name, rows, shape in (
        ("x", sheet.x, (n, d)),
        ("y", sheet.y, (n, K)),
        ("W1", sheet.W1, (h, d)),
        ("b1", (sheet.b1,), (1, h)),
        ("W2", sheet.W2, (K, h)),
        ("b2", (sheet.b2,), (1, K)),
    ):
        if (len(rows), *{len(row) for row in rows}) != shape:
            yield tr(
                "{name} must have {rows} × {columns} numbers here.",
                name=name,
                rows=shape[0],
                columns=shape[1],
            )


def number_faults(sheet: Worksheet) -> Iterator[str]:
    """Yield a sentence for each choice or number outside its limits."""
    if sheet.activation not in HIDDEN_ACTIVATIONS:
        yield tr(
            "The activation must be one of {names}.",
            names=", ".join(HIDDEN_ACTIVATIONS),
        )
    if (sheet.output, sheet.loss) not in OUTPUT_PAIRS:
        pairs = ", ".join(
            tr("{output} with {loss}", output=output, loss=loss) for output, loss in OUTPUT_PAIRS
        )
        yield tr("The output and the loss must be one of {pairs}.", pairs=pairs)
    outputs = {"bce": 1, "ce": 2}.get(sheet.loss)
    if outputs and len(sheet.W2) != outputs:
        yield tr(
            "The loss {loss} needs {outputs} here.",
            loss=sheet.loss,
            outputs=many(outputs, "output"),
        )
    for name in ("x", "y", "W1", "W2", "b1", "b2"):
        part = getattr(sheet, name)
        for value in part if name[0] == "b" else (value for row in part for value in row):
            if not (math.isfinite(value) and abs(value) <= LARGEST):
                yield tr(
                    "Each number of {name} must lie between -100 and 100; {value:g} was given.",
                    name=name,
                    value=value,
                )
    if sheet.output != "linear" and any(not 0 <= y <= 1 for row in sheet.y for y in row):
        yield tr(
            "Each target y must lie between 0 and 1 with a {output} output.", output=sheet.output
        )
    if sheet.loss == "ce" and any(abs(sum(row) - 1) > 1e-9 for row in sheet.y):
        yield tr("The targets y of each example must add up to 1 with a softmax output.")
    if not 1e-4 <= sheet.learning_rate <= LARGEST:
        yield tr("The learning rate must lie between 0.0001 and {most:g}.", most=LARGEST)
    if not 0 <= sheet.l2 <= LARGEST_L2:
        yield tr("L2 must lie between 0 and {most:g}.", most=LARGEST_L2)
