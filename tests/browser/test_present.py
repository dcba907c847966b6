"""Presenter mode on a projector of 1280 by 720, and the words of the app beside a page."""

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults
from tests.browser.driver import Player, Server, wait_until

Open = Callable[[str], Player]
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}
LEAST = 18  # px on the screen
VIEWS = ["Network", "Boundary", "Loss", "Weights", "Deltas", "Size of delta", "Findings"]
SMALL_TEXTS = """(least) => {
  const found = [];
  const look = (element, text) => {
    const { visibility, fontSize } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    if (visibility !== "visible" || width < 2 || height < 2) return;
    const size = parseFloat(fontSize) * element.currentCSSZoom;
    if (size < least - 0.01) found.push(`${text.trim().slice(0, 40)}: ${size}`);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const range = document.createRange();
    range.selectNode(node);
    const drawn = node.data.trim() && range.getBoundingClientRect().width;
    if (drawn) look(node.parentElement, node.data);
  }
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (!["range", "checkbox", "radio"].includes(field.type)) look(field, field.type);
  }
  return found;
}"""
# Notes the size on the screen of the smallest text that is painted from now on.
NOTE_PAINTED = """() => {
  globalThis.smallestText = null;
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    const box = this.canvas.getBoundingClientRect();
    const enlarged = (this.getTransform().a * box.width) / this.canvas.width;
    const size = parseFloat(this.font) * enlarged;
    if (box.width) smallestText = Math.min(smallestText ?? size, size);
    return paint.call(this, text, ...place);
  };
}"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("[data-front], nav")]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length"""


def bar(page: Page):
    """Return the names of the views."""
    return page.get_by_role("navigation", name="Views of this page")


def shown(page: Page) -> str:
    """Return the name of the view that is shown."""
    return bar(page).locator("[aria-current]").inner_text()


def test_presenter_mode_by_a_link_and_by_its_button(page: Page, player: Open, server: Server):
    """A projector, the remote, the bar, and an end that leaves the page as it was."""
    page.set_viewport_size(PROJECTOR)
    one = player("/?epochs=20000&present=1")
    no_text_is_small_and_every_view_plays(one)
    the_address_is_shared_as_a_code(page, server)
    words_open_beside_the_page_and_are_found(one)
    ends_with_escape(one)
    stays_with_another_run(one)
    ends_with_escape(one)


def no_text_is_small_and_every_view_plays(one: Player) -> None:
    """The remote leads through all views while the run goes on, and back to the first one."""
    page = one.page
    expect(bar(page).get_by_role("listitem")).to_have_text(VIEWS)
    page.evaluate(NOTE_PAINTED)
    one.press("Backward")
    one.press("Train")
    for place, name in enumerate(VIEWS):
        expect(bar(page).locator("[aria-current]")).to_have_text(name)
        one.wait_shown(f"frames > {one.frames + 2}", f"frames with {name}")
        one.wait(lambda: page.evaluate(SMALL_TEXTS, LEAST) == [], f"large texts with {name}", 10)
        assert page.evaluate(TOO_WIDE) == 0, name
        if name not in ("Findings",):
            box = page.locator("[data-shown] .plot").bounding_box()
            assert box is not None
            assert box["width"] > 1200
            assert box["height"] > 300
            assert box["y"] + box["height"] <= 720
        page.keyboard.press("PageDown")
        assert shown(page) == VIEWS[min(place + 1, len(VIEWS) - 1)]
    one.pause()
    assert page.evaluate("smallestText") >= LEAST - 0.01
    page.keyboard.press("PageUp")
    assert shown(page) == VIEWS[-2]
    assert "present=1" in page.url
    assert faults(page, ".deltascope-presenter, [data-front]") == []
    bar(page).get_by_role("button", name="Network").press("Enter")
    assert shown(page) == "Network"


def the_address_is_shared_as_a_code(page: Page, server: Server) -> None:
    bar(page).get_by_role("button", name="Share").click()
    box = page.locator(".deltascope-share")
    expect(box.locator("code")).to_contain_text(f"{server.url}/?")
    expect(box.locator("code")).not_to_contain_text("present")
    wait_until(lambda: box.locator("img").evaluate("(one) => one.naturalWidth") > 0, "the code")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(bar(page)).to_be_visible()


def words_open_beside_the_page_and_are_found(one: Player) -> None:
    page = one.page
    bar(page).get_by_role("button", name="Words").press("Enter")
    panel = page.get_by_role("complementary", name="Words")
    field = panel.get_by_role("searchbox", name="Find a word")
    expect(field).to_be_focused()
    page.keyboard.type("patien")
    page.keyboard.press("PageDown")  # in a text: the view stays
    assert shown(page) == "Network"
    expect(panel.locator("dt:visible")).to_have_text(["patience"])
    assert faults(page, ".deltascope-words-panel") == []
    one.step()  # the page goes on beside it
    expect(panel).to_be_visible()
    field.press("Escape")
    expect(panel).to_have_count(0)
    expect(bar(page)).to_be_visible()


def ends_with_escape(one: Player) -> None:
    page = one.page
    page.keyboard.press("Escape")
    expect(bar(page)).to_have_count(0)
    assert "present" not in page.url
    expect(one.root.locator(".network")).to_be_visible()
    expect(page.get_by_role("heading", name="Watch a neural network learn")).to_be_visible()


def stays_with_another_run(one: Player) -> None:
    page = one.page
    one.root.get_by_role("button", name="Present").press("Enter")
    expect(bar(page)).to_be_visible()
    assert "present=1" in page.url
    run = one.root.get_attribute("data-run")
    one.root.get_by_role("button", name="Add a unit to layer 1").click()
    one.wait(lambda: one.root.get_attribute("data-run") != run, "another run")
    one.step()
    assert "present=1" in page.url
    assert shown(page) == "Network"
    bar(page).get_by_role("button", name="Weights").press("Enter")
    expect(one.root.locator(".network")).to_be_hidden()
    expect(one.root.locator(".weights")).to_be_visible()


def test_each_word_has_an_address(page: Page, server: Server):
    page.goto(f"{server.url}/theory?part=Words#word-learning-rate")
    entry = page.locator("#word-learning-rate")
    expect(entry).to_be_in_viewport()
    expect(entry).to_contain_text("learning rate")
    page.get_by_role("searchbox", name="Find a word").fill("softmax")
    expect(page.locator(".deltascope-words dt:visible")).to_have_text(["softmax"])
