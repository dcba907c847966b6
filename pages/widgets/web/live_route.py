"""The player's own WebSocket: requests as text, answers as bytes, no run of a page in between.

The first message is the token of a session; who has none gets no answer. One request is worked on
at a time, and of those that come meanwhile only the newest is kept, so nobody can pile up work.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from engine.language import speaking, tr
from pages.live.jobs.places import working
from pages.live.metrics import metrics_text
from pages.live.payload import encode
from pages.live.pool import Faulty, pool
from pages.live.requests import LONGEST, PlayerRequest, read_ask
from pages.live.runs_answers import message_with_note
from pages.widgets.session import SESSIONS, LivePlayer, Session, session_of

PATH = "live"
HELLO = 10.0  # seconds for the token, and for an answer to be taken
UNKNOWN, NONSENSE = 4401, 4400  # codes of a connection that is closed
MOST_WAITING = 16  # messages that a player has not taken
PAUSE = 0.005  # seconds between two messages of a player that waits for an answer
REST = 2.0  # seconds without a connection, after which the runs of a player rest
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
        outbox = Outbox(socket)
        outbox.open_for(token)
        sending = asyncio.create_task(outbox.send_all())
        try:
            await answer_all(socket, token)
        finally:
            PLAYERS.discard(socket)
            outbox.close_for(token)
            sending.cancel()
            asyncio.get_running_loop().call_later(REST, let_rest, token)


def let_rest(token: str) -> None:
    """Let the runs of a session rest, if its player has not come back."""
    own = session_of(token)
    if own is not None and own.send is None:
        for player in filter(None, (own, own.comparing)):
            player.live.rest()


class Outbox:
    """Messages that a session has for its player, though it has not asked: what a touch changed.

    Any thread may put one in; they are sent in this order by the loop that serves the connection.
    """

    def __init__(self, socket: WebSocket) -> None:
        self.socket, self.loop = socket, asyncio.get_running_loop()
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()

    def put(self, message: bytes) -> bool:
        """Add a message; return False if the player does not read, or has left."""
        if self.waiting.qsize() >= MOST_WAITING:
            return False
        try:
            self.loop.call_soon_threadsafe(self.waiting.put_nowait, message)
        except RuntimeError:  # the server is about to end
            return False
        return True

    async def send_all(self) -> None:
        """Send messages as they come; close the connection of a player that takes none."""
        with suppress(WebSocketDisconnect, RuntimeError):
            try:
                while True:
                    message = await self.waiting.get()
                    await asyncio.wait_for(self.socket.send_bytes(message), HELLO)
            except TimeoutError:
                await self.socket.close()

    def open_for(self, token: str) -> None:
        """Let the session use this connection."""
        own = session_of(token)
        if own is not None:
            own.send = self.put

    def close_for(self, token: str) -> None:
        """Let the session use it no longer, if no newer one has taken its place."""
        own = session_of(token)
        if own is not None and own.send == self.put:
            own.send = None


def is_ours(origin: str | None, host: str) -> bool:
    """Return whether a page of this app, or one that the operator allows, opens the connection."""
    if origin is None:
        return True  # no browser
    return urlsplit(origin).netloc == host or is_url_from_allowed_origins(origin)


async def text_of(socket: WebSocket, pause: float = 0.0) -> str:
    """Return the next message as text; "" for bytes and for a text that is too long.

    It is read after a `pause` in seconds. Raises WebSocketDisconnect when the connection ends.
    """
    await asyncio.sleep(pause)
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1000))
    text = received.get("text") or ""
    return text if len(text) <= LONGEST else ""


async def answer_all(socket: WebSocket, token: str) -> None:
    """Answer requests until the player leaves, each time the newest one.

    A request that comes while another is worked on says at once which epoch is on the screen.
    """
    nonsense, newest = 0, None
    worked_on: PlayerRequest | None = None
    reading = asyncio.create_task(text_of(socket))
    working: asyncio.Task[bytes | None] | None = None
    try:
        while nonsense < MOST_NONSENSE:
            waited_for = [reading] if working is None else [reading, working]
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                asked = read_ask(reading.result())
                nonsense += asked is None
                if asked is not None:
                    number = note_at_once(token, asked)
                    newest = newest if worked_on and number == worked_on["id"] else asked
                reading = asyncio.create_task(text_of(socket, PAUSE if working else 0.0))
            if working is not None and working.done():
                reply, working, worked_on = working.result(), None, None
                if reply is None:
                    await socket.close(UNKNOWN, "The session has ended.")
                    return
                await asyncio.wait_for(socket.send_bytes(reply), HELLO)
            if working is None and newest is not None:
                worked_on, newest = newest, None
                working = asyncio.create_task(answer_of_session(token, worked_on))
        await socket.close(NONSENSE, "These messages are not requests.")
    finally:
        reading.cancel()
        if working is not None:
            working.cancel()


def note_at_once(token: str, asked: PlayerRequest) -> int:
    """Note the epoch on the screen; return the number of the request."""
    own = session_of(token)
    if own is not None:
        with own.player_of(asked.get("run", "")).live.lock:  # a page may replace the run
            player = player_asked(own, asked)
            if player is not None:
                player.note(player.live.within(asked))
    return asked["id"]


def player_asked(own: Session, asked: PlayerRequest) -> LivePlayer | None:
    """Return the player that a request is about; None if it no longer shows that run."""
    player = own.player_of(asked.get("run", ""))
    shown = player.live.runs and asked.get("run") == player.view().run_id
    return player if shown else None


async def answer_of_session(token: str, asked: PlayerRequest) -> bytes | None:
    """Return the answer of a session; None if it has ended. It is held only as long as this."""
    own = session_of(token)
    return None if own is None else await answer(own, asked)


async def answer(own: Session, asked: PlayerRequest) -> bytes:
    """Return the answer to a request, from the process that trains the runs."""
    live = own.player_of(asked.get("run", "")).live
    with live.lock:  # a page may replace the run at any time
        player = player_asked(own, asked)
        if player is None:
            return message_of_other(asked)
        view, keys, runs = player.view(), live.keys, live.runs
        with speaking(own.language):
            waiting = live.submit(live.within(asked), view)
    try:
        result = await asyncio.wrap_future(waiting)
    except Faulty:
        with speaking(own.language):
            words = tr("Something went wrong on the server. Reset starts the run again.")
            return message_with_note(asked["id"], runs, view, words)
    live.note(keys, result.standings)
    live.mark()
    return result.answer


def message_of_other(asked: PlayerRequest) -> bytes:
    """Return the answer to a request about a run that is no longer there: its page says what is."""
    return encode({"answer": asked["id"], "run": "", "state": "ok"}, {})


def live_route(base: str) -> WebSocketRoute:
    """Return the route below the path that the operator has chosen for the app."""
    return WebSocketRoute(f"{base}/{PATH}", serve_player)


def metrics(request: Request) -> PlainTextResponse:
    """Return the figures for the operator."""
    return PlainTextResponse(metrics_text(pool(), len(SESSIONS), len(PLAYERS), working()))


def metrics_route(base: str) -> Route:
    """Return the route of the figures; the doorkeeper opens it if the operator wants it."""
    return Route(f"{base}/metrics", metrics)
