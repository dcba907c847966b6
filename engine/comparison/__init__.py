"""Runs side by side: how they differ, forks, alternatives, contrasts for a class."""

from engine.comparison.alternatives import (
    alternatives_of,
)
from engine.comparison.contrasts import (
    PAIRS,
)
from engine.comparison.forks import (
    MOST_RUNS,
    describe_choice,
    differences,
    fork,
    optimizer_race,
    twin,
)

__all__ = [
    "MOST_RUNS",
    "PAIRS",
    "alternatives_of",
    "describe_choice",
    "differences",
    "fork",
    "optimizer_race",
    "twin",
]
