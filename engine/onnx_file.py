"""ONNX: the network as a graph of standard operations, for any runtime.

The graph takes raw inputs, one row per example, in double precision; it scales them itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from engine.activations import LEAK
from engine.equations import Array
from engine.model import Model

OPSET, IR = 17, 8  # what runtimes of the last years read


class Graph:
    """The operations so far; each value has a name."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, Array] = {}

    def op(self, kind: str, *inputs: str | float | Array, **choices: Any) -> str:
        """The name of what an operation gives."""
        names = [one if isinstance(one, str) else self.constant(one) for one in inputs]
        out = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, names, [out], **choices))
        return out

    def constant(self, value: float | Array) -> str:
        """The name of a constant."""
        name = f"c_{len(self.constants)}"
        array = np.asarray(value)
        self.constants[name] = array if array.dtype.kind == "i" else array.astype(np.float64)
        return name

    def negative(self, z: str) -> str:
        """min(z, 0)."""
        return self.op("Min", z, 0.0)


def sigmoid(g: Graph, z: str) -> str:
    return g.op("Sigmoid", z)


def elu(g: Graph, z: str) -> str:
    below = g.op("Sub", g.op("Exp", g.negative(z)), 1.0)
    return g.op("Max", z, below)


def gelu(g: Graph, z: str) -> str:
    single = g.op("Cast", g.op("Mul", z, 2**-0.5), to=TensorProto.FLOAT)  # runtimes lack a double
    erf = g.op("Cast", g.op("Erf", single), to=TensorProto.DOUBLE)
    return g.op("Mul", z, g.op("Mul", g.op("Add", erf, 1.0), 0.5))


def softplus(g: Graph, z: str) -> str:
    size = g.op("Sub", 0.0, g.op("Abs", z))
    return g.op("Add", g.op("Max", z, 0.0), g.op("Log", g.op("Add", g.op("Exp", size), 1.0)))


ACTIVATIONS: dict[str, Callable[[Graph, str], str]] = {
    "linear": lambda g, z: z,
    "sigmoid": sigmoid,
    "tanh": lambda g, z: g.op("Tanh", z),
    "relu": lambda g, z: g.op("Max", z, 0.0),
    "leaky_relu": lambda g, z: g.op("Max", z, g.op("Mul", z, LEAK)),
    "elu": elu,
    "gelu": gelu,
    "silu": lambda g, z: g.op("Mul", z, g.op("Sigmoid", z)),
    "softplus": softplus,
    "exp": lambda g, z: g.op("Exp", z),
    "softmax": lambda g, z: g.op("Softmax", z, axis=1),
}


def column(g: Graph, i: int) -> str:
    """(n, 1) one raw input."""
    return g.op("Gather", "inputs", np.array([i], dtype=np.int64), axis=1)


FEATURES: dict[str, Callable[[Graph], str]] = {
    "x1": lambda g: column(g, 0),
    "x2": lambda g: column(g, 1),
    "x1x1": lambda g: g.op("Mul", column(g, 0), column(g, 0)),
    "x2x2": lambda g: g.op("Mul", column(g, 1), column(g, 1)),
    "x1x2": lambda g: g.op("Mul", column(g, 0), column(g, 1)),
    "sinx1": lambda g: g.op("Sin", column(g, 0)),
    "sinx2": lambda g: g.op("Sin", column(g, 1)),
}


def onnx_file(model: Model) -> bytes:
    """The model as ONNX: "inputs" (n, r) to "outputs" (n, K), in the units of the data."""
    g, a = Graph(), "inputs"
    if model.expand:
        a = g.op("Concat", *(FEATURES[key](g) for key in model.expand), axis=1)
    a = g.op("Div", g.op("Sub", a, model.mean), model.scale)
    for (W, b), name in zip(model.layers, model.activations, strict=True):
        a = ACTIVATIONS[name](g, g.op("Add", g.op("MatMul", a, W.T.copy()), b))
    if not model.classes:
        a = g.op("Add", g.op("Mul", a, model.target_scale), model.target_mean)
    g.nodes.append(helper.make_node("Identity", [a], ["outputs"]))
    return finished(g, model).SerializeToString()


def finished(g: Graph, model: Model) -> ModelProto:
    """The graph as a checked model that names its inputs and answers."""
    double, r, K = TensorProto.DOUBLE, len(model.input_names), model.sizes[-1]
    graph = helper.make_graph(
        g.nodes,
        "deltascope",
        [helper.make_tensor_value_info("inputs", double, ["n", r])],
        [helper.make_tensor_value_info("outputs", double, ["n", K])],
        [numpy_helper.from_array(array, name) for name, array in g.constants.items()],
    )
    opset = helper.make_opsetid("", OPSET)
    proto = helper.make_model(graph, opset_imports=[opset], ir_version=IR)
    names = {"inputs": model.input_names, "classes": model.classes or model.target_names}
    helper.set_model_props(proto, {key: "\n".join(own) for key, own in names.items()})
    checker.check_model(proto)
    return proto
