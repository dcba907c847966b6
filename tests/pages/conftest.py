"""What the tests of pages share: one process that has loaded the engine, and forks the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.live.nursery import Nursery


class SharedNursery(Nursery):
    """A nursery that the end of a pool does not end: to start one takes two seconds."""

    def stop(self) -> None:
        """Stay for the pools of other tests."""


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    one = SharedNursery()
    yield one
    Nursery.stop(one)
