"""What a run looks like from above: loss landscape, curvature, line search, history of units."""

from engine.analysis.curvature import (
    estimate_curvature,
    share_of_limit,
    stability_limit,
)
from engine.analysis.landscape import (
    Landscape,
    LandscapeResult,
)
from engine.analysis.line_search import (
    LineSearch,
    search_line,
)
from engine.analysis.objective import (
    TrainingGradient,
)
from engine.analysis.unit_history import (
    UnitSample,
    sample_units,
    sampled_epochs,
    snapshot_at,
)

__all__ = [
    "Landscape",
    "LandscapeResult",
    "LineSearch",
    "TrainingGradient",
    "UnitSample",
    "estimate_curvature",
    "sample_units",
    "sampled_epochs",
    "search_line",
    "share_of_limit",
    "snapshot_at",
    "stability_limit",
]
