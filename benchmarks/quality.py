"""How well each problem is learned with its suggested settings, beside what is possible.

`python -m benchmarks.quality` prints a table, with `--json` one JSON object; names of problems as
further arguments limit it to them. Every number is the mean over ten seeds, each with data, parts
and start weights of its own, measured on the test part after the last epoch.
"""

import argparse
import json
from time import perf_counter

import numpy as np
from sklearn.linear_model import LinearRegression
from threadpoolctl import threadpool_limits

from engine.data import Dataset
from engine.evaluation import regression_report
from engine.problems import PROBLEMS, load
from engine.training import Config, Run

SEEDS = 10
MARGIN = 0.02  # below the best possible, for problems by formula
EPOCHS = {
    "circle": 1000,
    "xor": 200,
    "gauss": 100,
    "spiral": 1000,
    "moons": 200,
    "plane": 200,
    "bumps": 500,
    "line": 50,
    "iris": 100,
    "wine": 50,
    "breast_cancer": 50,
    "digits": 30,
    "diabetes": 100,
}
AT_LEAST = {"spiral": 0.95, "iris": 0.95, "wine": 0.95, "breast_cancer": 0.96, "digits": 0.96}


def score(run: Run, part: str = "test") -> float:
    """Accuracy or R² of a run's last epoch on one part of its data."""
    data = run.dataset
    a = run.at(run.epochs, data.rows(part)).layers[-1].a
    if data.task == "regression":
        return float(regression_report(data, part, a)["R²"].mean())
    return float(np.mean(run.output_head.decide(a) == data.targets[data.rows(part)]))


def linear_score(data: Dataset) -> float:
    """R² of least squares on the test part, from the same training part."""
    (X, y), (X_test, y_test) = data.part("train"), data.part("test")
    return float(LinearRegression().fit(X.T, y[0]).score(X_test.T, y_test[0]))


def measure(name: str) -> dict:
    """The mean score of one problem, what it has to reach, and why."""
    scores, straight, began = [], [], perf_counter()
    for seed in range(SEEDS):
        config = Config(dataset=name, seed=seed, **PROBLEMS[name].suggested)
        run = Run(config, load(config))
        run.advance(EPOCHS[name])
        scores.append(score(run))
        if name == "diabetes":
            straight.append(linear_score(run.dataset))
    best = PROBLEMS[name].best
    ceiling = best(config.noise) if best else float(np.mean(straight)) if straight else None
    target = AT_LEAST.get(name, 0.0)
    if ceiling is not None:
        target = max(target, ceiling - (MARGIN if best else 0.03))
    mean = float(np.mean(scores))
    return {
        "metric": "accuracy" if PROBLEMS[name].task == "classification" else "R²",
        "mean": round(mean, 4),
        "worst": round(min(scores), 4),
        "best_possible": round(ceiling, 4) if best else None,
        "linear_regression": round(ceiling, 4) if straight else None,
        "target": round(target, 4),
        "pass": mean >= target,
        "epochs": EPOCHS[name],
        "noise": config.noise if best else None,
        "seconds": round(perf_counter() - began, 1),
    }


def row(name: str, found: dict) -> str:
    """One line of the table."""
    beside = found["best_possible"] or found["linear_regression"]
    return (
        f"{name:14} {found['metric']:9} {found['mean']:.3f}  {found['worst']:.3f}  "
        f"{f'{beside:.3f}' if beside else '  -  '}  {found['target']:.3f}   "
        f"{'yes' if found['pass'] else 'NO ':3}  {found['epochs']:5}  {found['seconds']:6.1f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", nargs="*", help=f"some of: {', '.join(EPOCHS)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    results = {}
    if not chosen.json:
        print("problem        metric     mean  worst   best  target   pass  epochs seconds")
    with threadpool_limits(1):  # threads cost more than they give on matrices this small
        for name in chosen.problems or EPOCHS:
            results[name] = measure(name)
            if not chosen.json:
                print(row(name, results[name]), flush=True)
    if chosen.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
