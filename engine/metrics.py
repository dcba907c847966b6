"""Reports: what a trained network gets right and wrong, class by class or in the data's own units.

Given are the predicted classes, or for regression the outputs `a` of the last layer, (K, m): one
per example of the part that is reported.
"""

import numpy as np
import pandas as pd
from sklearn import metrics

from engine.dataset import WORDS, Array, Dataset


def classification_report(dataset: Dataset, part: str, predicted: Array) -> pd.DataFrame:
    """Precision, recall, f1 and support of each class, then the accuracy and two averages.

    `predicted` is (m,) class indices. The precision of a class that was never predicted is 0;
    `never_predicted` names it. Accuracy is one number and stands in every column of its row.
    """
    y, K = right(dataset, part), len(dataset.classes)
    scores = metrics.precision_recall_fscore_support(
        y, predicted, labels=np.arange(K), zero_division=0
    )
    table = np.column_stack(scores[:3])  # (K, 3)
    support = np.asarray(scores[3])
    averages = [
        np.full(3, np.mean(predicted == y)),
        table.mean(axis=0),
        np.average(table, axis=0, weights=support),
    ]
    rows = [*dataset.classes, "accuracy", "macro avg", "weighted avg"]
    report = pd.DataFrame(
        np.vstack([table, *averages]), index=rows, columns=["precision", "recall", "f1"]
    )
    return report.assign(support=[*support, *[len(y)] * 3])


def confusion_matrix(dataset: Dataset, part: str, predicted: Array) -> pd.DataFrame:
    """Counts of examples: one row per true class, one column per predicted class."""
    counts = metrics.confusion_matrix(
        right(dataset, part), predicted, labels=np.arange(len(dataset.classes))
    )
    names = list(dataset.classes)
    return pd.DataFrame(
        counts, index=pd.Index(names, name="true"), columns=pd.Index(names, name="predicted")
    )


def never_predicted(dataset: Dataset, predicted: Array) -> tuple[str, ...]:
    """Names of the classes that the network gave to no example."""
    seen = set(np.unique(predicted).tolist())
    return tuple(name for index, name in enumerate(dataset.classes) if index not in seen)


def regression_report(dataset: Dataset, part: str, a: Array) -> pd.DataFrame:
    """R², mean absolute error and root mean squared error of each target, in its own units.

    R² is missing (nan) where the targets of the part are all equal.
    """
    y, guess = right(dataset, part), dataset.own_units(a)
    missed, spread = ((y - guess) ** 2).mean(axis=1), y.var(axis=1)
    score = np.full(len(y), np.nan)
    np.divide(missed, spread, out=score, where=np.ptp(y, axis=1) > 0)
    columns = {"R²": 1 - score, "MAE": np.abs(y - guess).mean(axis=1), "RMSE": np.sqrt(missed)}
    return pd.DataFrame(columns, index=list(dataset.target_names))


def right(dataset: Dataset, part: str) -> Array:
    """The true targets of a part in their own units; ValueError if the part is empty."""
    rows = dataset.rows(part)
    if not len(rows):
        raise ValueError(f"The {WORDS[part]} part is empty, so there is nothing to report.")
    return dataset.targets[..., rows]
