"""What a process that trains does with its jobs: fair turns, bounded memory, honest faults."""

import threading
from multiprocessing import Pipe
from time import perf_counter

import numpy as np
import pytest

from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.cost import estimate_run_bytes
from engine.training.history import BLOCK
from engine.training.run import Run
from pages.live import worker
from pages.live.view import LiveView, Standing, specification
from pages.live.worker import Desk, Key, Leaving, LiveJob, WantedState
from tests.pages.live.test_payload import unpacked

VIEW = LiveView("run 1", Config())
PLAY = {"id": 5, "kind": "play", "from": 0, "stride": 1, "count": 9}


def job(number=1, token="a", asked=PLAY, view=VIEW, config=None, **more) -> LiveJob:
    config = config or view.config
    known = specification(Run(config, load_shared(config)))
    return LiveJob(number, (Key(token, 1),), asked, view, specifications=(known,), **more)


def worked(desk: Desk) -> list[worker.LiveResult]:
    """Return the results of all jobs in the order in which they are there."""
    results = []
    while desk.waiting:
        result = desk.step()
        if result is not None:
            results.append(result)
    return results


def test_a_long_replay_waits_for_the_bursts_of_the_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.answers.SLICE", 0.002)
    monkeypatch.setattr("pages.live.answers.MOST_SLICES", 200)  # longer than to build three runs
    desk = Desk(2**30)
    desk.take(job(1, asked={"id": 1, "kind": "seek", "epoch": 10**6}))
    worked(desk)
    desk.take(job(100, asked={"id": 2, "kind": "seek", "epoch": 10**6}))
    for place, token in enumerate("bcd"):
        desk.take(job(200 + place, token))
    order = [result.number for result in worked(desk)]
    assert order[-1] == 100
    assert sorted(order[:-1]) == [200, 201, 202]


def test_a_session_that_was_away_has_saved_up_no_time():
    desk = Desk(2**30)
    desk.take(job(1, "a"))
    desk.take(job(2, "b"))
    worked(desk)
    for number in range(3, 9):
        desk.take(job(number, "a"))
        worked(desk)
    desk.take(job(10, "b"))
    assert desk.used["b"] >= desk.least > 0


def test_a_run_that_is_not_known_is_asked_for_and_then_kept():
    desk = Desk(2**30)
    assert desk.take(job()._replace(specifications=())).missing
    desk.take(job())
    (first,) = worked(desk)
    assert desk.take(job()._replace(specifications=())) is None
    (again,) = worked(desk)
    assert unpacked(first.answer)[1]["epochs"].tolist() == list(range(1, 10))
    assert first.standings == again.standings == (Standing(9, (), ""),)
    for name, array in unpacked(first.answer)[1].items():
        assert array.tobytes() == unpacked(again.answer)[1][name].tobytes()


def test_a_small_run_does_not_wait_for_a_large_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.answers.SLICE", 0.001)
    desk = Desk(2**30)
    large = Config(hidden=(32, 32), size=500, batch_size=1)
    desk.take(job(1, "large", {**PLAY, "count": 100}, config=large))
    desk.take(job(2, "small"))
    assert [result.number for result in worked(desk)] == [2, 1]


@pytest.mark.parametrize(("others", "frames"), [(0, 90), (8, 45)])
def test_an_answer_is_shorter_while_others_wait(others: int, frames: int):
    desk = Desk(2**30)
    for place in range(1 + others):
        desk.take(job(place, f"visitor {place}", {**PLAY, "count": 90}))
    answers = {result.number: result.answer for result in worked(desk)}
    assert len(unpacked(answers[0])[1]["epochs"]) == frames


def test_memory_is_given_back_by_the_run_that_was_not_used_for_the_longest_time():
    desk = Desk(1)
    for number, token in enumerate("abca", 1):
        desk.take(job(number, token))
        worked(desk)
    assert [key[0] for key in desk.runs] == ["a"]
    assert list(desk.bytes) == list(desk.runs)
    roomy = Desk(2**40)
    for token in "abc":
        roomy.take(job(token=token))
    worked(roomy)
    assert len(roomy.runs) == 3
    roomy.take(Leaving("b"))
    roomy.take(Leaving("a", "compare"))  # another player of the session
    assert [key[0] for key in roomy.runs] == ["a", "c"]
    roomy.take(Leaving("c", "train"))
    assert [key[0] for key in roomy.runs] == ["a"]


def test_runs_that_grow_push_out_those_that_nobody_watches_and_no_others():
    estimated = estimate_run_bytes(Config(), load_shared(Config()))
    desk = Desk(3 * estimated + 6 * BLOCK * 48)
    for token in "abc":
        desk.take(job(token=token))
        worked(desk)
    assert desk.figures.bytes == sum(desk.bytes.values()) + 3 * BLOCK * 48
    desk.pacer.forget("b")  # its player has not asked for anything for a while
    history = desk.runs[Key("c", 1)].run.history
    history.put(0, np.zeros(5 * BLOCK, history.kind))
    desk.take(job(token="c"))
    worked(desk)
    assert [key.token for key in desk.runs] == ["a", "c"]


def test_a_run_forgotten_while_its_job_waits_is_asked_for_again():
    desk = Desk(2**30)
    desk.take(job())
    worked(desk)
    desk.take(job()._replace(specifications=()))
    desk.take(Leaving("a"))
    assert worked(desk)[0].missing


def test_a_new_run_of_a_session_takes_the_place_of_its_old_one():
    desk = Desk(2**30)
    desk.take(job())
    worked(desk)
    desk.take(job()._replace(keys=(Key("a", 2),)))
    worked(desk)
    assert list(desk.runs) == [Key("a", 2)]


def test_a_change_after_a_replay_takes_effect_at_the_epoch_on_the_screen():
    desk = Desk(2**30)
    view = VIEW._replace(config=Config(learning_rate=0.3))
    asked = {"id": 6, "kind": "apply", "at": 25}
    desk.take(job(1, "a", asked, view, Config()))  # built anew, at epoch 0
    (result,) = worked(desk)
    expected = Run(Config(), load_shared(Config()))
    expected.advance(25)
    expected.change(25, learning_rate=0.3)
    assert result.standings == (Standing.of(expected),)
    assert unpacked(result.answer)[0]["forget_after"] == 24


def test_a_state_comes_with_the_records_that_are_wanted():
    desk = Desk(2**30)
    desk.take(job())
    desk.take(job(2, asked=None, state=WantedState(first=4)))
    state = worked(desk)[-1].state
    assert (state.epochs, state.first, len(state.records)) == (9, 4, 6)


def test_a_fault_is_reported_and_the_run_is_built_anew(monkeypatch: pytest.MonkeyPatch):
    desk = Desk(2**30)
    monkeypatch.setattr(worker, "answering_view", lambda *_: 1 / 0)
    desk.take(job())
    (result,) = worked(desk)
    assert "ZeroDivisionError" in result.fault
    assert not desk.runs


def test_choices_that_cannot_be_trained_are_a_fault_in_words():
    desk = Desk(2**30)
    bad = job()
    bad = bad._replace(specifications=(specification_of_nothing(bad),))
    desk.take(bad)
    (result,) = worked(desk)
    assert "cannot be trained" in result.fault


def specification_of_nothing(one: LiveJob):
    class Broken:
        def build(self) -> Run:
            raise ValueError("This cannot be trained.")

    return Broken()


def test_free_memory_goes_back_now_and_then_whether_there_is_work_or_not(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(worker, "GIVE_BACK", 0.02)
    monkeypatch.setattr(worker, "give_back_large_blocks", lambda: None)  # of this process
    times, twice = list[float](), threading.Event()

    def note() -> None:
        times.append(perf_counter())
        if len(times) >= 2:
            twice.set()

    monkeypatch.setattr(worker, "give_back_free_pages", note)
    ours, theirs = Pipe()
    serving = threading.Thread(target=worker.serve, args=(theirs, 2**30, 0))
    serving.start()
    assert twice.wait(20)  # nobody has asked for anything
    for number in range(1, 40):
        ours.send(job(number))
        assert ours.recv().number == number
    busy = len(times)
    ours.close()
    serving.join(20)
    assert not serving.is_alive()
    assert busy > 2
    assert min(np.diff(times)) >= 0.02
