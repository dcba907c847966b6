"""Crowds and clouds: every run of them against the single run of its Config."""

from dataclasses import replace

import numpy as np
import pytest

from engine.batched import runs as crowd
from engine.batched.runs import FIELDS, Runs, group_runs, networks_per_group
from engine.batched.seed_sweep import MOST_MARKS, NEAR, SeedSweep, recorded_epochs, with_seeds
from engine.comparison.alternatives import alternatives_of
from engine.comparison.forks import differences
from engine.data.dataset import PARTS
from engine.problems.registry import OF_DATA, OF_PARTS, PROBLEMS, load, load_all
from engine.training.config import Config
from engine.training.run import Run

XOR = Config(dataset="xor_table", hidden=(4,), scaling="none", batch_size=0, learning_rate=0.5)
IRIS = Config(dataset="iris", hidden=(6,), activation="relu", optimizer="adam", batch_size=32)
MARKS = [0, 1, 4, 9]


def trained(config, seeds=range(5), marks=MARKS):
    """A crowd of these seeds, through."""
    configs = with_seeds(config, seeds)
    made = Runs(configs, load_all(configs), marks)
    assert made.advance(1000)
    return made


def single(config, marks=MARKS):
    """(marks, fields) of a run by itself."""
    run = Run(config, load(config))
    run.advance(marks[-1])
    rows = [run.losses[min(mark, run.epochs)] for mark in marks]
    return np.array([[row[name] for name in FIELDS] for row in rows], float)


@pytest.mark.parametrize(
    "config",
    [
        XOR,
        IRIS,
        replace(IRIS, dropout=0.3, l2=0.01, momentum=0.5),
        replace(IRIS, hidden=(), optimizer="sgd"),
        replace(IRIS, schedule="cosine", hidden=(5, 3)),
        Config(dataset="xor", hidden=(8,), size=60),
        Config(dataset="bumps", hidden=(5, 4), size=60),
        Config(dataset="diabetes", hidden=(3,), folds=4, fold=2),
        # what a stack does not train with
        replace(IRIS, clip=0.1),
        replace(IRIS, precision="float32"),
        replace(IRIS, schedule="plateau", schedule_length=2),
        replace(IRIS, class_weights="balanced"),
        replace(IRIS, input_dropout=0.2, dropouts=(0.1,)),
    ],
    ids=lambda config: "-".join(f"{k}={v}" for k, v in config.to_query().items()),
)
def test_each_run_is_its_single_run_bit_for_bit(config):
    made = trained(config)
    for own, record in zip(made.configs, made.records, strict=True):
        alone = single(own)
        # metrics are kept in 32 bits by a run
        assert np.array_equal(record[:, :2], alone[:, :2], equal_nan=True)
        assert np.allclose(record[:, 2:], alone[:, 2:], rtol=1e-6, atol=0, equal_nan=True)


def test_what_trains_one_by_one_is_said_and_nothing_else():
    assert trained(IRIS).notes == ()
    (note,) = trained(replace(IRIS, clip=0.1, max_norm=2.0)).notes
    assert note.endswith("The reason: Clip gradient, Max-norm.")


def test_an_early_stop_keeps_what_the_run_is_left_with():
    config = replace(XOR, dataset="moons_40", patience=2, optimizer="adam", learning_rate=0.1)
    made = trained(config, range(3), [0, 2, 200])
    for own, record in zip(made.configs, made.records, strict=True):
        run = Run(own, load(own))
        run.advance(200)
        assert 2 < run.epochs < 200
        assert record[2, 1] == run.losses["validation"][run.best] == run.losses["validation"].min()


def test_a_run_that_diverges_is_nan_from_there_and_hurts_no_other():
    config = Config(dataset="line_centred", hidden=(), scaling="none", batch_size=0)
    configs = [replace(config, learning_rate=rate, start="line_zero") for rate in (0.1, 10.0, 0.2)]
    made = Runs(configs, load_all(configs), [0, 10, 60])
    assert made.advance(1000)
    assert np.isfinite(made.records[:, :2, 0]).all()
    assert np.isnan(made.records[1, 2]).all()
    for k in (0, 2):
        assert np.array_equal(made.records[k, :, 0], single(configs[k], [0, 10, 60])[:, 0])


def test_slices_give_what_one_go_gives():
    whole, configs = trained(IRIS), with_seeds(IRIS, range(5))
    made, shares = Runs(configs, load_all(configs), MARKS), [0.0]
    while not made.advance(0.0001):
        assert shares[-1] <= made.share <= 1
        shares.append(made.share)
    assert len(shares) > MARKS[-1] / 2
    assert made.share == 1
    assert made.left == 0
    assert np.array_equal(made.records, whole.records, equal_nan=True)


def test_nothing_goes_on_when_nobody_asks():
    made = SeedSweep(XOR, range(3), load_all(with_seeds(XOR, range(3))), 5000)
    slices = made.slices(0.001)
    share = next(share for share in slices if share > 0)
    assert share < 1
    assert made.share == share
    assert made.left > 0
    assert np.isnan(made.records[:, -1]).all()


def test_lots_hold_what_fits_and_every_run_once(monkeypatch):
    configs = [*with_seeds(IRIS, range(7)), replace(IRIS, hidden=(5,)), replace(IRIS, clip=1.0)]
    datasets = load_all(configs)
    monkeypatch.setattr(crowd, "MOST", 3)
    found = group_runs(configs, datasets)
    assert [lot.members for lot in found] == [(0, 1, 2), (3, 4, 5), (6,), (7,), (8,)]
    assert [lot.stacked for lot in found] == [True] * 4 + [False]


def test_large_networks_are_not_piled_up():
    digits, wide = PROBLEMS["digits"].suggested, {"hidden": (128, 128)}
    config = Config(**{**digits, "dataset": "digits"})
    assert networks_per_group(config, load(config)) <= 4
    assert networks_per_group(replace(config, **wide), load(config)) == 1
    assert networks_per_group(XOR, load(XOR)) == crowd.MOST


# The cloud


def test_epochs_are_thinned_evenly_from_the_first_to_the_last():
    assert recorded_epochs(7) == list(range(8))
    marks = recorded_epochs(12_345)
    assert len(marks) == MOST_MARKS + 1
    assert (marks[0], marks[-1]) == (0, 12_345)
    assert np.ptp(np.diff(marks)) <= 1
    with pytest.raises(ValueError, match="1 epoch or more; 0"):
        recorded_epochs(0)


def test_the_outcome_counts_what_came_near_the_best():
    config = replace(XOR, hidden=(2,), activation="sigmoid", init="glorot_normal")
    made = SeedSweep(config, range(24), load_all(with_seeds(config, range(24))), 3000)
    list(made.slices(10))
    accuracy = made.records[:, -1, FIELDS.index("train_metric")]
    for seed in (0, 1):  # every run is its single run: see above
        run = Run(made.configs[seed], made.datasets[seed])
        run.advance(3000)
        assert accuracy[seed] == run.losses["train_metric"][-1]
    solved = (accuracy == 1).sum()
    found = made.result.outcome()
    assert found.part == "train"
    assert found.near == solved
    assert 0.5 < solved / 24 < 0.95  # X2 of the experiments: .77 of the starts
    best, worst = found.order[0], found.order[-1]
    assert (found.scores[best], found.scores[worst]) == (found.scores.max(), found.scores.min())
    assert found.losses[best] == found.losses[found.scores == 1].min()
    best_score, near, *_ = made.result.sentence().split("; ")
    assert best_score == "The best accuracy on the training part is 1"
    assert near.startswith(f"{solved} of 24 seeds come within {NEAR} of it.")


def test_what_diverged_is_told_and_comes_last():
    made = SeedSweep(XOR, range(12), load_all(with_seeds(XOR, range(12))), 200)
    list(made.slices(10))
    before = made.result.outcome()
    made.records[[3, 7], -1] = np.nan  # as a run that diverged leaves them
    found = made.result.outcome()
    assert (before.diverged, found.diverged) == (0, 2)
    assert set(found.order[-2:]) == {3, 7}
    assert list(found.order[:-2]) == [k for k in before.order if k not in (3, 7)]
    assert made.result.sentence().endswith(" 2 diverged.")
    config = replace(XOR, loss="mse", output="linear", learning_rate=1000.0)
    lost = SeedSweep(config, [1, 2], made.datasets[:2], 200)
    list(lost.slices(10))
    assert lost.result.sentence().startswith("All 2 seeds diverged")


def test_a_cloud_of_too_many_seeds_is_refused():
    with pytest.raises(ValueError, match="1 to 1,000 seeds; 1,001"):
        SeedSweep(XOR, range(1001), [load(XOR)] * 1001, 10)


# The data of many


@pytest.mark.parametrize("name", ["circle", "iris", "moons_200", "diabetes", "sine"])
def test_many_data_sets_are_those_of_each(name):
    configs = [
        Config(dataset=name, seed=seed, folds=folds, scaling=scaling)
        for seed in (0, 1)
        for folds in (1, 3)
        for scaling in ("standard", "none")
    ]
    for data, config in zip(load_all(configs), configs, strict=True):
        own = load(config)
        for part in ("train", "validation", "test"):
            assert np.array_equal(data.rows(part), own.rows(part))
        assert np.array_equal(data.part("train")[0], own.part("train")[0])
        assert np.array_equal(data.part("train")[1], own.part("train")[1])


def test_equal_data_are_one_object():
    fixed = load_all(with_seeds(replace(IRIS, dataset="moons_200"), range(3)))
    assert fixed[0] is fixed[1] is fixed[2]
    drawn = load_all([IRIS, replace(IRIS, seed=1), replace(IRIS, learning_rate=0.5)])
    assert drawn[0] is drawn[2] is not drawn[1]


@pytest.mark.parametrize("name", ["circle", "bumps", "iris", "diabetes", "moons_40", "sine"])
def test_every_choice_that_data_depend_on_is_known(name):
    config = Config(**{**PROBLEMS[name].suggested, "dataset": name, "folds": 3})
    fixed, own = PROBLEMS[name].kind == "fixed", load(config)
    others = [replace(config, **{duel.name: duel.value}) for duel in alternatives_of(config, own)]
    others += [replace(config, fold=2), replace(config, folds=4), replace(config, test=0.3)]
    others += [replace(config, folds=1, validation=0.3)]
    for other in others:
        made = load(other)
        parts = [(data.part(part), data.rows(part)) for data in (own, made) for part in PARTS]
        if not all(map(equal, parts[:3], parts[3:])):
            names = {difference.name for difference in differences([config, other])}
            assert names <= set(OF_DATA)
            assert not fixed or not names & set(OF_PARTS)


def equal(one, other):
    """Whether the examples, targets and rows of a part are the same."""
    (X, y), rows = one
    (X_other, y_other), rows_other = other
    pairs = ((X, X_other), (y, y_other), (rows, rows_other))
    return all(np.array_equal(a, b) for a, b in pairs)
