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
    as_shown,
    first_batch,
    lines,
)
from engine.explain.index_forms import (
    unit_form,
)
from engine.explain.likelihood import (
    BELIEFS,
    Belief,
    best,
    loss_of,
    surprise,
)
from engine.explain.naming import (
    numpy_lines,
)
from engine.explain.source import (
    Source,
    source_of_function,
    with_source,
)
from engine.explain.step_trace import (
    Carried,
    Walk,
    walk,
    walk_example,
)
from engine.explain.trace import (
    REACH,
    Call,
    Tape,
    View,
    key_of,
)

__all__ = [
    "BELIEFS",
    "MOMENTA",
    "PENALTIES",
    "REACH",
    "SQUARED_ERRORS",
    "Belief",
    "Call",
    "Carried",
    "Line",
    "Source",
    "Tape",
    "View",
    "Walk",
    "as_shown",
    "best",
    "epsilon_beside_corrected_root",
    "epsilon_beside_plain_root",
    "first_batch",
    "key_of",
    "lines",
    "loss_of",
    "numpy_lines",
    "penalties_like",
    "rates_like",
    "source_of_function",
    "steps_like",
    "surprise",
    "unit_form",
    "walk",
    "walk_example",
    "with_source",
]
