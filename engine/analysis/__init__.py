"""What a run looks like from above: loss landscape, line search, the history of its units."""

from engine.analysis.landscape import (
    Landscape,
)
from engine.analysis.line_search import (
    LineSearch,
    search_line,
)
from engine.analysis.unit_history import (
    UnitSample,
    sample_units,
    sampled_epochs,
    snapshot_at,
)

__all__ = [
    "Landscape",
    "LineSearch",
    "UnitSample",
    "sample_units",
    "sampled_epochs",
    "search_line",
    "snapshot_at",
]
