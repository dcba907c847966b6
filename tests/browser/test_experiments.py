"""The seed cloud and the landscape as a person uses them, below the runs side by side."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import OF_COLOURS, SIDE_BAR, faults
from tests.browser.driver import PATIENCE, Player, Server, recolour

MILLISECONDS = 1000 * PATIENCE
XOR = "/compare?dataset=xor_table&hidden=2&learning_rate=1.0&batch_size=0&epochs=200"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(timeout=MILLISECONDS)


def drawn(page: Page, name: str) -> None:
    """Wait until a picture is on the screen."""
    picture = page.locator(f".st-key-{name} .picture .main-svg").first
    expect(picture).to_be_visible(timeout=MILLISECONDS)


def seed(page: Page):
    """The field with the seed that is to be opened."""
    return page.locator(".st-key-cloud-seed input")


def test_the_landscape_and_a_cloud_of_seeds_which_is_clicked_on_and_opened_on_the_train_page(
    page: Page, server: Server
):
    page.goto(server.url + XOR)
    the_landscape_of_the_epoch_on_the_screen_is_drawn_flat_and_in_relief(page)
    press(page, "Train 100 seeds")
    drawn(page, "cloud-picture")
    expect(page.get_by_text("% of 100 seeds.")).to_be_visible()
    others = (SIDE_BAR, "[data-player]")  # test_help.py looks at these
    assert faults(page, but=others) == []
    recolour(page, "dark")
    assert faults(page, rules=OF_COLOURS, but=others) == []
    chosen = seed(page).input_value()
    assert ": accuracy 1, loss " in chosen
    click_on_a_curve(page)
    expect(seed(page)).not_to_have_value(chosen, timeout=MILLISECONDS)
    drawn(page, "cloud-picture")
    clicked = re.search(r"loss (\S+)", seed(page).input_value())
    assert clicked
    press(page, "Open on the Train page")
    player = Player(page)
    player.wait_epoch(200)
    player.wait(lambda: "dataset=xor_table" in page.url, "the choices in the address bar")
    assert float(player.readout("train")) == pytest.approx(float(clicked[1]), rel=0.01)
    assert "hidden" in parse_qs(urlsplit(page.url).query)


def click_on_a_curve(page: Page) -> None:
    page.evaluate(
        """() => {
          const root = document.querySelector(".st-key-cloud-picture .picture");
          const { customdata } = root._fullData.find(({ uid }) => uid === "fan-dot");
          root.emit("plotly_click", { points: [{ customdata: Array.from(customdata[0]) }] });
        }"""
    )


def the_landscape_of_the_epoch_on_the_screen_is_drawn_flat_and_in_relief(page: Page) -> None:
    player = Player(page)
    player.wait_shown("frames > 0", "the first frame")
    for _ in range(3):
        player.step()
    page.wait_for_timeout(600)  # the server hears of an epoch when it rests on the screen
    press(page, "Compute at the epoch shown")
    drawn(page, "landscape-plane")
    drawn(page, "landscape-line")
    expect(page.get_by_text("Around epoch 3")).to_be_visible()
    page.get_by_role("radio", name="3-D").click()
    relief = page.locator(".st-key-landscape-relief .picture canvas").first
    expect(relief).to_be_visible(timeout=MILLISECONDS)
    page.get_by_role("radio", name="flat").click()  # a relief takes seconds in other colours
    drawn(page, "landscape-plane")
    drawn(page, "landscape-line")
