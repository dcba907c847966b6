"""Derivation: every equation of one training step, numbered in the order of computation.

Forward, the loss, back, the penalties, the update. A number means the same line on every page, in
the formulas of the derivation and in the numbers of a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from engine.explain.index_forms import chain_rule, unit_form
from engine.explain.naming import array_words, numpy_lines
from engine.explain.source import Source, source_of_function, with_source
from engine.nn import (
    ACTIVATIONS,
    OPTIMIZERS,
    Array,
    Batch,
    Equation,
    Forms,
    Formula,
    Label,
    Step,
    Symbol,
    Terms,
    backward,
    forward,
    sum_of_absolutes,
    sum_of_squares,
    write,
)
from engine.nn import symbols as sym
from engine.training import OutputHead, Training

OF_ONE = sym.W.at("l")
SQUARES = (
    sym.sum_over_weights,
    " ",
    Forms((sym.W, " ", sym.times, " ", sym.W), ("(", OF_ONE, ")^2")),
)
SIZES = (sym.sum_over_weights, " ", Forms(("|", sym.W, "|"), ("|", OF_ONE, "|")))


class Line(NamedTuple):
    """One line of the derivation, complete."""

    number: int  # from 0, through all phases
    equation: Equation
    unit_formula: Formula  # for one unit and one example
    chain_formula: Formula | None  # the chain rule behind it
    sources: tuple[Source, ...]  # the statement that yields it, then the functions it calls on
    numpy: tuple[str, ...]  # its calls, as a program of NumPy has them

    @property
    def unit(self) -> str:
        """Return the TeX for one unit and one example."""
        return write(self.unit_formula, unit=True)

    @property
    def chain(self) -> str:
        """Return the TeX of its chain rule, "" if it has none."""
        return self.chain_formula.tex if self.chain_formula else ""

    def parts(self, unit: bool) -> tuple[str, ...]:
        """Return the TeX of each formula of the line, for whole layers or for one unit."""
        formula = self.unit_formula if unit else self.equation.formula
        return tuple(write(part, unit) for part in formula.parts)


def derive(training: Training, batch: Batch | None = None) -> list[Line]:
    """Return every line of one step of a training, on its first batch if no other is given."""
    batch = first_batch(training) if batch is None else batch
    mixes = training.network.layers[-1].activation.mixes
    known = array_words(training, batch)
    return [
        Line(
            number,
            one,
            unit_form(one),
            chain_rule(one, mixes),
            tuple(
                x
                for x in (*textbook_sources(one), source, *registry_sources(one, training))
                if x.text
            ),
            numpy_lines(one, known),
        )
        for number, (one, source) in enumerate(with_source(step_equations(training, batch)))
    ]


def textbook_sources(equation: Equation) -> tuple[Source, ...]:
    """Return the function that has the steps of the books, where training runs others."""
    books = equation.shown if equation.phase == "update" else None
    return () if books is None else (source_of_function(books),)


def step_equations(training: Training, batch: Batch) -> Iterator[Equation]:
    """Yield the equations of one step on a batch in the order of the derivation."""
    yield from forward(training.network, batch)
    yield from loss_equations(training, batch)
    yield from backward(training.network, batch, training.output_head.loss)
    yield from training.after_gradient()


def first_batch(training: Training) -> Batch:
    """Return a batch as the training has it."""
    return training.chunks[0][1].groups[0].batches[0]


def loss_equations(training: Training, batch: Batch) -> Iterator[Equation]:
    """Yield the loss of the batch and, where weights cost something, what they add to it."""
    out, L = batch.layers[-1], np.zeros(())
    each = np.empty((1, batch.y.shape[1]))
    formula = training.output_head.loss.formula(len(batch.layers), batch.weights is not None)
    counts = () if batch.weights is None else (batch.weights,)
    step = Step(loss_of_each(training.output_head), (out.z, out.a, batch.y, *counts, each))
    yield Equation("loss", "loss", 0, formula, (step, Step(average, (each, L))))
    yield from penalty_equations(training, L)


def penalty_equations(training: Training, L: Array) -> Iterator[Equation]:
    """Yield what the weights add to the loss L (a scalar array), if there is a penalty."""
    config, network = training.config, training.network
    kinds = (
        (config.l2, sym.lambda2, SQUARES, write_sum_of_squares),
        (config.l1, sym.lambda1, SIZES, write_sum_of_absolutes),
    )
    terms, steps, names = list[Terms]([sym.L]), list[Step](), list[tuple[Array, Symbol | Label]]()
    for strength, symbol, of_all, summed in kinds:
        if strength:
            weight, total, cost = np.array(strength), np.zeros(()), np.zeros(())
            steps.append(Step(summed, (network.theta, network.is_weight, total)))
            steps += [Step(np.multiply, (weight, total, cost)), Step(np.add, (L, cost, L))]
            names += [(weight, symbol), (total, Label(of_all, "total"))]
            terms.append((" + ", symbol, " ", of_all))
    if steps:
        formula = Formula(sym.L, r"\leftarrow", tuple(terms))
        yield Equation("loss", "penalty", 0, formula, tuple(steps), tuple(names))


def loss_of_each(head: OutputHead) -> Callable[..., None]:
    """Return a function that writes the loss of each example of z, a, y (K, n) into `each` (1, n).

    How much each example counts (1, n) may stand between: the head counts it by its class.
    """

    def loss_of_each(z: Array, a: Array, y: Array, *counts_and_each: Array) -> None:
        """Write the loss of each example of z, a, y (K, n) into the last array (1, n)."""
        each = counts_and_each[-1]
        for i in range(each.size):
            own = slice(i, i + 1)
            each[0, i] = head.total(z[:, own], a[:, own], y[:, own])

    return loss_of_each


def average(each: Array, L: Array) -> None:
    """Write the mean of each (1, n) into the scalar L."""
    L[()] = each.mean()


def write_sum_of_squares(theta: Array, is_weight: Array, total: Array) -> None:
    """Write the sum of w² over the weights in theta (P,), without biases, into a scalar."""
    total[()] = sum_of_squares(theta * is_weight)


def write_sum_of_absolutes(theta: Array, is_weight: Array, total: Array) -> None:
    """Write the sum of |w| over the weights in theta (P,), without biases, into a scalar."""
    total[()] = sum_of_absolutes(theta * is_weight)


def registry_sources(equation: Equation, training: Training) -> tuple[Source, ...]:
    """Return the functions of the registries that describe an equation's steps."""
    loss, names, l = training.output_head.loss, training.network.activations, equation.layer
    own = ACTIVATIONS[names[l - 1]] if l else None
    functions: dict[str, tuple[Callable | None, ...]] = {
        "activation": (own.forward if own else None,),
        "slope": (own.back if own else None,),
        "loss": (loss.total,),
        "penalty": (penalty_equations,),
        "error": (loss.error, own.back if own and names[-1] != loss.canonical else None),
        "step": (OPTIMIZERS[training.config.optimizer].equations,),
    }
    return tuple(source_of_function(f) for f in functions.get(equation.rule, ()) if f)
