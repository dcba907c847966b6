"""Problems and inputs chosen by picture, with the mouse and with the keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import faults
from tests.browser.driver import Player, settled

Open = Callable[[str], Player]
# How many different colours a picture has: none was painted if there is one.
COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def radio(page: Page, name: str) -> Locator:
    """The picture of a problem by its name."""
    return page.get_by_role("radio", name=name, exact=True)


def test_inputs_and_a_problem_are_chosen_by_their_pictures(player: Open):
    one = player("/?features=x1-x2-x1x1")
    inputs_are_switched(one)
    one.page.get_by_test_id("stSidebar").get_by_text("More on the data").click()
    group = one.page.get_by_role("radiogroup", name="Problem")
    expect(group.get_by_role("radio")).to_have_count(8)
    expect(radio(one.page, "Circle")).to_be_checked()
    for canvas in group.locator(".tiles canvas").all():
        assert canvas.evaluate(COLOURS) > 10
    radio(one.page, "Spiral").click()
    one.page.wait_for_url(re.compile("dataset=spiral&hidden=8-8-8"))
    keys_choose_the_next_one(one.page)
    all_problems_are_one_click_away(one.page, group)
    assert faults(one.page, ".stSidebar") == []


def keys_choose_the_next_one(page: Page) -> None:
    """The group is one stop of the keyboard, and its arrows move the choice."""
    expect(radio(page, "Spiral")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("dataset=moons"))
    expect(radio(page, "Moons")).to_be_checked()
    expect(radio(page, "Moons")).to_be_focused()
    ring = (
        radio(page, "Moons").locator("..").evaluate("(one) => getComputedStyle(one).outlineStyle")
    )
    assert ring == "solid"


def all_problems_are_one_click_away(page: Page, group: Locator) -> None:
    """The others open and close, and the chosen one of them stays."""
    page.get_by_role("button", name="All 29 problems").click()
    expect(group.get_by_role("radio")).to_have_count(29)
    radio(page, "Wine").click()
    page.wait_for_url(re.compile("dataset=wine"))
    settled(page)
    page.get_by_role("button", name="Fewer").click()
    expect(group.get_by_role("radio")).to_have_count(9)
    expect(radio(page, "Wine")).to_be_checked()


def inputs_are_switched(one: Player) -> None:
    one.page.get_by_test_id("stSidebar").get_by_text("More on the data").click()
    group = one.page.get_by_role("group", name="Inputs")
    expect(group.get_by_role("checkbox", checked=True)).to_have_count(3)
    group.get_by_role("checkbox", name="sin x₁").click()
    one.page.wait_for_url(re.compile("features=x1-x2-x1x1-sinx1"))
    box = group.get_by_role("checkbox", name="x₂", exact=True)
    box.focus()
    box.press(" ")
    one.page.wait_for_url(re.compile("features=x1-x1x1-sinx1"))
    expect(group.get_by_role("checkbox", checked=True)).to_have_count(3)
