"""What can be learned here: data sets by formula, fixed ones, and presets worth seeing."""

from engine.problems.fixed import (
    AS_THEY_ARE,
)
from engine.problems.presets import (
    PRESETS,
    adam,
    as_it_is,
    deep,
    descent,
    forty,
    moons,
    whole,
)
from engine.problems.registry import (
    OF_DATA,
    PROBLEMS,
    finish,
    folded,
    load,
    load_all,
    parted,
)
from engine.problems.sample_tables import (
    SAMPLES,
)

__all__ = [
    "AS_THEY_ARE",
    "OF_DATA",
    "PRESETS",
    "PROBLEMS",
    "SAMPLES",
    "adam",
    "as_it_is",
    "deep",
    "descent",
    "finish",
    "folded",
    "forty",
    "load",
    "load_all",
    "moons",
    "parted",
    "whole",
]
