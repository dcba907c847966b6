"""The session of a closed page ends soon; one whose connection was lost is kept for longer.

Streamlit keeps a session for two minutes after its connection has ended, so that a page whose
connection was lost takes it up again. A page that was closed needs it no longer: a person who opens
the link again gets a new session. In a class that loads its pages again, the old sessions would
take as much memory as the new ones.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STREAM = "/_stcore/stream"  # the end of the path of Streamlit's WebSocket
GOING_AWAY = 1001  # the code of a page that is closed, loaded again or left (RFC 6455, 7.4.1)
SOON = 10.0  # seconds; a page that Back brings out of the browser's memory is there again by then


class Closed:
    """Ends the session of a page that its browser has closed, after a while."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" or not scope["path"].endswith(STREAM):
            await self.app(scope, receive, send)
            return
        session, closed = "", False

        async def received() -> Message:
            nonlocal closed
            message = await receive()
            is_end = message["type"] == "websocket.disconnect"
            closed = closed or (is_end and message.get("code") == GOING_AWAY)
            return message

        async def sent(message: Message) -> None:
            nonlocal session
            session = session or session_named_in(message)
            await send(message)

        try:
            await self.app(scope, received, sent)
        finally:
            if closed and session:
                asyncio.get_running_loop().call_later(SOON, end_session, session)


def session_named_in(message: Message) -> str:
    """Return the number of the session in a message of Streamlit to a page; "" if it has none."""
    data = message.get("bytes")
    return ForwardMsg.FromString(data).new_session.initialize.session_id if data else ""


def end_session(number: str) -> None:
    """End a session, unless a page has taken it up again."""
    if runtime.exists() and not runtime.get_instance().is_active_session(number):
        runtime.get_instance().close_session(number)
