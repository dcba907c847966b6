"""What a newcomer is told: the "?" of each panel, and scales that can be held still."""

from collections.abc import Callable

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.axe import OF_COLOURS, SIDE_BAR, faults
from tests.browser.driver import Player, Scheme, recolour, settled
from tests.browser.test_train import SEEN

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
    """There is one "?" for each group of the side bar, and each panel has its own.

    On no page axe finds a fault, in light or dark.
    """
    one = player("/")
    keys = one.page.keyboard

    def pressed(*names: str) -> list[str]:
        found = []
        for name in names:
            keys.press(name)
            found.append(one.page.evaluate(FOCUSED))
        return found

    settled(one.page)  # while the page is being built, the focus may stay where it is
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
    axe_finds_no_fault(one.page, "dark", "light")
    each_panel_says_what_it_shows(one)
    the_keyboard_opens_and_closes_help(one)
    hints_greet_a_first_visit_until_they_are_closed(one)
    a_scale_can_be_held_still(one)
    axe_finds_no_fault_on_the_other_pages(one.page)


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
    assert one.page.evaluate(SEEN) == "1"


def a_scale_can_be_held_still(one: Player) -> None:
    note = one.root.locator('[data-view="weights"] .note')
    deltas = one.root.locator('[data-view="deltas"]')
    before = (note.inner_text(), deltas.locator(".note").inner_text())
    deltas.get_by_label("Hold scale").check()
    for panel in ("curves", "weights"):
        expect(
            one.root.locator(f'[data-view="{panel}"]').get_by_label("Hold scale")
        ).to_be_checked()
    one.speed(20)
    one.press("Train")
    one.wait_epoch(60)
    one.pause()
    one.page.wait_for_timeout(500)  # an epoch that stays would now get a scale of its own
    assert (note.inner_text(), deltas.locator(".note").inner_text()) == before
    deltas.get_by_label("Hold scale").uncheck()
    one.step()
    expect(note).not_to_have_text(before[0])


def axe_finds_no_fault(
    page: Page,
    full: Scheme,
    other: Scheme | None = None,
    but: tuple[str, ...] = (),
    known: tuple[str, ...] = (),
) -> None:
    """Look at all of a page in one scheme, then at its colours in the other.

    `but` are parts that another look has covered, `known` those whose colours one has.
    """
    recolour(page, full)
    assert faults(page, but=but) == [], full
    if other:
        recolour(page, other)
        assert faults(page, rules=OF_COLOURS, but=(*but, *known)) == [], other


def axe_finds_no_fault_on_the_other_pages(page: Page) -> None:
    """Each page is first seen in the colours of the page before.

    They share Train's side bar, whose colours have been looked at.
    """
    links = page.get_by_test_id("stSidebar").get_by_role("link")
    pages: dict[str, tuple[Scheme, Scheme | None, tuple[str, ...]]] = {
        "Step through": ("light", "dark", ("[data-walker]",)),  # test_step.py looks at it
        "Your data": ("dark", "light", ()),
        "Compare": ("light", "dark", ()),
        "Tune": ("dark", None, ()),  # test_tune.py looks at its colours
    }
    for name, (full, other, but) in pages.items():
        links.get_by_text(name, exact=True).click()
        expect(page).to_have_title(f"{name} · Deltascope")
        settled(page)
        axe_finds_no_fault(page, full, other, but, (SIDE_BAR,))
