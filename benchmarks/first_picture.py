"""How soon the first picture is there, and how soon a touched control shows its effect.

`python -m benchmarks.first_picture` prints a table, with `--json` one JSON object. A picture is
there when the player has drawn its first frame. `start`: the first visit after the server was
started; `new`: a new browser, the server is warm; `second`: the same browser once more; `slow`: a
new browser at 10 Mbit/s and 40 ms. Then the milliseconds from the touch of a control to the first
frame of the new run, from the press of Train to the first new frame, and the longest time without
a new frame around a change of the learning rate while it plays.
"""

import argparse
import json
from collections.abc import Callable
from statistics import median

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.driver import Player, Server, choose, chromium, serve, wait_until

# Notes when the first frame was drawn, in ms since the page was asked for, and how far what is in
# sight has jumped until then (cumulative layout shift, https://web.dev/articles/cls).
NOTE_FIRST = """(() => {
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((_, watch) => {
    if (Number(document.querySelector("[data-player]")?.dataset.frames) > 0) {
      window.firstPicture = { ms: performance.now(), shift };
      watch.disconnect();
    }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-frames"] });
})()"""

# Notes when the run on the screen is another one, in ms since the last touch of the page.
NOTE_NEXT = """(() => {
  let touched = 0;
  const events = ["pointerdown", "keydown"];
  for (const event of events) addEventListener(event, () => { touched = performance.now(); }, true);
  const note = () => {
    const root = document.querySelector("[data-player]");
    if (root?.dataset.run === window.lastRun) return;
    window.lastRun = root?.dataset.run;
    window.nextPicture = performance.now() - touched;
  };
  new MutationObserver(note).observe(document, { subtree: true, attributeFilter: ["data-run"] });
})()"""


# Notes when frames were drawn, and when the page was pressed.
NOTE_FRAMES = """(() => {
  window.drawn = [];
  const note = () => window.drawn.push(performance.now());
  const options = { subtree: true, attributeFilter: ["data-frames"] };
  new MutationObserver(note).observe(document, options);
})()"""
NOTE_PRESS = """addEventListener("click", () => { window.pressed = performance.now(); }, true)"""
SLOW = {
    "offline": False,
    "latency": 40,  # ms
    "downloadThroughput": 10e6 / 8,  # bytes per second
    "uploadThroughput": 10e6 / 8,
}


class Visit:
    """One visit of a page: its time to the first picture, its requests and bytes."""

    def __init__(self, context: BrowserContext, slow: bool = False) -> None:
        self.page = context.new_page()
        self.page.add_init_script(NOTE_FIRST)
        self.requests, self.ours, self.bytes = 0, 0, 0
        wire = context.new_cdp_session(self.page)
        wire.send("Network.enable")
        if slow:
            wire.send("Network.emulateNetworkConditions", SLOW)
        wire.on("Network.requestWillBeSent", self.count_request)
        wire.on("Network.loadingFinished", self.count_bytes)

    def count_request(self, event: dict) -> None:
        self.requests += 1
        self.ours += "/app/static/" in event["request"]["url"]

    def count_bytes(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]

    def open(self, url: str) -> dict[str, float]:
        """Open the page; return its figures when the first picture is there."""
        self.page.goto(url, wait_until="commit")  # on a slow line all of it comes much later
        wait_until(lambda: self.page.evaluate("window.firstPicture"), "the first picture")
        picture = self.page.evaluate("window.firstPicture")
        found = {
            "seconds": picture["ms"] / 1000,
            "requests": self.requests,
            "requests_of_ours": self.ours,
            "megabytes": self.bytes / 1e6,
            "layout_shift": picture["shift"],
        }
        self.page.wait_for_timeout(2000)  # what comes after the picture is no longer in the way
        self.page.close()
        return found


def visits(browser: Browser, server: Server) -> tuple[dict, dict]:
    """The figures of a new browser's first and second visit."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    found = Visit(context).open(server.url), Visit(context).open(server.url)
    context.close()
    return found


def middle(found: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: round(median(one[name] for one in found), 3) for name in found[0]}


def pick(key: str, option: str) -> Callable[[Page], None]:
    """Return the touch that picks an option of a select box in the side bar."""

    def touch(page: Page) -> None:
        choose(page.locator(f".st-key-{key.replace('.', '-')}").get_by_role("combobox"), option)

    return touch


def pick_picture(name: str) -> Callable[[Page], None]:
    """Return the touch that picks a problem by its picture."""
    return lambda page: page.get_by_role("radio", name=name, exact=True).click()


def add_one(key: str) -> Callable[[Page], None]:
    """Return the touch that types the next number into a field of the side bar."""

    def touch(page: Page) -> None:
        field = page.locator(f".st-key-{key.replace('.', '-')} input")
        field.fill(str(int(field.input_value()) + 1))
        field.press("Enter")

    return touch


def slide(key: str, way: str) -> Callable[[Page], None]:
    """Return the touch that moves a slider of the side bar by one place with an arrow key."""

    def touch(page: Page) -> None:
        page.locator(f".st-key-{key.replace('.', '-')}").get_by_role("slider").press(f"Arrow{way}")

    return touch


TO_AND_FRO = ("Right", "Left", "Right", "Left", "Right")
TOUCHES: dict[str, list[Callable[[Page], None]]] = {
    "activation": [
        pick("choice.activation", name) for name in ("ReLU", "sigmoid", "tanh", "ReLU", "sigmoid")
    ],
    "problem": [pick_picture(name) for name in ("XOR", "Moons", "Circle", "XOR", "Moons")],
    "seed": [add_one("choice.seed")] * 5,
    "units": [add_one("choice.units0")] * 5,
    "layers": [slide("choice.layers", way) for way in TO_AND_FRO],
    "noise": [slide("choice.noise", way) for way in TO_AND_FRO],
}


def touched(browser: Browser, server: Server) -> dict[str, float]:
    """Milliseconds from the touch of each control to the new run's first picture.

    The median of each control, and of all touches the median and the 95th percentile.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 1200})
    page.add_init_script(NOTE_NEXT)
    player = Player(page).open(server.url)
    found: dict[str, float] = {}
    times: list[float] = []
    for name, touches in TOUCHES.items():
        for touch in touches:
            page.wait_for_timeout(1500)  # the page is quiet again
            page.evaluate("window.nextPicture = null")
            touch(page)
            player.wait(lambda: page.evaluate("window.nextPicture") is not None, name)
            times.append(page.evaluate("window.nextPicture"))
        found[name] = round(median(times[-len(touches) :]), 1)
    page.close()
    p50, p95 = np.quantile(times, (0.5, 0.95))
    return found | {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def while_it_plays(browser: Browser, server: Server, times: int = 8) -> dict[str, float]:
    """Milliseconds from Train to the first new frame, and the longest stand-still around a change.

    The change is one of the learning rate; beside it the longest time between two frames without
    a change. Both are the 95th percentile of `times` tries.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 1200})
    page.add_init_script(NOTE_FRAMES)
    player = Player(page).open(server.url)
    page.wait_for_timeout(2000)
    page.evaluate(NOTE_PRESS)
    player.press("Train")
    page.wait_for_timeout(2000)
    first = page.evaluate("window.drawn.find((at) => at > window.pressed) - window.pressed")
    gaps: dict[bool, list[float]] = {False: [], True: []}
    for k in range(2 * times):
        page.evaluate("window.drawn = []")
        if k % 2:
            slide("choice.learning_rate", "Left" if k % 4 == 1 else "Right")(page)
        page.wait_for_timeout(1200)
        gaps[bool(k % 2)].append(float(np.diff(page.evaluate("window.drawn")).max()))
    page.close()
    change, none = (float(np.quantile(gaps[one], 0.95)) for one in (True, False))
    return {
        "train_to_frame": round(first, 1),
        "stand_still": round(change, 1),
        "without_change": round(none, 1),
    }


def measure(times: int) -> dict[str, dict]:
    """All figures, the median of some visits each."""
    first, new, second, slow = [], [], [], []
    with chromium() as browser:
        for _ in range(times):
            with serve() as server:
                context = browser.new_context(viewport={"width": 1400, "height": 900})
                first.append(Visit(context).open(server.url))
                context.close()
                one, other = visits(browser, server)
                new.append(one)
                second.append(other)
                context = browser.new_context(viewport={"width": 1400, "height": 900})
                slow.append(Visit(context, slow=True).open(server.url))
                context.close()
        with serve() as server:
            answers = touched(browser, server)
            film = while_it_plays(browser, server)
    kinds = {"start": first, "new": new, "second": second, "slow": slow}
    found = {kind: middle(figures) for kind, figures in kinds.items()}
    return found | {"touched_ms": answers, "film_ms": film}


def table(found: dict[str, dict]) -> str:
    """Return the figures as lines."""
    lines = [
        f"{kind:<12}" + "".join(f"{k} {v:<10g}" for k, v in row.items())
        for kind, row in found.items()
    ]
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--times", type=int, default=3, help="visits of each kind")
    given = options.parse_args()
    found = measure(given.times)
    print(json.dumps(found) if given.json else table(found))


if __name__ == "__main__":
    main()
