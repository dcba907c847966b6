"""The network itself: equations, activations, losses, layers, the program of a batch, optimizers.

It needs NumPy alone and knows neither data sets nor runs."""

from engine.nn.activation_forms import Activation, OnnxNode
from engine.nn.activations import ACTIVATIONS, complex_softplus
from engine.nn.buffers import Buffers, aligned_full, scalar_like, tile_updates
from engine.nn.equations import Array, Call, Equation, Step, execute, flatten_steps
from engine.nn.formula import (
    DERIVATIVE,
    Bracket,
    Forms,
    Formula,
    Fraction,
    Label,
    Partial,
    Symbol,
    Terms,
    each_symbol,
    swap,
    symbols_in,
    transpose,
    write,
    write_terms,
)
from engine.nn.initializers import INITIALIZERS, glorot_normal
from engine.nn.losses import LOSSES, Loss
from engine.nn.network import Layer, Network, blocks, count_parameters
from engine.nn.optimizers import (
    CONVENTIONS,
    OPTIMIZERS,
    PYTORCH_ADAGRAD_EPSILON,
    Settings,
    epsilon_for,
)
from engine.nn.program import Batch, backward, batch_of, forward, output_delta_formula
from engine.nn.regularizers import (
    TWICE_LAMBDA2,
    gradient_clipping,
    max_norm_constraint,
    penalty_gradient,
    penalty_value,
    sum_of_absolutes,
    sum_of_squares,
)
from engine.nn.schedules import SCHEDULES, PlateauState
from engine.nn.symbols import times_mask, times_weights

__all__ = [
    "ACTIVATIONS",
    "CONVENTIONS",
    "DERIVATIVE",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "PYTORCH_ADAGRAD_EPSILON",
    "SCHEDULES",
    "TWICE_LAMBDA2",
    "Activation",
    "Array",
    "Batch",
    "Bracket",
    "Buffers",
    "Call",
    "Equation",
    "Forms",
    "Formula",
    "Fraction",
    "Label",
    "Layer",
    "Loss",
    "Network",
    "OnnxNode",
    "Partial",
    "PlateauState",
    "Settings",
    "Step",
    "Symbol",
    "Terms",
    "aligned_full",
    "backward",
    "batch_of",
    "blocks",
    "complex_softplus",
    "count_parameters",
    "each_symbol",
    "epsilon_for",
    "execute",
    "flatten_steps",
    "forward",
    "glorot_normal",
    "gradient_clipping",
    "max_norm_constraint",
    "output_delta_formula",
    "penalty_gradient",
    "penalty_value",
    "scalar_like",
    "sum_of_absolutes",
    "sum_of_squares",
    "swap",
    "symbols_in",
    "tile_updates",
    "times_mask",
    "times_weights",
    "transpose",
    "write",
    "write_terms",
]
