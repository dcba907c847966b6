"""Formulas: an equation as data, from which TeX for whole layers and for one unit is written.

A formula has a left side, a sign and a right side. A side is a tuple of terms: symbols, which stand
for arrays, and TeX that is the same in every form. What is written in two ways, such as a product
element by element, holds both. No other module takes TeX apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias


class Symbol(NamedTuple):
    """What stands for an array: W of layer 2 is W^{(2)}, and one number in it W^{(2)}_{jk}."""

    name: str  # as TeX
    layer: int | str = ""  # "" where it belongs to no layer
    indices: str = ""  # the indices of one number in it: "jk"
    transposed: bool = False
    word: str = ""  # what a program calls it
    always: bool = False  # whether its indices are written for whole layers, too

    def at(self, layer: int | str) -> Symbol:
        """Return the symbol of a layer, as in W^{(2)}."""
        return self._replace(layer=layer)

    def one(self, index: str) -> Symbol:
        """Return the symbol with other indices."""
        return self._replace(indices=index)

    def always_one(self, index: str) -> Symbol:
        """Return the symbol with indices that are written in every form."""
        return self._replace(indices=index, always=True)

    @property
    def T(self) -> Symbol:
        """Return the symbol of the transpose."""
        return self._replace(transposed=True)

    @property
    def tex(self) -> str:
        """Return its TeX, for the whole array."""
        top = r"\top" if self.transposed else ""
        return self.name + (f"^{{({self.layer}){top}}}" if self.layer != "" else top and "^" + top)


class Partial(NamedTuple):
    """The derivative of the loss with respect to an array: dL/dW."""

    of: Terms


class Fraction(NamedTuple):
    """A fraction of plain numbers: 2 / (n K)."""

    top: str
    bottom: tuple[Symbol, ...]
    small: bool = True  # whether it is printed as high as a line


class Forms(NamedTuple):
    """What is written in one way for whole layers and in another for one unit."""

    layers: Terms
    unit: Terms


class Bracket(NamedTuple):
    """Terms in tall brackets, which a matrix stands before."""

    terms: Terms


class Label(NamedTuple):
    """Terms that name one array, and what a program calls it."""

    terms: Terms
    word: str


DERIVATIVE = Symbol(r"\partial")
Terms: TypeAlias = "str | Symbol | Partial | Fraction | Forms | Bracket | Label | tuple[Terms, ...]"
Wrap: TypeAlias = Callable[["Symbol | Partial", str], str]  # (symbol, its TeX) -> TeX


class Formula(NamedTuple):
    """One formula; `also` stands beside it, such as what f is."""

    left: Terms
    sign: str  # "=" or "\\leftarrow"
    right: Terms
    also: tuple[Formula, ...] = ()

    @property
    def tex(self) -> str:
        """Return the TeX for whole layers."""
        return write(self)

    @property
    def parts(self) -> tuple[Formula, ...]:
        """Return the formula and those beside it, each alone."""
        return self._replace(also=()), *self.also


def write(formula: Formula, unit: bool = False, wrap: Wrap = lambda symbol, tex: tex) -> str:
    """Return the TeX of a formula for whole layers or one unit; `wrap` changes that of a symbol."""
    sides = (
        f"{write_terms(one.left, unit, wrap)} {one.sign} {write_terms(one.right, unit, wrap)}"
        for one in formula.parts
    )
    return r", \quad ".join(sides)


def write_terms(terms: Terms, unit: bool = False, wrap: Wrap = lambda symbol, tex: tex) -> str:
    """Return the TeX of terms for whole layers or one unit; `wrap` changes that of a symbol."""
    match terms:
        case str():
            return terms
        case Symbol():
            return wrap(terms, terms.tex) + (
                _subscript(terms.indices) if unit or terms.always else ""
            )
        case Partial():
            return wrap(terms, rf"\frac{{\partial L}}{{\partial {write_terms(terms.of, unit)}}}")
        case Fraction():
            kind, bottom = "t" * terms.small, "".join(one.tex for one in terms.bottom)
            return rf"\{kind}frac{{{terms.top}}}{{{bottom}}}"
        case Forms():
            return write_terms(terms.unit if unit else terms.layers, unit, wrap)
        case Bracket():
            return rf"\left[ {write_terms(terms.terms, unit, wrap)} \right]"
        case Label():
            return write_terms(terms.terms, unit, wrap)
    return "".join(write_terms(one, unit, wrap) for one in terms)


def _subscript(index: str) -> str:
    """Return the TeX of indices below a symbol."""
    return "" if not index else f"_{index}" if len(index) == 1 else f"_{{{index}}}"


def symbols_in(part: Formula | Terms, unit: bool = False) -> Iterator[Symbol]:
    """Yield the symbols of a formula as it is written for whole layers, or for one unit."""
    match part:
        case str():
            return
        case Symbol():
            yield part
        case Formula():
            for one in part.parts:
                yield from symbols_in((one.left, one.right), unit)
        case Partial():
            yield DERIVATIVE
            yield from symbols_in(part.of, unit)
        case Fraction():
            yield from part.bottom
        case Forms():
            yield from symbols_in(part.unit if unit else part.layers, unit)
        case Bracket() | Label():
            yield from symbols_in(part.terms, unit)
        case _:
            for one in part:
                yield from symbols_in(one, unit)


def swap(part: Terms, old: Terms, new: Terms) -> Terms:
    """Return terms with `old` exchanged for `new` wherever it stands."""
    if part == old:
        return new
    match part:
        case Partial(of):
            return Partial(swap(of, old, new))
        case Bracket(terms):
            return Bracket(swap(terms, old, new))
        case Forms(layers, unit):
            return Forms(swap(layers, old, new), swap(unit, old, new))
        case str() | Symbol() | Fraction() | Label():
            return part
    return tuple(swap(one, old, new) for one in part)


def each_symbol(part: Terms, change: Callable[[Symbol], Symbol]) -> Terms:
    """Return terms with every symbol changed."""
    match part:
        case Symbol():
            return change(part)
        case Partial(of):
            return Partial(each_symbol(of, change))
        case Bracket(terms):
            return Bracket(each_symbol(terms, change))
        case Forms(layers, unit):
            return Forms(each_symbol(layers, change), each_symbol(unit, change))
        case Label(terms, word):
            return Label(each_symbol(terms, change), word)
        case str() | Fraction():
            return part
    return tuple(each_symbol(one, change) for one in part)


def transpose(terms: Terms) -> Terms:
    """Return the terms that name the transpose of an array."""
    if isinstance(terms, Symbol) and terms.layer != "":
        return terms.T
    return (terms, Symbol("", transposed=True)) if terms else terms
