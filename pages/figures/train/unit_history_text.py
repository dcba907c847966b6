"""The figures of the closer look in words."""

from collections.abc import Sequence

import numpy as np

from engine.language import tr
from engine.nn import Array
from pages.figures.base.text import count, listed, many, number, percent, superscript
from pages.figures.train.unit_history import GUIDE, unit_names


def unit_history_in_words(epochs: Sequence[int], deltas: Array, hidden: Sequence[int]) -> str:
    """Return which hidden units end with the largest, the smallest and no error term."""
    names, last = unit_names(hidden), deltas[:, -1]
    units, over = many(len(names), "hidden unit"), many(epochs[-1], "epoch")
    words = [tr("Mean size of the error term of {units} over {epochs}.", units=units, epochs=over)]
    alive = np.flatnonzero(last > 0)
    if len(alive):
        most, least = alive[last[alive].argmax()], alive[last[alive].argmin()]
        words.append(
            tr(
                "At the end from {smallest} ({first}) to {largest} ({last}).",
                smallest=number(float(last[least])),
                first=names[least],
                largest=number(float(last[most])),
                last=names[most],
            )
        )
    gone = [names[j] for j in np.flatnonzero(last == 0)]
    words += [tr("No error term: {units}.", units=listed(gone))] if gone else []
    return " ".join(words)


def histograms_in_words(answers: Sequence[Array], deltas: Sequence[Array]) -> str:
    """Return the range of each layer's outputs and error terms, and the share of 0."""
    parts = [
        tr(
            "a{layer} from {low} to {high}, δ{layer} from {least} to {most} ({share} are 0)",
            layer=superscript(l),
            low=number(float(a.min())),
            high=number(float(a.max())),
            least=number(float(d.min())),
            most=number(float(d.max())),
            share=percent(float(np.mean(d == 0))),
        )
        for l, (a, d) in enumerate(zip(answers, deltas, strict=True), 1)
    ]
    examples = many(answers[0].shape[1], "example")
    return tr("Values for {examples}: {layers}.", examples=examples, layers=tr("; ").join(parts))


def ratios_in_words(epochs: Sequence[int], table: Array) -> str:
    """Return the size of a step relative to the weights at the last epoch, layer by layer."""
    parts = [f"W{superscript(l)} {number(float(v))}" for l, v in enumerate(table[-1], 1)]
    return tr(
        "Mean step size divided by the size of the weights at epoch {epoch}: {layers}; good is "
        "about {guide}.",
        epoch=count(epochs[-1]),
        layers=listed(parts),
        guide=number(GUIDE),
    )


def rates_in_words(tables: Sequence[Array], rate: float) -> str:
    """Return the range of the effective learning rates, and the rate that was chosen."""
    known = np.concatenate([table[np.isfinite(table)] for table in tables])
    if not len(known):
        return tr("No weight has a gradient, so none has an effective learning rate.")
    low, high = number(float(known.min())), number(float(known.max()))
    return tr(
        "Step / gradient of each weight: from {low} to {high}; learning rate {rate}.",
        low=low,
        high=high,
        rate=number(rate),
    )
