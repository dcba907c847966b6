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

from engine.data import WORDS, Array, Dataset
from engine.language import marked, tr
from engine.tables import Preparation
from engine.time_slice import work_for
from engine.training import Config, Model, Run, model_of

CLASSIFIERS: dict[str, Callable[[int], BaseEstimator]] = {
    marked("most frequent class"): lambda seed: DummyClassifier(),
    marked("logistic regression"): lambda seed: LogisticRegression(max_iter=1000),
    marked("scikit-learn's MLP"): lambda seed: MLPClassifier(random_state=seed),
}
REGRESSORS: dict[str, Callable[[int], BaseEstimator]] = {
    marked("mean"): lambda seed: DummyRegressor(),
    marked("linear regression"): lambda seed: LinearRegression(),
    marked("scikit-learn's MLP"): lambda seed: MLPRegressor(random_state=seed),
}
OURS = marked("this network")
ROUND_ITERATIONS = 20  # iterations of a logistic regression at a time


def nothing_to_compare(part: str) -> str:
    """Return the error message for a part without examples."""
    words = tr(WORDS[part])
    return tr("The {part} part is empty, so there is nothing to compare.", part=words)


class Baselines:
    """Simple methods trained on the same data as a run; the work can be done in slices of time.

    All learn from the training part and are scored on `part`.
    """

    def __init__(self, run: Run, part: str = "test", epoch: int | None = None) -> None:
        """Prepare the baselines of `run`. Raises ValueError if `part` has no examples."""
        data = run.dataset
        if not len(data.rows(part)):
            raise ValueError(nothing_to_compare(part))
        self.run, self.part, self.epoch = run, part, epoch
        self.names = list(CLASSIFIERS if data.classes else REGRESSORS)
        self.rows: dict[str, dict[str, float]] = {}
        self.peer: BaseEstimator | None = None
        self.learning: Iterator[float] | None = None
        self.inside = 0.0  # share of the current method that is done

    def advance(self, seconds: float = np.inf) -> bool:
        """Work for about `seconds`; return whether all methods are trained and scored."""
        return work_for(seconds, self.step, lambda: self.done)

    def step(self) -> None:
        """Train the current method a little, or score it."""
        data, seed = self.run.dataset, self.run.config.seed
        name = self.names[len(self.rows)]
        peer = self.peer or (CLASSIFIERS if data.classes else REGRESSORS)[name](seed)
        if self.learning is None:
            X, y = data.part("train")
            self.peer, y = peer, y if data.classes else y[0]
            self.learning = train_in_steps(peer, X.T, y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.inside = next(self.learning, 1.0)
        if self.inside >= 1:
            self.peer, self.learning, self.inside = None, None, 0.0
            found = np.asarray(peer.predict(data.part(self.part)[0].T))
            if not data.classes:
                found = data.own_units(np.repeat(found[None], data.K, 0))[0]
            self.rows[name] = score_predictions(data, self.part, found)

    @property
    def done(self) -> bool:
        """Return whether all methods are trained and scored."""
        return len(self.rows) == len(self.names)

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        return (len(self.rows) + self.inside) / len(self.names)

    def result(self) -> pd.DataFrame:
        """Return the scores of the network (first row) and of all methods, once all are done."""
        data, part = self.run.dataset, self.part
        model = model_of(self.run, self.epoch)
        own = score_predictions(data, part, predict_answers(model, data.inputs[:, data.rows(part)]))
        return pd.DataFrame({OURS: own, **self.rows}).T


def train_in_steps(peer: BaseEstimator, X: Array, y: Array) -> Iterator[float]:
    """Train a method on X (n, r) and y (n,) in small steps; yield the share that is done, up to 1.

    Other work can run between the steps.
    """
    if isinstance(peer, MLPClassifier | MLPRegressor):
        yield from epochs_of(peer, X, y)
    elif isinstance(peer, LogisticRegression):
        yield from rounds_of(peer, X, y)
    else:
        peer.fit(X, y)
    yield 1.0


def epochs_of(peer: BaseEstimator, X: Array, y: Array) -> Iterator[float]:
    """Train scikit-learn's MLP on X (n, r) and y (n,), one epoch per step; yield the share done.

    It stops by the same rule as its own `fit`.
    """
    classes = {"classes": np.unique(y)} if isinstance(peer, MLPClassifier) else {}
    best, waited = np.inf, 0
    peer.set_params(random_state=np.random.RandomState(peer.random_state))  # one for all epochs
    for epoch in range(peer.max_iter):
        peer.partial_fit(X, y, **(classes if epoch == 0 else {}))
        loss = peer.loss_curve_[-1]
        waited = waited + 1 if loss > best - peer.tol else 0
        best = min(best, loss)
        if waited > peer.n_iter_no_change:
            return
        yield epoch / peer.max_iter


def rounds_of(peer: BaseEstimator, X: Array, y: Array) -> Iterator[float]:
    """Train a logistic regression on X (n, r) and y (n,), ROUND iterations per step.

    Yield the share that is done. Its loss is convex, so the result does not depend on the rounds.
    """
    most = peer.max_iter
    peer.set_params(warm_start=True, max_iter=ROUND_ITERATIONS)
    for k in range(most // ROUND_ITERATIONS):
        peer.fit(X, y)
        if np.max(peer.n_iter_) < ROUND_ITERATIONS:
            return
        yield k * ROUND_ITERATIONS / most


def baselines(run: Run, part: str = "test", epoch: int | None = None) -> pd.DataFrame:
    """Return scores of the run's network and of each baseline on one part.

    Columns: accuracy and balanced accuracy; or R², MAE and RMSE in the units of the first target.
    """
    work = Baselines(run, part, epoch)
    work.advance()
    return work.result()


def predict_answers(model: Model, inputs: Array) -> Array:
    """Return the predicted classes, or values of the first target, (m,) of inputs (r, m)."""
    a = model.outputs(inputs)
    return model.decide(a) if model.classes else a[0]


def score_predictions(data: Dataset, part: str, found: Array) -> dict[str, float]:
    """Return the scores of predicted classes (m,), or of values (m,) in their own units."""
    truth = data.targets[..., data.rows(part)]
    if data.classes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warns that a predicted class is not in the part
            balanced = metrics.balanced_accuracy_score(truth, found)
        return {
            "accuracy": float(np.mean(truth == found)),
            marked("balanced accuracy"): float(balanced),
        }
    y, spread = truth[0], np.ptp(truth[0]) > 0
    return {
        "R²": float(metrics.r2_score(y, found)) if spread and len(y) > 1 else np.nan,
        f"MAE ({data.unit()})": float(metrics.mean_absolute_error(y, found)),
        f"RMSE ({data.unit()})": float(np.sqrt(metrics.mean_squared_error(y, found))),
    }


def folds(
    make: Callable[[Config], Dataset], config: Config, count: int, epochs: int
) -> Iterator[dict[str, float]]:
    """Yield the scores of each fold in turn, measured on the held-out fold.

    `make` returns the data set for a config, split again for each fold. The test part is not used.
    Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, section 7.10.
    """
    for fold in range(1, count + 1):
        run = fold_run(make, config, count, fold)
        run.advance(epochs)
        yield fold_scores(run)


def fold_run(make: Callable[[Config], Dataset], config: Config, count: int, fold: int) -> Run:
    """Return an untrained run with fold number `fold` of `count` as its validation part."""
    own = replace(config, folds=count, fold=fold)
    return Run(own, make(own))


def fold_scores(run: Run) -> dict[str, float]:
    """Return the scores on the fold that was kept aside.

    Raises ValueError if it has no examples.
    """
    data = run.dataset
    rows = data.rows("validation")
    if not len(rows):
        raise ValueError(
            tr("There are too few examples for {folds} folds.", folds=run.config.folds)
        )
    return score_predictions(
        data, "validation", predict_answers(model_of(run), data.inputs[:, rows])
    )


def fold_summary(scores: list[dict[str, float]]) -> pd.DataFrame:
    """Return mean and standard deviation of each score over the folds, one row per score."""
    table = pd.DataFrame(scores)
    deviation = table.std(ddof=1) if len(table) > 1 else table.std(ddof=0)
    return pd.DataFrame({marked("mean"): table.mean(), marked("deviation"): deviation})


class Predictor(BaseEstimator):
    """A model with the interface of scikit-learn, for `permutation_importance`.

    Each cell of X (m, columns) is the index of the example whose inputs that column takes. So all
    inputs that come from one column of a table are shuffled together.
    """

    def __init__(self, model: Model, inputs: Array, columns: tuple[Array, ...]) -> None:
        self.model, self.inputs, self.columns = model, inputs, columns

    def fit(self, X: Array, y: Array | None = None) -> Predictor:
        """Return the predictor itself; the model is trained already."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Array) -> Array:
        """Return the predicted classes, or values of the first target, (m,)."""
        shuffled = self.inputs.copy()
        for column, examples in zip(self.columns, np.asarray(X).T, strict=True):
            shuffled[column] = self.inputs[column][:, examples]
        return predict_answers(self.model, shuffled)


def inputs_by_column(data: Dataset, preparation: Preparation | None) -> dict[str, Array]:
    """Return the indices of the inputs (k,) that each column of the table makes.

    Without a preparation each input is a separate column.
    """
    if preparation is None:
        return {name: np.array([i]) for i, name in enumerate(data.input_names)}
    ends = np.cumsum([0, *(len(field.inputs) for field in preparation.fields)])
    return {
        field.name: np.arange(ends[k], ends[k + 1]) for k, field in enumerate(preparation.fields)
    }


class Importance:
    """Permutation importance, measured column by column; the work can be done in slices of time."""

    def __init__(
        self,
        run: Run,
        preparation: Preparation | None = None,
        *,
        part: str = "test",
        repeats: int = 10,
        epoch: int | None = None,
        most: int = 2_000,
    ) -> None:
        """Choose the examples to measure on. Raises ValueError if `part` has no examples."""
        data, rows = run.dataset, run.dataset.rows(part)
        if not len(rows):
            raise ValueError(nothing_to_compare(part))
        if len(rows) > most:
            draw = np.random.default_rng([run.config.seed, 3])
            rows = draw.choice(rows, most, replace=False)
        self.inputs, self.columns = data.inputs[:, rows], inputs_by_column(data, preparation)
        self.y = data.targets[rows] if data.classes else data.targets[0, rows]
        self.score = "accuracy" if data.classes else "r2"
        self.model, self.repeats, self.seed = model_of(run, epoch), repeats, run.config.seed
        self.found: dict[str, tuple[float, float]] = {}

    def advance(self, seconds: float = np.inf) -> bool:
        """Work for about `seconds`; return whether all columns are measured."""
        names = list(self.columns)
        return work_for(
            seconds,
            lambda: self.measure(names[len(self.found)]),
            lambda: len(self.found) == len(names),
        )

    def measure(self, name: str) -> None:
        """Measure one column by shuffling it."""
        one = permutation_importance(
            Predictor(self.model, self.inputs, (self.columns[name],)),
            np.arange(self.inputs.shape[1])[:, None],
            self.y,
            scoring=self.score,
            n_repeats=self.repeats,
            random_state=self.seed,
        )
        self.found[name] = float(one["importances_mean"][0]), float(one["importances_std"][0])

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        return len(self.found) / len(self.columns)

    def result(self) -> pd.DataFrame:
        """Return the measurements once all is done, the most important column first."""
        table = pd.DataFrame(self.found, index=["importance", "deviation"]).T
        return table.sort_values("importance", ascending=False)


def importance(run: Run, preparation: Preparation | None = None, **choices: Any) -> pd.DataFrame:
    """Return how much the score falls if one column is shuffled, the most important column first.

    With a preparation all inputs of a column are shuffled together; without one, single inputs. If
    the part has more than `most` examples, `most` of them are drawn by the seed. The score is
    accuracy or R². Breiman (2001), Random Forests, section 10.
    """
    work = Importance(run, preparation, **choices)
    work.advance()
    return work.result()
