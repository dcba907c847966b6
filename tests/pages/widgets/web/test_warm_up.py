"""What the server does ahead of its first visitor, in a process of its own; what it gives back."""

import asyncio
import gc
import subprocess
import sys
import weakref
from unittest.mock import MagicMock
from weakref import WeakValueDictionary

import pytest
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from pages.widgets.session import Session
from pages.widgets.web import warm_up

FIRST = """
import asyncio, gc, sys, time
from pages.widgets.web import warm_up

names = [f"pages.widgets.{name}" for name in ("train.player", "compare.player")]
warm_up.prepare_server()
assert [name in sys.modules for name in names] == [True, False]
assert gc.get_freeze_count() > 100_000


async def visited():
    task = asyncio.create_task(warm_up.warm_up())
    await asyncio.sleep(0.2)
    assert names[1] not in sys.modules, "it waits: the last visitor may still load the page"
    warm_up.CALM = 0.0
    await task


asyncio.run(visited())
assert names[1] in sys.modules
begun = time.process_time()
gc.collect()
assert time.process_time() - begun < 0.02, "nothing is left to look through"
"""


def test_a_visitor_waits_for_no_module_and_no_long_search_for_garbage():
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_memory_of_sessions_that_have_ended_is_given_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(warm_up, "EVERY", 0.01)

    async def watched(seen: weakref.ref[Session]) -> None:
        task = asyncio.create_task(warm_up.collect_the_ended())
        for _ in range(200):
            await asyncio.sleep(0.01)
            if seen() is None:
                break
        task.cancel()

    gc.disable()
    try:
        own = Session()
        own.comparing = own  # objects that refer to each other, as those of Streamlit do
        seen = weakref.ref(own)
        del own
        assert seen() is not None
        asyncio.run(watched(seen))
        assert seen() is None
    finally:
        gc.enable()


def test_a_session_that_something_else_holds_is_searched_for_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(warm_up, "EVERY", 0.001)
    manager, held = MagicMock(), list[Session]()
    searches, trims = list[tuple[int, bool]](), list[int]()
    monkeypatch.setattr(warm_up, "session_manager", lambda: manager)
    monkeypatch.setattr(warm_up, "SESSIONS", sessions := WeakValueDictionary[str, Session]())
    monkeypatch.setattr(
        warm_up, "collect", lambda everything: searches.append((len(held), everything))
    )
    monkeypatch.setattr(warm_up, "give_back_free_pages", lambda: trims.append(len(held)))

    async def watched() -> None:
        task = asyncio.create_task(warm_up.collect_the_ended())
        for pages, kept in ((1, 1), (1, 2), (0, 2), (1, 3), (0, 1)):
            manager.list_sessions.return_value = [MagicMock()] * pages
            del held[kept:]
            held.extend(Session() for _ in range(kept - len(held)))
            sessions.update({one.live.token: one for one in held})
            await asyncio.sleep(0.1)
        task.cancel()

    asyncio.run(watched())
    assert searches == [(2, False), (2, True), (3, False), (1, True)]
    assert trims == [1]  # the last two have ended, and nothing had to be searched for them


@pytest.mark.parametrize(("seconds", "left"), [(0, 0), (60, 1)])
def test_a_session_that_was_closed_long_ago_ends_though_no_other_page_is_closed(
    seconds: int, left: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Runtime, "_instance", None)
    stored = MemorySessionStorage(ttl_seconds=seconds)
    files, media = MagicMock(), MagicMock()
    Runtime(RuntimeConfig("app.py", media, files, session_storage=stored))
    session = MagicMock(id="closed")
    seen = weakref.ref(session)
    stored.save(SessionInfo(None, session))
    del session
    warm_up.end_the_expired()
    gc.collect()
    assert (seen() is not None) == bool(left)
    assert warm_up.nobody_is_there() == (not left)


def test_a_session_that_was_open_during_the_warm_up_is_freed():
    own = Session()
    own.comparing = own
    seen, frozen = weakref.ref(own), gc.get_freeze_count()
    warm_up.freeze_unless_visited()
    assert gc.get_freeze_count() == frozen
    gc.freeze()  # it came in that moment
    try:
        del own
        warm_up.collect(everything=False)
        assert seen() is not None
        warm_up.collect(everything=True)
        assert seen() is None
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
