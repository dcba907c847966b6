"""What a newcomer is told: the "?" of each panel, and scales that can be held still."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.driver import Player

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


def test_each_panel_says_what_it_shows(player: Open):
    one = player("/")
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
    assert faults(one.page, "[data-player]") == []
    one.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)


def test_the_keyboard_opens_and_closes_help(player: Open):
    one = player("/")
    opener = one.root.get_by_role("button", name="Help: Deltas")
    opener.focus()
    one.page.keyboard.press("Enter")
    expect(one.root.locator(".help-text:popover-open")).to_contain_text("delta (δ) of each unit")
    one.page.keyboard.press("Escape")
    expect(one.root.locator(".help-text:popover-open")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_scale_can_be_held_still(player: Open):
    one = player("/?learning_rate=1")
    note = one.root.locator('[data-view="weights"] .note')
    deltas = one.root.locator('[data-view="deltas"]')
    before = (note.inner_text(), deltas.locator(".note").inner_text())
    deltas.get_by_label("Hold scale").check()
    for panel in ("curves", "weights"):
        expect(
            one.root.locator(f'[data-view="{panel}"]').get_by_label("Hold scale")
        ).to_be_checked()
    one.press("Train")
    one.wait_epoch(60)
    one.pause()
    one.page.wait_for_timeout(500)  # an epoch that stays would now get a scale of its own
    assert (note.inner_text(), deltas.locator(".note").inner_text()) == before
    deltas.get_by_label("Hold scale").uncheck()
    one.step()
    expect(note).not_to_have_text(before[0])


def test_hints_greet_a_first_visit_until_they_are_closed(player: Open):
    one = player("/")
    expect(one.page.locator("#deltascope-skeleton")).to_have_count(0)
    hints = one.root.locator(".hint")
    expect(hints).to_have_count(2)
    expect(hints.first).to_contain_text("its output for every input")
    expect(hints.last).to_contain_text("A line is a weight.")
    assert faults(one.page, "[data-player]") == []
    one.press("Backward")
    expect(hints.first).to_be_hidden()
    one.press("Forward")
    for left in (1, 0):
        one.root.get_by_role("button", name="Close this hint").first.press("Enter")
        expect(hints).to_have_count(left)
    player("/?seed=3")
    expect(hints).to_have_count(0)


def test_hints_go_when_the_training_begins(player: Open):
    one = player("/")
    expect(one.root.locator(".hint")).to_have_count(2)
    one.step()
    expect(one.root.locator(".hint")).to_have_count(0)
    assert one.page.evaluate("localStorage.getItem('deltascope.hints')") == "1"
