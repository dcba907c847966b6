"""The landscape: the loss over a plane through the weights, and the path of training on it.

A network has more weights than a figure has directions, so two are chosen: at random, scaled to the
weights of each unit (Li et al. 2018, Visualizing the loss landscape of neural nets, 4), or the
principal components of the run's path (the same, 7). With random directions networks can be
compared; only the components show much of the path.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.analysis.objective import Objective
from engine.language import tr
from engine.nn import Array, blocks
from engine.time_slice import work_for
from engine.training import Run

MOST_POINTS = 120  # of a path
KINDS = ("random", "path")
MARGIN = 0.25  # of the path's extent, around it


class Plane(NamedTuple):
    """Weights theta = origin + u first + v second."""

    origin: Array  # (P,) the current weights of the run
    first: Array  # (P,)
    second: Array  # (P,)

    def at(self, u: Array, v: Array) -> Array:
        """Return the weights (M, P) at the places u, v (M,)."""
        return self.origin + u[:, None] * self.first + v[:, None] * self.second

    def seen(self, thetas: Array) -> Array:
        """Return the places u, v (T, 2) of the plane that are nearest to thetas (T, P)."""
        axes = np.stack([self.first, self.second], axis=1)  # (P, 2)
        return np.linalg.lstsq(axes, (thetas - self.origin).T, rcond=None)[0].T


class Path(NamedTuple):
    """The path of a run."""

    epochs: Array  # (T,)
    thetas: Array  # (T, P)
    losses: Array  # (T,) with the penalty, as training had it


def training_path(run: Run, epoch: int) -> Path:
    """Return the path from the start to an epoch, at the checkpoints of the run."""
    kept = sorted(e for e in run.checkpoints.kept if e < epoch)
    places = np.linspace(0, len(kept) - 1, min(len(kept), MOST_POINTS - 1)).round().astype(int)
    epochs = [*(kept[place] for place in places), epoch]
    P = len(run.network.theta)
    thetas = [run.checkpoints.kept[e].memory[:P] for e in epochs[:-1]]
    thetas.append(run.training_at(epoch).network.theta)
    losses = [run.losses[e]["train"] + run.losses[e]["penalty"] for e in epochs]
    return Path(np.array(epochs), np.array(thetas, float), np.array(losses))


def random_plane(objective: Objective, seed: int) -> Plane:
    """Return a plane of two random directions, scaled to the weights and bias of each unit."""
    random, theta = np.random.default_rng(seed), objective.theta
    directions = random.normal(size=(2, len(theta)))
    if objective.config.biases == "frozen":
        directions *= objective.is_weight
    sizes = objective.network.sizes
    for direction in directions:
        for own, now in zip(blocks(direction, sizes), blocks(theta, sizes), strict=True):
            length = np.linalg.norm(own, axis=1, keepdims=True)
            own *= np.linalg.norm(now, axis=1, keepdims=True) / np.maximum(length, 1e-300)
    return Plane(theta, *directions)


def path_plane(path: Path) -> Plane:
    """Return the plane of the first two principal components of the path.

    Raises ValueError if the path has one point only.
    """
    moved = path.thetas - path.thetas[-1]
    if not moved.any():
        raise ValueError(tr("The path has only one point. Train first."))
    axes = np.linalg.svd(moved, full_matrices=False)[2][:2]  # (2, P)
    signs = np.where(moved[0] @ axes.T < 0, -1, 1)  # the start lies to the right and above
    return Plane(path.thetas[-1], *(signs[:, None] * axes))


def share_in_plane(plane: Plane, path: Path) -> float:
    """Return how much of the path's squared distance from its end is in the plane, 0 to 1."""
    moved = path.thetas - plane.origin
    places = plane.seen(path.thetas)
    inside = places @ np.stack([plane.first, plane.second])
    whole = float((moved**2).sum())
    return float((inside**2).sum()) / whole if whole else 1.0


class LandscapeResult(NamedTuple):
    """The losses on a plane through the weights of a run, as plain numbers."""

    u: Array  # (points,) the places of the columns on the plane
    v: Array  # (points,) those of the rows
    losses: Array  # (points, points) the loss at u[i], v[j] in row j
    path: Path
    places: Array  # (T, 2) of the path on the plane
    share_seen: float  # how much of the path is in the plane, from 0 to 1


class Landscape:
    """The losses on a plane: `losses[j, i]` is the loss at u[i], v[j]; nan until it is computed."""

    def __init__(
        self, run: Run, epoch: int, kind: str = "random", points: int = 61, seed: int = 0
    ) -> None:
        """Prepare the landscape of a run at an epoch.

        Raises ValueError for an unknown kind or a number of points that is not allowed.
        """
        if kind not in KINDS:
            raise ValueError(
                tr(
                    "The plane must be {kinds}; '{kind}' was given.",
                    kinds=tr("{first} or {last}", first=KINDS[0], last=KINDS[1]),
                    kind=kind,
                )
            )
        if not 2 <= points <= 201:
            raise ValueError(
                tr(
                    "A landscape needs 2 to 201 points per side; {points} were given.",
                    points=points,
                )
            )
        self.objective, self.path = Objective(run, epoch), training_path(run, epoch)
        random = kind == "random"
        self.plane = random_plane(self.objective, seed) if random else path_plane(self.path)
        self.places = self.plane.seen(self.path.thetas)  # (T, 2)
        self.share_seen = share_in_plane(self.plane, self.path)
        wide = float(np.ptp(self.places, axis=0).max())
        self.u, self.v = (
            np.linspace(-1, 1, points) if random else axis_with_margin(places, points, wide)
            for places in self.places.T
        )
        self.losses = np.full((points, points), np.nan)
        self.known = 0  # points so far

    @property
    def share(self) -> float:
        """The share of the losses that is computed, from 0 to 1."""
        return self.known / self.losses.size

    @property
    def result(self) -> LandscapeResult:
        """The losses and the path."""
        return LandscapeResult(self.u, self.v, self.losses, self.path, self.places, self.share_seen)

    def advance(self, seconds: float = np.inf) -> bool:
        """Work for about `seconds`; return whether all losses are computed."""
        return work_for(seconds, self.step, lambda: self.known == self.losses.size)

    def step(self) -> None:
        """Compute the losses of the next points, as many as go at once."""
        points = len(self.u)
        some = np.arange(self.known, min(self.known + self.objective.rows, self.losses.size))
        thetas = self.plane.at(self.u[some % points], self.v[some // points])
        self.losses.flat[some] = self.objective.losses(thetas)
        self.known = int(some[-1]) + 1


def axis_with_margin(places: Array, points: int, wide: float) -> Array:
    """Return (points,) values evenly over the places (T,) and a margin, at least `wide` / 10."""
    low, high = float(places.min()), float(places.max())
    margin = max(MARGIN * (high - low), (0.1 * wide - high + low) / 2)
    return np.linspace(low - margin, high + margin, points)
