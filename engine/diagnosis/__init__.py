"""What is wrong with a run at an epoch, in words, with the evidence and what helps."""

from engine.diagnosis.diagnosis import (
    RULES,
    diagnose,
    observe,
)
from engine.diagnosis.observations import (
    Finding,
)

__all__ = [
    "RULES",
    "Finding",
    "diagnose",
    "observe",
]
