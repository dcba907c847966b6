"""The walk: one mini-batch of a run, equation by equation, with every number on the way.

It carries out the very equations that training replays, on a training of its own, and writes down
what each call read and left. So the weights at its end are those that training arrives at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from engine.equations import Array, Equation, Step, replay
from engine.heads import Head
from engine.network import Network
from engine.program import Batch, batch_of
from engine.run import Run
from engine.source import Source, source_of_function, with_source
from engine.tape import Call, Name, Tape
from engine.training import Training, draw_masks

L1, L2 = r"\lambda_1 \sum |W|", r"\lambda_2 \sum W^2"
CHANGING = ("delta", "back")  # what is called by other names as it goes on its way back
KINDS = {"back": "back", "backward": "delta", "update": "memory", "loss": "loss"}
LEFT_SIDE = re.compile(r"(.*?)\s*(?:=|\\leftarrow)")


class Line(NamedTuple):
    """One equation as it was carried out."""

    equation: Equation
    tex: str  # of this network: its last layer by its number
    sources: tuple[Source, ...]  # where it is written down, the equation itself first
    calls: tuple[Call, ...]


class Walk(NamedTuple):
    """One mini-batch, from its examples to the changed weights."""

    epoch: int  # the parameters at the start are those after so many epochs
    number: int  # which batch of the next epoch, from 0; -1 for one example alone
    batches: int  # how many that epoch has
    examples: Array  # (n,) indices into the data
    training: Training  # as it is after the update
    batch: Batch
    tape: Tape
    lines: tuple[Line, ...]


def walk(run: Run, epoch: int, number: int = 0) -> Walk:
    """Batch `number` of the epoch that follows `epoch`, after the batches before it."""
    training = brought_to(run, epoch)
    with np.errstate(all="ignore"):
        batch, places, batches = dealt(training, number)
        examples = run.dataset.train[places]
        return walked(Walk(epoch, number, batches, examples, training, batch, Tape(()), ()))


def walk_example(run: Run, epoch: int, example: int) -> Walk:
    """One example (an index into the data) as a batch of its own, with masks of its own."""
    training, data = brought_to(run, epoch), run.dataset
    if not 0 <= example < data.n:
        raise ValueError(f"example must lie between 0 and {data.n - 1}; {example} was given.")
    config, head, kind = training.config, training.head, training.memory.dtype
    X = data.network_inputs(data.inputs[:, [example]])
    y = head.encode(data.network_targets(data.targets[..., [example]])).astype(kind)
    x = np.vstack([X, np.ones((1, 1))]).astype(kind)
    if config.input_dropout:
        mask = np.ones((len(X), 1), kind)
        draw_masks(training.drop, [mask], config.input_dropout)
        x[:-1] *= mask
    masked = [share > 0 for share in config.layer_dropouts]
    batch = batch_of(x, y, training.sizes, masked, head.weights_of(y))
    for own, share in zip(batch.layers, config.layer_dropouts, strict=False):
        if own.mask is not None:
            draw_masks(training.drop, [own.mask], share)
    alone = Walk(epoch, -1, 1, np.array([example]), training, batch, Tape(()), ())
    with np.errstate(all="ignore"):
        return walked(alone)


def brought_to(run: Run, epoch: int) -> Training:
    """A training of its own with the state of the run after `epoch` epochs."""
    if not 0 <= epoch <= run.epochs:
        raise ValueError(f"epoch must lie between 0 and {run.epochs}; {epoch} was given.")
    training = Training(run.config, run.dataset)
    training.epochs = -1  # whatever it holds, it is not of this run
    with np.errstate(all="ignore"):
        run.rewind(training, epoch)
    return training


def dealt(training: Training, number: int) -> tuple[Batch, Array, int]:
    """The batch, its examples' places in the training part, how many batches the epoch has."""
    counts = [sum(len(group.batches) for group in chunk.groups) for _, chunk in training.chunks]
    if not 0 <= number < sum(counts):
        raise ValueError(f"batch must lie between 0 and {sum(counts) - 1}; {number} was given.")
    order, k = training.begin(), number
    for (first, chunk), count in zip(training.chunks, counts, strict=True):
        training.deal(order, first, chunk)
        length = len(chunk.steps) // count  # steps per batch
        replay(chunk.steps[: k * length])
        if k < count:
            batches = [batch for group in chunk.groups for batch in group.batches]
            start = first + sum(batch.y.shape[1] for batch in batches[:k])
            own = order[start : start + batches[k].y.shape[1]]
            return batches[k], own, sum(counts)
        k -= count
    raise AssertionError("unreachable: the batch lies in one of the chunks")


def walked(start: Walk) -> Walk:
    """The walk with every line carried out."""
    training, batch = start.training, start.batch
    tape = Tape(names_of(training, batch))
    planned = list(planned_lines(training, batch, tape))
    lines = tuple(carried_out(tape, equation, sources, batch) for equation, sources in planned)
    return start._replace(tape=tape, lines=lines)


def carried_out(tape: Tape, equation: Equation, sources: tuple[Source, ...], batch: Batch) -> Line:
    """The line; from its last call on, what it leaves is called by the equation's left side."""
    tex, result = of_layer(equation.tex, len(batch.layers)), equation.result
    left, name = LEFT_SIDE.match(tex), tape.name_of(equation.result)
    if left and (name.kind in CHANGING or not name.symbol):
        kind = KINDS.get(equation.rule, KINDS.get(equation.phase, ""))
        name = Name(left[1], kind, equation.layer)
        if equation.phase == "update":
            tape.call(result, name)  # the memory is called so before it is changed, too
    calls = []
    for step in equation.steps[:-1]:
        calls.append(tape.carry_out(step))
        if step.operands[-1] is result:
            tape.call(result, Name(""))  # half done
    calls.append(tape.carry_out(equation.steps[-1], name))
    if equation.phase == "backward" and equation.rule != "gradient":
        tape.call(batch.layers[equation.layer - 1].delta, name._replace(kind="delta"))
    return Line(equation, tex, sources, tuple(calls))


def planned_lines(
    training: Training, batch: Batch, tape: Tape
) -> Iterator[tuple[Equation, tuple[Source, ...]]]:
    """Every equation in order with where it is written down; the loss comes after the forward."""
    own = list(with_source(training.gradient(batch)))
    own += list(with_source(training.after_gradient()))
    forward = [pair for pair in own if pair[0].phase == "forward"]
    rest = [pair for pair in own if pair[0].phase != "forward"]
    for equation, source in forward:
        yield equation, (source, *behind(equation, training))
    yield from loss_lines(training, batch, tape)
    for equation, source in rest:
        yield equation, (source, *behind(equation, training))


def behind(equation: Equation, training: Training) -> Iterator[Source]:
    """The function that wrote the steps of an equation, where that is not the equation's own."""
    layer = training.network.layers[equation.layer - 1]
    made_by: dict[str, Callable] = {
        "activation": layer.activation.forward,
        "slope": layer.activation.back,
        "error": training.head.loss.error,
    }
    if equation.rule in made_by:
        yield source_of_function(made_by[equation.rule])


def loss_lines(
    training: Training, batch: Batch, tape: Tape
) -> Iterator[tuple[Equation, tuple[Source, ...]]]:
    """The loss of the batch and the penalty: training follows them down but never asks for them."""
    head, config, top = training.head, training.config, batch.layers[-1]
    each, mean = np.empty((1, batch.y.shape[1])), np.empty(())
    tape.call(each, Name(r"\ell", "each"))
    steps = (
        Step(loss_of_each(head), (top.z, top.a, batch.y, each)),
        Step(average, (each, mean)),
    )
    tex, source = head.loss.tex, source_of_function(head.loss.total)
    yield Equation("loss", "loss", len(batch.layers), tex, steps), (source,)
    if config.l1 or config.l2:
        network, R = training.network, np.empty(())
        step = Step(penalty_of(network, config.l1, config.l2), (network.theta, R))
        terms = [tex for tex, rate in ((L2, config.l2), (L1, config.l1)) if rate]
        equation = Equation("loss", "penalty", 0, "R = " + " + ".join(terms), (step,))
        yield equation, (source_of_function(penalty_of),)


def loss_of_each(head: Head) -> Callable[[Array, Array, Array, Array], None]:
    """A function that writes the loss of each example into its last operand (1, n)."""

    def loss_of_each(z: Array, a: Array, y: Array, each: Array) -> None:
        for i in range(each.size):
            own = slice(i, i + 1)
            each[0, i] = head.total(z[:, own], a[:, own], y[:, own])

    return loss_of_each


def average(each: Array, mean: Array) -> None:
    """Nothing; writes the mean of each (1, n) into mean."""
    mean[()] = each.mean()


def penalty_of(network: Network, l1: float, l2: float) -> Callable[[Array, Array], None]:
    """A function that writes the penalty on theta into its last operand."""
    is_weight = network.is_weight

    def penalty(theta: Array, R: Array) -> None:
        W = theta * is_weight
        R[()] = l2 * float(W.dot(W)) + l1 * float(np.abs(W).sum())

    return penalty


def names_of(training: Training, batch: Batch) -> Iterator[tuple[Array, Name]]:
    """What the arrays of a batch are called."""
    network = training.network
    yield network.theta, Name(r"\theta", "theta")
    yield network.grad, Name("g", "grad")
    yield training.rate, Name(r"\eta", "rate")
    yield batch.x, Name("a^{0}", "x")
    yield batch.y, Name("y", "y")
    if batch.weights is not None:
        yield batch.weights, Name("w", "share")
    for l, (layer, own) in enumerate(zip(network.layers, batch.layers, strict=True), 1):
        yield layer.Wb, Name(rf"[W^{{{l}}}\; b^{{{l}}}]", "Wb", l)
        yield layer.dWb, Name(slope_in(rf"[W^{{{l}}}\; b^{{{l}}}]"), "dWb", l)
        yield layer.W, Name(rf"W^{{{l}}}", "W", l)
        yield own.z, Name(rf"z^{{{l}}}", "z", l)
        yield own.slope, Name("", "slope", l)
        if own.mask is not None:
            yield own.out, Name(rf"\tilde a^{{{l}}}", "out", l)
            yield own.out[:-1], Name(rf"\tilde a^{{{l}}}", "a", l)
            yield own.mask, Name(rf"M^{{{l}}} / (1 - p)", "mask", l)
        else:
            yield own.out, Name(rf"a^{{{l}}}", "out", l)
        yield own.a, Name(rf"a^{{{l}}}", "a", l)


def slope_in(symbol: str) -> str:
    """The TeX of the gradient of the loss in what the symbol names."""
    return rf"\frac{{\partial L}}{{\partial {symbol}}}"


def of_layer(tex: str, L: int) -> str:
    """The formula of a network of L layers: its last layer by number."""
    return tex.replace("^L", f"^{{{L}}}")
