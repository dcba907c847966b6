"""Reachable scores: the scores of two simple methods on examples that they did not see.

Each training example is predicted by its nearest neighbours, and by a straight line fitted to all
others. (The line is fitted once: the effect of the example is known from its leverage; Hastie,
Tibshirani & Friedman, The Elements of Statistical Learning, 7.10 and 13.3.) If these are better
than a network on the examples that it learned from, the network is worse than possible. If they are
not, a low score may be the best that the problem allows.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.data import Dataset
from engine.nn import Array

NEIGHBOURS, MOST = 5, 500  # MOST examples are looked at


class Reachable(NamedTuple):
    """Accuracy or R² of each method; nan with too few examples."""

    neighbours: float
    line: float


KNOWN = WeakKeyDictionary[Dataset, dict[bool, Reachable]]()


def reachable_scores(data: Dataset, balanced: bool) -> Reachable:
    """Return the scores of simple methods in training; `balanced` weights classes equally."""
    known = KNOWN.setdefault(data, {})
    if balanced not in known:
        known[balanced] = measure_reachable(data, balanced)
    return known[balanced]


def measure_reachable(data: Dataset, balanced: bool) -> Reachable:
    """Return what `reachable` keeps."""
    X, y = data.part("train")
    rows = np.unique(np.linspace(0, X.shape[1] - 1, MOST).astype(int))
    x, y = X[:, rows], y[..., rows]
    if x.shape[1] <= 4 * NEIGHBOURS:
        return Reachable(np.nan, np.nan)
    K = len(data.classes)
    targets = np.eye(K)[y].T if K else y  # (K, n)
    answers = by_neighbours(x, targets), by_line(x, targets)
    if not K:
        return Reachable(*(r_squared(answer, y) for answer in answers))
    return Reachable(*(accuracy(answer.argmax(axis=0), y, balanced) for answer in answers))


def by_neighbours(x: Array, targets: Array) -> Array:
    """Return the mean target (K, n) of each example's nearest neighbours, itself left out."""
    square = np.square(x).sum(axis=0)
    apart = np.add.outer(square, square) - 2 * (x.T @ x)  # |x - x'|², (n, n)
    np.fill_diagonal(apart, np.inf)
    near = np.argpartition(apart, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]  # (n, NEIGHBOURS)
    return targets[:, near].mean(axis=2)


def by_line(x: Array, targets: Array) -> Array:
    """Return the output (K, n) for each example of the line fitted to all others."""
    d, n = x.shape
    if n < 3 * (d + 1):
        return np.repeat(targets.mean(axis=1, keepdims=True), n, axis=1)
    Q = np.linalg.svd(np.vstack([x, np.ones(n)]), full_matrices=False)[2]  # orthonormal rows
    fitted, leverage = targets @ Q.T @ Q, np.square(Q).sum(axis=0)
    return targets - (targets - fitted) / np.maximum(1 - leverage, 1e-9)


def accuracy(answer: Array, y: Array, balanced: bool) -> float:
    """Return the accuracy of class indices (n,), or the mean of the classes' accuracies."""
    right = answer == y
    if not balanced:
        return float(np.mean(right))
    return float(np.mean([np.mean(right[y == k]) for k in np.unique(y)]))


def r_squared(answer: Array, y: Array) -> float:
    """Return R², the mean over the targets; (K, n) each, nan where a target does not vary."""
    spread = np.square(y - y.mean(axis=1, keepdims=True)).sum(axis=1)
    if not spread.all():
        return np.nan
    return float((1 - np.square(y - answer).sum(axis=1) / spread).mean())
