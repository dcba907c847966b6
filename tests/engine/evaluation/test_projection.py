"""The axes of the map: the inputs that tell most, and the principal components."""

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.evaluation.projection import (
    COMPONENTS,
    axes_of,
    default_axes,
    from_same_column,
    most_informative_pair,
)
from engine.problems.registry import load
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import Config


def data_of(name: str) -> Dataset:
    return load(Config(dataset=name))


def test_the_map_opens_on_the_two_inputs_that_tell_most():
    data = data_of("iris")
    assert axes_of(data).names == ("petal length (cm)", "petal width (cm)")
    diabetes = data_of("diabetes")
    y = diabetes.targets[0, diabetes.train]
    strength = [abs(np.corrcoef(row[diabetes.train], y)[0, 1]) for row in diabetes.inputs]
    assert set(most_informative_pair(diabetes)) == set(np.argsort(strength)[-2:].tolist())
    assert most_informative_pair(data_of("circle")) == (0, 1)


def test_over_two_inputs_the_others_are_at_the_mean_of_the_training_part():
    data = data_of("wine")
    axes = axes_of(data, (3, 1))
    raw = axes.raw(np.array([[5.0, 7.0], [0.5, -2.0]]))
    expected = np.repeat(data.inputs[:, data.train].mean(axis=1)[:, None], 2, axis=1)
    expected[3], expected[1] = [5.0, 7.0], [0.5, -2.0]
    np.testing.assert_array_equal(raw, expected)
    np.testing.assert_array_equal(axes.places, data.inputs[[3, 1]])


@pytest.mark.parametrize("name", ["iris", "wine", "digits"])
def test_the_components_are_those_of_a_singular_value_decomposition(name: str):
    data = data_of(name)
    axes = axes_of(data, COMPONENTS)
    train = data.inputs[:, data.train]
    spread = np.where(train.std(axis=1) > 0, train.std(axis=1), 1.0)[:, None]
    U, s, _ = np.linalg.svd((train - train.mean(axis=1, keepdims=True)) / spread)
    for k in range(2):
        along = axes.directions[:, k] / spread[:, 0]
        assert abs(along @ U[:, k]) == pytest.approx(1, abs=1e-9)
        assert np.std(axes.places[k, data.train]) == pytest.approx(s[k] / len(data.train) ** 0.5)
    assert axes.seen == pytest.approx((s[:2] ** 2).sum() / (s**2).sum())
    assert axes.names[0].startswith("component 1 (")


def test_an_example_is_projected_on_the_plane_that_is_drawn():
    """What is left over of a standardised example is at right angles to the plane."""
    data = data_of("wine")
    axes = axes_of(data, COMPONENTS)
    spread = data.inputs[:, data.train].std(axis=1)[:, None]
    rest = (data.inputs - axes.raw(axes.places)) / spread
    np.testing.assert_allclose((axes.directions / spread).T @ rest, 0, atol=1e-9)


def test_a_constant_input_and_many_examples_do_no_harm(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(0)
    inputs = np.vstack([random.normal(size=(3, 5000)) * [[9.0], [4.0], [1.0]], np.ones(5000)])
    data = Dataset("x", "classification", inputs, ("a", "b", "c", "d"), np.arange(5000) % 2, "uv")
    whole = axes_of(data, COMPONENTS)
    monkeypatch.setattr("engine.evaluation.projection.MOST_NUMBERS", 4000)
    some = axes_of(data, COMPONENTS)
    assert np.isfinite(whole.places).all()
    assert whole.directions[3] == pytest.approx([0, 0], abs=1e-12)
    assert some.seen == pytest.approx(whole.seen, abs=0.03)


@pytest.mark.parametrize(("n", "spread"), [(1, 1.0), (2, 1.0), (30, 0.0)])
def test_without_components_the_telling_pair_is_shown(n: int, spread: float):
    inputs = spread * np.random.default_rng(0).normal(size=(4, n))
    data = Dataset("x", "regression", inputs, ("a", "b", "c", "d"), np.ones((1, n)), (), ("y",))
    assert axes_of(data, COMPONENTS).names == axes_of(data).names


def towns(extra=True, n=90):
    """A table whose target hangs on one column of categories."""
    rng = np.random.default_rng(0)
    town = rng.choice(["Aachen", "Bonn", "Ulm"], n)
    y = np.where(town == "Aachen", 9, np.where(town == "Bonn", 4, 1)) + rng.normal(size=n).round(2)
    rows = [
        f"{t},{rng.normal():.2f},{v}" if extra else f"{t},{v}" for t, v in zip(town, y, strict=True)
    ]
    text = ("town,x,y\n" if extra else "town,y\n") + "\n".join(rows)
    return prepare(read_table(text.encode()), "y", task="regression").dataset


def test_two_inputs_of_one_column_are_no_map_where_there_are_two_columns_kind_38():
    data = towns()
    assert data.input_names == ("town = Aachen", "town = Bonn", "town = Ulm", "x")
    assert data.origins == (0, 0, 0, 1)
    assert [data.input_names[i] for i in most_informative_pair(data)] == ["town = Aachen", "x"]
    assert axes_of(data).names == ("town = Aachen", "x")


def test_a_single_column_is_shown_over_components_kind_38():
    data = towns(extra=False)
    assert default_axes(data) == COMPONENTS
    assert axes_of(data).names[0].startswith("component 1")
    assert axes_of(data, (0, 2)).names[0].startswith("component 1")


def test_a_number_and_the_input_for_its_gaps_are_one_column_kind_38():
    rows = [f"{'' if i % 4 == 0 else i % 7},{i % 5}.5,{i % 3}" for i in range(60)]
    data = prepare(read_table(("g,x,y\n" + "\n".join(rows)).encode()), "y").dataset
    assert data.origins == (0, 0, 1)
    assert not from_same_column(data, most_informative_pair(data))
    assert from_same_column(data, (0, 1))
