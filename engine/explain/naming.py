"""Naming: the names of the arrays of a step, as TeX for tables and as words for programs.

Python has no ^{(1)}: in a program W^{(1)} is W1, and an array for intermediate results is `work`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from engine.explain.trace import Name, as_row, flatten_operands, function_name, memory_key
from engine.language import marked
from engine.nn import (
    Array,
    Batch,
    Equation,
    Label,
    Partial,
    Step,
    Symbol,
    Terms,
    in_words,
    with_row_of_ones,
)
from engine.nn import symbols as sym
from engine.training import Training

PLAIN = {  # the engine's functions that are not ufuncs, as NumPy code
    "maximum_into": "np.maximum({0}, {1}, out={2})",
    "minimum_into": "np.minimum({0}, {1}, out={2})",
    "is_positive": "np.sign({0}, out={1})",
    "maximum.reduce": "np.max({0}, axis=0, out={-1})",
    "gradient_norm": "{1} = np.sqrt({0}.dot({0}))",
    "clip_factor": "{2} = {1} / max({0}, {1})",
    "loss_of_each": "each = loss({0}, {1}, {2})  # of each example",
    "average": "{1} = each.mean()",
    "write_sum_of_squares": "{2} = np.square(W).sum()  # of all layers",
    "write_sum_of_absolutes": "{2} = np.abs(W).sum()  # of all layers",
}
Known = Mapping[tuple, str]  # the key of an array -> its word


def named_arrays(training: Training, batch: Batch) -> Iterator[tuple[Array, Name]]:
    """Yield the arrays of a batch with their names: W is (n_out, n_in), z and a (n_out, n)."""
    network = training.network
    yield network.theta, Name(sym.theta, "theta")
    yield network.grad, Name(sym.g, "grad")
    yield training.rate, Name(sym.eta, "rate")
    yield batch.x, Name(with_row_of_ones(sym.a.at(0)), "x")
    yield batch.y, Name(sym.y, "y")
    if batch.weights is not None:
        yield batch.weights, Name(sym.w, "share")
    for l, (layer, own) in enumerate(zip(network.layers, batch.layers, strict=True), 1):
        W, a, both = sym.W.at(l), sym.a.at(l), weights_and_biases(l)
        yield layer.Wb, Name(both, "Wb", l)
        yield layer.dWb, Name(Partial(both), "dWb", l)
        yield layer.W, Name(W, "W", l)
        yield own.z, Name(sym.z.at(l), "z", l)
        yield own.slope, Name("", "slope", l)
        out = a if own.mask is None else sym.a_masked.at(l)
        if own.mask is not None:
            yield own.activations_with_bias[:-1], Name(out, "a", l)
            yield own.mask, Name((sym.M.at(l), " / (1 - ", sym.p, ")"), "mask", l)
        yield own.activations_with_bias, Name(with_row_of_ones(out), "out", l)
        yield own.a, Name(a, "a", l)


def weights_and_biases(l: int) -> Terms:
    """Return the terms of all parameters of layer l: its weights and its biases."""
    return ("[", sym.W.at(l), r"\; ", sym.b.at(l), "]")


def names_by_layer(name: Name, layers: int) -> tuple[Terms, ...]:
    """Return the names of each layer's part of an array with one number for each parameter."""
    own = [weights_and_biases(l) for l in range(1, layers + 1)]
    if name.kind == "theta":
        return tuple(own)
    if name.kind == "grad":
        return tuple(Partial(both) for both in own)
    return tuple((name.terms, " ", in_words(marked("of")), " ", both) for both in own)


def array_words(training: Training, batch: Batch) -> dict[tuple, str]:
    """Return the words that a program has for the arrays of a batch."""
    found = {memory_key(array): array_word(name) for array, name in named_arrays(training, batch)}
    for l, own in enumerate(batch.layers, 1):
        found |= {memory_key(own.delta): f"delta{l}", memory_key(own.backprop_buffer): f"delta{l}"}
        if own.mask is not None:
            found[memory_key(own.a)] = f"a{l}_unmasked"
    return found


def array_word(name: Name) -> str:
    """Return the word for what has this name."""
    word = {"grad": "g", "rate": "eta", "share": "w", "out": "a"}.get(name.kind, name.kind)
    return f"{word}{name.layer or ''}"


def numpy_lines(equation: Equation, known: Known) -> tuple[str, ...]:
    """Return the calls of an equation as a program of NumPy has them, one in each line."""
    shown = None if equation.shown is None else equation.shown()
    steps, names = equation.steps, equation.names
    if shown is not None:
        steps, names = shown.steps, (*names, *shown.names)
    own = {memory_key(array): symbol_word(symbol) for array, symbol in names} | dict(known)
    if equation.phase == "loss":
        own[memory_key(equation.result)] = "L"
    lines, written = [], set[tuple]()
    for step in steps:
        lines.append(numpy_line(step, own, written))
        written |= {memory_key(as_row(one)) for one in flatten_operands([step.operands[-1]])}
    return tuple(lines)


def numpy_line(step: Step, known: dict[tuple, str], written: set[tuple]) -> str:
    """Return one call; what has no word yet gets one."""
    owner, function = getattr(step.f, "__self__", None), function_name(step)
    arrays = [*([owner] if isinstance(owner, np.ndarray) else []), *flatten_operands(step.operands)]
    arrays = [as_row(one) if isinstance(one, np.ndarray) else one for one in arrays]
    words = [operand_word(one, known, written, one is arrays[-1]) for one in arrays]
    if function == "dot":
        words = ["ones" if word == "1" else word for word in words]
    if function in PLAIN:
        return PLAIN[function].replace("{-1}", words[-1]).format(*words)
    prefix = "np." if hasattr(np, function) else ""
    return f"{prefix}{function}({', '.join(words[:-1])}, out={words[-1]})"


def operand_word(one: object, known: dict[tuple, str], written: set[tuple], result: bool) -> str:
    """Return the text of an operand: its word, its transpose with .T, or its number."""
    if not isinstance(one, np.ndarray):
        return str(one)
    key = memory_key(one)
    address, shape, strides = key
    if key in known:
        return known[key]
    if (address, shape[::-1], strides[::-1]) in known:
        return known[address, shape[::-1], strides[::-1]] + ".T"
    if not result and key not in written:
        return f"{one.flat[0]:.6g}" if (one == one.flat[0]).all() else "constant"
    known[key] = "work" + str(sum(word.startswith("work") for word in known.values()) or "")
    return known[key]


def symbol_word(symbol: Symbol | Label) -> str:
    """Return the word for a symbol: eps, beta1, 1 - beta1^t as one_minus_beta1_t."""
    return symbol.word or (symbol.name if isinstance(symbol, Symbol) else "")
