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
    """And the side bar shows what the diagram has changed; what is undone is as before."""
    one = player("/?hidden=4-2")
    units_by_both(one)
    layers_by_both(one)
    activation_and_inputs_by_both(one)
    the_keyboard_changes_the_network_and_keeps_its_place(one)


def units_by_both(one: Player) -> None:
    control(one, "Add a unit to layer 2").click()
    units = wanted(one, hidden="4-3")
    field = side_bar(one).get_by_role("spinbutton", name="Layer 2")
    expect(field).to_have_value("3")
    control(one, "Remove a unit from layer 2").click()
    wanted(one, hidden="4-2")
    expect(field).to_have_value("2")
    field.fill("3")
    field.press("Enter")
    assert wanted(one, hidden="4-3") == units


def layers_by_both(one: Player) -> None:
    control(one, "Add a hidden layer").click()
    layers = wanted(one, hidden="4-3-4")
    slider = side_bar(one).get_by_role("slider", name="Hidden layers")
    expect(slider).to_have_value("3")
    control(one, "Remove the last hidden layer").click()
    wanted(one, hidden="4-3")
    expect(slider).to_have_value("2")
    slider.press("ArrowRight")
    assert wanted(one, hidden="4-3-4") == layers


def activation_and_inputs_by_both(one: Player) -> None:
    activation(one, 1).select_option("relu")
    shared = wanted(one, activation="relu")
    one.root.get_by_role("button", name=re.compile("^Choose the inputs")).click()
    square = one.root.get_by_role("button", name="Input x₁²", exact=True)
    square.click()
    inputs = wanted(one, features="x1-x2-x1x1")
    square.click()
    one.wait(lambda: "features" not in query(one.page), "two inputs in the address bar")
    one.page.keyboard.press("Escape")
    activation(one, 1).select_option("tanh")
    one.wait(lambda: "activation" not in query(one.page), "tanh in the address bar")
    choose(side_bar(one).get_by_role("combobox", name="Activation"), "ReLU")
    assert wanted(one, activation="relu") == shared
    side_bar(one).get_by_text("More on the data").click()
    side_bar(one).get_by_role("checkbox", name="x₁²", exact=True).click()
    assert wanted(one, features="x1-x2-x1x1") == inputs


def the_keyboard_changes_the_network_and_keeps_its_place(one: Player) -> None:
    """Also at the limit, and where a second press comes before the first has been answered."""
    less = control(one, "Remove a unit from layer 1")
    less.focus()
    for _ in range(6):
        one.page.keyboard.press("Enter")
    wanted(one, hidden="1-3-4")
    expect(less).to_be_focused()
    expect(less).to_be_disabled()
    expect(less).to_have_attribute(
        "title", "Remove a unit from layer 1. A layer has 1 unit or more."
    )
    one.page.keyboard.press("Tab")
    expect(control(one, "Add a unit to layer 1")).to_be_focused()
    one.page.keyboard.press("Space")
    wanted(one, hidden="2-3-4")
    assert one.state == "paused"  # the space bar starts no film
    before = query(one.page)["activation"]
    activation(one, 1).focus()
    one.page.keyboard.press("ArrowDown")
    one.wait(lambda: query(one.page).get("activation") != before, "another activation")


def test_a_change_keeps_the_activations_of_other_layers_or_says_that_it_does_not_fit(player: Open):
    one = player("/?hidden=3-3&activations=relu-tanh")
    a_layer_with_an_activation_of_its_own_keeps_the_others(one)
    a_change_that_does_not_fit_says_so_and_shows_what_holds(one.follow("?dataset=mazur"))


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
    activation(one, 1).select_option("relu")
    wanted(one, activation="relu")
    tap(one.root.get_by_role("button", name="New weights", exact=True))
    wanted(one, seed="1", data_seed="0")
    tap(one.root.get_by_role("button", name=re.compile("^Choose the inputs")))
    tap(one.root.get_by_role("button", name="Input x₁x₂", exact=True))
    wanted(one, features="x1-x2-x1x2")
    one.follow("?hidden=8-8-8-8-8-8")
    assert all(
        width >= 32 and height >= 44 for width, height in page.evaluate(PLACES, ".stepper button")
    )


def test_the_film_goes_on_with_another_rate_and_new_weights_keep_the_data(player: Open):
    """And new data the weights; the side bar follows, and its fields give the same links."""
    one = player("/")
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


def write(field: Locator, text: str) -> None:
    """Type a number into a field of the side bar."""
    field.fill(text)
    field.press("Enter")


def side_bar_follows_a_rate_that_was_changed_during_the_film(one: Player) -> None:
    """Only its own part of the side bar is drawn while the film plays; the rest at the pause."""
    experiment = side_bar(one).get_by_role("combobox", name="Experiment")
    expect(experiment).not_to_have_value("")
    one.press("Train")
    one.wait_epoch(20)
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


def test_discretize_shows_two_colors_in_the_unit_maps_and_nothing_shifts(player: Open):
    """Where the network changes, too."""
    one = player("/?hidden=4")
    many = one.page.evaluate(COLORS)
    one.root.get_by_label("Discretize").check()
    one.wait(lambda: one.page.evaluate(COLORS) < many / 3, "maps of two colors")
    one.root.get_by_label("Discretize").uncheck()
    one.wait(lambda: one.page.evaluate(COLORS) == many, "maps of all colors")
    before = one.root.locator('[data-view="decision"]').bounding_box()
    control(one, "Add a hidden layer").click()
    wanted(one, hidden="4-4")
    assert one.root.locator('[data-view="decision"]').bounding_box() == before
    another_network_stands_at_its_start_wherever_it_was_chosen(one)
    inputs_are_switched_by_their_pictures(one)


def another_network_stands_at_its_start_wherever_it_was_chosen(one: Player) -> None:
    for touch in (
        lambda: control(one, "Add a unit to layer 1").click(),
        lambda: side_bar(one).get_by_role("slider", name="Hidden layers").press("ArrowRight"),
    ):
        one.press("Train")
        one.wait_epoch(10)
        touch()
        one.wait_shown("state === 'paused' && epoch === 0", "the start of another run")


def inputs_are_switched_by_their_pictures(one: Player) -> None:
    """By mouse and by keys, in the order of the side bar, and not the last one off."""
    opener = one.root.get_by_role("button", name=re.compile("^Choose the inputs"))
    expect(opener).to_have_text("2 of 7")
    opener.click()
    tiles = one.root.get_by_role("group", name="Inputs of the network")
    tiles.get_by_role("button", name="Input x₁²", exact=True).click()
    wanted(one, features="x1-x2-x1x1")
    expect(opener).to_have_text("3 of 7")
    tiles.get_by_role("button", name="Input x₁", exact=True).press("Enter")
    wanted(one, features="x2-x1x1")
    tiles.get_by_role("button", name="Input x₂", exact=True).press("Space")
    wanted(one, features="x1x1")
    expect(tiles.get_by_role("button", name="Input x₁²", exact=True)).to_be_disabled()
    one.page.keyboard.press("Escape")
    expect(tiles).to_be_hidden()
    expect(one.follow("?dataset=iris").root.locator(".foot .inputs")).to_be_hidden()
