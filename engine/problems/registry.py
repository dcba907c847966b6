"""Every problem by name, and `load` for its data.

There are three kinds: "formula" problems are drawn by seed, size and noise; "table" problems are
real data from scikit-learn; "fixed" problems are always the same data with their own parts. The
first two are split by the seed, stratified by class where possible.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from engine.data import FEATURES, Array, Dataset
from engine.language import language, marked, tr
from engine.problems.fixed import AS_THEY_ARE, PINNED, sklearn_dataset
from engine.problems.synthetic import FORMULAS
from engine.training import OWN, ChoiceValue, ChoiceValues, Config, predicts_counts

PLAIN = ("x1", "x2")  # the features that are the raw inputs themselves


@dataclass(frozen=True)
class Problem:
    """One problem: its texts, how to make its data, and the settings that suit it."""

    name: str  # as in Config.dataset
    title: str
    task: str  # "classification" | "regression"
    kind: str  # "formula" | "table" | "fixed"
    about: str  # one sentence: what it teaches
    make: Callable[[Config], Dataset]
    suggested: ChoiceValues = field(default_factory=dict)  # that suit it
    best: Callable[[float], float] | None = None  # formula: noise -> best accuracy or R²


def load(config: Config) -> Dataset:
    """Return the data of `config`, split, with features and scaling, and with notes on problems.

    Raises ValueError if the data are a table that a visitor uploaded.
    """
    if config.dataset == OWN:
        raise ValueError(
            tr(
                "This link belongs to an uploaded table. A link does not contain the table: "
                "open the file on the page Your data."
            )
        )
    return PROBLEMS[config.dataset].make(config)


OF_SEED = ("seed", "data_seed")
OF_PARTS = ("noise", "size", "validation", "test", "folds", "fold", *OF_SEED)  # not if fixed
OF_DATA = (*OF_PARTS, "dataset", "features", "scaling", "output", "loss")  # what data depend on
MOST_SHARED = 32
SHARED: dict[tuple[object, ...], Dataset] = {}  # the data that were used lately


def data_key(config: Config) -> tuple[object, ...]:
    """Return what the data of a built-in problem depend on; the notes, on the language."""
    fixed = PROBLEMS[config.dataset].kind == "fixed"
    free = OF_PARTS if fixed else OF_SEED
    values = [getattr(config, name) for name in OF_DATA if name not in free]
    return (language(), *values, None if fixed else config.seed_of_data)


def load_shared(config: Config) -> Dataset:
    """Return the data of a config; those that were used lately are the same object again.

    Raises ValueError as `load` does.
    """
    if config.dataset == OWN:
        return load(config)
    key = data_key(config)
    data = SHARED[key] = SHARED.pop(key, None) or load(config)  # the last used at the end
    for old in list(SHARED)[:-MOST_SHARED]:
        SHARED.pop(old, None)
    return data


def load_all(configs: Iterable[Config]) -> list[Dataset]:
    """Return the data of each config; equal data are made once and are the same object."""
    made, each = dict[tuple, Dataset](), list[Dataset]()
    for config in configs:
        key = data_key(config)
        if key not in made:
            made[key] = load(config)
        each.append(made[key])
    return each


def prepare_inputs(data: Dataset, config: Config) -> Dataset:
    """Return the data with the features and the scaling of `config`."""
    data = choose_features(data, config.features)
    scaled = config.scaling == "standard"
    return data.standardised(targets=not predicts_counts(config)) if scaled else data


def choose_features(data: Dataset, wanted: tuple[str, ...]) -> Dataset:
    """Return the data with the wanted features; a note says which ones are not possible."""
    r = len(data.input_names)
    extra = [key for key in wanted if key not in PLAIN]
    if r > 2:
        words = tr(
            "Extra inputs are possible only if the data have one or two inputs; these have "
            "{number}.",
            number=r,
        )
        return data.noting(words) if extra else data
    usable = [key for key in wanted if FEATURES[key].needs <= r]
    lost = [FEATURES[key].label for key in extra if key not in usable]
    if lost:
        data = data.noting(
            tr(
                "There is only one input here, so these are not used: {lost}.",
                lost=tr(", ").join(lost),
            )
        )
    if not usable:
        return data.noting(
            tr("None of the chosen inputs exists here, so the original one is used.")
        )
    return data if usable == list(PLAIN[:r]) else data.with_features(usable)


# Parts


def split_parts(data: Dataset, config: Config) -> Dataset:
    """Return the data split into the parts of `config`; at least one example is for training."""
    test = min(round(config.test * data.n), data.n - 1)
    validation = min(round(config.validation * data.n), data.n - 1 - test)
    rest, test_rows, even_test = split_off(np.arange(data.n), data, test, config.seed_of_data)
    if config.folds > 1 and len(rest) >= config.folds:
        train, validation_rows, even = split_one_fold(rest, data, config)
    else:
        train, validation_rows, even = split_off(rest, data, validation, config.seed_of_data)
    if config.folds > len(rest):
        data = data.noting(tr("There are too few examples for {folds} folds.", folds=config.folds))
    if not (even and even_test):
        words = tr("There are too few examples to split every class in the same proportion.")
        data = data.noting(words)
    if config.validation and not validation:
        data = data.noting(tr("There are too few examples for a validation part; it is empty."))
    if config.test and not test:
        data = data.noting(tr("There are too few examples for a test part; it is empty."))
    return data.split(train, validation_rows, test_rows)


def split_off(rows: Array, data: Dataset, count: int, seed: int) -> tuple[Array, Array, bool]:
    """Return the rows that stay (m,), `count` rows that go, and whether it was stratified."""
    if count == 0:
        return rows, rows[:0], True
    y = data.targets[rows] if data.classes else np.zeros(len(rows))  # no classes: one for all
    sizes = np.unique(y, return_counts=True)[1]
    even = sizes.min() >= 2 and len(sizes) <= min(count, len(rows) - count)
    strata = y if data.classes and even else None
    stay, go = train_test_split(rows, test_size=count, random_state=seed, stratify=strata)
    return stay, go, bool(even) or not data.classes


def split_one_fold(rows: Array, data: Dataset, config: Config) -> tuple[Array, Array, bool]:
    """Return the rows (m,) outside and inside the chosen fold, and whether it was stratified."""
    y = data.targets[rows] if data.classes else np.zeros(len(rows), int)
    even = bool(np.unique(y, return_counts=True)[1].min() >= config.folds)
    kind = StratifiedKFold if data.classes and even else KFold
    cutter = kind(config.folds, shuffle=True, random_state=config.seed_of_data)
    stay, go = list(cutter.split(rows, y))[config.fold - 1]
    return rows[stay], rows[go], even


# The three kinds


def formula_data(name: str, config: Config) -> Dataset:
    """Return `config.size` examples of a formula problem, from a random stream for data alone."""
    draw = FORMULAS[name].draw
    random = np.random.default_rng([config.seed_of_data, 1])
    inputs, targets = draw(random, config.size, config.noise)
    names, title = ("x₁", "x₂")[: len(inputs)], PROBLEMS[name].title
    if PROBLEMS[name].task == "classification":
        kinds = ("class 0", "class 1")
        data = Dataset(title, "classification", inputs, names, targets, kinds, built_in=True)
    else:
        data = Dataset(
            title, "regression", inputs, names, targets, target_names=("y",), built_in=True
        )
    return prepare_inputs(split_parts(data, config), config)


@lru_cache
def shipped_table(name: str) -> Dataset:
    """Return a classification table of scikit-learn, all of it for training."""
    return sklearn_dataset(name, PROBLEMS[name].title)


@lru_cache
def diabetes() -> Dataset:
    """Return 442 patients with ten measurements; Efron et al. (2004), Least angle regression."""
    bunch = datasets.load_diabetes(scaled=False)
    names = (
        *("age (years)", "sex", "body mass index", "blood pressure", "total cholesterol"),
        *("LDL", "HDL", "cholesterol / HDL", "log triglycerides", "blood sugar"),
    )
    progress = ("disease progression",)
    data, y = bunch.data.T, bunch.target[None].astype(float)
    return Dataset(
        PROBLEMS["diabetes"].title,
        "regression",
        data,
        names,
        y,
        target_names=progress,
        built_in=True,
    )


def table_data(name: str, config: Config) -> Dataset:
    """Return a table of scikit-learn, split by the seed."""
    data = diabetes() if name == "diabetes" else shipped_table(name)
    return prepare_inputs(split_parts(data, config), config)


def fixed_data(name: str, config: Config) -> Dataset:
    """Return a fixed data set with its own parts."""
    data = PINNED[name]()
    if name not in AS_THEY_ARE:
        return prepare_inputs(data, config)
    data = choose_features(data, config.features)
    words = tr("These few numbers are not scaled, so that you can follow them by hand.")
    return data.noting(words) if config.scaling == "standard" else data


# The registry


def formula_problem(
    name: str, title: str, about: str, task: str = "classification", **suggested: ChoiceValue
) -> Problem:
    """Return a problem of synthetic.py, for a regression with task="regression"."""
    make, best = partial(formula_data, name), lru_cache(FORMULAS[name].best)
    return Problem(name, title, task, "formula", about, make, suggested, best)


def table_problem(
    name: str, title: str, about: str, task: str = "classification", **suggested: ChoiceValue
) -> Problem:
    """Return a problem of a table of scikit-learn, for a regression with task="regression"."""
    return Problem(name, title, task, "table", about, partial(table_data, name), suggested)


def fixed_problem(name: str, about: str, **suggested: ChoiceValue) -> Problem:
    """Return a problem of fixed.py, which has its own title and parts."""
    data = PINNED[name]()
    make = partial(fixed_data, name)
    return Problem(name, data.name, data.task, "fixed", about, make, suggested)


PROBLEMS: dict[str, Problem] = {
    problem.name: problem
    for problem in (
        formula_problem(
            "circle",
            marked("Circle"),
            marked(
                "A closed boundary needs at least three straight lines: see the line of each unit."
            ),
        ),
        formula_problem(
            "xor",
            marked("XOR"),
            marked("No single line separates opposite corners: this needs a hidden layer."),
            hidden=(8,),
            l2=1e-3,
        ),
        formula_problem(
            "gauss",
            marked("Two clouds"),
            marked(
                "One straight line is enough, so even a network without a hidden layer can do it."
            ),
            hidden=(2,),
        ),
        formula_problem(
            "spiral",
            marked("Spiral"),
            marked(
                "Two arms around each other: this needs several layers and many epochs, or Adam."
            ),
            hidden=(8, 8, 8),
            optimizer="adam",
            learning_rate=0.005,
            l2=1e-4,
        ),
        formula_problem(
            "moons",
            marked("Moons"),
            marked(
                "Two half circles that interlock: a line does fairly well, a curve does better."
            ),
            hidden=(8,),
        ),
        formula_problem(
            "plane",
            marked("Plane"),
            marked(
                "A flat surface: units with a curved activation must learn to be almost linear."
            ),
            task="regression",
            learning_rate=0.03,
        ),
        formula_problem(
            "bumps",
            marked("Bumps"),
            marked(
                "Hills and valleys are sums of curves: more units follow the surface more closely."
            ),
            task="regression",
            hidden=(8, 8),
            optimizer="adam",
            learning_rate=0.005,
            l2=1e-4,
        ),
        formula_problem(
            "line",
            marked("Line"),
            marked("A slope and an intercept: the smallest network, with one weight and one bias."),
            task="regression",
            hidden=(),
            learning_rate=0.01,
        ),
        table_problem(
            "iris",
            marked("Iris"),
            marked(
                "150 iris flowers of three species, by the length and width of petals and sepals."
            ),
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "wine",
            marked("Wine"),
            marked(
                "178 wines of three growers; the scales of 13 measurements differ by a factor of "
                "1000."
            ),
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "breast_cancer",
            marked("Breast cancer"),
            marked(
                "569 tumors, benign or malignant: look at the missed ones, not only at the "
                "accuracy."
            ),
            hidden=(8,),
            l2=1e-3,
        ),
        table_problem(
            "digits",
            marked("Digits"),
            marked(
                "1797 handwritten digits of 8 by 8 pixels: which pattern activates each hidden "
                "unit?"
            ),
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
            marked("Diabetes"),
            marked("442 patients, disease after one year: a linear model is hard to beat here."),
            task="regression",
            hidden=(8,),
            learning_rate=0.01,
            l2=3e-2,
        ),
        fixed_problem(
            "xor_table",
            marked(
                "The four rows of XOR: follow every number from the input to the weight change."
            ),
            hidden=(2,),
            activation="sigmoid",
            learning_rate=1.0,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "mazur",
            marked("Mazur's step-by-step example: compare each number with his well-known page."),
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
            marked(
                "A neuron with a large error: slow with squared error, fast with cross-entropy."
            ),
            hidden=(),
            loss="half_mse",
            start="one_neuron_hard",
            learning_rate=0.15,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "linear_neuron",
            marked("Small enough for mental arithmetic: one step reduces the loss from 4 to 1."),
            hidden=(),
            start="linear_neuron",
            learning_rate=0.05,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "moons_200",
            marked(
                "The moons of the experiments: always the same 200 points, all used for training."
            ),
            hidden=(8,),
            learning_rate=1.0,
            batch_size=0,
        ),
        fixed_problem(
            "moons_40",
            marked("Too few points: the network memorizes them and is often wrong on new ones."),
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "circles_300",
            marked("How many straight lines enclose a disc? Try one, two and three hidden units."),
            hidden=(3,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "spiral_400",
            marked("Compare the optimizers: plain gradient descent is slow here, Adam is fast."),
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "sine",
            marked("A sine from smooth steps: the more units, the closer the fit."),
            hidden=(8,),
            optimizer="adam",
            learning_rate=0.02,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "random_labels",
            marked("Random classes: there is no rule, but a wide network memorizes all of them."),
            hidden=(32,),
            optimizer="adam",
            learning_rate=0.03,
            batch_size=0,
        ),
        fixed_problem(
            "gauss_imbalanced",
            marked(
                "One in twenty is positive: the accuracy is high although most positives are "
                "missed."
            ),
            hidden=(8,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "line_3x2",
            marked(
                "Straight-line regression with Adam: a step is about as long as the learning rate."
            ),
            hidden=(),
            optimizer="adam",
            learning_rate=0.001,
            batch_size=1,
            scaling="none",
        ),
        fixed_problem(
            "line_centred",
            marked(
                "A loss with a curvature of exactly 2: the stability limit is a learning rate of 1."
            ),
            hidden=(),
            start="line_zero",
            learning_rate=0.1,
            batch_size=0,
            scaling="none",
        ),
        fixed_problem(
            "moons_noise_columns",
            marked("Eight inputs are only noise: which penalty makes their weights small?"),
            hidden=(16,),
            optimizer="adam",
            learning_rate=0.01,
            batch_size=0,
        ),
        fixed_problem(
            "wine_70_30",
            marked("The wines in a fixed split: turn scaling off and see the units saturate."),
            hidden=(8,),
            batch_size=0,
        ),
        fixed_problem(
            "article_classes",
            marked(
                "54 inputs, 7 classes, dropout: why does the training loss start above validation?"
            ),
            hidden=(64, 64),
            activation="relu",
            optimizer="adam",
            learning_rate=0.001,
            batch_size=16,
            dropout=0.5,
        ),
    )
}
