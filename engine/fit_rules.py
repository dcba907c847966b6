"""Rules on what was learned: by heart or for good, for all classes, with enough bends.

A rule is a function of the evidence; it returns its finding, or None. Sources: Prechelt (1998),
Early stopping, but when?; Zhang et al. (2017), Understanding deep learning requires rethinking
generalization; Srivastava et al. (2014) for dropout.
"""

from __future__ import annotations

import numpy as np

from engine.course_rules import ENOUGH, resting
from engine.evidence import Evidence, Finding
from engine.numerals import agree, many, number, percent

RISEN, WORTH = 1.2, 0.02  # times its lowest; of the level
BY_HEART, NO_BETTER = 0.98, 0.1  # accuracy on what was learned; above chance on the rest
MOST_COMMON, MISSED, FINE = 0.8, 0.6, 0.8  # share of a class, recall, accuracy
GOOD = 0.9  # accuracy or R² that leaves little to bend for
HELD = 0.6  # of the level


def overfitting(seen: Evidence) -> Finding | None:
    """A validation loss that has turned upwards while the training loss went on falling."""
    if seen.epoch < ENOUGH or np.isnan(seen.validation[-1]):
        return None
    best = int(np.argmin(seen.validation))
    lowest, now = float(seen.validation[best]), float(np.median(seen.validation[-5:]))
    if now < RISEN * lowest or now - lowest < WORTH * seen.level:
        return None
    if seen.train[-1] >= seen.train[best]:
        return None
    return Finding(
        "overfitting",
        f"Overfitting since epoch {best}",
        f"Since then the validation loss rose from {number(lowest)} to {number(now)}, the training "
        f"loss fell to {number(seen.train[-1])}; named from {RISEN} times the lowest on.",
        "L2 keeps the weights small; dropout or more examples help as well.",
        {"l2": 3e-3} if not seen.config.l2 else {"dropout": 0.3},
        anew=True,
    )


def by_heart(seen: Evidence) -> Finding | None:
    """All right on what was learned, no better than chance on the rest."""
    learned, rest = (float(seen.record[f"{part}_metric"]) for part in ("train", "validation"))
    if not seen.head.classes or not (learned >= BY_HEART and rest < seen.majority + NO_BETTER):
        return None
    return Finding(
        "by_heart",
        "Learned by heart, not understood",
        f"Training accuracy {percent(learned)} proves nothing: validation has {percent(rest)}, one "
        f"answer for all gets {percent(seen.majority)}. Named up to {NO_BETTER} above that.",
        "The inputs may say nothing about the answer: try others, or more examples.",
    )


def imbalance(seen: Evidence) -> Finding | None:
    """An accuracy that is no better than it looks: the rare class is missed."""
    head = seen.head
    if not head.classes or head.weights or seen.epoch == 0:
        return None
    true, said = head.decide(seen.y), head.decide(seen.layers[-1].a)
    counts = np.bincount(true, minlength=head.classes)
    common, accuracy = counts.max() / counts.sum(), float(np.mean(true == said))
    present = np.flatnonzero(counts)
    recall = np.array([np.mean(said[true == k] == k) for k in present])
    if common < MOST_COMMON or recall.min() > MISSED or accuracy < FINE or len(present) < 2:
        return None
    return Finding(
        "imbalance",
        "The accuracy hides a class that is missed",
        f"Accuracy {percent(accuracy)}, but the most common class alone is {percent(common)}; "
        f"of the worst class {percent(recall.min())} is found, named up to {percent(MISSED)}.",
        "Balanced class weights let an error on a rare class count for more.",
        {"class_weights": "balanced"},
    )


def straight(seen: Evidence) -> Finding | None:
    """A network without a bend in it, on a problem that needs one."""
    score = float(seen.record["train_metric"])
    if any(name != "linear" for name in seen.activations[:-1]) or not resting(seen):
        return None
    if not score < GOOD or not seen.chance:
        return None
    hidden = len(seen.hidden)
    what = "No hidden layer" if not hidden else "Hidden layers of linear units"
    return Finding(
        "straight",
        "This network cannot bend",
        f"{what}: whatever the weights, its answer is straight. The score rests at "
        f"{number(score)}; named below {GOOD}.",
        "A hidden layer of tanh units bends it." if not hidden else "tanh units bend it.",
        {
            "activation": "tanh",
            "activations": (),
            "start": "",
            "hidden": seen.config.hidden or (4,),
        },
    )


def too_narrow(seen: Evidence) -> Finding | None:
    """A first layer of too few units to close a region in."""
    d, units = len(seen.x), len(seen.layers[0].W)
    score = float(seen.record["train_metric"])
    if not seen.head.classes or not seen.hidden or not 2 <= d <= 3 or units > d:
        return None
    if not resting(seen) or not score < GOOD:
        return None
    return Finding(
        "too_narrow",
        f"{many(units, 'unit')} in the first layer {agree(units, 'closes', 'close')} nothing in",
        f"Each draws one straight cut; with {d} inputs a closed region takes {d + 1}. The accuracy "
        f"rests at {number(score)}, named below {GOOD}.",
        f"Give the first layer {d + 1} units or more.",
        {"hidden": (d + 1, *seen.config.hidden[1:]), "start": ""},
    )


def held_back(seen: Evidence) -> Finding | None:
    """A penalty so strong that the network may not learn."""
    penalty, loss = float(seen.record["penalty"]), float(seen.train[-1])
    if penalty < 0.1 * loss or not resting(seen) or loss < HELD * seen.level:
        return None
    name = "l2" if seen.config.l2 else "l1"
    return Finding(
        "held_back",
        "The penalty holds the network back",
        f"The loss rests at {percent(loss / seen.level)} of chance, and a penalty of "
        f"{number(penalty)} comes on top; named from {percent(HELD)} and a tenth of the loss on.",
        "A tenth of the penalty leaves the weights room to grow.",
        {name: getattr(seen.config, name) / 10},
    )


def masked(seen: Evidence) -> Finding | None:
    """Dropout: why the loss seen while training lies above that of the validation part."""
    running, validation = float(seen.record["running"]), float(seen.record["validation"])
    if not any(seen.config.layer_dropouts) or not running > validation > seen.train[-1]:
        return None
    return Finding(
        "masked",
        "Dropout lifts the running loss above validation",
        f"While training, with muted units, it is {number(running)}; without masks training has "
        f"{number(seen.train[-1])} and validation {number(validation)}.",
        "Nothing to mend: units are muted only while training.",
    )
