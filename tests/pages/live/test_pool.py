"""The processes that train: real ones, killed in the middle of their work, and what comes of it."""

import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.live.nursery import Nursery
from pages.live.pool import Faulty, Pool, quota
from pages.live.view import LiveView, Specification, specification
from pages.live.worker import Key
from tests.browser.driver import wait_until
from tests.pages.live.test_payload import unpacked

VIEW = LiveView("run 1", Config())


@pytest.fixture(scope="module")
def pool(nursery: Nursery) -> Iterator[Pool]:
    one = Pool(1, nursery)
    yield one
    one.stop()


def number_of(pool: Pool, place: int = 0) -> int:
    """Return the number of a process, as soon as it runs."""
    worker = pool.worker(place)
    wait_until(lambda: worker.number is not None, "the start of a process")
    assert worker.number is not None
    return worker.number


def specify(_: Key) -> Specification:
    return specification(Run(Config(), load(Config())))


def thetas(pool: Pool, token: str, count: int) -> np.ndarray:
    """Return the parameters of the first epochs, asked for until all are there."""
    found: list[np.ndarray] = []
    while len(found) < count:  # an answer holds what its time allows
        asked = {"kind": "play", "from": len(found), "stride": 1, "count": count - len(found)}
        result = pool.submit((Key(token, 1),), specify, False, {"id": 1, **asked}, VIEW).result(60)
        found += [*unpacked(result.answer)[1]["theta"]]
    return np.array(found)


def test_what_a_process_trains_is_what_this_one_trains(pool: Pool):
    trained = thetas(pool, "same", 20)
    run = Run(Config(), load(Config()))
    frames = list(run.play(0, 1, 20, np.inf))
    assert np.array_equal(trained, np.array([frame.theta for frame in frames], "f4"))


def test_a_killed_process_costs_a_replay_and_no_request(pool: Pool):
    before = thetas(pool, "killed", 60)
    asked = {"id": 2, "kind": "seek", "epoch": 5000}
    waiting = pool.submit((Key("killed", 1),), specify, False, asked, VIEW)
    os.kill(number_of(pool), signal.SIGKILL)
    head, _ = unpacked(waiting.result(60).answer)
    assert head["answer"] == 2
    after = thetas(pool, "killed", 60)
    assert np.array_equal(before, after)


def test_a_process_that_dies_again_and_again_is_said(pool: Pool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.pool.TRIES", 1)
    number, asked = number_of(pool), {"id": 2, "kind": "seek", "epoch": 100_000}
    waiting = pool.submit((Key("dying", 1),), specify, False, asked, VIEW)
    os.kill(number, signal.SIGKILL)
    with pytest.raises(Faulty, match="ended again and again"):
        waiting.result(60)


def test_nobody_waits_until_the_first_process_runs(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
):
    go, one = threading.Event(), Pool(1, nursery)
    start = one.nursery.start

    def slow(*given: int) -> tuple[int, Connection]:
        assert go.wait(60)
        return start(*given)

    monkeypatch.setattr(one.nursery, "start", slow)
    asked = {"id": 1, "kind": "play", "from": 0, "stride": 1, "count": 3}
    keys = [(Key(token, 1),) for token in "ab"]
    waiting = [one.submit(key, specify, False, asked, VIEW) for key in keys]
    assert not any(one.done() for one in waiting)
    assert one.place_of("c", False) == 0
    assert one.workers[0].number is None
    go.set()
    heads = [unpacked(one.result(60).answer)[0] for one in waiting]
    assert [head["trained"] for head in heads] == [3, 3]
    one.stop()


def test_a_process_that_cannot_be_started_is_said_and_tried_again(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
):
    one = Pool(1, nursery)

    def refuse(*_: int) -> None:
        raise OSError("no memory")

    with monkeypatch.context() as patched:
        patched.setattr(one.nursery, "start", refuse)
        asked = {"id": 1, "kind": "play", "from": 0, "stride": 1, "count": 3}
        with pytest.raises(Faulty, match="cannot be started"):
            one.submit((Key("a", 1),), specify, False, asked, VIEW).result(60)
    assert len(thetas(one, "a", 2)) >= 2
    one.stop()


def test_large_runs_have_a_process_of_low_priority(pool: Pool):
    asked = {"id": 3, "kind": "play", "from": 0, "stride": 1, "count": 1}
    pool.submit((Key("large", 1),), specify, True, asked, VIEW).result(60)
    small, large = number_of(pool, 0), number_of(pool, 1)
    assert os.getpriority(os.PRIO_PROCESS, large) > os.getpriority(os.PRIO_PROCESS, small)


def test_sessions_are_spread_over_the_processes():
    several = Pool(3)
    places = [several.place_of(str(token), False) for token in range(7)]
    assert sorted(places) == [0, 0, 0, 1, 1, 2, 2]
    several.forget("0")
    assert several.place_of("new", False) in {1, 2, places[0]}
    assert several.place_of("1", True) == 3
    assert not several.workers


def held(pool: Pool, place: int = 0) -> int:
    """Return how many runs a process keeps, when it has read all that was sent to it before."""
    asked = {"id": 4, "kind": "play", "from": 0, "stride": 1, "count": 1}
    pool.submit((Key(f"asks {place}", 1),), specify, place == pool.count, asked, VIEW).result(60)
    return pool.workers[place].runs


def test_an_order_under_way_does_not_bring_back_the_run_of_a_session_that_has_ended(pool: Pool):
    before, again = held(pool), threading.Event()

    def late(key: Key) -> Specification:
        assert again.wait(60)
        return specify(key)

    waiting = pool.submit((Key("ended", 1),), late, False)  # the process has no such run yet
    pool.forget("ended")
    pool.forget("ended", "train")  # as when its page had been closed
    wait_until(lambda: pool.leaving, "the end of the session")
    again.set()
    assert waiting.result(60).state is not None
    wait_until(lambda: ("ended", "train") not in pool.places, "the end of the order")
    assert held(pool) == before
    assert not pool.leaving
    assert not pool.under_way


def test_a_player_whose_run_is_small_now_leaves_nothing_at_the_process_of_large_ones(pool: Pool):
    large, small = held(pool, pool.count), held(pool)
    pool.submit((Key("resized", 1),), specify, True).result(60)
    assert held(pool, pool.count) == large + 1
    pool.submit((Key("resized", 2),), specify, False).result(60)
    assert held(pool, pool.count) == large
    assert held(pool) == small + 1
    pool.forget("resized")
    wait_until(lambda: ("resized", "train") not in pool.places, "the end of the session")
    assert held(pool) == small


def test_processes_end_with_the_pool():
    one = Pool(1)
    thetas(one, "a", 1)
    number = number_of(one)
    one.stop()
    wait_until(lambda: not running(number), "the end of the process")
    assert one.workers[0].number == number  # none was started in its place


def running(number: int) -> bool:
    """Return whether there is a process with this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("parent", "own", "cores"),
    [
        ("max 100000", "max 100000", 1024),
        ("max 100000", "150000 100000", 2),
        ("100000 100000", "", 1),
    ],
)
def test_the_limits_of_a_container_or_a_service_are_known(
    tmp_path: Path, parent: str, own: str, cores: int
):
    groups = tmp_path / "cgroup"
    groups.write_text("1:cpu:/\n0::/system.slice/deltascope.service\n")
    folder = tmp_path / "fs" / "system.slice" / "deltascope.service"
    folder.mkdir(parents=True)
    (folder.parent / "cpu.max").write_text(parent)
    if own:
        (folder / "cpu.max").write_text(own)
    assert quota(groups, tmp_path / "fs") == cores


def test_a_thread_that_waited_until_the_nursery_ended_starts_it_no_more():
    nursery = Nursery()
    nursery.stop()
    with pytest.raises(OSError, match="about to end"):
        nursery.start_job(0)
    assert nursery.process is None
