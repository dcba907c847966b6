"""The controls on the network's diagram: by mouse, finger and keys, with the side bar's links."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import Player, Server, choose
from tests.browser.test_train import query

Open = Callable[[str], Player]
EVERY = ".stepper button, .foot select, .foot .inputs, .seeds button"
PLACES = """(WHICH) => [...document.querySelectorAll(WHICH)]
  .filter((one) => one.offsetParent)
  .map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"""


def control(one: Player, name: str) -> Locator:
    """A control on the diagram by its whole name."""
    return one.root.locator('[data-view="network"]').get_by_role("button", name=name, exact=True)


def activation(one: Player, layer: int) -> Locator:
    """The list below a hidden layer."""
    return one.root.get_by_label(re.compile(f"^Activation of .*layer {layer}$"))


def wanted(one: Player, **expected: str) -> dict[str, str]:
    """The query of the address once it has these settings, without the loss at its epoch."""
    one.wait(lambda: expected.items() <= query(one.page).items(), f"{expected} in the address bar")
    return {name: text for name, text in query(one.page).items() if name not in ("epoch", "check")}


def side_bar(one: Player) -> Locator:
    return one.page.get_by_test_id("stSidebar")


def test_each_control_gives_the_link_of_the_side_bar(player: Open):
    """And the side bar shows what the diagram has changed; what is undone is as before.

    A change keeps the activations of other layers, or says that it does not fit.
    """
    one = player("/?hidden=4-2")
    units_by_both(one)
    layers_by_both(one)
    activation_by_both(one)
    inputs_by_both(one)
    one.follow("?dataset=iris&hidden=3-3&activations=relu-tanh")
    expect(one.root.locator(".foot .inputs")).to_be_hidden()  # there are none to choose from
    a_layer_with_an_activation_of_its_own_keeps_the_others(one)
    a_change_that_does_not_fit_says_so_and_shows_what_holds(one.follow("?dataset=mazur"))
    the_film_goes_on_with_another_rate_and_stops_at_another_network(one.follow("?hidden=4"))


def write(field: Locator, text: str) -> None:
    """Type a number into a field of the side bar."""
    field.fill(text)
    field.press("Enter")


def units_by_both(one: Player) -> None:
    """By keys: the focus stays, also where a second press comes before the first is answered."""
    keys, field = one.page.keyboard, side_bar(one).get_by_role("spinbutton", name="Layer 1")
    less, more = (
        control(one, f"{words} layer 1") for words in ("Remove a unit from", "Add a unit to")
    )
    write(field, "1")
    fewest = wanted(one, hidden="1-2")
    more.focus()
    for _ in range(2):
        keys.press("Space")
    wanted(one, hidden="3-2")
    assert one.state == "paused"  # the space bar starts no film
    expect(field).to_have_value("3")
    expect(more).to_be_focused()
    keys.press("Shift+Tab")
    expect(less).to_be_focused()
    for _ in range(3):
        keys.press("Enter")
    assert wanted(one, hidden="1-2") == fewest
    expect(field).to_have_value("1")
    expect(less).to_be_focused()
    expect(less).to_be_disabled()
    expect(less).to_have_attribute(
        "title", "Remove a unit from layer 1. A layer has 1 unit or more."
    )


def layers_by_both(one: Player) -> None:
    slider = side_bar(one).get_by_role("slider", name="Hidden layers")
    slider.press("ArrowRight")
    layers = wanted(one, hidden="1-2-4")
    control(one, "Remove the last hidden layer").click()
    wanted(one, hidden="1-2")
    expect(slider).to_have_value("2")
    control(one, "Add a hidden layer").click()
    assert wanted(one, hidden="1-2-4") == layers
    expect(slider).to_have_value("3")


def activation_by_both(one: Player) -> None:
    choose(side_bar(one).get_by_role("combobox", name="Activation"), "ReLU")
    shared = wanted(one, activation="relu")
    activation(one, 1).select_option("tanh")
    one.wait(lambda: "activation" not in query(one.page), "tanh in the address bar")
    activation(one, 1).focus()
    one.page.keyboard.press("ArrowDown")
    assert wanted(one, activation="relu") == shared


def inputs_by_both(one: Player) -> None:
    """By mouse and by keys, in the order of the side bar, and not the last one off."""
    side_bar(one).get_by_text("More on the data").click()
    side_bar(one).get_by_role("checkbox", name="x₁", exact=True).click()
    second = wanted(one, features="x2")
    opener = one.root.get_by_role("button", name=re.compile("^Choose the inputs"))
    expect(opener).to_have_text("1 of 7")
    opener.click()
    tiles = one.root.get_by_role("group", name="Inputs of the network")
    first = tiles.get_by_role("button", name="Input x₁", exact=True)
    expect(tiles.get_by_role("button", name="Input x₂", exact=True)).to_be_disabled()
    first.click()
    one.wait(lambda: "features" not in query(one.page), "two inputs in the address bar")
    expect(opener).to_have_text("2 of 7")
    first.press("Enter")
    assert wanted(one, features="x2") == second
    tiles.get_by_role("button", name="Input x₁²", exact=True).press("Space")
    wanted(one, features="x2-x1x1")
    one.page.keyboard.press("Escape")
    expect(tiles).to_be_hidden()


def a_layer_with_an_activation_of_its_own_keeps_the_others(one: Player) -> None:
    activation(one, 2).select_option("gelu")
    wanted(one, activations="relu-gelu")
    control(one, "Remove the last hidden layer").click()
    wanted(one, hidden="3", activations="relu-gelu")
    control(one, "Remove the last hidden layer").click()
    wanted(one, hidden="0")
    expect(control(one, "Remove the last hidden layer")).to_be_disabled()


def a_change_that_does_not_fit_says_so_and_shows_what_holds(one: Player) -> None:
    data = one.root.get_by_role("button", name="New data", exact=True)
    expect(data).to_be_disabled()
    expect(data).to_have_attribute("title", re.compile("These data are fixed.$"))
    before = wanted(one, v="1")
    control(one, "Add a unit to layer 1").click()
    expect(one.page.get_by_test_id("stAlert").first).to_be_visible()
    assert wanted(one, v="1") == before


@pytest.fixture
def tap(page: Page) -> Iterator[Callable[[Locator], None]]:
    """What a finger does on a small screen."""
    page.set_viewport_size({"width": 390, "height": 844})
    device = page.context.new_cdp_session(page)
    device.send(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True},
    )
    device.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})

    def tapped(one: Locator) -> None:
        one.click(trial=True)  # it is in sight, and nothing lies over it
        box = one.bounding_box()
        assert box is not None
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
        device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    yield tapped
    device.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    device.detach()


def test_a_finger_finds_every_control(page: Page, server: Server, tap: Callable[[Locator], None]):
    one = Player(page).open(f"{server.url}/?hidden=4-3")
    assert page.evaluate("matchMedia('(pointer: coarse) and (hover: none)').matches")
    sizes = page.evaluate(PLACES, EVERY)
    assert len(sizes) == 11
    assert all(width >= 44 and height >= 44 for width, height in sizes)
    tap(control(one, "Add a unit to layer 1"))
    wanted(one, hidden="5-3")
    tap(control(one, "Remove the last hidden layer"))
    wanted(one, hidden="5")
    activation(one, 1).click(trial=True)  # the list itself is the system's
    tap(one.root.get_by_role("button", name="New weights", exact=True))
    wanted(one, seed="1", data_seed="0")
    tap(one.root.get_by_role("button", name=re.compile("^Choose the inputs")))
    tap(one.root.get_by_role("button", name="Input x₁x₂", exact=True))
    wanted(one, features="x1-x2-x1x2")
    one.follow("?hidden=2-2-2-2-2-2")
    assert all(
        width >= 32 and height >= 44 for width, height in page.evaluate(PLACES, ".stepper button")
    )


def the_film_goes_on_with_another_rate_and_stops_at_another_network(one: Player) -> None:
    """New weights keep the data, and new data the weights; the side bar gives the same links."""
    side_bar_follows_a_rate_that_was_changed_during_the_film(one)
    before = one.readout("train")
    one.press("New data")
    other = wanted(one, data_seed="1")
    one.wait(lambda: one.readout("train") != before, "other data")
    data_seed = side_bar(one).get_by_role("spinbutton", name="Data seed")
    seed = side_bar(one).get_by_role("spinbutton", name="Seed", exact=True)
    expect(data_seed).to_have_value("1")
    expect(seed).to_have_value("0")
    one.press("New weights")
    wanted(one, seed="1")
    assert "data_seed" not in query(one.page)  # both are those of one seed again
    one.press("New weights")
    wanted(one, seed="2", data_seed="1")
    write(seed, "0")
    one.wait(lambda: "seed" not in query(one.page), "the first seed in the address bar")
    assert wanted(one, data_seed="1") == other
    write(data_seed, "0")
    one.wait(lambda: "data_seed" not in query(one.page), "the first data in the address bar")
    write(data_seed, "1")
    assert wanted(one, data_seed="1") == other
    discretize_shows_two_colors_in_the_unit_maps(one)
    another_network_stands_at_its_start_wherever_it_was_chosen(one)


def side_bar_follows_a_rate_that_was_changed_during_the_film(one: Player) -> None:
    """Only its own part of the side bar is drawn while the film plays; the rest at the pause."""
    experiment = side_bar(one).get_by_role("combobox", name="Experiment")
    expect(experiment).not_to_have_value("")
    one.press("Train")
    one.wait_epoch(3)
    side_bar(one).get_by_role("slider", name="Learning rate").press("ArrowRight")
    one.wait(lambda: "events" in query(one.page), "the change in the address bar")
    assert one.state == "playing"
    expect(experiment).not_to_have_value("")
    one.pause()
    expect(experiment).to_have_value("")
    assert side_bar(one).get_by_text("0.3", exact=True).is_visible()


# How many colors there are in the map of the first of four hidden units.
COLORS = """() => {
  const canvas = document.querySelector('[data-view="network"] canvas');
  const x = parseFloat(document.querySelector(".heads .stepper").style.left);
  const pixels = canvas.getContext("2d").getImageData(x - 15, 20, 30, 30).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}"""


def discretize_shows_two_colors_in_the_unit_maps(one: Player) -> None:
    many = one.page.evaluate(COLORS)
    one.root.get_by_label("Discretize").check()
    one.wait(lambda: one.page.evaluate(COLORS) < many / 3, "maps of two colors")
    one.root.get_by_label("Discretize").uncheck()
    one.wait(lambda: one.page.evaluate(COLORS) == many, "maps of all colors")


def another_network_stands_at_its_start_wherever_it_was_chosen(one: Player) -> None:
    """And nothing shifts."""
    before = one.root.locator('[data-view="decision"]').bounding_box()
    for touch in (
        lambda: control(one, "Add a unit to layer 1").click(),
        lambda: side_bar(one).get_by_role("slider", name="Hidden layers").press("ArrowRight"),
    ):
        one.press("Train")
        one.wait_epoch(3)
        touch()
        one.wait_shown("state === 'paused' && epoch === 0", "the start of another run")
    wanted(one, hidden="5-4")
    assert one.root.locator('[data-view="decision"]').bounding_box() == before
