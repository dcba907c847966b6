"""Searches on a cluster of real processes: the same rows, also when a worker is killed."""

import os
import signal
import time
from dataclasses import replace

import dask
import numpy as np
import pytest
from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.utils import get_mp_context
from joblib import parallel_config
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV

from engine.estimators.estimators import BackpropClassifier
from engine.search import dask_cluster as cluster
from engine.search.dask_cluster import (
    ADDRESS_VARIABLE,
    ClusterTuning,
    permitted_address,
    workers_here,
)
from engine.search.local import Tuning
from engine.search.search import Search
from engine.training.config import Config

IRIS = Config(dataset="iris", hidden=(6,), optimizer="adam", learning_rate=0.03)
SMALL = Search({"l2": (0.0, 0.01), "epochs": (3, 8), "hidden": ((3,), (5,))}, IRIS, folds=3)
LONG = Search({"hidden": tuple((n,) for n in range(30, 42))}, replace(IRIS, epochs=150), folds=2)


@pytest.fixture(scope="module")
def workers():
    """Two workers, forks of a process that has loaded what their tasks need."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload([cluster.__name__, "sklearn.model_selection"])
        with workers_here(2) as found:
            yield found


@pytest.fixture
def tuning_of(workers):
    """Makes the work of a search on the cluster, and closes it in the end."""
    made = []

    def make(search, state=None):
        made.append(ClusterTuning(search, workers.scheduler_address, state))
        return made[-1]

    yield make
    for one in made:
        one.close()


def through(tuning, seconds=120.0):
    """The tuning, asked until it is through."""
    end = time.monotonic() + seconds
    while not tuning.advance(0.2):
        assert time.monotonic() < end
    return tuning


def until(condition, seconds=20.0):
    """Seconds until the condition holds."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds
        time.sleep(0.02)
    return time.monotonic() - begun


def busy(workers):
    """How many tasks the workers carry out or have waiting."""
    return sum(len(own.processing) for own in workers.scheduler.workers.values())


def at_work(client):
    """How many tasks the workers still compute, also of those that nobody wants any more."""
    return sum(client.run(lambda dask_worker: len(dask_worker.state.all_running_tasks)).values())


def computed(workers, key):
    """How often the scheduler was given a result for the key."""
    steps = [tuple(step[:3]) for step in workers.scheduler.story(key)]
    return steps.count((key, "processing", "memory"))


def test_the_rows_are_those_of_this_process(tuning_of):
    alone = Tuning(SMALL)
    alone.advance(1000)
    found = through(tuning_of(SMALL))
    assert found.workers == 2
    assert found.rows == alone.rows
    assert found.share == 1
    assert found.tasks == (24, 24)


def test_a_worker_that_is_killed_costs_only_what_it_had_in_hand(tuning_of, workers):
    found = tuning_of(LONG)
    pids = list(found.client.run(os.getpid).values())
    while len(found.rows) < 4:
        found.advance(0.05)
    finished = [
        f"group-{group}-0-{found.stop.name}"
        for group in range(len(found.plan.groups))
        if group not in found.futures
    ]
    assert 0 < len(finished) < len(found.plan.groups)
    os.kill(pids[0], signal.SIGKILL)
    through(found)
    assert [computed(workers, key) for key in finished] == [1] * len(finished)
    assert found.lost == {}
    alone = Tuning(LONG)
    alone.advance(1000)
    assert found.rows == alone.rows
    until(lambda: len(workers.scheduler.workers) == 2)  # the other one is started again


def test_a_result_may_take_longer_than_the_lease_to_arrive(tuning_of, monkeypatch):
    """As it does when the worker that holds it is lost, and it has to be computed again."""
    monkeypatch.setattr(cluster, "LEASE", 0.1)
    asked, arrives = [], Future.result

    def late(future):
        if not asked:
            time.sleep(0.1 + 2 * cluster.LOOK)
        asked.append(future)
        return arrives(future)

    monkeypatch.setattr(Future, "result", late)
    found = through(tuning_of(SMALL))
    assert found.lost == {}
    assert len(asked) == len(found.plan.groups)


def test_a_result_that_was_cancelled_is_computed_again(tuning_of, monkeypatch):
    asked, arrives = [], Future.result

    def gone(future):
        asked.append(future.key)
        if len(asked) == 1:
            raise FutureCancelledError(future.key, None)
        return arrives(future)

    monkeypatch.setattr(Future, "result", gone)
    found = through(tuning_of(SMALL))
    alone = Tuning(SMALL)
    alone.advance(1000)
    assert found.rows == alone.rows
    assert list(found.lost.values()) == [1]


def test_who_stops_asking_stops_it_within_two_seconds(tuning_of, workers, monkeypatch):
    assert cluster.LEASE + 2 * cluster.LOOK < 2.0  # the watch looks that often, and so does a task
    monkeypatch.setattr(cluster, "LEASE", 0.2)  # the workers compute for so long
    found = tuning_of(replace(LONG, config=replace(LONG.config, epochs=100_000)))
    found.advance(0.2)
    assert busy(workers) > 0
    assert until(lambda: busy(workers) == 0) < 0.7 + 1.0  # the machine may be busy with other tests
    until(lambda: at_work(found.client) == 0, 5.0)
    assert found.futures == {}
    assert found.rows == {}


def test_it_goes_on_where_it_was_stopped(tuning_of, workers):
    found = tuning_of(LONG)
    while len(found.rows) < 4:
        found.advance(0.05)
    until(lambda: not found.futures)
    known = dict(found.rows)
    assert len(known) < 32
    other = through(tuning_of(LONG, found.state))  # another visit
    through(found)  # and the same one, asked again
    assert other.rows == found.rows
    assert all(found.rows[name] == row for name, row in known.items())


def test_closing_takes_everything_back_at_once(workers):
    found = ClusterTuning(
        replace(LONG, config=replace(LONG.config, epochs=100_000)), workers.scheduler_address
    )
    found.advance(0.1)
    assert busy(workers) > 0
    found.close()
    until(lambda: busy(workers) == 0, 5.0)


def test_what_the_cluster_cannot_carry_out_is_said(tuning_of, monkeypatch):
    found = tuning_of(LONG)
    monkeypatch.setattr(ClusterTuning, "waiting", [999])  # there is no such group
    with pytest.raises(ValueError, match=r"could not carry out a part of the search: .*range"):
        through(found)
    assert found.futures == {}


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:8786", "tls://localhost:8786", "tcp://[::1]:22", "tcp://example.org:1", ""],
)
def test_kind_50_without_a_word_of_the_operator_no_scheduler_is_permitted(address, monkeypatch):
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    assert cluster.allowed_addresses() == []
    with pytest.raises(ValueError, match="may not connect"):
        permitted_address(address)


@pytest.mark.parametrize(
    "address",
    ["tcp://scheduler:8787", "tcp://scheduler", "tcp://SCHEDULER:8786", " tcp://other:1", "any"],
)
def test_kind_50_only_the_operators_very_addresses_are_permitted(address, monkeypatch):
    monkeypatch.setenv(
        ADDRESS_VARIABLE, "tcp://scheduler:8786, tcp://other:1, any, http://x:1, inproc://1"
    )
    assert cluster.allowed_addresses() == ["tcp://scheduler:8786", "tcp://other:1"]
    assert permitted_address("tcp://other:1") == "tcp://other:1"
    with pytest.raises(ValueError, match=ADDRESS_VARIABLE):
        permitted_address(address)


def test_where_no_scheduler_answers_it_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.3)
    with pytest.raises(ValueError, match="No Dask scheduler answers at tcp:"):
        ClusterTuning(SMALL, "tcp://127.0.0.1:1")


def test_scikit_learns_grid_search_runs_on_the_same_cluster(workers):
    X, y = load_iris(return_X_y=True)
    network = BackpropClassifier(
        (5,), max_iter=20, tol=0, n_iter_no_change=20, learning_rate_init=0.03, random_state=0
    )
    grid = {"alpha": (1e-4, 0.1), "activation": ("tanh", "relu")}
    search = GridSearchCV(network, grid, cv=3)
    with pytest.warns(match="reached"):
        here = search.fit(X, y).cv_results_["mean_test_score"]
    with Client(workers.scheduler_address), parallel_config("dask"), pytest.warns(match="reached"):
        there = search.fit(X, y).cv_results_["mean_test_score"]
    assert np.array_equal(here, there)
