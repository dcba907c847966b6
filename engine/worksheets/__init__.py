"""Worksheets: a small network to compute by hand, and the likely mistake in each number."""

from engine.worksheets.computation import (
    Computation,
    right_values,
)
from engine.worksheets.formulas import (
    formulas_of,
)
from engine.worksheets.generate import (
    LARGEST_SEED,
    Choices,
    worksheet_of,
)
from engine.worksheets.judge import (
    CellVerdict,
    judge,
)
from engine.worksheets.links import (
    QUERY_NAMES,
    read_worksheet,
    to_query,
    used_query,
)
from engine.worksheets.mistakes import (
    MISTAKES,
    mistakes_in,
    planted_values,
    sentence_of,
)
from engine.worksheets.sheet import (
    GROUPS,
    HIDDEN_ACTIVATIONS,
    OUTPUT_PAIRS,
    QUANTITIES,
    Cell,
    Quantity,
    Worksheet,
)
from engine.worksheets.typed import (
    read_typed,
)
from engine.worksheets.worked_example import (
    MAZUR_WORKSHEET,
)

__all__ = [
    "GROUPS",
    "HIDDEN_ACTIVATIONS",
    "LARGEST_SEED",
    "MAZUR_WORKSHEET",
    "MISTAKES",
    "OUTPUT_PAIRS",
    "QUANTITIES",
    "QUERY_NAMES",
    "Cell",
    "CellVerdict",
    "Choices",
    "Computation",
    "Quantity",
    "Worksheet",
    "formulas_of",
    "judge",
    "mistakes_in",
    "planted_values",
    "read_typed",
    "read_worksheet",
    "right_values",
    "sentence_of",
    "to_query",
    "used_query",
    "worksheet_of",
]
