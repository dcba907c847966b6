"""Baselines: what simple methods reach on the same parts; how far folds and inputs matter.

Each works with the library that people know: scikit-learn's dummies, linear models and MLP.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine.config import Config
from engine.dataset import WORDS, Array, Dataset
from engine.model import Model, model_of
from engine.preparation import Preparation
from engine.run import Run

CLASSIFIERS: dict[str, Callable[[int], Any]] = {
    "most frequent class": lambda seed: DummyClassifier(),
    "logistic regression": lambda seed: LogisticRegression(max_iter=1000),
    "scikit-learn's MLP": lambda seed: MLPClassifier(random_state=seed),
}
REGRESSORS: dict[str, Callable[[int], Any]] = {
    "mean": lambda seed: DummyRegressor(),
    "linear regression": lambda seed: LinearRegression(),
    "scikit-learn's MLP": lambda seed: MLPRegressor(random_state=seed),
}
OURS = "this network"


def baselines(run: Run, part: str = "test", epoch: int | None = None) -> pd.DataFrame:
    """Scores of the run's network and of each baseline on one part, all learned from training.

    Columns: accuracy and balanced accuracy; or R², MAE and RMSE in the units of the first target.
    """
    data, seed = run.dataset, run.config.seed
    (X, y), (X_part, _) = data.part("train"), data.part(part)
    if not len(data.rows(part)):
        raise ValueError(f"The {WORDS[part]} part is empty, so there is nothing to compare.")
    model = model_of(run, epoch)
    rows = {OURS: scored(data, part, said(model, data.inputs[:, data.rows(part)]))}
    for name, make in (CLASSIFIERS if data.classes else REGRESSORS).items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            peer = make(seed).fit(X.T, y if data.classes else y[0])
        found = np.asarray(peer.predict(X_part.T))
        if not data.classes:
            found = data.own_units(np.repeat(found[None], data.K, 0))[0]
        rows[name] = scored(data, part, found)
    return pd.DataFrame(rows).T


def said(model: Model, inputs: Array) -> Array:
    """(m,) the classes, or the first target's values, that a model predicts."""
    a = model.outputs(inputs)
    return model.decide(a) if model.classes else a[0]


def scored(data: Dataset, part: str, found: Array) -> dict[str, float]:
    """The scores of predicted classes, or of values in their own units."""
    truth = data.targets[..., data.rows(part)]
    if data.classes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # says that a predicted class is not in the part
            balanced = metrics.balanced_accuracy_score(truth, found)
        return {"accuracy": float(np.mean(truth == found)), "balanced accuracy": float(balanced)}
    y, spread = truth[0], np.ptp(truth[0]) > 0
    return {
        "R²": float(metrics.r2_score(y, found)) if spread and len(y) > 1 else np.nan,
        "MAE": float(metrics.mean_absolute_error(y, found)),
        "RMSE": float(np.sqrt(metrics.mean_squared_error(y, found))),
    }


def folds(
    make: Callable[[Config], Dataset], config: Config, count: int, epochs: int
) -> Iterator[dict[str, float]]:
    """The scores of each fold in turn, on the fold that its network did not learn from.

    `make` gives the data set for a config, cut anew for each fold; what is for the test stays out.
    """
    for fold in range(1, count + 1):
        run = fold_run(make, config, count, fold)
        run.advance(epochs)
        yield fold_scores(run)


def fold_run(make: Callable[[Config], Dataset], config: Config, count: int, fold: int) -> Run:
    """The untrained run that keeps one of the folds aside."""
    own = replace(config, folds=count, fold=fold)
    return Run(own, make(own))


def fold_scores(run: Run) -> dict[str, float]:
    """The scores on the fold that was kept aside."""
    data = run.dataset
    rows = data.rows("validation")
    if not len(rows):
        raise ValueError(f"There are too few examples for {run.config.folds} folds.")
    return scored(data, "validation", said(model_of(run), data.inputs[:, rows]))


def spread(scores: list[dict[str, float]]) -> pd.DataFrame:
    """Mean and standard deviation over the folds, one row per score."""
    table = pd.DataFrame(scores)
    deviation = table.std(ddof=1) if len(table) > 1 else table.std(ddof=0)
    return pd.DataFrame({"mean": table.mean(), "deviation": deviation})


class Predictor(BaseEstimator):
    """A model as scikit-learn asks for it; a cell of its X says from which example a column is.

    So a column that makes several inputs is shuffled with all of them.
    """

    def __init__(self, model: Model, inputs: Array, columns: tuple[Array, ...]) -> None:
        self.model, self.inputs, self.columns = model, inputs, columns

    def fit(self, X: Any, y: Any = None) -> Predictor:
        """Itself: it has learned already."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Any) -> Array:
        """(m,) predicted classes, or values of the first target."""
        shuffled = self.inputs.copy()
        for column, examples in zip(self.columns, np.asarray(X).T, strict=True):
            shuffled[column] = self.inputs[column][:, examples]
        return said(self.model, shuffled)


def columns_of(data: Dataset, preparation: Preparation | None) -> dict[str, Array]:
    """The inputs (indices) that each column makes; without a preparation each is its own."""
    if preparation is None:
        return {name: np.array([i]) for i, name in enumerate(data.input_names)}
    ends = np.cumsum([0, *(len(field.inputs) for field in preparation.fields)])
    return {
        field.name: np.arange(ends[k], ends[k + 1]) for k, field in enumerate(preparation.fields)
    }


def importance(
    run: Run,
    preparation: Preparation | None = None,
    *,
    part: str = "test",
    repeats: int = 10,
    epoch: int | None = None,
    most: int = 2_000,
) -> pd.DataFrame:
    """How much worse the score gets if one input is shuffled, the most important one first.

    With a preparation whole columns of the table are shuffled, so that a category's inputs stay
    together; else single raw inputs. Of a part with more than `most` examples so many are drawn by
    the seed. The score is accuracy or R². Breiman (2001), Random forests, section 10.
    """
    data, seed = run.dataset, run.config.seed
    rows = data.rows(part)
    if not len(rows):
        raise ValueError(f"The {WORDS[part]} part is empty, so there is nothing to compare.")
    if len(rows) > most:
        rows = np.random.default_rng([seed, 3]).choice(rows, most, replace=False)
    columns = columns_of(data, preparation)
    X = np.repeat(np.arange(len(rows))[:, None], len(columns), axis=1)
    y = data.targets[rows] if data.classes else data.targets[0, rows]
    predictor = Predictor(model_of(run, epoch), data.inputs[:, rows], tuple(columns.values()))
    score = "accuracy" if data.classes else "r2"
    found = permutation_importance(
        predictor, X, y, scoring=score, n_repeats=repeats, random_state=seed
    )
    table = {"importance": found["importances_mean"], "deviation": found["importances_std"]}
    return pd.DataFrame(table, index=list(columns)).sort_values("importance", ascending=False)
