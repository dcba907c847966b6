"""Rules on the loss curve: the size of the steps, and plateaus.

A rule is a function of the observations; it returns its finding, or None. Sources: Goh (2017), Why
momentum really works; Hamey (1998) and Bland (1998) for the plateaus of XOR; Kingma & Ba (2015),
2.1, for the size of Adam's steps.
"""

from __future__ import annotations

from math import log

import numpy as np

from engine.diagnosis.observations import (
    JUMP,
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

EDGE = 1 - 1e-9  # rounding aside, the edge itself counts
JUMPY = 0.2  # share of recent epochs in which the loss jumps
ENOUGH, LONG = 10, 50  # epochs before the loss counts as jumping; as resting or too slow
RESTING = 0.01  # of the level: what a resting loss falls in the recent epochs, at most
SOME = 20  # epochs before a rate counts as too low
SLOW, VERY_SLOW = 0.5, 0.7  # what is left of the level; the same before LONG epochs
SHORT_WAY, SHORT_WAY_ADAPTIVE = 4.0, 1.0  # length of a path that counts as short
AIM, AIM_ADAPTIVE = 100.0, 5.0  # the length that is proposed
STRAIGHT_ON = 0.8  # cosine between the halves of the way
MUCH = 0.5  # dropout
TINY = 0.05  # scale of start weights
FLUNG = 10.0  # times the size of the weights at the start
BEYOND = marked(
    "Learning rate × curvature is {share} times the stability limit. At 1 or more, each step "
    "lands on "
    "the other side of the minimum, as far away as before or farther."
)
AT_CHANCE = 0.01  # of chance
FEW, SHIVER = 4, 0.02  # examples in a batch; change of the running loss, as a share of the level
CLEARLY = 0.2  # of the level: a loss that is high enough for a rule
WORSE = 1.2  # of the level: a loss that even the narrowest network need not have
CONFIDENT = 1.5  # times chance
PLATEAUS = {  # of XOR: what each means, and its loss as cross-entropy and squared error
    marked("the same output for all four corners"): {"bce": log(2), "mse": 0.25},
    marked("one corner right, three at two thirds"): {"bce": 0.4773856, "mse": 0.16666667},
    marked("two corners right, the other two at one half"): {"bce": log(2) / 2, "mse": 0.125},
}
FINGERPRINT = 3e-3
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
SMALLER = marked("With a smaller learning rate the steps do not jump over the minimum.")


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
    if seen.edge >= EDGE and len(seen.layers) == 1:
        smaller = rate / 2 / seen.edge
    title = tr("The learning rate of {rate} is too high", rate=number(rate))
    change = {"learning_rate": max(float(f"{smaller:.2g}"), 1e-6)}
    return Finding("too_fast", title, proof, tr(SMALLER), change, needs_new_run=True)


def overshooting_evidence(seen: Observations) -> str:
    """Return the evidence that the steps are too long, "" if there is none."""
    if len(seen.layers) == 1 and seen.edge >= EDGE and seen.train[-1] > 0:
        return tr(BEYOND, share=number(seen.edge))
    high = seen.bends and seen.learnable and seen.left > SLOW
    allowed = ["rate", "dead", "depth", "fading", "start", "time"]
    allowed += ["narrow", "neck"] * (seen.left > WORSE)
    if not (seen.falls_short or high) or not no_other_cause(seen, *allowed):
        return ""  # a loss may jump around a good solution, or for another reason
    if seen.epoch >= ENOUGH and seen.jumps > JUMPY:
        if seen.edge >= EDGE:
            return tr(BEYOND, share=number(seen.edge))
        return tr(
            "The loss jumps up in {jumps} of the recent epochs (threshold: {threshold}).",
            jumps=percent(seen.jumps),
            threshold=percent(JUMPY),
        )
    if seen.epoch > 2 and seen.train[-1] > 2 * max(seen.train[0], seen.chance) > 0:
        return tr(
            "The loss rose from {first} to {last}, more than twice its value at the start.",
            first=number(seen.train[0]),
            last=number(seen.train[-1]),
        )
    return saturation_evidence(seen) if seen.epoch < SOME else ""


def saturation_evidence(seen: Observations) -> str:
    """Return the evidence that the first steps saturated units, "" if there is none."""
    moved = seen.progress.moved
    now, start = (
        share_at_ends(seen, [layer.a for layer in seen.hidden]),
        share_at_ends(seen, seen.at_start),
    )
    if not (moved > FLUNG and now > SATURATED_SHARE > 2 * start and seen.left > 1):
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
    if not seen.edge < EDGE:  # nan where steps are noisy: there a climb may be chance
        return None
    low, high = highest_climb(seen.recent)
    risen = float(high - low) / seen.level
    if risen < JUMP or not seen.falls_short:
        return None
    return Finding(
        "overshoots",
        tr("Momentum overshoots"),
        tr(
            "The loss fell to {low}, then rose in each epoch to {high} (threshold: a "
            "rise of {threshold} of {level}).",
            low=number(low),
            high=number(high),
            threshold=percent(JUMP),
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
    small = way.length < (SHORT_WAY_ADAPTIVE if seen.adaptive else SHORT_WAY)
    if seen.epoch < SOME or not (small and way.straight > STRAIGHT_ON and seen.falls_short):
        return None
    high = SLOW if seen.epoch >= LONG else VERY_SLOW
    if seen.left < high or seen.muted >= MUCH or seen.fell <= 0:
        return None
    if not no_other_cause(seen, "time", "dropout", "narrow", "neck", "fading", "dead"):
        return None
    rate = seen.config.learning_rate
    times = (AIM_ADAPTIVE if seen.adaptive else AIM) / way.length
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
            left=percent(seen.left),
            moved=percent(way.moved),
        ),
        tr(
            "Use a rate of {better}, or train {times} times as many epochs.",
            better=number(better),
            times=number(better / rate, 2),
        ),
        {"learning_rate": better},
    )


def is_resting(seen: Observations) -> bool:
    """Return whether the training loss has almost stopped falling."""
    return seen.epoch >= LONG and abs(seen.fell) < RESTING


def on_plateau(seen: Observations) -> Finding | None:
    """Find one of the three plateaus of XOR by its loss."""
    if seen.config.dataset != "xor_table" or not is_resting(seen):
        return None
    loss = float(seen.train[-1])
    for meaning, levels in PLATEAUS.items():
        level = levels.get(seen.output_head.loss_name, np.inf)
        if abs(loss - level) < FINGERPRINT:
            return Finding(
                "plateau",
                tr("A plateau: {meaning}", meaning=tr(meaning)),
                tr(
                    "The loss stays at {loss}; this plateau of XOR lies at {level} "
                    "(threshold: {threshold}).",
                    loss=number(loss, 4),
                    level=number(level, 4),
                    threshold=FINGERPRINT,
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
    if not is_resting(seen) or not seen.chance or not seen.falls_short:
        return None
    if abs(seen.train[-1] / seen.chance - 1) > AT_CHANCE or not no_other_cause(
        seen, "start", "fading", "narrow"
    ):
        return None
    scale = seen.config.init_scale
    if seen.config.init not in ("normal", "uniform", "constant") or not 0 < scale <= TINY:
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
    if not (first > CONFIDENT * clueless and seen.train[-1] > clueless and seen.falls_short):
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
            threshold=CONFIDENT,
        ),
        tr("With smaller start weights all classes get about the same probability at first."),
        {"init": "glorot_uniform", "start": ""},
    )


def noisy(seen: Observations) -> Finding | None:
    """Find batches so small that the loss is noisy."""
    config = seen.config
    if not 0 < config.batch_size <= FEW or seen.epoch < ENOUGH or seen.muted or seen.adaptive:
        return None
    if not no_other_cause(seen, "rate"):
        return None
    steps = np.diff(seen.recent) / seen.level
    rises, jitter = float(np.mean(steps > 0)), float(np.abs(steps).mean())
    if rises < JUMPY or jitter < SHIVER or seen.left < CLEARLY:
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
            threshold=percent(SHIVER),
            rise_threshold=percent(JUMPY),
        ),
        tr("A smaller learning rate averages over more steps; a larger batch over more examples."),
        {"learning_rate": float(f"{config.learning_rate / 10:.2g}")},
        needs_new_run=True,
    )
