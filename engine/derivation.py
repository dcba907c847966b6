"""Derivation: every equation of one training step, numbered in the order in which it is worked out.

Forward, the loss, back, the penalties, the update. A number means the same line wherever the step
is shown: as formulas to be derived, or as numbers to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.equations import Array, Equation, Step
from engine.forms import chain, unit_form
from engine.heads import Head
from engine.optimizers import OPTIMIZERS
from engine.program import Batch, backward, forward
from engine.source import Source, source_of_function, with_source
from engine.training import Training


class Line(NamedTuple):
    """One line of the derivation, complete."""

    number: int  # from 0, through all phases
    equation: Equation
    unit: str  # TeX for one unit and one example
    chain: str  # TeX of the chain rule behind it, "" where it is none
    sources: tuple[Source, ...]  # the statement that yields it, then the functions it calls on


def lines(training: Training, batch: Batch | None = None) -> list[Line]:
    """Every line of one step of a training, on its first batch if no other is given."""
    batch = first_batch(training) if batch is None else batch
    return [
        Line(number, one, unit_form(one), chain(one), (source, *called(one, training)))
        for number, (one, source) in enumerate(with_source(walk(training, batch)))
    ]


def walk(training: Training, batch: Batch) -> Iterator[Equation]:
    """The equations of one step on a batch in the order of the derivation."""
    yield from forward(training.network, batch)
    yield from measure(training, batch)
    yield from backward(training.network, batch, training.head.loss)
    yield from training.after_gradient()


def first_batch(training: Training) -> Batch:
    """A batch as the training has it."""
    return training.chunks[0][1].groups[0].batches[0]


def measure(training: Training, batch: Batch) -> Iterator[Equation]:
    """The loss of the batch and, where weights cost something, what they add to it."""
    config, network, out = training.config, training.network, batch.layers[-1]
    each, L = np.empty((1, batch.y.shape[1])), np.zeros(())
    tex = training.head.loss.tex.replace("^L", f"^{{{len(batch.layers)}}}")
    if batch.weights is not None:
        tex = tex.replace(r"\sum ", r"\sum w\, ")
    told = Step(loss_of_each(training.head), (out.z, out.a, batch.y, each))
    yield Equation("loss", "loss", 0, tex, (told, Step(average, (each, L))))
    costs = ((config.l2, r"\lambda_2 \sum W^2"), (config.l1, r"\lambda_1 \sum |W|"))
    if any(strength for strength, _ in costs):
        tex = r"L \leftarrow L + " + " + ".join(tex for strength, tex in costs if strength)
        operands = (L, network.theta, network.is_weight, (config.l1, config.l2), L)
        yield Equation("loss", "penalty", 0, tex, (Step(penalise, operands),))


def loss_of_each(head: Head) -> Callable[[Array, Array, Array, Array], None]:
    """A function that writes the loss of each example of z, a, y (K, n) into its last operand."""

    def loss_of_each(z: Array, a: Array, y: Array, each: Array) -> None:
        for i in range(each.size):
            own = slice(i, i + 1)
            each[0, i] = head.total(z[:, own], a[:, own], y[:, own])

    return loss_of_each


def average(each: Array, L: Array) -> None:
    """Nothing; writes the mean of each (1, n) into L."""
    L[()] = each.mean()


def penalise(
    data: Array, theta: Array, is_weight: Array, strengths: tuple[float, float], L: Array
) -> None:
    """Nothing; writes the loss of the data and what the weights cost, by L1 and by L2, into L."""
    W, (l1, l2) = theta * is_weight, strengths
    L[()] = data + l2 * W.dot(W) + l1 * np.abs(W).sum()


def called(equation: Equation, training: Training) -> tuple[Source, ...]:
    """The functions of the registries that describe an equation's steps."""
    loss, names, l = training.head.loss, training.network.activations, equation.layer
    own = ACTIVATIONS[names[l - 1]] if l else None
    functions: dict[str, tuple[Callable | None, ...]] = {
        "activation": (own and own.forward,),
        "slope": (own and own.back,),
        "loss": (loss.total,),
        "error": (loss.error, None if names[-1] == loss.canonical else own and own.back),
        "step": (OPTIMIZERS[training.config.optimizer].equations,),
    }
    return tuple(source_of_function(f) for f in functions.get(equation.rule, ()) if f)
