"""How soon a person is back at the same epoch of the same run after something was lost.

`python -m benchmarks.returns` prints a table, with `--json` one JSON object. Seconds until the
frame of the epoch before is on the screen again, with the same loss: after the server was killed
and started again (from the moment when it answers), the same with 20,000 epochs, after one of two
replicas was killed (from the kill), and after the page was loaded again. After the processes that
train were killed: how long the film stood still within five seconds.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from tests.browser.driver import Player, chromium, free_port, serve, wait_until
from tests.browser.test_live import training_processes
from tests.browser.test_replicas import COOKIE, proxy, started

PATH = "/?dataset=moons&hidden=8"
STAND_STILL = """(root) => {
  let [shown, since] = [root.dataset.epoch, performance.now()];
  window.longest = 0;
  const look = () => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - since);
    if (root.dataset.epoch !== shown) [shown, since] = [root.dataset.epoch, now];
    requestAnimationFrame(look);
  };
  look();
}"""
TRAINED = 300  # epochs before something is lost


LONG, LONG_PATH = 20_000, "/?epoch=20000"


def trained(context: BrowserContext, url: str) -> Player:
    """The player of a run in training, on a page that has been quiet for a while, and is marked."""
    player = Player(context.new_page()).open(url + PATH)
    player.page.evaluate("window.before = true")
    player.page.wait_for_timeout(1500)
    player.press("Train")
    player.wait_epoch(TRAINED)
    return player


def back(player: Player, begun: float, epoch: int, loss: str) -> float:
    """Seconds from `begun` until this epoch is on the screen again, with this loss."""

    def same() -> bool:
        try:
            if player.page.evaluate("window.before") or not player.root.count():
                return False
            return (player.epoch, player.readout("train")) == (epoch, loss)
        except PlaywrightError:  # between two pages
            return False

    wait_until(same, f"epoch {epoch} with the loss {loss}")
    return time.monotonic() - begun


def after_processes(context: BrowserContext) -> float:
    """Kill the processes that train."""
    with serve() as server:
        player = trained(context, server.url)
        player.root.evaluate(STAND_STILL)
        for process in training_processes(server):
            process.kill()
        player.page.wait_for_timeout(5000)
        seconds = player.page.evaluate("window.longest") / 1000
        player.page.close()
    return seconds


def after_server(context: BrowserContext) -> float:
    """Kill the server, and start it again."""
    port = free_port()
    with serve(port=port) as server:
        player = trained(context, server.url)
        epoch, loss = player.pause(), player.readout("train")
        player.page.wait_for_url(f"**epoch={epoch}&*")
        server.process.kill()
        player.page.wait_for_timeout(1500)
    with serve(port=port):
        seconds = back(player, time.monotonic(), epoch, loss)
        player.page.close()
    return seconds


def after_server_with_a_long_run(context: BrowserContext) -> float:
    """Kill the server at a late epoch of the first problem, and start it again."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        runs = str(Path(folder) / "runs")
        with serve(port=port, DELTASCOPE_RUNS=runs) as server:
            player = Player(context.new_page()).open(server.url + LONG_PATH)
            player.wait_epoch(LONG)
            epoch, loss = player.epoch, player.readout("train")
            player.page.evaluate("window.before = true")
            server.process.kill()
            player.page.wait_for_timeout(1500)
        with serve(port=port, DELTASCOPE_RUNS=runs):
            seconds = back(player, time.monotonic(), epoch, loss)
            player.page.close()
    return seconds


def after_replica(context: BrowserContext) -> float:
    """Kill the replica that a person is at; another one goes on."""
    with serve() as one, serve() as other, tempfile.TemporaryDirectory() as folder:
        names = {started(replica.url): replica for replica in (one, other)}
        with proxy([one, other], Path(folder), free_port()) as url:
            player = trained(context, url)
            epoch, loss = player.pause(), player.readout("train")
            player.page.wait_for_url(f"**epoch={epoch}&*")
            mine = context.request.get(f"{url}/app/static/started").text()
            begun = time.monotonic()
            names[mine].process.kill()
            seconds = back(player, begun, epoch, loss)
            player.page.close()
    context.clear_cookies(name=COOKIE)
    return seconds


def after_reload(context: BrowserContext) -> float:
    """Load the page again."""
    with serve() as server:
        player = trained(context, server.url)
        epoch, loss = player.pause(), player.readout("train")
        player.page.wait_for_url(f"**epoch={epoch}&*")
        begun = time.monotonic()
        player.page.reload(wait_until="commit")
        seconds = back(player, begun, epoch, loss)
        player.page.close()
    return seconds


LOSSES = {
    "processes": after_processes,
    "server": after_server,
    "server, long run": after_server_with_a_long_run,
    "replica": after_replica,
    "page": after_reload,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--times", type=int, default=3, help="losses of each kind")
    given = options.parse_args()
    found = {}
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        for name, lose in LOSSES.items():
            times = [round(lose(context), 2) for _ in range(given.times)]
            found[name] = {"median_s": median(times), "worst_s": max(times)}
    print(json.dumps(found) if given.json else table(found))


def table(found: dict[str, dict[str, float]]) -> str:
    """Return the figures as lines."""
    return "\n".join(
        f"{name:<16} median {row['median_s']:g} s, worst {row['worst_s']:g} s"
        for name, row in found.items()
    )


if __name__ == "__main__":
    main()
