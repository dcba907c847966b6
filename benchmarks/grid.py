"""A grid search on iris: scikit-learn fits one network after another, a search many at once.

`python -m benchmarks.grid` prints a table, with `--json` one JSON object. Both search the same 12
candidates (hidden units, learning rate, L2) on the same 5 folds of the same standardised table,
100 epochs of Adam with batches of 32, no early stop, on one core. "Ours" is the search that the
page carries out, from its space to its table; the bare stack is given beside it. Times are medians
over rounds.
"""

import argparse
import warnings
from dataclasses import replace
from itertools import product
from statistics import median

import numpy as np
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from benchmarks.output import print_figures
from benchmarks.paired import in_turns, one_core, ratio
from engine.batched import train_in_batches
from engine.data import Dataset
from engine.search import Search, Tuning, results_table
from engine.training import Config, Training

HIDDEN, RATES, ALPHAS = (8, 16), (0.003, 0.01, 0.03), (1e-4, 1e-2)
EPOCHS, BATCH = 100, 32
CANDIDATES = list(product(HIDDEN, RATES, ALPHAS))
Folds = list[tuple[np.ndarray, np.ndarray]]


def configs() -> list[Config]:
    """One Config per candidate; scikit-learn's alpha is twice ours times the batch."""
    return [
        Config(
            hidden=(units,),
            activation="relu",
            optimizer="adam",
            learning_rate=rate,
            l2=alpha / (2 * BATCH),
            batch_size=BATCH,
        )
        for units, rate, alpha in CANDIDATES
    ]


def datasets(X: np.ndarray, y: np.ndarray, folds: Folds) -> list[Dataset]:
    """One data set per fold: it trains on the others."""
    names, none = tuple("abcd"), np.empty(0, dtype=int)
    whole = Dataset("iris", "classification", X.T, names, y, ("setosa", "versicolor", "virginica"))
    return [whole.split(train, held_out, none) for train, held_out in folds]


def by_stack(X: np.ndarray, y: np.ndarray, folds: Folds) -> np.ndarray:
    """(candidates,) mean accuracy on the folds, all networks trained at once."""
    pairs = list(product(configs(), datasets(X, y, folds)))
    scores = np.empty(len(pairs))
    for members, stack in train_in_batches(*zip(*pairs, strict=True)):
        stack.advance(EPOCHS)
        scores[members] = stack.evaluate("validation")[1]
    return scores.reshape(len(CANDIDATES), -1).mean(axis=1)


def by_search(X: np.ndarray, y: np.ndarray, folds: Folds) -> np.ndarray:
    """(candidates,) the same by the page's search, its table included; it cuts its own folds."""
    base = replace(configs()[0], epochs=EPOCHS)
    names, kinds = tuple("abcd"), ("setosa", "versicolor", "virginica")
    whole = Dataset("iris", "classification", X.T, names, y, kinds)
    space = {
        "hidden": tuple((units,) for units in HIDDEN),
        "learning_rate": RATES,
        "l2": tuple(alpha / (2 * BATCH) for alpha in ALPHAS),
    }
    tuning = Tuning(Search(space, base, whole, len(folds)))
    tuning.advance(np.inf)
    return results_table(tuning.search, tuning.rows).score.to_numpy()


def one_by_one(X: np.ndarray, y: np.ndarray, folds: Folds) -> None:
    """Train the same networks, one after another."""
    for config, data in product(configs(), datasets(X, y, folds)):
        training = Training(config, data)
        for _ in range(EPOCHS):
            training.epoch()


def by_sklearn(X: np.ndarray, y: np.ndarray, folds: Folds) -> np.ndarray:
    """(candidates,) mean accuracy on the folds, as GridSearchCV finds it."""
    network = MLPClassifier(
        batch_size=BATCH, max_iter=EPOCHS, tol=0, n_iter_no_change=EPOCHS, random_state=0
    )
    grid = {
        "hidden_layer_sizes": [(units,) for units in HIDDEN],
        "learning_rate_init": RATES,
        "alpha": ALPHAS,
    }
    search = GridSearchCV(network, grid, cv=folds, refit=False).fit(X, y)
    return search.cv_results_["mean_test_score"]


def measure(rounds: int) -> dict[str, float]:
    """The figures of both."""
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    hows = (by_search, by_sklearn, one_by_one, by_stack)
    works = [lambda how=how: how(X, y, folds) for how in hows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # that it stops after 100 is agreed
        ours, theirs = works[0](), works[1]()  # and both are warm
        times = in_turns(*works, pairs=rounds)
    return {
        "ratio_sklearn_over_ours": round(ratio(times, 1, 0), 1),
        "ratio_one_by_one_over_ours": round(ratio(times, 2, 0), 2),
        "ratio_sklearn_over_stack": round(ratio(times, 1, 3), 1),
        "seconds_ours": round(median(row[0] for row in times), 3),
        "seconds_sklearn": round(median(row[1] for row in times), 2),
        "mean_score_ours": round(float(ours.mean()), 4),
        "mean_score_sklearn": round(float(theirs.mean()), 4),
        "best_score_ours": round(float(ours.max()), 4),
        "best_score_sklearn": round(float(theirs.max()), 4),
        "networks": len(CANDIDATES) * len(folds),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    one_core()
    found = measure(given.rounds)
    print_figures(found, given.json)


if __name__ == "__main__":
    main()
