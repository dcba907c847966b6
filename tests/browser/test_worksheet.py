"""A worksheet in a real browser: opened by a link, filled in with the keyboard, read on a phone."""

import re
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect

from engine.worksheets import GROUPS, MAZUR_WORKSHEET, right_values, to_query
from pages.figures.base.url import query_text
from pages.figures.lessons.worksheet_text import cell_label
from tests.browser.axe import faults
from tests.browser.conftest import WINDOW
from tests.browser.driver import Server, go_to, recolour, settled, wait_until

LINK = f"lessons?{query_text(to_query(MAZUR_WORKSHEET))}"
WITHOUT_BIAS = "0,0275"  # 0.15 x 0.05 + 0.20 x 0.10


def group_form(page: Page, group: str) -> Locator:
    """The fields and buttons of a group."""
    label = cell_label(MAZUR_WORKSHEET, next(MAZUR_WORKSHEET.cells(group)))
    return page.locator("[data-testid=stForm]").filter(has=page.get_by_label(label, exact=True))


def type_numbers(page: Page, form: Locator, numbers: list[str]) -> None:
    """Type into the boxes with Tab from one to the next, and Enter at the end."""
    form.get_by_role("textbox").first.focus()
    for i, number in enumerate(numbers):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(number)
        page.keyboard.press("Enter" if i == len(numbers) - 1 else "Tab")


def right_numbers(group: str) -> list[str]:
    right = right_values(MAZUR_WORKSHEET)
    return [f"{right[c.quantity][c.row, c.column]:.4f}" for c in MAZUR_WORKSHEET.cells(group)]


def test_a_worksheet_is_opened_by_a_link_and_from_the_list_of_lessons(page: Page, server: Server):
    page.goto(f"{server.url}/{LINK}")
    it_fits_a_phone_and_goes_onto_paper(page)
    it_names_a_mistake_and_is_completed_with_the_keyboard(page)
    go_to(page, "/lessons")
    the_list_of_lessons_leads_to_it_and_back(page, server)


def it_names_a_mistake_and_is_completed_with_the_keyboard(page: Page) -> None:
    form = group_form(page, "Forward")
    form.wait_for()
    given = page.get_by_text("Answer:").count()
    type_numbers(page, form, [WITHOUT_BIAS])
    expect(form.get_by_text("without the bias. Add b⁽¹⁾.")).to_be_visible()
    expect(page.get_by_text("Answer:")).to_have_count(given)
    for group in GROUPS:
        numbers = right_numbers(group)
        form = group_form(page, group)
        type_numbers(page, form, numbers)
        expect(form.get_by_text("Right.", exact=False)).to_have_count(len(numbers))
    expect(page.get_by_text("Every number is right")).to_be_visible()
    expect(page.get_by_text("without the bias")).to_have_count(0)


def it_fits_a_phone_and_goes_onto_paper(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    form = group_form(page, "Error terms")
    form.wait_for()
    form.get_by_role("button", name="Show the answers").click()
    expect(form.get_by_text("Answer:").first).to_be_visible()
    recolour(page, "dark")
    settled(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert faults(page) == []
    expect(page.get_by_role("img", name="Network with 2 inputs")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Worksheet to print").click()
    text = Path(download.value.path()).read_text()
    assert text.startswith("<!doctype html>")
    assert "/lessons?worksheet=own" in text
    page.set_viewport_size(WINDOW)


def the_list_of_lessons_leads_to_it_and_back(page: Page, server: Server) -> None:
    page.get_by_role("button", name="The worked example of Mazur").click()
    group_form(page, "Forward").wait_for()
    wait_until(lambda: unquote(page.url) == f"{server.url}/{LINK}", "the address of the worksheet")
    page.get_by_role("button", name="New numbers").click()
    expect(page.get_by_text("worksheet=own")).to_be_hidden()  # or what follows would find it
    expect(page).to_have_url(re.compile(r"worksheet=\d+&sheet_sizes=2-2-2-1&"))
    page.go_back()
    expect(page.get_by_text("worksheet=own")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Join a class")).to_be_visible()
