"""What can be learned here: data sets by formula, fixed ones, presets, and given start weights."""

from engine.problems.fixed import (
    AS_THEY_ARE,
)
from engine.problems.given_weights import (
    GIVEN_WEIGHTS,
)
from engine.problems.presets import (
    PRESETS,
    adam_run,
    deep_run,
    forty_moons_run,
    full_batch,
    full_batch_unscaled,
    line_run,
    moons_run,
)
from engine.problems.registry import (
    OF_DATA,
    PROBLEMS,
    load,
    load_all,
    load_shared,
    prepare_inputs,
    split_one_fold,
    split_parts,
)
from engine.problems.sample_tables import (
    SAMPLES,
)

__all__ = [
    "AS_THEY_ARE",
    "GIVEN_WEIGHTS",
    "OF_DATA",
    "PRESETS",
    "PROBLEMS",
    "SAMPLES",
    "adam_run",
    "deep_run",
    "forty_moons_run",
    "full_batch",
    "full_batch_unscaled",
    "line_run",
    "load",
    "load_all",
    "load_shared",
    "moons_run",
    "prepare_inputs",
    "split_one_fold",
    "split_parts",
]
