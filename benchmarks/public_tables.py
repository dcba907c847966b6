"""Public tables that ship with Python packages, from the file to the score, no hand on a setting.

`python -m benchmarks.public_tables` prints a table, with `--json` one JSON object. Right target and
task are those of the package's or its book's own example. The score is accuracy or R² of the test
part, mean over seeds, beside scikit-learn's MLP with its defaults on the same parts.

After them the suggestion alone is judged on the tables of benchmarks/target_tables.txt: how often
it is sure, how often it is right where it is sure, and how often a right column is among the three.
`--targets` does only that, for the 25 tables, too.
"""

import argparse
import gzip
import json
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from threadpoolctl import threadpool_limits

from benchmarks.target_tables import cases
from engine.tables import prepare, profile, read_table, suggest, suggested_settings
from engine.training import Config, Run

SEEDS = 10
MOST_EPOCHS = 300


class Public(NamedTuple):
    """A table, and what its publishers predict."""

    package: str
    path: str
    target: str
    task: str


C, R = "classification", "regression"
TABLES = (
    Public("sklearn", "datasets/data/iris.csv", "column 5", C),
    Public("sklearn", "datasets/data/wine_data.csv", "column 14", C),
    Public("sklearn", "datasets/data/breast_cancer.csv", "column 31", C),
    Public("sklearn", "datasets/data/digits.csv.gz", "column 65", C),
    Public("palmerpenguins", "data/penguins.csv", "species", C),
    Public("palmerpenguins", "data/penguins-raw.csv", "Species", C),
    Public("mlxtend", "data/data/autompg.csv.gz", "column 9", R),
    Public("mlxtend", "data/data/boston_housing.csv", "column 14", R),
    Public("plotly", "package_data/datasets/tips.csv.gz", "tip", R),
    Public("plotly", "package_data/datasets/gapminder.csv.gz", "lifeExp", R),
    Public("vega_datasets", "_data/seattle-weather.csv", "weather", C),
    Public("statsmodels", "datasets/fair/fair.csv", "affairs", R),
    Public("statsmodels", "datasets/engel/engel.csv", "foodexp", R),
    Public("statsmodels", "datasets/randhie/src/randhie.csv", "mdvis", R),
    Public("statsmodels", "datasets/modechoice/modechoice.csv", "choice", C),
    Public("ISLP", "data/Auto.csv", "mpg", R),
    Public("ISLP", "data/Bikeshare.csv", "bikers", R),
    Public("ISLP", "data/Boston.csv", "medv", R),
    Public("ISLP", "data/Carseats.csv", "Sales", R),
    Public("ISLP", "data/Credit.csv", "Balance", R),
    Public("ISLP", "data/Default.csv", "default", C),
    Public("ISLP", "data/Hitters.csv", "Salary", R),
    Public("ISLP", "data/OJ.csv", "Purchase", C),
    Public("ISLP", "data/Wage.csv", "wage", R),
    Public("ISLP", "data/Weekly.csv", "Direction", C),
)


def content(one: Public) -> bytes:
    """The file of a table; ValueError if its package is not installed."""
    spec = find_spec(one.package)
    if spec is None or spec.origin is None:
        raise ValueError(f"{one.package} is not installed; see requirements-bench.txt.")
    data = (Path(spec.origin).parent / one.path).read_bytes()
    return gzip.decompress(data) if one.path.endswith(".gz") else data


def ours(run: Run) -> float:
    """The score of the engine's network after training with the suggested settings."""
    run.advance(MOST_EPOCHS)
    best = run.best if run.config.patience else run.epochs
    rows, data = run.dataset.test, run.dataset
    a = run.at(best, rows).layers[-1].a
    return agreement(data, run.output_head.decide(a) if data.classes else a)


def agreement(data: Any, found: np.ndarray) -> float:
    """Accuracy of predicted classes, or R² of scaled outputs, on the test part."""
    _, y = data.part("test")
    if data.classes:
        return float(np.mean(found == y))
    return float(1 - ((found - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def peer(data: Any, seed: int) -> float:
    """The score of scikit-learn's MLP with its defaults."""
    (X, y), (X_test, _) = data.part("train"), data.part("test")
    model = (MLPClassifier if data.classes else MLPRegressor)(random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X.T, y if data.classes else y[0])
    found = model.predict(X_test.T)
    return agreement(data, found if data.classes else found[None])


def measure(one: Public, seeds: int = SEEDS) -> dict[str, Any]:
    """What was suggested for a table, and the mean scores of both networks."""
    began = perf_counter()
    table = read_table(content(one), Path(one.path).name)
    columns = profile(table)
    found = suggest(table, columns)
    pairs = []
    for seed in range(seeds):
        data = prepare(table, one.target, task=one.task, columns=columns, config=Config(seed=seed))
        chosen = suggested_settings(data.dataset)
        pairs.append(
            (ours(Run(Config(seed=seed, **chosen), data.dataset)), peer(data.dataset, seed))
        )
    scores = np.array(pairs)
    gap = scores[:, 0] - scores[:, 1]
    noise = 2 * gap.std(ddof=1) / np.sqrt(seeds) if seeds > 1 else 0.0
    return {
        "rows": len(table.frame),
        "columns": table.frame.shape[1],
        "suggested": [found.target, found.task],
        "right": (found.target, found.task) == (one.target, one.task),
        "metric": "accuracy" if one.task == C else "R²",
        "ours": round(float(scores[:, 0].mean()), 4),
        "mlp": round(float(scores[:, 1].mean()), 4),
        "noise": round(float(noise), 4),
        "not worse": bool(gap.mean() >= -max(noise, 0.01)),
        "seconds": round(perf_counter() - began, 1),
    }


class Judged(NamedTuple):
    """What became of the suggestion of one table."""

    name: str
    found: str
    sure: bool
    right: bool
    among: bool  # a right column is among the three
    aims: bool  # whether the table has a target


def judged(name: str, data: bytes, targets: Sequence[str]) -> Judged:
    """Return what is suggested for a table, beside the columns of which each is right."""
    found = suggest(read_table(data, name))
    among = any(one.target in targets for one in found.candidates)
    return Judged(name, found.target, found.sure, found.target in targets, among, bool(targets))


def suggestions() -> dict[str, list[Judged]]:
    """Return what is suggested for each set of tables; none is read by two sets."""
    sets = {"the 25": [judged(one.path, content(one), (one.target,)) for one in TABLES]}
    for name, own in cases().items():
        sets[name] = [judged(*one) for one in own]
    return sets


def scores(found: Sequence[Judged]) -> dict[str, Any]:
    """Return how often a suggestion is sure and right; without a target only a question is."""
    sure = [one for one in found if one.sure]
    aims = [one for one in found if one.aims]
    return {
        "tables": len(found),
        "sure": len(sure),
        "right where sure": round(float(np.mean([one.right for one in sure])), 3) if sure else None,
        "right": round(float(np.mean([one.right for one in aims])), 3) if aims else None,
        "among three": round(float(np.mean([one.among for one in aims])), 3) if aims else None,
        "wrong though sure": [f"{one.name}: {one.found}" for one in sure if not one.right],
    }


def print_targets(results: dict[str, dict[str, Any]]) -> None:
    """Print how good the suggestions are, one line for each set of tables."""
    print("\ntables        number  sure  right where sure  right  among the three")
    for name, own in results.items():
        shares = [own["right where sure"], own["right"], own["among three"]]
        words = ["none" if share is None else f"{share:.1%}" for share in shares]
        print(
            f"{name:12}  {own['tables']:6}  {own['sure'] / own['tables']:4.0%}  "
            f"{words[0]:>16}  {words[1]:>5}  {words[2]:>15}"
        )
        for wrong in own["wrong though sure"]:
            print(f"              wrong though sure: {wrong}")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--seeds", type=int, default=SEEDS)
    options.add_argument("--targets", action="store_true", help="only judge the suggested targets")
    given = options.parse_args()
    targets = {name: scores(found) for name, found in suggestions().items()}
    if given.targets:
        print(json.dumps(targets)) if given.json else print_targets(targets)
        return
    results = {}
    if not given.json:
        print(
            "table                 rows  suggested            right  metric    ours   MLP    fair"
        )
    with threadpool_limits(1):
        for one in TABLES:
            name = f"{one.package}/{Path(one.path).name}"
            own = results[name] = measure(one, given.seeds)
            if not given.json:
                words = f"{own['suggested'][0][:12]}, {own['suggested'][1][:5]}"
                print(
                    f"{Path(one.path).name:20} {own['rows']:5}  {words:20}  "
                    f"{'yes' if own['right'] else 'NO ':4}  {own['metric']:8}  {own['ours']:.3f}  "
                    f"{own['mlp']:.3f}  {'yes' if own['not worse'] else 'NO'}  ±{own['noise']:.3f}"
                    f"  {own['seconds']:.0f} s",
                    flush=True,
                )
    right = sum(own["right"] for own in results.values())
    if given.json:
        whole = {"right": right, "tables": len(results), "each": results, "targets": targets}
        print(json.dumps(whole))
    else:
        print(f"right target and task: {right} of {len(results)}")
        print_targets(targets)


if __name__ == "__main__":
    main()
