"""Many networks at once: the training of K networks in a few large NumPy calls."""

from engine.batched.evaluator import (
    Jury,
    with_ones,
)
from engine.batched.runs import (
    FIELDS,
    Crowd,
    Lot,
    effort,
    lots,
    note_on,
    records_of,
)
from engine.batched.seed_sweep import (
    MOST_SEEDS,
    Cloud,
    Outcome,
    from_seeds,
)
from engine.batched.training import (
    stacks,
)

__all__ = [
    "FIELDS",
    "MOST_SEEDS",
    "Cloud",
    "Crowd",
    "Jury",
    "Lot",
    "Outcome",
    "effort",
    "from_seeds",
    "lots",
    "note_on",
    "records_of",
    "stacks",
    "with_ones",
]
