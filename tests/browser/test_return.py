"""kind 52: a page comes back by itself after its server was killed and started again."""

import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser.driver import PATIENCE, Player, free_port, healthy, serve, wait_until
from tests.browser.test_data import upload

SOON = 3.0  # seconds from a healthy server to the page's own request for itself
AWAY = "The server does not answer"


@pytest.fixture
def quiet(browser):
    """A page that may complain: it loses its server."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    context.close()


def killed(server, page):
    """Kill the server, and wait until the page says that it is gone."""
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    page.get_by_text(AWAY).wait_for()
    page.wait_for_timeout(6000)
    assert page.get_by_test_id("stDialog").locator("visible=true").count() == 0
    assert page.get_by_text("internet").locator("visible=true").count() == 0


def back(page, path):
    """Wait until the page has reloaded."""
    with page.expect_request(lambda one: one.resource_type == "document") as waiting:
        begun = time.monotonic()
    assert time.monotonic() - begun < SOON
    assert path in waiting.value.url
    page.get_by_text(AWAY).wait_for(state="detached")


def test_kind_52_the_player_is_back_soon_at_the_epoch_of_its_address(quiet):
    port = free_port()
    with serve(port=port) as server:
        player = Player(quiet).open(f"{server.url}/?dataset=moons&hidden=8")
        player.press("Train")
        player.wait_epoch(30)
        epoch = player.pause()
        quiet.wait_for_url(f"**epoch={epoch}**")
        killed(server, quiet)
    with serve(port=port):
        back(quiet, f"epoch={epoch}")
        player.wait(lambda: player.root.count() > 0 and player.frames > 0, "the player")
        player.wait(lambda: player.epoch == epoch, "the epoch of before")
        assert player.step() == epoch + 1


def test_kind_52_it_is_the_old_address_although_streamlit_was_quicker(quiet):
    port = free_port()
    with serve(port=port) as server:
        player = Player(quiet).open(f"{server.url}/?dataset=moons&hidden=8")
        epoch = player.step()
        quiet.wait_for_url(f"**epoch={epoch}**")
        killed(server, quiet)
        quiet.route("**/app/static/started", lambda route: route.abort())
    with serve(port=port):
        app = quiet.locator("[data-test-connection-state=CONNECTED]")
        app.wait_for()  # Streamlit is connected before our own question is answered
        quiet.wait_for_timeout(2000)
        with quiet.expect_request(lambda one: one.resource_type == "document") as waiting:
            quiet.unroute("**/app/static/started")
        assert f"epoch={epoch}" in waiting.value.url
        player.wait(lambda: player.root.count() > 0 and player.frames > 0, "the player")
        player.wait(lambda: player.epoch == epoch, "the epoch of before")


@pytest.mark.parametrize("path", ["/step", "/compare", "/tune", "/theory"])
def test_kind_52_every_page_is_back_soon(quiet, path):
    port = free_port()
    with serve(port=port) as server:
        quiet.goto(server.url + path)
        link = quiet.get_by_test_id("stSidebar").get_by_role("link", name="Theory")
        link.wait_for()
        killed(server, quiet)
    with serve(port=port) as server:
        back(quiet, path)
        link.wait_for()
        assert quiet.url.startswith(server.url + path)


def test_kind_52_it_is_said_that_an_own_table_has_to_be_opened_again(quiet):
    port = free_port()
    with serve(port=port) as server:
        quiet.goto(f"{server.url}/data")
        quiet.get_by_text("No file at hand").wait_for()
        upload(quiet, b"a,b,y\n" + b"1,2,0\n3,4,1\n5,1,0\n" * 20, "t.csv")
        quiet.get_by_role("button", name="Next: columns").click()
        quiet.get_by_role("button", name="Train on this table").click()
        player = Player(quiet)
        player.root.wait_for()
        player.wait(lambda: player.frames > 0, "the first frame")
        killed(server, quiet)
        expect(quiet.get_by_text("open the file again")).to_be_visible()
    with serve(port=port):
        quiet.get_by_text(AWAY).wait_for(state="detached")
        quiet.get_by_text("No file at hand").wait_for()


def test_kind_52_a_network_that_was_gone_for_a_while_costs_nothing(quiet):
    with serve() as server:
        player = Player(quiet).open(server.url)
        quiet.evaluate("window.untouched = true")
        server.process.send_signal(signal.SIGSTOP)
        quiet.evaluate(
            "document.querySelector('[data-test-connection-state]')"
            ".setAttribute('data-test-connection-state', 'PINGING_SERVER')"
        )
        quiet.get_by_text(AWAY).wait_for()
        server.process.send_signal(signal.SIGCONT)
        wait_until(lambda: healthy(server), "the server")
        quiet.evaluate(
            "document.querySelector('[data-test-connection-state]')"
            ".setAttribute('data-test-connection-state', 'CONNECTED')"
        )
        quiet.get_by_text(AWAY).wait_for(state="detached")
        assert quiet.evaluate("window.untouched")
        assert player.step() == 1
