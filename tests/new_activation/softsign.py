"""Softsign, z / (1 + |z|), which the product does not have: all that a new activation takes.

Loaded before any other part of the product, it adds one entry to the registry, for hidden layers
and for the output. A second entry makes softplus an output for counts. Source: Bergstra et al.
(2009), Quadratic polynomials learn better image features.
"""

from collections.abc import Iterator

import numpy as np

from engine.nn.activation_forms import Activation, Code, OnnxNode, OutputRole
from engine.nn.activations import ACTIVATIONS
from engine.nn.buffers import scalar_like
from engine.nn.equations import Array, Step


def softsign_forward(z: Array, a: Array) -> Iterator[Step]:
    """Yield the steps a = z / (1 + |z|); z and a are (n_out, n)."""
    size = np.empty_like(a)
    yield Step(np.abs, (z, size))
    yield Step(np.add, (size, scalar_like(1, a), size))
    yield Step(np.divide, (z, size, a))


def softsign_back(z: Array, a: Array, delta: Array, slope: Array) -> Iterator[Step]:
    """Yield the steps delta <- delta * (1 - |a|)²; all arrays are (n_out, n)."""
    yield Step(np.abs, (a, slope))
    yield Step(np.subtract, (scalar_like(1, a), slope, slope))
    yield Step(np.multiply, (delta, slope, delta))
    yield Step(np.multiply, (delta, slope, delta))


ACTIVATIONS["softsign"] = Activation(
    label="Softsign (test)",
    forward=softsign_forward,
    back=softsign_back,
    value=lambda z: z / (1 + np.abs(z)),
    terms=r"\frac{z}{1 + |z|}",
    slope="(1 - |a|)^2",
    derivation=(r"\frac{d}{dz} \frac{z}{1 + |z|} = \frac{1}{(1 + |z|)^2}",),
    note="At most 1, at z = 0; near 0 where the output is near 1 or −1.",
    code=Code("z / (1 + np.abs(z))", '"softsign"', "nn.Softsign()"),
    onnx=(OnnxNode("Abs", ("z",)), OnnxNode("Add", ("abs", 1.0)), OnnxNode("Div", ("z", "add"))),
    for_complex=lambda z: z / (1 + z * np.sign(np.real(z))),
    output=OutputRole("mse", classes=(-1.0, 1.0)),
    corner=True,
    ends=(-1.0, 1.0),
)

ACTIVATIONS["softplus"] = ACTIVATIONS["softplus"]._replace(
    output=OutputRole("mse", classes=None, counts=True)
)

# The twin: a line for the value and a line for the slope in static/run/forward_pass.js.
VALUE_TWIN = """
  softsign(z, from, to) {
    for (let i = from; i < to; i++) z[i] /= 1 + Math.abs(z[i]);
  },
"""
SLOPE_TWIN = """
  softsign: (a) => (1 - Math.abs(a)) ** 2,
"""
