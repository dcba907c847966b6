"""The page Compare as a person uses it: pairs, twins, one clock, the link."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.comparison.contrasts import PAIRS
from engine.comparison.forks import MOST_RUNS
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.events import Event
from engine.training.run import Run
from tests.browser.axe import faults
from tests.browser.driver import Player, Server, settled
from tests.browser.test_train import query, reach_train_by_keys

Open = Callable[[str], Player]
SIX = "~".join(
    f"v=1{more}"
    for more in (
        "",
        "&dropout=0.5",
        "&seed=1",
        "&activation=relu",
        "&optimizer=adam",
        "&dataset=line_centred&scaling=none&hidden=0&batch_size=0&learning_rate=1000",
    )
)


def path(runs: str, more: str = "") -> str:
    """The address of a comparison."""
    return f"/compare?runs={quote(runs)}{more}"


def untrained(config: Config, events: tuple[Event, ...] = ()) -> Run:
    return Run(config, load(config), events)


def readouts(player: Player, name: str = "train") -> list[float]:
    """A number of every card, as it is read."""
    found = player.root.locator(f'.run [data-readout="{name}"]').all_inner_texts()
    plain = (text.replace("\u202f", "").replace("−", "-").replace("–", "nan") for text in found)
    return [float(text) for text in plain]


def names(player: Player) -> Locator:
    """What the cards are called."""
    return player.root.locator(".run > header > h2")


def agree(player: Player, runs: list[Run]) -> None:
    """Hold every card's losses against the engine's at the epoch on the screen."""
    epoch = player.epoch
    for run in runs:
        run.advance(max(0, epoch - run.epochs))
    for part in ("train", "validation"):
        expected = [float(run.losses[min(epoch, run.epochs)][part]) for run in runs]
        assert readouts(player, part) == pytest.approx(expected, rel=5e-3, nan_ok=True)


def test_a_pair_from_a_preset_is_pinned_plays_on_one_clock_and_loses_a_run(
    player: Open, page: Page
):
    parts = PRESETS["vanishing"].config.to_query()
    player("/?" + "&".join(f"{name}={value}" for name, value in parts.items()))
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    pin = page.get_by_role("button", name="Pin for comparison")
    pin.scroll_into_view_if_needed()
    pin.click()  # at this moment the report has come into view, and asks for its fragment alone
    page.get_by_role("link", name="Compare 1 run").click()
    one = Player(page)
    expect(one.root.locator(".run")).to_have_count(1)
    # Until the page is whole its rows move, and a click may meet the neighbour of a choice.
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("radio", name="tanh", exact=True).click()
    expect(names(one)).to_have_text(["sigmoid", "tanh"])
    expect(one.root).to_contain_text("Run 2 differs in: activation sigmoid → tanh")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    settled(page)  # a set that is sent once more would pause what has begun
    one.press("Train")
    one.wait_epoch(10)
    epoch = one.pause()
    agree(one, [untrained(config) for config in PAIRS["vanishing"].configs])
    page.get_by_role("button", name="Remove run 1").click()
    expect(names(one)).to_have_text(["The same depth with tanh"])
    expect(page.get_by_role("radio", name="tanh", exact=True)).to_have_count(0)  # it is run 1's
    one.wait(lambda: "sigmoid" not in query(page).get("runs", "sigmoid"), "the link")
    assert one.step() == epoch + 1


def opens_with_a_sentence_about_the_nonsense_in_its_link(page: Page, server: Server) -> None:
    """And to the first visitor of a server the page Train has the address that it has to others."""
    given = path("v=1&hidden=6~v=1&hidden=999999~v=1&learning_rate=<b>", "&epoch=-3")
    one = Player(page).open(server.url + given)
    said = page.get_by_test_id("stAlert").first
    expect(said).to_contain_text("Run 2: Hidden layers (hidden) must lie between 1 and 128")
    expect(said).to_contain_text("Run 3: Learning rate (learning_rate) must be a number")
    expect(said).to_contain_text("epoch must be a whole number")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert one.step() == 1
    page.get_by_role("button", name="Open run 1 on the Train page").click()
    page.wait_for_url(f"{server.url}/?*hidden=6*")


CONSTANT = Config(init="constant", init_scale=20.0, dropout=0.5)


def test_a_fork_is_the_same_run_up_to_its_epoch_and_the_link_opens_it_again(
    player: Open, page: Page
):
    one = player(path("v=1~v=1&init=constant&init_scale=20&dropout=0.5"))
    weights_and_deltas_share_one_scale_and_axe_finds_no_grave_fault(one)
    for _ in range(2):
        one.step()
    page.wait_for_timeout(600)
    page.get_by_test_id("stPopover").get_by_role("button").first.click()
    expect(page.get_by_role("spinbutton", name="After epoch")).to_have_value("3")
    field = page.get_by_role("spinbutton", name="Learning rate from then on")
    field.fill("1")
    field.press("Enter")
    page.get_by_role("button", name="Fork", exact=True).click()
    expect(one.root.locator(".run")).to_have_count(3)
    expect(one.root).to_contain_text("Run 3 differs in: learning rate 1 from epoch 3")
    one.wait_shown("epoch === 3", "epoch 3")
    fork = untrained(Config(), (Event(3, "learning_rate", 1.0),))
    runs = [untrained(Config()), untrained(CONSTANT), fork]
    agree(one, runs)
    scrubbing_moves_all_runs_and_playing_goes_on_from_there(one, runs)
    axes_fit(one)
    the_link_opens_the_comparison_again(one)
    a_card_opens_its_run_on_the_train_page(one)


def scrubbing_moves_all_runs_and_playing_goes_on_from_there(one: Player, runs: list[Run]) -> None:
    reach_train_by_keys(one.page)  # kind 65
    one.wait_epoch(12)
    last = one.pause()
    agree(one, runs)
    one.scrub(7)
    agree(one, runs)
    one.scrub(last)
    agree(one, runs)
    one.scrub(last - 2)
    one.press("Train")
    one.wait_epoch(last + 2)
    last = one.pause()
    agree(one, runs)
    assert one.step() == last + 1
    agree(one, runs)


SIZES = """(root) => [...root.querySelectorAll(".plot")].filter((plot) => plot.clientWidth).map(
  (plot) => [plot.clientWidth, plot.querySelector(".main-svg")?.clientWidth ?? 0])"""


def axes_fit(one: Player) -> None:
    """However often the window changes, the axes are as wide as their plots."""
    for width in (900, 1350, 1250):
        one.page.set_viewport_size({"width": width, "height": 900})
        one.page.wait_for_timeout(70)  # quicker than Plotly's axes follow
    one.wait(
        lambda: all(plot == axes for plot, axes in one.root.evaluate(SIZES)), "axes that fit", 10
    )
    assert len(one.root.evaluate(SIZES)) == 4


def the_link_opens_the_comparison_again(one: Player) -> None:
    page, epoch = one.page, one.epoch
    one.wait(lambda: query(page).get("epoch") == str(epoch), "the epoch in the address bar")
    link, losses, called = page.url, readouts(one), names(one).all_inner_texts()
    page.goto(link)
    one.root.wait_for(state="attached")
    one.wait_epoch(epoch)
    settled(page)
    assert (page.url, readouts(one), names(one).all_inner_texts()) == (link, losses, called)


def a_card_opens_its_run_on_the_train_page(one: Player) -> None:
    page, epoch = one.page, one.epoch
    shown = one.root.locator('.run[data-run="2"] [data-readout="train"]').inner_text()
    page.get_by_role("button", name="Open run 2 on the Train page").click()
    page.wait_for_url("**/?*init=constant*")
    train = Player(page)
    train.wait_epoch(epoch)
    assert (train.epoch, train.readout("train")) == (epoch, shown)


def test_of_six_runs_one_overflows_and_the_others_go_on_and_a_phone_shows_all(
    player: Open, page: Page
):
    one = player(path(SIX))
    expect(one.root.locator(".run")).to_have_count(6)
    one.press("Train")
    one.wait_epoch(10)
    one.pause()
    configs = [
        Config.from_query(dict(part.split("=") for part in run.split("&")))[0]
        for run in SIX.split("~")
    ]
    runs = [untrained(config) for config in configs]
    agree(one, runs)
    assert runs[-1].diverged
    assert not any(run.diverged for run in runs[:-1])
    mark = one.root.locator('.run[data-run="6"] .mark')
    expect(mark).to_have_text(f"diverged after epoch {runs[-1].epochs}")
    one.scrub(2)
    agree(one, runs)
    holds_at_most_six(one)
    page.set_viewport_size({"width": 390, "height": 800})
    nothing_is_clipped(one)


def holds_at_most_six(one: Player) -> None:
    page = one.page
    page.get_by_role("radio", name="L2 0.003", exact=True).click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(f"At most {MOST_RUNS} runs")
    expect(one.root.locator(".run")).to_have_count(6)


def nothing_is_clipped(one: Player) -> None:
    settled(one.page)
    wide = one.root.evaluate("(root) => root.ownerDocument.documentElement.scrollWidth")
    assert wide <= 390
    for card in one.root.locator(".run").all():
        box = card.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def weights_and_deltas_share_one_scale_and_axe_finds_no_grave_fault(one: Player) -> None:
    one.press("Weights")
    assert abs(untrained(CONSTANT).at(0).theta).max() == 20
    assert abs(untrained(Config()).at(0).theta).max() < 20
    expect(one.root.locator(".bar .note")).to_have_text("scale ±20, the same in every card")
    expect(one.root.locator(".run .weights canvas")).to_have_count(2)
    one.press("Deltas")
    expect(one.root.locator(".run .deltas canvas")).to_have_count(2)
    one.step()
    for shown in ("Weights", "Deltas", "Boundary"):  # which change the cards alone
        one.press(shown)
        settled(one.page)
        assert faults(one.page, '.run[data-run="1"]') == [], shown
