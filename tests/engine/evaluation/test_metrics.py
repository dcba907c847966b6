"""Reports against counts made by hand."""

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.evaluation.metrics import (
    classification_report,
    confusion_matrix,
    never_predicted,
    regression_report,
)

TRUE = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
GUESS = np.array([0, 0, 0, 1, 1, 1, 0, 1, 1, 0])  # never 2
NAMES = ("ant", "bee", "cow")


def animals(classes=NAMES, test=()):
    x = np.arange(10.0)[None]
    data = Dataset("animals", "classification", x, ("x",), TRUE, classes)
    return data.split(np.arange(10), np.array([], int), np.array(test, int))


def masses():
    x, y = np.arange(4.0)[None], np.array([[1.0, 2.0, 3.0, 6.0], [5.0, 5.0, 5.0, 5.0]])
    data = Dataset("masses", "regression", x, ("x",), y, target_names=("kg", "m"))
    return data.standardised()


def test_precision_recall_and_f1_are_those_of_the_counts():
    report = classification_report(animals(), "train", GUESS)
    assert list(report.columns) == ["precision", "recall", "f1", "support"]
    by_hand = {
        "ant": (3 / 5, 3 / 4, 2 / 3, 4),
        "bee": (2 / 5, 2 / 3, 1 / 2, 3),
        "cow": (0, 0, 0, 3),
        "accuracy": (0.5, 0.5, 0.5, 10),
        "macro avg": (1 / 3, (3 / 4 + 2 / 3) / 3, (2 / 3 + 1 / 2) / 3, 10),
        "weighted avg": (0.36, 0.5, (4 * 2 / 3 + 3 / 2) / 10, 10),
    }
    assert list(report.index) == list(by_hand)
    np.testing.assert_allclose(report.to_numpy(), list(by_hand.values()), atol=1e-12)


def test_the_report_is_of_the_part_that_was_asked_for():
    report = classification_report(animals(test=(0, 4)), "test", np.array([0, 0]))
    assert report.loc["accuracy", "f1"] == 0.5
    assert report["support"].tolist() == [1, 1, 0, 2, 2, 2]


def test_a_class_may_be_called_like_a_row_of_the_report():
    report = classification_report(animals(classes=("accuracy", "b", "macro avg")), "train", GUESS)
    assert len(report) == 6
    assert report["support"].tolist() == [4, 3, 3, 10, 10, 10]


def test_the_confusion_matrix_counts_true_rows_and_predicted_columns():
    matrix = confusion_matrix(animals(), "train", GUESS)
    assert matrix.to_numpy().tolist() == [[3, 1, 0], [1, 2, 0], [1, 2, 0]]
    assert (matrix.index.name, matrix.columns.name) == ("true", "predicted")
    assert tuple(matrix.index) == tuple(matrix.columns) == NAMES


def test_classes_that_are_never_predicted_are_named():
    assert never_predicted(animals(), GUESS) == ("cow",)
    assert never_predicted(animals(), np.array([1, 1])) == ("ant", "cow")
    assert never_predicted(animals(), np.array([2, 0, 1])) == ()


def test_regression_is_reported_in_the_units_of_the_data():
    data = masses()
    guess = np.array([[1.0, 2.0, 5.0, 6.0], [5.0, 5.0, 6.0, 5.0]])
    report = regression_report(data, "train", data.network_targets(guess))
    np.testing.assert_allclose(report.loc["kg"], [1 - 4 / 14, 0.5, 1.0])
    assert np.isnan(report.loc["m", "R²"])
    np.testing.assert_allclose(report.loc["m"].iloc[1:].astype(float), [0.25, 0.5])


def test_the_right_answers_score_one():
    data = masses()
    report = regression_report(data, "train", data.part("train")[1])
    np.testing.assert_allclose(report.loc["kg"], [1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_an_empty_part_is_refused_in_words(part):
    with pytest.raises(ValueError, match=f"The {part} part is empty"):
        classification_report(animals(), part, np.array([], int))
