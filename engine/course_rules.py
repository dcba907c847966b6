"""Rules on the course of the loss: how the steps go, and where they come to rest.

A rule is a function of the evidence; it returns its finding, or None. Sources: Goh (2017), Why
momentum really works; Hamey (1998) and Bland (1998) for the plateaus of XOR; Kingma & Ba (2015),
2.1, for how far Adam steps.
"""

from __future__ import annotations

from math import log

import numpy as np

from engine.divergence import reason, remedy
from engine.equations import Array
from engine.evidence import Evidence, Finding
from engine.numerals import number, percent

EDGE = 1 - 1e-9  # rounding aside, the edge itself counts
JUMP, JUMPY = 0.05, 0.2  # a rise, as a share of the level; share of recent epochs that jump
ENOUGH, LONG = 10, 50  # epochs before the loss is said to jump; to rest or to creep
RESTING = 0.01  # of the level: what a resting loss falls in the recent epochs, at most
CREEPING, SLOW = 5e-3, 0.5  # change of the weights in an epoch; what is left of the level
AT_CHANCE = 0.01  # of chance
FEW, SHIVER = 4, 0.01  # examples in a batch; change of the running loss, as a share of the level
CONFIDENT = 1.5  # times chance
PLATEAUS = {  # of XOR: what each means, and its loss as cross-entropy and squared error
    "one answer for all four corners": {"bce": log(2), "mse": 0.25},
    "one corner right, three at two thirds": {"bce": 0.4773856, "mse": 0.16666667},
    "two corners right, two at one half": {"bce": log(2) / 2, "mse": 0.125},
}
FINGERPRINT = 3e-3
DIVERGED = {
    "": " after this epoch",
    "learning_rate": ": the learning rate is too high",
    "l2": ": the L2 penalty is too strong",
    "l1": ": the L1 penalty is too strong",
    "weight_decay": ": the weight decay is too strong",
    "momentum": ": the momentum is too high",
    "scaling": ": the inputs are too large",
    "init": ": the start weights are too large",
}
SMALLER = "A smaller step stays in the valley."


def diverged(seen: Evidence) -> Finding | None:
    """A run that went beyond all numbers after this epoch."""
    if not seen.cause:
        return None
    cause, widest = seen.cause, float(np.abs(seen.x).max())
    why = reason(cause, seen.config, widest)
    return Finding(
        "diverged",
        f"Training diverged{DIVERGED[cause.blame]}",
        f"{why[0].upper()}{why[1:]}",
        remedy(cause),
        cause.change,
        anew=True,
    )


def too_fast(seen: Evidence) -> Finding | None:
    """Steps that overshoot: the curvature says so, or a loss that keeps jumping."""
    jumps = np.diff(seen.recent) > JUMP * seen.level
    share = float(np.mean(jumps)) if seen.epoch >= ENOUGH else 0.0
    beyond = seen.edge >= EDGE
    straight = len(seen.layers) == 1 and beyond and seen.train[-1] > 0
    climbed = seen.epoch > 2 and seen.train[-1] > 2 * max(seen.train[0], seen.chance) > 0
    if not (straight or share > JUMPY or climbed):
        return None
    if beyond:
        proof = f"Learning rate × curvature is {number(seen.edge)} times the edge. From 1 on each "
        proof += "step lands on the other side of the valley, as far off or farther."
    elif share > JUMPY:
        proof = f"The loss jumps up in {percent(share)} of the recent epochs, "
        proof += f"named above {percent(JUMPY)}."
    else:
        proof = f"The loss rose from {number(seen.train[0])} to {number(seen.train[-1])}, named "
        proof += "where it is more than twice that of the start."
    rate = seen.config.learning_rate
    smaller = rate / 2 / seen.edge if straight else rate / 10
    title = f"The learning rate of {number(rate)} is too high"
    change = {"learning_rate": max(float(f"{smaller:.2g}"), 1e-6)}
    return Finding("too_fast", title, proof, SMALLER, change, anew=True)


def overshoots(seen: Evidence) -> Finding | None:
    """Momentum that carries the steps through the valley and up the other side."""
    config = seen.config
    if config.optimizer not in ("momentum", "nesterov") or seen.epoch < 3 or seen.edge >= EDGE:
        return None
    low, high = climb(seen.recent)
    risen = float(high - low) / seen.level
    if risen < JUMP:
        return None
    return Finding(
        "overshoots",
        "Momentum overshoots",
        f"The loss fell to {number(low)}, then rose in each epoch to {number(high)}; named from a "
        f"climb of {percent(JUMP)} of {number(seen.level)} on.",
        f"Less momentum than {number(config.momentum)} comes to rest sooner.",
        {"momentum": 0.5},
    )


def climb(losses: Array) -> tuple[float, float]:
    """Foot and top of the highest climb of three epochs or more in a row; (0, 0) without one."""
    best, foot = (0.0, 0.0), 0
    for at in range(1, len(losses)):
        if losses[at] <= losses[at - 1]:
            foot = at
        elif at - foot >= 3 and losses[at] - losses[foot] > best[1] - best[0]:
            best = float(losses[foot]), float(losses[at])
    return best


def too_slow(seen: Evidence) -> Finding | None:
    """A loss that falls in every epoch, by little, while it is still high."""
    left = seen.train[-1] / seen.level
    falls = float(np.mean(np.diff(seen.recent) < 0)) if seen.epoch else 0.0
    pace = np.nanmax(seen.pace) if np.isfinite(seen.pace).any() else np.inf
    if seen.epoch < LONG or left < SLOW or falls < 1 or pace > CREEPING:
        return None
    rate = seen.config.learning_rate
    return Finding(
        "too_slow",
        f"The learning rate of {number(rate)} is too low",
        f"The loss falls in every epoch, yet {number(left)} of chance is left. The weights change "
        f"by {number(pace)} of their size an epoch; named up to {number(CREEPING)}.",
        "A step ten times as long gets there in a tenth of the epochs.",
        {"learning_rate": min(float(f"{rate * 10:.2g}"), 1000.0)},
    )


def resting(seen: Evidence) -> bool:
    """Whether the training loss has all but stopped to fall."""
    return seen.epoch >= LONG and abs(seen.fell) < RESTING


def plateau(seen: Evidence) -> Finding | None:
    """One of the three levels at which XOR rests, known by its loss."""
    if seen.config.dataset != "xor_table" or not resting(seen):
        return None
    loss = float(seen.train[-1])
    for meaning, levels in PLATEAUS.items():
        level = levels.get(seen.head.loss_name, np.inf)
        if abs(loss - level) < FINGERPRINT:
            return Finding(
                "plateau",
                f"A plateau: {meaning}",
                f"The loss rests at {number(loss, 4)}; this plateau of XOR lies at "
                f"{number(level, 4)}, named within {FINGERPRINT}.",
                "Other start weights or more units find the way; some plateaus just end late.",
                {"start": "", "init": "glorot_uniform", "hidden": (8,)},
            )
    return None


def at_chance(seen: Evidence) -> Finding | None:
    """A loss that stays where an answer that ignores the inputs would be."""
    if not resting(seen) or not seen.chance:
        return None
    if abs(seen.train[-1] / seen.chance - 1) > AT_CHANCE:
        return None
    return Finding(
        "at_chance",
        "The loss rests at the chance line",
        f"It is {number(seen.train[-1], 4)}; the same answer for every example costs "
        f"{number(seen.chance, 4)}. Named within {percent(AT_CHANCE)} of that.",
        "The inputs are ignored so far: look at the size of δ in each layer.",
    )


def confident(seen: Evidence) -> Finding | None:
    """A start at which the outputs are sure of what they cannot know."""
    first = float(seen.train[0])
    if seen.head.loss_name not in ("bce", "ce") or not seen.chance:
        return None
    clueless = log(seen.head.classes)
    if not (first > CONFIDENT * clueless and seen.train[-1] > clueless):
        return None
    return Finding(
        "confident",
        "The outputs started too confident",
        f"The first loss was {number(first)}, knowing nothing costs {number(clueless)}; named "
        f"above {CONFIDENT:g} times that.",
        "Smaller start weights begin near “I do not know”.",
        {"init": "glorot_uniform", "start": ""} if seen.config.init != "glorot_uniform" else {},
    )


def noisy(seen: Evidence) -> Finding | None:
    """Batches of next to nothing: each step follows a few examples, and the loss shivers."""
    size = seen.config.batch_size
    if not 0 < size <= FEW or seen.epoch < ENOUGH:
        return None
    steps = np.diff(seen.running[-len(seen.recent) + 1 :]) / seen.level
    rises, jitter = float(np.mean(steps > 0)), float(np.abs(steps).mean())
    if rises < JUMPY or jitter < SHIVER:
        return None
    return Finding(
        "noisy",
        f"Batches of {size} make the loss shiver",
        f"From epoch to epoch the running loss changes by {percent(jitter)} of "
        f"{number(seen.level)}, and rises in {percent(rises)} of them; named from "
        f"{percent(SHIVER)} and {percent(JUMPY)} on.",
        "A larger batch averages more examples; a smaller step averages over time.",
        {"batch_size": 32},
    )
