"""Judging: curves against hand-worked numbers, baselines on the same parts, folds, importance."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine.data.dataset import Dataset
from engine.evaluation.baselines import (
    OURS,
    Baselines,
    Importance,
    Predictor,
    baselines,
    fold_summary,
    folds,
    importance,
    score_predictions,
    train_in_steps,
)
from engine.evaluation.metrics import calibration, precision_recall, residuals, roc, roc_area
from engine.problems.registry import load
from engine.tables.columns.table_dataset import prepare, to_dataset
from engine.tables.reading.reader import read_table
from engine.training.config import Config
from engine.training.model import model_of
from engine.training.run import Run


def five():
    """Five examples, two of class 1, in one part."""
    X = np.arange(5.0)[None]
    return Dataset("five", "classification", X, ("x",), np.array([0, 0, 1, 0, 1]), ("no", "yes"))


SHARES = np.array([0.1, 0.4, 0.35, 0.2, 0.8])  # of yes
BOTH = np.stack([1 - SHARES, SHARES])


def test_the_roc_is_the_hand_worked_one():
    table = roc(five(), "train", BOTH, 1)
    # from the top: 0.8 yes, 0.4 no, 0.35 yes, then two more no
    assert table["true positives"].tolist() == [0, 0.5, 0.5, 1, 1]
    np.testing.assert_allclose(table["false positives"], [0, 0, 1 / 3, 1 / 3, 1])
    assert roc_area(five(), "train", BOTH, 1) == pytest.approx(5 / 6)  # of 6 pairs, 5 in order
    assert roc_area(five(), "train", BOTH, 0) == pytest.approx(5 / 6)


def test_precision_and_recall_are_the_hand_worked_ones():
    table = precision_recall(five(), "train", BOTH, 1)
    assert table["recall"].tolist() == [1, 1, 1, 0.5, 0.5, 0]
    np.testing.assert_allclose(table["precision"], [2 / 5, 2 / 4, 2 / 3, 1 / 2, 1, 1])


def test_calibration_is_the_share_in_each_bin():
    table = calibration(five(), "train", BOTH, 1, bins=2)
    np.testing.assert_allclose(table["predicted"], [(0.1 + 0.4 + 0.35 + 0.2) / 4, 0.8])
    assert table["observed"].tolist() == [0.25, 1]
    assert table["examples"].tolist() == [4, 1]
    sure = calibration(five(), "train", np.stack([np.zeros(5), np.ones(5)]), 1)
    assert sure.to_numpy().tolist() == [[1, 0.4, 5]]


@pytest.mark.parametrize(("target", "words"), [(0, "no examples of 'yes'"), (1, "only examples")])
def test_a_curve_needs_both_kinds_of_example(target, words):
    data = Dataset(
        "one", "classification", np.zeros((1, 3)), ("x",), np.full(3, target), ("no", "yes")
    )
    with pytest.raises(ValueError, match=words):
        roc(data, "train", BOTH[:, :3], 1)


def test_residuals_are_in_the_units_of_the_data():
    data = Dataset(
        "r",
        "regression",
        np.arange(3.0)[None],
        ("x",),
        np.array([[10.0, 20, 30]]),
        target_names=("y",),
    )
    table = residuals(data.standardised(), "train", np.array([[0.0, 0.0, 0.0]]))
    assert table["true"].tolist() == [10, 20, 30]
    np.testing.assert_allclose(table["predicted"], 20)
    np.testing.assert_allclose(table["residual"], [10, 0, -10])


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_baselines_learn_from_training_and_are_scored_on_the_same_part(name):
    config = Config(dataset=name, optimizer="adam", learning_rate=0.01)
    run = Run(config, load(config))
    run.advance(60)
    data = run.dataset
    table = baselines(run)
    (X, y), (X_test, y_test) = data.part("train"), data.part("test")
    if name == "iris":
        straight = LogisticRegression(max_iter=1000).fit(X.T, y).score(X_test.T, y_test)
        assert table.loc["logistic regression", "accuracy"] == straight
        most = np.bincount(y).argmax()
        assert table.loc["most frequent class", "accuracy"] == np.mean(y_test == most)
        assert table.loc["most frequent class", "balanced accuracy"] == pytest.approx(1 / 3)
        a = run.at(run.epochs, data.test).layers[-1].a
        assert table.loc[OURS, "accuracy"] == np.mean(a.argmax(axis=0) == y_test)
    else:
        straight = LinearRegression().fit(X.T, y[0]).score(X_test.T, y_test[0])
        assert table.loc["linear regression", "R²"] == pytest.approx(straight)
        mean = data.targets[0, data.train].mean()
        missed = np.abs(data.targets[0, data.test] - mean).mean()
        assert table.loc["mean", "MAE (disease progression)"] == pytest.approx(missed)
    assert len(table) == 4


def test_folds_leave_each_example_out_once_and_the_test_part_always():
    config = Config(dataset="iris", optimizer="adam", learning_rate=0.01)
    seen = []

    def make(own):
        data = load(own)
        seen.append((set(data.validation.tolist()), set(data.test.tolist())))
        return data

    scores = list(folds(make, config, 4, 10))
    held = [rows for rows, _ in seen]
    assert not set.union(*held) & seen[0][1]
    assert sum(map(len, held)) == len(set.union(*held)) == 120
    table = fold_summary(scores)
    own = [one["accuracy"] for one in scores]
    assert table.loc["accuracy", "mean"] == pytest.approx(np.mean(own))
    assert table.loc["accuracy", "deviation"] == pytest.approx(np.std(own, ddof=1))


def test_the_only_input_that_counts_is_the_most_important():
    rng = np.random.default_rng(0)
    n = 300
    kind, noise = rng.choice(["a", "b", "c"], n), rng.normal(size=n).round(3)
    y = np.where(kind == "a", "yes", "no")
    y = np.where(rng.random(n) < 0.03, "no", y)  # not the target in other words
    rows = [f"{k},{x},{z}" for k, x, z in zip(kind, noise, y, strict=True)]
    table = read_table(("kind,noise,y\n" + "\n".join(rows)).encode())
    config = Config(optimizer="adam", learning_rate=0.01)
    made = prepare(table, config=config)
    run = Run(config, made.dataset)
    run.advance(40)
    found = importance(run, made.preparation)
    assert found.index.tolist() == ["kind", "noise"]
    assert found.loc["kind", "importance"] > 0.2
    assert abs(found.loc["noise", "importance"]) < 0.05
    assert set(importance(run).index) == set(made.dataset.input_names)
    model = model_of(run)
    rows = made.dataset.test
    base = np.mean(
        model.decide(model.outputs(made.dataset.inputs[:, rows])) == made.dataset.targets[rows]
    )
    assert base > 0.9
    assert len(list(folds(lambda own: to_dataset(table, config=own), config, 3, 5))) == 3


def test_a_part_without_examples_is_a_sentence():
    config = Config(dataset="iris", test=0.0)
    run = Run(config, load(config))
    for judge in (baselines, importance):
        with pytest.raises(ValueError, match="test part is empty"):
            judge(run)


def test_equal_targets_have_no_r2():
    data = Dataset(
        "flat", "regression", np.zeros((1, 3)), ("x",), np.ones((1, 3)), target_names=("y",)
    )
    assert np.isnan(score_predictions(data, "train", np.ones(3))["R²"])


def test_the_errors_of_a_regression_carry_its_unit_or_its_name_kind_39():
    rows = [f"{i % 7},{i % 5 + 2} kg,{i * i % 11}" for i in range(60)]
    table = read_table(("x,weight,price in millions\n" + "\n".join(rows)).encode())
    for target, unit in (("weight", "kg"), ("price in millions", "price in millions")):
        config = Config()
        made = prepare(table, target, task="regression", config=config)
        scores = score_predictions(made.dataset, "test", made.dataset.targets[0, made.dataset.test])
        assert list(scores) == ["R²", f"MAE ({unit})", f"RMSE ({unit})"]
        assert made.dataset.rescaled
    assert not load(Config(dataset="iris")).rescaled


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_methods_that_learn_in_small_steps_learn_the_same_kind_47(name):
    config = Config(dataset=name)
    run = Run(config, load(config))
    whole = baselines(run)
    work = Baselines(run, "test")
    shares = [work.share]
    while not work.advance(0):
        shares.append(work.share)
    assert shares == sorted(shares)
    assert len(shares) > 50
    pd.testing.assert_frame_equal(work.result(), whole)
    X, y = run.dataset.part("train")
    peer = (MLPClassifier if run.dataset.classes else MLPRegressor)(random_state=0)
    with pytest.warns(ConvergenceWarning):
        peer.fit(X.T, y if run.dataset.classes else y[0])
    parts = [
        float(step) for step in train_in_steps(clone(peer), X.T, y if run.dataset.classes else y[0])
    ]
    assert parts[-1] == 1
    assert len(parts) == 201


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_logistic_regression_in_rounds_finds_the_same_minimum_kind_47():
    data = load(Config(dataset="iris"))
    X, y = data.part("train")
    straight = LogisticRegression(max_iter=1000, tol=1e-8).fit(X.T, y)
    rounds = LogisticRegression(max_iter=1000, tol=1e-8)
    assert list(train_in_steps(rounds, X.T, y))[-1] == 1
    np.testing.assert_allclose(rounds.coef_, straight.coef_, atol=1e-4)


def test_importance_column_by_column_is_the_whole_one_kind_47():
    config = Config(dataset="iris")
    run = Run(config, load(config))
    run.advance(20)
    work = Importance(run)
    assert not work.advance(0)
    assert work.share == 0.25
    work.advance()
    pd.testing.assert_frame_equal(work.result(), importance(run))
    X = np.repeat(np.arange(len(run.dataset.test))[:, None], 4, axis=1)
    model, inputs = model_of(run), run.dataset.inputs[:, run.dataset.test]
    peer = Predictor(model, inputs, tuple(np.array([i]) for i in range(4)))
    y = run.dataset.targets[run.dataset.test]
    found = permutation_importance(peer, X, y, scoring="accuracy", n_repeats=10, random_state=0)
    own = work.result().loc[list(run.dataset.input_names), "importance"]
    np.testing.assert_allclose(own, found["importances_mean"])
