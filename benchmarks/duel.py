"""How smoothly six runs play side by side.

`python -m benchmarks.duel` prints a table, with `--json` the same as JSON: the default problem with
six different choices, then a pair with six seeds of a larger network, maps, weights or deltas in
the cards. Frames and blank frames are counted as in `benchmarks.frames`.
"""

import argparse
from urllib.parse import quote

from playwright.sync_api import Browser

from benchmarks.frames import inside
from benchmarks.output import print_columns
from tests.browser.driver import Player, Server, chromium, serve

CHOICES = ("", "&seed=1", "&dropout=0.5", "&activation=relu", "&optimizer=adam", "&l2=0.003")
SPIRAL = "v=1&dataset=spiral&hidden=8-8-8&optimizer=adam&learning_rate=0.005"
SIX = {
    "choices": "~".join(f"v=1{more}" for more in CHOICES),
    "seeds": "~".join(f"v=1&seed={seed}" for seed in range(6)),
    "spirals": "~".join(f"{SPIRAL}&seed={seed}" for seed in range(6)),
}


def play(browser: Browser, server: Server, runs: str, shown: str, seconds: float) -> dict:
    """The figures of six runs, with boundaries, weights or deltas in the cards."""
    context = browser.new_context(viewport={"width": 1400, "height": 1250})
    page = context.new_page()
    player = Player(page).open(f"{server.url}/compare?runs={quote(runs)}")
    player.press(shown)
    player.press("Train")
    player.wait(lambda: player.frames > 60, "the first sixty frames")
    page.wait_for_timeout(2000)  # buffers are full, Chromium has compiled what is hot
    cpu = server.cpu_seconds()
    found = inside(player, "rate", seconds)
    cpu = server.cpu_seconds() - cpu
    watched = inside(player, "watch", min(seconds, 5))
    player.pause()
    context.close()
    return {
        "frames_per_s": found["frames"] / found["seconds"],
        "offered_per_s": found["offered"] / found["seconds"],
        "blank_frames": watched["blank"],
        "remounts": watched["remounts"],
        "canvases": watched["canvases"],
        "server_cpu_ms_per_frame": 1000 * cpu / max(1, found["frames"]),
        "epochs_per_s": found["epochs"] / found["seconds"],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    given = options.parse_args()
    results = {}
    with serve() as server, chromium() as browser:
        for name, runs in SIX.items():
            for shown in ("Boundary", "Weights", "Deltas") if name == "choices" else ("Boundary",):
                key = name if shown == "Boundary" else shown.lower()
                found = play(browser, server, runs, shown, given.seconds)
                results[key] = {figure: round(value, 3) for figure, value in found.items()}
    print_columns(results, given.json)


if __name__ == "__main__":
    main()
