"""Runs side by side in a process that trains: one share, one message, no run trained twice."""

import numpy as np
import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.cost import estimate_run_bytes
from engine.training.run import Run
from pages.live.view import LiveView, RunsView, specification
from pages.live.worker import Desk, Key, LiveJob, WantedState
from tests.pages.live.test_payload import unpacked
from tests.pages.live.test_worker import job, worked

SIX = [Config(seed=seed) for seed in range(6)]
VIEW = RunsView("runs 1", "runs=")
PLAY = {"id": 5, "kind": "play", "from": 0, "stride": 1, "count": 9}


def runs_job(configs, asked=PLAY, token="a", first=1, number=7, **more) -> LiveJob:
    keys = tuple(Key(token, k, "compare") for k in range(first, first + len(configs)))
    known = tuple(specification(Run(config, load(config))) for config in configs)
    return LiveJob(number, keys, asked, VIEW, specifications=known, **more)


def test_one_message_holds_the_same_frames_as_single_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.runs_answers.SLICE", 60.0)  # however busy it is
    desk = Desk(2**30)
    desk.take(runs_job(SIX, {**PLAY, "known": [0] * 6}))
    (result,) = worked(desk)
    _, arrays = unpacked(result.answer)
    for k, config in enumerate(SIX):
        frames = list(Run(config, load(config)).play(0, 1, 9, np.inf))
        expected = np.array([frame.theta for frame in frames], "f4")
        assert arrays[f"{k}.theta"].tobytes() == expected.tobytes()
        assert arrays[f"{k}.series_epochs"].tolist() == list(range(1, 10))


def test_a_request_that_is_repeated_gets_the_same_answer():
    desk, answers = Desk(2**30), []
    for _ in range(2):
        desk.take(runs_job(SIX[:3], {**PLAY, "known": [0, 0, 0]}))
        answers.append(unpacked(worked(desk)[0].answer)[1])
    assert answers[0].keys() == answers[1].keys()
    for name, array in answers[0].items():
        assert array.tobytes() == answers[1][name].tobytes()


def test_six_runs_get_the_share_of_one_session(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.answers.SLICE", 0.001)
    monkeypatch.setattr("pages.live.runs_answers.SLICE", 0.001)
    desk = Desk(2**30)
    desk.take(runs_job(SIX))
    worked(desk)
    desk.take(runs_job(SIX, {"id": 6, "kind": "seek", "epoch": 10**5}, number=1))
    desk.take(job(2, "b"))
    chosen = []
    while len(desk.waiting) == 2:
        before = dict(desk.used)
        desk.step()
        (token,) = [one for one in before if desk.used[one] > before[one]]
        assert before[token] == min(before.values())  # the six runs together have one share
        chosen.append(token)
    assert "b" in chosen


def test_a_run_that_is_added_does_not_send_the_others_back_to_the_start():
    desk = Desk(2**30)
    desk.take(runs_job(SIX[:2]))
    worked(desk)
    more = runs_job(SIX[:3])._replace(specifications=())
    assert desk.take(more).missing == (Key("a", 3, "compare"),)
    third = specification(Run(SIX[2], load(SIX[2])))
    desk.take(more._replace(specifications=(None, None, third), asked={"id": 1, "kind": "shown"}))
    (result,) = worked(desk)
    assert [standing.epochs for standing in result.standings] == [9, 9, 0]


def test_runs_that_are_no_longer_compared_are_forgotten_and_the_train_pages_run_is_not():
    desk = Desk(2**30)
    desk.take(job())
    for first in (1, 3, 1):  # the last one is a request that is late
        desk.take(runs_job(SIX[first - 1 : first + 1], first=first))
        worked(desk)
    assert {*desk.runs} >= {Key("a", 3, "compare"), Key("a", 4, "compare")}
    desk.take(runs_job(SIX[2:5], first=3))
    worked(desk)
    desk.forget(Key("a", 5, "compare"))
    assert {*desk.runs} == {Key("a", 1), Key("a", 3, "compare"), Key("a", 4, "compare")}


def test_memory_counts_every_run_that_is_compared():
    desk = Desk(1)
    desk.take(runs_job(SIX))
    worked(desk)
    each = [estimate_run_bytes(config, load(config)) for config in SIX]
    assert sum(desk.bytes.values()) == sum(each)  # none goes while all of them are at work
    desk.take(job(2, "b"))
    worked(desk)
    assert [key.token for key in desk.runs] == ["b"]


def test_the_state_of_one_run_needs_that_run_alone():
    desk = Desk(2**30)
    desk.take(runs_job(SIX[:2]))
    worked(desk)
    wanted = runs_job(SIX[:3], None, state=WantedState(place=1))._replace(
        specifications=(), view=None
    )
    assert desk.take(wanted) is None
    (result,) = worked(desk)
    assert result.state.epochs == result.standings[0].epochs == 9


def test_a_request_that_knows_of_other_runs_gets_the_whole_history():
    desk = Desk(2**30)
    desk.take(runs_job(SIX[:2], {**PLAY, "known": [3]}))
    _, arrays = unpacked(worked(desk)[0].answer)
    assert arrays["1.series_epochs"].tolist() == list(range(10))


def test_a_view_of_one_run_is_answered_as_before():
    desk = Desk(2**30)
    desk.take(job(view=LiveView("run 1", Config())))
    _, arrays = unpacked(worked(desk)[0].answer)
    assert "theta" in arrays
