"""The words of a worksheet: the names of its boxes, its given numbers, its facts."""

from __future__ import annotations

from math import floor, log10

from engine.language import marked, tr
from engine.worksheets import QUANTITIES, Cell, Worksheet
from pages.figures.base.choice_words import words
from pages.figures.base.text import MINUS, number, subscript
from pages.figures.lessons.worksheet_network import DIGITS, listed_numbers

HINTS = {
    "Forward": marked("From the inputs to the loss."),
    "Error terms": marked("From the loss back to the hidden layer. The factor 1/n is part of δ."),
    "Gradients": marked("How the loss changes with each weight and each bias."),
    "New weights": marked("One step of gradient descent. All weights change together."),
}
NOTES = {  # below a formula
    "db2": marked("For each unit: the sum of δ⁽²⁾ over the examples."),
    "db1": marked("For each unit: the sum of δ⁽¹⁾ over the examples."),
    "delta1": marked("First send δ⁽²⁾ back through W⁽²⁾, then multiply by f'."),
}


def cell_label(sheet: Worksheet, cell: Cell) -> str:
    """Return the name of a box: the symbol with its unit, and its example if there are several."""
    one = QUANTITIES[cell.quantity]
    symbol = tr(one.symbol)
    columns = sheet.shape_of(cell.quantity)[1]
    if one.kind == "loss":
        return symbol
    if one.kind in ("dW", "W"):
        return f"{symbol}{subscript(cell.row + 1)}{subscript(cell.column + 1)}"
    unit = f"{symbol}{subscript(cell.row + 1)}"
    several = one.kind in ("z", "a", "delta") and columns > 1
    return tr("{unit}, example {number}", unit=unit, number=cell.column + 1) if several else unit


def given_table(sheet: Worksheet) -> list[tuple[str, str]]:
    """Return the given numbers as (symbol, numbers): the examples, W and b, the rate, L2."""
    several = sheet.sizes.examples > 1
    examples = [
        (
            tr("Example {number}", number=i) if several else tr("Example"),
            f"x = ({listed_numbers(x)}), y = ({listed_numbers(y)})",
        )
        for i, (x, y) in enumerate(zip(sheet.x, sheet.y, strict=True), 1)
    ]
    rows = [
        *examples,
        (tr("W⁽¹⁾, row by row"), "; ".join(map(listed_numbers, sheet.W1))),
        ("b⁽¹⁾", listed_numbers(sheet.b1)),
        (tr("W⁽²⁾, row by row"), "; ".join(map(listed_numbers, sheet.W2))),
        ("b⁽²⁾", listed_numbers(sheet.b2)),
        (tr("Hidden activation"), words(sheet.activation)),
        (tr("Output activation"), words(sheet.output)),
        (tr("Loss"), words(sheet.loss)),
        (tr("Learning rate η"), number(sheet.learning_rate, DIGITS)),
        (tr("Examples n"), str(sheet.sizes.examples)),
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
