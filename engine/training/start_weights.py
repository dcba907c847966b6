"""Start weights: given ones, known by name, or drawn ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.language import tr
from engine.nn import INITIALIZERS, Network

if TYPE_CHECKING:
    from engine.training.config import Config

Row = tuple[float, ...]
Start = tuple[tuple[tuple[Row, ...], Row], ...]  # per layer: W as rows (n_out, n_in), b (n_out,)

STARTS: dict[str, Start] = {}  # by name; `add_starts` of config.py adds to it


def set_start_weights(network: Network, config: Config, draw: np.random.Generator) -> None:
    """Write the start weights and biases into the network: given ones, or drawn ones.

    Raises ValueError if given weights are for layers of other sizes.
    """
    given = STARTS[config.start] if config.start else None
    shapes = [layer.W.shape for layer in network.layers]
    if given is not None and weight_shapes(given) != shapes:
        raise ValueError(
            tr(
                "The start weights '{start}' do not fit: their W have the shapes "
                "{given}, but this network has {shapes}.",
                start=config.start,
                given=weight_shapes(given),
                shapes=shapes,
            )
        )
    for l, layer in enumerate(network.layers):
        if given is not None:
            layer.W[...] = np.array(given[l][0])
            layer.b[...] = np.array(given[l][1]).reshape(-1, 1)
        else:
            n_out, n_in = layer.W.shape
            layer.W[...] = INITIALIZERS[config.init](draw, n_out, n_in, config.init_scale)
            layer.b[...] = config.init_scale if config.init == "constant" else 0.0


def weight_shapes(given: Sequence) -> list[tuple[int, ...]]:
    """Return the shape (n_out, n_in) of each W of given start weights."""
    return [np.shape(W) for W, b in given]
