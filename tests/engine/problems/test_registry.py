"""Every problem by name: its data, its parts, its notes, and what it suggests."""

from dataclasses import fields, replace

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

from engine.data.dataset import PARTS
from engine.problems.fixed import AS_THEY_ARE, PINNED
from engine.problems.registry import PROBLEMS, load, load_shared
from engine.problems.synthetic import FORMULAS
from engine.training.config import DATASETS, Config
from engine.training.run import Run

KINDS = {
    kind: [name for name, one in PROBLEMS.items() if one.kind == kind]
    for kind in ("formula", "table", "fixed")
}
TABLES = {
    "iris": (4, 150, 3),
    "wine": (13, 178, 3),
    "breast_cancer": (30, 569, 2),
    "digits": (64, 1797, 10),
    "diabetes": (10, 442, 0),
}


def suggested(name, **choices):
    return Config(**{**PROBLEMS[name].suggested, "dataset": name, **choices})


# The registry


def test_the_problems_are_those_that_a_link_may_name():
    assert tuple(PROBLEMS) == DATASETS
    assert KINDS["formula"] == list(FORMULAS)
    assert KINDS["table"] == list(TABLES)
    assert KINDS["fixed"] == list(PINNED)


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_loads_and_trains_with_what_it_suggests(name):
    problem, config = PROBLEMS[name], suggested(name)
    data = load(config)
    assert (data.name, data.task) == (problem.title, problem.task)
    run = Run(config, data)
    run.advance(2)
    assert run.epochs == 2
    assert np.isfinite(run.losses["train"]).all()


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_loads_and_trains_with_the_plain_choices(name):
    config = Config(dataset=name)
    run = Run(config, load(config))
    run.advance(2)
    assert np.isfinite(run.losses["train"]).all()


@pytest.mark.parametrize("name", PROBLEMS)
def test_its_words_are_one_sentence_and_its_suggestions_are_choices(name):
    problem = PROBLEMS[name]
    assert problem.about.endswith((".", "?"))
    assert 20 < len(problem.about) <= 100
    assert set(problem.suggested) <= {one.name for one in fields(Config)} - {"dataset", "seed"}


def test_only_the_problems_by_formula_know_the_best_score():
    assert [name for name, one in PROBLEMS.items() if one.best] == KINDS["formula"]
    assert PROBLEMS["circle"].best(0.1) == FORMULAS["circle"].best(0.1)


# Parts


@pytest.mark.parametrize("name", [*KINDS["formula"], *KINDS["table"]])
def test_the_parts_have_their_shares_and_share_no_example(name):
    data = load(Config(dataset=name, validation=0.25, test=0.1))
    assert len(data.validation) == round(0.25 * data.n)
    assert len(data.test) == round(0.1 * data.n)
    assert sorted(np.concatenate([data.train, data.validation, data.test])) == list(range(data.n))


@pytest.mark.parametrize("name", ["circle", "iris", "wine", "breast_cancer", "digits"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_share_of_every_class(name, part):
    data = load(Config(dataset=name))
    whole = np.bincount(data.targets) / data.n
    here = np.bincount(data.targets[data.rows(part)], minlength=len(data.classes))
    np.testing.assert_allclose(here / here.sum(), whole, atol=1.5 / here.sum())


@pytest.mark.parametrize("name", ["circle", "iris", "diabetes"])
def test_the_folds_are_equal_parts_of_what_is_not_for_the_test(name):
    folds = [load(Config(dataset=name, folds=4, fold=fold, test=0.1)) for fold in (1, 2, 3, 4)]
    rest = np.sort(np.concatenate([data.validation for data in folds]))
    assert len(set(rest.tolist())) == len(rest) == folds[0].n - round(0.1 * folds[0].n)
    sizes = [len(data.validation) for data in folds]
    assert max(sizes) - min(sizes) <= max(1, len(folds[0].classes) - 1)
    for data in folds:
        np.testing.assert_array_equal(data.test, folds[0].test)
        np.testing.assert_array_equal(np.sort([*data.train, *data.validation]), rest)
        if data.classes:
            counts = np.array([np.bincount(data.targets[d.validation]) for d in folds])
            assert np.ptp(counts, axis=0).max() <= 1


def test_the_folds_are_those_of_scikit_learn():
    data = load(Config(dataset="iris", folds=5, fold=2, test=0.0, seed=7))
    cutter = StratifiedKFold(5, shuffle=True, random_state=7)
    _, expected = list(cutter.split(data.inputs.T, data.targets))[1]
    np.testing.assert_array_equal(data.validation, expected)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("fold", [1, 3])
@pytest.mark.parametrize("name", ["circle", "plane"])
def test_folds_of_a_few_examples_leave_something_to_learn_from(name, size, fold):
    data = load(Config(dataset=name, size=size, folds=3, fold=fold, test=0.0))
    assert len(data.train) >= 1
    assert sorted(np.concatenate([data.train, data.validation])) == list(range(size))
    sentence = "There are too few examples for 3 folds."
    assert (sentence in data.notes) == (size < 3)


@pytest.mark.parametrize("choices", [{"loss": "poisson"}, {"output": "exp"}], ids=str)
def test_counts_are_learned_in_their_own_units(choices):
    config = Config(dataset="diabetes", hidden=(), batch_size=0, learning_rate=0.001, **choices)
    data = load(config)
    assert data.part("train")[1].min() > 20
    assert np.abs(data.part("train")[0].mean()) < 1e-12
    run = Run(config, data)
    run.advance(2000)
    assert run.losses["train_metric"][-1] > 0.4


def test_numbers_below_zero_are_no_counts():
    config = Config(dataset="plane", loss="poisson")
    with pytest.raises(ValueError, match="The loss poisson needs targets of 0 or more"):
        Run(config, load(config))


@pytest.mark.parametrize("name", ["circle", "plane", "iris", "diabetes"])
def test_the_seed_decides_the_points_and_the_parts(name):
    first, same, other = (load(Config(dataset=name, seed=seed)) for seed in (3, 3, 4))
    drawn = PROBLEMS[name].kind == "formula"
    assert np.array_equal(first.inputs, other.inputs) != drawn
    np.testing.assert_array_equal(first.train, same.train)
    np.testing.assert_array_equal(first.inputs, same.inputs)
    assert not np.array_equal(first.train, other.train)


@pytest.mark.parametrize("name", KINDS["fixed"])
def test_a_fixed_problem_does_not_change_with_seed_size_or_noise(name):
    first = load(suggested(name))
    other = load(suggested(name, seed=5, size=7, noise=0.4, validation=0.1, test=0.6))
    for part in PARTS:
        np.testing.assert_array_equal(first.part(part)[0], other.part(part)[0])


@pytest.mark.parametrize("name", KINDS["formula"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 10])
@pytest.mark.parametrize("shares", [(0.2, 0.2), (0.45, 0.45), (0.0, 0.8), (0.0, 0.0)])
def test_a_few_examples_are_parted_without_trouble(name, size, shares):
    config = Config(dataset=name, size=size, validation=shares[0], test=shares[1])
    data = load(config)
    assert len(data.train) >= 1
    assert sorted(np.concatenate([data.train, data.validation, data.test])) == list(range(size))
    for part in PARTS:
        assert np.isfinite(data.part(part)[0]).all()
    run = Run(config, data)
    run.advance(3)
    assert np.isfinite(run.losses["train"]).all()


def test_one_example_is_for_training_and_the_notes_say_what_is_missing():
    assert load(Config(size=1)).notes == (
        "There are too few examples for a validation part; it is empty.",
        "There are too few examples for a test part; it is empty.",
        "The training part has no example of: class 1.",
        "There is only one training example. After standardization all its inputs are 0.",
    )


def test_uneven_shares_of_a_few_examples_are_told():
    words = "There are too few examples to split every class in the same proportion."
    assert words in load(Config(size=4)).notes
    assert load(Config(size=100)).notes == ()


# The tables


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_scikit_learns(name):
    data = load(Config(dataset=name))
    assert (len(data.input_names), data.n, len(data.classes)) == TABLES[name]
    assert not [word for word in (*data.input_names, *data.classes) if "_" in word]


def test_the_tables_have_their_known_numbers():
    iris = load(Config(dataset="iris"))
    assert iris.classes == ("setosa", "versicolor", "virginica")
    assert iris.inputs[:, 0].tolist() == [5.1, 3.5, 1.4, 0.2]
    diabetes = load(Config(dataset="diabetes"))
    assert diabetes.targets[0, :3].tolist() == [151, 75, 141]
    assert diabetes.inputs[0, :2].tolist() == [59, 48]  # years, not the scaled column


def test_digits_name_their_empty_pixels():
    note = load(Config(dataset="digits")).notes[0]
    assert note.startswith("Constant in the training part")
    assert "pixel 0 0" in note


# Scaling and inputs


@pytest.mark.parametrize("name", [*KINDS["formula"], *KINDS["table"]])
def test_scaling_is_measured_on_the_training_part(name):
    data = load(Config(dataset=name))
    X, y = data.part("train")
    np.testing.assert_allclose(X.mean(axis=1), 0, atol=1e-9)
    assert set(np.round(X.std(axis=1), 9)) <= {0, 1}
    if data.task == "regression":
        assert (y.mean(), y.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    raw = load(Config(dataset=name, scaling="none"))
    np.testing.assert_array_equal(raw.part("train")[0], raw.inputs[:, raw.train])
    np.testing.assert_array_equal(raw.part("train")[1], raw.targets[..., raw.train])


@pytest.mark.parametrize("name", KINDS["fixed"])
def test_worked_numbers_stay_as_they_are(name):
    data = load(Config(dataset=name))
    assert data.task == "classification" or name in AS_THEY_ARE
    np.testing.assert_array_equal(data.part("train")[1], data.targets[..., data.train])
    untouched = np.array_equal(data.part("train")[0], data.inputs[:, data.train])
    assert untouched == (name in AS_THEY_ARE)
    assert any("are not scaled" in note for note in data.notes) == (name in AS_THEY_ARE)
    assert load(suggested(name)).notes == ()


def test_extra_inputs_are_switched_on_for_two_inputs():
    data = load(Config(features=("x1", "x1x1", "x2x2"), scaling="none"))
    assert data.features == ("x₁", "x₁²", "x₂²")
    np.testing.assert_array_equal(data.network_inputs(data.inputs)[1], data.inputs[0] ** 2)
    assert load(Config(features=("x2",))).features == ("x₂",)
    assert load(Config()).expand == ()


@pytest.mark.parametrize(
    ("name", "features", "shown", "words"),
    [
        ("line", ("x1", "x2"), ("x₁",), None),
        ("line", ("x1", "x1x1"), ("x₁", "x₁²"), None),
        ("line", ("x1", "x1x2"), ("x₁",), "not used: x₁x₂"),
        ("line", ("x2",), ("x₁",), "None of the chosen"),
        ("iris", ("x1", "x2"), None, None),
        ("iris", ("x1", "sinx1"), None, "these have 4"),
    ],
)
def test_features_that_a_problem_cannot_have_are_told(name, features, shown, words):
    data = load(Config(dataset=name, features=features))
    assert data.features == (shown or data.input_names)
    assert [words in note for note in data.notes] == ([True] if words else [])


def test_the_start_weights_have_a_stream_of_their_own():
    """More noise moves the points, but not the place where a run starts."""
    quiet, loud = Config(noise=0.0), Config(noise=0.5)
    first, second = (Run(config, load(config)).at(0).theta for config in (quiet, loud))
    np.testing.assert_array_equal(first, second)
    assert load(quiet).n == load(replace(quiet, seed=9)).n


@pytest.mark.parametrize("name", ["circle", "plane", "iris"])
def test_a_data_seed_gives_other_data_and_keeps_the_start_weights(name):
    """Without one the data are those of the seed, and so are the links of earlier versions."""
    both, data, weights = (
        Config(dataset=name, seed=3),
        Config(dataset=name, seed=3, data_seed=4),
        Config(dataset=name, seed=4, data_seed=3),
    )
    assert "data_seed" not in both.to_query()
    assert Config.from_query(data.to_query()) == (data, [])
    first, other, same = (load(config) for config in (both, data, weights))
    np.testing.assert_array_equal(same.train, first.train)
    np.testing.assert_array_equal(same.inputs, first.inputs)
    assert not np.array_equal(other.train, first.train)
    np.testing.assert_array_equal(other.train, load(Config(dataset=name, seed=4)).train)
    starts = [
        Run(config, found).at(0).theta
        for config, found in ((both, first), (data, other), (weights, same))
    ]
    np.testing.assert_array_equal(starts[0], starts[1])
    assert not np.array_equal(starts[0], starts[2])
    assert load_shared(weights) is load_shared(both)
