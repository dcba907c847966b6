"""Findings: what a gradient check has measured, and what its numbers say.

Relative errors are judged by the bands of CS231n, "Gradient checks".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.language import marked, tr
from engine.nn import Array, blocks, count_parameters


class Band(NamedTuple):
    """A range of relative errors and what it means."""

    name: str
    below: float
    says: str


BANDS = (
    Band(marked("right"), 1e-7, marked("right")),
    Band(marked("fair"), 1e-4, marked("acceptable only if the loss has kinks here")),
    Band(marked("doubtful"), 1e-2, marked("doubtful")),
    Band(marked("wrong"), np.inf, marked("wrong")),
)


UNCLEAR = Band(marked("unclear"), np.inf, marked("too small to distinguish from rounding errors"))


def band_of(error: float) -> Band:
    """Return the band of a relative error; nan is wrong."""
    return next((one for one in BANDS if error < one.below), BANDS[-1])


class GradientCheckResult(NamedTuple):
    """What a check found; one entry per parameter of theta."""

    h: float
    sizes: tuple[int, ...]
    analytic: Array  # (P,)
    numeric: Array  # (P,) nan where it was not measured
    error: Array  # (P,) |a - n| / max(|a|, |n|), nan if it has no meaning
    kinks: Array  # (P,) True where the loss has a corner within the step
    unclear: Array  # (P,) True where the two differ by no more than rounding at this h explains
    examples: int  # in the batch

    @property
    def worst(self) -> int:
        """The parameter with the largest relative error; -1 if none was measured."""
        return int(np.nanargmax(self.error)) if np.isfinite(self.error).any() else -1

    @property
    def band(self) -> Band:
        """The verdict: the band of the largest relative error; UNCLEAR if there is none."""
        return band_of(float(self.error[self.worst])) if self.worst >= 0 else UNCLEAR

    @property
    def ratio(self) -> float:
        """|g - g'| / (|g| + |g'|) of all derivatives measured away from kinks, one number."""
        return relative_difference(self.analytic, self.numeric, np.isfinite(self.error))

    @property
    def tensors(self) -> dict[str, float]:
        """The same ratio for each of dW1, db1, dW2, ...; nan if nothing was measured."""
        found, seen = {}, np.isfinite(self.error)
        parts = (blocks(one, self.sizes) for one in (self.analytic, self.numeric, seen))
        for l, (a, n, measured) in enumerate(zip(*parts, strict=True), 1):
            found[f"W{l}"] = relative_difference(a[:, :-1], n[:, :-1], measured[:, :-1])
            found[f"b{l}"] = relative_difference(a[:, -1], n[:, -1], measured[:, -1])
        return found

    @property
    def wrong_parts(self) -> list[str]:
        """The names of W1, b1, ... with an error that kinks and rounding do not explain."""
        found = []
        for l, block in enumerate(blocks(self.error, self.sizes), 1):
            for name, part in ((f"W{l}", block[:, :-1]), (f"b{l}", block[:, -1])):
                if (part >= BANDS[1].below).any():
                    found.append(name)
        return found

    @property
    def place(self) -> str:
        """A sentence on where the bug is, from the parts that are wrong; "" if none is."""
        wrong, L = set(self.wrong_parts), len(self.sizes) - 1
        if not wrong:
            return ""
        weights = {f"W{l}" for l in range(1, L + 1)}
        if not wrong & weights:
            return tr("Only biases are wrong: look at the line of ∂b.")
        if wrong <= weights and weights <= wrong:
            return tr("All weights are wrong and all biases are right: look at the penalties.")
        top = max(int(name[1:]) for name in wrong)
        if top == L:
            return tr("The last layer is already wrong: look at the first error term, δᴸ.")
        return tr(
            "Layer {top} is wrong and the layers above are right: look at the way "
            "back from layer {above}, and at the gradient of layer {top}.",
            top=top,
            above=top + 1,
        )


def relative_difference(analytic: Array, numeric: Array, seen: Array) -> float:
    """Return |a - n| / (|a| + |n|) of arrays (P,) where `seen` (P,) is True.

    It is 0 where both vanish, and nan without any.
    """
    a, n = analytic[seen], numeric[seen]
    if not len(a):
        return np.nan
    size = float(np.linalg.norm(a) + np.linalg.norm(n))
    return float(np.linalg.norm(a - n)) / size if size else 0.0


def locate_parameter(sizes: Sequence[int], i: int) -> tuple[str, int, int, int]:
    """Return what theta[i] is: "W" or "b", its layer from 1, its row and column from 0.

    Raises ValueError if there is no parameter i.
    """
    for l, block in enumerate(blocks(np.arange(count_parameters(sizes)), sizes), 1):
        if i <= block[-1, -1]:
            row, column = divmod(i - int(block[0, 0]), block.shape[1])
            return ("b", l, row, 0) if column == block.shape[1] - 1 else ("W", l, row, column)
    raise ValueError(
        tr(
            "There are {parameters} parameters, counted from 0; number {number} was given.",
            parameters=count_parameters(sizes),
            number=i,
        )
    )
