"""Axes of the decision map: two inputs, or the first two principal components.

If there are more inputs than axes, the map is a slice through the mean of the training part. Its
directions are inputs, or the two along which the standardised examples vary most (Hastie,
Tibshirani, Friedman 2009, section 14.5.1). Examples outside the slice are projected onto it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sklearn.decomposition import PCA

from engine.data import Dataset
from engine.language import tr
from engine.nn import Array
from engine.number_format import percent

Pair = Sequence[int] | Literal["components"]  # raw inputs, or: the principal components
COMPONENTS = "components"
MOST_NUMBERS = 4_000_000  # most numbers for the principal components


@dataclass(frozen=True, eq=False)
class Axes:
    """One or two directions in the space of r raw inputs, and the examples on them."""

    names: tuple[str, ...]  # of the directions
    places: Array  # (directions, n) of each example
    origin: Array  # (r,) raw inputs where all places are 0
    directions: Array  # (r, directions) raw inputs per unit of a place
    seen: float  # share of the standardised variance along the directions; nan for raw inputs

    def raw(self, places: Array) -> Array:
        """Return the raw inputs (r, m) at places (directions, m) on the map."""
        return self.origin[:, None] + self.directions @ places


def axes_of(dataset: Dataset, pair: Pair = ()) -> Axes:
    """Return the axes of one or two raw inputs, or of the principal components.

    Without a choice, the most informative pair is taken; also where there are no components because
    there are fewer than three examples, or all examples are equal.
    """
    if isinstance(pair, str):
        train = dataset.inputs[:, dataset.train]
        if train.shape[1] > 2 and np.ptp(train, axis=1).any():
            return _components(dataset)
        pair = ()
    pair = tuple(pair) or most_informative_pair(dataset)
    if from_same_column(dataset, pair) and len(dataset.input_names) > 2:
        return _components(dataset)
    origin = dataset.inputs[:, dataset.train].mean(axis=1)
    origin[list(pair)] = 0.0
    directions = np.zeros((len(origin), len(pair)))
    directions[pair, range(len(pair))] = 1.0
    names = dataset.shown([dataset.input_names[i] for i in pair])
    return Axes(names, dataset.inputs[list(pair)], origin, directions, np.nan)


def default_axes(dataset: Dataset) -> Pair:
    """Return the axes without a choice: the most informative pair.

    If both inputs of that pair come from one column of a table, the principal components.
    """
    pair = most_informative_pair(dataset)
    lone = from_same_column(dataset, pair) and len(dataset.input_names) > 2
    return COMPONENTS if lone else pair


def from_same_column(dataset: Dataset, pair: Pair) -> bool:
    """Return whether two raw inputs come from the same column of a table.

    Two categories of one column give a map with only three different places.
    """
    return len(pair) == 2 and len({dataset.origins[int(i)] for i in pair}) == 1


def _components(dataset: Dataset) -> Axes:
    """Return the plane of the first two principal components of the standardised training part."""
    train = dataset.inputs[:, dataset.train]
    origin, spread = train.mean(axis=1), train.std(axis=1)
    spread[spread == 0] = 1.0
    some = min(train.shape[1], max(3, MOST_NUMBERS // len(train)))
    rows = np.linspace(0, train.shape[1] - 1, some).astype(int)
    scaled = ((train[:, rows] - origin[:, None]) / spread[:, None]).T
    found = PCA(2, random_state=0).fit(scaled)
    V = found.components_.T  # (r, 2)
    shares = found.explained_variance_ratio_
    names = tuple(
        tr("component {number} ({share})", number=k, share=percent(share))
        for k, share in enumerate(shares, start=1)
    )
    places = V.T @ ((dataset.inputs - origin[:, None]) / spread[:, None])
    return Axes(names, places, origin, spread[:, None] * V, float(shares.sum()))


def most_informative_pair(data: Dataset) -> tuple[int, ...]:
    """Return the indices of the two raw inputs with the most information on the target, ascending.

    The measure, on the training part, is the share of an input's variance between the classes; for
    a regression the squared correlation with the first target. The two come from different columns
    of a table if it has two.
    """
    inputs = data.inputs[:, data.train]
    if len(inputs) < 3:
        return tuple(range(len(inputs)))
    centred = inputs - inputs.mean(axis=1, keepdims=True)
    answers = data.targets[..., data.train]
    if data.classes:
        shares = np.arange(len(data.classes))[:, None] == answers  # (classes, n)
        sums, counts = centred @ shares.T, np.maximum(shares.sum(axis=1), 1)
        explained = (sums**2 / counts).sum(axis=1)
    else:
        y = answers[0] - answers[0].mean()
        explained = (centred @ y) ** 2 / max(y @ y, 1e-300)
    total = (centred**2).sum(axis=1)
    share = np.divide(explained, total, out=np.zeros_like(explained), where=total > 0)
    best = np.argsort(-share, kind="stable").tolist()
    others = [i for i in best if data.origins[i] != data.origins[best[0]]]
    first, second = sorted((best[0], others[0] if others else best[1]))
    return first, second
