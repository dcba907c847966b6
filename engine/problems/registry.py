"""What a network can be asked to learn here: every problem by name, and `load` for its data.

Three kinds: "formula" problems are drawn anew for each seed, size and noise; "table" problems are
real data that scikit-learn ships; "fixed" ones are the pinned data of the experiments, with their
own parts. The first two are cut into parts by the seed, each class with its share where possible.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from engine.data import FEATURES, Array, Dataset
from engine.problems.fixed import AS_THEY_ARE, PINNED, sklearn_dataset
from engine.problems.synthetic import FORMULAS
from engine.training import OWN, Config

PLAIN = ("x1", "x2")  # the features that are the raw inputs themselves


@dataclass(frozen=True)
class Problem:
    """One problem: what people read about it, how its data are made, and what suits it."""

    name: str  # as in Config.dataset
    title: str
    task: str  # "classification" | "regression"
    kind: str  # "formula" | "table" | "fixed"
    about: str  # one sentence: what it teaches
    make: Callable[[Config], Dataset]
    suggested: Mapping[str, Any] = field(default_factory=dict)  # choices of Config that suit it
    best: Callable[[float], float] | None = None  # formula: noise -> best accuracy or R²


def load(config: Config) -> Dataset:
    """The data that `config` asks for, cut, expanded and scaled, with notes on what was odd."""
    if config.dataset == OWN:
        raise ValueError(
            "This link is for data of one's own, which a link does not hold: open the file on the "
            "page Your data."
        )
    return PROBLEMS[config.dataset].make(config)


OF_PARTS = ("noise", "size", "validation", "test", "folds", "fold", "seed")  # not of fixed problems
OF_DATA = (*OF_PARTS, "dataset", "features", "scaling", "output", "loss")  # what data depend on


def load_all(configs: Iterable[Config]) -> list[Dataset]:
    """The data of each config; equal data are made once, and are the same object."""
    made, each = dict[tuple, Dataset](), list[Dataset]()
    for config in configs:
        free = OF_PARTS if PROBLEMS[config.dataset].kind == "fixed" else ()
        key = tuple(getattr(config, name) for name in OF_DATA if name not in free)
        if key not in made:
            made[key] = load(config)
        each.append(made[key])
    return each


def prepare_inputs(data: Dataset, config: Config) -> Dataset:
    """The data with the chosen network inputs and scaling."""
    data = choose_features(data, config.features)
    counts = config.loss == "poisson" or config.output == "exp"
    return data.standardised(targets=not counts) if config.scaling == "standard" else data


def choose_features(data: Dataset, wanted: tuple[str, ...]) -> Dataset:
    """The data with those features that one or two raw inputs allow; a note where they don't."""
    r = len(data.input_names)
    extra = [key for key in wanted if key not in PLAIN]
    if r > 2:
        words = "Extra inputs are made only where the data have one or two; these have"
        return data.noting(f"{words} {r}.") if extra else data
    usable = [key for key in wanted if FEATURES[key].needs <= r]
    lost = [FEATURES[key].label for key in extra if key not in usable]
    if lost:
        data = data.noting(
            f"There is only one input here, so this was left out: {', '.join(lost)}."
        )
    if not usable:
        return data.noting("None of the chosen inputs exists here, so the raw one is used.")
    return data if usable == list(PLAIN[:r]) else data.with_features(usable)


# Parts


def split_parts(data: Dataset, config: Config) -> Dataset:
    """The data cut into the parts that `config` asks for; at least one example is for training."""
    test = min(round(config.test * data.n), data.n - 1)
    validation = min(round(config.validation * data.n), data.n - 1 - test)
    rest, test_rows, even_test = split_off(np.arange(data.n), data, test, config.seed)
    if config.folds > 1 and len(rest) >= config.folds:
        train, validation_rows, even = split_one_fold(rest, data, config)
    else:
        train, validation_rows, even = split_off(rest, data, validation, config.seed)
    if config.folds > len(rest):
        data = data.noting(f"There are too few examples for {config.folds} folds.")
    if not (even and even_test):
        words = "There are too few examples to give every part its share of every class."
        data = data.noting(words)
    for part, share, count in (
        ("validation", config.validation, validation),
        ("test", config.test, test),
    ):
        if share and not count:
            data = data.noting(f"There are too few examples for a {part} part; it is empty.")
    return data.split(train, validation_rows, test_rows)


def split_off(rows: Array, data: Dataset, count: int, seed: int) -> tuple[Array, Array, bool]:
    """The rows that stay, `count` rows that go, and whether the classes kept their shares."""
    if count == 0:
        return rows, rows[:0], True
    y = data.targets[rows] if data.classes else np.zeros(len(rows))  # no classes: one for all
    sizes = np.unique(y, return_counts=True)[1]
    even = sizes.min() >= 2 and len(sizes) <= min(count, len(rows) - count)
    strata = y if data.classes and even else None
    stay, go = train_test_split(rows, test_size=count, random_state=seed, stratify=strata)
    return stay, go, bool(even) or not data.classes


def split_one_fold(rows: Array, data: Dataset, config: Config) -> tuple[Array, Array, bool]:
    """The rows outside and inside the chosen fold, and whether classes kept their shares."""
    y = data.targets[rows] if data.classes else np.zeros(len(rows), int)
    even = bool(np.unique(y, return_counts=True)[1].min() >= config.folds)
    kind = StratifiedKFold if data.classes and even else KFold
    cutter = kind(config.folds, shuffle=True, random_state=config.seed)
    stay, go = list(cutter.split(rows, y))[config.fold - 1]
    return rows[stay], rows[go], even


# The three kinds


def formula_data(name: str, config: Config) -> Dataset:
    """`config.size` examples of a formula problem, drawn by the seed's own stream for data."""
    draw = FORMULAS[name].draw
    inputs, targets = draw(np.random.default_rng([config.seed, 1]), config.size, config.noise)
    names, title = ("x₁", "x₂")[: len(inputs)], PROBLEMS[name].title
    if PROBLEMS[name].task == "classification":
        kinds = ("class 0", "class 1")
        data = Dataset(title, "classification", inputs, names, targets, kinds)
    else:
        data = Dataset(title, "regression", inputs, names, targets, target_names=("y",))
    return prepare_inputs(split_parts(data, config), config)


@lru_cache
def shipped_table(name: str) -> Dataset:
    """One of scikit-learn's shipped tables of classes, all of it for training."""
    return sklearn_dataset(name, PROBLEMS[name].title)


@lru_cache
def diabetes() -> Dataset:
    """Efron et al. (2004), Least angle regression: 442 patients, ten measurements each."""
    bunch = datasets.load_diabetes(scaled=False)
    names = (
        *("age (years)", "sex", "body mass index", "blood pressure", "total cholesterol"),
        *("LDL", "HDL", "cholesterol / HDL", "log triglycerides", "blood sugar"),
    )
    progress = ("disease progression",)
    data, y = bunch.data.T, bunch.target[None].astype(float)
    return Dataset(PROBLEMS["diabetes"].title, "regression", data, names, y, target_names=progress)


def table_data(name: str, config: Config) -> Dataset:
    """A shipped table, cut by the seed."""
    data = diabetes() if name == "diabetes" else shipped_table(name)
    return prepare_inputs(split_parts(data, config), config)


def fixed_data(name: str, config: Config) -> Dataset:
    """A pinned data set with its own parts."""
    data = PINNED[name]()
    if name not in AS_THEY_ARE:
        return prepare_inputs(data, config)
    data = choose_features(data, config.features)
    words = "These few numbers are used as they are, so that they can be followed by hand."
    return data.noting(words) if config.scaling == "standard" else data


# The registry


def formula_problem(name: str, title: str, about: str, **suggested: Any) -> Problem:
    """A problem of formulas.py; regression says so by `task`."""
    task = suggested.pop("task", "classification")
    make, best = partial(formula_data, name), lru_cache(FORMULAS[name].best)
    return Problem(name, title, task, "formula", about, make, suggested, best)


def table_problem(name: str, title: str, about: str, **suggested: Any) -> Problem:
    """A table that scikit-learn ships; regression says so by `task`."""
    task = suggested.pop("task", "classification")
    return Problem(name, title, task, "table", about, partial(table_data, name), suggested)


def fixed_problem(name: str, about: str, **suggested: Any) -> Problem:
    """A data set of pinned.py, which brings its own title and parts."""
    data = PINNED[name]()
    make = partial(fixed_data, name)
    return Problem(name, data.name, data.task, "fixed", about, make, suggested)


PROBLEMS: dict[str, Problem] = {
    problem.name: problem
    for problem in (
        formula_problem(
            "circle",
            "Circle",
            "A closed boundary needs at least three straight cuts: watch the units share the work.",
        ),
        formula_problem(
            "xor",
            "XOR",
            "No single line parts opposite corners: this is why a hidden layer was invented.",
            hidden=(8,),
            l2=1e-3,
        ),
        formula_problem(
            "gauss",
            "Two clouds",
            "One straight line is all it takes, so even a network without hidden layer does it.",
            hidden=(2,),
        ),
        formula_problem(
            "spiral",
            "Spiral",
            "Two arms wound around each other: depth and patience, or a better optimizer.",
            hidden=(8, 8, 8),
            optimizer="adam",
            learning_rate=0.005,
            l2=1e-4,
        ),
        formula_problem(
            "moons",
            "Moons",
            "Two half circles that interlock: a line does fairly well, one bend does better.",
            hidden=(8,),
        ),
        formula_problem(
            "plane",
            "Plane",
            "A flat slope: bent units must learn to act straight.",
            task="regression",
            learning_rate=0.03,
        ),
        formula_problem(
            "bumps",
            "Bumps",
            "Hills and hollows are sums of bends: more units, finer ground.",
            task="regression",
            hidden=(8, 8),
            optimizer="adam",
            learning_rate=0.005,
            l2=1e-4,
        ),
        formula_problem(
            "line",
            "Line",
            "A slope and a height: the smallest network there is, one weight and one bias.",
            task="regression",
            hidden=(),
            learning_rate=0.01,
        ),
        table_problem(
            "iris",
            "Iris",
            "150 iris flowers of three species, classified by the size of petals and sepals.",
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "wine",
            "Wine",
            "178 wines of three growers; 13 measurements whose scales differ a thousandfold.",
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "breast_cancer",
            "Breast cancer",
            "569 tumours, benign or malignant: ask what is missed, not only what is right.",
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "digits",
            "Digits",
            "1797 handwritten digits of 8 by 8 pixels: what does each hidden unit look for?",
            hidden=(64,),
            activation="relu",
            init="he_normal",
            optimizer="adam",
            learning_rate=0.003,
            batch_size=16,
            l2=1e-4,
        ),
        table_problem(
            "diabetes",
            "Diabetes",
            "442 patients, one year on: a problem where a straight fit is hard to beat.",
            task="regression",
            hidden=(8,),
            learning_rate=0.01,
            l2=3e-2,
        ),
        fixed_problem(
            "xor_table",
            "Four rows by hand: follow every number of XOR from input to weight change.",
            hidden=(2,),
            activation="sigmoid",
            learning_rate=1.0,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "mazur",
            "Mazur's step by step example: compare each number with the well-known page.",
            hidden=(2,),
            activation="sigmoid",
            output="sigmoid",
            loss="half_mse",
            start="mazur",
            biases="frozen",
            learning_rate=0.5,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "one_neuron",
            "A single neuron that is badly wrong: squared error learns slowly, cross-entropy not.",
            hidden=(),
            loss="half_mse",
            start="one_neuron_hard",
            learning_rate=0.15,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "linear_neuron",
            "Small enough for mental arithmetic: one step takes the loss from 4 to 1.",
            hidden=(),
            start="linear_neuron",
            learning_rate=0.05,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "moons_200",
            "The experiments' moons: always the same 200 points, all used for training.",
            hidden=(8,),
            learning_rate=1.0,
            batch_size=0,
        ),
        fixed_problem(
            "moons_40",
            "Too few points: the network learns them by heart and fails on fresh ones.",
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "circles_300",
            "How many straight cuts enclose a disc: try one, two and three hidden units.",
            hidden=(3,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "spiral_400",
            "The race course of the optimizers: plain descent crawls where Adam runs.",
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "sine",
            "A curve from bends: the more units, the closer the fit.",
            hidden=(8,),
            optimizer="adam",
            learning_rate=0.02,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "random_labels",
            "There is nothing to learn, yet a wide network gets all of it right: by heart.",
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "gauss_imbalanced",
            "One in twenty is positive: accuracy looks fine while most of them are missed.",
            hidden=(8,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "line_3x2",
            "Straight-line regression with Adam: a step is about as long as the learning rate.",
            hidden=(),
            optimizer="adam",
            learning_rate=0.001,
            batch_size=1,
            scaling="none",
        ),
        fixed_problem(
            "line_centred",
            "A loss whose curvature is exactly 2: learning rate 1 is the edge of stability.",
            hidden=(),
            start="line_zero",
            learning_rate=0.1,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "moons_noise_columns",
            "Eight inputs that mean nothing: which penalty finds them out?",
            hidden=(16,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "wine_70_30",
            "The wines in a fixed split: switch scaling off and watch the units saturate.",
            hidden=(8,),
            batch_size=0,
        ),
        fixed_problem(
            "article_classes",
            "54 inputs, 7 classes, dropout: why does the training loss start above validation?",
            hidden=(64, 64),
            activation="relu",
            optimizer="adam",
            learning_rate=0.001,
            batch_size=16,
            dropout=0.5,
        ),
    )
}
