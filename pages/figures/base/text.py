"""Pictures in words: how a figure is read out, and names that fit where they are printed.

Counting starts at 1, as people count. Numbers are written as the whole app writes them.
"""

import re
from collections.abc import Sequence
from html import escape
from math import isnan

import numpy as np

from engine.data import Dataset
from engine.language import listed, many, tr, tr_many
from engine.nn import Array
from engine.number_format import MINUS as MINUS
from engine.number_format import NOTHING as NOTHING
from engine.number_format import THIN as THIN
from engine.number_format import count, number, superscript
from engine.number_format import percent as percent
from engine.number_format import subscript as subscript

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
    units = listed([f"{n} {name}" for n, name in zip(sizes[1:-1], activations[:-1], strict=True)])
    layers, last = len(sizes) - 2, sizes[-2]
    one = tr_many(
        last, "a hidden layer of {units} unit", "a hidden layer of {units} units", units=units
    )
    several = tr_many(
        last,
        "{layers} hidden layers of {units} unit",
        "{layers} hidden layers of {units} units",
        layers=layers,
        units=units,
    )
    middle = several if layers > 1 else one if layers else tr("no hidden layer")
    outputs = tr_many(
        sizes[-1], "{n} {activation} output", "{n} {activation} outputs", activation=activations[-1]
    )
    inputs = many(sizes[0], "input")
    return tr(
        "Network: {inputs}, {layers}, {outputs}.", inputs=inputs, layers=middle, outputs=outputs
    )


def decision_in_words(dataset: Dataset, pair: Sequence[int]) -> str:
    """Return what the decision figure's map or curve shows, and which examples lie on it."""
    names = listed(dataset.shown([dataset.input_names[i] for i in pair]))
    value = dataset.task == "regression"
    shown = tr("The predicted value over {inputs}", inputs=names)
    shown = shown if value else tr("The predicted class over {inputs}", inputs=names)
    training, validation = len(dataset.train), len(dataset.validation)
    parts = [tr("{number} training", number=count(training))] if training else []
    parts += [tr("{number} validation", number=count(validation))] if validation else []
    held, classes = len(dataset.input_names) - len(pair), len(dataset.classes)
    others = tr_many(held, "; {n} other input at the mean", "; {n} other inputs at the mean")
    return tr_many(
        training + validation,
        "{shown}, with {parts} example{classes}{others}.",
        "{shown}, with {parts} examples{classes}{others}.",
        shown=shown,
        parts=listed(parts),
        classes=tr_many(classes, " of {n} class", " of {n} classes") if classes else "",
        others=others if held else "",
    )


def curves_in_words(epoch: int, losses: np.void, metric: str, chance: float | None = None) -> str:
    """Return loss and metric after `epoch` epochs; `losses` is a record of a run."""
    name = tr(metric)
    fields = {
        "epochs": many(epoch, "epoch"),
        "losses": _both(losses["train"], losses["validation"]),
        "metric": f"{name[:1].upper()}{name[1:]}",
        "scores": _both(losses["train_metric"], losses["validation_metric"]),
    }
    if chance is None:
        return tr("Loss after {epochs}: {losses}. {metric}: {scores}.", **fields)
    return tr(
        "Loss after {epochs}: {losses}; chance level {chance}. {metric}: {scores}.",
        chance=number(chance),
        **fields,
    )


def _both(train: float, validation: float) -> str:
    """Return "training 0.03, validation 0.04", without the validation if there is none."""
    training = number(float(train))
    if isnan(validation):
        return tr("training {training}", training=training)
    return tr(
        "training {training}, validation {validation}",
        training=training,
        validation=number(float(validation)),
    )


def weights_in_words(weights: Sequence[Array]) -> str:
    """Return the range of each W (n_out, n_in), and where the largest weight of all lies."""
    ranges = [
        tr(
            "W{layer} from {low} to {high}",
            layer=superscript(l),
            low=number(float(W.min())),
            high=number(float(W.max())),
        )
        for l, W in enumerate(weights, 1)
    ]
    at = int(np.argmax([np.abs(W).max() for W in weights]))
    W = weights[at]
    row, column = np.unravel_index(int(np.abs(W).argmax()), W.shape)
    fields = {
        "ranges": listed(ranges),
        "largest": number(float(W[row, column])),
        "source": column + 1,
        "unit": row + 1,
        "layer": at + 1,
    }
    if not at:
        return tr(
            "Weights: {ranges}. The largest is {largest}, from input {source} to unit {unit} of "
            "layer {layer}.",
            **fields,
        )
    return tr(
        "Weights: {ranges}. The largest is {largest}, from unit {source} of layer {before} to unit "
        "{unit} of layer {layer}.",
        before=at,
        **fields,
    )


def deltas_in_words(deltas: Sequence[Array]) -> str:
    """Return the root mean square of each layer's delta (n_l, n_examples) in words."""
    sizes = _per_layer([np.sqrt(np.mean(np.square(delta))) for delta in deltas])
    examples = many(deltas[0].shape[1], "example")
    return tr("Deltas of {examples}: {sizes}.", examples=examples, sizes=sizes)


def sizes_in_words(epoch: int, sizes: Sequence[float]) -> str:
    """Return the size of delta per layer, and how much of it reaches the first layer."""
    epochs, layers = many(epoch, "epoch"), _per_layer(sizes)
    if len(sizes) < 2 or not sizes[-1] > 0:
        return tr("After {epochs}: {sizes}.", epochs=epochs, sizes=layers)
    return tr(
        "After {epochs}: {sizes}; first layer / last layer = {ratio}.",
        epochs=epochs,
        sizes=layers,
        ratio=number(sizes[0] / sizes[-1]),
    )


def _per_layer(sizes: Sequence[float]) -> str:
    named = [f"δ{superscript(l)} {number(float(size))}" for l, size in enumerate(sizes, 1)]
    return tr("root mean square of {deltas}", deltas=listed(named))


def confusion_in_words(matrix: Array, classes: Sequence[str]) -> str:
    """Return the correct predictions, the most frequent error and classes never predicted.

    The rows of `matrix` are the true classes.
    """
    total, hits = int(matrix.sum()), int(np.trace(matrix))
    examples = many(total, "example")
    words = [tr("{hits} of {examples} correct.", hits=count(hits), examples=examples)]
    wrong = matrix - np.diag(np.diag(matrix))
    if wrong.any():
        true, predicted = divmod(int(wrong.argmax()), len(classes))
        words.append(
            tr(
                "Most frequent error: {true} predicted as {predicted}, {times}.",
                true=classes[true],
                predicted=classes[predicted],
                times=many(int(wrong[true, predicted]), "time"),
            )
        )
    never = [name for name, n in zip(classes, matrix.sum(axis=0), strict=True) if not n]
    words += [tr("Never predicted: {classes}.", classes=listed(never))] if never else []
    return " ".join(words)


def residuals_in_words(true: Array, predicted: Array, target: str) -> str:
    """Return the mean absolute and the largest error of predictions of `target` in words."""
    errors = np.abs(predicted - true)
    return tr(
        "{target}: mean absolute error of {examples} {mean}, largest error {largest}.",
        target=target,
        examples=many(errors.size, "example"),
        mean=number(float(errors.mean())),
        largest=number(float(errors.max())),
    )
