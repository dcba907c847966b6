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
    aligned_full,
    execute,
    flatten_steps,
    scalar_like,
    tile_updates,
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
    count_parameters,
)
from engine.nn.optimizers import (
    CONVENTIONS,
    OPTIMIZERS,
    PYTORCH_ADAGRAD_EPSILON,
    Settings,
    epsilon_for,
)
from engine.nn.program import (
    Batch,
    Buffers,
    backward,
    batch_of,
    forward,
    gradient_clipping,
    max_norm_constraint,
    output_delta_tex,
    partial_tex,
    penalty_gradient,
)
from engine.nn.schedules import (
    SCHEDULES,
    PlateauState,
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
    "PlateauState",
    "Settings",
    "Step",
    "aligned_full",
    "backward",
    "batch_of",
    "blocks",
    "count_parameters",
    "epsilon_for",
    "execute",
    "flatten_steps",
    "forward",
    "glorot_normal",
    "gradient_clipping",
    "max_norm_constraint",
    "output_delta_tex",
    "partial_tex",
    "penalty_gradient",
    "scalar_like",
    "tile_updates",
]
