"""The processes of the tests, forked from one that has loaded the engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.live.jobs.places import Places
from pages.live.nursery import Nursery


@pytest.fixture
def places(nursery: Nursery) -> Iterator[Places]:
    some = Places(2, nursery.start_job)
    yield some
    for place in some.taken:
        place.end()
