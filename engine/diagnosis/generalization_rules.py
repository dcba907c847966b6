"""Rules on what was learned: memorized or general, for all classes, with enough units.

A rule is a function of the observations; it returns its finding, or None. Sources: Prechelt (1998),
Early stopping, but when?; Zhang et al. (2017), Understanding deep learning requires rethinking
generalization; Srivastava et al. (2014) for dropout.
"""

from __future__ import annotations

import numpy as np

from engine.diagnosis.loss_curve_rules import (
    FEWEST_EPOCHS,
    HIGH_DROPOUT,
    JUMPY_SHARE,
    MANY_EPOCHS,
    SLOW_LOSS,
    has_stalled,
)
from engine.diagnosis.observations import (
    GOOD_SCORE,
    LEAST_SHORTFALL,
    SATURATED_SHARE,
    SHRUNK_WEIGHTS,
    Finding,
    Observations,
    share_at_ends,
)
from engine.diagnosis.suspects import no_other_cause, possible_causes
from engine.language import listed, many, marked, tr, tr_many
from engine.nn import ACTIVATIONS
from engine.number_format import number, percent
from engine.training import MILD

VALIDATION_RISE = 1.2  # times the lowest validation loss
LEAST_RISE = 0.02  # of the level
MEMORIZED_ACCURACY = 0.98  # on the training part
NEAR_CHANCE = 0.1  # of accuracy, above that of the most common class
COMMON_CLASS_SHARE = 0.8
MISSED_RECALL = 0.6
HIGH_ACCURACY = 0.8
SCORE_DROP = 0.03  # of the validation score: what overfitting costs
SCORE_GAP = 0.15  # of the score: training above validation
CHANCE_EXAMPLES = 3  # examples whose loss may be chance
LONG_TRAINING = 5  # times the length of path after which a network has had its time
NARROW_UNITS = 4  # of a layer
STALLED_FALL = 0.02  # of the level: what a loss that has stalled still falls
STRONG_L2, STRONG_L1 = 0.01, 0.003  # penalties that may hold a network back
SCALING_GAIN = 0.1  # of the level, by larger outputs alone
PENALTY_SHARE = 0.04  # of the loss
WEAKENING_PULL, BALANCING_PULL = 0.2, 0.5  # of the data's gradient
IMPROVABLE_LOSS = 0.3  # of the level: a loss that could be lower
OUTPUT_SCALES = 1.5 ** np.arange(9)
WITHOUT_HIDDEN = marked(
    "No hidden layer: whatever the weights are, its output is linear in the inputs."
)
OF_LINEAR_UNITS = marked(
    "Hidden layers of linear units: whatever the weights are, its output is linear in the inputs."
)


def overfitting(seen: Observations) -> Finding | None:
    """Find a validation loss that rises while the training loss still falls."""
    if seen.epoch < FEWEST_EPOCHS or np.isnan(seen.validation[-1]):
        return None
    if possible_causes(seen) & {"rate", "scale"}:
        return None
    best = seen.validation.lowest()
    lowest, now = float(seen.validation[best]), float(np.median(seen.validation[-5:]))
    if now < VALIDATION_RISE * lowest or now - lowest < LEAST_RISE * seen.level:
        return None
    around = seen.scores[max(best - 2, 0) : best + 3]
    fallen = float(np.median(around) - np.median(seen.scores[-5:]))
    apart = float(seen.record["train_metric"] - seen.scores[-1])
    few = CHANCE_EXAMPLES + 0.5
    by_chance = few / seen.validation_examples if seen.output_head.classes else 0
    lost = fallen > max(SCORE_DROP, by_chance)
    if seen.train[-1] >= seen.train[best] or not (lost or apart > SCORE_GAP or now > seen.level):
        return None
    return Finding(
        "overfitting",
        tr("Overfitting since epoch {best}", best=best),
        tr(
            "Since then the validation loss rose from {lowest} to {now}, the training "
            "loss fell to {training_loss} (threshold: {threshold} times the lowest).",
            lowest=number(lowest),
            now=number(now),
            training_loss=number(seen.train[-1]),
            threshold=VALIDATION_RISE,
        ),
        tr("L2 keeps the weights small; dropout or more examples help as well."),
        {"l2": 3e-3} if seen.config.l2 < 3e-3 else {"dropout": 0.3},
        needs_new_run=True,
    )


def memorization(seen: Observations) -> Finding | None:
    """Find a run that is right on the training examples and at chance level on the others."""
    learned, rest = (float(seen.record[f"{part}_metric"]) for part in ("train", "validation"))
    if not seen.output_head.classes or not (
        learned >= MEMORIZED_ACCURACY and rest < seen.majority + NEAR_CHANCE
    ):
        return None
    return Finding(
        "memorization",
        tr("The training examples are memorized"),
        tr(
            "Training accuracy is {training}, but validation accuracy only {validation}. "
            "Always predicting the most common class reaches {majority}.",
            training=percent(learned),
            validation=percent(rest),
            majority=percent(seen.majority),
        ),
        tr("The inputs may have nothing to do with the target: try other inputs or more examples."),
    )


def missed_class(seen: Observations) -> Finding | None:
    """Return the finding that the accuracy is high although the rare class is missed."""
    head = seen.output_head
    if not head.classes or head.weights or seen.epoch == 0:
        return None
    true, predicted = head.decide(seen.y), head.decide(seen.layers[-1].a)
    counts = np.bincount(true, minlength=head.classes)
    common, accuracy = counts.max() / counts.sum(), float(np.mean(true == predicted))
    present = np.flatnonzero(counts)
    recall = np.array([np.mean(predicted[true == k] == k) for k in present])
    if (
        common < COMMON_CLASS_SHARE
        or recall.min() > MISSED_RECALL
        or accuracy < HIGH_ACCURACY
        or len(present) < 2
    ):
        return None
    return Finding(
        "imbalance",
        tr("The accuracy is high, but one class is missed"),
        tr(
            "Accuracy is {accuracy}, but {common} of the examples are of one class. The "
            "lowest recall of a class is {recall} (threshold: {threshold}).",
            accuracy=percent(accuracy),
            common=percent(common),
            recall=percent(recall.min()),
            threshold=percent(MISSED_RECALL),
        ),
        tr("Balanced class weights make an error on a rare class count more."),
        {"class_weights": "balanced"},
    )


def shortfall_sentence(seen: Observations) -> str:
    """Return the sentence that compares the score with a score that is known to be possible."""
    name = tr("accuracy") if seen.output_head.classes else "R²"
    shown = percent if seen.output_head.classes else number
    if np.isnan(seen.simple_scores.line):
        return tr(
            "The {name} of {score} is below {threshold}.",
            name=name,
            score=shown(seen.score),
            threshold=shown(GOOD_SCORE),
        )
    better = marked("The {name} is {score}; nearest neighbors reach {reached} on unseen examples.")
    if seen.simple_scores.line > seen.simple_scores.neighbours:
        better = marked(
            "The {name} is {score}; a straight line reaches {reached} on unseen examples."
        )
    return tr(better, name=name, score=shown(seen.score), reached=shown(max(seen.simple_scores)))


def no_nonlinearity(seen: Observations) -> Finding | None:
    """Find a linear network on a problem that needs a nonlinear one."""
    allowed = ["fading", "neck", "narrow", "depth"] + ["dropout"] * (not seen.hidden)
    if seen.is_nonlinear or not has_stalled(seen) or not seen.chance:
        return None
    has_line = not np.isnan(seen.simple_scores.line)
    best = seen.simple_scores.neighbours if has_line else GOOD_SCORE
    if best - seen.score < LEAST_SHORTFALL or (seen.falls_short and has_line):
        return None
    if not no_other_cause(seen, *allowed):
        return None
    hidden = len(seen.hidden)
    return Finding(
        "straight",
        tr("This network can only compute a linear function"),
        tr(
            "{first} {second}",
            first=tr(OF_LINEAR_UNITS if hidden else WITHOUT_HIDDEN),
            second=shortfall_sentence(seen),
        ),
        tr("Add a hidden layer of tanh units.") if not hidden else tr("Use tanh units."),
        {
            "activation": "tanh",
            "activations": (),
            "start": "",
            "hidden": seen.config.hidden or (8,),
            **({"dropout": 0.0} if not hidden and seen.config.dropout else {}),
        },
    )


def too_narrow(seen: Observations) -> Finding | None:
    """Find a layer with too few units, after the loss has stopped falling."""
    units = [len(layer.W) for layer in seen.hidden]
    if (
        not seen.is_nonlinear
        or min(units) > NARROW_UNITS
        or not seen.falls_short
        or not no_other_cause(seen, "neck", "narrow")
    ):
        return None
    if (
        seen.epoch < 2 * MANY_EPOCHS
        or seen.recent_fall > STALLED_FALL
        or not seen.chance
        or seen.path_progress < LONG_TRAINING
    ):
        return None
    layer = int(np.argmin(units)) + 1
    wider = tuple(max(2 * NARROW_UNITS, 4 * n) for n in units)
    return Finding(
        "too_narrow",
        tr_many(
            units[layer - 1],
            "{n} unit in layer {layer} may be too few",
            "{n} units in layer {layer} may be too few",
            layer=layer,
        ),
        tr("The loss no longer falls. {reason}", reason=shortfall_sentence(seen)),
        tr(
            "Each unit adds one bend to the output: try {sizes} units.",
            sizes=" – ".join(map(str, wider)),
        ),
        {"hidden": wider, "start": ""},
    )


def strong_penalty(seen: Observations) -> Finding | None:
    """Find a penalty so strong that the network cannot learn, or stays unsure."""
    strong = seen.config.l2 >= STRONG_L2 or seen.config.l1 >= STRONG_L1
    if not strong or seen.epoch < FEWEST_EPOCHS or seen.jump_share > JUMPY_SHARE:
        return None
    if not no_other_cause(seen, "penalty", "dead", "fading", "neck", "narrow"):
        return None
    if share_at_ends(seen, [layer.a for layer in seen.hidden]) > SATURATED_SHARE:
        return None
    proof = penalty_evidence(seen)
    if not proof:
        return None
    change = weaker_penalties(seen)
    names = [f"{one.upper()} {number(getattr(seen.config, one))}" for one in change]
    return Finding(
        "held_back",
        tr_many(
            len(change),
            "{name} keeps the weights too small",
            "{name} keep the weights too small",
            name=listed(names),
        ),
        proof,
        tr("With a much weaker penalty the weights can become larger."),
        change,
        needs_new_run=True,
    )


def penalty_evidence(seen: Observations) -> str:
    """Return the evidence that the penalty keeps the weights small, "" if there is none."""
    shrunk = min(seen.progress.shrunk)
    if (
        shrunk < SHRUNK_WEIGHTS
        and seen.penalty_pull > WEAKENING_PULL
        and seen.loss_left > SLOW_LOSS
        and seen.falls_short
    ):
        layer = int(np.argmin(seen.progress.shrunk)) + 1
        size = tr(
            "The weights of layer {layer} are {share} times as large as at the start.",
            layer=layer,
            share=number(shrunk, 2),
        )
        return tr("{first} {second}", first=size, second=shortfall_sentence(seen))
    if (
        seen.penalty_pull < BALANCING_PULL
        or float(seen.record["penalty"]) < PENALTY_SHARE * seen.train[-1]
    ):
        return ""
    gain = gain_of_larger_outputs(seen)
    held = tr(
        "Its gradient is as large as that of the data loss ({left} of the chance level).",
        left=percent(seen.loss_left),
    )
    if gain > SCALING_GAIN and seen.loss_left > IMPROVABLE_LOSS:
        larger = tr("Larger outputs alone would lower the loss by {gain}.", gain=percent(gain))
        return tr("{first} {second}", first=held, second=larger)
    if seen.falls_short and seen.loss_left > SLOW_LOSS:
        return tr("{first} {second}", first=held, second=shortfall_sentence(seen))
    return ""


def gain_of_larger_outputs(seen: Observations) -> float:
    """Return the share of the level by which the loss falls if all outputs are scaled up."""
    z, f = seen.layers[-1].z, ACTIVATIONS[seen.activations[-1]]
    losses = [
        seen.output_head.total(z * size, f.value(z * size), seen.y) / z.shape[1]
        for size in OUTPUT_SCALES
    ]
    return float(losses[0] - min(losses)) / seen.level


def weaker_penalties(seen: Observations) -> dict[str, float]:
    """Return a much lower value for each strong penalty."""
    strong = {"l2": STRONG_L2, "l1": STRONG_L1}
    given = {name: float(getattr(seen.config, name)) for name in strong}
    return {
        name: float(f"{min(value / 10, MILD):.1g}")
        for name, value in given.items()
        if value >= strong[name]
    }


def excessive_dropout(seen: Observations) -> Finding | None:
    """Find dropout that leaves too few active units."""
    shares = seen.config.layer_dropouts
    if (
        not seen.falls_short
        or seen.dropout_share < HIGH_DROPOUT
        or not no_other_cause(seen, "dropout")
    ):
        return None
    if seen.epoch < FEWEST_EPOCHS:
        return None
    worst = int(np.argmax(shares)) if shares else -1
    if worst < 0 or shares[worst] < HIGH_DROPOUT:
        return None
    units, share = len(seen.hidden[worst].W), shares[worst]
    return Finding(
        "thinned",
        tr("Dropout of {share} switches off too many units", share=number(share)),
        tr(
            "Of {units} in layer {layer} only {active} are active in each step, on average. "
            "{reason}",
            units=many(units, "unit"),
            layer=worst + 1,
            active=number(units * (1 - share), 2),
            reason=shortfall_sentence(seen),
        ),
        tr("Use little or no dropout, so that the units can work together."),
        {"dropout": 0.0, "dropouts": ()},
        needs_new_run=True,
    )


def dropout_gap(seen: Observations) -> Finding | None:
    """Return why dropout makes the running loss higher than the validation loss."""
    running, validation = float(seen.record["running"]), float(seen.record["validation"])
    if not any(seen.config.layer_dropouts) or not running > validation > seen.train[-1]:
        return None
    return Finding(
        "masked",
        tr("The running loss is above the validation loss"),
        tr(
            "With units switched off the running loss is {running}. With all units the "
            "training loss is {training}, the validation loss {validation}.",
            running=number(running),
            training=number(seen.train[-1]),
            validation=number(validation),
        ),
        tr("This is normal: dropout switches units off only during training."),
        note=True,
    )
