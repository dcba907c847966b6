"""The panel under the views as a person uses it: read a finding, try the remedy, see it help."""

from collections.abc import Callable
from urllib.parse import urlencode

from engine.problems.presets import PRESETS
from tests.browser.driver import Player, settled

Open = Callable[[str], Player]
TWO_CLICKS = """(keys) => {
  for (const key of keys) document.querySelector(`.st-key-${key} button`).click();
}"""


def link(name: str, epoch: int) -> str:
    """The query of a preset at an epoch."""
    return "?" + urlencode({**PRESETS[name].config.to_query(), "epoch": epoch})


def opened(player: Open, name: str, epoch: int) -> Player:
    """The player of a preset, the finding of this very epoch on the screen."""
    one = player("/" + link(name, epoch))
    one.wait_epoch(epoch)
    shown = f"at epoch {epoch:,}".replace(",", "\u202f")
    one.wait(lambda: shown in one.root.locator(".findings").inner_text(), shown)
    one.page.wait_for_timeout(600)  # the server hears of an epoch when it rests on the screen
    return one


def rules(one: Player) -> list[str]:
    """The rules whose findings are on the screen."""
    return (one.root.locator(".findings").get_attribute("data-findings") or "").split()


def height(one: Player) -> float:
    box = one.root.locator(".findings").bounding_box()
    assert box is not None
    return box["height"]


def test_a_finding_is_read_its_remedy_is_tried_and_helps(player: Open):
    one = opened(player, "dead_relu", 200)
    dead_units_are_named_and_the_remedy_brings_them_to_life(one)
    a_live_remedy_goes_on_where_the_run_is(one)
    a_remedy_that_the_link_locks_has_no_button_but_a_reason(one)
    findings_come_with_the_epochs_and_go_back_with_the_slider(one)


def dead_units_are_named_and_the_remedy_brings_them_to_life(one: Player) -> None:
    look_closer(one)
    assert rules(one) == ["dead_relu", "too_fast"]
    panel = one.root.locator(".findings")
    assert "7 of 8 units of layer 1 are dead" in panel.inner_text()
    before = height(one)
    panel.get_by_role("button", name="Try it").first.click()
    one.wait(lambda: rules(one) == [] and one.epoch == 200, "the new run at the same epoch")
    one.wait(lambda: "no longer found" in panel.inner_text(), "what the remedy has brought")
    one.wait(lambda: "activation=leaky_relu" in one.page.url, "the choice in the address bar")
    assert "learning_rate=2.0" in one.page.url
    assert float(one.readout("train")) < 0.1
    assert height(one) == before


def look_closer(one: Player) -> None:
    """The closer look is at the epoch on the screen; return to epoch 200."""
    one.page.get_by_role("button", name="Look at the epoch shown").click()
    one.page.get_by_text("Findings at epoch 200").wait_for()
    pictures = one.page.get_by_test_id("stPlotlyChart")
    one.wait(lambda: pictures.count() >= 4, "the figures")  # the report has one, if it is seen
    one.scrub(0)
    one.page.locator(".st-key-report-now").scroll_into_view_if_needed()
    one.page.wait_for_timeout(600)  # the server hears of an epoch when it rests on the screen
    # Two fragments have something to say: their messages become one, which names the first.
    one.page.evaluate(TWO_CLICKS, ["report-now", "closer-now"])
    one.page.get_by_text("Findings at epoch 0").wait_for()
    one.scrub(200)
    one.wait(lambda: len(rules(one)) == 2, "the findings of epoch 200")


def a_live_remedy_goes_on_where_the_run_is(one: Player) -> None:
    query = {**PRESETS["batch_of_all"].config.to_query(), "learning_rate": 0.001, "epoch": 120}
    one.follow("?" + urlencode(query))
    one.wait(lambda: rules(one) == ["too_slow"], "the finding")
    settled(one.page)  # a click needs a button that stays where it is
    one.root.locator(".findings").get_by_role("button", name="Try it").click()
    one.wait(lambda: "120:learning_rate:0.6" in one.page.url, "the change in the address bar")
    assert one.epoch == 120
    one.step()


def a_remedy_that_the_link_locks_has_no_button_but_a_reason(one: Player) -> None:
    one.follow(link("dead_relu", 200) + "&lock=activation")
    one.wait(lambda: rules(one) == ["dead_relu", "too_fast"], "the findings")
    locked, free = one.root.locator(".findings article").all()
    assert "the link locks Activation" in locked.inner_text()
    assert locked.get_by_role("button").count() == 0
    assert free.get_by_role("button", name="Try it").is_visible()


def findings_come_with_the_epochs_and_go_back_with_the_slider(one: Player) -> None:
    one.follow(link("momentum", 0))
    one.wait(lambda: rules(one) == [], "none at epoch 0")
    one.press("Train")
    one.wait_epoch(8)
    one.pause()
    nothing_jumps(one)


def nothing_jumps(one: Player) -> None:
    """Between something and nothing to report, at any width."""
    for width, least in ((1400, 900), (390, 844)):
        one.page.set_viewport_size({"width": width, "height": least})
        settled(one.page)
        one.scrub(8)
        one.wait(lambda: rules(one) == ["overshoots"], "the finding of epoch 8")
        there = height(one)
        card = one.root.locator(".findings article").first
        assert card.evaluate(
            "e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth"
        )
        one.scrub(0)
        one.wait(lambda: rules(one) == [], "none at epoch 0")
        assert height(one) == there
