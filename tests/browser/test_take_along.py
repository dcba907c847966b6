"""The file of a run plays without a network, and shows the numbers that the app shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from engine.problems.registry import load
from engine.training.config import Config
from pages.live.jobs.recording import record_run
from pages.live.view import Specification
from pages.widgets.train.run_file import run_page
from tests.browser.axe import faults
from tests.browser.driver import Player, Server
from tests.hostile import FAULTS, NAMES

EPOCHS = (0, 17, 60)
SVG = "{http://www.w3.org/2000/svg}"


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
    field = page.get_by_role("spinbutton", name="Epochs in the file")
    field.fill("60")
    field.press("Enter")
    page.get_by_role("button", name="Run as one HTML file").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the file").click()
    assert waiting.value.suggested_filename == "deltascope-run-epoch-60.html"
    path = folder / "run.html"
    waiting.value.save_as(path)
    return path


@pytest.fixture
def offline(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page that has no network; what it asks for and what goes wrong."""
    context = browser.new_context(offline=True, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    page.on("request", lambda one: None if one.url.startswith("blob:") else heard.append(one.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page, heard
    context.close()


def saved_picture(
    page: Page, view: str, kind: str, asked: Callable[[], None] = lambda: None
) -> tuple[str, bytes]:
    """The name and the bytes of a view as a picture of a kind, "PNG" or "SVG".

    `asked` is called between the click and the download.
    """
    page.locator("button[aria-label='Save a picture']").click()
    with page.expect_download() as waiting:
        page.locator(f"button[aria-label='Save {view} as {kind}']").click()
        asked()
    page.keyboard.press("Escape")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_file_shows_the_numbers_of_the_app(
    page: Page, server: Server, offline: tuple[Page, list[str]], tmp_path: Path
):
    app = Player(page).open(f"{server.url}/?epoch=60")
    app.wait_epoch(60)
    in_app = shown_at(app, EPOCHS)
    path = saved_file(page, tmp_path)

    alone, heard = offline
    film = Player(alone).open(path.as_uri())
    assert (film.state, film.epoch) == ("paused", 0)
    assert shown_at(film, EPOCHS) == in_app
    for name in ("New weights", "New data", "Add a hidden layer", "Try it"):
        assert film.root.get_by_role("button", name=name).count() == 0
    assert faults(alone) == []
    film.press("Backward")
    expect(alone.get_by_role("img", name="Backward view at epoch 60")).to_be_visible()
    name, picture = saved_picture(alone, "Weights", "PNG")
    assert name == "deltascope-weights-epoch-60.png"
    assert picture.startswith(b"\x89PNG")

    film.press("Reset")
    film.wait_shown("epoch === 0", "epoch 0")
    assert film.step() == 1
    film.press("Train")
    film.wait_state("finished")
    assert film.epoch == 60
    expect(film.root.get_by_text("The recording ends at epoch 60.")).to_be_visible()
    assert heard == [path.as_uri()]


def test_a_view_is_saved_with_its_axes_and_paper_has_no_buttons(page: Page, server: Server):
    held: list[Route] = []
    page.route("**/plotly.min.js", lambda one: held.append(one))  # it draws the axes
    player = Player(page).open(f"{server.url}/")
    player.wait(lambda: bool(held), "the request for Plotly")
    name, picture = saved_picture(page, "Network", "SVG", held[0].continue_)
    assert name == "deltascope-network-epoch-0.svg"
    root = ElementTree.fromstring(picture)
    texts = {"".join(one.itertext()) for one in root.iter(f"{SVG}text")}
    assert {"Network", "epoch 0", "inputs", "output"} <= texts
    (image,) = root.iter(f"{SVG}image")
    assert image.get("href", "").startswith("data:image/png;base64,")

    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.emulate_media(media="print")
    try:
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        for name in ("Train", "Step", "New weights", "Save a picture", "Run as one HTML file"):
            assert page.get_by_role("button", name=name, exact=True).count() == 0, name
        expect(player.root.locator("[data-view=curves]")).to_be_visible()
        assert player.root.evaluate("(one) => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    finally:
        page.emulate_media(media="null")


def test_names_from_a_table_stay_text_in_the_file(
    offline: tuple[Page, list[str]], tmp_path: Path
):  # kind_41
    config = Config(dataset="digits", hidden=(4,))
    more = tuple(f"pixel {k}" for k in range(64 - len(NAMES)))
    names = {"name": NAMES[10], "input_names": (*NAMES, *more), "classes": NAMES[:10]}
    data = replace(load(config), features=(), **names)
    made = record_run(lambda _: None, Specification(config, data), (), 2)
    path = tmp_path / "hostile.html"
    path.write_text(run_page(made, data.name, NAMES), "utf-8")

    page, heard = offline
    player = Player(page).open(path.as_uri())
    player.root.locator("[data-view=weights] summary").click()
    tables = player.root.locator("[data-view=weights] .tables")
    expect(tables.get_by_text("pixel 12", exact=True)).to_be_attached()
    page.locator("#deltascope-recording").evaluate("(data) => data.remove()")  # it is no text
    assert page.evaluate(FAULTS, [list(NAMES), True]) == []
    assert page.title() == NAMES[10]
    text = " ".join((page.locator("main").text_content() or "").split())
    assert [name for name in NAMES if " ".join(name.split()) not in text] == []
    assert heard == [path.as_uri()]
