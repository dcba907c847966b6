"""The processes behind the player: those that are killed cost the person nothing."""

import psutil
import pytest
from playwright.sync_api import Page

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from tests.browser.driver import Player, Server


def training_processes(server: Server) -> list[psutil.Process]:
    """Return the processes that train: they are forked from one that the server has started."""
    (nursery,) = [
        child for child in psutil.Process(server.process.pid).children() if child.children()
    ]
    return nursery.children()


def test_a_killed_process_is_replaced_while_the_film_goes_on(page: Page, server: Server):
    """All of them are killed, so that the one that trains is among them."""
    player = Player(page).open(f"{server.url}/?dataset=moons&hidden=8")
    player.speed(5)
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
