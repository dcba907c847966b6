"""The pictures of the gradient check in words."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.gradcheck import BANDS, MOST_PARAMETERS, GradientCheckResult, locate_parameter
from engine.language import marked, tr
from engine.nn import Array
from pages.figures.base.text import MINUS, THIN, count, listed, many, number, subscript, superscript

SAYS = {
    "fair": marked("Acceptable only if the loss has kinks here:"),
    "doubtful": marked("Doubtful:"),
    "wrong": marked("Wrong:"),
}
TRUSTED = (1e-7, 1e-3)  # steps h at which neither rounding nor bending rules
SLACK = 0.03  # of accuracy or R², by which seeds differ anyway


def parameter_in_words(sizes: Sequence[int], i: int) -> str:
    """Return "W⁽¹⁾₃₂, from input 2 to unit 3" or "b⁽²⁾₁"; counted from 1."""
    kind, l, row, column = locate_parameter(sizes, i)
    name = f"{kind}{superscript(l)}{subscript(row + 1)}"
    if kind == "b":
        return name
    source = (
        tr("input {number}", number=column + 1)
        if l == 1
        else tr("unit {number} of layer {layer}", number=column + 1, layer=l - 1)
    )
    split = "," if max(row, column) > 8 else ""  # W⁽¹⁾₁₁₂ could be read in two ways
    return tr(
        "{weight}, from {source} to unit {number} of layer {layer}",
        weight=f"{name}{split}{subscript(column + 1)}",
        source=source,
        number=row + 1,
        layer=l,
    )


def errors_in_words(found: GradientCheckResult) -> str:
    """Return how many derivatives are in which band, and which one is worst."""
    measured = np.isfinite(found.numeric)
    all_ = many(int(measured.sum()), "derivative")
    low, parts = 0.0, []
    for band in BANDS:
        inside = int(((found.error >= low) & (found.error < band.below)).sum())
        parts += [f"{count(inside)} {tr(band.name)}"] if inside else []
        low = band.below
    for marks, name in ((found.kinks, tr("at a kink")), (found.unclear, tr("too small to tell"))):
        parts += [f"{count(int(marks.sum()))} {name}"] if marks.any() else []
    words = (
        tr("Relative errors of {derivatives}: {parts}.", derivatives=all_, parts=listed(parts))
        if parts
        else tr("Relative errors of {derivatives}.", derivatives=all_)
    )
    if found.worst < 0:
        return words
    worst = parameter_in_words(found.sizes, found.worst)
    return tr(
        "{words} The largest is {error}, at {worst}.",
        words=words,
        error=number(float(found.error[found.worst]), 2),
        worst=worst,
    )


def measured_in_words(found: GradientCheckResult) -> str:
    """Return what was measured: all derivatives or a part of them, and on which batch."""
    P, measured = len(found.error), int(np.isfinite(found.numeric).sum())
    said = {"measured": count(measured), "derivatives": many(P, "derivative")}
    part = tr("All {derivatives}", **said)
    if measured < P:
        part = tr("{measured} of {derivatives}", **said)
    if measured < P and P > MOST_PARAMETERS:
        part = tr("{measured} of {derivatives}, drawn from every layer,", **said)
    return tr(
        "{part} on a batch of {examples} of the training part, with penalties and "
        "fixed dropout masks, in float64.",
        part=part,
        examples=many(found.examples, "example"),
    )


def v_curve_in_words(steps: Sequence[float], curve: Array, exact: float) -> str:
    """Return where the error is smallest, its ends, and how it compares with the complex step."""
    if not np.isfinite(curve).any():
        return tr("No derivative was measured at every step.")
    at = int(np.nanargmin(curve))
    return tr(
        "Relative error of the gradient: {first} at h = {first_step}, smallest, {least}, "
        "at h = {least_step}, {last} at h = {last_step}; against the complex step {exact}.",
        first=number(float(curve[0]), 2),
        first_step=number(steps[0]),
        least=number(float(curve[at]), 2),
        least_step=number(steps[at]),
        last=number(float(curve[-1]), 2),
        last_step=number(steps[-1]),
        exact=number(exact, 2),
    )


def race_in_words(right: Array, wrong: Array, metric: str) -> str:
    """Return loss and metric of both runs at their last epochs."""
    return " ".join(
        tr(
            "{program} after {epochs}: loss {loss}, {metric} {value}.",
            program=name,
            epochs=many(len(losses) - 1, "epoch"),
            loss=number(float(losses["train"][-1])),
            metric=tr(metric),
            value=number(float(losses["train_metric"][-1])),
        )
        for name, losses in ((tr("Right"), right), (tr("Wrong"), wrong))
    )


def tensors_in_words(tensors: Mapping[str, float]) -> dict[str, str]:
    """Return "∂W⁽¹⁾" -> "2.1e−10" for each part; "–" where nothing was measured."""
    return {
        f"∂{name[0]}{superscript(int(name[1:]))}": number(error, 2)
        for name, error in tensors.items()
    }


def verdict_in_words(found: GradientCheckResult) -> str:
    """Return what the check says, with its worst number and what to make of it."""
    if found.worst < 0:
        return tr("The check cannot decide: every derivative is smaller than the rounding error.")
    error, n = number(float(found.error[found.worst]), 2), int(np.isfinite(found.error).sum())
    if found.band.name == "right":
        words = (
            marked(
                "Right: backpropagation and the differences agree in all {derivatives}, "
                "to a relative error of {error} at worst."
            )
            if n == len(found.error)
            else marked(
                "Right: backpropagation and the differences agree in {derivatives}, "
                "to a relative error of {error} at worst."
            )
        )
        return tr(words, derivatives=many(n, "derivative"), error=error)
    where = parameter_in_words(found.sizes, found.worst)
    words = tr(
        "{verdict} the largest relative error is {error}, at {where}.",
        verdict=tr(SAYS[found.band.name]),
        error=error,
        where=where,
    )
    if not TRUSTED[0] <= found.h <= TRUSTED[1]:
        return tr(
            "{words} At this h the finite difference itself is inaccurate; an h near {step} is "
            "better.",
            words=words,
            step=f"1e{MINUS}5",
        )
    return f"{words} {found.place}".rstrip()


def bug_headline(
    right: Array, wrong: Array, metric: str, errors: Mapping[int, GradientCheckResult]
) -> str:
    """Return what training shows of a mistake beside what the check shows of it."""
    pair = [float(losses["train_metric"][-1]) for losses in (wrong, right)]
    shown = [
        one_decimal_percent(value) if metric == "accuracy" else number(value) for value in pair
    ]
    looks = (
        tr("Training looks as good as without the bug")
        if pair[0] >= pair[1] - SLACK
        else tr("Training is worse")
    )
    words = tr(
        "{looks}: {metric} {wrong}, without the bug {right}.",
        looks=looks,
        metric=tr(metric),
        wrong=shown[0],
        right=shown[1],
    )
    found = [
        tr("{error} at epoch {epoch}", error=number(float(one.error[one.worst]), 2), epoch=epoch)
        for epoch, one in errors.items()
        if one.worst >= 0 and one.band.name in ("doubtful", "wrong")
    ]
    if not found:
        return tr("{words} The check does not find it here.", words=words)
    return tr(
        "{words} The check finds it: relative error {errors}.", words=words, errors=listed(found)
    )


def one_decimal_percent(value: float) -> str:
    """Return 0.979 as 97.9 %."""
    return f"{number(100 * value)}{THIN}%"
