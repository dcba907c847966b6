"""The judge: its losses, metrics and error terms against the plain network and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils.class_weight import compute_class_weight

from engine.data.dataset import Dataset
from engine.training.config import Config
from engine.training.evaluator import PROBE, Evaluator
from engine.training.output_head import output_loss_pairs
from engine.training.training import Training
from tests.engine import plain


def classes(number=3, n=60):
    random = np.random.default_rng(9)
    names = tuple(f"class {k}" for k in range(number))
    y = random.integers(0, number, n)
    data = Dataset("", "classification", random.normal(size=(3, n)) + y, ("x",) * 3, y, names)
    return data.split(*np.split(np.arange(n), [40, 50])).standardised()


def numbers(K=2, n=60, counts=False):
    random = np.random.default_rng(10)
    x = random.normal(size=(3, n))
    y = x[:K] * 2 + random.normal(size=(K, n)) * [[0.1], [1.0], [2.0]][:K]
    y = np.floor(np.exp(y / 3)) if counts else y
    data = Dataset("", "regression", x, ("x",) * 3, y, target_names=("y",) * K)
    return data.split(*np.split(np.arange(n), [40, 50])).standardised(targets=not counts)


class Case:
    """A network after a few epochs, its judge, and what the plain network says on each part."""

    def __init__(self, data, epochs=3, **choices):
        self.data, self.config = data, Config(**choices)
        self.training = Training(self.config, data)
        for _ in range(epochs):
            self.training.epoch()
        self.network, self.output_head = self.training.network, self.training.output_head
        self.evaluator = Evaluator(self.config, data, self.network, self.output_head)
        self.theta = self.network.theta.copy()
        self.weights = plain.split(self.theta, self.network.sizes)

    def part(self, part):
        """Inputs, targets as the network has them, and y as it is, of one part."""
        X, y = self.data.part(part)
        return X, self.output_head.encode(y), y

    def loss(self, part):
        X, y, _ = self.part(part)
        return plain.loss(self.output_head.loss_name, self.weights, self.network.activations, X, y)

    def outputs(self, part):
        return plain.forward(self.weights, self.network.activations, self.part(part)[0])[-1][1]


@pytest.mark.parametrize(("output", "loss"), output_loss_pairs("classification"))
@pytest.mark.parametrize("number", [2, 3])
def test_loss_and_accuracy_of_classes_are_those_of_both_parts(output, loss, number):
    case = Case(classes(number), output=output, loss=loss)
    train, validation, train_metric, validation_metric, _ = case.evaluator.evaluate(case.theta)
    assert train == pytest.approx(case.loss("train"), rel=1e-12)
    assert validation == pytest.approx(case.loss("validation"), rel=1e-12)
    for part, metric in (("train", train_metric), ("validation", validation_metric)):
        assert metric == accuracy_score(
            case.part(part)[2], case.output_head.decide(case.outputs(part))
        )


@pytest.mark.parametrize(("output", "loss"), output_loss_pairs("classification"))
@pytest.mark.parametrize("number", [2, 3])
def test_with_class_weights_each_part_weighs_its_examples(output, loss, number):
    data = classes(number)
    case = Case(data, output=output, loss=loss, class_weights="balanced")
    label = data.part("train")[1]
    shares = compute_class_weight("balanced", classes=np.arange(number), y=label)
    assert case.output_head.weights == pytest.approx(shares)
    found = case.evaluator.evaluate(case.theta)
    for part, loss_found in zip(("train", "validation"), found, strict=False):
        X, y, label = case.part(part)
        activations = case.network.activations
        each = [
            plain.loss(case.output_head.loss_name, case.weights, activations, X[:, [i]], y[:, [i]])
            for i in range(len(label))
        ]
        assert loss_found == pytest.approx(np.mean(shares[label] * each), rel=1e-12)
    deltas = case.evaluator.deltas
    X, y, label = (part[..., : case.evaluator.probe] for part in case.part("train"))
    args = case.output_head.loss_name, case.weights, case.network.activations, X, y
    _, expected = plain.backpropagate(*args)
    for delta, bare in zip(deltas, expected, strict=True):
        assert plain.error(delta, bare * shares[label]) < 1e-12


def test_with_class_weights_chance_is_that_of_equal_classes():
    case = Case(classes(3), class_weights="balanced")
    assert case.evaluator.chance()[0] == pytest.approx(np.log(3), rel=1e-12)


def test_a_class_that_is_not_there_has_no_weight():
    data = classes(3)
    data = data.split(np.flatnonzero(data.targets != 1)[:30], data.validation, data.test)
    case = Case(data, class_weights="balanced")
    counts = np.bincount(data.targets[data.train], minlength=3)
    assert case.output_head.weights == pytest.approx([15 / counts[0], 0, 15 / counts[2]])
    assert np.isfinite(case.evaluator.evaluate(case.theta)[:2]).all()


def test_class_weights_leave_numbers_alone():
    assert Case(numbers(), class_weights="balanced").output_head.weights == ()


@pytest.mark.parametrize(("output", "loss"), output_loss_pairs("regression"))
@pytest.mark.parametrize("K", [1, 3])
def test_loss_and_r2_of_numbers_are_those_of_both_parts(output, loss, K):
    case = Case(numbers(K, counts=loss == "poisson"), output=output, loss=loss, learning_rate=0.02)
    train, validation, train_metric, validation_metric, _ = case.evaluator.evaluate(case.theta)
    assert train == pytest.approx(case.loss("train"), rel=1e-12)
    assert validation == pytest.approx(case.loss("validation"), rel=1e-12)
    for part, metric in (("train", train_metric), ("validation", validation_metric)):
        assert metric == pytest.approx(r2_score(case.part(part)[1].T, case.outputs(part).T))


@pytest.mark.parametrize("hidden", [(), (4,), (5, 4, 3)])
@pytest.mark.parametrize("data", [classes(), numbers()], ids=["classes", "numbers"])
def test_the_probe_follows_every_delta(data, hidden):
    case = Case(data, hidden=hidden)
    *_, sizes = case.evaluator.evaluate(case.theta)
    X, y, _ = case.part("train")
    args = (
        case.output_head.loss_name,
        case.weights,
        case.network.activations,
        X[:, :PROBE],
        y[:, :PROBE],
    )
    _, deltas = plain.backpropagate(*args)
    assert case.evaluator.probe == PROBE == 32
    for delta, found, size in zip(deltas, case.evaluator.deltas, sizes, strict=True):
        assert plain.error(found, delta) < 1e-12
        assert size == pytest.approx(np.sqrt((delta**2).mean()), rel=1e-12)


def test_the_probe_is_smaller_where_there_are_fewer_examples():
    data = classes().split(np.arange(5), np.arange(0), np.arange(0))
    case = Case(data)
    case.evaluator.evaluate(case.theta)
    assert case.evaluator.probe == 5
    assert [delta.shape[1] for delta in case.evaluator.deltas] == [5, 5]


def test_the_penalty_counts_weights_and_not_biases():
    case = Case(classes())
    expected = plain.penalty(case.weights, 0.3, 0.7)
    assert case.evaluator.penalty(case.theta, 0.3, 0.7) == pytest.approx(expected, rel=1e-13)
    assert case.evaluator.penalty(case.theta, 0, 0) == 0
    only_biases = plain.join([(0 * W, b + 1) for W, b in case.weights])
    assert case.evaluator.penalty(only_biases, 0.3, 0.7) == 0


def test_judging_leaves_the_training_alone():
    case = Case(classes())
    case.evaluator.evaluate(case.theta * 2)
    np.testing.assert_array_equal(case.network.theta, case.theta)


def test_the_judge_forgets_what_it_judged_before():
    case = Case(classes())
    first = case.evaluator.evaluate(case.theta)
    case.evaluator.evaluate(case.theta * 2)
    assert case.evaluator.evaluate(case.theta) == first


def test_the_judge_uses_no_masks():
    case = Case(classes(), dropout=0.5, hidden=(10,))
    assert case.evaluator.evaluate(case.theta)[0] == pytest.approx(case.loss("train"), rel=1e-12)


def test_an_empty_validation_part_has_no_number():
    case = Case(classes().split(np.arange(40), np.arange(0), np.arange(0)))
    train, validation, train_metric, validation_metric, _ = case.evaluator.evaluate(case.theta)
    assert np.isfinite([train, train_metric]).all()
    assert np.isnan([validation, validation_metric]).all()


def test_r2_of_targets_that_never_vary_has_no_number():
    data = Dataset("", "regression", np.ones((1, 4)), ("x",), np.ones((1, 4)), target_names=("y",))
    case = Case(data)
    train, _, metric, *_ = case.evaluator.evaluate(case.theta)
    assert np.isfinite(train)
    assert np.isnan(metric)


@pytest.mark.parametrize("data", [classes(2), classes(3), numbers(2)])
def test_chance_is_what_the_best_constant_answer_scores(data):
    case = Case(data)
    loss, metric = case.evaluator.chance()
    _, y, plain_y = case.part("train")
    if data.classes:
        shares = np.bincount(plain_y) / len(plain_y)
        assert loss == pytest.approx(-(shares * np.log(shares)).sum(), rel=1e-12)
        assert metric == pytest.approx(shares.max())
    else:
        assert loss == pytest.approx(y.var(axis=1).mean(), rel=1e-12)
        assert metric == 0
