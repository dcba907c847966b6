"""Searches: against scikit-learn's grids and folds, and every result against its single run."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold, ParameterGrid, StratifiedKFold

from engine.batched import runs as crowd
from engine.batched.runs import FIELDS
from engine.data.dataset import Dataset
from engine.problems.registry import load
from engine.search.local import Tuning
from engine.search.search import Search, article_search, best_config, results_table
from engine.search.space import Range, read_space, write_space
from engine.search.tasks import TrainingPlan
from engine.training.config import Config
from engine.training.run import Run

IRIS = Config(dataset="iris", hidden=(4,), optimizer="adam", learning_rate=0.03, epochs=6)
SPACE = {
    "hidden": ((3,), (4, 2)),
    "learning_rate": (0.01, 0.1),
    "epochs": (2, 5, 9),
    "l2": (0.0, 0.01),
}


def through(search, state=None):
    tuning = Tuning(search, state)
    assert tuning.advance(1000)
    return tuning


def own_data(n=60, task="classification", scaled=True):
    """A table of one's own, with a test part kept aside."""
    random = np.random.default_rng(1)
    x = random.normal(3, 5, size=(3, n))
    if task == "classification":
        y, more = (x[0] > 3).astype(int) + (x[1] > 6), {"classes": ("a", "b", "c")}
    else:
        y, more = x[:1] * 2 + random.normal(size=n), {"target_names": ("y",)}
    data = Dataset("own", task, x, ("p", "q", "r"), y, **more)
    parts = data.split(np.arange(10, n), np.empty(0, int), np.arange(10))
    return parts.standardised() if scaled else parts


# Candidates


def test_a_grid_is_scikit_learns_grid():
    search = Search(SPACE, IRIS)
    ours = [{name: getattr(one, name) for name in SPACE} for one in search.candidates]
    theirs = list(ParameterGrid({name: list(values) for name, values in SPACE.items()}))
    assert len(ours) == len(theirs) == 24
    assert all(one in ours for one in theirs)
    assert [one["l2"] for one in ours[:4]] == [0.0, 0.01, 0.0, 0.01]  # the last changes first


def test_what_does_not_vary_is_as_it_was():
    for one in Search(SPACE, IRIS).candidates:
        assert replace(one, **{name: getattr(IRIS, name) for name in SPACE}) == IRIS


def test_drawn_candidates_differ_and_come_again_from_the_same_seed():
    space = {"learning_rate": Range(1e-4, 1, True), "hidden": SPACE["hidden"]}
    space |= {"batch_size": Range(1, 50), "l2": Range(0, 0.1)}
    search = Search(space, IRIS, draws=200)
    assert len(set(search.candidates)) == 200
    assert search.candidates == Search(space, IRIS, draws=200).candidates
    assert search.candidates != Search(space, IRIS, draws=200, seed=1).candidates
    rates = np.array([one.learning_rate for one in search.candidates])
    sizes = np.array([one.batch_size for one in search.candidates])
    assert rates.min() >= 1e-4
    assert rates.max() <= 1
    assert np.median(np.log10(rates)) == pytest.approx(-2, abs=0.3)
    assert {type(one.batch_size) for one in search.candidates} == {int}
    assert (sizes.min(), sizes.max()) >= (1, 40)
    assert np.mean([one.l2 for one in search.candidates]) == pytest.approx(0.05, abs=0.01)
    assert {one.hidden for one in search.candidates} == set(SPACE["hidden"])


def test_rounding_leaves_no_range():
    search = Search({"l2": Range(0.0123456, 0.0123457)}, IRIS, draws=5)
    assert all(0.0123456 <= one.l2 <= 0.0123457 for one in search.candidates)


def test_there_are_no_more_draws_than_candidates():
    drawn = Search({"hidden": SPACE["hidden"], "l2": (0.0, 0.01)}, IRIS, draws=50).candidates
    assert set(drawn) == set(
        Search({"hidden": SPACE["hidden"], "l2": (0.0, 0.01)}, IRIS).candidates
    )
    assert len(drawn) == 4


@pytest.mark.parametrize(
    ("space", "more", "words"),
    [
        ({"wings": (2,)}, {}, "'wings' is not a setting"),
        ({"dataset": ("iris", "wine")}, {}, "'dataset' is not a setting"),
        ({"folds": (2, 3)}, {}, "'folds' is not a setting"),
        ({"l2": ()}, {}, "needs at least one value"),
        ({"l2": (99.0,)}, {}, r"L2 \(l2\) must lie between 0 and 10"),
        ({"l2": Range(0, 1)}, {}, "is a range; give single values"),
        ({"hidden": Range(1, 9)}, {"draws": 3}, "is not a number"),
        ({"l2": Range(0, 1, True)}, {"draws": 3}, "a higher number, both above 0; 0 to 1"),
        ({"l2": Range(1, 0)}, {"draws": 3}, "from a lower to a higher number; 1 to 0"),
        ({"seed": Range(0.5, 2)}, {"draws": 3}, "is a whole number, so its range"),
        ({"l2": (0.0,)}, {"draws": -1}, "must be 0 .all candidates. or more, not -1"),
        ({"l2": (0.0,)}, {"folds": 0}, "1 to 20 folds; 0"),
        (
            {"l2": (0.0,)},
            {"draws": 1001},
            "at most 1,000 candidates .* this one has 1,001 candidates times 5",
        ),
        ({"seed": tuple(range(600))}, {"folds": 10}, "600 candidates times 10 folds"),
        (
            {"noise": (0.1,)},
            {"data": own_data()},
            "Noise .* cannot vary here, because these data are fixed",
        ),
        ({"l2": (0.0,)}, {"config": replace(IRIS, epochs=0)}, "set Stop at epoch"),
        (
            {"scaling": ("none",)},
            {"config": replace(IRIS, dataset="moons_40")},
            "the problem moons_40 is fixed",
        ),
    ],
    ids=str,
)
def test_what_is_no_search_is_said(space, more, words):
    with pytest.raises(ValueError, match=words):
        Search(**{"space": space, "config": IRIS, **more})


# Folds


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("scaled", [True, False])
def test_folds_of_own_data_are_scikit_learns(task, scaled):
    data, config = own_data(task=task, scaled=scaled), replace(IRIS, seed=7)
    plan = TrainingPlan(Search({"l2": (0.0, 0.1)}, config, data, folds=4))
    rows, kind = np.arange(10, 60), StratifiedKFold if data.classes else KFold
    y = data.targets[rows] if data.classes else np.zeros(50)
    expected = kind(4, shuffle=True, random_state=7).split(rows, y)
    assert len(plan.datasets) == 8
    for found, (stay, go) in zip(plan.datasets[:4], expected, strict=True):
        assert np.array_equal(found.train, rows[stay])
        assert np.array_equal(found.validation, rows[go])
        assert np.array_equal(found.test, data.test)
        X, y = found.part("train")
        if scaled:
            assert X.mean(axis=1) == pytest.approx(0, abs=1e-12)
            assert X.std(axis=1) == pytest.approx(1)
        assert scaled == (abs(found.mean).max() > 0)
        if task == "regression" and scaled:
            assert y.std() == pytest.approx(1)
    assert plan.datasets[4] is plan.datasets[0]  # the other candidate's


def test_folds_of_a_problem_are_those_of_its_config():
    plan = TrainingPlan(Search({"l2": (0.0,)}, IRIS, folds=3))
    for config, data in zip(plan.configs, plan.datasets, strict=True):
        assert (config.folds, config.fold) in [(3, 1), (3, 2), (3, 3)]
        assert np.array_equal(data.validation, load(config).validation)


def test_one_fold_is_the_problems_own_validation_part():
    plan = TrainingPlan(Search({"l2": (0.0,)}, IRIS, folds=1))
    assert np.array_equal(plan.datasets[0].validation, load(IRIS).validation)


def test_without_a_part_to_judge_by_it_is_said():
    for more in ({"config": replace(IRIS, validation=0.0)}, {"data": own_data()}):
        search = Search(**{"space": {"l2": (0.0,)}, "config": IRIS, "folds": 1, **more})
        with pytest.raises(ValueError, match="use at least 2 folds"):
            TrainingPlan(search)
    with pytest.raises(ValueError, match="4 examples cannot be split into 5 folds"):
        TrainingPlan(Search({"l2": (0.0,)}, IRIS, own_data(14)))


# Results


def single(config, data, epochs):
    """The record of a single run, as a row."""
    run = Run(config, data)
    run.advance(epochs)
    record = run.losses[run.best if run.finished else run.epochs]
    return {name: float(record[name]) for name in FIELDS}


@pytest.mark.parametrize(
    "search",
    [
        Search(SPACE, IRIS, folds=3),
        Search({"dropout": (0.0, 0.4), "optimizer": ("sgd", "rmsprop")}, IRIS, folds=2),
        Search({"batch_size": (0, 7), "activation": ("tanh", "relu")}, IRIS, folds=2),
        Search({"size": (40, 60), "noise": (0.0, 0.4)}, replace(IRIS, dataset="moons"), folds=2),
        Search({"clip": (0.0, 0.1), "patience": (0, 1), "epochs": (3, 8)}, IRIS, folds=2),
        Search({"hidden": ((), (3,))}, IRIS, own_data(task="regression"), folds=3),
        Search({"seed": (0, 1)}, replace(IRIS, dataset="wine_70_30"), folds=2),
    ],
    ids=lambda search: "-".join(search.space),
)
def test_each_result_is_that_of_the_single_run(search):
    tuning = through(search)
    plan, count = tuning.plan, 0
    for config, data, readers in zip(plan.configs, plan.datasets, plan.readers, strict=True):
        for epochs, numbers in readers.items():
            expected = single(config, data, epochs)
            for number in numbers:
                assert search.candidates[number].epochs == epochs
                row = tuning.rows[f"{number}/{config.fold}"]
                assert row == pytest.approx(expected, rel=1e-6)
                assert row["validation"] == pytest.approx(expected["validation"], rel=1e-10)
                count += 1
    assert tuning.tasks == (count, count)
    assert count == len(search.candidates) * search.folds


def test_epochs_are_read_off_one_training():
    search = Search(SPACE, IRIS, folds=3)
    plan = TrainingPlan(search)
    assert len(search.candidates) == 24
    assert len(plan.configs) == 8 * 3
    assert sorted(name for group in plan.groups for name in plan.tasks(group)) == sorted(
        f"{candidate}/{fold}" for candidate in range(24) for fold in (1, 2, 3)
    )


def test_the_articles_grid_trains_once_per_fold():
    search = article_search()
    assert len(search.candidates) == 3
    tuning = through(search)
    assert len(tuning.plan.configs) == search.folds
    frame = results_table(search, tuning.rows)
    assert list(frame.epochs) == [5, 10, 15]
    assert set(frame.optimizer) == {"rmsprop"}
    assert set(frame.batch_size) == {128}
    assert frame.score.is_monotonic_increasing
    assert best_config(search, tuning.rows) == search.candidates[2]
    assert search.candidates[2].hidden == (64, 64)
    assert search.candidates[2].dropout == 0.5


# Stop and go on


def test_stopped_anywhere_and_gone_on_gives_the_same_table(monkeypatch):
    monkeypatch.setattr(crowd, "MOST", 2)  # many small groups
    search = Search(SPACE, IRIS, folds=2)
    whole, state, stops = through(search), None, 0
    shares, finished = [0.0], False
    while not finished:
        tuning = Tuning(search, state)
        for _ in range(31):  # groups end in the middle of it
            finished = finished or tuning.advance(0)
        tuning.close()
        shares.append(tuning.share)
        state, stops = json.loads(json.dumps(tuning.state)), stops + 1
    assert stops > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert state["rows"] == whole.rows
    pd.testing.assert_frame_equal(
        results_table(search, state["rows"]), results_table(search, whole.rows)
    )


def test_what_is_known_is_not_trained_again():
    search = Search(SPACE, IRIS, folds=2)
    state = through(search).state
    again = Tuning(search, state)
    assert again.waiting == []
    assert again.share == 1
    assert again.advance(0)


def test_nothing_goes_on_when_nobody_asks_and_the_time_left_is_told():
    search = Search({"l2": (0.0, 0.01)}, replace(IRIS, epochs=100_000), folds=2)
    tuning = Tuning(search)
    assert np.isnan(tuning.left)
    assert not tuning.advance(0.05)
    assert 0 < tuning.share < 1
    assert tuning.left == pytest.approx(tuning.seconds * (1 / tuning.share - 1))
    assert tuning.rows == {}
    before = tuning.share
    tuning.close()
    assert tuning.share == 0 < before


def test_results_of_another_search_are_refused():
    state = through(Search({"l2": (0.0, 0.01)}, IRIS, folds=2)).state
    for other in (
        Search({"l2": (0.0, 0.02)}, IRIS, folds=2),
        Search({"l2": (0.0, 0.01)}, IRIS, folds=3),
        Search({"l2": (0.0, 0.01)}, replace(IRIS, seed=1), folds=2),
        Search({"l2": (0.0, 0.01)}, IRIS, own_data(), folds=2),
    ):
        with pytest.raises(ValueError, match="another search"):
            Tuning(other, state)


def test_what_trains_one_by_one_is_said():
    assert Tuning(Search({"l2": (0.0,)}, IRIS)).notes == ()
    (note,) = Tuning(Search({"patience": (0, 5)}, IRIS)).notes
    assert note.endswith("The reason: Early stopping.")


# The table


def test_means_spreads_and_ranks():
    search = Search({"l2": (0.0, 0.1, 1.0)}, IRIS, folds=4)
    scores = np.array([[0.8, 0.9, 1.0, 0.9], [0.9, 0.9, 0.9, 0.9], [0.7, 0.7, 0.9, 0.7]])
    losses = np.array([[0.5, 0.4, 0.1, 0.2], [0.1, 0.2, 0.3, 0.2], [0.9] * 4])
    rows = {
        f"{i}/{j + 1}": dict(zip(FIELDS, (0.1, losses[i, j], 0.95, scores[i, j]), strict=True))
        for i in range(3)
        for j in range(4)
    }
    frame = results_table(search, rows)
    assert list(frame.l2) == [0.0, 0.1, 1.0]
    assert frame.score.to_numpy() == pytest.approx([0.9, 0.9, 0.75])
    assert frame.spread.to_numpy() == pytest.approx(scores.std(axis=1))
    assert frame.loss.to_numpy() == pytest.approx(losses.mean(axis=1))
    assert frame.train_score.to_numpy() == pytest.approx([0.95] * 3)
    assert list(frame["rank"]) == [2, 1, 3]  # equal scores: the lower loss first
    assert list(frame.near) == [True, True, False]
    assert best_config(search, rows) == search.candidates[1]
    del rows["1/3"]
    frame = results_table(search, rows)
    assert list(frame.folds) == [4, 3, 4]
    assert frame["rank"].tolist() == [1, pd.NA, 2]
    assert best_config(search, rows) == search.candidates[0]


def test_near_is_one_standard_error():
    search = Search({"l2": (0.0, 0.1)}, IRIS, folds=4)
    top = np.array([0.8, 0.9, 1.0, 0.9])
    error = top.std(ddof=1) / np.sqrt(4)
    for less, near in ((0.99 * error, True), (1.01 * error, False)):
        rows = {
            f"{i}/{j + 1}": dict.fromkeys(FIELDS, float(score))
            for i, scores in enumerate((top, np.full(4, top.mean() - less)))
            for j, score in enumerate(scores)
        }
        assert list(results_table(search, rows).near) == [True, near]


def test_a_candidate_that_diverges_comes_last_and_is_counted():
    config = Config(dataset="line", hidden=(), epochs=200, batch_size=0, scaling="none")
    search = Search({"learning_rate": (0.01, 30.0, 0.03)}, config, folds=2)
    tuning = through(search)
    frame = results_table(search, json.loads(json.dumps(tuning.state))["rows"])
    assert tuning.rows["1/1"] == dict.fromkeys(FIELDS)
    assert list(frame.diverged) == [0, 2, 0]
    assert frame["rank"][1] == 3
    assert not frame.near[1]
    assert np.isnan(frame.score[1])


def test_an_empty_table_has_every_candidate_and_no_best():
    search = Search(SPACE, IRIS)
    frame = results_table(search, {})
    assert len(frame) == 24
    assert frame.score.isna().all()
    assert frame["rank"].isna().all()
    assert list(frame.hidden[:1]) == ["3"]
    assert best_config(search, {}) is None


def test_the_best_one_gives_its_table_row_as_a_run():
    search = Search({"learning_rate": (0.001, 0.1)}, IRIS, folds=1)
    tuning = through(search)
    config = best_config(search, tuning.rows)
    run = Run(config, load(config))
    run.advance(config.epochs)
    row = results_table(search, tuning.rows).sort_values("rank").iloc[0]
    assert run.losses["validation_metric"][-1] == pytest.approx(row.score, rel=1e-6)
    assert run.losses["validation"][-1] == pytest.approx(row.loss, rel=1e-12)


# Links


@pytest.mark.parametrize(
    "space",
    [
        SPACE,
        {"hidden": ((), (4,), (8, 8)), "features": (("x1", "x2"), ("x1", "sinx1"))},
        {"optimizer": ("rmsprop",), "start": ("",), "dropouts": ((), (0.5, 1e-5))},
        {"l2": Range(1e-5, 0.1, True), "batch_size": Range(1, 50), "learning_rate": (1e-6, 0.5)},
        article_search().space,
        {},
    ],
    ids=str,
)
def test_a_space_survives_a_link(space):
    assert read_space(write_space(space)) == (space, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wings:2", "'wings' is not a known setting"),
        ("l2:much", "must be a number; 'much'"),
        ("l2:99", "between 0 and 10; '99.0'"),
        ("l2:", "must be a number; ''"),
        ("hidden:1~9", "cannot have the range '1~9'"),
        ("l2:1~2~3", "cannot have the range"),
        ("l2", "must be a number"),
        ("optimizer:sgd|magic", "must be one of"),
    ],
)
def test_what_a_link_gets_wrong_is_said(text, words):
    space, (note,) = read_space(f"momentum:0.5;{text};")
    assert space == {"momentum": (0.5,)}
    assert words in note


@pytest.mark.parametrize(
    ("space", "draws"),
    [
        ({"seed": Range(0, 1_000_000)}, 1000),
        ({"noise": Range(0.0, 0.5)}, 500),
        ({"seed": tuple(range(50))}, 0),
    ],
)
def test_too_many_data_sets_are_refused_before_any_is_made_kind_42(space, draws, monkeypatch):
    monkeypatch.setattr(
        "engine.search.tasks.load_all", lambda configs: pytest.fail("data were made")
    )
    with pytest.raises(ValueError, match="at most 200 data sets"):
        Search(space, Config(epochs=100), None, 5, 0, draws)


def test_a_few_data_sets_are_allowed():
    assert len(Search({"seed": tuple(range(10))}, Config(epochs=5), None, 5).candidates) == 10
