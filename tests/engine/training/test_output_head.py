"""Heads: what the task proposes, what a person may choose instead, and how answers are spelled."""

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.nn.losses import LOSSES
from engine.training.config import Config
from engine.training.output_head import OutputHead, choose_output_head, output_loss_pairs

CLASSIFICATION = output_loss_pairs("classification")
REGRESSION = output_loss_pairs("regression")


def classes(number, n=12):
    names = tuple(f"class {k}" for k in range(number))
    return Dataset("", "classification", np.ones((1, n)), ("x",), np.arange(n) % number, names)


def values(K):
    y = np.random.default_rng(0).normal(size=(K, 5))
    names = tuple(f"y{k}" for k in range(K))
    return Dataset("", "regression", np.ones((1, 5)), ("x",), y, target_names=names)


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (classes(2), OutputHead("sigmoid", "bce", 1, 2)),
        (classes(3), OutputHead("softmax", "ce", 3, 3)),
        (classes(10), OutputHead("softmax", "ce", 10, 10)),
        (values(1), OutputHead("linear", "mse", 1, 0)),
        (values(3), OutputHead("linear", "mse", 3, 0)),
    ],
    ids=["two classes", "three", "ten", "a number", "three numbers"],
)
def test_the_task_proposes_a_head(data, head):
    assert choose_output_head(Config(), data) == head
    assert head.loss is LOSSES[head.loss_name]


@pytest.mark.parametrize(
    ("output", "loss"),
    [("sigmoid", "bce"), ("softmax", "ce"), ("linear", "mse"), ("tanh", "mse")],
)
def test_a_chosen_output_brings_its_own_loss_along(output, loss):
    assert choose_output_head(Config(output=output), classes(3)).loss_name == loss


@pytest.mark.parametrize("output", ["linear", "sigmoid", "tanh"])
def test_a_regression_is_measured_by_squared_error_whatever_its_output(output):
    assert choose_output_head(Config(output=output), values(2)) == OutputHead(output, "mse", 2, 0)


@pytest.mark.parametrize("choices", [{"output": "exp"}, {"loss": "poisson"}], ids=str)
def test_counts_bring_both_their_output_and_their_loss(choices):
    assert choose_output_head(Config(**choices), values(1)) == OutputHead("exp", "poisson", 1, 0)


def test_counts_below_zero_are_refused_in_a_sentence():
    head = choose_output_head(Config(loss="poisson"), values(1))
    np.testing.assert_array_equal(head.encode(np.array([[0.0, 3.0]])), [[0, 3]])
    with pytest.raises(ValueError, match=r"The loss poisson needs targets of 0 or more;"):
        head.encode(np.array([[0.0, -1.0]]))


@pytest.mark.parametrize(("output", "loss"), CLASSIFICATION)
@pytest.mark.parametrize("number", [2, 3])
def test_every_pair_for_classes_is_accepted_and_sized(output, loss, number):
    head = choose_output_head(Config(output=output, loss=loss), classes(number))
    units = 1 if number == 2 and output != "softmax" else number
    assert head == OutputHead(output, loss, units, number)


@pytest.mark.parametrize(("output", "loss"), REGRESSION)
def test_every_pair_for_numbers_is_accepted(output, loss):
    assert choose_output_head(Config(output=output, loss=loss), values(2)) == OutputHead(
        output, loss, 2, 0
    )


def test_the_pairs_are_those_that_make_sense():
    errors = ("mse", "half_mse", "mae", "huber")
    numbers = {(o, e) for o in ("linear", "sigmoid", "tanh") for e in errors}
    assert set(REGRESSION) == {*numbers, ("exp", "poisson")}
    assert set(CLASSIFICATION) - numbers == {
        *[("softmax", "mse"), ("softmax", "half_mse"), ("sigmoid", "bce"), ("softmax", "ce")]
    }


@pytest.mark.parametrize(
    ("config", "data"),
    [
        (Config(output="softmax"), values(1)),
        (Config(output="sigmoid", loss="bce"), values(1)),
        (Config(output="tanh", loss="bce"), classes(2)),
        (Config(output="sigmoid", loss="ce"), classes(2)),
        (Config(output="softmax", loss="bce"), classes(3)),
        (Config(output="exp"), classes(3)),
        (Config(output="linear", loss="poisson"), values(1)),
    ],
)
def test_a_pair_that_makes_no_sense_is_refused_in_a_sentence(config, data):
    with pytest.raises(ValueError, match=r"does not fit a (classification|regression); possible: "):
        choose_output_head(config, data)


@pytest.mark.parametrize(("output", "loss"), CLASSIFICATION)
@pytest.mark.parametrize("number", [2, 3, 5])
def test_targets_decide_for_the_class_they_encode(output, loss, number):
    data = classes(number)
    head = choose_output_head(Config(output=output, loss=loss), data)
    y = head.encode(data.targets)
    assert y.shape == (head.K, 12)
    np.testing.assert_array_equal(head.decide(y), data.targets)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (OutputHead("sigmoid", "bce", 1, 2), [[0, 1, 1]]),
        (OutputHead("linear", "mse", 1, 2), [[0, 1, 1]]),
        (OutputHead("tanh", "mse", 1, 2), [[-1, 1, 1]]),
        (OutputHead("softmax", "ce", 2, 2), [[1, 0, 0], [0, 1, 1]]),
        (OutputHead("tanh", "mse", 2, 2), [[1, -1, -1], [-1, 1, 1]]),
    ],
)
def test_classes_are_spelled_as_the_output_can_say_them(head, expected):
    np.testing.assert_array_equal(head.encode(np.array([0, 1, 1])), expected)


@pytest.mark.parametrize(("output", "middle"), [("sigmoid", 0.5), ("linear", 0.5), ("tanh", 0.0)])
def test_one_unit_decides_in_the_middle_between_its_two_targets(output, middle):
    head = choose_output_head(Config(output=output), classes(2))
    assert head.encode(np.array([0, 1])).mean() == middle
    assert head.decide(np.array([[middle - 1e-9, middle + 1e-9]])).tolist() == [0, 1]


def test_several_units_decide_for_the_largest():
    a = np.array([[0.2, 0.1, 0.5], [0.3, 0.8, 0.4], [0.5, 0.1, 0.1]])
    assert OutputHead("softmax", "ce", 3, 3).decide(a).tolist() == [2, 1, 0]


def test_regression_targets_are_taken_as_they_are():
    data = values(2)
    np.testing.assert_array_equal(
        choose_output_head(Config(), data).encode(data.targets), data.targets
    )
