"""Whether gradients are right: differences of the loss, and bugs to plant and find."""

from engine.gradcheck.bugs import (
    BUGS,
    NEEDS,
    BuggyRun,
)
from engine.gradcheck.complex_step import (
    complex_step,
)
from engine.gradcheck.gradient_check import (
    MOST_PARAMETERS,
    STEP,
    STEPS,
    GradientCheck,
    batch_for,
    sample,
    subject,
)
from engine.gradcheck.report import (
    BANDS,
    GradientCheckResult,
    parameter,
    ratio,
)

__all__ = [
    "BANDS",
    "BUGS",
    "MOST_PARAMETERS",
    "NEEDS",
    "STEP",
    "STEPS",
    "BuggyRun",
    "GradientCheck",
    "GradientCheckResult",
    "batch_for",
    "complex_step",
    "parameter",
    "ratio",
    "sample",
    "subject",
]
