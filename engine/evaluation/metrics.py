"""Reports: what a trained network gets right and wrong, per class or in the units of the data.

The functions take the predicted classes (m,) or, for a regression, the outputs `a` (K, m) of the
last layer: one per example of the part.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn import metrics

from engine.data import WORDS, Array, Dataset
from engine.language import marked, tr

SCORES = (marked("precision"), marked("recall"), marked("f1"))
AVERAGES = (marked("accuracy"), marked("macro avg"), marked("weighted avg"))
SUPPORT = marked("support")


def shown_scores(table: pd.DataFrame, names: Sequence[str] = ()) -> pd.DataFrame:
    """Return scores with their headings in the language of the reader.

    The first rows get `names`, which are those of the data.
    """
    rows = [*names, *(tr(str(name)) for name in table.index[len(names) :])]
    return table.set_axis(rows, axis=0).set_axis([tr(str(name)) for name in table], axis=1)


def classification_report(dataset: Dataset, part: str, predicted: Array) -> pd.DataFrame:
    """Return precision, recall, f1 and support of each class, then the accuracy and two averages.

    `predicted` are class indices (m,). The precision of a class that was never predicted is 0;
    `never_predicted` names such classes. The accuracy stands in every column of its row.
    Definitions: scikit-learn, `precision_recall_fscore_support`.
    """
    y, K = true_targets(dataset, part), len(dataset.classes)
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
    rows = [*dataset.classes, *AVERAGES]
    report = pd.DataFrame(np.vstack([table, *averages]), index=rows, columns=[*SCORES])
    return report.assign(**{SUPPORT: [*support, *[len(y)] * 3]})


def confusion_matrix(dataset: Dataset, part: str, predicted: Array) -> pd.DataFrame:
    """Return how many examples have each true class (row) and predicted class (column).

    `predicted` are class indices (m,); the result has shape (classes, classes).
    """
    counts = metrics.confusion_matrix(
        true_targets(dataset, part), predicted, labels=np.arange(len(dataset.classes))
    )
    names = list(dataset.classes)
    return pd.DataFrame(
        counts, index=pd.Index(names, name="true"), columns=pd.Index(names, name="predicted")
    )


def never_predicted(dataset: Dataset, predicted: Array) -> tuple[str, ...]:
    """Return the names of the classes that do not occur in `predicted` (m,)."""
    seen = set(np.unique(predicted).tolist())
    return tuple(name for index, name in enumerate(dataset.classes) if index not in seen)


def regression_report(dataset: Dataset, part: str, a: Array) -> pd.DataFrame:
    """Return R², mean absolute error and root mean squared error of each target, in its own units.

    `a` are outputs (K, m). The names of the error columns contain the unit, or the target. R² is
    nan where all targets of the part are equal.
    """
    y, guess = true_targets(dataset, part), dataset.own_units(a)
    missed, spread = ((y - guess) ** 2).mean(axis=1), y.var(axis=1)
    score = np.full(len(y), np.nan)
    np.divide(missed, spread, out=score, where=np.ptp(y, axis=1) > 0)
    unit = dataset.unit() if len(y) == 1 else tr("each in its own unit")
    means = {
        f"MAE ({unit})": np.abs(y - guess).mean(axis=1),
        f"RMSE ({unit})": np.sqrt(missed),
    }
    columns = {"R²": 1 - score, **means}
    return pd.DataFrame(columns, index=list(dataset.target_names))


def roc(dataset: Dataset, part: str, shares: Array, positive: int) -> pd.DataFrame:
    """Return the points of the ROC curve of one class against all others, from (0, 0) to (1, 1).

    `shares` are the probabilities (classes, m). Raises ValueError if the part has examples of that
    class only, or none of it. Fawcett (2006), An introduction to ROC analysis.
    """
    truth = class_indicator(dataset, part, positive)
    false, true, threshold = metrics.roc_curve(truth, shares[positive], drop_intermediate=True)
    columns = {"false positives": false, "true positives": true, "threshold": threshold}
    return pd.DataFrame(columns)


def roc_area(dataset: Dataset, part: str, shares: Array, positive: int) -> float:
    """Return the area under the ROC curve of one class: 0.5 is chance, 1 is best.

    `shares` are the probabilities (classes, m).
    """
    return float(metrics.roc_auc_score(class_indicator(dataset, part, positive), shares[positive]))


def precision_recall(dataset: Dataset, part: str, shares: Array, positive: int) -> pd.DataFrame:
    """Return precision and recall of one class at every threshold, the lowest threshold first.

    `shares` are the probabilities (classes, m).
    """
    truth = class_indicator(dataset, part, positive)
    precision, recall, threshold = metrics.precision_recall_curve(truth, shares[positive])
    threshold = np.append(threshold, np.inf)
    return pd.DataFrame({"recall": recall, "precision": precision, "threshold": threshold})


def calibration(
    dataset: Dataset, part: str, shares: Array, positive: int, bins: int = 10
) -> pd.DataFrame:
    """Return predicted probabilities of one class and how often that class was true, per bin.

    `shares` are the probabilities (classes, m). There is one row per bin of equal width that has
    examples: the mean predicted probability, the observed frequency, and the number of examples.
    Guo et al. (2017), On Calibration of Modern Neural Networks, section 2.
    """
    truth = class_indicator(dataset, part, positive)
    place = np.minimum((shares[positive] * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    used = count > 0
    predicted = np.bincount(place, shares[positive], bins)[used] / count[used]
    observed = np.bincount(place, truth, bins)[used] / count[used]
    return pd.DataFrame({"predicted": predicted, "observed": observed, "examples": count[used]})


def residuals(dataset: Dataset, part: str, a: Array, target: int = 0) -> pd.DataFrame:
    """Return true value, predicted value and residual (predicted - true) of each example.

    `a` are outputs (K, m); the result is in the units of the target.
    """
    y, guess = true_targets(dataset, part)[target], dataset.own_units(a)[target]
    return pd.DataFrame({"true": y, "predicted": guess, "residual": guess - y})


def class_indicator(dataset: Dataset, part: str, positive: int) -> Array:
    """Return 1 where an example is of the class, else 0, (m,).

    Raises ValueError unless the part has both kinds of examples.
    """
    truth = (true_targets(dataset, part) == positive).astype(int)
    if truth.min() == truth.max():
        words = (
            marked("The {part} part has only examples of '{name}'.")
            if truth.any()
            else marked("The {part} part has no examples of '{name}'.")
        )
        raise ValueError(tr(words, part=tr(WORDS[part]), name=dataset.classes[positive]))
    return truth


def true_targets(dataset: Dataset, part: str) -> Array:
    """Return the true targets of a part, (m,) classes or (K, m) values in their own units.

    Raises ValueError if the part has no examples.
    """
    rows = dataset.rows(part)
    if not len(rows):
        raise ValueError(
            tr("The {part} part is empty, so there is nothing to report.", part=tr(WORDS[part]))
        )
    return dataset.targets[..., rows]
