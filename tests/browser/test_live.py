"""The processes behind the player: one that is killed costs the person nothing."""

import psutil
import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from tests.browser.driver import Player, serve


@pytest.fixture(scope="module")
def server():
    """A server with a single process that trains."""
    with serve(DELTASCOPE_WORKERS="1") as one:
        yield one


def training_processes(server) -> list[psutil.Process]:
    """Return the processes that train: they are forked from one that the server has started."""
    (nursery,) = [
        child
        for child in psutil.Process(server.process.pid).children(recursive=True)
        if "pages.live.nursery" in child.cmdline() and child.children()
    ]
    return nursery.children()


def test_a_killed_process_is_replaced_while_the_film_goes_on(page, server):
    player = Player(page).open(f"{server.url}/?dataset=moons&hidden=8")
    player.press("Train")
    player.wait_epoch(60)
    for process in training_processes(server):
        process.kill()
    player.wait_epoch(player.epoch + 200)
    epoch = player.pause()
    run = Run(config := Config(dataset="moons", hidden=(8,)), load(config))
    run.advance(epoch)
    loss = float(run.losses["train"][epoch])
    page.wait_for_url(f"**epoch={epoch}&check=*")
    assert float(page.url.partition("check=")[2]) == pytest.approx(loss, rel=1e-6)
    assert "Traceback" not in server.log
