"""What Streamlit does with an element of ours: calls that overtake each other, and late ends."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.figures.base.palette import themed
from pages.figures.tune.tuning import ranking
from pages.live.setup import figure_data
from pages.widgets.shell.component import loader
from pages.widgets.shell.theme import COLOURS
from tests.browser.driver import PATIENCE, Server

CALL = """
async ({ script, data }) => {
  const module = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  globalThis.call = (await import(module)).default;
  const parentElement = document.body.appendChild(document.createElement("div"));
  globalThis.component = { data, key: "one", parentElement, setTriggerValue() {} };
}
"""


@pytest.fixture
def calls(page: Page, server: Server) -> Page:
    """An empty page that can call the element of a picture as Streamlit calls it."""
    page.route("**/empty", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(server.url + "/empty")
    scores, order = np.array([[0.5], [0.25]]), np.array([0, 1])
    figure = ranking(scores, order, np.array([True, False]), "accuracy")
    data = {"figure": figure_data(themed(figure, *COLOURS["light"])), "alt": "Two candidates."}
    page.evaluate(CALL, {"script": loader("shared/chart.js"), "data": data})
    return page


def drawn(page: Page) -> None:
    expect(page.locator(".picture .main-svg").first).to_be_visible(timeout=PATIENCE * 1000)


def test_a_late_end_of_an_overtaken_call_takes_nothing_away(calls: Page):
    calls.evaluate(
        "async () => { const end = call(component); globalThis.last = call({ ...component });"
        " await end(); }"
    )
    drawn(calls)
    calls.evaluate("async () => { await last(); }")
    expect(calls.locator(".picture")).to_have_count(0)


def test_an_end_before_the_next_call_leaves_room_for_it(calls: Page):
    """The first call is ended while Plotly is on its way; the second finds its place taken."""
    calls.evaluate(
        "async () => { const end = call(component); await end();"
        " globalThis.last = call({ ...component }); }"
    )
    drawn(calls)
    calls.evaluate("async () => { await last(); }")
    expect(calls.locator(".picture")).to_have_count(0)


AGAIN = """async (title) => {
  const root = document.querySelector(".picture");
  let drawn = 0;
  root.on("plotly_afterplot", () => { drawn += 1; });
  const data = structuredClone(sent); // as with each message; Plotly fills in what it was given
  if (title) data.figure.layout.title = { text: title };
  globalThis.last = call({ ...component, data });
  await new Promise((done) => setTimeout(done, 200));
  await root.work;
  root.removeAllListeners("plotly_afterplot");
  return drawn;
}"""


def test_a_figure_is_drawn_again_only_if_it_has_changed(calls: Page):
    calls.evaluate("() => { globalThis.sent = structuredClone(component.data); call(component); }")
    drawn(calls)
    calls.evaluate("document.querySelector('.picture').work")
    assert calls.evaluate(AGAIN, "") == 0
    assert calls.evaluate(AGAIN, "other") > 0
    expect(calls.locator(".picture .gtitle")).to_have_text("other")
    calls.evaluate("async () => { await (await last)(); }")
