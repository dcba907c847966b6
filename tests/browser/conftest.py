"""What the browser tests share: a server, a Chromium and its profile; each test has a new page."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from playwright.sync_api import Error as PlaywrightError

from tests.browser.driver import Player, Server, chromium, serve

PROBED = ("/_stcore/health", "/_stcore/host-config")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies in this folder, so that `-m "not browser"` leaves it out."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app, shared by all tests; what it logged must hold no traceback."""
    with serve() as one:
        yield one
        assert "Traceback" not in one.log


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all tests: Chromium keeps the code that it has compiled only within one."""
    one = browser.new_context(viewport={"width": 1400, "height": 900})
    yield one
    one.close()


def forget(page: Page) -> None:
    """Empty what the page could hand on to the next test, and close it."""
    if page.is_closed():
        return
    if page.url.startswith("http"):
        with suppress(PlaywrightError):  # a page whose server has ended has no storage to empty
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()
    page.close()


@pytest.fixture
def errors() -> list[str]:
    """What went wrong on the page: a failed script, a missing file, a request elsewhere."""
    return []


def probes(url: str) -> bool:
    """Whether Streamlit looked for its server below a page's own address before the right one."""
    path = urlsplit(url).path
    return path.endswith(PROBED) and not path.startswith("/_stcore")


@pytest.fixture
def page(context: BrowserContext, errors: list[str]) -> Iterator[Page]:
    """An empty page of 1400 by 900; a test that leaves an error behind has failed."""

    def heard(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not probes(url):
            errors.append(f"{message.text} ({url})")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname != "127.0.0.1":
            errors.append(f"The page asked another machine for {request.url}")

    one = context.new_page()
    one.on("console", heard)
    one.on("request", asked)
    one.on("pageerror", lambda error: errors.append(str(error)))
    yield one
    forget(one)
    assert errors == []


@pytest.fixture
def fresh_server(page: Page) -> Iterator[Server]:
    """The app just started, so that the first request is the test's own: a cold deep link."""
    with serve() as one:
        yield one
        page.close()  # before the server ends: a page that loses its server complains
        assert "Traceback" not in one.log


@pytest.fixture
def player(page: Page, server: Server) -> Callable[[str], Player]:
    """Opens the Train page at a path such as "/?dataset=xor" and returns its player."""
    return lambda path="/": Player(page).open(server.url + path)
