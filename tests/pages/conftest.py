"""What the tests of pages share: one process that has loaded the engine, and forks the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.live.nursery import Nursery, nursery_of_server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """The nursery that the pages use too: to start one takes two seconds of a processor.

    The end of a pool does not end it.
    """
    one = nursery_of_server()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one, "stop", lambda: None)
        yield one
    one.stop()
