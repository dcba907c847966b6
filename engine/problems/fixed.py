"""The small data sets of the experiments, always with the same numbers.

They do not depend on the chosen seed, size or noise. Random numbers come from scikit-learn or
NumPy generators with the seeds written below.
"""

from collections.abc import Callable

import numpy as np
from sklearn import datasets
from sklearn.datasets import make_circles, make_classification, make_moons
from sklearn.model_selection import train_test_split

from engine.data import Array, Dataset
from engine.language import marked

NAMES = ("x₁", "x₂", "x₃", "x₄", "x₅", "x₆", "x₇", "x₈", "x₉", "x₁₀")
PAIR = ("class 0", "class 1")
Rows = tuple[Array, Array]  # (m, r) one example per row as scikit-learn has it, (m,) classes
NONE: Rows = (np.empty((0, 0)), np.empty(0, dtype=int))


def two_class_dataset(
    title: str, train: Rows, test: Rows = NONE, validation: Rows = NONE
) -> Dataset:
    """Return a data set of two classes, with a part for each of the given rows."""
    given = [rows for rows in (train, validation, test) if rows is not NONE]
    X, y = (np.concatenate(both) for both in zip(*given, strict=True))
    ends = np.cumsum([len(rows[1]) for rows in (train, validation)])
    data = Dataset(title, "classification", X.T, NAMES[: X.shape[1]], y, PAIR, built_in=True)
    return data.split(*np.split(np.arange(len(X)), ends))


def regression_dataset(title: str, x: Array, y: Array) -> Dataset:
    """Return a regression of targets y (K, n) on inputs x (r, n), all for training."""
    targets = ("y",) if len(y) == 1 else tuple(f"y{index}" for index in "₁₂₃"[: len(y)])
    return Dataset(title, "regression", x, NAMES[: len(x)], y, target_names=targets, built_in=True)


def sklearn_dataset(name: str, title: str) -> Dataset:
    """Return a classification table of scikit-learn with readable names, all for training."""
    bunch = getattr(datasets, f"load_{name}")()
    names = tuple(str(word).replace("_", " ") for word in bunch.feature_names)
    kinds = tuple(str(word).replace("class_", "grower ") for word in bunch.target_names)
    return Dataset(title, "classification", bunch.data.T, names, bunch.target, kinds, built_in=True)


def xor_table() -> Dataset:
    """Return the four rows of the XOR table, in the order 00, 01, 10, 11."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return two_class_dataset(marked("XOR table"), (x, x[:, 0] ^ x[:, 1]))


def mazur() -> Dataset:
    """Return one example with two outputs; Mazur (2015), A Step by Step Backpropagation Example."""
    return regression_dataset(
        marked("Mazur's example"), np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
    )


def one_neuron() -> Dataset:
    """Return one example with input 1 and target 0; Nielsen (2015), chapter 3."""
    title, x, y = marked("One neuron: from 1 to 0"), np.ones((1, 1)), np.zeros(1)
    return Dataset(title, "classification", x, NAMES[:1], y, PAIR, built_in=True)


def linear_neuron() -> Dataset:
    """Return one example for mental arithmetic, with input 2 and target 9."""
    return regression_dataset(marked("One linear neuron"), np.array([[2.0]]), np.array([[9.0]]))


def moons_200() -> Dataset:
    """Return 200 moons with noise .2, all for training."""
    return two_class_dataset(marked("Moons, 200"), make_moons(200, noise=0.2, random_state=0))


def moons_40() -> Dataset:
    """Return 40 moons with noise .3 for training, 200 for validation and 1000 for the test."""
    train, validation, test = (
        make_moons(n, noise=0.3, random_state=seed) for seed, n in enumerate((40, 200, 1000))
    )
    return two_class_dataset(marked("Moons, only 40"), train, test, validation)


def moons_noise_columns() -> Dataset:
    """Return 100 moons with eight columns of noise; 200 for validation, 1000 for the test."""

    def rows(n: int, seed: int) -> Rows:
        X, y = make_moons(n, noise=0.2, random_state=seed)
        return np.hstack([X, np.random.default_rng(seed).standard_normal((n, 8))]), y

    return two_class_dataset(
        marked("Moons and eight useless inputs"), rows(100, 0), rows(1000, 1), rows(200, 2)
    )


def circles_300() -> Dataset:
    """Return 300 points on two rings, the inner of half the radius, all for training."""
    return two_class_dataset(
        marked("Circles, 300"), make_circles(300, noise=0.1, factor=0.5, random_state=0)
    )


def spiral_400() -> Dataset:
    """Return 400 points on two arms of 1.5 turns, all for training."""
    y = np.arange(400) % 2
    t = np.repeat(np.sqrt(np.linspace(0, 1, 200)), 2)  # the same density outside and inside
    angle = 3 * np.pi * t + np.pi * y
    X = t[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += 0.02 * np.random.default_rng(0).standard_normal(X.shape)
    return two_class_dataset(marked("Spiral, 400"), (X, y))


def sine() -> Dataset:
    """Return y = sin 2x at 100 evenly spaced places from -3 to 3."""
    x = np.linspace(-3, 3, 100)[None]
    return regression_dataset(marked("Sine"), x, np.sin(2 * x))


def random_labels() -> Dataset:
    """Return 60 points with random classes; 200 for validation, 1000 for the test."""

    def rows(n: int, seed: int) -> Rows:
        rng = np.random.default_rng(seed)
        return rng.standard_normal((n, 2)), rng.integers(0, 2, n)

    return two_class_dataset(marked("Random classes"), rows(60, 0), rows(1000, 1), rows(200, 2))


def gauss_imbalanced() -> Dataset:
    """Return two clouds 1.5 apart along each axis, 50 of 1000 points in class 1; 5000 more."""

    def rows(n: int, seed: int) -> Rows:
        y = (np.arange(n) % 20 == 19).astype(int)
        return np.random.default_rng(seed).standard_normal((n, 2)) + 1.5 * y[:, None], y

    return two_class_dataset(
        marked("One class is rare"), rows(1000, 0), rows(4000, 1), rows(1000, 2)
    )


def line_3x2() -> Dataset:
    """Return 200 points around y = 3x + 2."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 200))
    return regression_dataset(
        marked("The line y = 3x + 2"), x, 3 * x + 2 + 0.1 * rng.standard_normal((1, 200))
    )


def line_centred() -> Dataset:
    """Return 20 points on y = 3x + 2; x has mean 0 and deviation 1, so each curvature is 2."""
    x = np.linspace(-1, 1, 20)[None]
    x /= x.std()
    return regression_dataset(marked("A line, x standardized"), x, 3 * x + 2)


def wine_70_30() -> Dataset:
    """Return the wines, 70 % for training and 30 % for the test, stratified."""
    data = sklearn_dataset("wine", marked("Wine, 70:30"))
    rows, y = np.arange(data.n), data.targets
    train, test = train_test_split(rows, test_size=0.3, random_state=0, stratify=y)
    return data.split(train, train[:0], test)


def article_classes() -> Dataset:
    """Return 2000 synthetic examples of 54 inputs in 7 classes, split 60, 20 and 20 %."""
    X, y = make_classification(2000, n_features=54, n_informative=20, n_classes=7, random_state=0)
    rest, test = train_test_split(np.arange(2000), test_size=400, random_state=0, stratify=y)
    train, validation = train_test_split(rest, test_size=400, random_state=0, stratify=y[rest])
    names = tuple(f"input {index}" for index in range(1, 55))
    kinds = tuple(f"class {index}" for index in range(7))
    data = Dataset(
        marked("The article's seven classes"), "classification", X.T, names, y, kinds, built_in=True
    )
    return data.split(train, validation, test)


PINNED: dict[str, Callable[[], Dataset]] = {
    make.__name__: make
    for make in (
        *(xor_table, mazur, one_neuron, linear_neuron, moons_200, moons_40, circles_300),
        *(spiral_400, sine, random_labels, gauss_imbalanced, line_3x2, line_centred),
        *(moons_noise_columns, wine_70_30, article_classes),
    )
}
AS_THEY_ARE = (  # worked by hand or explained with their numbers: never standardised
    *("xor_table", "mazur", "one_neuron", "linear_neuron"),
    *("sine", "line_3x2", "line_centred"),
)
