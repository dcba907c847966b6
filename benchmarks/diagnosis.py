"""Whether the diagnosis names the cause, or is silent.

`python -m benchmarks.diagnosis` prints five parts, with `--json` one JSON object:

- stored: classroom experiments are right when exactly the findings that they claim are made at
  their epoch, well-behaved runs when nothing is found at any of several epochs. The milliseconds
  are those of one diagnosis;
- planted: of how many planted faults the cause is named, and nothing else (see `planted`);
- tuning and judging: runs drawn by seed, their findings judged by experiment (see `drawn`). The
  rules were written with the seeds of the first set in view, and without those of the second;
- healthy: how many of 20 runs near the best score have a finding.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.drawn import healthy, plain, wild
from benchmarks.drawn import judged as judge
from benchmarks.planted import PLANTED
from engine.data import Dataset
from engine.diagnosis import observe
from engine.problems import (
    PRESETS,
    adam_run,
    deep_run,
    forty_moons_run,
    full_batch,
    full_batch_unscaled,
    line_run,
    load,
    moons_run,
)
from engine.training import Config, Event, Run


class Case(NamedTuple):
    """One experiment: what it claims at an epoch; `data` and `events` where they are its own."""

    claim: str
    config: Config
    epoch: int
    expected: tuple[str, ...] = ()
    data: Dataset | None = None
    events: tuple[Event, ...] = ()

    def run(self) -> Run:
        """The run, trained up to the epoch."""
        one = Run(self.config, self.data or load(self.config), self.events)
        one.advance(self.epoch)
        return one


def preset(name: str, epoch: int, *expected: str, **choices: Any) -> Case:
    """A case made from a preset, some of its choices changed."""
    return Case(PRESETS[name].title, replace(PRESETS[name].config, **choices), epoch, expected)


def own(name: str, X: np.ndarray, y: np.ndarray, **parts: Any) -> Dataset:
    """A table of its own: X (n, d), y whole numbers (classes) or not (a regression)."""
    names = tuple(f"x{i + 1}" for i in range(X.shape[1]))
    if y.dtype.kind == "i":
        return Dataset(name, "classification", X.T, names, y, ("a", "b"), **parts)
    return Dataset(name, "regression", X.T, names, y[None], target_names=("y",), **parts)


def two_clouds(share: float) -> Dataset:
    """1000 examples of two Gaussians 1.5 apart, `share` of them in the rare one, standardised."""
    random = np.random.default_rng(0)
    y = (np.arange(1000) < 1000 * share).astype(int)
    X = random.standard_normal((1000, 2))
    X[:, 0] += 1.5 * y
    return own("two clouds", X, y).standardised()


def stretched_moons() -> Dataset:
    """The 200 moons, their second input a hundred times as large."""
    data = load(Config(dataset="moons_200", scaling="none"))
    return own("moons", data.inputs.T * [1, 100], data.targets)


def long_line() -> Dataset:
    """y = 3 x + 2 on x from 0 to 100, as it is."""
    x = np.linspace(0, 100, 20)
    return own("line", x[:, None], 3 * x + 2)


def weights(layer: int, W: Sequence[Sequence[float]]) -> tuple[Event, ...]:
    """Weights set by hand before the first step."""
    return tuple(
        Event(0, f"W{layer}.{j}.{i}", float(w))
        for j, row in enumerate(W)
        for i, w in enumerate(row)
    )


def nearly_equal() -> tuple[Event, ...]:
    """Four units whose weights differ by a thousandth."""
    noise = 1e-3 * np.random.default_rng(0).standard_normal((3, 4))
    return weights(1, (0.5 + noise[:2]).T.tolist()) + weights(2, [(0.5 + noise[2]).tolist()])


def biases(units: int, value: float) -> tuple[Event, ...]:
    """The biases of the first layer, set before the first step."""
    return tuple(Event(0, f"b1.{j}", value) for j in range(units))


RELU = {"hidden": (8,), "activation": "relu", "init": "he_normal", "batch_size": 0}
TANH = {"hidden": (8,), "init": "glorot_normal", "batch_size": 0}
SIGMOID = {"hidden": (8,), "activation": "sigmoid", "init": "normal", "learning_rate": 0.5}
MOONS_X = Config(dataset="moons_200", scaling="none", hidden=(8,), init="glorot_normal")


def by_scale(scale: float, epoch: int, *expected: str) -> Case:
    config = full_batch("circles_300", init_scale=scale, **SIGMOID)
    return Case(f"Sigmoid units, start weights of deviation {scale:g}", config, epoch, expected)


def by_rate(rate: float, *expected: str, **choices: Any) -> Case:
    config = moons_run(**{**TANH, "learning_rate": rate, **choices})
    return Case(f"Moons at a learning rate of {rate:g}", config, 300, expected)


def on_line(rate: float, *expected: str) -> Case:
    return Case(f"A line at a learning rate of {rate:g}", line_run(rate), 60, expected)


SEED, HEALTHY = 0, 20
TUNING, JUDGING = range(40), range(6000, 6040)  # of each kind of draw
JUDGING_HEALTHY = range(6000, 6200)
LOST = ("diverged",)
CASES: dict[str, tuple[Case, ...]] = {
    "X1 XOR needs a hidden layer": (
        Case(
            "No hidden layer",
            full_batch_unscaled("xor_table", hidden=(), learning_rate=1.0),
            2000,
            ("straight",),
        ),
        Case(
            "Linear hidden units",
            full_batch_unscaled("xor_table", hidden=(8,), activation="linear", learning_rate=1.0),
            2000,
            ("straight",),
        ),
        Case(
            "Four tanh units",
            full_batch_unscaled("xor_table", hidden=(4,), learning_rate=0.5),
            3000,
        ),
    ),
    "X3 Start scale on XOR": (
        Case(
            "Start weights within .1",
            full_batch_unscaled(
                "xor_table",
                hidden=(2,),
                activation="sigmoid",
                init="uniform",
                init_scale=0.1,
                learning_rate=2.0,
            ),
            500,
            ("plateau",),
        ),
    ),
    "X4 The three plateaus of XOR": (
        preset("xor_late_a", 1000, "plateau"),
        preset("xor_late_b", 2000, "plateau"),
        preset("xor_stuck_477", 5000, "plateau"),
        preset("xor_stuck_347", 5000, "plateau"),
        preset("xor_fast", 1000),
        preset("xor_late_a", 5000),
    ),
    "X5 Symmetric start": (
        preset("equal_start", 2000, "identical_units"),
        preset("zero_start", 200, "identical_units"),
        preset("zero_start", 2000, "identical_units", activation="sigmoid"),
        preset("equal_start", 2000, init="glorot_normal"),
        Case(
            "Equal but for a thousandth",
            PRESETS["equal_start"].config,
            1000,
            ("identical_units",),
            None,
            nearly_equal(),
        ),
    ),
    "X6 Vanishing gradient with depth": (
        preset("vanishing", 0, "vanishing"),
        preset("vanishing", 500, "vanishing"),
        preset("not_vanishing", 500),
        Case("The same depth with ReLU", deep_run("relu", "he_normal"), 500),
        Case(
            "The error term explodes",
            replace(deep_run("leaky_relu", "normal"), init_scale=3.0),
            0,
            ("exploding",),
        ),
    ),
    "X7 Saturation": (
        by_scale(0.01, 1000, "at_chance"),
        by_scale(1, 1000),
        by_scale(10, 0, "saturated"),
        by_scale(10, 1000, "saturated"),
    ),
    "X8 Squared error when badly wrong": (
        preset("one_neuron_hard", 0, "saturated_output"),
        preset("one_neuron_hard", 150, "saturated_output"),
        preset("one_neuron_easy", 100),
        preset("one_neuron_cross_entropy", 50),
    ),
    "X9 Dead ReLU": (
        preset("dead_relu", 200, "dead_relu", "too_fast"),
        preset("dead_relu", 200, learning_rate=1.0),
        Case(
            "Biases of -5 at the start", moons_run(**RELU), 0, ("dead_relu",), None, biases(8, -5.0)
        ),
    ),
    "X10 Learning rate, provable": (
        on_line(0.1),
        on_line(0.5),
        on_line(0.9),
        on_line(1.0, "too_fast"),
        on_line(1.01, "too_fast"),
        on_line(1.1, "too_fast"),
        Case("x from 0 to 100 as it is", line_run(1e-4), 60, ("unscaled",), long_line()),
    ),
    "X11 Learning-rate sweep": (
        by_rate(0.001, "too_slow"),
        by_rate(0.01, "too_slow"),
        by_rate(0.3),
        by_rate(1),
        by_rate(3),
        by_rate(100, "too_fast"),
    ),
    "X12 Momentum overshoots": (
        preset("momentum", 8, "overshoots"),
        preset("momentum", 20, "overshoots"),
        Case("mu .99", line_run(0.1, optimizer="momentum", momentum=0.99), 60, ("overshoots",)),
        Case("mu 0", line_run(0.1), 20),
    ),
    "X14 Overfitting and its medicines": (
        preset("overfitting", 2000, "overfitting"),
        preset("overfitting_l2", 2000),
        preset("overfitting_dropout", 2000, "masked"),
        Case("L2 too strong", forty_moons_run(l2=0.1), 2000, ("held_back",)),
        Case("L1 3e-3", forty_moons_run(l1=3e-3), 2000, ("silenced",)),
    ),
    "X16 Random labels": (
        preset("random_labels", 3000, "memorization", "overfitting"),
        preset("random_labels", 10),
    ),
    "X17 Useless inputs": (
        preset("useless_inputs", 1500, "overfitting"),
        preset("useless_inputs_l2", 1500),
        preset("useless_inputs", 1500, "overfitting", "silenced", l1=3e-3),
    ),
    "X18 Feature scaling": (
        preset("raw_inputs", 0, "unscaled"),
        preset("raw_inputs", 200, "unscaled"),
        preset("raw_inputs", 200, "unscaled", activation="relu", init="he_normal"),
        preset("raw_inputs", 200, scaling="standard", init="glorot_normal"),
        Case("Moons, x2 a hundredfold", MOONS_X, 30, ("unscaled",), stretched_moons()),
    ),
    "X19 Class imbalance": (
        preset("imbalance", 300, "imbalance"),
        preset("imbalance", 300, class_weights="balanced"),
        Case(
            "2 % of one class",
            adam_run("gauss_imbalanced", 8, 300),
            300,
            ("imbalance",),
            two_clouds(0.02),
        ),
    ),
    "X20 Batch size": (
        preset("batch_of_one", 30, "noisy"),
        preset("batch_of_all", 30),
    ),
    "X21 How many units enclose a disc": (
        preset("disc_2", 1500, "too_narrow"),
        preset("disc_2", 1500, "too_narrow", hidden=(1,)),
        preset("disc_3", 1500),
    ),
    "X22 Width draws the curve": (
        preset("sine", 2000, "straight", activation="linear"),
        preset("sine", 2000),
    ),
    "X23 The article's line with Adam": (
        preset("article_line", 300, "too_slow", batch_size=0),
        preset("article_line", 100),
    ),
    "X24 Loss at the start": (
        preset("article_classes", 0),
        preset("article_classes", 0, "confident", init="normal", init_scale=0.5),
    ),
    "X24b Dropout and the training loss": (
        preset("article_classes", 5, "masked"),
        preset("article_classes", 5, dropout=0.0),
    ),
    "A penalty, dropout or a width that keeps a network from learning": (
        Case("L2 .1", Config(l2=0.1), 300, ("held_back",)),
        Case("Dropout of .9", Config(dropout=0.9), 300, ("thinned",)),
        Case("Dropout of .1", Config(dropout=0.1), 300, ("masked",)),
        preset("bumps", 300, "too_narrow", hidden=(1,)),
        preset("bumps", 300, hidden=(16, 16)),
    ),
    "Beyond all numbers": (
        Case(
            "A linear output at a rate of 1", Config(output="linear", learning_rate=1.0), 50, LOST
        ),
        Case("The same at a rate of .1", Config(output="linear", learning_rate=0.1), 50),
    ),
}
WELL = ("first_run", "xor", "spiral", "bumps", "digits")
EPOCHS = {"digits": (0, 5, 10, 20, 30)}


def well(name: str) -> list[Case]:
    """A well-behaved preset at several epochs."""
    return [preset(name, epoch) for epoch in EPOCHS.get(name, (0, 1, 10, 30, 100, 300, 600))]


def judged(group: str, case: Case) -> dict[str, Any]:
    """What was found in a case, and whether that is what it claims."""
    run = case.run()
    began = perf_counter()
    found = [finding.rule for finding in observe(run, run.epochs)]
    return {
        "experiment": group,
        "claim": case.claim,
        "epoch": run.epochs,
        "expected": list(case.expected),
        "found": found,
        "right": tuple(found) == case.expected,
        "ms": round(1000 * (perf_counter() - began), 1),
    }


def stored() -> dict[str, Any]:
    """The experiments and the well-behaved runs."""
    groups = {**CASES, **{f"Well-behaved: {name}": well(name) for name in WELL}}
    rows = [judged(name, case) for name, cases in groups.items() for case in cases]
    for row in rows:
        words = ", ".join(row["found"]) or "nothing"
        wrong = "" if row["right"] else f"   WRONG, expected {row['expected'] or 'nothing'}"
        say(
            f"{row['experiment']:36} {row['claim']:46} {row['epoch']:5} "
            f"{row['ms']:5.1f} ms  {words}{wrong}"
        )
    return {"right": sum(row["right"] for row in rows), "of": len(rows), "cases": rows}


def named() -> dict[str, Any]:
    """How many planted faults are named, and nothing else is."""
    rows = [(one, one.found(SEED)) for one in PLANTED]
    right = [found == ((one.rule,) if one.rule else ()) for one, found in rows]
    for (one, found), good in zip(rows, right, strict=True):
        if not good:
            say(f"planted {one.rule or 'nothing'}: found {found or 'nothing'}: {one.words}")
    return {"right": sum(right), "of": len(rows)}


def by_experiment(name: str, seeds: Sequence[int]) -> dict[str, Any]:
    """How many drawn runs are right or silent, as the experiments say."""
    runs = [draw(seed) for draw in (wild, plain) for seed in seeds]
    results, rules = list(judge(runs)), dict[str, list[int]]()
    for one in results:
        for verdict in one.verdicts:
            rules.setdefault(verdict.rule, [0, 0])[0] += verdict.right
            rules[verdict.rule][1] += 1
            if not verdict.right:
                say(
                    f"{name}: {verdict.rule} {verdict.before:.2f} -> {verdict.after:.2f} "
                    f"{verdict.better} WRONG: {one.one.words}"
                )
    said = sum(bool(one.findings) for one in results)
    right = sum(one.right for one in results)
    return {"right": right, "of": len(results), "with findings": said, "by rule": rules}


def alarms(seeds: Sequence[int]) -> dict[str, Any]:
    """How many of 20 healthy runs have a finding."""
    found = list(healthy(seeds, HEALTHY))
    for one, findings in found:
        if findings:
            say(f"FALSE ALARM {[finding.rule for finding in findings]}: {one.words}")
    return {"alarms": sum(bool(findings) for _, findings in found), "of": len(found)}


def say(words: str) -> None:
    """Print a line, unless JSON is asked for."""
    if "--json" not in sys.argv:
        print(words, flush=True)


def main() -> None:
    """Judge and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--stored", action="store_true", help="judge the stored set only")
    given = options.parse_args()
    with threadpool_limits(1):
        report = {"stored": stored()}
        if not given.stored:
            report["planted"] = named()
            report["tuning"] = by_experiment("tuning", TUNING)
            report["judging"] = by_experiment("judging", JUDGING)
            report["healthy"] = alarms(JUDGING_HEALTHY)
    if given.json:
        print(json.dumps(report))
        return
    for name, part in report.items():
        print(f"{name}: {', '.join(f'{v} {k}' for k, v in part.items() if k != 'cases')}")


if __name__ == "__main__":
    main()
