"""Features: network inputs made from raw inputs by a formula, such as a square or a product."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from engine.nn import Array


class Feature(NamedTuple):
    """One network input made from the raw inputs: its label, its formula, what it needs."""

    label: str
    formula: Callable[[Array], Array]  # (r, m) -> (m,)
    needs: int  # how many raw inputs there must be


FEATURES = {
    "x1": Feature("x₁", lambda x: x[0], 1),
    "x2": Feature("x₂", lambda x: x[1], 2),
    "x1x1": Feature("x₁²", lambda x: x[0] ** 2, 1),
    "x2x2": Feature("x₂²", lambda x: x[1] ** 2, 2),
    "x1x2": Feature("x₁x₂", lambda x: x[0] * x[1], 2),
    "sinx1": Feature("sin x₁", lambda x: np.sin(x[0]), 1),
    "sinx2": Feature("sin x₂", lambda x: np.sin(x[1]), 2),
}


def compute_features(inputs: Array, features: Sequence[str]) -> Array:
    """Return (d, m) the chosen features of the raw `inputs` (r, m)."""
    x = np.asarray(inputs, dtype=np.float64)
    return np.stack([FEATURES[key].formula(x) for key in features])
