"""The words of a worksheet: the names of its boxes, its given numbers, its facts."""

from __future__ import annotations

from math import floor, log10

from engine.worksheets import QUANTITIES, Cell, Worksheet
from pages.figures.base.choice_words import words
from pages.figures.base.text import MINUS, number, subscript
from pages.figures.lessons.worksheet_network import DIGITS, listed_numbers

HINTS = {
    "Forward": "From the inputs to the loss.",
    "Error terms": "From the loss back to the hidden layer. The factor 1/n is part of δ.",
    "Gradients": "How the loss changes with each weight and each bias.",
    "New weights": "One step of gradient descent. All weights change together.",
}
NOTES = {  # below a formula
    "db2": "For each unit: the sum of δ⁽²⁾ over the examples.",
    "db1": "For each unit: the sum of δ⁽¹⁾ over the examples.",
    "delta1": "First send δ⁽²⁾ back through W⁽²⁾, then multiply by f'.",
}


def cell_label(sheet: Worksheet, cell: Cell) -> str:
    """Return the name of a box: the symbol with its unit, and its example if there are several."""
    one = QUANTITIES[cell.quantity]
    columns = sheet.shape_of(cell.quantity)[1]
    if one.kind == "loss":
        return one.symbol
    if one.kind in ("dW", "W"):
        return f"{one.symbol}{subscript(cell.row + 1)}{subscript(cell.column + 1)}"
    unit = f"{one.symbol}{subscript(cell.row + 1)}"
    several = one.kind in ("z", "a", "delta") and columns > 1
    return f"{unit}, example {cell.column + 1}" if several else unit


def given_table(sheet: Worksheet) -> list[tuple[str, str]]:
    """Return the given numbers as (symbol, numbers): the examples, W and b, the rate, L2."""
    several = sheet.sizes.examples > 1
    examples = [
        (
            f"Example {i}" if several else "Example",
            f"x = ({listed_numbers(x)}), y = ({listed_numbers(y)})",
        )
        for i, (x, y) in enumerate(zip(sheet.x, sheet.y, strict=True), 1)
    ]
    rows = [
        *examples,
        ("W⁽¹⁾, row by row", "; ".join(map(listed_numbers, sheet.W1))),
        ("b⁽¹⁾", listed_numbers(sheet.b1)),
        ("W⁽²⁾, row by row", "; ".join(map(listed_numbers, sheet.W2))),
        ("b⁽²⁾", listed_numbers(sheet.b2)),
        ("Hidden activation", words(sheet.activation)),
        ("Output activation", words(sheet.output)),
        ("Loss", words(sheet.loss)),
        ("Learning rate η", number(sheet.learning_rate, DIGITS)),
        ("Examples n", str(sheet.sizes.examples)),
    ]
    return [*rows, ("L2, λ₂", number(sheet.l2, DIGITS))] if sheet.l2 else rows


def plain_number(value: float, digits: int = 4) -> str:
    """Return a number with so many significant digits, without a power of ten."""
    size = abs(value)
    if not 1e-8 <= size < 1e8:
        return number(value, digits)
    decimals = max(0, digits - 1 - floor(log10(size)))
    text = f"{size:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS if value < 0 else ''}{text}"
