"""The formulas of a worksheet: the equations of the program, in the order of the boxes."""

from __future__ import annotations

from engine.nn import LOSSES, TWICE_LAMBDA2, Formula, Partial, Terms
from engine.nn import symbols as sym
from engine.worksheets.computation import Computation
from engine.worksheets.sheet import QUANTITIES, Quantity, Worksheet


def formulas_of(sheet: Worksheet) -> dict[str, tuple[Formula, ...]]:
    """Return the formulas of each quantity; an error term of the hidden layer has two."""
    computation = Computation(sheet)
    return {name: formulas_in(one, computation) for name, one in QUANTITIES.items()}


def formulas_in(quantity: Quantity, computation: Computation) -> tuple[Formula, ...]:
    """Return the formulas of one quantity."""
    sheet, l = computation.sheet, quantity.layer
    if quantity.kind == "loss":
        formula = LOSSES[sheet.loss].formula(2)
        squares = (" + ", sym.lambda2, " ", sym.sum_over_weights, " ", sym.square(sym.W))
        return (with_term(formula, squares) if sheet.l2 else formula,)
    if quantity.kind in ("W", "b"):
        parameter = (sym.W if quantity.kind == "W" else sym.b).at(l)
        step = (parameter, " - ", sym.eta, r"\, ", Partial(parameter))
        return (Formula(parameter, r"\leftarrow", step),)
    formulas = tuple(one.formula for one in computation.equations[quantity.name])
    if quantity.kind == "db":
        return formulas[0].also
    if quantity.kind == "dW":
        alone = formulas[0]._replace(also=())
        pull = (" + ", TWICE_LAMBDA2, " ", sym.W.at(l))
        return (with_term(alone, pull) if sheet.l2 else alone,)
    return formulas


def with_term(formula: Formula, term: Terms) -> Formula:
    """Return the formula with a further term at the end of its right side."""
    return formula._replace(right=(formula.right, term))
