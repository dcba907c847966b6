"""Bug injection: wrong equations, and a training that uses them.

A bug changes the equations of one rule, the formula together with the calls, so the printed formula
is the one that is computed. Everything else is the correct program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.language import tr
from engine.nn import (
    LOSSES,
    TWICE_LAMBDA2,
    Array,
    Batch,
    Equation,
    Formula,
    Fraction,
    Layer,
    Partial,
    Step,
    Terms,
    glorot_normal,
    output_delta_formula,
    scalar_like,
    swap,
    times_mask,
    times_weights,
    transposed,
)
from engine.nn import symbols as sym
from engine.training import Config, Training

Equations = Iterator[Equation]
NO_BATCH = Batch(np.empty((0, 0)), np.empty((0, 0)), ())


class Bug(NamedTuple):
    """One bug: in words, as a wrong line of the algorithm, and as a change to it."""

    label: str
    wrong: str  # what is wrong
    seen: str  # what one sees of it
    right_tex: str  # the line as it should be
    wrong_tex: str
    place: tuple[str, str]  # phase and rule of the equations that it changes
    change: Callable[[Equation, BuggyTraining, Batch], Equations]
    not_applicable: Callable[
        [Training], str
    ]  # why it cannot be made, or does nothing; "" if it can


class BuggyTraining(Training):
    """A training with a bug in its program; ValueError if the bug is not possible."""

    def __init__(self, config: Config, dataset: Dataset, bug: Bug) -> None:
        """Begin a training with a bug.

        Raises ValueError if the bug cannot be made in this network.
        """
        self.bug, self.rooms = bug, dict[tuple, Array]()
        super().__init__(config, dataset)
        if reason := self.bug.not_applicable(self):
            raise ValueError(
                tr(
                    "'{label}' is not possible here: {reason}",
                    label=tr(self.bug.label),
                    reason=reason,
                )
            )

    def gradient(self, batch: Batch) -> Equations:
        """Yield the equations forward and back on one batch, with the bug."""
        yield from self.inject(super().gradient(batch), batch)

    def after_gradient(self) -> Equations:
        """Yield the equations of penalties and update, with the bug."""
        yield from self.inject(super().after_gradient(), NO_BATCH)

    def inject(self, equations: Iterable[Equation], batch: Batch) -> Equations:
        """Yield the equations, those at the bug's place changed."""
        for equation in equations:
            if (equation.phase, equation.rule) == self.bug.place:
                yield from self.bug.change(equation, self, batch)
            else:
                yield equation

    def room(self, l: int, like: Array) -> Array:
        """Return an array of the shape of `like` to work in, one for all batches of its columns."""
        key = (l, like.shape)
        if key not in self.rooms:
            self.rooms[key] = np.empty(like.shape, like.dtype)
        return self.rooms[key]

    def feedback(self, l: int, W: Array) -> Array:
        """Return a fixed random matrix of the shape of W (n_out, n_in), drawn as start weights are.

        Lillicrap et al. (2016).
        """
        if ("feedback", l) not in self.rooms:
            draw = np.random.default_rng([self.config.seed, l])
            B = glorot_normal(draw, W.shape[0], W.shape[1], 1.0).astype(W.dtype)
            self.rooms["feedback", l] = B
        return self.rooms["feedback", l]


# Each takes an equation of its fault's place and yields what runs instead.


def squared_delta(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use the error term of squared error with cross-entropy: the slope does not cancel."""
    own, (K, n) = batch.layers[-1], batch.y.shape
    f, loss = training.network.layers[-1].activation, training.output_head.loss
    factor = scalar_like(LOSSES["mse"].scale(n, K) / loss.scale(n, K), own.delta)
    yield equation._replace(
        formula=output_delta_formula(batch, LOSSES["mse"], f, canonical=False),
        steps=(
            *equation.steps,
            Step(np.multiply, (own.delta, factor, own.delta)),
            *f.back(own.z, own.a, own.delta, own.slope),
        ),
    )


def no_average(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use the sum over the examples instead of the mean."""
    delta, n = batch.layers[-1].delta, batch.y.shape[1]
    scale = training.output_head.loss.scale_terms
    rest = scale._replace(bottom=tuple(one for one in scale.bottom if one != sym.n))
    formula = change_right(equation, (scale, " "), (rest, " ") if rest.bottom else ())
    yield with_step(equation, formula, Step(np.multiply, (delta, scalar_like(n, delta), delta)))


def uphill(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use the error term with the wrong sign."""
    delta = batch.layers[-1].delta
    a = sym.a.at(equation.layer)
    formula = change_right(equation, (a, " - ", sym.y), (sym.y, " - ", a))
    yield with_step(equation, formula, Step(np.negative, (delta, delta)))


def unweighted(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Leave out the class weights in the error term."""
    steps = [step for step in equation.steps if not any(one is batch.weights for one in step[1])]
    yield Equation(*equation[:3], change_right(equation, times_weights, ()), tuple(steps))


def updated_first(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use the W of the layer above after its update."""
    l, (above, own_above, own) = equation.layer, neighbours(equation, training, batch)
    W, moved = sym.W.at(l + 1), training.room(l, above.Wb)
    stepped = transposed((W, " - ", sym.eta, r"\, ", Partial(W)))
    yield Equation(
        *equation[:3],
        change_right(equation, W.T, stepped),
        (
            Step(np.multiply, (above.dWb, training.rate, moved)),
            Step(np.subtract, (above.Wb, moved, moved)),
            Step(moved.T.dot, (own_above.delta, own.backprop_buffer)),
        ),
    )


def random_feedback(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use a fixed random matrix instead of the transposed weights."""
    l, (above, own_above, own) = equation.layer, neighbours(equation, training, batch)
    B = training.feedback(l, above.W)
    W = sym.W.at(l + 1).T
    formula = change_right(equation, W, W._replace(name="B"))
    yield Equation(*equation[:3], formula, (Step(B.T.dot, (own_above.delta, own.delta)),))


def not_transposed(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use W without transposing it, if the shapes fit."""
    l, (above, own_above, own) = equation.layer, neighbours(equation, training, batch)
    if len(set(above.W.shape)) > 1:
        yield equation
        return
    formula = change_right(equation, sym.W.at(l + 1).T, sym.W.at(l + 1))
    yield Equation(*equation[:3], formula, (Step(above.W.dot, (own_above.delta, own.delta)),))


def hidden_sign(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Pass the error term back from the last layer with the wrong sign."""
    if equation.layer < len(batch.layers) - 1:
        yield equation
        return
    delta = batch.layers[equation.layer - 1].delta
    formula = equation.formula._replace(right=("-", equation.formula.right))
    yield with_step(equation, formula, Step(np.negative, (delta, delta)))


def slope_of_a(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use the slope at a instead of the slope at z."""
    l, own = equation.layer, batch.layers[equation.layer - 1]
    f, again = training.network.layers[l - 1].activation, training.room(l, own.a)
    a = sym.a.at(l)
    right = (Partial(a), " ", sym.times, " f'(", a, ")")
    formula = Formula(sym.delta.at(l), "=", right, (f.formula,))
    back = f.back(own.a, again, own.delta, own.slope)
    yield Equation(*equation[:3], formula, (*f.forward(own.a, again), *back))


def no_slope(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Leave out the slope of the activation."""
    l, delta = equation.layer, batch.layers[equation.layer - 1].delta
    formula = Formula(sym.delta.at(l), "=", Partial(sym.a.at(l)))
    yield Equation(*equation[:3], formula, (Step(np.positive, (delta, delta)),))


def no_mask(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Leave out the dropout mask on the way back."""
    l, delta = equation.layer, batch.layers[equation.layer - 1].delta
    formula = change_right(equation, times_mask(l), ())
    yield Equation(*equation[:3], formula, (Step(np.positive, (delta, delta)),))


def mean_of_bias(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Divide the gradient of the biases by n a second time."""
    db = training.network.layers[equation.layer - 1].db
    (own,) = equation.formula.also
    divided = own._replace(right=(Fraction("1", (sym.n,)), " ", own.right))
    formula = equation.formula._replace(also=(divided,))
    yield with_step(equation, formula, Step(np.divide, (db, scalar_like(batch.y.shape[1], db), db)))


def no_bias(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Leave out the gradient of the biases."""
    l, db = equation.layer, training.network.layers[equation.layer - 1].db
    formula = equation.formula._replace(also=(Formula(Partial(sym.b.at(l)), "=", "0"),))
    yield with_step(equation, formula, Step(np.multiply, (db, scalar_like(0, db), db)))


def frozen_below(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Compute the error terms of hidden layers, but do not use them."""
    l, layer = equation.layer, training.network.layers[equation.layer - 1]
    if l == len(batch.layers):
        yield equation
        return
    bias = Formula(Partial(sym.b.at(l)), "=", "0")
    formula = Formula(Partial(sym.W.at(l)), "=", "0", (bias,))
    yield with_step(
        equation, formula, Step(np.multiply, (layer.dWb, scalar_like(0, layer.dWb), layer.dWb))
    )


def half_penalty(equation: Equation, training: BuggyTraining, batch: Batch) -> Equations:
    """Use lambda W as the slope of lambda W²."""
    pull = equation.steps[0].operands[-1]
    half = Step(np.multiply, (pull, scalar_like(0.5, pull), pull))
    formula = change_right(equation, TWICE_LAMBDA2, sym.lambda2)
    yield Equation(*equation[:3], formula, (equation.steps[0], half, *equation.steps[1:]))


def with_step(equation: Equation, formula: Formula, step: Step) -> Equation:
    """Return the equation with one more step and another formula."""
    return equation._replace(formula=formula, steps=(*equation.steps, step))


def change_right(equation: Equation, old: Terms, new: Terms) -> Formula:
    """Return the formula with `old` exchanged for `new` on its right side."""
    formula = equation.formula
    return formula._replace(right=swap(formula.right, old, new))


def neighbours(equation: Equation, training: Training, batch: Batch) -> tuple:
    """Return the layer above the equation's layer, and the buffers of both."""
    l = equation.layer
    above: Layer = training.network.layers[l]
    return above, batch.layers[l], batch.layers[l - 1]
