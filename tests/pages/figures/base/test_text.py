"""Numbers and pictures in words."""

from math import inf, nan

import numpy as np
import pytest

from engine.data.dataset import Dataset
from pages.figures.base import text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.6931, "0.693"),
        (0.031, "0.031"),
        (0.5, "0.5"),
        (-1.25, "−1.25"),
        (12.345, "12.3"),
        (99.96, "100"),
        (1240, "1\u202f240"),
        (-12_345.6, "−12\u202f300"),
        (0.001, "0.001"),
        (0.00099949, "9.99e−4"),
        (0.0009999, "0.001"),
        (-4.1e-5, "−4.1e−5"),
        (999_499, "999\u202f000"),
        (999_999, "1e6"),
        (1.234e9, "1.23e9"),
        (2e-310, "2e−310"),
        (nan, "–"),
        (inf, "∞"),
        (-inf, "−∞"),
    ],
)
def test_a_number_has_three_significant_digits_and_no_more_signs_than_it_needs(value, words):
    assert text.number(value) == words


def test_more_digits_are_to_be_had():
    assert text.number(0.123456, 5) == "0.12346"


def test_counts_are_whole():
    assert text.count(1_234_567) == "1\u202f234\u202f567"
    assert text.many(1, "class", "classes") == "1 class"
    assert text.many(1200, "unit") == "1\u202f200 units"


def test_symbols_carry_their_layer():
    assert (text.superscript(12), text.subscript(10)) == ("⁽¹²⁾", "₁₀")


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0"), (0.001, "<1"), (0.42, "42"), (0.996, ">99"), (1, "100")],
)
def test_a_share_says_nothing_and_all_only_when_it_is(share, words):
    assert text.percent(share) == f"{words}\u202f%"


def test_clipped_names_stay_apart():
    iris = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]
    assert text.clipped(iris, 12) == ["sepal length", "sepal width", "petal length", "petal width"]
    assert text.clipped(iris, 6) == ["se…gth", "se…dth", "pe…gth", "pe…dth"]
    assert text.clipped(["setosa", "versicolor"], 6) == ["setosa", "versi…"]
    assert all(len(name) <= 5 for name in text.clipped(["abcdefgh", "abcdefgi"], 5))


def test_a_strangers_name_is_neither_tag_nor_template():
    assert text.plain("<b>%{x} & y") == "&lt;b&gt;%&#123;x} &amp; y"


def test_the_network_in_words():
    words = text.network_in_words([2, 4, 8, 1], ["tanh", "relu", "sigmoid"])
    hidden = "2 hidden layers of 4 tanh and 8 relu units"
    assert words == f"Network: 2 inputs, {hidden}, 1 sigmoid output."
    assert "no hidden layer, 3 softmax outputs" in text.network_in_words([4, 3], ["softmax"])
    assert "a hidden layer of 1 tanh unit," in text.network_in_words([1, 1, 1], ["tanh", "linear"])


def test_the_decision_in_words():
    data = Dataset(
        name="three inputs",
        task="classification",
        inputs=np.zeros((3, 6)),
        input_names=("a", "b", "c"),
        targets=np.array([0, 1, 0, 1, 0, 1]),
        classes=("no", "yes"),
        train=np.arange(4),
        validation=np.array([4]),
        test=np.array([5]),
    )
    assert text.decision_in_words(data, (0, 2)) == (
        "The predicted class over a and c, with 4 training and 1 validation examples "
        "of 2 classes; 1 other input at the mean."
    )


def test_the_curves_in_words():
    record = {"train": 0.031, "validation": 0.0442, "train_metric": 0.99, "validation_metric": 0.98}
    assert text.curves_in_words(120, record, "accuracy", 0.693147) == (
        "Loss after 120 epochs: training 0.031, validation 0.0442; chance level 0.693. "
        "Accuracy: training 0.99, validation 0.98."
    )
    alone = record | {"validation": nan, "validation_metric": nan}
    assert text.curves_in_words(1, alone, "R²") == (
        "Loss after 1 epoch: training 0.031. R²: training 0.99."
    )


def test_the_weights_in_words():
    W1, W2 = np.array([[0.5, -2.5], [1, 0]]), np.array([[0.1, -0.3]])
    assert text.weights_in_words([W1, W2]) == (
        "Weights: W⁽¹⁾ from −2.5 to 1 and W⁽²⁾ from −0.3 to 0.1. "
        "The largest is −2.5, from input 2 to unit 1 of layer 1."
    )
    assert "from unit 2 of layer 1 to unit 1 of layer 2" in text.weights_in_words([W1, 10 * W2])


def test_the_deltas_in_words():
    deltas = [np.array([[3.0, -4.0]]), np.array([[0.0, 1.0]])]
    assert text.deltas_in_words(deltas) == (
        "Deltas of 2 examples: root mean square of δ⁽¹⁾ 3.54 and δ⁽²⁾ 0.707."  # √12.5 and √½
    )
    assert text.sizes_in_words(7, [0.001, 0.1]) == (
        "After 7 epochs: root mean square of δ⁽¹⁾ 0.001 and δ⁽²⁾ 0.1; "
        "first layer / last layer = 0.01."
    )
    assert text.sizes_in_words(0, [0.5]) == "After 0 epochs: root mean square of δ⁽¹⁾ 0.5."


def test_the_confusion_in_words():
    matrix = np.array([[10, 0, 0], [0, 9, 0], [0, 2, 0]])
    assert text.confusion_in_words(matrix, ("a", "b", "c")) == (
        "19 of 21 examples correct. Most frequent error: c predicted as b, 2 times. "
        "Never predicted: c."
    )
    assert text.confusion_in_words(np.eye(2, dtype=int), ("a", "b")) == "2 of 2 examples correct."


def test_the_residuals_in_words():
    words = text.residuals_in_words(np.array([1.0, 2, 3]), np.array([1.0, 2.5, 1]), "price")
    assert words == "price: mean absolute error of 3 examples 0.833, largest error 2."
