"""How long the seed cloud takes on the page, from the click until its picture is on the screen.

`python -m benchmarks.cloud_page` prints a table, with `--json` one JSON object: 100 XOR networks of
8 hidden units, 2,000 epochs each, in headless Chromium; the median over the rounds. In the first,
which is given beside it, the browser also loads the plotting library.
"""

import argparse
import json
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from playwright.sync_api import Page

from benchmarks.cloud import EPOCHS, XOR
from tests.browser.driver import PATIENCE, chromium, serve, wait_until

DRAWN = """(before) => {
  const picture = document.querySelector(".st-key-cloud-picture .picture, .picture");
  const now = picture?.getAttribute("aria-label");
  return picture?.querySelector(".main-svg path.js-line") && now !== before ? now : false;
}"""


def shown(page: Page, url: str) -> float:
    """Seconds from the click to the picture of a cloud, on a page just opened."""
    page.goto(f"{url}/compare?{urlencode({**XOR.to_query(), 'epochs': EPOCHS})}")
    button = page.get_by_role("button", name="Train 100 seeds")
    button.wait_for(timeout=1000 * PATIENCE)
    page.wait_for_timeout(1000)  # the page has come to rest
    begun = perf_counter()
    button.click()
    wait_until(lambda: page.evaluate(DRAWN, None), "the picture")
    return perf_counter() - begun


def measure(rounds: int) -> dict[str, float]:
    """The figures."""
    with serve() as server, chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        first, *times = [shown(context.new_page(), server.url) for _ in range(rounds + 1)]
    return {
        "networks": 100,
        "epochs": EPOCHS,
        "seconds": round(median(times), 2),
        "first": round(first, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    found = measure(asked.rounds)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:10}{value:>8}")


if __name__ == "__main__":
    main()
