"""A change during a run: the frames that follow it, and when it comes with another set-up."""

import numpy as np
import pytest

from engine.problems.registry import load
from engine.training.config import LIVE, Config
from engine.training.run import Run
from pages.live import answers
from pages.live.answers import LiveRun, answering
from pages.live.setup import setup
from pages.live.view import LiveView
from tests.pages.live.test_payload import unpacked

CHANGED = {"learning_rate": 0.3, "l1": 0.01, "l2": 0.02, "dropout": 0.4}


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine gets as far as a quiet one."""
    monkeypatch.setattr(answers, "SLICE", 60.0)


def trained(config: Config, epochs: int) -> Run:
    run = Run(config, load(config))
    run.advance(epochs)
    return run


def applied(run: Run, config: Config, **asked: object) -> tuple[dict, dict]:
    """What the player is answered when it asks for the choices of `config`."""
    steps = answering(LiveRun(run), {"id": 1, "kind": "apply", **asked}, LiveView("run 1", config))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return unpacked(end.value)


def test_a_change_while_it_plays_comes_with_the_frames_that_follow_it():
    run = trained(Config(), 60)
    head, arrays = applied(run, Config(learning_rate=0.3), at=40, stride=2, count=5)
    assert (head["forget_after"], head["trained"]) == (39, 50)
    assert arrays["epochs"].tolist() == [40, 42, 44, 46, 48, 50]
    assert arrays["series_epochs"].tolist() == list(range(40, 51))
    expected = trained(Config(), 40)
    expected.change(40, learning_rate=0.3)
    expected.advance(10)
    thetas = [expected.frame(epoch).theta for epoch in range(40, 51, 2)]
    np.testing.assert_array_equal(arrays["theta"], np.asarray(thetas, "f4"))


def test_a_change_of_a_paused_run_trains_no_further():
    run = trained(Config(), 60)
    head, arrays = applied(run, Config(learning_rate=0.3), at=40)
    assert (head["trained"], arrays["epochs"].tolist()) == (40, [40])


def test_no_request_is_answered_with_more_frames_than_any_other():
    _, arrays = applied(trained(Config(), 5), Config(l2=0.1), at=5, stride=1, count=10**6)
    assert len(arrays["epochs"]) == 1 + answers.MOST_FRAMES


@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize("way", ["on", "off", "more"])
def test_a_change_comes_with_a_set_up_where_that_is_another_one(name: str, way: str):
    start = getattr(Config(), name)
    first, second = {
        "on": (start, CHANGED[name]),
        "off": (CHANGED[name], start),
        "more": (CHANGED[name], CHANGED[name] / 2),
    }[way]
    run = trained(Config(**{name: first}), 20)
    before, _ = setup(run, ())
    head, arrays = applied(run, Config(**{name: second}), at=10)
    after, grids = setup(run, ())
    assert ("setup" in head) is (before != after)
    if before == after:
        assert not set(grids) & set(arrays)
    else:
        assert head["setup"]["figures"]["curves"] == after["figures"]["curves"]


def test_only_a_learning_rate_never_needs_another_set_up():
    """What the test above compares differs at all."""
    for name in LIVE:
        run = trained(Config(), 3)
        head, _ = applied(run, Config(**{name: CHANGED[name]}), at=3)
        assert ("setup" in head) is (name != "learning_rate"), name
