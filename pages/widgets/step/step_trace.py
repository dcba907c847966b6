"""The step trace for the browser: all of it in one message, so no further step asks for more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.explain import (
    DEPENDENCY_RULES,
    Call,
    Line,
    Name,
    Operand,
    Result,
    StepTrace,
    Trace,
    TracedLine,
    View,
    names_by_layer,
)
from engine.language import tr
from engine.nn import (
    Array,
    Terms,
    count_parameters,
    terms_text,
    without_ones,
    write_terms,
    write_text,
)
from engine.training import Run
from pages.figures.base.text import many
from pages.figures.base.url import run_query
from pages.figures.theory.rule_text import RULE_NAMES, rule_sentence
from pages.figures.theory.shapes import Shapes, shapes_of, shapes_text, with_shapes
from pages.live.payload import encode
from pages.live.setup import outputs, probe_label, spoken
from pages.widgets.session import session

MOST_NUMBERS = 1_500_000  # 12 MB
PER_UNIT, PER_PARAMETER = 7, 4  # numbers that each unit and example, and each parameter, give


class Gathered(NamedTuple):
    """What the lines of a trace refer to by number."""

    names: dict[tuple[str, bool], dict[str, object]]  # (TeX, one per parameter) -> for the browser
    cells: list[Array]  # the results of the calls, of any shape


def refuse_large_batch(run: Run, examples: int) -> None:
    """Raise ValueError if the trace of a batch has too many numbers, before it is made."""
    sizes = run.network.sizes
    least = PER_UNIT * examples * sum(sizes[1:]) + PER_PARAMETER * count_parameters(sizes)
    if least > MOST_NUMBERS:
        raise ValueError(refusal(examples, tr("at least {least:,}", least=least)))


def refusal(examples: int, numbers: str) -> str:
    """Return the sentence that says why a batch is not shown."""
    return tr(
        "A batch of {examples} gives {numbers} numbers, but at most {most:,} "
        "can be shown. Choose one example, or a smaller batch size.",
        examples=many(examples, "example"),
        numbers=numbers,
        most=MOST_NUMBERS,
    )


def trace_message(run: Run, trace: StepTrace, line: int = 0, place: int = 0) -> bytes:
    """Return the trace for the browser; raise ValueError if it has too many numbers.

    The browser begins at `line`, and writes `place`, that of an example alone, into the address.
    """
    gathered = Gathered({}, [])
    lines = [line_data(own, trace, gathered) for own in trace.lines]
    ranges = [buffer_range(trace.tape, number) for number in range(len(trace.tape.initial))]
    kept = [
        initial[first:end]
        for initial, (first, end), needed in zip(
            trace.tape.initial, ranges, trace.tape.needed, strict=True
        )
        if needed
    ]
    numbers = sum(map(np.size, (*gathered.cells, *kept)))
    if numbers > MOST_NUMBERS:
        raise ValueError(refusal(len(trace.examples), f"{numbers:,}"))
    meta = trace_summary(run, trace) | {
        "line": line,
        "place": place,
        "lines": lines,
        "names": list(gathered.names.values()),
        "views": [view_data(view, ranges[view.buffer][0]) for view in trace.tape.views],
        "buffers": [
            [end - first, needed]
            for (first, end), needed in zip(ranges, trace.tape.needed, strict=True)
        ],
        "reach": {name: [own.kind, tr(own.form)] for name, own in DEPENDENCY_RULES.items()},
    }
    return encode(
        meta, {"initial": concatenate_arrays(kept), "results": concatenate_arrays(gathered.cells)}
    )


def trace_summary(run: Run, trace: StepTrace) -> dict[str, object]:
    """Return the run, the batch and the network that the trace is of."""
    data, network, own = run.dataset, run.network, session()
    return {
        "query": run_query(run.config, run.events, own.pair, own.controls),
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
            "inputs": list(data.shown(data.features)),
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


def view_data(view: View, low: int) -> list[object]:
    """Return a view as [buffer, first cell, shape, strides], its buffer starting at `low`."""
    return [view.buffer, view.first - low, list(view.shape), list(view.strides)]


def line_data(own: TracedLine, trace: StepTrace, gathered: Gathered) -> dict[str, object]:
    """Return a line for the browser; add its names and results to `gathered`."""
    line, equation = own.line, own.line.equation
    sizes, optimizer = trace.training.sizes, trace.training.config.optimizer
    return formulas_data(line, shapes_of(sizes, len(trace.examples))) | {
        "phase": equation.phase,
        "rule": equation.rule,
        "layer": equation.layer,
        "name": tr(RULE_NAMES[equation.phase, equation.rule]),
        "sentence": rule_sentence(equation, optimizer, len(sizes) - 1),
        "numpy": list(line.numpy),
        "sources": [source._asdict() for source in line.sources],
        "calls": [call_data(call, trace, gathered) for call in own.calls],
    }


def formulas_data(line: Line, shapes: Shapes) -> dict[str, object]:
    """Return the formulas of a line; None if it is the same as the first."""
    formula, unit, chain = line.equation.formula, line.unit_formula, line.chain_formula
    shaped = with_shapes(formula, shapes)
    return {
        "formula": tex_and_text(formula.tex, formula.text),
        "left": terms_data(formula.left),
        "shaped": tex_and_text(shaped, shapes_text(formula, shapes))
        if shaped != formula.tex
        else None,
        "unit": tex_and_text(line.unit, write_text(unit, True))
        if line.unit != formula.tex
        else None,
        "chain": tex_and_text(chain.tex, chain.text) if chain else None,
    }


def tex_and_text(tex: str, text: str) -> dict[str, str]:
    """Return a formula for the browser, which sets the TeX and reads the text aloud."""
    return {"tex": tex, "text": text}


def terms_data(terms: Terms) -> dict[str, str]:
    """Return terms for the browser."""
    return tex_and_text(write_terms(terms), terms_text(terms))


def call_data(call: Call, trace: StepTrace, gathered: Gathered) -> list[object]:
    """Return [function, operands, results]; the number of a result is its index in the cells."""
    read = [
        entry_data(one, trace, gathered) if one.view >= 0 else [-1, one.value]
        for one in call.operands
    ]
    left = [entry_data(one, trace, gathered) for one in call.results]
    gathered.cells.extend(one.cells.ravel() for one in call.results)
    return [call.function, read, left]


def entry_data(one: Operand | Result, trace: StepTrace, gathered: Gathered) -> list[object]:
    """Return an array for the browser: its view, the number of its name or -1, kind and layer."""
    name, sizes = one.name, trace.training.sizes
    if not name.symbol:
        return [one.view, -1, name.kind, name.layer]
    whole = trace.tape.views[one.view].shape[:1] == (count_parameters(sizes),)
    names, key = gathered.names, (name.symbol, whole)
    if key not in names:
        names[key] = name_data(name, len(sizes) - 1 if whole else 0)
    return [one.view, list(names).index(key), name.kind, name.layer]


def name_data(name: Name, layers: int) -> dict[str, object]:
    """Return a name for the browser, and what its part of each of the first `layers` is called."""
    return {
        **terms_data(name.terms),
        "letter": terms_text(without_ones(name.terms)),
        "transposed": name.transposed,
        "layers": [terms_data(part) for part in names_by_layer(name, layers)],
    }


def concatenate_arrays(parts: list[Array]) -> Array:
    """Return all numbers as one array (n,)."""
    return np.concatenate([np.empty(0), *(np.ravel(part) for part in parts)])
