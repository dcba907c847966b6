"""The file of a run plays without a network, and shows the numbers that the app shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Player, Server

EPOCHS = (0, 17, 60)
HOSTILE = "<img src=http://e.vil/a.png onerror=alert(1)>"


def numbers(player: Player) -> dict[str, str]:
    """What the player shows of an epoch: its losses, and the tables of weights and deltas."""
    shown = {name: player.readout(name) for name in ("train", "validation", "train_metric")}
    for view in ("weights", "deltas"):
        tables = player.root.locator(f"[data-view={view}] .tables")
        expect(tables.locator("caption").first).to_contain_text(f"at epoch {player.epoch}")
        shown[view] = tables.inner_text()
    return shown


def shown_at(player: Player, epochs: tuple[int, ...]) -> list[dict[str, str]]:
    """The numbers at each epoch, with the tables of weights and deltas open."""
    for view in ("weights", "deltas"):
        player.root.locator(f"[data-view={view}] summary").click()
    found = []
    for epoch in epochs:
        if player.epoch != epoch:
            player.scrub(epoch)
        found.append(numbers(player))
    return found


def saved_file(page: Page, folder: Path) -> Path:
    """The file of the run on the page, as it was saved."""
    page.get_by_label("Epochs in the file").fill("60")
    page.get_by_label("Epochs in the file").press("Enter")
    page.get_by_role("button", name="Run as one HTML file").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the file").click()
    assert waiting.value.suggested_filename == "deltascope-run-epoch-60.html"
    path = folder / "run.html"
    waiting.value.save_as(path)
    return path


@pytest.fixture
def offline(browser: Browser):
    """A page that has no network; what it asks for and what goes wrong."""
    context = browser.new_context(offline=True, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page, heard
    context.close()


def test_the_file_shows_the_numbers_of_the_app(page: Page, server: Server, offline, tmp_path: Path):
    app = Player(page).open(f"{server.url}/?epoch=60")
    app.wait(lambda: app.epoch == 60, "epoch 60")
    in_app = shown_at(app, EPOCHS)
    path = saved_file(page, tmp_path)

    alone, heard = offline
    film = Player(alone).open(path.as_uri())
    assert (film.state, film.epoch) == ("paused", 0)
    assert shown_at(film, EPOCHS) == in_app
    film.press("Reset")
    film.wait(lambda: film.epoch == 0, "epoch 0")
    assert film.step() == 1
    film.press("Train")
    film.wait_state("finished")
    assert film.epoch == 60
    expect(film.root.get_by_text("The recording ends at epoch 60.")).to_be_visible()
    for name in ("New weights", "New data", "Add a hidden layer", "Try it"):
        assert film.root.get_by_role("button", name=name).count() == 0
    film.press("Backward")
    expect(alone.get_by_role("img", name="Backward view at epoch 60")).to_be_visible()
    with alone.expect_download() as waiting:
        alone.get_by_role("button", name="Save a picture").click()
        alone.get_by_role("button", name="Save Weights as PNG").click()
    assert waiting.value.suggested_filename == "deltascope-weights-epoch-60.png"
    assert heard == [path.as_uri()]
