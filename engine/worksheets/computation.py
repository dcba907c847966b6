"""The right numbers of a worksheet, computed with the network, loss and optimizer of training.

Each quantity is computed from the quantities before it. So the same equations say what is right,
and what follows from a number that a person has typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from engine.nn import (
    LOSSES,
    OPTIMIZERS,
    Array,
    Call,
    Equation,
    Network,
    Settings,
    backward,
    batch_of,
    count_parameters,
    execute,
    flatten_steps,
    forward,
    penalty_gradient,
    penalty_value,
    scalar_like,
)
from engine.worksheets.sheet import QUANTITIES, Worksheet

DEPENDS: dict[str, tuple[str, ...]] = {  # what each quantity is computed from
    "z1": (),
    "a1": ("z1",),
    "z2": ("a1",),
    "a2": ("z2",),
    "loss": ("a2",),
    "delta2": ("a2",),
    "dW2": ("delta2", "a1"),
    "db2": ("delta2",),
    "delta1": ("delta2", "a1"),
    "dW1": ("delta1",),
    "db1": ("delta1",),
    "new_W2": ("dW2",),
    "new_b2": ("db2",),
    "new_W1": ("dW1",),
    "new_b1": ("db1",),
}
RULES = {  # the equations of the program that compute a quantity
    "z": ("affine",),
    "a": ("activation",),
    "delta": ("error", "back", "slope"),
    "dW": ("gradient",),
    "db": ("gradient",),
}


class Computation:
    """One training step of a worksheet, quantity by quantity."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, (d, h, K, n) = sheet, sheet.sizes
        self.given = sheet.given()
        theta = np.empty(count_parameters((d, h, K)))
        self.network = Network((d, h, K), (sheet.activation, sheet.output), theta)
        x = np.vstack([self.given["a0"], np.ones((1, n))])
        self.batch = batch_of(x, np.ascontiguousarray(self.given["y"]), (d, h, K))
        self.loss = LOSSES[sheet.loss]
        self.reset_weights()
        program = (*forward(self.network, self.batch), *self.backward())
        self.equations = {
            name: [
                one
                for one in program
                if one.rule in RULES.get(quantity.kind, ()) and one.layer == quantity.layer
            ]
            for name, quantity in QUANTITIES.items()
        }
        self.steps = {name: flatten_steps(own) for name, own in self.equations.items()}
        self.penalty = flatten_steps(penalty_gradient(self.network, 0.0, sheet.l2, False))
        self.update = self.update_steps()
        self.buffers = self.name_buffers()

    def backward(self) -> Iterator[Equation]:
        """Yield the equations of the backward pass."""
        return backward(self.network, self.batch, self.loss)

    def update_steps(self) -> list[Call]:
        """Return the calls of one step of gradient descent."""
        theta, rate = self.network.theta, scalar_like(self.sheet.learning_rate, self.network.theta)
        rule = OPTIMIZERS["sgd"].equations(theta, self.network.grad, np.empty(0), rate, Settings())
        return flatten_steps(rule)

    def name_buffers(self) -> dict[str, Array]:
        """Return the array of each quantity, (rows, columns), a view into the program's buffers."""
        found = {}
        for l, (layer, own) in enumerate(
            zip(self.network.layers, self.batch.layers, strict=True), 1
        ):
            found |= {f"z{l}": own.z, f"a{l}": own.a, f"delta{l}": own.delta}
            found |= {f"dW{l}": layer.dW, f"db{l}": layer.db}
            found |= {f"new_W{l}": layer.W, f"new_b{l}": layer.b}
        return found

    def reset_weights(self) -> None:
        """Write the given weights and biases into the network."""
        for l, layer in enumerate(self.network.layers, 1):
            layer.W[...], layer.b[...] = self.given[f"W{l}"], self.given[f"b{l}"]

    def value(self, quantity: str, earlier: Mapping[str, Array]) -> Array:
        """Return a quantity as it follows from earlier ones.

        The result has the shape `sheet.shape_of(quantity)`, (rows, columns).
        """
        kind = QUANTITIES[quantity].kind
        for name in DEPENDS[quantity]:
            self.buffers[name][...] = earlier[name]
        if kind == "loss":
            return np.full((1, 1), self.loss_of(earlier))
        execute(self.steps[quantity])
        if kind == "dW":
            execute(self.penalty)
        if kind not in ("W", "b"):
            return self.buffers[quantity].copy()
        execute(self.update)
        found = self.buffers[quantity].copy()
        self.reset_weights()
        return found

    def loss_of(self, earlier: Mapping[str, Array]) -> float:
        """Return the loss for outputs a2 (K, n), with the penalty.

        Cross-entropy is computed from z, as in training, if a2 is exactly what z2 gives. From other
        outputs the engine's cross-entropy gets a z that leads to them.
        """
        a, y, n = earlier["a2"], self.given["y"], self.sheet.sizes.examples
        penalty = penalty_value(self.network.theta * self.network.is_weight, 0.0, self.sheet.l2)
        z, whole = earlier.get("z2", a), 0.0
        with np.errstate(all="ignore"):
            if not np.array_equal(a, self.value("a2", {"z2": z})):
                z = np.log(a) - (np.log1p(-a) if self.sheet.loss == "bce" else 0.0)
                whole = np.log(a.sum(axis=0)).sum() if self.sheet.loss == "ce" else 0.0
            return float((self.loss.total(z, a, y) - whole) / n + penalty)


def right_values(sheet: Worksheet, computation: Computation | None = None) -> dict[str, Array]:
    """Return every quantity of a worksheet, (rows, columns) as `sheet.shape_of(name)` says."""
    computation, found = computation or Computation(sheet), dict[str, Array]()
    for name in QUANTITIES:
        found[name] = computation.value(name, found)
    return found
