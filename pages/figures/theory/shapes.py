"""Formulas with the shape of every matrix beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from engine.nn import Formula, Partial, Symbol, write, write_text

Shapes: TypeAlias = Mapping[str, tuple[int, int]]  # the TeX of a symbol -> rows and columns

LAYERED = {  # rows and columns, by the units of the layer, of the one below, and the examples
    "W": lambda own, below, n: (own, below),
    "b": lambda own, below, n: (own, 1),
    "z": lambda own, below, n: (own, n),
    "a": lambda own, below, n: (own, n),
    r"\tilde a": lambda own, below, n: (own, n),
    r"\delta": lambda own, below, n: (own, n),
    "M": lambda own, below, n: (own, n),
}


def shapes_of(sizes: Sequence[int], n: int) -> dict[str, tuple[int, int]]:
    """Return rows and columns of each symbol of a network of these sizes on n examples."""
    shapes = {
        rf"{letter}^{{({l})}}": shape(sizes[l], sizes[l - 1] if l else 0, n)
        for letter, shape in LAYERED.items()
        for l in range(len(sizes))
    }
    P = sum(own * (below + 1) for below, own in pairwise(sizes))
    return shapes | {"y": (sizes[-1], n), r"\theta": (P, 1), r"\mathbf{1}": (n, 1)}


def with_shapes(formula: Formula, shapes: Shapes) -> str:
    """Return the TeX of a formula with rows x columns below every symbol that has them."""

    def beneath(symbol: Symbol | Partial, tex: str) -> str:
        shape = printed_shape(symbol, shapes)
        if shape is None:
            return tex
        # with space at both sides: else 1 × 10 and 10 × 1 look like 1 × 1010 × 1
        size = rf"\scriptscriptstyle \; {shape[0]} \times {shape[1]} \;"
        return rf"\underset{{{size}}}{{{tex}}}"

    return write(formula, wrap=beneath)


def shapes_text(formula: Formula, shapes: Shapes) -> str:
    """Return the plain text of a formula with [rows × columns] behind what has them."""

    def behind(symbol: Symbol | Partial, text: str) -> str:
        shape = printed_shape(symbol, shapes)
        return text if shape is None else f"{text} [{shape[0]} × {shape[1]}]"

    return write_text(formula, wrap=behind)


def printed_shape(symbol: Symbol | Partial, shapes: Shapes) -> tuple[int, int] | None:
    """Return rows and columns of a symbol's array, None if it has none."""
    of = symbol.of if isinstance(symbol, Partial) else symbol
    if not isinstance(of, Symbol) or (isinstance(symbol, Partial) and of.layer == ""):
        return None
    shape = shapes.get(of._replace(transposed=False).tex)
    return (shape[1], shape[0]) if shape and of.transposed else shape
