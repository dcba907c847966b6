"""The Train page as a person uses it: train, pause, step, scrub, change, pass the link on."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.events import read_events
from engine.training.run import Run
from tests.browser.driver import Player, Server, settled

Open = Callable[[str], Player]
# Where Tab goes from: the beginning, as on a page that nobody has clicked on yet.
START = """(body) => {
  body.tabIndex = -1;
  body.focus();
  body.removeAttribute("tabindex");
}"""

SEEN = "localStorage.getItem('deltascope.hints')"  # "1": the hints do not come again


def query(page: Page) -> dict[str, str]:
    """The address bar's query."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def number(player: Player, name: str) -> float:
    """A readout of the transport bar as a number."""
    return float(player.readout(name).replace("\u202f", "").replace("−", "-"))


def test_the_first_screen_teaches_the_default_problem(player: Open):
    """What a person who has just come reads, then trains, pauses, steps, goes back and resets.

    The numbers are the engine's, and a reload shows them again.
    """
    one = player("/")
    hints = one.root.locator(".hint")
    expect(hints).to_have_count(2)
    says_what_it_is_and_what_to_press(one)
    assert (one.state, one.epoch) == ("paused", 0)
    start = one.readout("train")
    reach_train_by_keys(one.page)
    one.wait_epoch(5)
    expect(hints).to_have_count(0)
    assert one.page.evaluate(SEEN) == "1"
    pauses_and_steps(one)
    one.speed(20)
    one.press("Train")
    one.wait_epoch(150)
    last = one.pause()
    assert number(one, "train_metric") > 0.93
    assert number(one, "train") < 0.2
    scrubs_and_goes_on(one, last)
    one.press("Reset")
    one.wait(lambda: one.epoch == 0, "epoch 0")
    assert one.readout("train") == start
    assert one.state == "paused"
    changes_take_effect_and_stand_in_the_link(one)
    the_numbers_are_the_engines_and_a_reload_shows_them_again(one)


def says_what_it_is_and_what_to_press(one: Player) -> None:  # kind 64
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Watch a neural network learn")
    expect(one.page.get_by_text("Press Train.")).to_be_in_viewport()
    terms = one.root.locator(".board dt").all_inner_texts()
    assert len(set(terms)) == len(terms)  # no name stands for two numbers
    deltas = one.root.locator('[data-view="deltas"] .about')
    expect(deltas).to_contain_text("how the loss changes with z")
    one.press("Backward")
    expect(one.root.locator('[data-view="network"] .about')).to_contain_text("δ (delta)")
    assert "root scale" not in one.root.inner_text()
    one.press("Forward")


def reach_train_by_keys(page: Page) -> None:  # kind 65
    """Past the side bar, by the link that only the keyboard shows."""
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    page.locator("body").evaluate(START)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text(re.compile("^Skip to: "))
    box = skip.bounding_box()
    assert box is not None
    assert box["width"] > 80  # it is seen while it has the focus
    assert box["height"] > 20
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_text("Train")
    page.keyboard.press("Enter")
    expect(page.locator("[data-player]")).to_have_attribute("data-state", "playing")


def pauses_and_steps(one: Player) -> None:
    """A pause holds the epoch, and a step is one epoch."""
    epoch = one.pause()
    one.page.wait_for_timeout(600)
    assert one.epoch == epoch
    assert one.step() == epoch + 1
    assert one.step() == epoch + 2


def scrubs_and_goes_on(one: Player, last: int) -> None:
    """Every epoch can be reached, and playing goes on from there."""
    one.scrub(7)
    early = number(one, "train")
    one.scrub(last)
    assert number(one, "train") < early
    one.scrub(7)
    assert number(one, "train") == early
    one.scrub(last - 20)
    one.press("Train")
    one.wait_epoch(last + 10)
    one.pause()


# Notes each epoch that the film shows, and whether it plays.
NOTE_FILM = """() => {
  const { dataset } = document.querySelector("[data-player]");
  window.film = [[], []];
  const note = () => {
    window.film[0].push(Number(dataset.epoch));
    window.film[1].push(dataset.state);
  };
  new MutationObserver(note).observe(document, { subtree: true, attributeFilter: ["data-epoch"] });
}"""


def changes_take_effect_and_stand_in_the_link(one: Player) -> None:
    """Those by hand, and those while the film plays."""
    edit_a_weight(one)
    one.speed(1)
    one.press("Train")
    one.wait_epoch(8)
    one.page.evaluate(NOTE_FILM)
    slider = one.page.get_by_test_id("stSidebar").get_by_role("slider", name="Learning rate")
    slider.focus()
    slider.press("ArrowRight")
    one.wait(lambda: "learning_rate" in query(one.page)["events"], "the change in the address bar")
    one.wait_epoch(one.epoch + 5)
    epochs, states = one.page.evaluate("window.film")
    assert epochs == sorted(epochs)  # it never went back to an epoch that it had shown
    assert set(states) == {"playing"}
    epoch = one.pause()
    one.wait(lambda: query(one.page).get("epoch") == str(epoch), "the epoch in the address bar")
    where = query(one.page)
    run = Run(Config(), load(Config()))
    events, odd = read_events(where["events"], run.network.sizes)
    assert odd == []
    assert events[0].name.startswith(("W1.", "b1."))
    assert [(name, value) for _, name, value in events[1:]] == [("learning_rate", 0.3)]
    run = Run(Config(), load(Config()), events)
    run.advance(epoch)
    assert float(where["check"]) == pytest.approx(float(run.losses[-1]["train"]), rel=1e-6)


def edit_a_weight(one: Player) -> None:
    """A weight edited by hand after two epochs is taken, and training goes on."""
    for _ in range(2):
        one.step()
    matrix = one.root.get_by_role("group", name="Cells of the weights")
    matrix.focus()
    matrix.press("ArrowDown")
    matrix.press("Enter")
    box = one.root.get_by_role("textbox")
    box.fill("2.5")
    box.press("Enter")
    one.wait(lambda: "events" in query(one.page), "the edit in the address bar")
    epoch, name, value = query(one.page)["events"].split(":")
    assert epoch == "2"
    assert name.startswith(("W1.", "b1."))
    assert value == "2.5"
    assert one.step() == 3


def the_numbers_are_the_engines_and_a_reload_shows_them_again(one: Player) -> None:
    page = one.page
    one.follow("?dataset=xor&hidden=5-3&optimizer=adam&learning_rate=0.02&dropout=0.2&seed=4")
    for _ in range(3):
        one.step()
    numbers_are_the_engines(one)
    assert page.evaluate(SEEN) == "1"
    link, losses = page.url, [one.readout(name) for name in ("train", "validation")]
    page.goto(link)
    one.root.wait_for(state="attached")
    one.wait_epoch(3)
    settled(page)
    expect(one.root.locator(".hint")).to_have_count(0)
    assert [one.readout(name) for name in ("train", "validation")] == losses
    assert page.url == link
    expect(page.get_by_text("slightly different numbers")).to_have_count(0)


def numbers_are_the_engines(one: Player) -> None:
    """After three epochs of the run of the address."""
    page = one.page
    one.wait(lambda: query(page).get("epoch") == "3", "the epoch in the address bar")
    choices = {"dataset": "xor", "hidden": (5, 3), "optimizer": "adam", "learning_rate": 0.02}
    config = Config(**choices, dropout=0.2, seed=4)
    run = Run(config, load(config))
    run.advance(3)
    expected = run.losses[3]
    assert float(query(page)["check"]) == pytest.approx(float(expected["train"]), rel=1e-6)
    assert number(one, "train") == pytest.approx(expected["train"], rel=5e-3)
    assert number(one, "validation") == pytest.approx(expected["validation"], rel=5e-3)
    assert number(one, "train_metric") == pytest.approx(expected["train_metric"], rel=5e-3)


def the_report_follows_where_the_player_rests_kind_58(one: Player) -> None:
    page = one.page
    report = page.locator(".st-key-report_body")
    place = page.get_by_text("The report is drawn when you scroll here.")
    place.wait_for()
    assert report.count() == 0
    place.scroll_into_view_if_needed()
    expect(report.get_by_text("Epoch 0,")).to_be_visible(timeout=60_000)
    one.press("Train")
    expect(page.get_by_text("This report is about epoch 0")).to_be_visible()
    assert float(report.evaluate("e => getComputedStyle(e).opacity")) < 0.5
    epoch = one.pause()
    expect(report.get_by_text(f"Epoch {epoch},")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("This report is about epoch")).to_be_hidden()
    assert float(report.evaluate("e => getComputedStyle(e).opacity")) == 1
    one.scrub(3)
    expect(report.get_by_text("Epoch 3,")).to_be_visible(timeout=60_000)


def test_an_odd_deep_link_opens_the_page_and_every_run_has_its_end(page: Page, server: Server):
    """An overflow, its last epoch, or that it gets no better; the report follows the player."""
    held: list[Route] = []  # as on a slow line, the player does not come yet
    page.route("**/player.js", lambda route: held.append(route))
    odd = "/?hidden=999999&learning_rate=nan&activation=<script>&epoch=3&check=0.5"
    page.goto(server.url + odd)
    nothing_of_the_page_stands_where_the_player_will_be(page)
    for route in held:
        route.continue_()
    page.unroute_all()
    one = Player(page)
    what_is_odd_in_the_link_is_named(one)
    one.follow("?output=linear&learning_rate=1000")
    divergence_stops_with_a_sentence_and_the_last_good_epoch(one)
    a_run_with_an_end_pauses_there(one.follow("?dataset=line&hidden=0&epochs=25&size=1"))
    query = "?size=66&noise=0.4&hidden=16&optimizer=adam&patience=5"
    a_run_out_of_patience_is_finished_on_its_best_epoch(one.follow(query))
    the_report_follows_where_the_player_rests_kind_58(one.follow("?dataset=diabetes"))


def divergence_stops_with_a_sentence_and_the_last_good_epoch(one: Player) -> None:
    one.press("Train")
    one.wait_state("diverged")
    expect(one.root.get_by_role("alert")).to_contain_text("Training overflowed in epoch 1")
    config = Config(output="linear", learning_rate=1000)
    run = Run(config, load(config))
    run.advance(100)
    assert one.epoch == run.epochs


def a_run_with_an_end_pauses_there(one: Player) -> None:
    """It is of one example."""
    expect(one.page.get_by_test_id("stException")).to_have_count(0)
    one.speed(10)
    one.press("Train")
    one.wait_state("finished")
    assert one.epoch == 25


def a_run_out_of_patience_is_finished_on_its_best_epoch(one: Player) -> None:
    choices = {"size": 66, "noise": 0.4, "hidden": (16,), "optimizer": "adam", "patience": 5}
    config = Config(**choices)
    run = Run(config, load(config))
    run.advance(1000)
    one.press("Train")
    one.wait_state("finished")
    one.wait(lambda: one.epoch == run.best, "the best epoch is back")
    assert one.state == "finished"
    expect(one.page.get_by_text("are restored")).to_be_visible()
    one.scrub(run.epochs)
    assert one.epoch == run.epochs


def nothing_of_the_page_stands_where_the_player_will_be(page: Page) -> None:
    live = page.locator(".st-key-live")
    expect(live).to_have_css("min-height", "832px")
    below = page.get_by_role("heading", name="Report")
    below.wait_for(state="attached")
    room, box = live.bounding_box(), below.bounding_box()
    assert room is not None
    assert box is not None
    assert room["height"] > 800
    assert box["y"] > room["y"] + room["height"]


def what_is_odd_in_the_link_is_named(one: Player) -> None:
    """A loss that does not fit, too."""
    expect(one.page.get_by_test_id("stAlert").first).to_contain_text("must lie between")
    one.wait_epoch(3)
    expect(one.root.get_by_role("alert")).to_contain_text("slightly different numbers")
    one.step()
    expect(one.page.get_by_test_id("stException")).to_have_count(0)
