"""Formulas with the shape of every matrix beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from engine.nn import Formula, Partial, Symbol, write

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
    """Rows and columns of each symbol of a network of these sizes on n examples."""
    shapes = {
        rf"{letter}^{{({l})}}": shape(sizes[l], sizes[l - 1] if l else 0, n)
        for letter, shape in LAYERED.items()
        for l in range(len(sizes))
    }
    P = sum(own * (below + 1) for below, own in pairwise(sizes))
    return shapes | {"y": (sizes[-1], n), r"\theta": (P, 1), r"\mathbf{1}": (n, 1)}


def with_shapes(formula: Formula, shapes: Mapping[str, tuple[int, int]]) -> str:
    """Return the TeX of a formula with rows x columns below every symbol that has them."""

    def beneath(symbol: Symbol | Partial, tex: str) -> str:
        of = symbol.of if isinstance(symbol, Partial) else symbol
        if not isinstance(of, Symbol) or of._replace(transposed=False).tex not in shapes:
            return tex
        if isinstance(symbol, Partial) and of.layer == "":
            return tex
        rows, columns = shapes[of._replace(transposed=False).tex]
        if of.transposed:
            rows, columns = columns, rows
        # with room at both sides: 1 × 10 beside 10 × 1 would be read as 1 × 1010 × 1
        return rf"\underset{{\scriptscriptstyle \; {rows} \times {columns} \;}}{{{tex}}}"

    return write(formula, wrap=beneath)
