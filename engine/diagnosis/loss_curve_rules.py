"""Rules on the loss curve: the size of the steps, and plateaus.

A rule is a function of the observations; it returns its finding, or None. Sources: Goh (2017), Why
momentum really works; Hamey (1998) and Bland (1998) for the plateaus of XOR; Kingma & Ba (2015),
2.1, for the size of Adam's steps.
"""

from __future__ import annotations

from math import log

import numpy as np

from engine.diagnosis.observations import (
    JUMP_SIZE,
    SATURATED_SHARE,
    Finding,
    Observations,
    share_at_ends,
)
from engine.diagnosis.stability import OF_ADAPTIVE
from engine.diagnosis.suspects import FITTING, no_other_cause
from engine.language import marked, tr
from engine.nn import OPTIMIZERS, Array
from engine.number_format import number, percent
from engine.training import cause_sentence, remedy_sentence

AT_LIMIT = 1 - 1e-9  # of the stability limit: the limit itself counts, but for rounding
JUMPY_SHARE = 0.2  # share of recent epochs in which the loss jumps
FEWEST_EPOCHS = 10  # before the loss counts as jumping
MANY_EPOCHS = 50  # before the loss counts as stalled or too slow
STALLED_SHARE = 0.01  # of the level: the most that a stalled loss falls in the recent epochs
EPOCHS_TO_JUDGE_RATE = 20  # before a rate counts as too low
SLOW_LOSS = 0.5  # of the level: the loss of a slow run
VERY_SLOW_LOSS = 0.7  # the same before MANY_EPOCHS
SHORT_PATH, SHORT_PATH_ADAPTIVE = 4.0, 1.0  # length of a path that counts as short
TARGET_LENGTH, TARGET_LENGTH_ADAPTIVE = 100.0, 5.0  # the length that is proposed
STRAIGHT_COSINE = 0.8  # between the halves of the path
HIGH_DROPOUT = 0.5
TINY_SCALE = 0.05  # scale of start weights
LARGE_MOVE = 10.0  # times the size of the weights at the start
OVER_LIMIT = marked(
    "Learning rate × curvature is {share} times the stability limit. At 1 or more, each step "
    "lands on "
    "the other side of the minimum, as far away as before or farther."
)
CHANCE_MARGIN = 0.01  # of chance
SMALL_BATCH = 4  # examples
NOISY_CHANGE = 0.02  # change of the loss from epoch to epoch, as a share of the level
CLEARLY_HIGH_LOSS = 0.2  # of the level: a loss that is high enough for a rule
WORSE_THAN_NARROW = 1.2  # of the level: a loss that even the narrowest network need not have
CONFIDENT_RATIO = 1.5  # times chance
PLATEAUS = {  # of XOR: what each means, and its loss as cross-entropy and squared error
    marked("the same output for all four corners"): {"bce": log(2), "mse": 0.25},
    marked("one corner right, three at two thirds"): {"bce": 0.4773856, "mse": 0.16666667},
    marked("two corners right, the other two at one half"): {"bce": log(2) / 2, "mse": 0.125},
}
PLATEAU_MARGIN = 3e-3
DIVERGED = {
    "": marked("Training diverged after this epoch"),
    "learning_rate": marked("Training diverged: the learning rate is too high"),
    "l2": marked("Training diverged: the L2 penalty is too strong"),
    "l1": marked("Training diverged: the L1 penalty is too strong"),
    "weight_decay": marked("Training diverged: the weight decay is too strong"),
    "momentum": marked("Training diverged: the momentum is too high"),
    "dropout": marked("Training diverged: too much dropout"),
    "scaling": marked("Training diverged: the inputs are too large"),
    "init": marked("Training diverged: the start weights are too large"),
}
SMALLER_STEPS = marked("With a smaller learning rate the steps do not jump over the minimum.")


def diverged(seen: Observations) -> Finding | None:
    """Find a run that diverged after this epoch."""
    if not seen.cause:
        return None
    cause, widest = seen.cause, float(np.abs(seen.x).max())
    why = cause_sentence(cause, seen.config, widest)
    return Finding(
        "diverged",
        tr(DIVERGED[cause.blame]),
        f"{why[0].upper()}{why[1:]}",
        remedy_sentence(cause),
        cause.change,
        needs_new_run=True,
    )


def too_fast(seen: Observations) -> Finding | None:
    """Find steps that are too long, by the curvature, jumps of the loss or saturated units."""
    proof = overshooting_evidence(seen)
    if not proof:
        return None
    rate = seen.config.learning_rate
    smaller = min(rate / 10, OF_ADAPTIVE) if seen.adaptive else rate / 10
    if seen.limit_share >= AT_LIMIT and len(seen.layers) == 1:
        smaller = rate / 2 / seen.limit_share
    title = tr("The learning rate of {rate} is too high", rate=number(rate))
    change = {"learning_rate": max(float(f"{smaller:.2g}"), 1e-6)}
    return Finding("too_fast", title, proof, tr(SMALLER_STEPS), change, needs_new_run=True)


def overshooting_evidence(seen: Observations) -> str:
    """Return the evidence that the steps are too long, "" if there is none."""
    if len(seen.layers) == 1 and seen.limit_share >= AT_LIMIT and seen.train[-1] > 0:
        return tr(OVER_LIMIT, share=number(seen.limit_share))
    high = seen.is_nonlinear and seen.learnable and seen.loss_left > SLOW_LOSS
    allowed = ["rate", "dead", "depth", "fading", "start", "time"]
    allowed += ["narrow", "neck"] * (seen.loss_left > WORSE_THAN_NARROW)
    if not (seen.falls_short or high) or not no_other_cause(seen, *allowed):
        return ""  # a loss may jump around a good solution, or for another reason
    if seen.epoch >= FEWEST_EPOCHS and seen.jump_share > JUMPY_SHARE:
        if seen.limit_share >= AT_LIMIT:
            return tr(OVER_LIMIT, share=number(seen.limit_share))
        return tr(
            "The loss jumps up in {jumps} of the recent epochs (threshold: {threshold}).",
            jumps=percent(seen.jump_share),
            threshold=percent(JUMPY_SHARE),
        )
    if seen.epoch > 2 and seen.train[-1] > 2 * max(seen.train[0], seen.chance) > 0:
        return tr(
            "The loss rose from {first} to {last}, more than twice its value at the start.",
            first=number(seen.train[0]),
            last=number(seen.train[-1]),
        )
    return saturation_evidence(seen) if seen.epoch < EPOCHS_TO_JUDGE_RATE else ""


def saturation_evidence(seen: Observations) -> str:
    """Return the evidence that the first steps saturated units, "" if there is none."""
    moved = seen.progress.moved
    now, start = (
        share_at_ends(seen, [layer.a for layer in seen.hidden]),
        share_at_ends(seen, seen.at_start),
    )
    if not (moved > LARGE_MOVE and now > SATURATED_SHARE > 2 * start and seen.loss_left > 1):
        return ""
    return tr(
        "The weights changed by {moved} times their size, and {now} of the hidden "
        "outputs are now at an end of their range; at the start it was {start}.",
        moved=number(moved),
        now=percent(now),
        start=percent(start),
    )


def overshoots(seen: Observations) -> Finding | None:
    """Find momentum that carries the steps past the minimum."""
    config = seen.config
    if not OPTIMIZERS[config.optimizer].has_momentum or seen.epoch < 3:
        return None
    if not no_other_cause(seen, "rate", "time"):
        return None
    if not seen.limit_share < AT_LIMIT:  # nan where steps are noisy: there a climb may be chance
        return None
    low, high = highest_climb(seen.recent)
    risen = float(high - low) / seen.level
    if risen < JUMP_SIZE or not seen.falls_short:
        return None
    return Finding(
        "overshoots",
        tr("Momentum overshoots"),
        tr(
            "The loss fell to {low}, then rose in each epoch to {high} (threshold: a "
            "rise of {threshold} of {level}).",
            low=number(low),
            high=number(high),
            threshold=percent(JUMP_SIZE),
            level=number(seen.level),
        ),
        tr(
            "With a momentum below {momentum} the loss becomes stable sooner.",
            momentum=number(config.momentum),
        ),
        {"momentum": 0.5},
    )


def highest_climb(losses: Array) -> tuple[float, float]:
    """Return start and end of the largest rise over three epochs or more in `losses` (epochs,).

    It is (0, 0) without one.
    """
    best, foot = (0.0, 0.0), 0
    for at in range(1, len(losses)):
        if losses[at] <= losses[at - 1]:
            foot = at
        elif at - foot >= 3 and losses[at] - losses[foot] > best[1] - best[0]:
            best = float(losses[foot]), float(losses[at])
    return best


def too_slow(seen: Observations) -> Finding | None:
    """Find a run whose weights still move in one direction with steps that are too small."""
    way = seen.progress
    small = way.length < (SHORT_PATH_ADAPTIVE if seen.adaptive else SHORT_PATH)
    if seen.epoch < EPOCHS_TO_JUDGE_RATE or not (
        small and way.straight > STRAIGHT_COSINE and seen.falls_short
    ):
        return None
    high = SLOW_LOSS if seen.epoch >= MANY_EPOCHS else VERY_SLOW_LOSS
    if seen.loss_left < high or seen.dropout_share >= HIGH_DROPOUT or seen.recent_fall <= 0:
        return None
    if not no_other_cause(seen, "time", "dropout", "narrow", "neck", "fading", "dead"):
        return None
    rate = seen.config.learning_rate
    times = (TARGET_LENGTH_ADAPTIVE if seen.adaptive else TARGET_LENGTH) / way.length
    better = float(f"{min(rate * times, seen.safe_learning_rate()):.1g}")
    if better < 5 * rate:
        return None
    return Finding(
        "too_slow",
        tr("The learning rate of {rate} is too low", rate=number(rate)),
        tr(
            "After {epoch} epochs the loss is still {left} of the chance level. The "
            "weights still move in one direction; so far by {moved} of their size.",
            epoch=seen.epoch,
            left=percent(seen.loss_left),
            moved=percent(way.moved),
        ),
        tr(
            "Use a rate of {better}, or train {times} times as many epochs.",
            better=number(better),
            times=number(better / rate, 2),
        ),
        {"learning_rate": better},
    )


def has_stalled(seen: Observations) -> bool:
    """Return whether the training loss has almost stopped falling."""
    return seen.epoch >= MANY_EPOCHS and abs(seen.recent_fall) < STALLED_SHARE


def on_plateau(seen: Observations) -> Finding | None:
    """Find one of the three plateaus of XOR by its loss."""
    if seen.config.dataset != "xor_table" or not has_stalled(seen):
        return None
    loss = float(seen.train[-1])
    for meaning, levels in PLATEAUS.items():
        level = levels.get(seen.output_head.loss_name, np.inf)
        if abs(loss - level) < PLATEAU_MARGIN:
            return Finding(
                "plateau",
                tr("A plateau: {meaning}", meaning=tr(meaning)),
                tr(
                    "The loss stays at {loss}; this plateau of XOR lies at {level} "
                    "(threshold: {threshold}).",
                    loss=number(loss, 4),
                    level=number(level, 4),
                    threshold=PLATEAU_MARGIN,
                ),
                tr(
                    "Try other start weights or more units; some plateaus end after many more "
                    "epochs."
                ),
                {"start": "", "init": "glorot_uniform", "hidden": (8,)},
            )
    return None


def at_chance(seen: Observations) -> Finding | None:
    """Find start weights so small that the loss stays at the chance level."""
    if not has_stalled(seen) or not seen.chance or not seen.falls_short:
        return None
    if abs(seen.train[-1] / seen.chance - 1) > CHANCE_MARGIN or not no_other_cause(
        seen, "start", "fading", "narrow"
    ):
        return None
    scale = seen.config.init_scale
    if seen.config.init not in ("normal", "uniform", "constant") or not 0 < scale <= TINY_SCALE:
        return None
    return Finding(
        "at_chance",
        tr("The loss stays at the chance level"),
        tr(
            "It is {loss}; the same output for every example gives {chance}. With start "
            "weights of scale {scale} almost no signal reaches the outputs.",
            loss=number(seen.train[-1], 4),
            chance=number(seen.chance, 4),
            scale=number(scale),
        ),
        tr("Use start weights that fit the layers, or train many more epochs."),
        {"init": "glorot_uniform", "start": ""},
    )


def confident(seen: Observations) -> Finding | None:
    """Find a start with outputs that are too confident."""
    first = float(seen.train[0])
    if seen.output_head.loss_name not in ("bce", "ce") or not seen.chance:
        return None
    clueless = log(seen.output_head.classes)
    if not (first > CONFIDENT_RATIO * clueless and seen.train[-1] > clueless and seen.falls_short):
        return None
    if seen.config.init in FITTING or not no_other_cause(
        seen, "start", "time", "fading", "dropout", "narrow"
    ):
        return None
    return Finding(
        "confident",
        tr("The first outputs are too confident"),
        tr(
            "The first loss was {first}. Equal probabilities for all classes give "
            "{chance} (threshold: {threshold:g} times that).",
            first=number(first),
            chance=number(clueless),
            threshold=CONFIDENT_RATIO,
        ),
        tr("With smaller start weights all classes get about the same probability at first."),
        {"init": "glorot_uniform", "start": ""},
    )


def noisy(seen: Observations) -> Finding | None:
    """Find batches so small that the loss is noisy."""
    config = seen.config
    if (
        not 0 < config.batch_size <= SMALL_BATCH
        or seen.epoch < FEWEST_EPOCHS
        or seen.dropout_share
        or seen.adaptive
    ):
        return None
    if not no_other_cause(seen, "rate"):
        return None
    steps = np.diff(seen.recent) / seen.level
    rises, jitter = float(np.mean(steps > 0)), float(np.abs(steps).mean())
    if rises < JUMPY_SHARE or jitter < NOISY_CHANGE or seen.loss_left < CLEARLY_HIGH_LOSS:
        return None
    return Finding(
        "noisy",
        tr("Batches of {size} make the loss noisy", size=config.batch_size),
        tr(
            "From epoch to epoch the loss changes by {jitter} of {level}; it rises in "
            "{rises} of the epochs (thresholds: {threshold} and {rise_threshold}).",
            jitter=percent(jitter),
            level=number(seen.level),
            rises=percent(rises),
            threshold=percent(NOISY_CHANGE),
            rise_threshold=percent(JUMPY_SHARE),
        ),
        tr("A smaller learning rate averages over more steps; a larger batch over more examples."),
        {"learning_rate": float(f"{config.learning_rate / 10:.2g}")},
        needs_new_run=True,
    )
