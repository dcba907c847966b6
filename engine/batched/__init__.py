"""Many networks at once: the training of K networks in a few large NumPy calls."""

from engine.batched.evaluator import (
    BatchedEvaluator,
    with_ones,
)
from engine.batched.runs import (
    FIELDS,
    RunGroup,
    Runs,
    group_records,
    group_runs,
    sequential_note,
)
from engine.batched.seed_sweep import (
    MOST_SEEDS,
    Outcome,
    SeedSweep,
    SweepResult,
    with_seeds,
)
from engine.batched.training import (
    train_in_batches,
)

__all__ = [
    "FIELDS",
    "MOST_SEEDS",
    "BatchedEvaluator",
    "Outcome",
    "RunGroup",
    "Runs",
    "SeedSweep",
    "SweepResult",
    "group_records",
    "group_runs",
    "sequential_note",
    "train_in_batches",
    "with_ones",
    "with_seeds",
]
