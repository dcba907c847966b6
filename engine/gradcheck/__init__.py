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
    MOST_EXAMPLES,
    MOST_PARAMETERS,
    PER_LAYER,
    STEP,
    STEPS,
    GradientCheck,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.gradcheck.report import (
    BANDS,
    GradientCheckResult,
    locate_parameter,
    relative_difference,
)

__all__ = [
    "BANDS",
    "BUGS",
    "MOST_EXAMPLES",
    "MOST_PARAMETERS",
    "NEEDS",
    "PER_LAYER",
    "STEP",
    "STEPS",
    "BuggyRun",
    "GradientCheck",
    "GradientCheckResult",
    "batch_for",
    "complex_step",
    "locate_parameter",
    "relative_difference",
    "sample_parameters",
    "training_for_check",
]
