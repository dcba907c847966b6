"""Long work in processes of its own: real ones, stopped, killed and left alone."""

from __future__ import annotations

import gc
import os
import signal
from dataclasses import replace
from functools import cache
from time import monotonic, sleep
from typing import Any

import numpy as np
import psutil
import pytest

from engine.lessons import load_lessons
from engine.problems.sample_tables import SAMPLES
from engine.tables.columns.column_profile import profile
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import OWN, Config
from pages.live.jobs import places as places_module
from pages.live.jobs import process
from pages.live.jobs.places import GENTLE, WAITED_FOR, Places
from pages.live.jobs.remote_work import LOST, RemoteWork
from pages.live.nursery import Nursery
from tests.browser.driver import wait_until

LONG = b"a,b\n" + b"1,2\n" * 400_000  # seconds of reading
SAMPLE = "iris from Germany.csv"


def remote(places: Places, *order: Any, owner: str = "a") -> RemoteWork:
    """Return work that takes one of these places."""
    return RemoteWork(owner, *order, places=lambda tables: places)


def reading(places: Places, owner: str = "a", data: bytes | None = LONG) -> RemoteWork:
    return remote(places, "read table", data, "t.csv", {}, owner=owner)


def endless(places: Places, owner: str = "a") -> RemoteWork:
    """Return work that takes minutes."""
    return remote(places, "sweep seeds", Config(), 20, 500_000, None, owner=owner)


def done(work: RemoteWork) -> RemoteWork:
    """Return the work when it is done."""
    while not work.advance(1.0):
        pass
    return work


def begun(work: RemoteWork) -> psutil.Process:
    """Return the process of the work when it has begun."""
    while not work.share:
        assert not work.advance(0.05)
    assert work.place is not None
    return psutil.Process(work.place.number)


def gone(one: psutil.Process) -> bool:
    return not one.is_running()


def test_a_table_read_in_a_process_is_the_table_read_here(places: Places):
    data, config = SAMPLES[SAMPLE](), Config(dataset=OWN, seed=3)
    found = done(remote(places, "open table", data, "t.csv", {}, config)).result
    table = read_table(data, "t.csv")
    here = prepare(table, config=config, columns=profile(table))
    assert found.table.frame.equals(table.frame)
    assert found.table.frame.dtypes.equals(table.frame.dtypes)
    assert found.columns == profile(table)
    assert found.prepared.dataset.inputs.tobytes() == here.dataset.inputs.tobytes()
    assert found.prepared.dataset.notes == here.dataset.notes
    assert np.array_equal(found.prepared.rows, here.rows)
    assert found.prepared.dataset.inputs.flags.writeable


def test_the_result_of_a_process_that_has_ended_is_still_read(places: Places):
    """It ended before the page looked again, so that no sign of life reaches it."""
    work = reading(places, data=SAMPLES[SAMPLE]())
    work.advance(0.0)
    assert work.place is not None
    number = work.place.number
    wait_until(lambda: not psutil.pid_exists(number), "the end of the process")
    work.signed = -1e9  # a sign of life is due
    assert work.advance(1.0)  # on a busy machine there are words of its progress before the result
    assert len(work.result.frame) == 150


def test_a_thread_that_waited_while_another_took_the_result_begins_nothing_anew(places: Places):
    work = done(reading(places, data=SAMPLES[SAMPLE]()))
    found, place = work.result, work.place
    work.step(1.0)  # what that thread does once it has the lock
    assert (work.result, work.place) == (found, place)


def test_what_cannot_be_read_is_said_with_the_same_sentence(places: Places):
    with pytest.raises(ValueError, match="unpack it") as here:
        read_table(b"PK\x03\x04", "t.csv")
    with pytest.raises(ValueError, match="unpack it") as there:
        done(reading(places, data=b"PK\x03\x04"))
    assert str(here.value) == str(there.value)


def test_a_fault_of_ours_is_logged_and_said_without_its_details(places: Places, caplog):
    with pytest.raises(ValueError, match="a fault in the program"):
        done(reading(places, data=None))
    assert "TypeError" in caplog.text or "AttributeError" in caplog.text


def test_progress_comes_while_it_works(places: Places):
    work, shares = endless(places), [0.0]
    while len({*shares}) < 4:
        assert not work.advance(0.1)
        shares.append(work.share)
    assert shares == sorted(shares)
    assert work.left > 0


def test_a_stopped_process_is_gone_and_begins_no_more(places: Places):
    work = endless(places)
    one = begun(work)
    work.stop()
    wait_until(lambda: gone(one), "the end of the process")
    assert not work.advance(0.2)
    assert gone(one)
    assert done(reading(places, data=b"a,b\n1,2\n")).result.frame.shape == (1, 2)


def test_a_killed_process_is_said_once_and_costs_nobody_else_anything(places: Places):
    work, other = endless(places), reading(places, "b")
    one = begun(work)
    begun(other)
    os.kill(one.pid, signal.SIGKILL)
    with pytest.raises(ValueError, match=LOST):
        done(work)
    assert len(done(other).result.frame) == 400_000


def test_work_that_nobody_has_any_more_ends_with_its_process(places: Places):
    work = endless(places)
    one = begun(work)
    del work
    gc.collect()
    wait_until(lambda: gone(one), "the end of the process")


def test_a_process_is_gentle_and_ends_after_its_work(places: Places):
    work = reading(places)
    one = begun(work)
    assert one.nice() == GENTLE
    done(work)
    wait_until(lambda: gone(one), "the end of the process")


def test_short_work_that_a_person_waits_for_comes_before_searches(places: Places):
    step = load_lessons()["four_points"].steps[0]
    run = replace(step.runs[0], epochs=10**6)
    one = begun(remote(places, "run lesson", replace(step, runs=(run,))))
    assert one.nice() == WAITED_FOR < GENTLE


def test_who_finds_no_place_waits_until_one_is_free(places: Places):
    first, second, third = (endless(places, owner) for owner in "abc")
    begun(first)
    begun(second)
    assert not third.advance(0.2)
    assert third.waiting
    first.stop()
    begun(third)


def test_a_session_works_on_one_thing_at_a_time(places: Places):
    first, second = endless(places), reading(places)
    begun(first)
    assert not second.advance(0.2)
    assert second.waiting
    first.stop()
    begun(second)


def test_work_that_is_left_makes_room_and_begins_anew(places: Places, monkeypatch):
    monkeypatch.setattr("pages.live.jobs.places.LEFT", 0.5)
    first, second, third = reading(places), endless(places, "b"), endless(places, "c")
    one = begun(first)
    begun(second)
    sleep(0.6)
    assert not second.advance(0.05)
    begun(third)
    wait_until(lambda: gone(one), "the end of the process")
    second.stop()
    assert len(done(first).result.frame) == 400_000


def test_the_operator_sees_how_many_processes_work(places: Places, monkeypatch):
    monkeypatch.setattr(places_module, "places", cache(lambda tables: places))
    assert places_module.working() == 0
    work = RemoteWork("a", "sweep seeds", Config(), 20, 500_000, None, places=places_module.places)
    begun(work)
    assert places_module.working() == 2  # both groups have the same places here
    work.stop()
    assert places_module.working() == 0


class Pipe:
    """Stands in for a connection on which signs of life come at given looks."""

    def __init__(self, signs: list[bool]) -> None:
        self.signs, self.sent, self.waited = signs, [], 0

    def poll(self, seconds: float) -> bool:
        return bool(self.signs) and self.signs.pop(0)

    def recv_bytes(self) -> bytes:
        self.waited += 1
        return b"1"

    def send_bytes(self, data: bytes) -> None:
        self.sent.append(data)


def test_a_process_pauses_when_nobody_looks(monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr(process, "monotonic", lambda: now[0])
    pipe = Pipe([])
    reporter = process.Reporter(pipe)
    now[0] = process.PATIENCE - 0.1
    reporter.report(process.Progress(0.1))
    assert pipe.waited == 0
    now[0] = process.PATIENCE + 0.1
    reporter.report(process.Progress(0.2))
    assert pipe.waited == 1  # it has waited for a sign of life
    now[0] += 1.0
    reporter.report(process.Progress(0.3))
    assert pipe.waited == 1


def test_the_end_of_the_server_ends_the_processes(nursery: Nursery):
    number, connection = nursery.start_job(10)
    one = psutil.Process(number)
    connection.close()
    began = monotonic()
    wait_until(lambda: gone(one), "the end of the process")
    assert monotonic() - began < 10
