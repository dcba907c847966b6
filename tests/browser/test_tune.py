"""The page Tune as a person uses it: start, stop, resume, close the tab, open the best."""

import time
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from engine.search.local import Tuning
from engine.search.search import Search, results_table
from engine.training.config import Config
from tests.browser.axe import OF_COLOURS, SIDE_BAR, faults
from tests.browser.driver import PATIENCE, Player, Server, beside, recolour, settled, wait_until

LONG = "/tune?dataset=moons&epochs=400&search=2.0.0!learning_rate:0.01|0.03|0.1;hidden:3|4|8-4"
ENDLESS = "/tune?dataset=digits&epochs=5000&search=5.0.0!learning_rate:0.01|0.03;hidden:64|128"
MILLISECONDS = 1000 * PATIENCE


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    button(page, name).click()


def opened(page: Page, address: str) -> Page:
    """The page at this address, ready to start."""
    page.goto(address)
    button(page, "Start").wait_for(timeout=MILLISECONDS)
    return page


def through(page: Page) -> None:
    """Wait until the search has finished and its charts are drawn."""
    page.get_by_text("training runs done.").wait_for(timeout=MILLISECONDS)
    expect(page.locator(".picture .main-svg").first).to_be_visible(timeout=MILLISECONDS)


def downloaded(page: Page) -> str:
    """The table as the page hands it out."""
    with page.expect_download() as download:
        press(page, "Table as CSV")
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_small_grid_from_start_to_the_train_page(page: Page, server: Server):
    page.goto(server.url + "/tune")
    button(page, "Iris, 12 candidates").click(timeout=MILLISECONDS)
    page.get_by_text("12 candidates × 5 folds = 60 training runs").wait_for(timeout=MILLISECONDS)
    press(page, "Start")
    through(page)
    expect(page.get_by_text("Best: hidden layers")).to_be_visible()
    assert page.locator(".picture").count() == 2
    press(page, "Open on the Train page")
    player = Player(page)
    player.root.wait_for(state="attached", timeout=MILLISECONDS)
    player.wait_epoch(100)
    player.wait(lambda: "dataset=iris" in page.url, "the choices in the address bar")
    assert parse_qs(urlsplit(page.url).query)["epochs"] == ["100"]
    page.get_by_role("link", name="Tune", exact=True)


def test_stop_and_resume_gives_the_table_of_an_uninterrupted_search(page: Page, server: Server):
    opened(page, server.url + LONG)
    press(page, "Start")
    expect(button(page, "Stop")).to_be_focused()  # it is the same button
    press(page, "Stop")
    button(page, "Resume").wait_for(timeout=MILLISECONDS)
    expect(page.get_by_text("of 18 training runs")).to_be_visible()
    page.get_by_role("link", name="Your data", exact=True).click()
    page.get_by_role("link", name="Tune", exact=True).click()
    press(page, "Resume")
    through(page)
    found = pd.read_csv(StringIO(downloaded(page)))
    expected = uninterrupted().sort_values("rank")
    assert len(found) == len(expected) == 9
    assert found["accuracy"].tolist() == pytest.approx(expected["score"].tolist(), rel=1e-12)
    for name in ("rank", "spread", "train_loss"):
        assert found[name].tolist() == pytest.approx(expected[name].tolist(), rel=1e-12)


def uninterrupted() -> pd.DataFrame:
    """The table of the same search, made in one go by the engine."""
    space = {"learning_rate": (0.01, 0.03, 0.1), "hidden": ((3,), (4,), (8, 4))}
    search = Search(space, Config(dataset="moons", epochs=400), folds=2)
    work = Tuning(search)
    while not work.advance(1.0):
        pass
    return results_table(search, work.rows)


def test_a_search_ends_with_its_tab(page: Page, server: Server):
    page.goto(server.url + "/_stcore/health")
    other = beside(page, server.url + ENDLESS)
    button(other, "Start").click(timeout=MILLISECONDS)
    button(other, "Stop").wait_for(timeout=MILLISECONDS)
    begun = server.cpu_seconds()
    wait_until(lambda: server.cpu_seconds() > begun + 0.5, "the search to work")
    other.close()
    time.sleep(2)
    left = server.cpu_seconds()
    time.sleep(2)
    assert server.cpu_seconds() - left < 0.3


def test_an_address_holds_the_search_axe_finds_no_grave_fault_and_a_phone_shows_all(
    page: Page, server: Server
):
    page.goto(server.url + "/tune?dataset=moons&epochs=5")
    button(page, "Optimizer and rate").click(timeout=MILLISECONDS)
    press(page, "Start")  # at once
    through(page)
    address = page.url
    assert faults(page, but=[SIDE_BAR]) == []  # test_help.py looks at the side bar
    recolour(page, "dark")
    assert faults(page, rules=OF_COLOURS, but=[SIDE_BAR]) == []
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    wide = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-testid=stMain] *')]"
        ".filter((e) => !e.closest('[data-testid=stDataFrame]') && e.checkVisibility())"
        ".map((e) => e.getBoundingClientRect().right))"
    )
    assert wide <= 391
    opened(page, address)
    expect(page.get_by_text("20 candidates × 5 folds = 100 training runs")).to_be_visible()
