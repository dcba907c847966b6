"""One step in every detail: the derivation, the trace of each number, other conventions."""

from engine.explain.conventions import (
    MOMENTA,
    PENALTIES,
    SQUARED_ERRORS,
    epsilon_beside_corrected_root,
    epsilon_beside_plain_root,
    penalties_like,
    rates_like,
    steps_like,
)
from engine.explain.derivation import (
    Line,
    derive,
    first_batch,
    textbook_sources,
)
from engine.explain.glossary import (
    GLOSSARY,
    Term,
)
from engine.explain.index_forms import (
    unit_form,
)
from engine.explain.likelihood import (
    NOISE_MODELS,
    NoiseModel,
    best_answer,
    loss_of,
    negative_log_likelihood,
)
from engine.explain.naming import (
    names_by_layer,
    numpy_lines,
)
from engine.explain.source import (
    Source,
    source_of_function,
    with_source,
)
from engine.explain.step_trace import (
    StepTrace,
    TracedLine,
    trace_batch,
    trace_example,
)
from engine.explain.trace import (
    DEPENDENCY_RULES,
    Call,
    Name,
    Operand,
    Result,
    Trace,
    View,
    memory_key,
)

__all__ = [
    "DEPENDENCY_RULES",
    "GLOSSARY",
    "MOMENTA",
    "NOISE_MODELS",
    "PENALTIES",
    "SQUARED_ERRORS",
    "Call",
    "Line",
    "Name",
    "NoiseModel",
    "Operand",
    "Result",
    "Source",
    "StepTrace",
    "Term",
    "Trace",
    "TracedLine",
    "View",
    "best_answer",
    "derive",
    "epsilon_beside_corrected_root",
    "epsilon_beside_plain_root",
    "first_batch",
    "loss_of",
    "memory_key",
    "names_by_layer",
    "negative_log_likelihood",
    "numpy_lines",
    "penalties_like",
    "rates_like",
    "source_of_function",
    "steps_like",
    "textbook_sources",
    "trace_batch",
    "trace_example",
    "unit_form",
    "with_source",
]
