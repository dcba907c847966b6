"""Uses the page that steps through: its buttons, its tables, its numbers."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import Locator, Page

from engine.nn.equations import Array
from tests.browser.driver import PATIENCE

# Steps on by the button that a person presses: from the first equation to the last, or from the one
# on show until an equation of this rule is there. At the end all is on the screen, and if `painted`
# at each equation, before it is read.
WALK = """async (root, [until, layer, painted]) => {
  const read = %s;
  const button = (name) => [...root.querySelectorAll(".buttons button")].find(
    (one) => name === (one.getAttribute("aria-label") ?? one.textContent.trim()));
  const shown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const right = () => until === `${root.dataset.phase} ${root.dataset.rule}` &&
    (!layer || root.querySelector("h2").textContent.endsWith(`layer ${layer}`));
  const found = [];
  if (!until) button("First equation").click();
  for (let steps = Number(root.dataset.lines); ; steps--) {
    if (painted) await shown();
    found.push(read(root));
    if (until ? right() : Number(root.dataset.line) === root.dataset.lines - 1) {
      await shown();
      return found;
    }
    if (steps === 0) return null;
    button(Number(root.dataset.line) < root.dataset.lines - 1 ? "Step" : "First equation").click();
  }
}"""
MOUNT = """async (text) => {
  const { mount } = await import("/app/static/walker/walker.js");
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const known = document.querySelector("[data-walker]");
  globalThis.place ??= known?.parentElement ?? document.body;
  if (globalThis.leave) leave();
  else known?.remove();
  globalThis.leave = await mount({ data, parentElement: place });
}"""
AT_REST = """async (cell) => {
  await new Promise(requestAnimationFrame);
  await Promise.all(cell.closest(".pane").getAnimations().map(({ finished }) => finished));
}"""
NUMBERS = "cells => cells.map(cell => [cell.dataset.cell, cell.dataset.value])"


@contextmanager
def naming(case: object) -> Iterator[None]:
    """Say in the report of a failed assertion which of several cases it is about."""
    try:
        yield
    except AssertionError as error:
        error.add_note(str(case))
        raise


class Walker:
    """The walk on a page: which equation it shows, and what can be read off it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.locator("[data-walker]")

    def open(self, url: str) -> "Walker":
        """The walker on the page at this address, when its first equation is on the screen."""
        self.page.goto(url)
        return self.wait()

    def mount(self, message: bytes) -> "Walker":
        """The walker of a trace's message, in the place of the one on the page.

        On a page of our server without Streamlit it is alone.
        """
        self.page.evaluate(MOUNT, base64.b64encode(message).decode())
        return self.wait()

    def wait(self) -> "Walker":
        """The walker, as soon as an equation is on the screen."""
        shown = self.page.locator("[data-walker][data-line]:visible")
        shown.wait_for(timeout=PATIENCE * 1000)
        return self

    def of(self, name: str) -> str:
        """An attribute of the walk: "line", "lines", "phase" or "rule"."""
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def line(self) -> int:
        """The number of the equation on the screen, from 0."""
        return int(self.of("line"))

    @property
    def lines(self) -> int:
        """How many equations the walk has."""
        return int(self.of("lines"))

    def press(self, name: str) -> None:
        """Clicks the button of this name: Back, Step, Play, ..."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def go(self, phase: str, rule: str, layer: int = 0) -> "Walker":
        """The walker at the next equation that follows this rule; it steps there."""
        found = self.root.evaluate(WALK % "() => null", [f"{phase} {rule}", layer, False])
        assert found, f"No equation of {phase} follows the rule {rule} in layer {layer}."
        return self

    def each(self, read: str, painted: bool = True) -> list:
        """What a function in JavaScript reads off the walk at each equation, first to last.

        Text can be read before it is painted, for half the work.
        """
        return self.root.evaluate(WALK % read, ["", 0, painted])

    def table(self, place: int = -1) -> Array:
        """The numbers in a table of the equation; the last is the result. All must be in sight."""
        cells = self.root.locator(".grid").nth(place).locator("[data-cell]")
        found = {key: float(value) for key, value in cells.evaluate_all(NUMBERS)}
        places = [tuple(map(int, key.split(","))) for key in found]
        shape = max(i for i, _ in places) + 1, max(j for _, j in places) + 1
        assert len(found) == shape[0] * shape[1]
        return np.array(
            [found[f"{i},{j}"] for i in range(shape[0]) for j in range(shape[1])]
        ).reshape(shape)

    def cell(self, i: int, j: int, place: int = -1) -> Locator:
        """A cell of a table that is in sight."""
        return self.root.locator(".grid").nth(place).locator(f'[data-cell="{i},{j}"]')

    def choose(self, i: int, j: int, place: int = -1) -> None:
        """Click a cell of a table, as soon as its numbers are at rest.

        A click on what moves is tried again, and may scroll the page for that.
        """
        cell = self.cell(i, j, place)
        cell.evaluate(AT_REST)
        cell.click()

    def layer(self, number: int) -> "Walker":
        """The walker with the parameters of this layer on show."""
        self.root.get_by_role("button", name=f"Layer {number}", exact=True).click()
        return self

    def sums(self) -> list[str]:
        """The equation with numbers, a text for each line."""
        return self.root.locator(".numbers p").all_inner_texts()
