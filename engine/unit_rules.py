"""Rules on units and layers: what a unit answers, and how much of the error term reaches it.

A rule is a function of the evidence; it returns its finding, or None. Sources: Lu et al. (2020),
Dying ReLU and initialization; LeCun et al. (1998), Efficient backprop; Glorot & Bengio (2010);
Nielsen, Neural Networks and Deep Learning, ch. 3 and 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.equations import Array
from engine.evidence import ALIKE, Evidence, Finding, norm, twins
from engine.losses import LOSSES
from engine.numerals import agree, many, number, percent, superscript

DEAD_SHARE = 0.1  # of a layer's units
NEAR, SATURATED_SHARE = 0.05, 0.5  # from the end of the range; of all answers of the hidden units
ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
FADED, GROWN = 1e-2, 1e2  # size of delta in the first layer as a share of the last one's
TOO_WIDE, UNEQUAL = 10.0, 100.0  # size of an input; of one input as a multiple of another
WRONG, MUFFLED = 0.25, 0.1  # mean |a - y|; the share of it that is left in delta
SILENT = 1e-2  # strength of a unit as a share of the strongest one's


def dead(seen: Evidence) -> Finding | None:
    """ReLU units that answer 0 to every example: no error term passes them, they never move."""
    counts = silent(seen, [layer.a for layer in seen.hidden])
    worst = max(range(len(counts)), key=lambda l: counts[l] / len(seen.layers[l].a), default=0)
    if not counts or counts[worst] < DEAD_SHARE * len(seen.layers[worst].a):
        return None
    units, l = len(seen.layers[worst].a), worst + 1
    how_many = f"{counts[worst]} of {units} units of layer {l}"
    died = counts[worst] > silent(seen, seen.at_start)[worst]  # on the way: of too long a step
    slower = {"learning_rate": seen.config.learning_rate / 10} if died else {}
    examples = ("all " if seen.whole else "") + many(seen.x.shape[1], "training example")
    return Finding(
        "dead",
        f"{how_many} {agree(counts[worst], 'is', 'are')} dead",
        f"Each says 0 to {examples}, so its row of δ{superscript(l)} is 0 and its weights stay as "
        f"they are; named from {percent(DEAD_SHARE)} of a layer on.",
        "A leaky ReLU lets some error through below 0; smaller steps kill fewer.",
        {"activation": "leaky_relu", "activations": (), **slower},
    )


def silent(seen: Evidence, answers: Sequence[Array]) -> list[int]:
    """How many units of each hidden ReLU layer answer 0 to every example; 0 for other layers."""
    return [
        int(np.count_nonzero(~a.any(axis=1))) if name == "relu" else 0
        for a, name in zip(answers, seen.activations, strict=False)
    ]


def same(seen: Evidence) -> Finding | None:
    """Units of a layer that started and stayed the same: they get the same error term."""
    for l, layer in enumerate(seen.hidden, 1):
        rows = np.hstack([layer.W, layer.b, seen.layers[l].W.T])  # (units, in + 1 + out)
        alike = int(np.count_nonzero(twins(rows) & seen.twins[l - 1]))
        if alike < 2:
            continue
        title = f"{alike} of {len(rows)} units of layer {l} are the same"
        if not layer.W.any() and not seen.layers[l].W.any():
            proof = f"All their weights are 0, so δ{superscript(l)} is 0: nothing moves them apart"
        else:
            proof = (
                f"From the start their weights differ by less than {percent(ALIKE)}, so their rows "
                f"of δ{superscript(l)} are alike: together they do the work of one"
            )
        return Finding(
            "same",
            title,
            f"{proof}.",
            "Start weights drawn at random let each unit learn its own thing.",
            {"init": "glorot_uniform", "start": ""},
        )
    return None


def saturated(seen: Evidence) -> Finding | None:
    """Units that start at the ends of their range, or learn nothing there: slopes near 0."""
    now, start = at_ends(seen, [layer.a for layer in seen.hidden]), at_ends(seen, seen.at_start)
    left = seen.train[-1] / seen.level
    if now < SATURATED_SHARE or left < 0.5 or (start < SATURATED_SHARE and left < 0.95):
        return None
    return Finding(
        "saturated",
        f"{percent(now)} of the hidden answers are saturated",
        f"They lie within {NEAR} of an end of their range, where the slope is near 0 and holds the "
        f"error term back; named from {percent(SATURATED_SHARE)} on while the loss is high.",
        "Smaller start weights put the units where they are steep.",
        {"init": "glorot_uniform", "start": ""} if seen.config.init != "glorot_uniform" else {},
    )


def at_ends(seen: Evidence, answers: Sequence[Array]) -> float:
    """The share of answers within NEAR of an end of their range, of the layer with the most."""
    shares = [0.0]
    for a, name in zip(answers, seen.activations, strict=False):
        if name in ENDS:
            low, high = ENDS[name]
            shares.append(float(np.mean((a < low + NEAR) | (a > high - NEAR))))
    return max(shares)


def vanishing(seen: Evidence) -> Finding | None:
    """An error term that all but dries up on its way to the first layer."""
    share = passed_down(seen)
    if not 0 < share < FADED:
        return None
    each = share ** (1 / (len(seen.layers) - 1))
    change = {"activation": "tanh", "activations": ()}
    return Finding(
        "vanishing",
        "The error term vanishes on its way down",
        f"δ⁽¹⁾ is {number(share)} times as large as δ{superscript(len(seen.layers))}, about "
        f"×{number(each, 2)} a layer; named below {FADED}.",
        "tanh and ReLU pass more on than sigmoid; Adam makes small terms count.",
        change if "sigmoid" in seen.activations[:-1] else {"optimizer": "adam"},
    )


def exploding(seen: Evidence) -> Finding | None:
    """An error term that grows from layer to layer on its way down."""
    share = passed_down(seen)
    if not share > GROWN:
        return None
    return Finding(
        "exploding",
        "The error term explodes on its way down",
        f"δ⁽¹⁾ is {number(share)} times as large as δ{superscript(len(seen.layers))}; "
        f"named above {number(GROWN)}.",
        "Start weights that fit the layer keep the size: He for ReLU, Glorot for tanh.",
        {"init": "he_normal", "start": ""},
    )


def passed_down(seen: Evidence) -> float:
    """Size of delta in the first layer as a share of the last one's; nan below three layers."""
    ends = (seen.layers[0].delta, seen.layers[-1].delta)
    first, last = (norm(delta) / delta.size**0.5 for delta in ends)
    return first / last if len(seen.layers) > 2 and last > 1e-12 else np.nan


def unscaled(seen: Evidence) -> Finding | None:
    """Inputs that are large, or of very different sizes: no one learning rate suits them all."""
    spread = np.sqrt(np.square(seen.x).mean(axis=1))
    spread, names = spread[spread > 0], np.array(seen.features)[spread > 0]
    if not len(spread) or not (spread.max() > TOO_WIDE or spread.max() > UNEQUAL * spread.min()):
        return None
    name = str(names[spread.argmax()])
    name = name if len(name) < 24 else f"{name[:22]}…"
    columns = np.sqrt(np.square(seen.layers[0].dW).sum(axis=0))
    ratio = columns.max() / columns.min() if columns.min() > 0 else np.inf
    proof = (
        f", its column of ∂W⁽¹⁾ {number(ratio)} times the smallest" if 1 < ratio < np.inf else ""
    )
    return Finding(
        "unscaled",
        "The inputs are not on one scale",
        f"{name} is about {number(float(spread.max()))}{proof}. Named where an input is above "
        f"{TOO_WIDE:g}, or {UNEQUAL:g} times another.",
        "Inputs of mean 0 and deviation 1 let one learning rate suit them all.",
        {"scaling": "standard"} if seen.config.scaling == "none" else {},
    )


def muffled(seen: Evidence) -> Finding | None:
    """Answers that are badly wrong while the slope of the output lets no error term through."""
    if not seen.head.classes or seen.head.output == seen.head.loss.canonical:
        return None
    last = seen.layers[-1]
    wrong = float(np.abs(last.a - seen.y).mean())
    full = seen.head.loss.scale(seen.y.shape[1], seen.head.K) * wrong
    left = float(np.abs(last.delta).mean()) / full if full else 1.0
    if not (wrong > WRONG and left < MUFFLED):
        return None
    name = superscript(len(seen.layers))
    return Finding(
        "muffled",
        "The error is large, the error term small",
        f"Answers miss by {number(wrong)}, but the slope of the {seen.head.output} output leaves "
        f"{percent(left)} of that in δ{name}; named below {percent(MUFFLED)}.",
        "Cross-entropy cancels that slope: its error term is the error itself.",
        next(
            ({"loss": name} for name, loss in LOSSES.items() if loss.canonical == seen.head.output),
            {"loss": "auto", "output": "auto"},
        ),
    )


def silenced(seen: Evidence) -> Finding | None:
    """Hidden units that the L1 penalty has all but switched off: next to no weight in or out."""
    if not seen.hidden or not seen.config.l1 or seen.epoch < 10:
        return None
    strength = [
        np.sqrt(np.square(layer.W).sum(axis=1) * np.square(above.W).sum(axis=0))
        for layer, above in zip(seen.layers, seen.layers[1:], strict=False)
    ]
    off = [int(np.count_nonzero(s < SILENT * s.max())) for s in strength]
    worst = int(np.argmax(off))
    if not off[worst]:
        return None
    return Finding(
        "silenced",
        f"L1 has switched off {off[worst]} of {len(strength[worst])} units",
        f"In layer {worst + 1} their weights in times their weights out are below "
        f"{percent(SILENT)} of the strongest unit's, which is where they are named.",
        "The network does without them; a weaker penalty brings them back.",
        {"l1": seen.config.l1 / 3},
    )
