"""Rules on units and layers: the outputs of units, and how much of the error term reaches them.

A rule is a function of the observations; it returns its finding, or None. Sources: Lu et al.
(2020), Dying ReLU and initialization; LeCun et al. (1998), Efficient backprop; Glorot & Bengio
(2010); Nielsen, Neural Networks and Deep Learning, ch. 3 and 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.diagnosis.loss_curve_rules import FEWEST_EPOCHS, HIGH_DROPOUT
from engine.diagnosis.observations import (
    NEAR_END,
    SATURATED_SHARE,
    TWIN_DISTANCE,
    Finding,
    Observations,
    find_twins,
    share_at_ends,
)
from engine.diagnosis.suspects import (
    FADED_DELTA,
    FITTING,
    TOO_WIDE,
    UNEQUAL,
    badly_scaled,
    delta_ratio_of_layers,
    input_scales,
    no_other_cause,
)
from engine.language import many, tr, tr_many
from engine.nn import LOSSES, Array
from engine.number_format import number, percent, superscript

DEAD_SHARE, FEWEST_DEAD = 0.6, 3  # of a layer's units; units of a layer
EXPLODING_RATIO = 1e2  # size of delta in the first layer as a share of the last one's
LARGE_ERROR, REDUCED_DELTA = 0.25, 0.1  # mean |a - y|; the share of it that is left in delta
UNLEARNED_LOSS = 0.8  # of the level
SILENT_STRENGTH = 1e-2  # strength of a unit as a share of the strongest one's


def dead_relu(seen: Observations) -> Finding | None:
    """Find ReLU units that output 0 for every example, so that their weights do not change."""
    if not seen.falls_short or not no_other_cause(
        seen, "dead", "rate", "time", "depth", "fading", "narrow"
    ):
        return None
    counts = count_silent(seen, [layer.a for layer in seen.hidden])
    worst = max(range(len(counts)), key=lambda l: counts[l] / len(seen.layers[l].a), default=0)
    if not counts or counts[worst] < max(FEWEST_DEAD, DEAD_SHARE * len(seen.layers[worst].a)):
        return None
    units, l = len(seen.layers[worst].a), worst + 1
    died = (
        counts[worst] > count_silent(seen, seen.at_start)[worst]
    )  # on the way: of too long a step
    slower = {"learning_rate": seen.config.learning_rate / 10} if died else {}
    examples = many(seen.x.shape[1], "training example")
    if seen.covers_training_part:
        examples = tr_many(seen.x.shape[1], "all {n} training example", "all {n} training examples")
    return Finding(
        "dead_relu",
        tr_many(
            counts[worst],
            "{n} of {units} units of layer {layer} is dead",
            "{n} of {units} units of layer {layer} are dead",
            units=units,
            layer=l,
        ),
        tr(
            "Each outputs 0 for {examples}, so its row of δ{layer} is 0 and its weights do "
            "not change (threshold: {threshold} of a layer).",
            examples=examples,
            layer=superscript(l),
            threshold=percent(DEAD_SHARE),
        ),
        tr("A leaky ReLU has a slope below 0, too. With smaller steps fewer units die."),
        {"activation": "leaky_relu", "activations": (), **slower},
    )


def count_silent(seen: Observations, answers: Sequence[Array]) -> list[int]:
    """Return how many units of each hidden layer output 0 for every example; 0 unless ReLU.

    `answers` has the outputs of each layer, (n_units, n).
    """
    return [
        int(np.count_nonzero(~a.any(axis=1))) if name == "relu" else 0
        for a, name in zip(answers, seen.activations, strict=False)
    ]


def identical_units(seen: Observations) -> Finding | None:
    """Find units of a layer that have been equal since the start."""
    for l, layer in enumerate(seen.hidden, 1):
        rows = np.hstack([layer.W, layer.b, seen.layers[l].W.T])  # (units, in + 1 + out)
        alike = int(np.count_nonzero(find_twins(rows) & seen.equal_at_start[l - 1]))
        started = seen.progress.shrunk[l - 1] == seen.progress.shrunk[l] == 1  # at 0
        none = started and not layer.W.any() and not seen.layers[l].W.any()
        if alike < 2 and not none:
            continue
        title = tr(
            "{count} of {units} units of layer {layer} are equal",
            count=alike,
            units=len(rows),
            layer=l,
        )
        if none:
            title = tr("All weights of layer {layer} and the next are 0", layer=l)
            proof = tr(
                "All their weights are 0, so δ{layer} is 0 and they stay equal.",
                layer=superscript(l),
            )
        else:
            proof = tr(
                "From the start their weights differ by less than {threshold}, so their rows "
                "of δ{layer} are equal: together they do the work of one unit.",
                threshold=percent(TWIN_DISTANCE),
                layer=superscript(l),
            )
        return Finding(
            "identical_units",
            title,
            proof,
            tr("With random start weights each unit learns something different."),
            {"init": "glorot_uniform", "start": ""},
        )
    return None


def saturated_start(seen: Observations) -> Finding | None:
    """Find units that have been saturated since the start."""
    now, start = (
        share_at_ends(seen, [layer.a for layer in seen.hidden]),
        share_at_ends(seen, seen.at_start),
    )
    if now < SATURATED_SHARE or start < SATURATED_SHARE or seen.config.init in FITTING:
        return None
    if seen.loss_left < 0.5 or not seen.falls_short or 0 < seen.epoch < FEWEST_EPOCHS:
        return None
    if not no_other_cause(seen, "start", "time", "fading"):
        return None
    return Finding(
        "saturated",
        tr("{share} of the hidden outputs are saturated", share=percent(now)),
        tr(
            "They lie within {distance} of an end of their range. The slope there is near 0, "
            "so almost no error gets through (threshold: {threshold} while the "
            "loss is high).",
            distance=NEAR_END,
            threshold=percent(SATURATED_SHARE),
        ),
        tr("With smaller start weights the units begin where the slope is large."),
        {"init": "glorot_uniform", "start": ""},
    )


def vanishing(seen: Observations) -> Finding | None:
    """Find an error term that vanishes on the way back to the first layer."""
    share = delta_ratio_of_layers(seen)
    if not 0 < share < FADED_DELTA or not seen.falls_short or seen.loss_left < UNLEARNED_LOSS:
        return None
    if not no_other_cause(seen, "fading", "depth", "narrow", *["time"] * (seen.epoch == 0)):
        return None
    each = share ** (1 / (len(seen.layers) - 1))
    change = {"activation": "tanh", "activations": ()}
    if "sigmoid" not in seen.activations[:-1] and seen.adaptive:
        return None
    return Finding(
        "vanishing",
        tr("The error term vanishes on its way back"),
        tr(
            "δ⁽¹⁾ is {share} times as large as δ{layer}, about ×{each} per layer "
            "(threshold: {threshold}).",
            share=number(share),
            layer=superscript(len(seen.layers)),
            each=number(each, 2),
            threshold=FADED_DELTA,
        ),
        tr(
            "tanh and ReLU pass back more of the error than sigmoid; Adam scales small gradients "
            "up."
        ),
        change if "sigmoid" in seen.activations[:-1] else {"optimizer": "adam"},
    )


def exploding(seen: Observations) -> Finding | None:
    """Find an error term that grows from layer to layer on the way back."""
    share = delta_ratio_of_layers(seen)
    if not share > EXPLODING_RATIO or seen.config.init in FITTING or not seen.falls_short:
        return None
    return Finding(
        "exploding",
        tr("The error term explodes on its way back"),
        tr(
            "δ⁽¹⁾ is {share} times as large as δ{layer}; the threshold is {threshold}.",
            share=number(share),
            layer=superscript(len(seen.layers)),
            threshold=number(EXPLODING_RATIO),
        ),
        tr("Suitable start weights keep its size: He for ReLU, Glorot for tanh."),
        {"init": "he_normal", "start": ""},
    )


def unscaled(seen: Observations) -> Finding | None:
    """Find inputs that are large, or of very different sizes."""
    if (
        not seen.x.any()
        or not badly_scaled(seen)
        or not (seen.falls_short or not seen.hidden or seen.epoch == 0)
    ):
        return None
    sizes = np.square(seen.x).mean(axis=1)
    name, widest = str(seen.features[int(sizes.argmax())]), float(input_scales(seen).max())
    name = name if len(name) < 24 else f"{name[:22]}…"
    columns = np.sqrt(np.square(seen.layers[0].dW).sum(axis=0))
    ratio = columns.max() / columns.min() if columns.min() > 0 else np.inf
    size = tr("{name} is about {size}.", name=name, size=number(widest))
    if 1 < ratio < np.inf:
        size = tr(
            "{name} is about {size}, its column of ∂W⁽¹⁾ {ratio} times the smallest.",
            name=name,
            size=number(widest),
            ratio=number(ratio),
        )
    return Finding(
        "unscaled",
        tr("The inputs have different scales"),
        tr(
            "{size} Thresholds: an input above {widest:g}, or {ratio:g} times another.",
            size=size,
            widest=TOO_WIDE,
            ratio=UNEQUAL,
        ),
        tr(
            "Scale the inputs to mean 0 and standard deviation 1, so one learning rate suits "
            "them all."
        ),
        {"scaling": "standard"} if seen.config.scaling == "none" else {},
    )


def saturated_output(seen: Observations) -> Finding | None:
    """Find outputs that are badly wrong where the slope of the output activation is near 0."""
    output = seen.output_head.output
    if not seen.output_head.classes or output == seen.output_head.loss.canonical:
        return None
    last = seen.layers[-1]
    wrong = float(np.abs(last.a - seen.y).mean())
    full = seen.output_head.loss.scale(seen.y.shape[1], seen.output_head.K) * wrong
    left = float(np.abs(last.delta).mean()) / full if full else 1.0
    if not (wrong > LARGE_ERROR and left < REDUCED_DELTA):
        return None
    name = superscript(len(seen.layers))
    return Finding(
        "saturated_output",
        tr("The error is large, but the error term is small"),
        tr(
            "The outputs are wrong by {wrong}, but the slope of the {output} output "
            "leaves {left} of that in δ{layer} (threshold: {threshold}).",
            wrong=number(wrong),
            output=output,
            left=percent(left),
            layer=name,
            threshold=percent(REDUCED_DELTA),
        ),
        tr("With cross-entropy this slope cancels out, so the error term is the full error."),
        next(
            ({"loss": name} for name, loss in LOSSES.items() if loss.canonical == output),
            {"loss": "auto", "output": "auto"},
        ),
    )


def silenced(seen: Observations) -> Finding | None:
    """Find hidden units with almost no weight in or out because of the L1 penalty."""
    if (
        not seen.hidden
        or not seen.config.l1
        or seen.epoch < 10
        or seen.dropout_share >= HIGH_DROPOUT
    ):
        return None
    strength = [
        np.sqrt(np.square(layer.W).sum(axis=1) * np.square(above.W).sum(axis=0))
        for layer, above in zip(seen.layers, seen.layers[1:], strict=False)
    ]
    off = [int(np.count_nonzero(s < SILENT_STRENGTH * s.max())) for s in strength]
    worst = int(np.argmax(off))
    if not off[worst]:
        return None
    return Finding(
        "silenced",
        tr(
            "L1 has switched off {off} of {units} units",
            off=off[worst],
            units=len(strength[worst]),
        ),
        tr(
            "In layer {layer} their weights in times their weights out are below "
            "{threshold} of those of the strongest unit.",
            layer=worst + 1,
            threshold=percent(SILENT_STRENGTH),
        ),
        tr("The network works without them. With a weaker penalty they would be used again."),
        {"l1": float(f"{seen.config.l1 / 10:.2g}")},
        note=True,
    )
