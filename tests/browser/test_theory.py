"""The Theory page in a real browser: formulas drawn, nothing cut off, all within reach of keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.widgets.theory import PARTS
from tests.browser.axe import faults
from tests.browser.driver import Server

WIDTHS, SCHEMES = (1400, 390), ("light", "dark")
SEEN = """() => {
  const copy = document.querySelector("[data-testid=stMain]").cloneNode(true);
  copy.querySelectorAll(".katex, code, style").forEach((one) => one.remove());
  return copy.textContent;
}"""
CUT_OFF = """() => [...document.querySelectorAll("[data-testid=stMain] .katex")]
  .filter((one) => one.checkVisibility() && !one.closest(".katex-display[tabindex]"))
  .filter((one) => {
    const box = one.querySelector(".katex-html").getBoundingClientRect();
    return box.width > 0 && (box.left < 0 || box.right > innerWidth + 1);
  })
  .map((one) => one.textContent)"""


@pytest.fixture(
    params=[(w, s) for w in WIDTHS for s in SCHEMES], ids=lambda one: f"{one[1]}-{one[0]}"
)
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of one width in one theme."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def open_part(page: Page, server: Server, part: str, query: str = "") -> None:
    """Nothing, as soon as the part's formulas and tables are on the screen."""
    page.goto(f"{server.url}/theory?part={part}{query}")
    page.locator(".katex").locator("visible=true").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_a_cold_link_opens_the_part_it_names(page: Page, fresh_server: Server):
    open_part(page, fresh_server, "Derivation", "&dataset=xor&hidden=5-3")
    expect(page.get_by_role("tab", name="Derivation")).to_have_attribute("aria-selected", "true")
    page.get_by_role("radio", name="Mine").click()
    expect(page.get_by_text("2 → 5 → 3 → 1 units")).to_be_visible()
    expect(page.get_by_text("is no setting")).to_have_count(0)


@pytest.mark.parametrize("part", PARTS)
def test_formulas_are_drawn_and_nothing_is_cut_off(part: str, screen: Page, server: Server):
    open_part(screen, server, part)
    assert screen.locator(".katex-error").count() == 0
    assert not re.search(r"\\\\[a-z]+|\$", screen.evaluate(SEEN))
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth"
    assert screen.evaluate(wide) <= screen.viewport_size["width"]
    assert screen.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_no_grave_fault(part: str, screen: Page, server: Server):
    open_part(screen, server, part)
    screen.wait_for_timeout(300)  # tabs and pictures fade in; half faded they have no contrast
    assert faults(screen) == []


def test_a_formula_too_wide_for_the_screen_is_scrolled_by_keys(browser: Browser, server: Server):
    page = browser.new_page(viewport={"width": 320, "height": 800})
    open_part(page, server, "Derivation")
    page.get_by_role("radio", name="One unit").click()
    box = page.locator(".katex-display[tabindex='0']").first
    box.wait_for()
    expect(box).to_have_attribute("role", "group")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.set_viewport_size({"width": 1400, "height": 800})
    expect(page.locator(".katex-display[tabindex='0']")).to_have_count(0)
    page.close()


def test_the_keyboard_alone_changes_the_part_and_the_form(page: Page, server: Server):
    open_part(page, server, "Losses")
    page.get_by_role("tab", name="Losses").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Backward")).to_be_visible()
    assert "part=Derivation" in page.url
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Whole layers":
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="One unit")).to_be_checked()


def test_the_lines_of_the_engine_open_beside_the_formula(page: Page, server: Server):
    open_part(page, server, "Derivation")
    page.get_by_role("button", name="engine/program.py").first.click()
    code = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(code.first).to_contain_text("yield Equation")
    assert faults(page, "[data-testid=stPopoverBody]") == []


def test_a_slider_moves_the_answer_down_the_valley(page: Page, server: Server):
    open_part(page, server, "Losses")
    slider = page.get_by_role("slider", name="Answer a, the same for every target")
    slider.focus()
    said = page.get_by_text("Both are least at 0.2.")
    before = said.inner_text()
    slider.press("ArrowRight")
    expect(said).not_to_have_text(before)
