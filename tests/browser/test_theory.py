"""The Theory page in a real browser: formulas drawn, nothing cut off, all within reach of keys."""

import re
from itertools import cycle

from playwright.sync_api import Locator, Page, expect

from pages.widgets.theory.page import PARTS
from tests.browser.axe import OF_COLOURS, SIDE_BAR, faults
from tests.browser.driver import Scheme, Server, recolour, settled, wait_until

Look = tuple[int, Scheme, tuple[str, ...]]  # width, colours, rules to look at, () for all
WIDE: Look = (1400, "light", ())
NARROW: Look = (390, "dark", (*OF_COLOURS, "scrollable-region-focusable"))
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


def open_part(page: Page, server: Server, part: str, query: str = "") -> None:
    """Return as soon as the part's formulas and tables are on the screen."""
    page.goto(f"{server.url}/theory?part={part}{query}")
    page.locator(".katex").locator("visible=true").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_every_part_is_whole_and_axe_finds_no_grave_fault(page: Page, server: Server):
    """One visit, and a click for each part, which keeps the look of the part before."""
    open_part(page, server, "Losses")
    for part, looks in zip(PARTS, cycle([(WIDE, NARROW), (NARROW, WIDE)]), strict=False):
        tab = page.get_by_role("tab", name=part, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        is_whole(page, part, looks)


def is_whole(page: Page, part: str, looks: tuple[Look, ...]) -> None:
    """Hold that nothing of a part is cut off or unset, wide and narrow, light and dark."""
    drawn = page.get_by_role("tabpanel").locator(".katex, .deltascope-words")
    drawn.locator("visible=true").first.wait_for()
    settled(page)
    assert page.locator(".katex-error").count() == 0, part
    assert not re.search(r"\\[a-z]+|\$", page.evaluate(SEEN)), part
    but = () if part == "Losses" else (SIDE_BAR,)  # it is the same in each part
    for width, scheme, rules in looks:
        page.set_viewport_size({"width": width, "height": 900})
        recolour(page, scheme)  # and charts and formulas find their new width
        reach = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert reach <= width, (part, width)
        assert page.evaluate(CUT_OFF) == [], (part, width)
        assert faults(page, rules=rules, but=but) == [], (part, width, scheme)


def test_all_is_within_reach_of_the_keyboard(page: Page, server: Server):
    open_part(page, server, "Losses")
    a_slider_moves_the_answer(page)
    change_the_part_by_keys(page)
    a_formula_too_wide_for_the_screen_is_scrolled(page)
    page.get_by_role("radio", name="Whole layers").click()
    settled(page)  # the links of the other form have gone
    reach_links_and_the_lines_of_the_engine(page)


def a_formula_too_wide_for_the_screen_is_scrolled(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    box = page.locator(".katex-display[tabindex='0']").first
    box.wait_for()
    expect(box).to_have_attribute("role", "group")
    box.focus()
    page.keyboard.press("ArrowRight")
    wait_until(lambda: page.evaluate("document.activeElement.scrollLeft > 0"), "the scrolled line")
    page.set_viewport_size({"width": 1400, "height": 800})
    expect(page.locator(".katex-display[tabindex='0']")).to_have_count(0)


def change_the_part_by_keys(page: Page) -> None:
    """From Losses to the next part, and there to the other form."""
    page.get_by_role("tab", name="Losses").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Update")).to_be_visible()
    assert "part=Derivation" in page.url
    first, other = (page.get_by_role("radio", name=name) for name in ("Whole layers", "One unit"))
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    tab_to(page, first)
    page.keyboard.press("ArrowRight")
    expect(other).to_be_focused()
    page.keyboard.press("Space")
    expect(other).to_be_checked()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it reaches the element, at most twenty times."""
    element = wanted.element_handle()  # to find it by its name costs more than to press a key
    for _ in range(20):
        if element.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not reach {wanted}.")


def reach_links_and_the_lines_of_the_engine(page: Page) -> None:
    page.get_by_role("tab", name="Derivation").focus()
    tab_to(page, page.get_by_role("link", name="See line 2 with numbers"))
    tab_to(page, page.get_by_role("button", name="engine/nn/program.py").nth(1))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    page.get_by_role("button", name="engine/nn/program.py").first.click()
    code = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(code.first).to_contain_text("np.dot(Wb1, x, out=z1)")
    assert faults(page, "[data-testid=stPopoverBody]") == []


def a_slider_moves_the_answer(page: Page) -> None:
    slider = page.get_by_role("slider", name="Output a, the same for every target")
    slider.focus()
    said = page.get_by_text("Both have their minimum at 0.2.")
    before = said.inner_text()
    slider.press("ArrowRight")
    expect(said).not_to_have_text(before)
