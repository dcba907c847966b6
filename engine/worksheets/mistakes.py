"""All mistakes, and the numbers that they lead to on one worksheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from engine.language import tr
from engine.nn import Array
from engine.worksheets.attempt import Attempt, Mistake
from engine.worksheets.backward_mistakes import DELTA, GRADIENT, UPDATE
from engine.worksheets.forward_mistakes import FORWARD
from engine.worksheets.sheet import QUANTITIES, Worksheet

MISTAKES: tuple[Mistake, ...] = (*FORWARD, *DELTA, *GRADIENT, *UPDATE)
LAYERS = ("⁽⁰⁾", "⁽¹⁾", "⁽²⁾")


@cache
def mistakes_in(quantity: str) -> Mapping[str, Mistake]:
    """Return the mistakes that belong to a quantity, by name."""
    kind = QUANTITIES[quantity].kind
    return {one.name: one for one in MISTAKES if kind in one.kinds or quantity in one.kinds}


def planted_values(
    sheet: Worksheet, numbers: Mapping[str, Array], quantity: str
) -> dict[str, Array]:
    """Return what each mistake makes of a quantity, (rows, columns), from the numbers so far."""
    own, found = Attempt(sheet, numbers, QUANTITIES[quantity]), dict[str, Array]()
    with np.errstate(all="ignore"):
        for name, one in mistakes_in(quantity).items():
            values = one.planted(own)
            if values is not None:
                found[name] = values
    return found


def sentence_of(mistake: str, quantity: str) -> str:
    """Return what the mistake looks like in a quantity, and what to do."""
    one, l = QUANTITIES[quantity], QUANTITIES[quantity].layer
    here, below = LAYERS[l], LAYERS[l - 1]
    return tr(
        mistakes_in(quantity)[mistake].text,
        own=tr(one.symbol),
        W=f"W{here}",
        b=f"b{here}",
        z=f"z{here}",
        a=f"a{here}",
        delta=f"δ{here}",
        z_below=f"z{below}",
        a_below=f"a{below}" if l > 1 else "x",
    )
