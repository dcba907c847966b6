"""The page Your data as a person uses it: upload, choose, train, judge, take along, open again."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Download, Page, expect

from engine.export.project import open_project
from engine.problems.sample_tables import SAMPLES
from engine.tables.reading.reader import read_table
from tests.browser.conftest import WINDOW
from tests.browser.driver import Player, Server, choose, settled

TARGET = "Blattlänge (cm)"
LATIN = SAMPLES["iris from Germany.csv"]()


@pytest.fixture
def data(page: Page, server: Server) -> Page:
    """The page, open at the first step."""
    page.goto(f"{server.url}/data")
    page.get_by_text("No file at hand").wait_for()
    return page


def upload(page: Page, content: bytes, name: str) -> None:
    """Give the page a file, as the file dialog does."""
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(file)


def go(page: Page, step: str) -> None:
    """Click on a step or a side."""
    page.get_by_test_id("stMain").get_by_role("radio", name=step).click()


def download(page: Page, label: str) -> bytes:
    """The file behind a button."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    file: Download = waiting.value
    return Path(file.path()).read_bytes()


def test_a_table_with_decimal_commas_in_latin_1_from_upload_to_project_and_back(
    data: Page, tmp_path: Path
):
    """All that is saved is of the epoch on the screen, whatever the player did: kind 33."""
    upload(data, LATIN, "Blüten.csv")
    expect(data.get_by_text("Blüten.csv").first).to_be_visible()
    expect(data.get_by_text("150 rows, 5 columns")).to_contain_text("encoding: cp1252")
    expect(data.get_by_text("150 rows, 5 columns")).to_contain_text("decimal mark: comma")
    a_refused_file_says_why_and_a_large_one_can_be_stopped(data, tmp_path)
    a_telephone_shows_all_as_far_as_the_columns(data)
    choose(data.get_by_role("combobox").first, TARGET)
    expect(data.get_by_text("6 inputs from 4 columns.")).to_be_visible()
    player = train_on_table(data)
    player.speed(5)
    player.press("Train")
    player.wait_epoch(60)
    player.pause()
    player.scrub(20)
    go(data, "Save")  # at once: the server has not heard of a rest yet
    expect(data.get_by_text("The network after epoch 20")).to_be_visible()
    before = download(data, "Predictions")
    predicts_the_target(before)
    saved = download(data, "Project")
    assert open_project(saved).run.epochs >= 60
    go(data, "Evaluate")
    expect(data.get_by_text(re.compile("^Epoch 20, "))).to_contain_text("of the test part")
    expect(data.get_by_text("Predicted and true values")).to_be_visible()
    comes_back(data, saved)
    each_epoch_has_its_predictions(data, before)


def predicts_the_target(predictions: bytes) -> None:
    """Read the saved table, which is spelled as the one that was uploaded."""
    table = read_table(predictions, "p.csv").frame
    said = table[f"predicted {TARGET}"].str.replace(",", ".").astype(float)
    known = read_table(LATIN).frame[TARGET].str.replace(",", ".")
    error = np.abs(said - pd.to_numeric(known, errors="coerce"))
    assert error.mean() < 1


def comes_back(data: Page, saved: bytes) -> None:
    """Open the saved project in a page that has forgotten everything."""
    data.reload()
    data.get_by_text("No file at hand").wait_for()
    upload(data, saved, "deltascope-project.zip")
    player = with_first_frame(data)
    assert player.epoch == open_project(saved).epoch == 20
    go(data, "Columns")
    expect(data.get_by_role("button", name="Train again from the start")).to_be_visible()
    go(data, "Train")


def each_epoch_has_its_predictions(data: Page, of_20: bytes) -> None:
    """A step leads to others, and back at epoch 20, also where it is typed in, are the same."""
    player = with_first_frame(data)
    player.step()
    go(data, "Save")
    expect(data.get_by_text("The network after epoch 21")).to_be_visible()
    assert download(data, "Predictions") != of_20
    data.get_by_label("Epoch", exact=True).fill("20")
    data.get_by_label("Epoch", exact=True).press("Enter")
    expect(data.get_by_text("The network after epoch 20")).to_be_visible()
    assert download(data, "Predictions") == of_20
    go(data, "Train")
    player.wait_shown("epoch === 20", "the epoch that was typed in")


def train_on_table(page: Page) -> Player:
    """Return the player of the page Train, opened for the table, with its first frame."""
    page.get_by_role("button", name="Train on this table").click()
    return with_first_frame(page)


def with_first_frame(page: Page) -> Player:
    """Return the player on the page once it shows something."""
    player = Player(page)
    player.wait_shown("frames > 0", "the first frame")
    return player


def playing(page: Page, epoch: int) -> Player:
    """The player of a sample's run once it has come to an epoch."""
    page.get_by_role("button", name="iris", exact=True).click()
    page.get_by_role("button", name="Next: columns").click()
    player = train_on_table(page)
    player.press("Train")
    player.wait_epoch(epoch)
    return player


def test_what_is_pressed_next_is_about_the_epoch_on_the_screen_kind_33(data: Page):
    player = playing(data, 10)
    evaluates(data, player.pause())
    go(data, "Train")
    evaluates(data, with_first_frame(data).step())
    a_click_on_the_confusion_matrix_shows_the_rows(data)


def evaluates(data: Page, epoch: int) -> None:
    """Go on as quickly as a person from one button to the next; the page is asked for the time."""
    data.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    go(data, "Evaluate")
    expect(data.get_by_text(re.compile(rf"^Epoch {epoch}, "))).to_contain_text("of the test part")


def a_click_on_the_confusion_matrix_shows_the_rows(data: Page) -> None:
    plot = data.locator(".js-plotly-plot .heatmaplayer image").first
    plot.wait_for()
    box = plot.bounding_box()
    assert box
    data.mouse.move(box["x"] + box["width"] / 6, box["y"] + box["height"] / 6)
    data.wait_for_timeout(500)  # Plotly chooses what the pointer has been found over
    data.mouse.click(box["x"] + box["width"] / 6, box["y"] + box["height"] / 6)
    rows = data.get_by_role("combobox", name="Rows in this cell")
    expect(rows).to_have_value(re.compile(r"setosa, predicted setosa: \d+"))
    expect(data.locator("[data-testid=stDataFrame]")).to_have_count(2)
    expect(data.get_by_role("button", name="Step through the selected row")).to_be_disabled()
    table = data.locator("[data-testid=stDataFrame]").nth(1)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 14, "y": 52})  # the tick of the first row
    data.get_by_role("button", name="Step through the selected row").click()
    data.wait_for_url("**/step?**")
    expect(data.get_by_text(re.compile(r"Line \d+ of iris\.csv"))).to_be_visible()
    expect(data.get_by_role("heading", name="Check the gradients")).to_be_visible()


def a_refused_file_says_why_and_a_large_one_can_be_stopped(data: Page, folder: Path) -> None:
    """The old table stays."""
    upload(data, b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv")
    expect(data.get_by_text("The previous table stays open.")).to_be_visible()
    expect(data.get_by_text("150 rows, 5 columns")).to_be_visible()
    rows = np.random.default_rng(0).normal(size=(1500, 13)).round(4)
    some = pd.DataFrame(rows).to_csv(index=False, header=False)
    large = folder / "large.csv"
    large.write_text(some * 100)
    data.locator("input[type=file]").first.set_input_files(large)
    data.get_by_role("button", name="Stop reading").click()
    expect(data.get_by_text("Reading large.csv was stopped.")).to_be_visible()


def a_telephone_shows_all_as_far_as_the_columns(data: Page) -> None:
    data.set_viewport_size({"width": 390, "height": 844})
    nothing_is_clipped(data)
    data.get_by_role("button", name="Next: columns").click()
    data.get_by_role("button", name="Train on this table").wait_for()
    nothing_is_clipped(data)
    data.set_viewport_size(WINDOW)


def nothing_is_clipped(data: Page) -> None:
    """Hold that all is in sight; a table and the lines of a file have bars of their own."""
    settled(data)
    wide = data.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => !e.closest("
        "'[data-testid=stDataFrame], pre *') && e.getBoundingClientRect().right > innerWidth + 1)"
        ".length"
    )
    assert wide == 0
