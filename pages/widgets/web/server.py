"""What Streamlit's server does not have: allowed hosts, allowed sources, time limits.

Each setting is an environment variable of the operator:
DELTASCOPE_HOSTS    more host names, besides those of this computer and IP addresses
DELTASCOPE_FRAMES   origins whose pages may show it in a frame, such as https://moodle.school.example
DELTASCOPE_RUNS     folder for the states of runs; one in /var/tmp by default, "" for none
DELTASCOPE_METRICS  1 opens /metrics, and /_stcore/metrics of Streamlit
DELTASCOPE_WORKERS  processes that train; one per core by default
"""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import os
import re
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from threadpoolctl import threadpool_limits
from uvicorn.server import ServerState

from pages.live.heap import give_back_large_blocks
from pages.live.pool import pool
from pages.widgets.shell.assets import BASE, Modules
from pages.widgets.web.clicks import complete_clicks
from pages.widgets.web.closed import Closed
from pages.widgets.web.live_route import live_route, metrics_route
from pages.widgets.web.served import DOCUMENT, routes
from pages.widgets.web.single_values import look_up_single_values
from pages.widgets.web.unsent import keep_what_is_drawn
from pages.widgets.web.warm_up import Noted, collect_the_ended, prepare_server, warm_up

HOSTS, FRAMES, METRICS = "DELTASCOPE_HOSTS", "DELTASCOPE_FRAMES", "DELTASCOPE_METRICS"
PATIENCE = 20.0  # seconds for the next piece of a request
STORED = 150 * 2**20  # bytes of all files of one visitor
SESSIONS = 2000  # whose files are counted
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
LOOK = 2.0  # seconds between two looks at the connections
# Seconds after which a thread that draws a page lets another one go on. The loop that answers the
# players waits for that after each message; with Python's 5 ms an answer takes up to 0.1 s longer.
SWITCH = 0.001
# Domains that nobody else can register, so that no other page can be served from them.
OURS = ("localhost", "local", "internal", "home.arpa")

# Until the first visitor has come, Streamlit would take the folder pages/ for its older kind of
# pages: to that visitor the page Train would be at /train, where nobody else finds it.
PagesManager.uses_pages_directory = False
complete_clicks()
keep_what_is_drawn()
look_up_single_values()

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob:",  # a component's loader is a blob
    "style-src": "'self' 'unsafe-inline'",  # Streamlit and Plotly style as they go
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "media-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def names_in_variable(variable: str) -> list[str]:
    """Return the names in an environment variable, with commas or blanks between."""
    return os.environ.get(variable, "").replace(",", " ").split()


# Allowed hosts


def is_known(host: str) -> bool:
    """Return whether the app is reached under this name; `host` is that header of a request.

    The page of an attacker can make its host name point to this computer and then read responses
    (DNS rebinding). This is not possible with IP addresses and names without a dot.
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if not name or parts.netloc != host or "@" in host:
        return False
    allowed = [one.lower() for one in names_in_variable(HOSTS)]
    if "*" in allowed or name in allowed or name == socket.gethostname().lower():
        return True
    if any(one.startswith("*.") and name.endswith(one[1:]) for one in allowed):
        return True
    return is_address(name) or "." not in name or name.endswith(tuple(f".{one}" for one in OURS))


def is_address(name: str) -> bool:
    """Return whether a host's name is a plain IP address."""
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


class Doorkeeper:
    """Refuses hosts that are not the app's, and what is closed unless the operator opens it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not is_known(hosts[0]):
            words = (
                f"This app does not accept this host name. Its operator can allow the name "
                f"in the variable {HOSTS}."
            )
            await refuse(scope, receive, send, 421, words)
        elif scope["path"].endswith("/metrics") and names_in_variable(METRICS) != ["1"]:
            await refuse(scope, receive, send, 404, "Not found")
        else:
            await self.app(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    """Answer with a sentence; a WebSocket is not opened."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(words, status)(scope, receive, send)


# What a page may load


def inline_scripts() -> list[str]:
    """Return the hashes of the scripts inside Streamlit's own page: no other one may run."""
    scripts = re.findall(r"<script>(.*?)</script>", DOCUMENT, re.DOTALL)
    digests = [hashlib.sha256(one.encode()).digest() for one in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def headers() -> dict[str, str]:
    """Return the headers of every response."""
    frames = names_in_variable(FRAMES)
    policy = POLICY | {
        "script-src": " ".join([POLICY["script-src"], *inline_scripts()]),
        "frame-ancestors": " ".join(["'self'", *frames]),
    }
    found = {
        "Content-Security-Policy": "; ".join(f"{name} {what}" for name, what in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return found if frames else found | {"X-Frame-Options": "SAMEORIGIN"}


class Headers:
    """Adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.own = [(name.lower().encode(), what.encode()) for name, what in headers().items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self.own}
                others = [pair for pair in message.get("headers", ()) if pair[0] not in names]
                message = {**message, "headers": [*others, *self.own]}
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)


# How long it waits


class RequestTimeout:
    """Ends a request whose body stops coming."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        complete = False

        async def received() -> Message:
            nonlocal complete
            if complete:  # from now on this waits for the visitor to leave
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), PATIENCE)
            except TimeoutError:
                message = {"type": "http.disconnect"}
            complete = not message.get("more_body", False)
            return message

        await self.app(scope, received if scope["type"] == "http" else receive, send)


# How much it stores


class Quota:
    """Refuses files of a visitor beyond STORED bytes together; Streamlit limits each file alone.

    A file counts until it is deleted: a file chooser deletes what a new file takes the place of.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.stored: dict[str, dict[str, int]] = {}  # session -> file -> bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if not found:
            await self.app(scope, receive, send)
            return
        session, file = found.groups()
        files = self.stored.setdefault(session, {})
        if scope["method"] == "DELETE":
            files.pop(file, None)
        elif scope["method"] in ("PUT", "POST"):
            files[file] = announced_bytes(scope)
            if sum(files.values()) > STORED:
                del files[file]
                words = f"All files of one visitor together may have {STORED // 2**20} MB."
                await refuse(scope, receive, send, 413, words)
                return
        while len(self.stored) > SESSIONS:  # the oldest
            del self.stored[next(iter(self.stored))]
        await self.app(scope, receive, send)


def announced_bytes(scope: Scope) -> int:
    """Return the length that a request announces; without one, as much as a file may have."""
    for name, value in scope["headers"]:
        if name == b"content-length" and re.fullmatch(rb"[0-9]{1,15}", value):
            return int(value)
    return int(st.get_option("server.maxUploadSize")) * 2**20


class Cycle(Protocol):
    """A request of a connection of uvicorn, and its response."""

    response_complete: bool


@runtime_checkable
class HttpConnection(Protocol):
    """A connection of uvicorn that speaks HTTP; one of a WebSocket has no cycle."""

    @property
    def cycle(self) -> Cycle | None:
        """Return the request that is read or answered; None before the first one."""
        ...

    @property
    def transport(self) -> asyncio.Transport:
        """Return what closes the connection."""
        ...


def server_states() -> list[ServerState]:
    """Return what holds the connections: uvicorn gives no access to it.

    It is not found any more after `gc.freeze`.
    """
    return [one for one in gc.get_objects() if type(one) is ServerState]


async def close_the_silent(states: list[ServerState]) -> None:
    """Close connections whose request does not come; uvicorn itself would wait for ever."""
    since: dict[HttpConnection, tuple[Cycle | None, float]] = {}
    clock = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(LOOK)
        now = {c for state in states for c in state.connections if isinstance(c, HttpConnection)}
        waiting = {c for c in now if c.cycle is None or c.cycle.response_complete}
        since = {c: held for c, held in since.items() if c in waiting}
        for one in waiting:
            cycle, begun = since.setdefault(one, (one.cycle, clock()))
            if cycle is not one.cycle:
                since[one] = (one.cycle, clock())
            elif clock() - begun > PATIENCE:
                one.transport.close()


@asynccontextmanager
async def lifespan(app: object) -> AsyncGenerator[None]:
    """Get ready; then watch the connections and the memory as long as the server runs."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    give_back_large_blocks()
    pool().start()
    silent = close_the_silent(server_states())
    prepare_server()
    # A replay needs one BLAS thread. The limit keeps the thread that sets it, and the thread of a
    # page its session, so it is set here.
    with threadpool_limits(1, "blas"):
        watch = [asyncio.create_task(one) for one in (silent, collect_the_ended(), warm_up())]
        yield
        for one in watch:
            one.cancel()
        pool().stop()
        await asyncio.gather(*watch, return_exceptions=True)
    sys.setswitchinterval(before)


ROUTES = [*routes(), live_route(BASE), metrics_route(BASE)]
MIDDLEWARE = [
    Middleware(one) for one in (Noted, Headers, Doorkeeper, RequestTimeout, Quota, Modules, Closed)
]
