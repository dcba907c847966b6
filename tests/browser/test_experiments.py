"""The seed cloud and the landscape as a person uses them, below the runs side by side."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.driver import PATIENCE, Player, Server

MILLISECONDS = 1000 * PATIENCE
XOR = "/compare?dataset=xor_table&hidden=2&learning_rate=1.0&batch_size=0&epochs=200"
MOONS = "/compare?dataset=moons&hidden=4"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(timeout=MILLISECONDS)


def drawn(page: Page, place: int) -> None:
    """Wait until a picture is on the screen."""
    picture = page.locator(".picture").nth(place).locator(".main-svg").first
    expect(picture).to_be_visible(timeout=MILLISECONDS)


def seed(page: Page):
    """The field with the seed that is to be opened."""
    return page.locator(".st-key-cloud-seed input")


def test_a_seed_of_the_cloud_opens_on_the_train_page(page: Page, server: Server):
    page.goto(server.url + XOR)
    press(page, "Train 100 seeds")
    drawn(page, 0)
    expect(page.get_by_text("% of 100 starts.")).to_be_visible()
    assert ": accuracy 1, loss " in seed(page).input_value()
    press(page, "Open on the Train page")
    player = Player(page)
    player.wait_epoch(200)
    player.wait(lambda: "dataset=xor_table" in page.url, "the choices in the address bar")
    assert float(player.readout("train")) < 0.1
    assert "hidden" in parse_qs(urlsplit(page.url).query)


def test_a_click_on_a_curve_chooses_its_seed(page: Page, server: Server):
    page.goto(server.url + XOR)
    press(page, "Train 100 seeds")
    drawn(page, 0)
    before = seed(page).input_value()
    page.evaluate(
        """() => {
          const root = document.querySelector(".picture");
          const { customdata } = root._fullData.find(({ uid }) => uid === "fan-dot");
          root.emit("plotly_click", { points: [{ customdata: Array.from(customdata[0]) }] });
        }"""
    )
    expect(seed(page)).not_to_have_value(before, timeout=MILLISECONDS)
    drawn(page, 0)


def test_the_landscape_of_the_epoch_on_the_screen_flat_and_in_relief(page: Page, server: Server):
    page.goto(server.url + MOONS)
    player = Player(page)
    player.root.wait_for(state="attached", timeout=MILLISECONDS)
    player.wait(lambda: player.frames > 0, "the first frame")
    for _ in range(3):
        player.step()
    page.wait_for_timeout(600)  # the server hears of an epoch when it rests on the screen
    press(page, "Compute at the epoch shown")
    drawn(page, 1)
    expect(page.get_by_text("Around epoch 3")).to_be_visible()
    page.get_by_role("radio", name="3-D").click()
    expect(page.locator(".picture canvas").first).to_be_visible(timeout=MILLISECONDS)
    drawn(page, 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_grave_fault(scheme, page: Page, server: Server):
    page.emulate_media(color_scheme=scheme)
    page.goto(server.url + XOR)
    press(page, "Train 100 seeds")
    drawn(page, 0)
    assert faults(page) == []
