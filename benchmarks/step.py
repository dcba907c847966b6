"""How soon the page that steps through shows something, and what a step costs.

`python -m benchmarks.step` prints a table, with `--json` the same as JSON. `first_line_ms` is from
the click on the link "Step through" of the Train page to the first equation on the screen;
`step_ms` from the click on Step to the next frame that the browser has painted. Medians of so many,
and the worst. On a busy machine all are longer: give it two idle cores.
"""

import argparse
import statistics
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.output import print_columns
from engine.explain import trace_batch
from engine.problems import load
from engine.training import Config, Run
from pages.widgets.step.step_trace import trace_message
from tests.browser.driver import Player, Server, chromium, serve
from tests.browser.walker import Walker

NETWORKS = {
    "2-8-8-1": {"hidden": (8, 8)},
    "64-64-64-10": {"dataset": "digits", "hidden": (64, 64), "batch_size": 128},
}
OPENINGS, STEPS = 5, 20

# The time from a click to the first equation in sight, kept in the page itself.
OPENING = """() => new Promise((done) => {
  const start = performance.now();
  const look = () => {
    const walker = document.querySelector("[data-walker][data-line]");
    if (walker && getComputedStyle(walker).visibility === "visible")
      return requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    requestAnimationFrame(look);
  };
  const links = [...document.querySelectorAll('[data-testid="stSidebar"] a')];
  links.find((link) => link.textContent.includes("Step through")).click();
  look();
})"""

# The time from a click on a button to the end of the frame that shows what it did.
STEP = """(name) => new Promise((done) => {
  const buttons = [...document.querySelectorAll("[data-walker] button")];
  const start = performance.now();
  buttons.find((button) => button.textContent === name).click();
  requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its message comes when the frame is painted
    channel.port1.onmessage = () => done(performance.now() - start);
    channel.port2.postMessage(0);
  });
})"""


def openings(browser: Browser, server: Server, path: str) -> list[float]:
    """Milliseconds to the first equation, each time in a fresh browser context."""
    found = []
    for _ in range(OPENINGS):
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        Player(page).open(server.url + path)
        page.wait_for_timeout(1000)
        found.append(page.evaluate(OPENING))
        context.close()
    return found


def stepping(page: Page, server: Server, path: str) -> dict[str, float]:
    """Milliseconds of each step, and how often the page asked the server for something."""
    asked: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: asked.append("frame"))

    page.on("websocket", listen)
    walker = Walker(page).open(server.url + "/step" + path[1:])
    page.wait_for_timeout(2000)
    asked.clear()
    page.on("request", lambda request: asked.append(request.url))
    times = []
    for _ in range(STEPS):
        last = walker.line == walker.lines - 1
        if last:
            page.keyboard.press("Home")
        times.append(page.evaluate(STEP, "Step"))
        page.wait_for_timeout(50)
    return {
        "step_ms": statistics.median(times),
        "step_worst_ms": max(times),
        "requests": len(asked),
    }


def size(config: Config) -> int:
    """Bytes of the message that holds the whole walk."""
    run = Run(config, load(config))
    return len(trace_message(run, trace_batch(run, 0)))


def measured(browser: Browser, server: Server, choices: dict) -> dict[str, float]:
    """The figures of one network."""
    config = Config(**choices)
    path = f"/?{urlencode(config.to_query())}"
    opened = openings(browser, server, path)
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    steps = stepping(context.new_page(), server, path)
    context.close()
    return {
        "first_line_ms": statistics.median(opened),
        "first_line_worst_ms": max(opened),
        **steps,
        "kb_of_the_walk": size(config) / 1000,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = options.parse_args()
    with serve() as server, chromium() as browser:
        found = {name: measured(browser, server, one) for name, one in NETWORKS.items()}
    results = {
        name: {key: round(value, 1) for key, value in own.items()} for name, own in found.items()
    }
    print_columns(results, given.json, 24)


if __name__ == "__main__":
    main()
