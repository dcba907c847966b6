"""How soon any epoch of a long run is on the screen.

`python -m benchmarks.scrub` trains the default run for 100,000 epochs in the browser, then moves
the slider to random epochs and waits for each one's frame; with `--json` it prints one JSON object.
"""

import argparse
import json

import numpy as np

from tests.browser.driver import Player, chromium, serve

SCRUB = """(root, epoch) => new Promise((done) => {
  const slider = root.querySelector("input[type=range]");
  const start = performance.now();
  slider.value = String(epoch);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  const look = () => {
    if (root.dataset.epoch === String(epoch)) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def measured(epochs: int, count: int) -> dict:
    """Milliseconds from the touch of the slider to the frame, over `count` random epochs."""
    with serve() as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        player = Player(page).open(f"{server.url}/?epoch={epochs}")
        player.wait_epoch(epochs, seconds=600)
        page.wait_for_timeout(1000)
        wanted = np.random.default_rng(0).integers(0, epochs, count)
        times = [player.root.evaluate(SCRUB, int(epoch)) for epoch in wanted]
    middle, late = np.percentile(times, [50, 95])
    return {
        "epochs": epochs,
        "scrubs": count,
        "median_ms": round(float(middle), 1),
        "p95_ms": round(float(late), 1),
        "worst_ms": round(max(times), 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--epochs", type=int, default=100_000)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    found = measured(given.epochs, given.count)
    if given.json:
        print(json.dumps(found))
    else:
        print(
            f"{found['scrubs']} random epochs of {found['epochs']}: "
            f"median {found['median_ms']} ms, p95 {found['p95_ms']} ms, "
            f"worst {found['worst_ms']} ms"
        )


if __name__ == "__main__":
    main()
