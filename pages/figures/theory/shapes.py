"""Formulas with the shape of every matrix beneath it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

LAYERED = {  # rows and columns, by the units of the layer, of the one below, and the examples
    "W": lambda own, below, n: (own, below),
    "b": lambda own, below, n: (own, 1),
    "z": lambda own, below, n: (own, n),
    "a": lambda own, below, n: (own, n),
    r"\tilde a": lambda own, below, n: (own, n),
    r"\delta": lambda own, below, n: (own, n),
    "M": lambda own, below, n: (own, n),
}
SYMBOL = re.compile(
    r"\\frac\{\\partial L\}\{\\partial (?P<of>(?:\\tilde )?[Wabz]\^\{\(\d+\)\})\}"
    r"|(?P<own>(?<![a-zA-Z\\])(?:\\tilde a|\\delta|[Wbza]|M)\^\{\(\d+\)(?:\\top)?\})"
    r"|(?P<flat>\\theta|(?<![a-zA-Z\\{])y(?![a-zA-Z_])|\\mathbf\{1\})"
)


def shapes_of(sizes: Sequence[int], n: int) -> dict[str, tuple[int, int]]:
    """Rows and columns of each symbol of a network of these sizes on n examples."""
    shapes = {
        rf"{letter}^{{({l})}}": shape(sizes[l], sizes[l - 1] if l else 0, n)
        for letter, shape in LAYERED.items()
        for l in range(len(sizes))
    }
    P = sum(own * (below + 1) for below, own in pairwise(sizes))
    return shapes | {"y": (sizes[-1], n), r"\theta": (P, 1), r"\mathbf{1}": (n, 1)}


def with_shapes(tex: str, shapes: Mapping[str, tuple[int, int]]) -> str:
    """The formula with rows x columns beneath every symbol that has them."""

    def beneath(found: re.Match[str]) -> str:
        symbol = found["of"] or found["own"] or found["flat"]
        plain = symbol.replace(r"\top", "")
        if plain not in shapes:
            return found[0]
        rows, columns = shapes[plain] if plain == symbol else shapes[plain][::-1]
        # with room at both sides: 1 × 10 beside 10 × 1 would be read as 1 × 1010 × 1
        return rf"\underset{{\scriptscriptstyle \; {rows} \times {columns} \;}}{{{found[0]}}}"

    return SYMBOL.sub(beneath, tex)
