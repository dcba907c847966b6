"""kind 52: a page comes back by itself after its server was killed and started again."""

import re
import signal
import time

from playwright.sync_api import Page, Request, expect

from tests.browser.driver import (
    PATIENCE,
    Player,
    Server,
    beside,
    healthy,
    serve,
    wait_until,
)
from tests.browser.test_data import train_on_table, upload

SOON = 3.0  # seconds from a healthy server to the page's own request for itself
STARTED = "**/app/static/started"
AWAY = "The server does not answer"
COMPARED = "/compare?runs=v%3D1%26hidden%3D3~v%3D1%26hidden%3D2"


def killed(server: Server, pages: list[Page]) -> None:
    """Kill the server, and wait until the pages say that it is gone, and nothing else."""
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    for page in pages:
        page.get_by_text(AWAY).wait_for()
    pages[0].wait_for_timeout(6000)
    for page in pages:
        assert page.get_by_test_id("stDialog").locator("visible=true").count() == 0
        assert page.get_by_text("internet").locator("visible=true").count() == 0


Asked = dict[str, tuple[str, float]]


def listen(pages: dict[str, Page]) -> Asked:
    """What is filled, by its key, with where and when each page first asks for itself."""
    asked: Asked = {}

    def hear(key: str, page: Page) -> None:
        def heard(request: Request) -> None:
            if request.resource_type == "document":
                asked.setdefault(key, (request.url, time.monotonic()))

        page.on("request", heard)

    for key, page in pages.items():
        hear(key, page)
    return asked


def back(pages: dict[str, Page], asked: Asked) -> None:
    """Hold that each page loads itself anew soon, at an address with its key in it."""
    begun = time.monotonic()
    one = next(iter(pages.values()))
    while len(asked) < len(pages) and time.monotonic() < begun + PATIENCE:
        one.wait_for_timeout(20)
    assert asked.keys() == pages.keys()
    for key, page in pages.items():
        url, when = asked[key]
        assert key in url
        assert when - begun < SOON, url
        page.get_by_text(AWAY).wait_for(state="detached")


def trained_on_a_table(page: Page) -> None:
    """Open a table of a person's own, and its player."""
    page.get_by_text("No file at hand").wait_for()
    upload(page, b"a,b,y\n" + b"1,2,0\n3,4,1\n5,1,0\n" * 20, "t.csv")
    page.get_by_role("button", name="Next: columns").click()
    train_on_table(page)
    page.wait_for_url("**dataset=own**")


def test_kind_52_pages_are_back_soon_and_the_player_at_its_epoch(quiet: Page, port: int):
    """A table of a person's own has to be opened again, and that is said."""
    page = quiet
    with serve(port=port) as server:
        player = Player(page).open(f"{server.url}/?dataset=moons&hidden=8")  # a cold deep link
        untouched_by_a_pause_of_the_network(player, server)
        data = beside(page, f"{server.url}/data")
        pages = {"dataset=moons": page, "/data": data}
        trained_on_a_table(data)
        late = at_its_first_epoch(beside(page, server.url + COMPARED))
        page.bring_to_front()
        player.press("Train")
        player.wait_epoch(31)
        address = late.page.url
        late.page.route(STARTED, lambda route: route.abort())
        killed(server, [*pages.values(), late.page])
        epoch, losses = player.epoch, [player.readout(name) for name in ("train", "validation")]
        assert f"epoch={epoch}&" in page.url
        expect(data.get_by_text("open the file again")).to_be_visible()
        asked = listen(pages)
    with serve(port=port) as server:
        back(pages, asked)
        assert data.url.startswith(f"{server.url}/data")
        data.get_by_text("No file at hand").wait_for()
        data.close()
        is_back(player, epoch)
        assert [player.readout(name) for name in ("train", "validation")] == losses
        assert player.step() == epoch + 1
        page.wait_for_url(f"**epoch={epoch + 1}&**")
        it_is_the_old_address_although_streamlit_was_quicker(late, address)


def at_its_first_epoch(page: Page) -> Player:
    """The player of a page that has just been opened, once its address names epoch 1."""
    player = Player(page)
    player.wait_shown("frames > 0", "the first frame")
    player.step()
    page.wait_for_url(re.compile("[?&]epoch=1(&|$)"))
    return player


def is_back(player: Player, epoch: int) -> None:
    """Wait until the player is at the epoch of before."""
    player.wait(lambda: player.root.count() > 0 and player.frames > 0, "the player")
    player.wait(lambda: player.epoch == epoch, "the epoch of before")


def it_is_the_old_address_although_streamlit_was_quicker(player: Player, address: str) -> None:
    """Streamlit has connected while our own question was not answered yet."""
    page = player.page
    page.bring_to_front()
    page.locator("[data-test-connection-state=CONNECTED]").wait_for()
    page.wait_for_timeout(2000)
    with page.expect_request(lambda one: one.resource_type == "document") as waiting:
        page.unroute(STARTED)
    assert waiting.value.url == address
    is_back(player, 1)


def untouched_by_a_pause_of_the_network(player: Player, server: Server) -> None:
    """A network that was gone for a while costs nothing."""
    page = player.page
    page.evaluate("window.untouched = true")
    server.process.send_signal(signal.SIGSTOP)
    page.evaluate(
        "document.querySelector('[data-test-connection-state]')"
        ".setAttribute('data-test-connection-state', 'PINGING_SERVER')"
    )
    page.get_by_text(AWAY).wait_for()
    server.process.send_signal(signal.SIGCONT)
    wait_until(lambda: healthy(server), "the server")
    page.evaluate(
        "document.querySelector('[data-test-connection-state]')"
        ".setAttribute('data-test-connection-state', 'CONNECTED')"
    )
    page.get_by_text(AWAY).wait_for(state="detached")
    assert page.evaluate("window.untouched")
    assert player.step() == 1
