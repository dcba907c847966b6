"""Pictures in words: how a figure is read out, and names that fit where they are printed.

Counting starts at 1, as people count. Numbers are written as the whole app writes them.
"""

import re
from collections.abc import Sequence
from html import escape
from math import isnan
from typing import Any

import numpy as np

from engine.language import listed, many
from engine.number_format import MINUS as MINUS
from engine.number_format import NOTHING as NOTHING
from engine.number_format import THIN as THIN
from engine.number_format import count, number, superscript
from engine.number_format import percent as percent
from engine.number_format import subscript as subscript

Array = np.ndarray
# Overrides and embeddings of direction, control characters that are no blanks, lone surrogates.
UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")


def clip(name: str, most: int) -> str:
    """Return `name` in at most `most` characters, the last one … if something is missing."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def clipped(names: Sequence[str], most: int) -> list[str]:
    """Return names of at most `most` characters, without units, and different if possible.

    Where ends that are cut off leave two the same, the middles are cut out instead.
    """
    bare = [name.split(" (")[0] if len(name) > most else name for name in names]
    short = [clip(name, most) for name in bare]
    if len(set(short)) == len(set(names)):
        return short
    head, tail = (most - 1) // 2, most - 1 - (most - 1) // 2
    return [name if len(name) <= most else f"{name[:head]}…{name[-tail:]}" for name in bare]


def visible(text: str) -> str:
    """Return `text` with invisible control characters written out, as in [U+202E].

    They turn the direction of what follows, also of our own words, or are no characters at all.
    """
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def plain(name: str) -> str:
    """Return a name from an uploaded table for Plotly: no tags, no templates, no TeX."""
    escaped = escape(visible(name), quote=False)
    return escaped.replace("%{", "%&#123;").replace("$", "&#36;")


def network_in_words(sizes: Sequence[int], activations: Sequence[str]) -> str:
    """Return a network's inputs, hidden layers, outputs and activations in words."""
    hidden = [f"{n} {name}" for n, name in zip(sizes[1:-1], activations[:-1], strict=True)]
    middle = "no hidden layer"
    if hidden:
        layers = "a hidden layer" if len(hidden) == 1 else f"{len(hidden)} hidden layers"
        units = listed(hidden) + (" unit" if hidden[-1].startswith("1 ") else " units")
        middle = f"{layers} of {units}"
    first, last = many(sizes[0], "input"), many(sizes[-1], f"{activations[-1]} output")
    return f"Network: {first}, {middle}, {last}."


def decision_in_words(dataset: Any, pair: Sequence[int]) -> str:
    """Return what the decision figure's map or curve shows, and which examples lie on it."""
    names = [dataset.input_names[i] for i in pair]
    what = "predicted value" if dataset.task == "regression" else "predicted class"
    shown = f"The {what} over {listed(names)}"
    parts = [(len(dataset.train), "training"), (len(dataset.validation), "validation")]
    marks = listed([f"{count(n)} {part}" for n, part in parts if n])
    held = len(dataset.input_names) - len(pair)
    others = f"; {many(held, 'other input')} at the mean" if held else ""
    kinds = f" of {many(len(dataset.classes), 'class', 'classes')}" if dataset.classes else ""
    noun = "example" if sum(n for n, _ in parts) == 1 else "examples"
    return f"{shown}, with {marks} {noun}{kinds}{others}."


def curves_in_words(epoch: int, losses: Any, metric: str, chance: float | None = None) -> str:
    """Return loss and metric after `epoch` epochs; `losses` is a record of a run."""
    words = f"Loss after {many(epoch, 'epoch')}: " + _both(losses["train"], losses["validation"])
    words += "." if chance is None else f"; chance level {number(chance)}."
    score = _both(losses["train_metric"], losses["validation_metric"])
    return f"{words} {metric[:1].upper()}{metric[1:]}: {score}."


def _both(train: float, validation: float) -> str:
    """Return "training 0.03, validation 0.04", without the validation if there is none."""
    words = f"training {number(float(train))}"
    return words if isnan(validation) else f"{words}, validation {number(float(validation))}"


def weights_in_words(weights: Sequence[Array]) -> str:
    """Return the range of each W (n_out, n_in), and where the largest weight of all lies."""
    ranges = [
        f"W{superscript(l)} from {number(float(W.min()))} to {number(float(W.max()))}"
        for l, W in enumerate(weights, 1)
    ]
    at = int(np.argmax([np.abs(W).max() for W in weights]))
    W = weights[at]
    row, column = np.unravel_index(int(np.abs(W).argmax()), W.shape)
    source = f"unit {column + 1} of layer {at}" if at else f"input {column + 1}"
    where = f"from {source} to unit {row + 1} of layer {at + 1}"
    return f"Weights: {listed(ranges)}. The largest is {number(float(W[row, column]))}, {where}."


def deltas_in_words(deltas: Sequence[Array]) -> str:
    """Return the root mean square of each layer's delta (n_l, n_examples) in words."""
    sizes = [np.sqrt(np.mean(np.square(delta))) for delta in deltas]
    return f"Deltas of {many(deltas[0].shape[1], 'example')}: {_per_layer(sizes)}."


def sizes_in_words(epoch: int, sizes: Sequence[float]) -> str:
    """Return the size of delta per layer, and how much of it reaches the first layer."""
    words = f"After {many(epoch, 'epoch')}: {_per_layer(sizes)}"
    if len(sizes) < 2 or not sizes[-1] > 0:
        return f"{words}."
    return f"{words}; first layer / last layer = {number(sizes[0] / sizes[-1])}."


def _per_layer(sizes: Sequence[float]) -> str:
    named = [f"δ{superscript(l)} {number(float(size))}" for l, size in enumerate(sizes, 1)]
    return f"root mean square of {listed(named)}"


def confusion_in_words(matrix: Array, classes: Sequence[str]) -> str:
    """Return the correct predictions, the most frequent error and classes never predicted.

    The rows of `matrix` are the true classes.
    """
    total, hits = int(matrix.sum()), int(np.trace(matrix))
    words = f"{count(hits)} of {many(total, 'example')} correct."
    wrong = matrix - np.diag(np.diag(matrix))
    if wrong.any():
        true, predicted = divmod(int(wrong.argmax()), len(classes))
        times = many(int(wrong[true, predicted]), "time")
        words += (
            f" Most frequent error: {classes[true]} predicted as {classes[predicted]}, {times}."
        )
    never = [name for name, n in zip(classes, matrix.sum(axis=0), strict=True) if not n]
    return words + (f" Never predicted: {listed(never)}." if never else "")


def residuals_in_words(true: Array, predicted: Array, target: str) -> str:
    """Return the mean absolute and the largest error of predictions of `target` in words."""
    errors = predicted - true
    mean, worst = number(float(np.abs(errors).mean())), number(float(np.abs(errors).max()))
    examples = many(errors.size, "example")
    return f"{target}: mean absolute error of {examples} {mean}, largest error {worst}."
