"""A search in a process has the results that it has here, and goes on from any of them."""

from __future__ import annotations

import pytest

from engine.search.local import Tuning
from engine.search.search import Search
from engine.training.config import OWN, Config
from pages.live.jobs.places import Places
from tests.pages.live.jobs.test_experiments import result, source
from tests.pages.live.jobs.test_remote_work import remote

SPACE = {"learning_rate": (0.01, 0.1), "hidden": ((2,), (3, 2)), "patience": (0, 3)}


@pytest.mark.parametrize("dataset", ["moons", OWN])
def test_a_search_in_a_process_is_the_search_here(dataset: str, places: Places):
    config = Config(dataset=dataset, epochs=20)
    data = source().dataset(config) if dataset == OWN else None
    search = Search(SPACE, config, data, 3)
    here = Tuning(search)
    assert here.advance(1000)
    work = remote(places, "tune", search, {})
    while not work.advance(0.05):
        pass
    assert work.result == here.rows
    parts: dict = {}
    for part in work.parts:
        assert not parts.keys() & part.keys()
        parts |= part
    assert parts == here.rows


def test_a_search_goes_on_from_what_is_known(places: Places):
    search = Search(SPACE, Config(dataset="moons", epochs=20), None, 3)
    here = Tuning(search)
    assert here.advance(1000)
    known = dict(list(here.rows.items())[:10])
    assert result(places, "tune", search, known) == here.rows
    assert result(places, "tune", search, dict(here.rows)) == here.rows
