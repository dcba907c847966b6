"""The step trace for the browser: all of it in one message, so no further step asks for more."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.explain import DEPENDENCY_RULES, Call, Name, StepTrace, Trace, TracedLine, View
from engine.nn import Array, write_terms
from engine.training import Run
from pages.figures.base.text import many
from pages.figures.theory.rule_text import RULE_NAMES, rule_sentence
from pages.figures.theory.shapes import shapes_of, with_shapes
from pages.widgets.train.payload import encode
from pages.widgets.train.player import query_of_run
from pages.widgets.train.setup import outputs, probe_label, spoken

MOST_NUMBERS = 1_500_000  # 12 MB


def trace_message(run: Run, trace: StepTrace, line: int = 0, place: int = 0) -> bytes:
    """Return the trace for the browser; raise ValueError if it has too many numbers.

    The browser begins at `line`, and writes `place`, that of an example alone, into the address.
    """
    cells: list[Array] = []
    lines = [line_data(own, trace, cells) for own in trace.lines]
    ranges = [buffer_range(trace.tape, number) for number in range(len(trace.tape.initial))]
    kept = [
        initial[first:end]
        for initial, (first, end), needed in zip(
            trace.tape.initial, ranges, trace.tape.needed, strict=True
        )
        if needed
    ]
    numbers = sum(map(np.size, (*cells, *kept)))
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"A batch of {many(len(trace.examples), 'example')} gives {numbers:,} numbers, but at "
            f"most {MOST_NUMBERS:,} can be shown. Choose one example, or a smaller batch size."
        )
    meta = trace_summary(run, trace) | {
        "line": line,
        "place": place,
        "lines": lines,
        "views": [view_data(view, ranges[view.buffer][0]) for view in trace.tape.views],
        "buffers": [
            [end - first, needed]
            for (first, end), needed in zip(ranges, trace.tape.needed, strict=True)
        ],
        "reach": {name: list(reach) for name, reach in DEPENDENCY_RULES.items()},
    }
    return encode(meta, {"initial": concatenate_arrays(kept), "results": concatenate_arrays(cells)})


def trace_summary(run: Run, trace: StepTrace) -> dict[str, Any]:
    """Return the run, the batch and the network that the trace is of."""
    data, network = run.dataset, run.network
    return {
        "query": query_of_run(run),
        "epoch": trace.epoch,
        "batch": trace.number,
        "batches": trace.batches,
        "examples": [probe_label(data, int(i)) for i in trace.examples],
        "rows": trace.examples.tolist(),
        "task": data.task,
        "loss": trace.training.output_head.loss_name,
        "network": {
            "sizes": list(network.sizes),
            "activations": list(spoken(network.activations)),
            "inputs": list(data.features),
            "outputs": outputs(run),
        },
    }


def buffer_range(tape: Trace, buffer: int) -> tuple[int, int]:
    """Return the first cell of a buffer that a view shows, and the one after the last."""
    own = [view for view in tape.views if view.buffer == buffer]
    lasts = [
        view.first + sum((n - 1) * s for n, s in zip(view.shape, view.strides, strict=True))
        for view in own
    ]
    return min(view.first for view in own), max(lasts) + 1


def view_data(view: View, low: int) -> list[Any]:
    """Return a view as [buffer, first cell, shape, strides], its buffer starting at `low`."""
    return [view.buffer, view.first - low, list(view.shape), list(view.strides)]


def line_data(own: TracedLine, trace: StepTrace, cells: list[Array]) -> dict[str, Any]:
    """Return a line for the browser; append the results of its calls to `cells`."""
    line, equation = own.line, own.line.equation
    sizes, optimizer = trace.training.sizes, trace.training.config.optimizer
    return {
        "phase": equation.phase,
        "rule": equation.rule,
        "layer": equation.layer,
        "tex": equation.tex,
        "left": write_terms(equation.formula.left),
        "shaped": with_shapes(equation.formula, shapes_of(sizes, len(trace.examples))),
        "name": RULE_NAMES[equation.phase, equation.rule],
        "sentence": rule_sentence(equation, optimizer, len(sizes) - 1),
        "unit": line.unit,
        "chain": line.chain,
        "numpy": list(line.numpy),
        "sources": [source._asdict() for source in line.sources],
        "calls": [call_data(call, cells) for call in own.calls],
    }


def call_data(call: Call, cells: list[Array]) -> list[Any]:
    """Return [function, operands, results]; the number of a result is its index in `cells`."""
    read = [
        [one.view, *name_data(one.name)] if one.view >= 0 else [-1, one.value]
        for one in call.operands
    ]
    left = []
    for one in call.results:
        left.append([one.view, *name_data(one.name)])
        cells.append(one.cells.ravel())
    return [call.function, read, left]


def name_data(name: Name) -> tuple[str, str, int]:
    """Return a name for the browser: TeX, kind, layer."""
    return name.symbol, name.kind, name.layer


def concatenate_arrays(parts: list[Array]) -> Array:
    """Return all numbers as one array (n,)."""
    return np.concatenate([np.empty(0), *(np.ravel(part) for part in parts)])
