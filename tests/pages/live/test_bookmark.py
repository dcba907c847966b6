"""A process that is lost costs a moment: another one goes on from what is known of the run."""

import os
import signal
from collections.abc import Iterator
from math import inf

import numpy as np
import pytest

from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.events import Event
from engine.training.history import BLOCK, Shelf
from engine.training.run import Run
from engine.training.run_state import state_of_run
from pages.live.bookmark import MOST_CHECKPOINTS, Bookmark, first_difference
from pages.live.live_session import Live
from pages.live.nursery import Nursery
from pages.live.pool import Pool
from pages.live.view import LiveView, Specification, Standing
from tests.browser.driver import wait_until

CONFIG = Config(batch_size=0)  # quick to train
USUAL = Config()
VIEW = LiveView("run 1", USUAL)


def new_run(config: Config = CONFIG) -> Run:
    return Run(config, load_shared(config))


def marked(run: Run, bookmark: Bookmark, shelf: Shelf) -> None:
    """Keep the state of a run, with the records that the bookmark lacks."""
    bookmark.keep(state_of_run(run, bookmark.first_unknown(tuple(run.events))), shelf)


def test_a_run_goes_on_from_its_bookmark_bit_for_bit():
    run, shelf = new_run(), Shelf()
    bookmark = Bookmark(run)
    for change in (None, 2 * BLOCK, 700, 701):
        if change is not None:
            run.change(change, learning_rate=0.01 + change / 1e6)
        for _ in range(3):
            run.advance(BLOCK)
            marked(run, bookmark, shelf)
        known = bookmark.state_for(tuple(run.events))
        assert known is not None
        assert known.epochs == run.epochs
        assert known.records.tobytes() == run.losses.tobytes()
        assert len(known.checkpoints) <= MOST_CHECKPOINTS < len(run.checkpoints.kept)
        again = Specification(CONFIG, None, tuple(run.events), known).build()
        for epoch in (1, 699, 1501, run.epochs):
            assert np.array_equal(again.at(epoch).theta, run.at(epoch).theta)
    run.advance(BLOCK)
    run.change(run.epochs - 100, learning_rate=0.02)  # after the epoch of the bookmark
    run.advance(50)
    events = tuple(run.events)
    known = bookmark.state_for(events)
    assert known is not None
    assert known.epochs < run.epochs
    other = Specification(CONFIG, None, events, known).build()
    other.advance(run.epochs - other.epochs)
    assert other.losses.tobytes() == run.losses.tobytes()
    assert other.events == run.events


def test_a_bookmark_of_what_was_changed_since_is_not_used():
    run, shelf = new_run(), Shelf()
    bookmark = Bookmark(run)
    run.advance(500)
    marked(run, bookmark, shelf)
    late = state_of_run(run, 500)
    run.change(300, learning_rate=0.02)
    events = tuple(run.events)
    assert bookmark.state_for(events) is None
    assert bookmark.first_unknown(events) == 300
    run.advance(50)
    bookmark.keep(state_of_run(run, 340), shelf)  # it was asked for before the change
    assert bookmark.state is None
    assert bookmark.first_unknown(events) == 0
    bookmark.keep(late._replace(first=0, records=new_run().losses), shelf)
    assert bookmark.state_for(events) is None


def test_what_ended_is_no_state_for_a_run_that_was_changed_after_its_end():
    run = new_run()
    run.advance(20)
    bookmark = Bookmark(run)
    bookmark.keep(state_of_run(run)._replace(finished="Stopped."), Shelf())
    assert bookmark.state_for(()) is not None
    assert bookmark.state_for((Event(run.epochs + 1, "learning_rate", 0.1),)) is None


def test_the_first_difference_of_two_lists_of_events():
    a, b, c = (Event(epoch, "learning_rate", 0.1) for epoch in (10, 20, 30))
    assert first_difference((a, b), (a, b)) == first_difference((), ()) == inf
    assert first_difference((a, b), (a, c)) == first_difference((a, c), (a, b)) == 20
    assert first_difference((a,), (a, b, c)) == first_difference((a, b, c), (a,)) == 20


@pytest.fixture(scope="module")
def pool(nursery: Nursery) -> Iterator[Pool]:
    one = Pool(1, nursery)
    yield one
    one.stop()


def trained(live: Live, epochs: int) -> None:
    """Let the process train the run, and mark it as the server does after each answer."""
    live.train(epochs, 60, VIEW)
    live.mark()


def test_a_killed_process_costs_no_training_from_the_start(pool: Pool):
    live = Live(pool=lambda: pool)
    live.replace(new_run(USUAL))
    trained(live, 3000)
    (copy,) = live.copies
    wait_until(lambda: copy.bookmark is not None and copy.bookmark.state, "a bookmark", 20)
    assert copy.run.epochs == 0  # the copy of the pages stays where it is
    kept = copy.specify().state
    assert kept is not None
    assert kept.epochs >= 3000
    before = pool.workers[0].epochs
    number = pool.workers[0].number
    assert number is not None
    os.kill(number, signal.SIGKILL)
    live.train(kept.epochs + 50, 60, VIEW)
    assert pool.workers[0].epochs - before < 1000
    live.follow(kept.epochs + 50)
    expected = new_run(USUAL)
    expected.advance(copy.run.epochs)
    assert copy.run.losses.tobytes() == expected.losses.tobytes()


def test_a_bookmark_is_not_asked_for_again_at_once(pool: Pool):
    live = Live(pool=lambda: pool)
    live.replace(new_run(USUAL))
    trained(live, 1000)
    (copy,) = live.copies
    assert not copy.wants_bookmark(copy.marked + 1)
    wait_until(lambda: copy.bookmark is not None and copy.bookmark.state, "a bookmark", 20)
    assert not copy.wants_bookmark(copy.marked + 60)  # nothing was trained since
    live.train(2500, 60, VIEW)
    assert copy.wants_bookmark(copy.marked + 60)


def test_a_run_that_nobody_looks_at_lies_in_its_bookmark_alone(pool: Pool):
    live, again = Live(pool=lambda: pool), Live(pool=lambda: pool)
    live.replace(new_run(USUAL))
    again.replace(new_run(USUAL))
    trained(live, 700)
    live.train(2400, 60, VIEW)
    worker, held = pool.workers[0], pool.workers[0].runs
    live.rest()
    wait_until(lambda: worker.runs < held, "the end of the run in the process", 20)
    before = worker.epochs
    again.begin_at(2300, [live])  # the same visitor comes back by a link
    assert again.run is not None
    assert again.run.epochs == 2300
    assert again.run.history.nbytes == BLOCK * again.run.history.kind.itemsize  # the last of three
    wait_until(lambda: worker.runs < held, "the end of the run once more", 20)
    assert live.resting
    live.train(live.reached + 10, 60, VIEW)
    assert worker.epochs == before + 10  # nothing was trained again
    live.follow(live.reached)
    expected = new_run(USUAL)
    expected.advance(live.reached)
    assert live.run is not None
    assert live.run.losses.tobytes() == expected.losses.tobytes()
    assert not live.resting


def test_a_run_that_is_asked_for_again_at_once_stays(pool: Pool):
    live = Live(pool=lambda: pool)
    live.replace(new_run(USUAL))
    live.train(100, 60, VIEW)
    worker, held = pool.workers[0], pool.workers[0].runs
    with live.lock:  # so that the state of the run comes after the next request
        live.rest()
        next_one = live.submit({"id": 1, "kind": "seek", "epoch": 110}, VIEW)
    next_one.result(60)
    live.train(120, 60, VIEW)
    assert (worker.runs, live.resting) == (held, False)


def test_the_states_of_large_networks_are_not_kept():
    config = Config(hidden=(128, 128), batch_size=0)
    run = Run(config, load_shared(config))
    large = Live(pool=lambda: pytest.fail("its process keeps the run"))
    large.replace(run)
    large.copies[0].standing = Standing.of(run)
    large.rest()
    assert not large.resting
    assert not Bookmark(run).is_worth_it(run, 10_000, ())
    small = new_run(USUAL)
    assert Bookmark(small).is_worth_it(small, 10_000, ())
    assert not Bookmark(small).is_worth_it(small, 1, ())
