"""The data set: parts, extra inputs, and a scale that only the training part may set."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from engine.data import dataset
from engine.data.dataset import PARTS, Dataset


def flowers(n=12, **choices):
    """Three inputs on very different scales, three classes by turns."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((3, n)) * [[1], [100], [0.01]] + [[0], [5000], [1]]
    names = ("a", "b", "c")
    return Dataset("flowers", "classification", inputs, names, np.arange(n) % 3, names, **choices)


def heights(n=10):
    """One target far from 0."""
    x = np.linspace(0, 1, n)[None]
    return Dataset("heights", "regression", x, ("x",), 1000 + 50 * x**2, target_names=("m",))


def cut(data, train, validation=(), test=()):
    return data.split(np.array(train), np.array(validation, int), np.array(test, int))


def test_without_parts_every_example_is_for_training():
    data = flowers()
    assert data.train.tolist() == list(range(12))
    assert len(data.validation) == len(data.test) == 0
    assert data.part("validation")[0].shape == (3, 0)


def test_without_scaling_the_network_sees_the_numbers_as_they_are():
    data = flowers()
    X, y = data.part("train")
    np.testing.assert_array_equal(X, data.inputs)
    np.testing.assert_array_equal(y, data.targets)
    assert (data.n, data.d, data.features) == (12, 3, ("a", "b", "c"))


def test_counts_keep_their_own_scale():
    data = heights().standardised(targets=False)
    np.testing.assert_array_equal(data.part("train")[1], data.targets)
    assert data.part("train")[0].std() == pytest.approx(1)


def test_the_scale_is_that_of_the_training_part_alone():
    data = cut(flowers(), range(6), range(6, 9), range(9, 12)).standardised()
    X, _ = data.part("train")
    np.testing.assert_allclose(X.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(X.std(axis=1), 1, rtol=1e-12)
    other = data.inputs.copy()
    other[:, 6:] = 1e6
    again = Dataset("flowers", "classification", other, ("a", "b", "c"), data.targets, data.classes)
    again = cut(again, range(6), range(6, 9), range(9, 12)).standardised()
    np.testing.assert_array_equal(again.mean, data.mean)
    np.testing.assert_array_equal(again.scale, data.scale)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_scaled_alike(part):
    data = cut(flowers(), range(6), range(6, 9), range(9, 12)).standardised()
    rows = data.rows(part)
    by_hand = (data.inputs[:, rows] - data.mean[:, None]) / data.scale[:, None]
    X, y = data.part(part)
    np.testing.assert_allclose(X, by_hand, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(y, data.targets[rows])
    assert X.flags.c_contiguous
    assert X.dtype == np.float64


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("part", PARTS)
def test_a_table_made_in_pieces_is_the_part_with_a_column_of_ones(part, kind, monkeypatch):
    data = flowers(expand=("x1", "x2", "x1x2", "sinx1"))
    data = cut(data, [7, 0, 1, 2, 3, 4, 5, 11], [6], [8, 9]).standardised()
    monkeypatch.setattr(dataset, "PIECE", 12)  # 3 examples at a time
    X, y = data.part(part)
    expected = np.vstack([X, np.ones(X.shape[1])]).T.astype(kind)
    np.testing.assert_array_equal(data.table(part, kind), expected, strict=True)
    np.testing.assert_array_equal(data.answers(part), y)


def test_a_table_is_made_once_is_not_to_be_written_and_does_not_travel():
    data = cut(flowers(), range(6), range(6, 9), range(9, 12))
    table = data.table("train")
    for _ in range(2):  # made, then taken
        assert data.table("train") is table
        assert [len(data.table(part)) for part in PARTS] == [6, 3, 3]
    assert data.table("train", "float32") is not table
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 1
    assert not pickle.loads(pickle.dumps(data)).tables
    assert not replace(data, name="another").tables


def test_regression_targets_are_scaled_and_come_back_in_their_own_units():
    data = cut(heights(), range(7), (), range(7, 10)).standardised()
    _, y = data.part("train")
    assert y.mean() == pytest.approx(0, abs=1e-9)
    assert y.std() == pytest.approx(1)
    _, y = data.part("test")
    np.testing.assert_allclose(data.own_units(y), data.targets[:, 7:], rtol=1e-12)


def test_extra_inputs_are_made_first_and_scaled_then():
    rng = np.random.default_rng(1)
    x = rng.uniform(-6, 6, (2, 50))
    data = Dataset("pair", "classification", x, ("x₁", "x₂"), np.arange(50) % 2, ("no", "yes"))
    data = data.standardised().with_features(("x1x2", "sinx2", "x1x1")).standardised()
    assert data.features == ("x₁x₂", "sin x₂", "x₁²")
    by_hand = np.stack([x[0] * x[1], np.sin(x[1]), x[0] ** 2])
    by_hand = (by_hand - by_hand.mean(axis=1, keepdims=True)) / by_hand.std(axis=1, keepdims=True)
    np.testing.assert_allclose(data.network_inputs(x), by_hand, atol=1e-12)


def test_a_constant_input_stays_finite_and_is_named():
    inputs = flowers().inputs.copy()
    inputs[1] = 7.3
    names = ("a", "b", "c")
    data = Dataset("one", "classification", inputs, names, np.arange(12) % 3, names).standardised()
    assert data.scale[1] == 1
    np.testing.assert_array_equal(data.part("train")[0][1], 0)
    assert [note for note in data.notes if "Constant" in note and "b." in note]


@pytest.mark.parametrize("value", [0.0, 0.1, -1e9, 1e-300])
def test_all_equal_inputs_are_told_and_harmless(value):
    inputs, names = np.full((2, 9), value), ("a", "b")
    data = Dataset("flat", "classification", inputs, names, np.arange(9) % 2, names).standardised()
    assert "All inputs are equal" in data.notes[0]
    assert np.isfinite(data.part("train")[0]).all()


def test_a_column_too_fine_for_its_deviation_is_not_divided_by_zero():
    inputs, names = np.array([[1e-200, 2e-200, 3e-200, 4e-200]]), ("a",)
    data = Dataset("fine", "classification", inputs, names, [0, 1, 0, 1], ("no", "yes"))
    assert np.isfinite(data.standardised().part("train")[0]).all()


def test_a_target_that_never_changes_is_told():
    x = np.linspace(0, 1, 5)[None]
    data = Dataset("flat", "regression", x, ("x",), np.full((1, 5), 3.0), target_names=("y",))
    assert "nothing to learn: y" in data.standardised().notes[0]
    np.testing.assert_array_equal(data.standardised().part("train")[1], 0)


def test_a_single_training_example_is_told():
    assert "one training example" in cut(heights(), [4]).standardised().notes[0]


def test_a_part_without_a_class_is_named():
    data = cut(flowers(), [0, 3, 6, 1], [2, 5], [4, 7, 10, 8])
    assert data.notes == (
        "The training part has no example of: c.",
        "The validation part has no example of: a, b.",
        "The test part has no example of: a.",
    )
    assert data.noting(data.notes[0]).notes == data.notes


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inputs": np.zeros((2, 12))}, "need 3 names|2 inputs"),
        ({"inputs": np.zeros(12)}, "inputs must be"),
        ({"inputs": np.zeros((3, 0)), "targets": np.zeros(0)}, "inputs must be"),
        ({"inputs": np.full((3, 12), np.nan)}, "finite"),
        ({"targets": np.zeros(11)}, "targets must have shape"),
        ({"targets": np.full(12, 3)}, "from 0 to 2"),
        ({"targets": np.full(12, -1)}, "from 0 to 2"),
        ({"task": "ranking"}, "classification or regression"),
        ({"classes": ("a",), "targets": np.zeros(12)}, "at least 2 classes"),
        ({"task": "regression", "targets": np.zeros((1, 12))}, "targets must have shape"),
    ],
)
def test_data_that_do_not_hang_together_are_refused(change, words):
    whole = {
        "name": "flowers",
        "task": "classification",
        "inputs": np.zeros((3, 12)),
        "input_names": ("a", "b", "c"),
        "targets": np.arange(12) % 3,
        "classes": ("a", "b", "c"),
    }
    with pytest.raises(ValueError, match=words):
        Dataset(**whole | change)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match=r"train, validation, test.*'tests'"):
        flowers().part("tests")


def test_it_can_be_pickled():
    data = cut(flowers(), range(6), range(6, 9), range(9, 12)).standardised()
    again = pickle.loads(pickle.dumps(data))
    np.testing.assert_array_equal(again.part("test")[0], data.part("test")[0])
    assert again.notes == data.notes
