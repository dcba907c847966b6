"""Faults that are planted: a sensible run with one choice spoiled, and the rule that should say so.

Silence about a planted fault is not wrong, yet a diagnosis that is always silent would be of no
use. So the faults are counted of which the cause is named, and nothing else is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from engine.diagnosis import diagnose
from engine.problems import load
from engine.training import Config, Run


class Planted(NamedTuple):
    """One fault: the rule that names it, the epochs and the choices of the run."""

    rule: str  # "" where nothing is wrong
    epochs: int
    config: Config

    def found(self, seed: int) -> tuple[str, ...]:
        """The rules that find something in the run of a seed."""
        config = replace(self.config, seed=seed)
        run = Run(config, load(config))
        run.advance(self.epochs)
        return tuple(finding.rule for finding in diagnose(run, run.epochs))

    @property
    def words(self) -> str:
        return " ".join(f"{k}={v}" for k, v in self.config.to_query().items() if k != "v")


def fault(rule: str, epochs: int, **choices: Any) -> Planted:
    return Planted(rule, epochs, Config(**choices))


ADAM = {"optimizer": "adam", "learning_rate": 0.005}
DEEP = {"dataset": "spiral", "hidden": (8, 8, 8), "optimizer": "adam"}
IRIS = {"dataset": "iris", "hidden": (8,)}

PLANTED = (
    fault("held_back", 300, l2=0.1),
    fault("held_back", 300, l1=0.1),
    fault("held_back", 300, dataset="spiral", hidden=(8, 8), l1=0.1),
    fault("held_back", 100, dataset="bumps", hidden=(8, 8), l2=0.1, **ADAM),
    fault("held_back", 60, **IRIS, l2=1.0),
    fault("held_back", 200, hidden=(8,), activation="relu", l2=0.1),
    fault("held_back", 200, hidden=(8,), activation="sigmoid", l2=0.1),
    fault("thinned", 300, dropout=0.9),
    fault("thinned", 100, dataset="moons", hidden=(8,), dropout=0.9),
    fault("thinned", 200, dataset="bumps", hidden=(8, 8), dropout=0.8, **ADAM),
    fault("too_slow", 100, learning_rate=1e-4),
    fault("too_slow", 300, learning_rate=1e-4),
    fault("too_slow", 200, dataset="moons", learning_rate=1e-4),
    fault("too_slow", 100, **IRIS, learning_rate=1e-4),
    fault("too_slow", 200, **DEEP, learning_rate=1e-5),
    fault("too_slow", 100, learning_rate=1e-3, batch_size=0),
    fault("too_narrow", 300, dataset="bumps", hidden=(1,)),
    fault("too_narrow", 300, dataset="bumps", hidden=(1,), **ADAM),
    fault("too_narrow", 300, dataset="spiral", hidden=(2,)),
    fault("too_narrow", 300, hidden=(2,)),
    fault("too_narrow", 300, dataset="xor", hidden=(1,)),
    fault("too_narrow", 2000, dataset="sine", hidden=(1,), optimizer="adam", learning_rate=0.02),
    fault("too_fast", 5, **DEEP, learning_rate=1.0),
    fault("too_fast", 50, **DEEP, learning_rate=1.0),
    fault("too_fast", 100, dataset="moons", hidden=(8,), learning_rate=30.0),
    fault("diverged", 300, l2=10.0, learning_rate=0.3),
    fault("identical_units", 100, init="zeros"),
    fault("identical_units", 100, init="constant"),
    fault("vanishing", 100, hidden=(8, 8, 8, 8, 8), activation="sigmoid"),
    fault("unscaled", 60, dataset="wine", hidden=(8,), scaling="none"),
    fault("straight", 100, hidden=()),
    fault("straight", 100, hidden=(8,), activation="linear"),
    fault("", 300, **IRIS, dropout=0.8),
    fault("", 100, **IRIS, dropout=0.8, learning_rate=0.3),
    fault("", 300, dataset="random_labels"),
    fault("", 100, dataset="random_labels", hidden=(8,)),
    fault("", 100, dataset="random_labels", learning_rate=0.001),
)
