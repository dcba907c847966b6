"""The pinned data sets: drawn as the experiments say, always the same."""

from math import log

import numpy as np
import pytest
from sklearn import datasets

from engine.problems.fixed import PINNED


def rows(data, part):
    """Inputs (m, r) and classes (m,) of a part, as scikit-learn has them."""
    return data.inputs[:, data.rows(part)].T, data.targets[data.rows(part)]


def same(left, right):
    for ours, theirs in zip(left, right, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", PINNED)
def test_it_is_the_same_every_time(name):
    first, second = PINNED[name](), PINNED[name]()
    np.testing.assert_array_equal(first.inputs, second.inputs)
    np.testing.assert_array_equal(first.targets, second.targets)
    np.testing.assert_array_equal(first.train, second.train)
    assert first.notes == ()


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("xor_table", (4, 0, 0)),
        ("mazur", (1, 0, 0)),
        ("one_neuron", (1, 0, 0)),
        ("linear_neuron", (1, 0, 0)),
        ("moons_200", (200, 0, 0)),
        ("moons_40", (40, 200, 1000)),
        ("circles_300", (300, 0, 0)),
        ("spiral_400", (400, 0, 0)),
        ("sine", (100, 0, 0)),
        ("random_labels", (60, 200, 1000)),
        ("gauss_imbalanced", (1000, 1000, 4000)),
        ("line_3x2", (200, 0, 0)),
        ("line_centred", (20, 0, 0)),
        ("moons_noise_columns", (100, 200, 1000)),
        ("wine_70_30", (124, 0, 54)),
        ("article_classes", (1200, 400, 400)),
    ],
)
def test_the_parts_have_their_sizes_and_share_no_example(name, sizes):
    data = PINNED[name]()
    assert (len(data.train), len(data.validation), len(data.test)) == sizes
    assert sorted(np.concatenate([data.train, data.validation, data.test])) == list(range(data.n))


def test_the_moons_and_circles_are_scikit_learns():
    same(rows(PINNED["moons_200"](), "train"), datasets.make_moons(200, noise=0.2, random_state=0))
    forty = PINNED["moons_40"]()
    same(rows(forty, "train"), datasets.make_moons(40, noise=0.3, random_state=0))
    same(rows(forty, "validation"), datasets.make_moons(200, noise=0.3, random_state=1))
    same(rows(forty, "test"), datasets.make_moons(1000, noise=0.3, random_state=2))
    circles = datasets.make_circles(300, noise=0.1, factor=0.5, random_state=0)
    same(rows(PINNED["circles_300"](), "train"), circles)
    X, y = rows(PINNED["moons_noise_columns"](), "train")
    same((X[:, :2], y), datasets.make_moons(100, noise=0.2, random_state=0))
    assert abs(np.corrcoef(X[:, 2:].T, y)[-1, :-1]).max() < 0.3


def test_xor_is_the_truth_table():
    data = PINNED["xor_table"]()
    assert data.inputs.T.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.targets.tolist() == [0, 1, 1, 0]


def test_the_worked_examples_have_the_numbers_of_their_sources():
    data = PINNED["mazur"]()
    assert (data.inputs.ravel().tolist(), data.targets.ravel().tolist()) == (
        [0.05, 0.10],
        [0.01, 0.99],
    )
    data = PINNED["one_neuron"]()
    assert (data.inputs.item(), data.targets.item()) == (1, 0)
    data = PINNED["linear_neuron"]()
    assert (data.inputs.item(), data.targets.item()) == (2, 9)


def test_the_spiral_has_two_arms_of_one_and_a_half_turns():
    X, y = rows(PINNED["spiral_400"](), "train")
    np.testing.assert_array_equal(np.bincount(y), [200, 200])
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    far = radius > 0.3
    turned = np.cos(angle - 3 * np.pi * radius - np.pi * y)[far]
    assert turned.min() > 0.8
    assert radius.max() == pytest.approx(1, abs=0.05)


def test_the_sine_has_the_known_best_line():
    x, y = PINNED["sine"]().inputs[0], PINNED["sine"]().targets[0]
    np.testing.assert_allclose(y, np.sin(2 * x))
    slope = (x @ y) / (x @ x)
    assert np.mean((y - slope * x) ** 2) == pytest.approx(0.434, abs=5e-4)


def test_random_classes_have_nothing_to_do_with_the_inputs():
    X, y = rows(PINNED["random_labels"](), "test")
    assert abs(np.corrcoef(X.T, y)[-1, :-1]).max() < 0.1
    assert y.mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_one_in_twenty_is_rare(part):
    X, y = rows(PINNED["gauss_imbalanced"](), part)
    assert y.mean() == 0.05
    np.testing.assert_allclose(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0), 1.5, atol=0.35)


def test_the_articles_line_is_three_x_plus_two():
    data = PINNED["line_3x2"]()
    slope, height = np.polyfit(data.inputs[0], data.targets[0], 1)
    assert slope == pytest.approx(3, abs=0.03)
    assert height == pytest.approx(2, abs=0.03)


def test_the_centred_line_has_curvature_two_in_every_direction():
    data = PINNED["line_centred"]()
    rows_and_one = np.vstack([data.inputs, np.ones((1, data.n))])
    hessian = 2 * rows_and_one @ rows_and_one.T / data.n
    np.testing.assert_allclose(hessian, 2 * np.eye(2), atol=1e-12)
    np.testing.assert_allclose(data.targets, 3 * data.inputs + 2, rtol=1e-15)


def test_the_wines_keep_their_shares():
    data = PINNED["wine_70_30"]()
    share = np.bincount(data.targets) / data.n
    assert -(share * np.log(share)).sum() == pytest.approx(1.086038, abs=1e-6)
    for part in ("train", "test"):
        counts = np.bincount(rows(data, part)[1])
        np.testing.assert_allclose(counts / counts.sum(), share, atol=0.02)
    assert "od280/od315 of diluted wines" in data.input_names


def test_the_articles_classes_are_scikit_learns_and_balanced():
    data = PINNED["article_classes"]()
    X, y = datasets.make_classification(
        2000, n_features=54, n_informative=20, n_classes=7, random_state=0
    )
    same((data.inputs.T, data.targets), (X, y))
    share = np.bincount(y) / 2000
    assert -(share * np.log(share)).sum() == pytest.approx(log(7), abs=1e-3)
