"""Index forms: an equation of the program for one unit and one example, and as a chain rule.

The program's equations are for whole layers. Here j is a unit of its layer, k one of the layer
below, u one of the layer above, r any unit of the same layer, i an example, q one of all
parameters; each letter has only this meaning. Where the program works element by element, the
symbols only get indices; sums over units or examples are written in a new form.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.language import marked
from engine.nn import (
    Bracket,
    Command,
    Equation,
    Formula,
    Partial,
    Symbol,
    Terms,
    each_symbol,
    in_words,
    named,
    power,
    ratio,
    root,
    symbols_in,
    transposed,
)
from engine.nn import symbols as sym

SUM = Symbol(r"\sum")


def unchanged_formula(equation: Equation) -> Formula:
    """Return the formula unchanged, for a rule that works element by element."""
    return equation.formula


def input_of(equation: Equation) -> Symbol:
    """Return the symbol of what the layer of an equation sees: a or its masked form."""
    found = (sym.a.name, sym.a_masked.name)
    return next(one for one in symbols_in(equation.formula.right) if one.name in found)


def affine_unit(equation: Equation) -> Formula:
    """Return the weighted sum of one unit."""
    l, seen = equation.layer, input_of(equation)
    right = (SUM.one("k"), " ", sym.W.at(l), r"\, ", seen.one("ki"), " + ", sym.b.at(l))
    return Formula(sym.z.at(l), "=", right)


def activation_unit(equation: Equation) -> Formula:
    """Return the output of one unit; only softmax depends on all units of the layer."""
    if sym.f_of_one not in symbols_in(equation.formula):
        return equation.formula
    z = sym.z.at(equation.layer)
    share = ratio(power("e", z), (SUM.one("r"), " ", power("e", z.one("ri"))))
    return Formula(sym.a.at(equation.layer), "=", share)


def error_unit(equation: Equation) -> Formula:
    """Return delta of one output unit; behind softmax the errors of all outputs enter it."""
    formula, a = equation.formula, sym.a.at(equation.layer)
    if sym.J.T not in symbols_in(formula) or not isinstance(formula.right, tuple):
        return formula
    inner = next(one for one in formula.right if isinstance(one, Bracket))
    of_all = each_symbol(inner, lambda one: one.one("ri") if one.indices == "ji" else one)
    jacobian = (a.one("ri"), " ([r = j] - ", a, ")")
    return Formula(formula.left, "=", (SUM.one("r"), " ", jacobian, " ", of_all))


def gradient_unit(equation: Equation) -> Formula:
    """Return the derivative of one weight and that of one bias."""
    l, seen = equation.layer, input_of(equation).one("ki")._replace(transposed=False)
    delta = sym.delta.at(l)
    bias = Formula(Partial(sym.b.at(l)), "=", (SUM.one("i"), " ", delta))
    right = (SUM.one("i"), " ", delta, r"\, ", seen)
    return Formula(Partial(sym.W.at(l)), "=", right, (bias,))


def back_unit(equation: Equation) -> Formula:
    """Return the derivative of one output that comes back from the layer above."""
    W, delta = sym.W.at(equation.layer + 1), sym.delta.at(equation.layer + 1)
    right = (SUM.one("u"), " ", W.one("uj"), r"\, ", delta.one("ui"))
    return Formula(equation.formula.left, "=", right)


def clip_unit(equation: Equation) -> Formula:
    """Return the derivative by one parameter, shortened with all others."""
    length = root(SUM.one("q'"), " ", sym.g.one("q'"), "^2", low=True)
    right = (sym.g, r" \min\left(1, ", sym.c_g, r" \,/ ", length, r"\right)")
    return Formula(sym.g, r"\leftarrow", right)


def max_norm_unit(equation: Equation) -> Formula:
    """Return one weight, shortened with all weights into its unit."""
    W = sym.W.at(equation.layer)
    length = root(SUM.one("k'"), " (", W.one("jk'"), ")^2", low=True)
    right = (W, r" \min\left(1, ", sym.c_W, r" \,/ ", length, r"\right)")
    return Formula(W, r"\leftarrow", right)


UNIT_FORMS: dict[tuple[str, str], Callable[[Equation], Formula]] = {
    ("forward", "affine"): affine_unit,
    ("forward", "activation"): activation_unit,
    ("forward", "mask"): unchanged_formula,
    ("loss", "loss"): unchanged_formula,
    ("loss", "penalty"): unchanged_formula,
    ("backward", "error"): error_unit,
    ("backward", "gradient"): gradient_unit,
    ("backward", "back"): back_unit,
    ("backward", "mask"): unchanged_formula,
    ("backward", "slope"): unchanged_formula,
    ("penalty", "l2"): unchanged_formula,
    ("penalty", "l1"): unchanged_formula,
    ("penalty", "frozen"): unchanged_formula,
    ("penalty", "clip"): clip_unit,
    ("update", "velocity"): unchanged_formula,
    ("update", "squares"): unchanged_formula,
    ("update", "spread"): unchanged_formula,
    ("update", "mean"): unchanged_formula,
    ("update", "decay"): unchanged_formula,
    ("update", "step"): unchanged_formula,
    ("update", "max_norm"): max_norm_unit,
}


def unit_form(equation: Equation) -> Formula:
    """Return the formula for one unit and one example, or for one parameter.

    It is written by `write` with unit=True.
    """
    return UNIT_FORMS[equation.phase, equation.rule](equation)


def slope_terms(above: Symbol, below: Symbol) -> Terms:
    """Return the slope of one thing by another."""
    return ratio(*(Command(r"\partial %s", "∂%s", (one,)) for one in (above, below)))


def transposed_slope(above: Symbol, below: Symbol) -> Terms:
    """Return the transposed slope of one thing by another."""
    return transposed(slope_terms(above, below))


def chain_rule(equation: Equation, mixes: bool = False) -> Formula | None:
    """Return the chain rule behind a line of the way back, each factor named; None for others.

    Between layers the factors are matrices and stand in the order in which their shapes fit; within
    a layer they are multiplied element by element. `mixes` is whether the outputs' slopes are a
    matrix J.
    """
    if equation.phase != "backward":
        return None
    masked = sym.a_masked.name in {one.name for one in symbols_in(equation.formula)}
    rule = "mixed" if equation.rule == "error" and mixes else equation.rule
    what, between, first, second = CHAINS[rule](equation.layer, sym.a_masked if masked else sym.a)
    return Formula(Partial(what), "=", (first, between, second))


Chain = tuple[Symbol, Terms, Terms, Terms]  # what is derived by, the sign between, two factors
TIMES, EACH = r"\,", (" ", sym.times, " ")  # a product of matrices; element by element
OF_THE_LOSS, SENT_BACK = in_words(marked("of the loss")), in_words(marked("sent back"))


def chain_of_error(l: int, out: Symbol) -> Chain:
    """Return the chain of delta at the output."""
    z, a = sym.z.at(l), sym.a.at(l)
    steep = named(slope_terms(a, z), ("f'(", z, ")"))
    return z, EACH, named(Partial(a), OF_THE_LOSS), steep


def chain_of_mixed(l: int, out: Symbol) -> Chain:
    """Return the chain behind softmax; for each example, which is a column."""
    z, a = sym.z.at(l), sym.a.at(l)
    return (
        z,
        TIMES,
        named(transposed_slope(a, z), sym.J.T),
        named(Partial(a), OF_THE_LOSS),
    )


def chain_of_gradient(l: int, out: Symbol) -> Chain:
    """Return the chain of the derivative by the weights."""
    z, W = sym.z.at(l), sym.W.at(l)
    below = named(transposed_slope(z, W), out.at(l - 1).T)
    return W, TIMES, named(Partial(z), sym.delta.at(l)), below


def chain_of_back(l: int, out: Symbol) -> Chain:
    """Return the chain through the weights of the layer above."""
    a, z = out.at(l), sym.z.at(l + 1)
    sent = named(transposed_slope(z, a), sym.W.at(l + 1).T)
    return a, TIMES, sent, named(Partial(z), sym.delta.at(l + 1))


def chain_of_mask(l: int, out: Symbol) -> Chain:
    """Return the chain through the mask."""
    a, masked = sym.a.at(l), sym.a_masked.at(l)
    mask = named(slope_terms(masked, a), (sym.M.at(l), " / (1 - ", sym.p, ")"))
    return a, EACH, named(Partial(masked), SENT_BACK), mask


def chain_of_slope(l: int, out: Symbol) -> Chain:
    """Return the chain through the activation."""
    z, a = sym.z.at(l), sym.a.at(l)
    return (
        z,
        EACH,
        named(Partial(a), SENT_BACK),
        named(slope_terms(a, z), ("f'(", z, ")")),
    )


CHAINS: dict[str, Callable[[int, Symbol], Chain]] = {
    "error": chain_of_error,
    "mixed": chain_of_mixed,
    "gradient": chain_of_gradient,
    "back": chain_of_back,
    "mask": chain_of_mask,
    "slope": chain_of_slope,
}
