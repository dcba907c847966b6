"""Uses the page that steps through: its buttons, its tables, its numbers."""

import base64

import numpy as np
from playwright.sync_api import Locator, Page

from engine.nn.equations import Array
from tests.browser.driver import PATIENCE

# Steps on by the button that a person presses, and waits each time until all is on the screen.
WALK = """async (root, [until, layer]) => {
  const read = %s;
  const button = (name) => [...root.querySelectorAll(".buttons button")].find(
    (one) => name === (one.getAttribute("aria-label") ?? one.textContent.trim()));
  const shown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const found = [];
  for (button("First equation").click(); ; button("Step").click()) {
    await shown();
    const { phase, rule, line, lines } = root.dataset;
    found.push(read(root));
    const heading = root.querySelector("h2").textContent;
    const right = !layer || heading.endsWith(`layer ${layer}`);
    if (until === `${phase} ${rule}` && right) return found;
    if (Number(line) === lines - 1) return until ? null : found;
  }
}"""
MOUNT = """async (text) => {
  const { mount } = await import("/app/static/walker/walker.js");
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  document.body.replaceChildren(document.createElement("div"));
  await mount({ data, parentElement: document.body.firstChild });
}"""
NUMBERS = "cells => cells.map(cell => [cell.dataset.cell, cell.dataset.value])"


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
        """The walker of a trace's message, alone on a page of our server without Streamlit."""
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
        """The walker at the equation that follows this rule; it steps there from the first one."""
        found = self.root.evaluate(WALK % "() => null", [f"{phase} {rule}", layer])
        assert found, f"No equation of {phase} follows the rule {rule} in layer {layer}."
        return self

    def each(self, read: str) -> list:
        """What a function in JavaScript reads off the walk at each equation, first to last."""
        return self.root.evaluate(WALK % read, ["", 0])

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

    def choose(self, i: int, j: int, place: int = -1) -> None:
        """Click a cell of a table."""
        self.root.locator(".grid").nth(place).locator(f'[data-cell="{i},{j}"]').click()

    def layer(self, number: int) -> "Walker":
        """The walker with the parameters of this layer on show."""
        self.root.get_by_role("button", name=f"Layer {number}", exact=True).click()
        return self

    def sums(self) -> list[str]:
        """The equation with numbers, a text for each line."""
        return self.root.locator(".numbers p").all_inner_texts()
