"""The pictures of the gradient check in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.gradcheck import BANDS, MOST_PARAMETERS, GradientCheckResult, locate_parameter
from pages.figures.base.text import MINUS, THIN, count, listed, many, number, subscript, superscript

Array = np.ndarray
SAYS = {
    "fair": "Acceptable only if the loss has kinks here:",
    "uneasy": "Doubtful:",
    "wrong": "Wrong:",
}
TRUSTED = (1e-7, 1e-3)  # steps h at which neither rounding nor bending rules
SLACK = 0.03  # of accuracy or R², by which seeds differ anyway


def parameter_in_words(sizes: Sequence[int], i: int) -> str:
    """Return "W⁽¹⁾₃₂, from input 2 to unit 3" or "b⁽²⁾₁"; counted from 1."""
    kind, l, row, column = locate_parameter(sizes, i)
    name = f"{kind}{superscript(l)}{subscript(row + 1)}"
    if kind == "b":
        return name
    source = f"input {column + 1}" if l == 1 else f"unit {column + 1} of layer {l - 1}"
    split = "," if max(row, column) > 8 else ""  # W⁽¹⁾₁₁₂ could be read in two ways
    return f"{name}{split}{subscript(column + 1)}, from {source} to unit {row + 1} of layer {l}"


def errors_in_words(found: GradientCheckResult) -> str:
    """Return how many derivatives are in which band, and which one is worst."""
    measured = np.isfinite(found.numeric)
    words = f"Relative errors of {many(int(measured.sum()), 'derivative')}"
    low, parts = 0.0, []
    for band in BANDS:
        inside = int(((found.error >= low) & (found.error < band.below)).sum())
        parts += [f"{count(inside)} {band.name}"] if inside else []
        low = band.below
    for marks, name in ((found.kinks, "at a kink"), (found.unclear, "too small to tell")):
        parts += [f"{count(int(marks.sum()))} {name}"] if marks.any() else []
    words += f": {listed(parts)}." if parts else "."
    if found.worst < 0:
        return words
    worst = parameter_in_words(found.sizes, found.worst)
    return f"{words} The largest is {number(float(found.error[found.worst]), 2)}, at {worst}."


def measured_in_words(found: GradientCheckResult) -> str:
    """Return what was measured: all derivatives or a part of them, and on which batch."""
    P, measured = len(found.error), int(np.isfinite(found.numeric).sum())
    part = f"All {many(P, 'derivative')}"
    if measured < P:
        part = f"{count(measured)} of {many(P, 'derivative')}"
        part += ", drawn from every layer," if P > MOST_PARAMETERS else ""
    return (
        f"{part} on a batch of {many(found.examples, 'example')} of the training part, with "
        "penalties and fixed dropout masks, in float64."
    )


def v_curve_in_words(steps: Sequence[float], curve: Array, exact: float) -> str:
    """Return where the error is smallest, its ends, and how it compares with the complex step."""
    if not np.isfinite(curve).any():
        return "No derivative was measured at every step."
    at = int(np.nanargmin(curve))
    return (
        f"Relative error of the gradient: {number(float(curve[0]), 2)} at h = {number(steps[0])}, "
        f"smallest, {number(float(curve[at]), 2)}, at h = {number(steps[at])}, "
        f"{number(float(curve[-1]), 2)} at h = {number(steps[-1])}; "
        f"against the complex step {number(exact, 2)}."
    )


def race_in_words(right: Any, wrong: Any, metric: str) -> str:
    """Return loss and metric of both runs at their last epochs."""
    return " ".join(
        f"{name} after {many(len(losses) - 1, 'epoch')}: loss "
        f"{number(float(losses['train'][-1]))}, {metric} "
        f"{number(float(losses['train_metric'][-1]))}."
        for name, losses in (("Right", right), ("Wrong", wrong))
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
        return "The check cannot decide: every derivative is smaller than the rounding error."
    error, n = number(float(found.error[found.worst]), 2), int(np.isfinite(found.error).sum())
    if found.band.name == "right":
        all_ = "all " if n == len(found.error) else ""
        return (
            f"Right: backpropagation and the differences agree in {all_}{many(n, 'derivative')}, "
            f"to a relative error of {error} at worst."
        )
    where = parameter_in_words(found.sizes, found.worst)
    words = f"{SAYS[found.band.name]} the largest relative error is {error}, at {where}."
    if not TRUSTED[0] <= found.h <= TRUSTED[1]:
        return f"{words} At this h the difference itself is off; near 1e{MINUS}5 it tells more."
    return f"{words} {found.place}".rstrip()


def bug_headline(
    right: Any, wrong: Any, metric: str, errors: Mapping[int, GradientCheckResult]
) -> str:
    """Return what training shows of a mistake beside what the check shows of it."""
    pair = [float(losses["train_metric"][-1]) for losses in (wrong, right)]
    shown = [
        one_decimal_percent(value) if metric == "accuracy" else number(value) for value in pair
    ]
    looks = (
        "Training looks as good as without the bug"
        if pair[0] >= pair[1] - SLACK
        else "Training is worse"
    )
    words = f"{looks}: {metric} {shown[0]}, without the bug {shown[1]}."
    found = [
        f"{number(float(one.error[one.worst]), 2)} at epoch {epoch}"
        for epoch, one in errors.items()
        if one.worst >= 0 and one.band.name in ("uneasy", "wrong")
    ]
    if not found:
        return f"{words} The check does not find it here."
    return f"{words} The check finds it: relative error {listed(found)}."


def one_decimal_percent(value: float) -> str:
    """Return 0.979 as 97.9 %."""
    return f"{number(100 * value)}{THIN}%"
