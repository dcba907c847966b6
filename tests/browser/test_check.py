"""The gradient check in a browser: planting, checking, training and stopping, at any width."""

import re

from playwright.sync_api import Page, expect

from engine.problems.presets import PRESETS
from tests.browser.driver import Server, choose, settled

QUERY = "&".join(f"{name}={value}" for name, value in PRESETS["mistakes"].config.to_query().items())
LONG = "dataset=digits&hidden=128-128-128-128&batch_size=0"


def opened(page: Page, server: Server, query: str) -> Page:
    """The page Step through by a link straight to it."""
    page.goto(f"{server.url}/step?{query}")
    page.get_by_text("Train with the bug").wait_for()
    come_to_the_check(page)
    return page


def come_to_the_check(page: Page) -> None:
    """Scroll to the check, which nobody needs who only steps."""
    heading = page.get_by_role("heading", name="Check the gradients")
    heading.evaluate("heading => heading.scrollIntoView()")


def plant(page: Page, label: str) -> None:
    box = page.locator("[data-testid=stSelectbox]").filter(has_text="Bug")
    choose(box.locator("input"), label)


def test_a_mistake_is_planted_found_and_trained_with(page: Page, server: Server):
    opened(page, server, QUERY)
    expect(page.get_by_text("agree in all 33 derivatives")).to_be_visible()
    for width in (390, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth"), width
    plant(page, "f′(a) instead of f′(z)")
    expect(page.get_by_text("Wrong: the largest relative error is 0.46")).to_be_visible()
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_text("Training looks as good as without the bug")).to_be_visible()
    assert "Traceback" not in server.log


SOME = re.compile(r"^[1-9]\S* of .* finite differences$")


def test_a_long_check_shows_progress_can_be_stopped_and_goes_on(page: Page, server: Server):
    page.goto(f"{server.url}/step?{LONG}")
    come_to_the_check(page)
    page.get_by_role("button", name="Check now").click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_text(SOME).wait_for()  # before it there is nothing to show
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped after")).to_be_visible()
    expect(page.get_by_text("Relative error of each derivative")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped after")).to_be_visible()
