"""The player's own WebSocket: requests as text, answers as bytes, no run of a page in between.

The first message is the token of a session; who has none gets no answer. One request is worked on
at a time, and the next one is read when the answer has been taken, so nobody can pile up work.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from pages.live.metrics import metrics_text
from pages.live.payload import encode
from pages.live.pool import Faulty, pool
from pages.live.requests import LONGEST, read_ask
from pages.live.runs_answers import message_with_note
from pages.widgets.shell.session import SESSIONS, Session, session_of

PATH = "live"
HELLO = 10.0  # seconds for the token, and for an answer to be taken
FOREIGN, UNKNOWN, NONSENSE = 4403, 4401, 4400  # codes of a connection that is closed
MOST_NONSENSE = 20  # messages that are no request, until the connection is closed
PLAYERS: set[WebSocket] = set()  # whose connection is open


async def serve_player(socket: WebSocket) -> None:
    """Answer the player of one session until it leaves."""
    if not is_ours(socket.headers.get("origin"), socket.headers.get("host", "")):
        await socket.close(1008)
        return
    await socket.accept()
    with suppress(WebSocketDisconnect, TimeoutError, RuntimeError):
        token = await asyncio.wait_for(text_of(socket), HELLO)
        if session_of(token) is None:
            await socket.close(UNKNOWN, "The session has ended.")
            return
        PLAYERS.add(socket)
        try:
            await answer_all(socket, token)
        finally:
            PLAYERS.discard(socket)


def is_ours(origin: str | None, host: str) -> bool:
    """Return whether a page of this app, or one that the operator allows, opens the connection."""
    if origin is None:
        return True  # no browser
    return urlsplit(origin).netloc == host or is_url_from_allowed_origins(origin)


async def text_of(socket: WebSocket) -> str:
    """Return the next message as text; "" for bytes and for a text that is too long.

    Raises WebSocketDisconnect when the connection ends.
    """
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1000))
    text = received.get("text") or ""
    return text if len(text) <= LONGEST else ""


async def answer_all(socket: WebSocket, token: str) -> None:
    """Answer one request after the other."""
    nonsense = 0
    while nonsense < MOST_NONSENSE:
        asked = read_ask(await text_of(socket))
        if asked is None:
            nonsense += 1
            continue
        reply = await answer_of_session(token, asked)
        if reply is None:
            await socket.close(UNKNOWN, "The session has ended.")
            return
        await asyncio.wait_for(socket.send_bytes(reply), HELLO)
    await socket.close(NONSENSE, "These messages are no requests.")


async def answer_of_session(token: str, asked: dict[str, Any]) -> bytes | None:
    """Return the answer of a session; None if it has ended. It is held only as long as this."""
    own = session_of(token)
    return None if own is None else await answer(own, asked)


async def answer(own: Session, asked: dict[str, Any]) -> bytes:
    """Return the answer to a request, from the process that trains the runs."""
    player = own.player_of(asked.get("run", ""))
    live = player.live
    with live.lock:
        view, keys, runs = player.view(), live.keys, live.runs
        if not runs or asked.get("run") != view.run_id:
            return message_of_other(asked)
        asked = live.within(asked)
        player.note(asked)
        waiting = live.submit(asked, view)
    try:
        result = await asyncio.wrap_future(waiting)
    except Faulty:
        words = "Something went wrong on the server. Reset starts the run again."
        return message_with_note(asked["id"], runs, view, words)
    live.note(keys, result.standings)
    return result.value


def message_of_other(asked: dict[str, Any]) -> bytes:
    """Return the answer to a request about a run that is no longer there: its page says what is."""
    return encode({"answer": asked["id"], "run": "", "state": "ok"}, {})


def live_route(base: str) -> WebSocketRoute:
    """Return the route below the path that the operator has chosen for the app."""
    return WebSocketRoute(f"{base}/{PATH}", serve_player)


def metrics(request: Request) -> PlainTextResponse:
    """Return the figures for the operator."""
    return PlainTextResponse(metrics_text(pool(), len(SESSIONS), len(PLAYERS)))


def metrics_route(base: str) -> Route:
    """Return the route of the figures; the doorkeeper opens it if the operator wants it."""
    return Route(f"{base}/metrics", metrics)
