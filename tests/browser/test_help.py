"""What a newcomer is told: the "?" of each panel, and scales that can be held still."""

from collections.abc import Callable
from itertools import cycle

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.axe import OF_COLOURS, SIDE_BAR, faults
from tests.browser.driver import Player, Scheme, Server, recolour, settled

Open = Callable[[str], Player]
PANELS = (
    "Network",
    "Decision boundary",
    "Loss and accuracy",
    "Weights",
    "Deltas",
    "Size of delta",
    "What this run shows",
)


# The names of what the keyboard comes to, from the address bar on.
FOCUSED = """() => {
  const one = document.activeElement;
  return one.getAttribute("aria-label") ?? one.innerText.trim().split("\\n").at(-1);
}"""


def test_the_keyboard_comes_to_train_first_and_then_to_speed_epoch_and_diagram(player: Open):
    """There is one "?" for each group of the side bar, and each panel has its own."""
    one = player("/")
    keys = one.page.keyboard

    def pressed(*names: str) -> list[str]:
        found = []
        for name in names:
            keys.press(name)
            found.append(one.page.evaluate(FOCUSED))
        return found

    assert pressed("Tab", "Enter") == ["Skip to: Training, live", "Train"]
    assert pressed(*["Tab"] * 13) == [
        *("Step", "Reset", "Speed: epochs per frame", "Epoch on screen"),
        *(
            "New weights",
            "New data",
            "Words",
            "Present",
            "Share",
            "Help: Network",
            "Forward",
            "Backward",
            "Example",
        ),
    ]
    helped = one.page.get_by_test_id("stSidebar").get_by_test_id("stTooltipIcon")
    expect(helped).to_have_count(5)
    each_panel_says_what_it_shows(one)
    the_keyboard_opens_and_closes_help(one)
    hints_greet_a_first_visit_until_they_are_closed(one)
    again = player("/?learning_rate=1")
    expect(again.root.locator(".hint")).to_have_count(0)
    a_scale_can_be_held_still(again)


def each_panel_says_what_it_shows(one: Player) -> None:
    shown = one.root.locator(".help-text:popover-open")
    expect(shown).to_have_count(0)
    for panel in PANELS:  # the next one takes the place of the one before
        one.root.get_by_role("button", name=f"Help: {panel}").click()
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text("What it shows.")
        expect(shown).to_contain_text("Try this.")
        box = shown.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1400
    assert faults(one.page, ".help-text:popover-open") == []
    one.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)


def the_keyboard_opens_and_closes_help(one: Player) -> None:
    opener = one.root.get_by_role("button", name="Help: Deltas")
    opener.focus()
    one.page.keyboard.press("Enter")
    expect(one.root.locator(".help-text:popover-open")).to_contain_text("delta (δ) of each unit")
    one.page.keyboard.press("Escape")
    expect(one.root.locator(".help-text:popover-open")).to_have_count(0)
    expect(opener).to_be_focused()


def box(one: Locator) -> FloatRect:
    """Return where an element is."""
    found = one.bounding_box()
    assert found is not None
    return found


def hints_greet_a_first_visit_until_they_are_closed(one: Player) -> None:
    expect(one.page.locator("#deltascope-skeleton")).to_have_count(0)
    hints = one.root.locator(".hint")
    expect(hints).to_have_count(2)
    expect(hints.first).to_contain_text("its output for every input")
    expect(hints.last).to_contain_text("A line is a weight.")
    for width in (1180, 900, 390, 1400):
        one.page.set_viewport_size({"width": width, "height": 900})
        settled(one.page, 0.2)
        expect(hints.filter(visible=True)).to_have_count(2)
        left, right = (box(hints.nth(place)) for place in (1, 0))
        assert left["x"] + left["width"] <= right["x"], width
    one.press("Backward")
    expect(hints.first).to_be_hidden()
    one.press("Forward")
    for left in (1, 0):
        one.root.get_by_role("button", name="Close this hint").first.press("Enter")
        expect(hints).to_have_count(left)


def a_scale_can_be_held_still(one: Player) -> None:
    note = one.root.locator('[data-view="weights"] .note')
    deltas = one.root.locator('[data-view="deltas"]')
    before = (note.inner_text(), deltas.locator(".note").inner_text())
    deltas.get_by_label("Hold scale").check()
    for panel in ("curves", "weights"):
        expect(
            one.root.locator(f'[data-view="{panel}"]').get_by_label("Hold scale")
        ).to_be_checked()
    one.speed(5)
    one.press("Train")
    one.wait_epoch(60)
    one.pause()
    one.page.wait_for_timeout(500)  # an epoch that stays would now get a scale of its own
    assert (note.inner_text(), deltas.locator(".note").inner_text()) == before
    deltas.get_by_label("Hold scale").uncheck()
    one.step()
    expect(note).not_to_have_text(before[0])


SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")


def test_axe_finds_no_fault_on_a_page_in_light_and_dark(page: Page, server: Server):
    """One visit; each page is first seen in the colours of the page before.

    All of a page is seen in one scheme, and Train's side bar, which other pages share, in both.
    """
    page.goto(server.url)
    links = page.get_by_test_id("stSidebar").get_by_role("link")
    names = ("Train", "Step through", "Your data", "Compare", "Tune")
    for name, schemes in zip(names, cycle([SCHEMES, SCHEMES[::-1]]), strict=False):
        links.get_by_text(name, exact=True).click()
        expect(page).to_have_title(f"{name} · Deltascope")
        settled(page)
        known = (SIDE_BAR,) if name != "Train" else ()
        for scheme, rules, but in zip(schemes, ((), OF_COLOURS), ((), known), strict=True):
            recolour(page, scheme)
            assert faults(page, rules=rules, but=but) == [], (name, scheme)
