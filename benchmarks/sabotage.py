"""How well a network trains with each classic mistake in its program, and what the check finds.

`python -m benchmarks.sabotage` prints a table, with `--json` one JSON object; names of faults as
further arguments limit it to them. The accuracy is the mean over twenty seeds after the last epoch
of the preset "mistakes", beside the figure of an independent implementation where there is one.
The error of the check is the largest of dW1, db1, dW2, ... in the median over the seeds. "found"
counts the checks whose worst parameter is off by more than 1e-3: all of them for a fault, none
for the right program, whose largest error of all seeds has to be below 1e-7.
"""

import argparse
import json
import sys
from dataclasses import replace
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from engine.data import Dataset
from engine.gradcheck import (
    BUGS,
    NEEDS,
    BuggyRun,
    GradientCheck,
    GradientCheckResult,
    batch_for,
    training_for_check,
)
from engine.problems import PRESETS, load
from engine.training import Config, Run

SEEDS = 20
MARGIN = 0.03  # of the mean accuracy
CHECKED = (0, 100)  # epochs
RIGHT, WRONG = 1e-7, 1e-3  # errors of the check: at most, at least
RIGHT_PROGRAM = "none"
FIGURES = {  # mean accuracy of 20 seeds, measured elsewhere
    RIGHT_PROGRAM: 0.973,
    "slope_of_a": 0.979,
    "updated_first": 0.973,
    "mean_of_bias": 0.966,
    "no_bias": 0.969,
    "squared_delta": 0.954,
    "random_feedback": 0.949,
    "no_slope": 0.855,
    "frozen_below": 0.875,
    "hidden_sign": 0.538,
    "summed": 0.839,
    "uphill": 0.155,
}


def configuration(name: str, seed: int = 0) -> Config:
    """The preset, with what the fault needs."""
    return replace(PRESETS["mistakes"].config, seed=seed, **NEEDS.get(name, {}))


def begun(name: str, seed: int = 0, dataset: Dataset | None = None) -> Run:
    """A run with the fault, or of the right program, at its start."""
    config = configuration(name, seed)
    data = dataset or load(config)
    return Run(config, data) if name == RIGHT_PROGRAM else BuggyRun(config, data, name)


def checked(run: Run, epoch: int) -> GradientCheckResult:
    """Return the check of a run at an epoch, with its own bug."""
    theta = run.training_at(epoch).network.theta
    fault = run.bug if isinstance(run, BuggyRun) else ""
    training = training_for_check(run.config, run.dataset, theta, fault)
    check = GradientCheck(training, batch_for(training, run.config.batch_size))
    check.advance()
    return check.finding()


def worst(finding: GradientCheckResult) -> float:
    """The largest relative error of dW1, db1, dW2, ..."""
    return float(np.nanmax(list(finding.tensors.values())))


def measure(name: str, seeds: int = SEEDS) -> dict:
    """Mean accuracy and loss of one fault, and what the check finds on the way."""
    began, found, accuracies, losses = perf_counter(), 0, [], []
    errors: dict[int, list[float]] = {epoch: [] for epoch in CHECKED}
    data = load(configuration(name))
    for seed in range(seeds):
        run = begun(name, seed, data)
        for epoch in CHECKED:
            run.advance(epoch - run.epochs)
            finding = checked(run, epoch)
            errors[epoch].append(worst(finding))
            found += finding.error[finding.worst] > WRONG
        run.advance(run.config.epochs - run.epochs)
        accuracies.append(run.losses["train_metric"][-1])
        losses.append(run.losses["train"][-1])
    mean, figure, right = float(np.mean(accuracies)), FIGURES.get(name), name == RIGHT_PROGRAM
    seen = {epoch: float((np.max if right else np.median)(all_)) for epoch, all_ in errors.items()}
    told = all(error < RIGHT if right else error > WRONG for error in seen.values())
    told = told and found == (0 if right else seeds * len(CHECKED))
    return {
        "label": "the right program" if right else BUGS[name].label,
        "accuracy": round(mean, 4),
        "expected": figure,
        "loss": round(float(np.mean(losses)), 4),
        "error": {str(epoch): float(f"{error:.3g}") for epoch, error in seen.items()},
        "found": f"{found}/{seeds * len(CHECKED)}",
        "pass": told and (figure is None or abs(mean - figure) <= MARGIN),
        "seconds": round(perf_counter() - began, 1),
    }


def row(found: dict) -> str:
    """One line of the table."""
    expected = "  -  " if found["expected"] is None else f"{found['expected']:.3f}"
    errors = "  ".join(f"{error:9.2g}" for error in found["error"].values())
    return (
        f"{found['label']:32} {found['accuracy']:.3f}     {expected}  {found['loss']:9.3f}  "
        f"{errors}  {found['found']:>6}  {'yes' if found['pass'] else 'NO'}"
    )


def main() -> None:
    """Measure and print; exit with 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", help=f"some of: {', '.join(BUGS)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen, results = parser.parse_args(), {}
    if not chosen.json:
        heads = "  ".join(f"epoch {epoch:3}" for epoch in CHECKED)
        print(f"{'fault':32} accuracy  expected       loss  {heads}   found  pass")
    with threadpool_limits(1):  # threads cost more than they give on matrices this small
        for name in chosen.faults or (RIGHT_PROGRAM, *BUGS):
            results[name] = measure(name)
            if not chosen.json:
                print(row(results[name]), flush=True)
    if chosen.json:
        print(json.dumps(results))
    sys.exit(not all(found["pass"] for found in results.values()))


if __name__ == "__main__":
    main()
