"""A trained network as code for NumPy, scikit-learn, Keras or PyTorch.

The lines hold the weights and define `outputs(X)` for raw inputs (n, r). It returns the outputs of
the last layer, for a regression in the units of the data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.language import tr
from engine.nn import ACTIVATIONS, Array
from engine.training import Model

FEATURES = {  # of X (n, r)
    "x1": "X[:, 0]",
    "x2": "X[:, 1]",
    "x1x1": "X[:, 0] ** 2",
    "x2x2": "X[:, 1] ** 2",
    "x1x2": "X[:, 0] * X[:, 1]",
    "sinx1": "np.sin(X[:, 0])",
    "sinx2": "np.sin(X[:, 1])",
}


class Library(NamedTuple):
    """A library for which the network can be written."""

    title: str
    imports: tuple[str, ...]
    write: Callable[[Model], list[str]]  # the lines that define `network` and `outputs(X)`


def network_lines(library: str, model: Model) -> list[str]:
    """Return the lines that define `outputs(X)`.

    Raises ValueError if the library is unknown or has no such network.
    """
    if library not in LIBRARIES:
        raise ValueError(
            tr(
                "There is code for {known}, not for '{library}'.",
                known=", ".join(LIBRARIES),
                library=library[:30],
            )
        )
    network = LIBRARIES[library].write(model)
    return [*constant_lines(model), "", "", *scaling_lines(model), *network]


def array_literal(array: Array) -> str:
    """Return an array of any shape as Python text that gives the same array bit for bit."""
    return f"np.array({array.tolist()!r})"


def constant_lines(model: Model) -> list[str]:
    """Return the lines with all numbers of the network."""
    lines = [f"MEAN = {array_literal(model.mean)}", f"SCALE = {array_literal(model.scale)}"]
    if not model.classes:
        lines.append(f"TARGET_MEAN = {array_literal(model.target_mean)}")
        lines.append(f"TARGET_SCALE = {array_literal(model.target_scale)}")
    for l, (W, b) in enumerate(model.layers, 1):
        lines += [f"W{l} = {array_literal(W)}  # {W.shape}", f"b{l} = {array_literal(b)}"]
    return lines


def scaling_lines(model: Model) -> list[str]:
    """Return the lines of the function from raw inputs to the inputs of the network."""
    lines = ["def scaled(X):", "    X = np.asarray(X, dtype=float)"]
    if model.expand:
        columns = ", ".join(FEATURES[key] for key in model.expand)
        lines.append(f"    X = np.column_stack([{columns}])")
    return [*lines, "    return (X - MEAN) / SCALE", "", ""]


def return_line(model: Model, what: str) -> str:
    """Return the line that gives outputs (n, K) in the units of the data."""
    return (
        f"    return {what}" if model.classes else f"    return {what} * TARGET_SCALE + TARGET_MEAN"
    )


def numpy_code(model: Model) -> list[str]:
    """Return the network in NumPy alone."""
    lines = ["def outputs(X):", "    a = scaled(X)"]
    for l, name in enumerate(model.activations, 1):
        lines += [f"    z = a @ W{l}.T + b{l}", f"    a = {ACTIVATIONS[name].code.numpy}  # {name}"]
    return [*lines, return_line(model, "a")]


def torch_code(model: Model) -> list[str]:
    """Return the network as torch.nn.Sequential, which can be trained on."""
    lines = []
    for name in dict.fromkeys(model.activations):
        if own := ACTIVATIONS[name].code.torch_class:
            lines += [*own, "", ""]
    lines += ["network = nn.Sequential("]
    for (W, _), name in zip(model.layers, model.activations, strict=True):
        lines += [f"    nn.Linear({W.shape[1]}, {W.shape[0]}, dtype=torch.float64),"]
        lines += [f"    {ACTIVATIONS[name].code.torch},"]
    lines += [")", "with torch.no_grad():"]
    for l in range(1, len(model.sizes)):
        lines += [f"    network[{2 * l - 2}].weight.copy_(torch.from_numpy(W{l}))"]
        lines += [f"    network[{2 * l - 2}].bias.copy_(torch.from_numpy(b{l}))"]
    lines += ["", "", "def outputs(X):", "    with torch.no_grad():"]
    lines += ["        a = network(torch.from_numpy(scaled(X))).numpy()", return_line(model, "a")]
    return lines


def keras_code(model: Model) -> list[str]:
    """Return the network as keras.Sequential, which can be trained on."""
    lines = ['keras.config.set_floatx("float64")', 'keras.config.set_dtype_policy("float64")']
    lines += ["network = keras.Sequential(", "    ["]
    lines += [f"        keras.Input(({model.sizes[0]},)),"]
    for units, name in zip(model.sizes[1:], model.activations, strict=True):
        f = ACTIVATIONS[name].code.keras
        lines += [f"        keras.layers.Dense({units}, activation={f}),"]
    lines += ["    ]", ")"]
    weights = ", ".join(f"W{l}.T, b{l}" for l in range(1, len(model.sizes)))
    lines += [f"network.set_weights([{weights}])", "", "", "def outputs(X):"]
    lines += ["    a = keras.ops.convert_to_numpy(network(scaled(X)))", return_line(model, "a")]
    return lines


def sklearn_code(model: Model) -> list[str]:
    """Return the network as scikit-learn's MLP. Raises ValueError if it has no such network."""
    hidden, last = set(model.activations[:-1]), model.activations[-1]
    kind = "MLPClassifier" if model.classes else "MLPRegressor"
    outputs = [
        name for name, f in ACTIVATIONS.items() if f.output and f.output.sklearn == model.task
    ]
    possible = [name for name, f in ACTIVATIONS.items() if f.hidden and f.code.sklearn]
    one_for_all = len(hidden) <= 1 and hidden <= set(possible)
    if not one_for_all or last not in outputs or (last == "softmax" and model.sizes[-1] == 2):
        words = tr(
            "scikit-learn's {kind} has no network with {given}: all hidden layers are one of "
            "{possible}, the outputs {outputs}.",
            kind=kind,
            given=", ".join(model.activations),
            possible=", ".join(possible),
            outputs=tr("{first} or {last}", first=outputs[0], last=outputs[-1])
            if len(outputs) > 1
            else outputs[0],
        )
        raise ValueError(words)
    activation = ACTIVATIONS[next(iter(hidden), "linear")].code.sklearn
    loss = ', loss="poisson"' if last == "exp" else ""
    L = len(model.activations)
    lines = [f"from sklearn.neural_network import {kind}", ""]
    sizes = tuple(model.sizes[1:-1])
    lines += [f'network = {kind}(hidden_layer_sizes={sizes}, activation="{activation}"{loss})']
    lines += [f"network.coefs_ = [{', '.join(f'W{l}.T' for l in range(1, L + 1))}]"]
    lines += [f"network.intercepts_ = [{', '.join(f'b{l}' for l in range(1, L + 1))}]"]
    lines += [f"network.n_layers_, network.n_outputs_ = {L + 1}, {model.sizes[-1]}"]
    lines += [f"network.n_features_in_ = {model.sizes[0]}"]
    return [*lines, *sklearn_output_lines(model, last)]


def sklearn_output_lines(model: Model, last: str) -> list[str]:
    """Return the lines that set the outputs of scikit-learn's network."""
    lines = [f'network.out_activation_ = "{ACTIVATIONS[last].code.sklearn}"']
    if not model.classes:
        reshaped = "network.predict(scaled(X)).reshape(len(X), -1)"
        return [*lines, "", "", "def outputs(X):", return_line(model, reshaped)]
    lines += [
        "from sklearn.preprocessing import LabelBinarizer",
        f"network.classes_ = np.arange({len(model.classes)})",
        "network._label_binarizer = LabelBinarizer().fit(network.classes_)",
    ]
    probabilities = "network.predict_proba(scaled(X))"
    if last == "sigmoid" and model.sizes[-1] == 1:
        probabilities += "[:, 1:]"
    return [*lines, "", "", "def outputs(X):", return_line(model, probabilities)]


LIBRARIES = {
    "numpy": Library("NumPy", (), numpy_code),
    "sklearn": Library("scikit-learn", (), sklearn_code),
    "keras": Library("Keras", ("import keras",), keras_code),
    "torch": Library("PyTorch", ("import torch", "from torch import nn"), torch_code),
}
