"""The network itself: equations, activations, losses, layers, the program of a batch, optimizers.

It needs NumPy alone and knows neither data sets nor runs."""

from engine.nn.activations import (
    ACTIVATIONS,
    LEAK,
)
from engine.nn.equations import (
    Array,
    Call,
    Equation,
    Step,
    constant,
    in_blocks,
    replay,
    room,
    steps_of,
)
from engine.nn.initializers import (
    INITIALIZERS,
    glorot_normal,
)
from engine.nn.losses import (
    LOSSES,
    Loss,
)
from engine.nn.network import (
    Layer,
    Network,
    blocks,
    count,
)
from engine.nn.optimizers import (
    CONVENTIONS,
    OPTIMIZERS,
    PYTORCH_ADAGRAD_EPSILON,
    Settings,
    small,
)
from engine.nn.program import (
    Batch,
    Buffers,
    backward,
    batch_of,
    by,
    clipping,
    error_tex,
    forward,
    max_norm,
    penalties,
)
from engine.nn.schedules import (
    SCHEDULES,
    Progress,
)

__all__ = [
    "ACTIVATIONS",
    "CONVENTIONS",
    "INITIALIZERS",
    "LEAK",
    "LOSSES",
    "OPTIMIZERS",
    "PYTORCH_ADAGRAD_EPSILON",
    "SCHEDULES",
    "Array",
    "Batch",
    "Buffers",
    "Call",
    "Equation",
    "Layer",
    "Loss",
    "Network",
    "Progress",
    "Settings",
    "Step",
    "backward",
    "batch_of",
    "blocks",
    "by",
    "clipping",
    "constant",
    "count",
    "error_tex",
    "forward",
    "glorot_normal",
    "in_blocks",
    "max_norm",
    "penalties",
    "replay",
    "room",
    "small",
    "steps_of",
]
