"""Data sets as plain arrays: the examples, their parts, their scaling, features made of inputs."""

from engine.data.dataset import (
    PARTS,
    WORDS,
    Array,
    Dataset,
)
from engine.data.features import (
    FEATURES,
    compute_features,
)

__all__ = [
    "FEATURES",
    "PARTS",
    "WORDS",
    "Array",
    "Dataset",
    "compute_features",
]
