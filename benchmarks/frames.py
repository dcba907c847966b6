"""How smoothly the live view plays, and what it costs the server and the network.

`python -m benchmarks.frames` prints a table, with `--json` the same as JSON. A frame counts when
every visible view was redrawn for a new epoch; `offered` is how often the browser asked for one. A
kB is 1,000 bytes as they came through the websocket.
"""

import argparse
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.output import print_columns
from tests.browser.driver import Player, Server, chromium, serve

PROBLEMS = {"default": "/", "spiral": "/?dataset=spiral&hidden=8-8-8"}
STRIDES = (1, 10, 100)  # epochs per frame
WATCHER = (Path(__file__).parent / "frames.js").read_text()


class Traffic:
    """Counts the bytes that the server sends to a page."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        page.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self.count)

    def count(self, payload: bytes | str) -> None:
        self.bytes += len(payload if isinstance(payload, bytes) else payload.encode())


def inside(player: Player, function: str, seconds: float) -> dict:
    """What rate() or watch() of frames.js found in so many seconds."""
    code = f"(root, seconds) => {{ {WATCHER}\nreturn {function}(root, seconds) }}"
    return player.root.evaluate(code, seconds)


def play(browser: Browser, server: Server, path: str, stride: int, seconds: float) -> dict:
    """The figures of one problem at one speed, with all views in sight."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    traffic = Traffic(page)
    player = Player(page).open(server.url + path)
    player.speed(stride)
    player.press("Train")
    player.wait(lambda: player.frames > 60, "the first sixty frames")
    page.wait_for_timeout(2000)  # buffers are full, Chromium has compiled what is hot

    cpu, received = server.cpu_seconds(), traffic.bytes
    found = inside(player, "rate", seconds)
    cpu, received = server.cpu_seconds() - cpu, traffic.bytes - received
    watched = inside(player, "watch", min(seconds, 5))
    player.pause()
    paused = idle(server)
    player.press("Train")
    player.wait_state("playing")
    context.close()
    return {
        "frames_per_s": found["frames"] / found["seconds"],
        "offered_per_s": found["offered"] / found["seconds"],
        "blank_frames": watched["blank"],
        "remounts": watched["remounts"],
        "server_cpu_ms_per_frame": 1000 * cpu / max(1, found["frames"]),
        "kb_per_frame": received / 1000 / max(1, found["frames"]),
        "epochs_per_s": found["epochs"] / found["seconds"],
        "views_redrawn_per_frame": watched["redrawn"],
        "views": watched["canvases"],
        "cpu_percent_paused": paused,
        "cpu_percent_tab_closed": idle(server),
    }


def idle(server: Server) -> float:
    """Percent of a core that the server uses from 2 to 5 seconds after now."""
    time.sleep(2)
    before = server.cpu_seconds()
    time.sleep(3)
    return 100 * (server.cpu_seconds() - before) / 3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    given = options.parse_args()
    results = {}
    with serve() as server, chromium() as browser:
        for stride in STRIDES:
            for name, path in PROBLEMS.items():
                key = name if stride == 1 else f"{name}_{stride}"
                found = play(browser, server, path, stride, given.seconds)
                results[key] = {name: round(value, 3) for name, value in found.items()}
    print_columns(results, given.json)


if __name__ == "__main__":
    main()
