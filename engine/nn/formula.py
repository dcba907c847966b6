"""Formulas: an equation as data, from which TeX and plain text are written.

A formula has a left side, a sign and a right side. A side is a tuple of terms: symbols, which stand
for arrays, commands such as roots and fractions, and signs that are the same in every form. What is
written in two ways, such as a product element by element, holds both. Each formula can be written
for whole layers and for one unit, as TeX and as plain text. No other module takes TeX apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from engine.language import tr


class Symbol(NamedTuple):
    """The symbol of an array: W of layer 2 is W^{(2)}, and one number in it W^{(2)}_{jk}."""

    name: str  # as TeX
    layer: int | str = ""  # "" where it belongs to no layer
    indices: str = ""  # the indices of one number in it: "jk"
    transposed: bool = False
    word: str = ""  # what a program calls it
    always: bool = False  # whether its indices are written for whole layers, too
    letter: str = ""  # its name as plain text, where it has an accent

    def at(self, layer: int | str) -> Symbol:
        """Return the symbol of a layer, as in W^{(2)}."""
        return _at(self, layer)

    def one(self, index: str) -> Symbol:
        """Return the symbol with other indices."""
        return self._replace(indices=index)

    def always_one(self, index: str) -> Symbol:
        """Return the symbol with indices that are written in every form."""
        return self._replace(indices=index, always=True)

    @property
    def T(self) -> Symbol:
        """Return the symbol of the transpose."""
        return _transpose(self)

    @property
    def tex(self) -> str:
        """Return its TeX, for the whole array."""
        top = r"\top" if self.transposed else ""
        return self.name + (f"^{{({self.layer}){top}}}" if self.layer != "" else top and "^" + top)

    @property
    def text(self) -> str:
        """Return its plain text, for the whole array: W⁽²⁾."""
        layer = _raised(f"({self.layer})") if self.layer != "" else ""
        return (self.letter or _signs(self.name)) + layer + "ᵀ" * self.transposed


# A program has the same few symbols in every batch, so each of them is made once.


@cache
def _at(symbol: Symbol, layer: int | str) -> Symbol:
    """Return the symbol of a layer."""
    return symbol._replace(layer=layer)


@cache
def _transpose(symbol: Symbol) -> Symbol:
    """Return the symbol of the transpose."""
    return symbol._replace(transposed=True)


class Partial(NamedTuple):
    """The derivative of the loss with respect to an array: dL/dW."""

    of: Terms


class Fraction(NamedTuple):
    """A fraction of plain numbers: 2 / (n K)."""

    top: str
    bottom: tuple[Symbol, ...]
    small: bool = True  # whether it is printed as high as a line


class Forms(NamedTuple):
    """Terms with one form for whole layers and another form for one unit."""

    layers: Terms
    unit: Terms


class Bracket(NamedTuple):
    """Terms in tall brackets, after a matrix."""

    terms: Terms


class Command(NamedTuple):
    """Terms in a command of TeX, such as a root."""

    tex: str  # with %s for each part
    text: str | Callable[..., str]  # the same in plain text, or what makes it of the parts' text
    parts: tuple[Terms, ...]


class Label(NamedTuple):
    """Terms that name one array, and its name in a program."""

    terms: Terms
    word: str


class Words(NamedTuple):
    """Words in a formula: a message, which is written in the language of the reader."""

    message: str


DERIVATIVE = Symbol(r"\partial")
Terms: TypeAlias = """(
    str | Symbol | Partial | Fraction | Forms | Bracket | Command | Label | Words
    | tuple[Terms, ...]
)"""
Wrap: TypeAlias = Callable[["Symbol | Partial", str], str]  # (symbol, what is written) -> the same


class Formula(NamedTuple):
    """One formula; `also` is a second one next to it, such as the definition of f."""

    left: Terms
    sign: str  # "=" or "\\leftarrow"
    right: Terms
    also: tuple[Formula, ...] = ()

    @property
    def tex(self) -> str:
        """Return the TeX for whole layers."""
        return write(self)

    @property
    def text(self) -> str:
        """Return the plain text for whole layers."""
        return write_text(self)

    @property
    def parts(self) -> tuple[Formula, ...]:
        """Return the formula and those next to it, separately."""
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
        case Command():
            return terms.tex % tuple(write_terms(one, unit, wrap) for one in terms.parts)
        case Label():
            return write_terms(terms.terms, unit, wrap)
        case Words():
            return rf"\text{{{tr(terms.message)}}}"
    return "".join(write_terms(one, unit, wrap) for one in terms)


def _subscript(index: str) -> str:
    """Return the TeX of indices below a symbol."""
    return "" if not index else f"_{index}" if len(index) == 1 else f"_{{{index}}}"


def write_text(formula: Formula, unit: bool = False, wrap: Wrap = lambda symbol, text: text) -> str:
    """Return a formula as plain text, for whole layers or one unit: z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾.

    `wrap` changes the text of a symbol.
    """
    sides = (
        f"{terms_text(one.left, unit, wrap)} {_signs(one.sign)} {terms_text(one.right, unit, wrap)}"
        for one in formula.parts
    )
    return ", ".join(sides)


def terms_text(terms: Terms, unit: bool = False, wrap: Wrap = lambda symbol, text: text) -> str:
    """Return terms as plain text, for whole layers or one unit; `wrap` changes that of a symbol."""
    return " ".join(_text(terms, unit, wrap).split())


def _text(terms: Terms, unit: bool, wrap: Wrap) -> str:
    """Return terms as plain text with the spaces between them as they come."""
    match terms:
        case str():
            return _signs(terms)
        case Symbol():
            shown = terms.indices if unit or terms.always else ""
            return wrap(terms, terms.text) + (_signs(f"_{shown}") if shown else "")
        case Partial():
            return wrap(terms, f"∂L/∂{_text(terms.of, unit, lambda symbol, text: text)}")
        case Fraction():
            return _ratio_text(_signs(terms.top), "".join(one.text for one in terms.bottom))
        case Forms():
            return _text(terms.unit if unit else terms.layers, unit, wrap)
        case Bracket():
            return f"[{_text(terms.terms, unit, wrap)}]"
        case Command():
            parts = tuple(_text(one, unit, wrap).strip() for one in terms.parts)
            return terms.text % parts if isinstance(terms.text, str) else terms.text(*parts)
        case Label():
            return _text(terms.terms, unit, wrap)
        case Words():
            return tr(terms.message)
    return "".join(_text(one, unit, wrap) for one in terms)


# Every TeX command for one sign, and the sign in plain text.
SIGNS = {
    r"\partial": "∂", r"\delta": "δ", r"\theta": "θ", r"\eta": "η", r"\lambda": "λ", r"\mu": "μ",
    r"\beta": "β", r"\rho": "ρ", r"\epsilon": "ε", r"\sigma": "σ", r"\ell": "ℓ", r"\Phi": "Φ",
    r"\pi": "π", r"\sum": "Σ", r"\odot": "⊙", r"\oslash": "⊘", r"\le": "≤", r"\leftarrow": "←",
    r"\ln": "ln", r"\min": "min", r"\max": "max", r"\tanh": "tanh",
    r"\,": " ", r"\;": " ", r"\left": "", r"\right": "",
}  # fmt: skip
SIGN = re.compile(r"\\(?:[a-zA-Z]+|.)")
SMALL, RAISED, LOWERED = "0123456789()lLt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ˡᴸᵗ", "₀₁₂₃₄₅₆₇₈₉"


def _signs(tex: str) -> str:
    """Return the plain text of signs, powers and indices of one digit.

    Raises KeyError if a command is not among SIGNS: what holds terms is a Command.
    """
    text = SIGN.sub(lambda sign: SIGNS[sign[0]], tex)
    text = re.sub(r"\^([\dt])", lambda power: _raised(power[1]), text)
    text = re.sub(r"_(\d)(?!\w)", lambda index: LOWERED[int(index[1])], text)
    return text.replace(" - ", " − ")


def _raised(text: str) -> str:
    """Return text in small raised letters: (2) as ⁽²⁾."""
    return text.translate(str.maketrans(SMALL, RAISED))


def _whole(text: str) -> str:
    """Return plain text, in parentheses if it is a sum."""
    return f"({text})" if " + " in text or " − " in text else text


def ratio(top: Terms, bottom: Terms) -> Command:
    """Return the terms of a fraction."""
    return Command(r"\frac{%s}{%s}", _ratio_text, (top, bottom))


def _ratio_text(top: str, bottom: str) -> str:
    """Return a fraction as plain text; a product below the line gets parentheses."""
    product = len(bottom) > 1 and bottom.isascii() and bottom.isalnum()
    return f"{_whole(top)}/{f'({bottom})' if product else _whole(bottom)}"


def root(*terms: Terms, low: bool = False) -> Command:
    """Return the terms of a square root; `low` prints a sum in it no higher than a line."""
    return Command(r"\sqrt{\textstyle%s}" if low else r"\sqrt{%s}", _root_text, (terms,))


def _root_text(text: str) -> str:
    """Return a root as plain text."""
    return f"√({text})" if " " in text else f"√{text}"


def power(base: Terms, exponent: Terms) -> Command:
    """Return the terms of a power."""
    return Command("%s^{%s}", "%s^(%s)", (base, exponent))


def named(what: Terms, name: Terms) -> Command:
    """Return terms with a brace and a name below them."""
    return Command(r"\underbrace{%s}_{%s}", "%s [%s]", (what, name))


def in_words(message: str) -> Words:
    """Return words in a formula; `message` names them in the catalogues."""
    return Words(message)


def operator(name: str) -> Command:
    """Return the name of a function for which TeX has no command."""
    return Command(r"\operatorname{%s}", "%s", (name,))


def cases(*rows: tuple[Terms, Terms]) -> Command:
    """Return the terms of a case by case: each value and its condition."""
    tex = r"\begin{cases} " + r" \\ ".join(["%s & %s"] * len(rows)) + r" \end{cases}"
    return Command(tex, _cases_text, tuple(term for row in rows for term in row))


def _cases_text(*parts: str) -> str:
    """Return cases as plain text, from each value and its condition in turn."""
    rows = zip(parts[::2], parts[1::2], strict=True)
    return "; ".join(tr("{value} if {condition}", value=one, condition=when) for one, when in rows)


ONES = r"\left[\begin{smallmatrix} %s \\ 1 \end{smallmatrix}\right]"


def with_row_of_ones(terms: Terms) -> Command:
    """Return the terms of a matrix with a row of ones below it, one for each bias."""
    return Command(ONES, "[%s; 1]", (terms,))


def without_ones(part: Terms) -> Terms:
    """Return terms with each matrix named without the row of ones below it."""
    if isinstance(part, Command) and part.tex == ONES:
        return part.parts[0]
    return _changed(part, without_ones)


def symbols_in(part: Formula | Terms, unit: bool = False) -> Iterator[Symbol]:
    """Yield the symbols of a formula as it is written for whole layers, or for one unit."""
    match part:
        case str() | Words():
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
        case Command():
            for one in part.parts:
                yield from symbols_in(one, unit)
        case _:
            for one in part:
                yield from symbols_in(one, unit)


def swap(part: Terms, old: Terms, new: Terms) -> Terms:
    """Return terms with every `old` replaced by `new`."""
    if part == old:
        return new
    return part if isinstance(part, Label) else _changed(part, lambda one: swap(one, old, new))


def each_symbol(part: Terms, change: Callable[[Symbol], Symbol]) -> Terms:
    """Return terms with every symbol changed."""
    if isinstance(part, Symbol):
        return change(part)
    return _changed(part, lambda one: each_symbol(one, change))


def _changed(part: Terms, change: Callable[[Terms], Terms]) -> Terms:
    """Return terms with their direct parts changed."""
    match part:
        case str() | Symbol() | Fraction() | Words():
            return part
        case Partial(of):
            return Partial(change(of))
        case Bracket(terms):
            return Bracket(change(terms))
        case Forms(layers, unit):
            return Forms(change(layers), change(unit))
        case Command(tex, text, parts):
            return Command(tex, text, tuple(change(one) for one in parts))
        case Label(terms, word):
            return Label(change(terms), word)
    return tuple(change(one) for one in part)


def transposed(terms: Terms) -> Command:
    """Return the terms of the transpose of what has no symbol, in tall parentheses."""
    return Command(r"\left( %s \right)^\top", "(%s)ᵀ", (terms,))


def transpose(terms: Terms) -> Terms:
    """Return the terms that name the transpose of an array."""
    if isinstance(terms, Symbol) and terms.layer != "":
        return terms.T
    return (terms, Symbol("", transposed=True)) if terms else terms
