"""What the address bar keeps, and where the browser's Back leads."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.driver import Player, settled

Open = Callable[[str], Player]


def chosen(page: Page, name: str) -> None:
    """Wait until this problem is the chosen one, in the side bar and in the address."""
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    settled(page)


def test_a_page_in_a_frame_stays_one(player: Open):
    one = player("/?embed=true&embed_options=show_padding&seed=3&view=backward-discretize")
    expect(one.root.get_by_role("button", name="Backward")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(one.root.get_by_label("Discretize")).to_be_checked()
    expect(one.root.locator(".hint")).to_have_count(0)
    one.step()
    one.page.wait_for_url(re.compile("epoch=1"))
    for kept in ("embed=true", "embed_options=show_padding", "view=backward-discretize"):
        assert kept in one.page.url
    one.press("Forward")
    one.page.wait_for_url(re.compile("view=discretize"))


def test_another_language_and_back_keep_the_run_and_its_epoch(player: Open):
    """Back returns to the run before; a copied link locks and hides controls."""
    one = player("/?hidden=3-2&seed=3")
    page = one.page
    chosen(page, "Circle")
    one.step()
    page.wait_for_url(re.compile("epoch=1"))
    another_language_keeps_the_run_and_its_epoch(one)
    page.get_by_role("radio", name="XOR", exact=True).click()
    page.wait_for_url(re.compile("dataset=xor"))
    page.get_by_role("radio", name="Moons", exact=True).click()
    page.wait_for_url(re.compile("dataset=moons"))
    page.go_back()
    chosen(page, "XOR")
    page.go_back()
    chosen(page, "Circle")
    one.wait(lambda: one.epoch == 1, "the epoch that was shown")
    assert "seed=3" in page.url
    page.go_forward()
    chosen(page, "XOR")
    page.get_by_role("radio", name="Spiral", exact=True).click()  # a touch counts after it
    chosen(page, "Spiral")
    page.wait_for_url(re.compile("dataset=spiral"))
    back_from_another_page_finds_the_run_as_it_was(one)
    a_copied_link_locks_and_hides_controls(one.follow("?hidden=3&seed=3&lock=hidden&hide=noise"))


def another_language_keeps_the_run_and_its_epoch(one: Player) -> None:
    page, loss = one.page, one.readout("train")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1, name="观察神经网络怎样学习")).to_be_visible()
    one.wait(lambda: one.epoch == 1, "the epoch that was shown")
    assert one.readout("train") == loss
    assert "seed=3" in page.url
    assert "hidden=3-2" in page.url
    page.get_by_role("navigation", name="语言").get_by_role("link", name="English").press("Enter")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    chosen(page, "Circle")


def back_from_another_page_finds_the_run_as_it_was(one: Player) -> None:
    one.press("Train")
    one.wait_epoch(3)
    slider = one.page.get_by_test_id("stSidebar").get_by_role("slider", name="Learning rate")
    slider.focus()
    slider.press("ArrowRight")  # a change during the run is no other run
    one.wait(lambda: "events=" in one.page.url, "the change in the address")
    epoch = one.pause()
    one.page.wait_for_url(re.compile(f"epoch={epoch}&"))
    address, loss = one.page.url, one.readout("train")
    one.page.get_by_role("link", name="Step through", exact=True).click()
    one.page.wait_for_url(re.compile("/step"))
    settled(one.page)
    one.page.go_back()
    back = Player(one.page)
    back.root.wait_for()
    back.wait(lambda: back.epoch == epoch, "the epoch that was shown")
    settled(one.page)
    assert (one.page.url, back.readout("train")) == (address, loss)


def a_copied_link_locks_and_hides_controls(one: Player) -> None:
    page, bar = one.page, one.page.get_by_test_id("stSidebar")
    more = one.root.get_by_role("button", name="Add a unit to layer 1", exact=True)
    expect(more).to_have_attribute("aria-disabled", "true")
    expect(more).to_have_attribute("title", re.compile("The link locks this setting"))
    expect(bar.get_by_role("slider", name="Hidden layers")).to_be_disabled()
    expect(bar.get_by_role("slider", name="Noise")).to_have_count(0)
    more.click(force=True)
    one.press("New weights")
    page.wait_for_url(re.compile("seed=4"))
    query = re.search("[?](.*)", page.url)
    assert query is not None
    assert {"hidden=3", "hide=noise", "lock=hidden"} <= set(query[1].split("&"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.press("Share")
    box = page.locator(".deltascope-share")
    box.get_by_text("Hide or lock controls").click()
    box.get_by_label("Optimizer").select_option("locked")
    box.get_by_label("L1", exact=True).select_option("hidden")
    box.get_by_label("Hidden layers").select_option("shown")
    assert faults(page, ".deltascope-share") == []
    box.get_by_role("button", name="Copy").click()
    expect(box.get_by_text("Copied.")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(bar.get_by_text("The link locks: Optimizer.")).to_be_visible()
    expect(bar.get_by_role("combobox", name="Optimizer")).to_be_disabled()
    expect(bar.get_by_role("slider", name="Hidden layers")).to_be_enabled()
    expect(bar.get_by_role("button", name="L2", exact=True)).to_be_visible()
    expect(bar.get_by_role("button", name="L1", exact=True)).to_have_count(0)
