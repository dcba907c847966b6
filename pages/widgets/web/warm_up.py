"""What the server does ahead of its first visitor, and the memory of visitors who have left."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.session_manager import SessionManager

import pages.widgets
from engine.problems import PROBLEMS, load_shared
from engine.training import Config, Run
from pages.figures.sidebar.pictures import problem_picture
from pages.live.answers import described
from pages.live.findings import findings_message
from pages.live.heap import give_back_free_pages
from pages.live.view import LiveView
from pages.widgets.session import SESSIONS
from pages.widgets.shell.assets import gzipped
from pages.widgets.web.live_route import PLAYERS
from pages.widgets.web.served import PLOTLY, compress_ahead

EVERY = 30.0  # seconds between two looks for sessions that have ended
CALM = 1.5  # seconds without a message of a browser, after which nobody waits for a page
LONGEST_WAIT = 20.0  # seconds for which what is left is put off while visitors come
FIRST_PAGE = ("compare.add_runs", "sidebar.controls", "train.player", "train.report")


def prepare_server() -> None:
    """Do what the first picture needs: load its modules, draw it once, compress its files.

    The server answers nobody before: a first visitor would wait longer for all of this.
    """
    for name in FIRST_PAGE:
        importlib.import_module(f"{pages.widgets.__name__}.{name}")
    compress_ahead()
    config = Config()
    run, view = Run(config, load_shared(config)), LiveView("", config)
    described(run, view)
    findings_message(run, 0, view)
    for name in PROBLEMS:
        problem_picture(name)
    # Nothing of what is loaded ever becomes garbage. Leaving it out of Python's search for garbage
    # makes each search take milliseconds, not tenths of a second, during which nobody is served.
    gc.freeze()


class Noted:
    """Notes when a browser last sent something."""

    last = 0.0  # on the clock of `monotonic`, in seconds

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def received() -> Message:
            message = await receive()
            Noted.last = monotonic()
            return message

        await self.app(scope, receive if scope["type"] == "lifespan" else received, send)


def left_for_later() -> Iterator[Callable[[], object]]:
    """Yield what later pages need, in short pieces."""
    yield partial(gzipped, PLOTLY)
    for module in pkgutil.walk_packages(pages.widgets.__path__, f"{pages.widgets.__name__}."):
        yield partial(importlib.import_module, module.name)
    yield gc.collect
    yield freeze_unless_visited


def freeze_unless_visited() -> None:
    """Leave what is loaded out of Python's search for garbage, unless a session is among it.

    It could not be freed when it ends; with these modules a search takes 20 ms.
    """
    if not SESSIONS:
        gc.freeze()


async def warm_up() -> None:
    """Do the rest while no browser waits for an answer: a first visit has both cores."""
    begun = Noted.last = monotonic()
    for piece in left_for_later():
        while (now := monotonic()) - Noted.last < CALM and now - begun < LONGEST_WAIT:
            await asyncio.sleep(0.1)
        await asyncio.to_thread(piece)


def session_manager() -> SessionManager | None:
    """Return what keeps Streamlit's sessions; None before it runs, and in another version."""
    return getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None


def end_the_expired() -> None:
    """Let Streamlit drop the sessions that were closed long ago.

    By itself it does so only when the next page is closed, which may be tomorrow. It has no public
    way to ask for it; in a version with another storage nothing happens.
    """
    storage = getattr(session_manager(), "_session_storage", None)
    expire = getattr(getattr(storage, "_cache", None), "expire", None)
    if expire is not None:
        expire()


async def collect_the_ended() -> None:
    """Give back the memory of sessions that have ended: their objects refer to each other.

    Nothing is searched again as long as no other session ends: Streamlit's loop itself holds the
    last one. Pages of memory become free as long as somebody is there.
    """
    known, left = SESSIONS.valuerefs(), (0, False)
    while True:
        await asyncio.sleep(EVERY)
        end_the_expired()
        empty = nobody_is_there()
        if ended_sessions() > 0 and (ended_sessions(), empty) != left:
            await asyncio.to_thread(collect, empty)
        left = ended_sessions(), empty
        if PLAYERS or any(one() is None for one in known):
            await asyncio.to_thread(give_back_free_pages)
        known = SESSIONS.valuerefs()


def ended_sessions() -> int:
    """Return how many sessions are in memory though no page is open and no visitor expected."""
    manager = session_manager()
    return len(SESSIONS) - len(PLAYERS if manager is None else manager.list_sessions())


def nobody_is_there() -> bool:
    """Return whether no page is open, and no session waits for a visitor who has left."""
    manager = session_manager()
    return manager is not None and not manager.list_sessions()


def collect(everything: bool) -> None:
    """Free what no longer is of use.

    `everything`: also what `gc.freeze` has left out, and all that stays is left out from then on.
    That takes 0.2 s, during which nobody is served.
    """
    if everything:
        gc.unfreeze()
    gc.collect()
    if everything:
        gc.freeze()
