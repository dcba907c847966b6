"""Whether gradients are right: differences of the loss, and bugs to plant and find."""

from engine.gradcheck.bugs import (
    FAULTS,
    NEEDS,
    FaultyRun,
)
from engine.gradcheck.complex_step import (
    complex_step,
)
from engine.gradcheck.gradient_check import (
    MOST_PARAMETERS,
    STEP,
    STEPS,
    Check,
    batch_for,
    sample,
    subject,
)
from engine.gradcheck.report import (
    BANDS,
    Finding,
    parameter,
    ratio,
)

__all__ = [
    "BANDS",
    "FAULTS",
    "MOST_PARAMETERS",
    "NEEDS",
    "STEP",
    "STEPS",
    "Check",
    "FaultyRun",
    "Finding",
    "batch_for",
    "complex_step",
    "parameter",
    "ratio",
    "sample",
    "subject",
]
