"""The figures of the closer look in words."""

from collections.abc import Sequence

import numpy as np

from pages.figures.base.text import count, listed, many, number, percent, superscript
from pages.figures.train.unit_history import GUIDE, unit_names

Array = np.ndarray


def unit_history_in_words(epochs: Sequence[int], deltas: Array, hidden: Sequence[int]) -> str:
    """Return which hidden units end with the largest, the smallest and no error term."""
    names, last = unit_names(hidden), deltas[:, -1]
    units, over = many(len(names), "hidden unit"), many(epochs[-1], "epoch")
    words = f"Mean size of the error term of {units} over {over}."
    alive = np.flatnonzero(last > 0)
    if len(alive):
        most, least = alive[last[alive].argmax()], alive[last[alive].argmin()]
        words += (
            f" At the end from {number(float(last[least]))} ({names[least]}) to "
            f"{number(float(last[most]))} ({names[most]})."
        )
    gone = [names[j] for j in np.flatnonzero(last == 0)]
    return words + (f" No error term: {listed(gone)}." if gone else "")


def histograms_in_words(answers: Sequence[Array], deltas: Sequence[Array]) -> str:
    """Return the range of each layer's outputs and error terms, and the share of 0."""
    parts = [
        f"a{superscript(l)} from {number(float(a.min()))} to {number(float(a.max()))}, "
        f"δ{superscript(l)} from {number(float(d.min()))} to {number(float(d.max()))} "
        f"({percent(float(np.mean(d == 0)))} are 0)"
        for l, (a, d) in enumerate(zip(answers, deltas, strict=True), 1)
    ]
    return f"Values for {many(answers[0].shape[1], 'example')}: {'; '.join(parts)}."


def ratios_in_words(epochs: Sequence[int], table: Array) -> str:
    """Return the size of a step relative to the weights at the last epoch, layer by layer."""
    parts = [f"W{superscript(l)} {number(float(v))}" for l, v in enumerate(table[-1], 1)]
    return (
        f"Mean step size divided by the size of the weights at epoch {count(epochs[-1])}: "
        f"{listed(parts)}; good is about {number(GUIDE)}."
    )


def rates_in_words(tables: Sequence[Array], rate: float) -> str:
    """Return the range of the effective learning rates, and the rate that was chosen."""
    known = np.concatenate([table[np.isfinite(table)] for table in tables])
    if not len(known):
        return "No weight has a gradient, so none has an effective learning rate."
    low, high = number(float(known.min())), number(float(known.max()))
    return f"Step / gradient of each weight: from {low} to {high}; learning rate {number(rate)}."
