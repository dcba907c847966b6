"""The speed benchmarks: a workload is what its letter says, and both sides do the same work."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedKFold

from benchmarks import cloud, engine, grid, landscape, recording
from benchmarks.workloads import WORKLOADS
from engine.training.output_head import choose_output_head
from engine.training.training import Training


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_is_the_network_it_says(name):
    work = WORKLOADS[name]._replace(examples=40)
    config, dataset = work.config(), work.dataset()
    training = Training(config, dataset)
    assert training.sizes == work.sizes
    assert choose_output_head(config, dataset).classes == work.classes
    assert engine.calls_per_batch(work) == pytest.approx(
        sum(map(len, training.chunks[0][1].programs)) / -(-40 // work.batch), abs=1
    )


def test_ratios_have_their_names(capsys, monkeypatch):
    monkeypatch.setattr(engine, "one_core", lambda: None)
    monkeypatch.setattr(engine, "FIT", 1e-3)
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    monkeypatch.setattr("sys.argv", ["engine", "A", "--json", "--rounds", "1"])
    engine.main()
    found = json.loads(capsys.readouterr().out)["A"]
    assert found["ratio_sklearn_over_ours"] > 1
    assert found["numpy_calls_per_batch"] == 14
    assert found["us_per_epoch"] > 0


def test_both_searches_see_the_same_folds(monkeypatch):
    monkeypatch.setattr(grid, "EPOCHS", 3)
    X, y = load_iris(return_X_y=True)
    rows = np.arange(150).reshape(30, 5).T
    folds = [(np.setdiff1d(np.arange(150), held_out), held_out) for held_out in rows]
    for data, (train, held_out) in zip(grid.datasets(X, y, folds), folds, strict=True):
        assert np.array_equal(data.train, train)
        assert np.array_equal(data.validation, held_out)
    scores = grid.by_stack(X, y, folds)
    assert scores.shape == (12,)
    assert np.all((scores >= 0) & (scores <= 1))


def test_the_search_and_the_bare_stack_score_alike(monkeypatch):
    monkeypatch.setattr(grid, "EPOCHS", 3)
    X, y = load_iris(return_X_y=True)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    assert np.allclose(grid.by_search(X, y, folds), grid.by_stack(X, y, folds), rtol=0, atol=1e-12)


def test_what_is_recorded_comes_back(monkeypatch):
    monkeypatch.setattr(recording, "EPOCHS", 60)
    monkeypatch.setattr(recording, "SEEKS", 5)
    found = recording.measure(1)
    assert found["seeks_not_bit_exact"] == 0
    assert found["checkpoints_percent"] > 0
    assert found["memory_mb_10000_epochs"] < 1


def test_the_cloud_of_the_benchmark_is_exact():
    found = cloud.measure(1, 50)
    assert found["largest_difference_from_single_runs"] == 0
    assert found["networks"] == 100
    assert found["epochs_drawn"] == 51


def test_the_landscape_of_the_benchmark_has_its_points():
    found = landscape.measure(1)
    assert found["points"] == 61 * 61
    assert found["path_end_from_final_loss"] < 1e-12
