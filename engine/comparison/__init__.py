"""Runs side by side: differences, forks, alternatives, contrasts for a class, measures."""

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
from engine.comparison.measures import (
    dead_share,
    delta_ratio,
    first_output,
    first_weight,
    highest_weight,
    kept_loss,
    largest_distance_from_half,
    loss_over_first,
    loss_over_lowest,
    part_outputs,
    rare_class_recall,
    recorded,
    row_difference,
    saturated_share,
    scaled_output_delta,
    steps_per_epoch,
    weight_norm,
)

__all__ = [
    "MOST_RUNS",
    "PAIRS",
    "alternatives_of",
    "dead_share",
    "delta_ratio",
    "describe_choice",
    "differences",
    "first_output",
    "first_weight",
    "fork",
    "highest_weight",
    "kept_loss",
    "largest_distance_from_half",
    "loss_over_first",
    "loss_over_lowest",
    "optimizer_race",
    "part_outputs",
    "rare_class_recall",
    "recorded",
    "row_difference",
    "saturated_share",
    "scaled_output_delta",
    "steps_per_epoch",
    "twin",
    "weight_norm",
]
