"""The step trace: one mini-batch of a run, equation by equation, with every number.

It computes the same equations as training, on a separate training, and records the inputs and the
result of each call. So its last weights are those of training.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.explain.derivation import Line
from engine.explain.derivation import derive as lines_of
from engine.explain.naming import named_arrays
from engine.explain.trace import Call, Name, Trace
from engine.language import tr
from engine.nn import Array, Batch, Equation, Step, batch_of, execute, flatten_steps
from engine.training import Run, Training, draw_masks

CHANGING = ("delta", "back")  # arrays that get other names on the way back
KINDS = {"back": "back", "backward": "delta", "update": "memory", "loss": "loss"}


class TracedLine(NamedTuple):
    """An equation that was computed."""

    line: Line
    calls: tuple[Call, ...]


class StepTrace(NamedTuple):
    """One mini-batch, from its examples to the updated weights."""

    epoch: int  # the epoch of the parameters at the start
    number: int  # which batch of the next epoch, from 0; -1 for one example alone
    batches: int  # how many that epoch has
    examples: Array  # (n,) indices into the data
    training: Training  # as it is after the update
    batch: Batch
    tape: Trace
    lines: tuple[TracedLine, ...]


def trace_batch(run: Run, epoch: int, number: int = 0) -> StepTrace:
    """Return the trace of batch `number` of the epoch after `epoch`, once those before it ran."""
    training = training_at(run, epoch)
    with np.errstate(all="ignore"):
        batch, places, batches = load_batch(training, number)
        examples = run.dataset.train[places]
        return trace(StepTrace(epoch, number, batches, examples, training, batch, Trace(()), ()))


def trace_example(run: Run, epoch: int, example: int) -> StepTrace:
    """Return the trace of one example (an index into the data), with masks drawn for it.

    Raises ValueError if there is no such example or epoch.
    """
    training, data = training_at(run, epoch), run.dataset
    training.rate[()] = training.learning_rate()
    if not 0 <= example < data.n:
        words = tr(
            "example must lie between 0 and {last}; {example} was given.",
            last=data.n - 1,
            example=example,
        )
        raise ValueError(words)
    config, head, kind = training.config, training.output_head, training.memory.dtype
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
    alone = StepTrace(epoch, -1, 1, np.array([example]), training, batch, Trace(()), ())
    with np.errstate(all="ignore"):
        return trace(alone)


def training_at(run: Run, epoch: int) -> Training:
    """Return a new training with the state of the run after `epoch` epochs.

    Raises ValueError if `epoch` is not between 0 and run.epochs.
    """
    if not 0 <= epoch <= run.epochs:
        words = tr(
            "epoch must lie between 0 and {last}; {epoch} was given.",
            last=run.epochs,
            epoch=epoch,
        )
        raise ValueError(words)
    training = Training(run.config, run.dataset)
    training.epochs = -1  # its numbers are not those of this run
    with np.errstate(all="ignore"):
        run.rewind(training, epoch)
    return training


def load_batch(training: Training, number: int) -> tuple[Batch, Array, int]:
    """Return the batch, its examples' places in the training part (n,), and the number of batches.

    Raises ValueError if the epoch has no batch of this number.
    """
    count = training.batch_count
    if not 0 <= number < count:
        words = tr(
            "batch must lie between 0 and {last}; {number} was given.",
            last=count - 1,
            number=number,
        )
        raise ValueError(words)
    order, k = training.begin_epoch(), number
    for first, chunk in training.chunks:
        training.load_chunk(order, first, chunk)
        batches, start = (batch for group in chunk.groups for batch in group.batches), first
        for batch, steps in zip(batches, chunk.programs, strict=True):
            n = batch.y.shape[1]
            if k == 0:
                return batch, order[start : start + n], count
            execute(steps)
            start, k = start + n, k - 1
    raise AssertionError("unreachable: the batch lies in one of the chunks")


def trace(start: StepTrace) -> StepTrace:
    """Return the trace with every line carried out."""
    training, batch = start.training, start.batch
    tape = Trace(named_arrays(training, batch))
    planned = lines_of(training, batch)
    lines = tuple(trace_line(tape, line, batch) for line in planned)
    return start._replace(tape=tape, lines=lines)


def trace_line(tape: Trace, line: Line, batch: Batch) -> TracedLine:
    """Return the line; from its last call on, its result has the name on the formula's left."""
    equation = line.equation
    steps, truth = textbook_steps(tape, equation)
    result = steps[-1].operands[-1]
    name = tape.name_of(result)
    if name.kind in CHANGING or not name.terms:
        kind = KINDS.get(equation.rule, KINDS.get(equation.phase, ""))
        name = Name(equation.formula.left, kind, equation.layer)
        if equation.phase == "update":
            tape.call(result, name)  # the memory is called so before it is changed, too
    if equation.rule == "loss":
        tape.call(steps[0].operands[-1], Name(r"\ell", "each"))
    calls = []
    for step in steps[:-1]:
        half_done = Name("") if step.operands[-1] is result else None
        calls.append(tape.carry_out(step, half_done))
    calls.append(tape.carry_out(steps[-1], name, truth))
    if equation.phase == "backward" and equation.rule != "gradient":
        tape.call(batch.layers[equation.layer - 1].delta, name._replace(kind="delta"))
    return TracedLine(line, tuple(calls))


def textbook_steps(tape: Trace, equation: Equation) -> tuple[tuple[Step, ...], Array | None]:
    """Return the steps to show, and what the equation's own leave if they are others (any shape).

    These have then been carried out, too, so the trace ends where training does, bit for bit.
    """
    steps, names, truth = equation.steps, equation.names, None
    if equation.shown is not None:
        shown = equation.shown()
        steps, names = shown.steps, (*names, *shown.names)
        result = steps[-1].operands[-1]
        before = result.copy()
        execute(flatten_steps([equation]))
        if np.shares_memory(result, equation.result):  # else a copy in textbook form
            truth = result.copy()
            result[...] = before
    for array, symbol in names:
        tape.call(array, Name(symbol, ("number", "memory", "")[array.ndim]))
    return steps, truth
