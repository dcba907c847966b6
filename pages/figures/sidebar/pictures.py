"""Small pictures of the problems and of the inputs, as bytes that a browser paints.

A classification is a picture of its examples, a regression over two inputs a map, a regression
over one input a curve of its examples. All are made of the data that the problem trains with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from engine.data import FEATURES, Dataset, compute_features
from engine.evaluation import axes_of, default_axes
from engine.nn import Array
from engine.problems import PROBLEMS, load
from engine.training import Config

MOST = 70  # examples in a picture: more only lie on top of each other
SIDE = 14  # places along each side of a map
NEAREST = 8  # examples that a place of a map shows the mean of
TOP = 255
MARGIN = 0.07  # of the picture, on each side of its examples


@dataclass(frozen=True)
class Picture:
    """A picture: rows (x, y, class) of examples, or the values of a map, the lowest row first."""

    kind: str  # "classes" | "values" | "map"
    numbers: Array  # uint8, (n, 3) or (side, side)
    classes: int = 0


@cache
def problem_picture(name: str) -> Picture:
    """Return the picture of a built-in problem, made once."""
    data = load(replace(Config(dataset=name), **PROBLEMS[name].suggested))
    if name == "digits":
        return digits_picture(data)
    axes = axes_of(data, default_axes(data))
    if not data.classes and len(axes.places) > 1 and len(data.train) > NEAREST:
        return Picture("map", map_of(axes.places, data.targets[0]))
    rows = data.train[np.linspace(0, len(data.train) - 1, min(MOST, len(data.train))).astype(int)]
    heights = data.targets if data.classes else data.targets[0]
    places = np.vstack([axes.places, heights])[:2, rows]
    classes = data.targets[rows] if data.classes else np.zeros(len(rows))
    x, y = (to_bytes(row, MARGIN) for row in places)
    marks = np.stack([x, y, classes.astype("u1")], axis=1)
    return Picture("classes" if data.classes else "values", marks, len(data.classes))


@cache
def feature_picture(name: str) -> Picture:
    """Return the map of an input that is made of the two coordinates, over a plane."""
    across, up = np.meshgrid(np.linspace(-3, 3, SIDE), np.linspace(-3, 3, SIDE))
    values = compute_features(np.stack([across.ravel(), up.ravel()]), [name])[0]
    half = np.abs(values).max()
    shares = np.rint(TOP * (values / half + 1) / 2)
    return Picture("map", shares.astype("u1").reshape(SIDE, SIDE))


def feature_names(inputs: int) -> list[str]:
    """Return the names of the inputs that can be made of so many coordinates."""
    return [name for name, feature in FEATURES.items() if feature.needs <= inputs]


def digits_picture(data: Dataset) -> Picture:
    """Return four of the handwritten digits, each in a quarter of the picture."""
    pixels = data.inputs[:, [int(np.flatnonzero(data.targets == k)[0]) for k in (2, 3, 0, 7)]]
    images = to_bytes(pixels, 0).reshape(8, 8, 4)
    rows = [np.hstack([images[::-1, :, k], images[::-1, :, k + 1]]) for k in (0, 2)]
    return Picture("map", (TOP // 2 + np.vstack(rows) // 2 + 1).astype("u1"))


def map_of(places: Array, values: Array) -> Array:
    """Return the mean of the nearest values (n,) at each place of a map, uint8 (side, side)."""
    low, high = places.min(axis=1), places.max(axis=1)
    scaled = (places - low[:, None]) / np.where(high > low, high - low, 1)[:, None]
    line = np.linspace(0, 1, SIDE)
    across, up = np.meshgrid(line, line)
    apart = (across.ravel()[:, None] - scaled[0]) ** 2 + (up.ravel()[:, None] - scaled[1]) ** 2
    nearest = np.argpartition(apart, NEAREST, axis=1)[:, :NEAREST]
    return to_bytes(values[nearest].mean(axis=1), 0).reshape(SIDE, SIDE)


def to_bytes(values: Array, margin: float) -> Array:
    """Return values as uint8 from 0 to 255, the smallest and the largest `margin` from the ends."""
    low, high = values.min(), values.max()
    share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    return np.rint(TOP * (margin + (1 - 2 * margin) * share)).astype("u1")
