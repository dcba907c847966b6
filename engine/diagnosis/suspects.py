"""Suspects: all possible causes of a network that does not learn.

A rule that explains a low score names its cause only if there is no other possible cause: with two
of them, removing one may not help. A rule allows the causes that follow from its own one (a penalty
that makes ReLU units die, for example).
"""

from __future__ import annotations

import numpy as np

from engine.diagnosis.observations import Observations
from engine.diagnosis.progress import momentum_factor
from engine.training import frobenius_norm

FAST, FAST_ADAPTIVE = (
    5.0,
    0.1,
)  # learning rates (times 1 / (1 - mu)) that are too large for most problems
SUSPECT_JUMPS = 0.1  # share of recent epochs in which the loss jumps
SUSPECT_DROPOUT = 0.3  # share of units that dropout mutes
SMALL_SCALE, LARGE_SCALE = 0.1, 1.5  # scale of start weights
FITTING = ("glorot_uniform", "glorot_normal", "he_normal", "lecun_normal", "orthogonal")
DEEP_LAYERS = 4  # hidden layers
FADED_DELTA = 1e-2  # size of delta in the first layer as a share of the last's
TOO_WIDE, UNEQUAL = 10.0, 100.0  # size of an input; of one input as a multiple of another
FEW_UNITS, SILENT_SHARE = 2, 0.5  # units of a layer; of them


def no_other_cause(seen: Observations, *allowed: str) -> bool:
    """Return whether there is no other possible cause than those in `allowed`."""
    return possible_causes(seen) <= set(allowed)


def possible_causes(seen: Observations) -> set[str]:
    """Return the names of the possible causes."""
    config, units = seen.config, [len(layer.W) for layer in seen.hidden]
    found = {
        "rate": seen.jump_share > SUSPECT_JUMPS or rate_too_large(seen),
        "time": seen.is_early,
        "penalty": seen.is_penalty_strong,
        "dropout": seen.dropout_share >= SUSPECT_DROPOUT,
        "start": not config.start and unsuitable_start(config.init, config.init_scale),
        "depth": len(units) >= DEEP_LAYERS,
        "fading": delta_ratio_of_layers(seen) < FADED_DELTA,
        "neck": len(units) > 1 and min(units) == 1,
        "narrow": min(units, default=FEW_UNITS + 1) <= FEW_UNITS,
        "dead": any(seen.silent_shares > SILENT_SHARE),
        "scale": bool(len(input_scales(seen))) and badly_scaled(seen),
    }
    return {name for name, true in found.items() if true}


def rate_too_large(seen: Observations) -> bool:
    """Return whether the learning rate is too large for most problems."""
    config = seen.config
    if seen.adaptive:
        return config.learning_rate > FAST_ADAPTIVE
    return config.learning_rate * momentum_factor(config) > FAST


def unsuitable_start(init: str, scale: float) -> bool:
    """Return whether start weights do not fit the layers."""
    return init in ("zeros", "constant") or (
        init not in FITTING and not SMALL_SCALE <= scale <= LARGE_SCALE
    )


def delta_ratio_of_layers(seen: Observations) -> float:
    """Return the size of delta in the first layer as a share of the last one's.

    It is nan below three layers.
    """
    ends = (seen.layers[0].delta, seen.layers[-1].delta)
    first, last = (frobenius_norm(delta) / delta.size**0.5 for delta in ends)
    return first / last if len(seen.layers) > 2 and last > 1e-12 else np.nan


def input_scales(seen: Observations) -> np.ndarray:
    """Return the root mean square of each input that is not 0, (inputs,)."""
    sizes = np.sqrt(np.square(seen.x).mean(axis=1))
    return sizes[sizes > 0]


def badly_scaled(seen: Observations) -> bool:
    """Return whether the inputs are large, or of very different sizes."""
    sizes = input_scales(seen)
    return bool(sizes.max() > TOO_WIDE or sizes.max() > UNEQUAL * sizes.min())
