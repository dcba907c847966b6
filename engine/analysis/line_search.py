"""Line search: the loss along the negative gradient, and which learning rates would diverge.

Near theta the loss along a direction is a parabola with slope -|g|² and curvature g'Hg.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.analysis.curvature import (
    Curvature,
    bend_along,
    largest_curvature,
    stability_limit,
)
from engine.analysis.objective import Objective
from engine.language import marked, tr
from engine.nn import Array
from engine.training import Run

BESIDE_LIMIT = {
    "at": marked(
        "The learning rate {rate:.3g} is at the stability limit {edge:.3g}. "
        "The largest curvature here is {largest:.3g}."
    ),
    "below": marked(
        "The learning rate {rate:.3g} is below the stability limit {edge:.3g}. "
        "The largest curvature here is {largest:.3g}."
    ),
    "above": marked(
        "The learning rate {rate:.3g} is above the stability limit {edge:.3g}. "
        "The largest curvature here is {largest:.3g}."
    ),
}


class LineSearch(NamedTuple):
    """The loss over the length of a step along the negative gradient, and its stability limit."""

    steps: Array  # (points,) from 0
    losses: Array  # (points,) the loss with its penalty at theta - step * gradient
    parabola: Array  # (points,) what slope and curvature at step 0 predict
    rate: float  # the learning rate at this epoch
    slope: float  # |g|², by which the loss falls per step length at first
    bend: float  # g'Hg / g'g: the curvature along the gradient
    best: float  # the step to the parabola's lowest point; nan where it opens downwards
    curvature: Curvature  # the largest of all directions
    edge: float  # rates above it diverge; inf where the loss curves upwards nowhere, nan if unknown

    @property
    def sentence(self) -> str:
        """The sentence that the page shows about this learning rate."""
        if np.isnan(self.edge):
            return tr(
                "The largest curvature is {largest:.3g}. An optimizer that scales each weight has "
                "no simple stability limit.",
                largest=self.curvature.largest,
            )
        if np.isinf(self.edge):
            return tr(
                "The loss does not curve upwards in any direction here, so there is no stability "
                "limit."
            )
        ratio = self.rate / self.edge
        side = "at" if abs(ratio - 1) < 1e-3 else "below" if ratio < 1 else "above"
        largest = self.curvature.largest
        return tr(BESIDE_LIMIT[side], rate=self.rate, edge=self.edge, largest=largest)


def search_line(run: Run, epoch: int, points: int = 61) -> LineSearch:
    """Return the line search from the weights after `epoch` epochs, on the training part."""
    objective = Objective(run, epoch)
    theta, config = objective.theta, objective.config
    g = objective.gradient(theta)
    slope = float(g.dot(g))
    bend = float(g.dot(bend_along(objective, g))) / slope if slope else 0.0
    best = 1 / bend if bend > 0 else np.nan
    curvature = largest_curvature(objective)
    rate = run.training_at(epoch).learning_rate()
    edge = stability_limit(config, curvature.largest)
    steps = np.linspace(0, 1.2 * longest_finite_step(rate, 2 * best, edge), points)
    losses = objective.losses(theta - steps[:, None] * g)
    parabola = losses[0] - slope * steps + 0.5 * bend * slope * steps**2
    return LineSearch(steps, losses, parabola, rate, slope, bend, best, curvature, edge)


def longest_finite_step(*steps: float) -> float:
    """Return the longest of the steps with a finite loss."""
    return max(step for step in steps if np.isfinite(step))
