"""What the server does ahead of its first visitor, and the memory of visitors who have left."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil

import pages.widgets
from engine.problems import PROBLEMS, load_shared
from engine.training import Config, Run
from pages.figures.sidebar.pictures import problem_picture
from pages.live.answers import described
from pages.live.findings import findings_message
from pages.live.view import LiveView
from pages.widgets.shell.session import SESSIONS
from pages.widgets.web.live_route import PLAYERS

EVERY = 30.0  # seconds between two looks for sessions that have ended


def warm_up() -> None:
    """Load the modules of all pages and draw the first picture once: that takes a second.

    Nothing of it ever becomes garbage. Leaving it out of Python's search for garbage makes each
    search take milliseconds, during which nobody is served, and not a tenth of a second or two.
    """
    for module in pkgutil.walk_packages(pages.widgets.__path__, f"{pages.widgets.__name__}."):
        importlib.import_module(module.name)
    config = Config()
    run, view = Run(config, load_shared(config)), LiveView("", config)
    described(run, view)
    findings_message(run, 0, view)
    for name in PROBLEMS:
        problem_picture(name)
    gc.collect()
    gc.freeze()


async def collect_the_ended() -> None:
    """Give back the memory of sessions that have ended: their objects refer to each other."""
    while True:
        await asyncio.sleep(EVERY)
        if len(SESSIONS) > len(PLAYERS):
            await asyncio.to_thread(gc.collect)
