"""Which sessions end soon after their page has gone: those of closed pages, not of lost ones."""

import asyncio
from collections.abc import Iterator

import pytest
from websockets.frames import CloseCode

from benchmarks.clients.wires import Page
from pages.widgets.web.closed import Closed
from pages.widgets.web.server import MIDDLEWARE
from tests.browser.driver import serve

SOON = 0.4  # seconds
APP = f"""
import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.widgets.web import closed

if get_script_run_ctx(suppress_warning=True) is None:
    closed.SOON = {SOON}
    app = st.App(__file__, middleware=[Middleware(closed.Closed)])
else:
    st.write("There")
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a small page; it ends the sessions of closed pages at once."""
    script = tmp_path_factory.mktemp("small") / "small.py"
    script.write_text(APP)
    with serve(script) as server:
        yield server.url


async def opened(url: str, session: str = "") -> Page:
    """Return a page that knows its session; it asks for one that was there before."""
    page = Page(url)
    await page.open("", session)
    await answered(page)
    return page


async def answered(page: Page) -> None:
    """Wait until the server has run the script of a page, and said for which session."""
    async with asyncio.timeout(20):
        while not page.session:
            await asyncio.sleep(0.01)


async def let_go(page: Page, way: str) -> None:
    """Let a page go: closed as by its browser, its connection lost, or ended by a program."""
    assert page.socket
    page.closing = way != "closed"
    if way == "closed":
        await page.close()
    elif way == "lost":
        page.socket.transport.abort()
    else:
        await page.socket.close(CloseCode.NORMAL_CLOSURE)


@pytest.mark.parametrize(
    ("way", "seconds", "kept"),
    [
        ("closed", 0.0, True),  # Back brings it out of the browser's memory
        ("closed", 2 * SOON, False),
        ("lost", 2 * SOON, True),
        ("ended by a program", 2 * SOON, True),
    ],
)
def test_only_the_session_of_a_closed_page_ends_soon(
    way: str, seconds: float, kept: bool, url: str
):
    async def visited() -> None:
        page = await opened(url)
        await let_go(page, way)
        await asyncio.sleep(seconds)
        again = await opened(url, page.session)
        assert (again.session == page.session) == kept
        if kept:
            await asyncio.sleep(2 * SOON)
            again.session = ""
            await again.run()
            await answered(again)  # it does not end while it is used
        await again.close()

    asyncio.run(visited())


def test_the_server_looks_for_closed_pages():
    assert Closed in [one.cls for one in MIDDLEWARE]
