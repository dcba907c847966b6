"""How far whole fits of the estimators are from scikit-learn's, from the same random_state alone.

`python -m benchmarks.fits` prints a line for each table and optimizer, with `--json` one JSON
object. A figure is the largest difference of any weight after 200 epochs of mini-batches, over
activations, one and two hidden layers, and two strengths of L2.
"""

import argparse
import json
import warnings
from itertools import product

import numpy as np
from sklearn.datasets import load_diabetes, load_iris, load_wine, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import scale

from engine.estimators import BackpropClassifier, BackpropRegressor

EPOCHS = 200
CLASSES, NUMBERS = (BackpropClassifier, MLPClassifier), (BackpropRegressor, MLPRegressor)
TABLES = {  # ours and theirs, and what gives X and y
    "moons": (CLASSES, lambda: make_moons(200, noise=0.2, random_state=0)),
    "iris": (CLASSES, lambda: load_iris(return_X_y=True)),
    "wine": (CLASSES, lambda: load_wine(return_X_y=True)),
    "diabetes": (NUMBERS, lambda: load_diabetes(return_X_y=True)),
}
SOLVERS = {
    "sgd": {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 0.01},
    "momentum": {"solver": "sgd", "nesterovs_momentum": False, "learning_rate_init": 0.01},
    "nesterov": {"solver": "sgd", "learning_rate_init": 0.01},
    "adam": {"solver": "adam"},
}
VARIANTS = list(product(("relu", "tanh", "logistic"), ((8,), (16, 8)), (1e-4, 0.1)))


def apart(table: str, solver: str, variant: tuple) -> float:
    """The largest difference of a weight between the two fits."""
    kinds, get = TABLES[table]
    X, y = get()
    y = scale(y) if kinds is NUMBERS else y
    activation, hidden, alpha = variant
    rest = {
        "hidden_layer_sizes": hidden,
        "activation": activation,
        "alpha": alpha,
        "batch_size": 32,
        "max_iter": EPOCHS,
        "n_iter_no_change": EPOCHS,
        "tol": 0.0,
    }
    ours, theirs = (
        kind(random_state=0, **rest, **SOLVERS[solver]).fit(scale(X), y).coefs_ for kind in kinds
    )
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)  # that it stops is agreed
    worst = {}
    for table, solver in product(TABLES, SOLVERS):
        worst[f"{table} {solver}"] = max(apart(table, solver, one) for one in VARIANTS)
        if not given.json:
            print(f"{table:<10}{solver:<10}{worst[f'{table} {solver}']:.1e}", flush=True)
    if given.json:
        print(json.dumps({"fits": len(worst) * len(VARIANTS), "worst": worst}))


if __name__ == "__main__":
    main()
