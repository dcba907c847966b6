"""A run that pauses inside an epoch is the same run, bit for bit (kind 42)."""

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from engine.export.project import Project, open_project, project_file
from engine.problems.registry import load_shared
from engine.training import run as module
from engine.training.config import Config
from engine.training.cost import epoch_seconds
from engine.training.run import Run

SMALL = Config(dataset="circle", hidden=(3,), batch_size=1)  # five chunks an epoch
CASES = [
    SMALL,
    replace(SMALL, dropout=0.4, optimizer="adam"),
    replace(SMALL, schedule="plateau", schedule_length=2, l2=0.01),
    replace(SMALL, batch_size=2, dataset="bumps"),
]


@pytest.fixture(autouse=True)
def every_epoch_is_long(monkeypatch):
    monkeypatch.setattr(module, "LONG", 0.0)


def crawled(run: Run, epochs: int) -> int:
    """Train to an epoch in slices of no time; return how often the run paused inside an epoch."""
    pauses = 0
    while run.epochs < epochs and not run.ended:
        run.advance(1, 0.0)
        pauses += run.held is not None
    return pauses


def same(one: Run, other: Run, epoch: int) -> None:
    for found, expected in zip(one.frame(epoch), other.frame(epoch), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert one.losses[: epoch + 1].tobytes() == other.losses[: epoch + 1].tobytes()


@pytest.mark.parametrize("config", CASES)
def test_slices_give_the_same_epochs_bit_for_bit(config):
    whole, slow = Run(config, load_shared(config)), Run(config, load_shared(config))
    whole.advance(6)
    assert crawled(slow, 6) >= 12
    for epoch in (6, 3, 0, 5):
        same(slow, whole, epoch)


@pytest.mark.parametrize("config", CASES)
def test_inside_an_epoch_the_last_complete_one_is_seen(config):
    whole, slow = Run(config, load_shared(config)), Run(config, load_shared(config))
    whole.advance(4)
    crawled(slow, 4)
    slow.advance(1, 0.0)
    assert slow.held is not None
    assert slow.epochs == 4
    same(slow, whole, 4)
    for found, expected in zip(slow.at(4).layers, whole.at(4).layers, strict=True):
        np.testing.assert_array_equal(found.dW, expected.dW)
    same(slow, whole, 2)
    whole.advance(2)
    crawled(slow, 6)
    same(slow, whole, 6)


def test_a_change_inside_an_epoch_begins_at_the_last_complete_one():
    whole, slow = Run(SMALL, load_shared(SMALL)), Run(SMALL, load_shared(SMALL))
    whole.advance(3)
    crawled(slow, 3)
    slow.advance(1, 0.0)
    for run in (whole, slow):
        run.change(3, learning_rate=0.01)
        run.advance(3)
    same(slow, whole, 6)


def test_a_project_saved_inside_an_epoch_holds_the_last_complete_one():
    slow, whole = Run(SMALL, load_shared(SMALL)), Run(SMALL, load_shared(SMALL))
    crawled(slow, 3)
    slow.advance(1, 0.0)
    again = open_project(project_file(Project(slow))).run
    assert again.epochs == 3
    again.advance(2)
    whole.advance(5)
    same(again, whole, 5)


@pytest.mark.parametrize("config", CASES)
def test_going_back_in_slices_ends_at_the_epoch_bit_for_bit(config):
    run, whole = Run(config, load_shared(config)), Run(config, load_shared(config))
    run.advance(9)
    whole.advance(9)
    run.checkpoints.kept = run.checkpoints.kept.only([0])
    run.checkpoints.stride = 1000
    asks = 1
    while not run.reach(7, 0.0):
        asks += 1
    assert asks > 20
    same(run, whole, 7)
    run.reach(5, 0.0)
    assert not run.reach(2, 0.0)  # another wish: the first is given up
    same(run, whole, 2)


def test_the_largest_run_answers_within_its_time_slice():  # an order of magnitude, no benchmark
    config = Config(dataset="circle", size=5000, hidden=(128,) * 6, batch_size=1)
    run = Run(config, load_shared(config))
    assert epoch_seconds(run.live) > 1
    begun = perf_counter()
    run.advance(5, 0.05)
    assert perf_counter() - begun < 1.5
    assert run.held is not None
