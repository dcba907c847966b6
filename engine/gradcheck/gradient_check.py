"""The gradient check: every derivative of backpropagation against differences of the loss.

Each parameter in turn is moved by a step h up and down, (L(w + h) - L(w - h)) / 2h. The loss is
that of the correct program and contains the penalties; the masks of dropout stay fixed; everything
is float64. On the effect of rounding: Nocedal & Wright, Numerical Optimization, 8.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.data import Dataset
from engine.gradcheck.bug_injection import BuggyTraining
from engine.gradcheck.bugs import BUGS
from engine.gradcheck.report import BANDS, GradientCheckResult, relative_difference
from engine.nn import (
    ACTIVATIONS,
    Array,
    Batch,
    batch_of,
    blocks,
    execute,
    flatten_steps,
    forward,
    penalty_value,
)
from engine.time_slice import work_for
from engine.training import WHOLE_SET, Config, Training, draw_masks

STEP = 1e-5
STEPS = tuple(10.0**-k for k in range(1, 14))
MOST_PARAMETERS, PER_LAYER = (
    5000,
    1000,
)  # above the first number a sample is checked, with the second number per layer
MOST_EXAMPLES = 500
ROUNDING = 64  # units in the last place by which a difference of losses may be off, measured
LOSS_CORNERS = {"mae": np.sign, "huber": lambda e: np.abs(e) > 1}


def training_for_check(config: Config, dataset: Dataset, theta: Array, fault: str = "") -> Training:
    """Return a new training in float64 at the parameters theta (P,), with a bug or without."""
    config = replace(config, precision="float64", batch_size=WHOLE_SET)
    training = BuggyTraining(config, dataset, BUGS[fault]) if fault else Training(config, dataset)
    np.copyto(training.network.theta, theta)
    return training


def batch_for(training: Training, size: int = WHOLE_SET) -> Batch:
    """Return the first `size` training examples, at most MOST_EXAMPLES, with fixed masks."""
    config, n = training.config, len(training.rows)
    n = min(size or n, n, MOST_EXAMPLES)
    draw = np.random.default_rng(config.seed)
    x = training.rows[:n].T.copy()
    if config.input_dropout:
        mask = np.ones((n, len(x) - 1))
        draw_masks(draw, [mask], config.input_dropout)
        x[:-1] *= mask.T
    weights = None if training.weights is None else training.weights[:, :n]
    shares = config.layer_dropouts
    dropped = [share > 0 for share in shares]
    batch = batch_of(x, training.y[:, :n].copy(), training.sizes, dropped, weights)
    for layer, share in zip(batch.layers, shares, strict=False):
        if share and layer.mask is not None:
            draw_masks(draw, [layer.mask], share)
    return batch


def analytic_gradient(training: Training, batch: Batch) -> Array:
    """Return the gradient (P,) of the training's program, with penalties, before clipping."""
    tail = training.after_gradient()
    penalties = [e for e in tail if e.phase == "penalty" and e.rule != "clip"]
    with np.errstate(all="ignore"):
        execute(flatten_steps(training.gradient(batch)))
        execute(flatten_steps(penalties))
    return training.network.grad.copy()


class GradientCheck:
    """A check in progress: `advance` measures derivatives, `finding` returns the result so far.

    `steps` are the step sizes h to measure with; `chosen` (m,) the parameters, all by default.
    """

    def __init__(
        self,
        training: Training,
        batch: Batch,
        steps: Sequence[float] = (STEP,),
        chosen: Array | None = None,
    ) -> None:
        self.training, self.batch, self.steps = training, batch, tuple(steps)
        network, config = training.network, training.config
        P = len(network.theta)
        self.analytic = analytic_gradient(training, batch)
        self.numeric = np.full((len(self.steps), P), np.nan)
        self.kinks = np.zeros((len(self.steps), P), bool)
        fixed = (network.is_weight == 0) & (config.biases == "frozen")
        open_to = np.arange(P) if chosen is None else chosen
        self.chosen = open_to[~fixed[open_to]]
        self.done, self.total = 0, len(self.steps) * len(self.chosen)
        self.weights = network.is_weight.astype(bool)
        self.work = self.measurements()
        # 1: a loss near 0 is a difference of larger numbers
        size = 1 + abs(self.loss()) + float(np.abs(self.analytic * network.theta).sum())
        self.blur = ROUNDING * np.finfo(float).eps * size  # of the loss, by rounding

    def advance(self, seconds: float = np.inf) -> bool:
        """Return whether all is measured, after this many seconds at most."""
        with np.errstate(all="ignore"):
            return work_for(seconds, self.step, lambda: self.done == self.total)

    def step(self) -> None:
        """Measure the next derivative."""
        next(self.work)
        self.done += 1

    def measurements(self) -> Iterator[None]:
        """Measure one derivative after the other, from the last layer down; yield after each.

        A step in layer l changes nothing below it, so only layers from l on are computed again.
        """
        equations = list(forward(self.training.network, self.batch))
        execute(flatten_steps(equations))
        ends = np.cumsum([block.size for block in blocks(self.analytic, self.training.sizes)])
        for l in range(len(ends), 0, -1):
            above = flatten_steps(equation for equation in equations if equation.layer >= l)
            begin = ends[l - 2] if l > 1 else 0
            for i in self.chosen[(begin <= self.chosen) & (self.chosen < ends[l - 1])]:
                for k, h in enumerate(self.steps):
                    self.numeric[k, i], self.kinks[k, i] = self.difference(i, h, above)
                    yield

    def difference(self, i: int, h: float, steps: list) -> tuple[float, bool]:
        """Return the slope of the loss along parameter i, and whether w - h .. w + h has a corner.

        Divided by the step that was really taken: w + h is rounded.
        """
        theta = self.training.network.theta
        w = theta[i]
        found = []
        for place in (w + h, w - h):
            theta[i] = place
            execute(steps)
            found.append((place, self.loss(), self.sides(i)))
        theta[i] = w
        (up, above, right), (down, below, left) = found
        return (above - below) / (up - down), right != left

    def loss(self) -> float:
        """Return the loss of the batch as it was last computed, penalties included."""
        top, config, network = self.batch.layers[-1], self.training.config, self.training.network
        loss = self.training.output_head.total(top.z, top.a, self.batch.y) / self.batch.y.shape[1]
        if config.l1 or config.l2:
            loss += float(penalty_value(network.theta[self.weights], config.l1, config.l2))
        return loss

    def sides(self, i: int) -> bytes:
        """Return on which side of its corners each number lies: equal for a smooth step."""
        network, head, top = self.training.network, self.training.output_head, self.batch.layers[-1]
        sides = [
            own.activations_with_bias[:-1] > 0  # what is muted has no corner
            for own, f in zip(self.batch.layers, network.activations[:-1], strict=False)
            if ACTIVATIONS[f].corner
        ]
        if head.loss_name in LOSS_CORNERS:
            sides.append(LOSS_CORNERS[head.loss_name](top.a - self.batch.y))
        if self.training.config.l1 and self.weights[i]:
            sides.append(np.sign(network.theta[i]))
        return b"".join(side.tobytes() for side in sides)

    def finding(self, k: int = 0) -> GradientCheckResult:
        """Return what is known so far for the k-th step size."""
        a, n, h = self.analytic, self.numeric[k], self.steps[k]
        missed, size = np.abs(a - n), np.maximum(np.abs(a), np.abs(n))
        error = np.divide(missed, size, out=np.zeros_like(size), where=size > 0)
        unclear = (error >= BANDS[0].below) & (missed <= self.blur / h) & ~self.kinks[k]
        error[self.kinks[k] | unclear | np.isnan(n)] = np.nan
        kinks, examples = self.kinks[k], self.batch.y.shape[1]
        return GradientCheckResult(
            h, self.training.sizes, a, n.copy(), error, kinks, unclear, examples
        )

    def curve(self) -> Array:
        """Return |g - g'| / (|g| + |g'|) for each step size, (steps,), where all are smooth."""
        smooth = np.isfinite(self.numeric).all(axis=0) & ~self.kinks.any(axis=0).astype(bool)
        return np.array(
            [relative_difference(self.analytic, numeric, smooth) for numeric in self.numeric]
        )


def sample_parameters(
    training: Training, most: int = MOST_PARAMETERS, per_layer: int = PER_LAYER
) -> Array:
    """Return the parameters (m,) to check: all up to `most`, else `per_layer` of each layer."""
    P = len(training.network.theta)
    if most >= P:
        return np.arange(P)
    draw = np.random.default_rng(training.config.seed)
    places = blocks(np.arange(P), training.sizes)
    few = [draw.permutation(block.ravel())[:per_layer] for block in places]
    return np.sort(np.concatenate(few))
