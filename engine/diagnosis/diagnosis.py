"""Diagnosis: what is wrong with a run at an epoch, in words, with evidence and a remedy.

Every rule reads the same observations. A rule that explains a low score names the cause only if
there is no other possible cause (see `suspects`). The order of the rules is the order of
importance; if one finding explains another, only the first is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.diagnosis import generalization_rules as fit
from engine.diagnosis import loss_curve_rules as course
from engine.diagnosis import unit_rules as units
from engine.diagnosis.observations import Finding, Observations, gather_observations
from engine.training import Run


class Rule(NamedTuple):
    """A rule, and the names of the rules whose findings are consequences of this rule."""

    look: Callable[[Observations], Finding | None]
    explains: tuple[str, ...] = ()


SLOW_FINDINGS = ("too_slow", "at_chance", "too_narrow", "vanishing", "saturated")

RULES: dict[str, Rule] = {
    "diverged": Rule(
        course.diverged,
        (
            "too_fast",
            "overshoots",
            "confident",
            "unscaled",
            "dead_relu",
            "exploding",
            *SLOW_FINDINGS,
        ),
    ),
    "unscaled": Rule(
        units.unscaled, ("too_fast", "confident", "dead_relu", "silenced", "noisy", *SLOW_FINDINGS)
    ),
    "identical_units": Rule(
        units.identical_units,
        (*SLOW_FINDINGS, "dead_relu", "thinned", "straight", "noisy", "masked"),
    ),
    "dead_relu": Rule(units.dead_relu, SLOW_FINDINGS),
    "saturated_output": Rule(units.saturated_output, SLOW_FINDINGS),
    "saturated": Rule(units.saturated_start, ("vanishing", "too_slow", "confident", "overshoots")),
    "vanishing": Rule(units.vanishing, ("too_slow", "at_chance")),
    "exploding": Rule(units.exploding, ("confident",)),
    "too_fast": Rule(
        course.too_fast, ("noisy", "saturated", "confident", "at_chance", "straight", "overfitting")
    ),
    "overshoots": Rule(course.overshoots, ("too_fast",)),
    "straight": Rule(fit.no_nonlinearity, ("plateau", "at_chance", "too_slow")),
    "plateau": Rule(course.on_plateau, ("saturated", "at_chance", "too_narrow", "too_slow")),
    "held_back": Rule(
        fit.strong_penalty,
        (*SLOW_FINDINGS, "identical_units", "dead_relu", "straight", "silenced", "masked", "noisy"),
    ),
    "thinned": Rule(
        fit.excessive_dropout, ("at_chance", "too_slow", "too_narrow", "masked", "noisy")
    ),
    "at_chance": Rule(course.at_chance, ("too_narrow", "too_slow")),
    "memorization": Rule(fit.memorization),
    "overfitting": Rule(fit.overfitting),
    "imbalance": Rule(fit.missed_class, ("at_chance", "too_slow")),
    "too_narrow": Rule(fit.too_narrow, ("too_slow",)),
    "too_slow": Rule(course.too_slow),
    "confident": Rule(course.confident),
    "silenced": Rule(units.silenced),
    "noisy": Rule(course.noisy),
    "masked": Rule(fit.dropout_gap),
}


def diagnose(run: Run, epoch: int) -> tuple[Finding, ...]:
    """Return the faults found at an epoch from 0 to run.epochs, the most important first."""
    return tuple(finding for finding in observe(run, epoch) if not finding.note)


def observe(run: Run, epoch: int) -> tuple[Finding, ...]:
    """Return the faults found at an epoch, then the notes: what explains a picture, no fault."""
    with np.errstate(all="ignore"):  # numbers near the end of their range are findings, too
        seen = gather_observations(run, epoch)
        found = {name: rule.look(seen) for name, rule in RULES.items()}
    explained = {other for name, rule in RULES.items() if found[name] for other in rule.explains}
    shown = [finding for name, finding in found.items() if finding and name not in explained]
    return tuple(sorted(shown, key=lambda finding: finding.note))
