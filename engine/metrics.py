"""Reports: what a trained network gets right and wrong, class by class or in the data's own units.

The outputs `a` are those of the last layer, (K, m), one column per example of the reported part.
"""

import numpy as np
import pandas as pd
from sklearn import metrics

from engine.dataset import Array, Dataset
from engine.heads import THRESHOLD


def predicted_classes(a: Array, output: str) -> Array:
    """(m,) class indices that outputs `a` of this activation stand for; one unit tells two."""
    return (a[0] > THRESHOLD[output]).astype(np.intp) if len(a) == 1 else a.argmax(axis=0)


def classification_report(dataset: Dataset, part: str, predicted: Array) -> pd.DataFrame:
    """Precision, recall, f1 and support of each class, then accuracy and the two averages.

    The precision of a class that was never predicted is 0; `never_predicted` names it.
    """
    report = metrics.classification_report(
        right(dataset, part),
        predicted,
        labels=np.arange(len(dataset.classes)),
        target_names=list(dataset.classes),
        output_dict=True,
        zero_division=0,
    )
    rows = {name: report[name] for name in dataset.classes}
    table = pd.DataFrame(rows | averages(report, dataset, part, predicted)).T
    return table.rename(columns={"f1-score": "f1"}).astype({"support": int})


def averages(report: dict, dataset: Dataset, part: str, predicted: Array) -> dict:
    """The last rows of the report; accuracy stands in every column, as it is one number."""
    y = right(dataset, part)
    accuracy = dict.fromkeys(("precision", "recall", "f1-score"), float(np.mean(predicted == y)))
    macro, weighted = report["macro avg"], report["weighted avg"]
    return {
        "accuracy": accuracy | {"support": len(y)},
        "macro avg": macro,
        "weighted avg": weighted,
    }


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
        raise ValueError(f"The {part} part is empty, so there is nothing to report.")
    return dataset.targets[..., rows]
