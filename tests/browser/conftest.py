"""What the browser tests share: a server, and a tab of a Chromium that each test finds empty."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    ViewportSize,
    expect,
)
from playwright.sync_api import Error as PlaywrightError

from tests.browser.driver import (
    PATIENCE,
    WINDOWLESS,
    Player,
    Server,
    beside,
    chromium,
    free_port,
    serve,
)

WINDOW: ViewportSize = {"width": 1400, "height": 900}
PROBED = ("/_stcore/health", "/_stcore/host-config")
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, so that `-m "not browser"` leaves it out."""
    here = __file__.rpartition("/")[0]
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """The app, shared by all tests of this folder; what it logged must hold no traceback."""
    with serve() as one:
        yield one
        assert "Traceback" not in one.log


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium(WINDOWLESS) as one:
        yield one


class Tab:
    """The tab that all tests share, one after the other.

    A renderer that has compiled the app once opens it again for a third of the work, but only
    while the tab stays open.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport=WINDOW)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()

    def open(self) -> Page:
        """The tab, a new one if a test has closed it."""
        if self.page.is_closed():
            self.page = self.context.new_page()
        return self.page

    def forget(self) -> None:
        """Empty what the page could hand on to the next test."""
        if self.page.is_closed():
            return
        self.page.unroute_all(behavior="ignoreErrors")
        if self.page.url.startswith("http"):
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.context.clear_cookies()

    def leave(self) -> None:
        """End the app, by an empty page of the same site: another site has another renderer."""
        if self.page.is_closed():
            return
        origin = re.match(r"http://[^/]+", self.page.url)
        if origin:
            self.page.route("**/left", lambda route: route.fulfill(content_type="text/html"))
            self.page.goto(f"{origin[0]}/left")
            self.page.unroute("**/left")
        self.page.set_viewport_size(WINDOW)
        self.page.emulate_media(color_scheme="light")


@pytest.fixture(scope="package")
def tab(browser: Browser) -> Iterator[Tab]:
    one = Tab(browser)
    yield one
    one.context.close()


@pytest.fixture
def errors() -> list[str]:
    """What went wrong on the page: a failed script, a missing file, a request elsewhere."""
    return []


def probes(url: str) -> bool:
    """Whether Streamlit looked for its server below a page's own address before the right one."""
    path = urlsplit(url).path
    return path.endswith(PROBED) and not path.startswith("/_stcore")


def left(url: str, words: str) -> bool:
    """Whether the browser still looked for the icon of a page whose server has ended."""
    return urlsplit(url).path == "/favicon.ico" and "ERR_CONNECTION_REFUSED" in words


@contextmanager
def listening(page: Page, **listeners: Callable) -> Iterator[None]:
    """Hear the events of a page until the block ends."""
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


@pytest.fixture
def page(tab: Tab, errors: list[str]) -> Iterator[Page]:
    """An empty page of 1400 by 900; a test that leaves an error behind has failed."""

    def heard(message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not probes(url) and not left(url, message.text):
            errors.append(f"{message.text} ({url})")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname != "127.0.0.1":
            errors.append(f"The page asked another machine for {request.url}")

    def failed(error: PlaywrightError) -> None:
        errors.append(str(error))

    def opened(dialog: Dialog) -> None:
        errors.append(f"A dialog: {dialog.message}")
        dialog.dismiss()

    one = tab.open()
    with listening(one, console=heard, request=asked, pageerror=failed, dialog=opened):
        yield one
        tab.forget()
    tab.leave()
    assert errors == []


@pytest.fixture
def quiet(tab: Tab) -> Iterator[Page]:
    """A further page, that may complain, as one does that loses its server."""
    yield beside(tab.open(), "about:blank")
    for page in tab.context.pages:
        if page is not tab.page:
            page.close()
    tab.context.clear_cookies()


@pytest.fixture(scope="package")
def port() -> int:
    """The port of each server that a test starts: the browser has the files of this address."""
    return free_port()


@pytest.fixture
def player(page: Page, server: Server) -> Callable[[str], Player]:
    """Opens the Train page at a path such as "/?dataset=xor" and returns its player."""
    return lambda path="/": Player(page).open(server.url + path)
