"""How a client talks to the server: Streamlit's websocket for the page, a wire for what is asked.

A page is a session of Streamlit; its messages are protobuf and hold what Chromium's hold. A wire
carries the player's requests and their answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import secrets
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.frames import CloseCode

# Names of components: the players of the pages Train, Compare and Lessons.
PLAYER, COMPARISON, LESSON = (
    f"deltascope_{name}" for name in ("player", "comparison", "lesson_player")
)
FOLLOW = "deltascope_follow"
RATE = "choice.learning_rate"  # the key of its widget
WIDGETS = {"slider", "number_input", "selectbox", "button_group", "checkbox"}
LIVE = "live"  # the path of the player's own socket
OF_THE_PAGE = ("reset", "try", "setup", "open", "drop")  # requests that the page answers
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds until the player's socket is opened again
SESSION_ENDED = 4401  # the code of a socket that is not opened again: the page has a new token
Heard = Callable[[bytes], None]


def unpack(payload: bytes) -> tuple[dict[str, Any], list[int], float]:
    """Return the head of a message, the epochs of its frames, and the bytes of one frame."""
    length = int.from_bytes(payload[:4], "little")
    meta = json.loads(payload[4 : 4 + length])
    heads = meta["arrays"]
    runs = ["", *(f"{k}." for k in range(len(meta.get("runs", ()))))]  # before their arrays' names
    runs = [run for run in runs if f"{run}epochs" in heads]
    if not runs:
        return meta, [], 1.0
    longest = max((heads[f"{run}epochs"] for run in runs), key=lambda head: head["shape"][0])
    epochs = np.frombuffer(payload, "<i4", longest["shape"][0], longest["offset"]).tolist()
    sizes = [4 * heads[f"{r}theta"]["shape"][1] + 2 * heads[f"{r}delta"]["shape"][1] for r in runs]
    return meta, epochs, sum(sizes)


def widget_state(kind: str, widget: Any) -> WidgetState:
    """Return what a browser says a widget's value is, once it has been drawn."""
    state = WidgetState(id=widget.id)
    if kind == "slider" and not widget.options:
        state.double_array_value.data.extend(widget.value or widget.default)
    elif kind == "slider":
        place = [int(i) for i in widget.value or widget.default]
        state.string_array_value.data.extend(widget.raw_value or [widget.options[i] for i in place])
    elif kind == "number_input":
        value = widget.value if widget.set_value else widget.default
        if widget.data_type == NumberInput.FLOAT:
            state.double_value = value
        else:
            state.int_value = int(value)
    elif kind == "selectbox":
        if widget.set_value and widget.HasField("raw_value"):
            state.string_value = widget.raw_value
        elif not widget.set_value and widget.HasField("default"):
            state.string_value = widget.options[widget.default]
    elif kind == "button_group":
        names = [widget.options[i].content for i in widget.default]
        state.string_array_value.data.extend(widget.raw_values if widget.set_value else names)
    elif kind == "checkbox":
        state.bool_value = widget.value if widget.set_value else widget.default
    return state


def key_of(element: str) -> str:
    """Return the key that a page's script gave to an element with this id; "" for none."""
    return element.split("-", 2)[2] if element.count("-") >= 2 else ""


def put_file(server: str, path: str, name: str, data: bytes) -> None:
    """Upload a file as a browser does. Raises OSError if the server refuses it."""
    parts = urlsplit(server)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
    try:
        link.request("GET", "/_stcore/health")  # it sets the cookie against forged requests
        answer = link.getresponse()
        answer.read()
        cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        edge = secrets.token_hex(16)
        named = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
        head = f"--{edge}\r\n{named}\r\nContent-Type: text/csv\r\n\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Cookie": cookie,
            "X-Xsrftoken": cookie.partition("=")[2],
        }
        link.request("PUT", path, head + data + f"\r\n--{edge}--\r\n".encode(), headers)
        answer = link.getresponse()
        if answer.status >= 300:
            raise OSError(f"{answer.status} {answer.read()[:200]!r}")
    finally:
        link.close()


class Page:
    """A session of Streamlit, as the page in a browser has it."""

    def __init__(
        self,
        url: str,
        on_player: Heard = lambda payload: None,
        on_finished: Callable[[], None] = lambda: None,
        name: str = "",  # in the address; "" is the page Train
    ) -> None:
        self.url, self.name = url.rstrip("/"), name
        self.on_player, self.on_finished = on_player, on_finished
        self.socket: ClientConnection | None = None
        self.reader: asyncio.Task | None = None
        self.closing = False
        self.errors: list[str] = []
        self.session = self.script = ""
        self.query = ""
        self.states: dict[str, WidgetState] = {}
        self.rate_id, self.rates = "", list[str]()
        self.components: dict[str, tuple[str, str]] = {}  # name -> (id, fragment)
        self.follows: dict[str, Any] = {}  # what the report says of itself
        self.places: dict[str, tuple[str, str]] = {}  # key of an element -> (id, fragment)
        self.disabled: dict[str, bool] = {}  # id of an element -> whether it cannot be used
        self.options: dict[str, list[str]] = {}  # id of radio buttons -> their names
        self.uploads: dict[str, asyncio.Future[FileURLs]] = {}  # number of a request -> addresses
        self.timers: dict[str, asyncio.Task] = {}  # fragments that run again and again

    async def open(self, query: str, session: str = "") -> None:
        """Open the page at a link; with the number of a session, take that one up again."""
        names = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
        self.query = query
        self.socket = await connect(
            f"ws{self.url.removeprefix('http')}/_stcore/stream",
            origin=self.url,
            subprotocols=names,
            max_size=None,
            open_timeout=60,
        )
        self.reader = asyncio.create_task(self.read(self.socket))
        await self.run()

    async def close(self) -> None:
        """Close the page, as a closed tab does."""
        self.closing = True
        self.stop_timers(*self.timers)
        if self.socket:
            await self.socket.close(CloseCode.GOING_AWAY)  # as Chromium says it
        if self.reader:
            await self.reader

    def stop_timers(self, *fragments: str) -> None:
        """Let these fragments no longer run again by themselves."""
        for fragment in fragments:
            if fragment in self.timers:
                self.timers.pop(fragment).cancel()

    @property
    def ended(self) -> bool:
        """Whether the connection ended without being closed."""
        return not self.closing and self.reader is not None and self.reader.done()

    async def read(self, socket: ClientConnection) -> None:
        """Take in messages until the connection ends."""
        try:
            async for data in socket:
                self.take(data)
        except ConnectionClosed:
            pass
        except Exception as problem:  # what a server should not send is counted, not fatal
            self.errors.append(f"message: {problem!r}")
        if not self.closing:
            self.errors.append("the page's connection ended")

    def take(self, data: bytes) -> None:
        """Take in one message."""
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.take_element(message)
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self.stop_timers(*message.stop_auto_rerun.fragment_ids)
        elif kind == "file_urls_response":
            answer = message.file_urls_response
            if answer.response_id in self.uploads and answer.file_urls:
                self.uploads[answer.response_id].set_result(answer.file_urls[0])
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("the script does not compile")
            elif message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.on_finished()

    def take_element(self, message: ForwardMsg) -> None:
        """Take in one element of the page."""
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        number = getattr(getattr(element, kind or "", None), "id", "")
        if number:
            self.places[key_of(number)] = number, message.delta.fragment_id
            self.disabled[number] = bool(getattr(getattr(element, kind or ""), "disabled", False))
        if kind == "bidi_component":
            one = element.bidi_component
            self.components[one.component_name] = one.id, message.delta.fragment_id
            if one.component_name in (PLAYER, COMPARISON, LESSON):
                self.on_player(one.bytes)
            elif one.component_name == FOLLOW:
                self.follows = json.loads(json.loads(one.json))
        elif kind == "radio":
            self.options[element.radio.id] = list(element.radio.options)
        elif kind in WIDGETS:
            self.take_widget(kind, getattr(element, kind))
        elif kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")

    def take_widget(self, kind: str, widget: Any) -> None:
        """Take in one widget; the learning rate is only the person's to change."""
        if not widget.id.endswith(RATE):
            self.states[widget.id] = widget_state(kind, widget)
        elif widget.id not in self.states:
            self.states[widget.id] = widget_state(kind, widget)
            self.rate_id, self.rates = widget.id, list(widget.options)

    @property
    def rate(self) -> str:
        """The learning rate that is chosen, as it is spelled on the page."""
        return self.states[self.rate_id].string_array_value.data[0]

    async def choose_rate(self, rate: str) -> None:
        """Move the slider of the learning rate."""
        self.states[self.rate_id].string_array_value.data[:] = [rate]
        await self.run()

    async def trigger(self, component: str, event: str, value: str) -> None:
        """Send the value of a component of ours, which runs its fragment."""
        if component in self.components:
            name, fragment = self.components[component]
            state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{name}__events")
            state.json_trigger_value = json.dumps([{"event": event, "value": value}])
            await self.run(fragment, state)

    async def press(self, key: str) -> None:
        """Click a button."""
        number, fragment = self.places[key]
        await self.run(fragment, WidgetState(id=number, trigger_value=True))

    async def type(self, key: str, text: str) -> None:
        """Type into a field; the next run of the page sends it."""
        number, _ = self.places[key]
        self.states[number] = WidgetState(id=number, string_value=text)

    async def mark(self, key: str, place: int) -> None:
        """Mark one of some radio buttons in a form; the next run of the page sends it."""
        number, _ = self.places[key]
        self.states[number] = WidgetState(id=number, string_value=self.options[number][place])

    async def pick(self, key: str, name: str) -> None:
        """Click one of a row of names."""
        number, fragment = self.places[key]
        self.states[number].string_array_value.data[:] = [name]
        await self.run(fragment)

    async def upload(self, key: str, name: str, data: bytes) -> None:
        """Give a file to a file chooser."""
        number, fragment = self.places[key]
        request, message = secrets.token_hex(8), BackMsg()
        waiting = self.uploads[request] = asyncio.get_running_loop().create_future()
        message.file_urls_request.request_id = request
        message.file_urls_request.session_id = self.session
        message.file_urls_request.file_names.append(name)
        if self.socket:
            await self.socket.send(message.SerializeToString())
        urls = await waiting
        await asyncio.to_thread(put_file, self.url, urls.upload_url, name, data)
        state = WidgetState(id=number)
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = urls.file_id, name, len(data)
        file.file_urls.CopyFrom(urls)
        self.states[number] = state
        await self.run(fragment)

    def repeat(self, fragment: str, seconds: float) -> None:
        """Run a fragment every so many seconds, until the whole page runs."""

        async def running() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self.run(fragment)

        if fragment not in self.timers:
            self.timers[fragment] = asyncio.create_task(running())

    async def run(self, fragment: str = "", trigger: WidgetState | None = None) -> None:
        """Ask for a run of the page, or of one of its fragments."""
        message = BackMsg()
        wanted = message.rerun_script
        wanted.query_string, wanted.page_script_hash = self.query, self.script
        wanted.page_name = "" if self.script else self.name
        wanted.fragment_id = fragment
        wanted.widget_states.widgets.extend(self.states.values())
        if trigger:
            wanted.widget_states.widgets.append(trigger)
        about = wanted.context_info
        about.timezone, about.locale, about.color_scheme = "UTC", "en-US", "light"
        about.timezone_offset, about.is_embedded = 0, False
        about.url = f"{self.url}/{self.name}"
        if self.socket:
            with contextlib.suppress(ConnectionClosed):  # the reader counts it
                await self.socket.send(message.SerializeToString())


class Wire(Protocol):
    """Carries what the player asks; answers come to whoever made the wire."""

    async def send(self, ask: dict[str, Any]) -> None:
        """Send one request."""

    async def close(self) -> None:
        """End the connection, if the wire has its own."""


class StreamlitWire:
    """Requests as trigger values of the player's component; answers come with its element."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def send(self, ask: dict[str, Any]) -> None:
        asked = {name: part for name, part in ask.items() if name != "known"}
        here = self.page.components
        component = next((name for name in (COMPARISON, LESSON) if name in here), PLAYER)
        await self.page.trigger(component, "ask", json.dumps(asked, separators=(",", ":")))

    async def close(self) -> None:
        pass  # the page closes its own connection


class LiveWire:
    """The player's own socket: a token first, then requests as text; answers are bytes.

    A request is kept until an answer comes, and sent again when the connection was lost.
    """

    def __init__(self, page: Page, token: str, on_answer: Heard) -> None:
        self.page, self.token, self.on_answer = page, token, on_answer
        self.kept: str | None = None
        self.socket: ClientConnection | None = None
        self.closing = False
        self.keeper = asyncio.create_task(self.stay_connected())

    async def send(self, ask: dict[str, Any]) -> None:
        if ask["kind"] in OF_THE_PAGE:
            await StreamlitWire(self.page).send(ask)
            return
        self.kept = json.dumps(ask, separators=(",", ":"))
        if self.socket:
            with contextlib.suppress(ConnectionClosed):  # it is sent again
                await self.socket.send(self.kept)

    async def stay_connected(self) -> None:
        """Connect, and again when the connection is lost, until it is closed."""
        wait = FIRST_WAIT
        while not self.closing:
            try:
                async with connect(
                    f"ws{self.page.url.removeprefix('http')}/{LIVE}",
                    origin=self.page.url,
                    max_size=None,
                    open_timeout=60,
                ) as socket:
                    wait = FIRST_WAIT
                    await self.converse(socket)
            except (OSError, TimeoutError, WebSocketException) as problem:
                self.page.errors.append(f"live: {problem!r}")
            self.socket = None
            if not self.closing:
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT, 2 * wait)

    async def converse(self, socket: ClientConnection) -> None:
        """Say whose player it is and what it waits for; hand on answers until the end."""
        await socket.send(self.token)
        if self.kept:
            await socket.send(self.kept)
        self.socket = socket
        async for data in socket:
            self.kept = None
            if isinstance(data, bytes):
                self.on_answer(data)
        if not self.closing:
            self.page.errors.append("the player's connection ended")
            self.closing = socket.close_code == SESSION_ENDED

    async def close(self) -> None:
        self.closing = True
        if self.socket:
            await self.socket.close()
        self.keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.keeper
