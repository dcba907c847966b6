"""What a run looks like from above: loss landscape, line search, the history of its units."""

from engine.analysis.landscape import (
    Landscape,
)
from engine.analysis.line_search import (
    Descent,
    descent,
)
from engine.analysis.unit_history import (
    Sample,
    look,
    sample,
    sampled_epochs,
)

__all__ = [
    "Descent",
    "Landscape",
    "Sample",
    "descent",
    "look",
    "sample",
    "sampled_epochs",
]
