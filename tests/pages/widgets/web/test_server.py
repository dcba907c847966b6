"""The server's own middleware: whom it answers, what a page may load, how long it waits."""

import asyncio
import base64
import gzip
import hashlib
import json
import re
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from unittest.mock import MagicMock

import pytest
import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from streamlit.runtime.state import SafeSessionState
from threadpoolctl import OpenBLASController, threadpool_info
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from engine.explain import GLOSSARY
from engine.language import ENGLISH
from pages.live.pool import Pool
from pages.widgets.shell.assets import BUNDLE, OURS, STATIC, THEIRS, address, imported
from pages.widgets.shell.frame import PAGES
from pages.widgets.shell.heading import TRAIN
from pages.widgets.web import server
from pages.widgets.web.clicks import on_script_will_rerun
from pages.widgets.web.served import (
    FIRST,
    KATEX,
    LONGEST_ADDRESS,
    PLOTLY,
    document_of,
    routes,
)
from pages.widgets.web.server import FRAMES, HOSTS, METRICS, is_known


async def length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def opened(websocket):
    await websocket.accept()
    await websocket.close()


WAYS = [
    Route("/", length, methods=["GET", "PUT"]),
    Route("/_stcore/metrics", length),
    Route("/metrics", length),
    WebSocketRoute("/stream", opened),
]


@contextmanager
def served(ways, **more):
    """The port of a server with these routes."""
    listening = socket.create_server(("127.0.0.1", 0))
    own = uvicorn.Server(uvicorn.Config(Starlette(routes=ways, **more), log_level="error"))
    thread = threading.Thread(target=own.run, kwargs={"sockets": [listening]})
    thread.start()
    while not own.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    own.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="module")
def port(nursery):
    """The port of a server with our middleware, which waits for a second.

    The processes that end with it are its own: the tests that follow here need theirs.
    """
    processes = Pool(1, nursery)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "pool", lambda: processes)
        patch.setattr(server, "PATIENCE", 1.0)
        patch.setattr(server, "LOOK", 0.1)
        with served(WAYS, middleware=server.MIDDLEWARE, lifespan=server.lifespan) as number:
            yield number


def test_the_loop_of_the_server_gets_its_turn_soon_and_only_there(monkeypatch):
    usual, seen = sys.getswitchinterval(), []
    monkeypatch.setattr(server, "prepare_server", lambda: None)
    monkeypatch.setattr(server, "pool", MagicMock())

    async def serve():
        async with server.lifespan(None):
            seen.append(sys.getswitchinterval())

    asyncio.run(serve())
    assert seen == [pytest.approx(server.SWITCH)]
    assert server.SWITCH < usual == sys.getswitchinterval()


def test_no_page_sets_the_limit_of_blas_threads_which_would_keep_its_session(monkeypatch):
    monkeypatch.setattr(server, "prepare_server", lambda: None)
    monkeypatch.setattr(server, "pool", MagicMock())
    owner = OpenBLASController._SHARED_STATE

    async def serve():
        async with server.lifespan(None):
            limits = {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}
            return limits, owner.controlling_thread

    assert asyncio.run(serve()) == ({1}, threading.current_thread())
    sources = Path(server.__file__).parents[1].rglob("*.py")
    assert [one.name for one in sources if "threadpool_limits(" in one.read_text()] == ["server.py"]


def ask(port, path="/", *headers):
    """Status, headers and body of an answer; a Host among `headers` takes localhost's place."""
    one = HTTPConnection("127.0.0.1", port, timeout=10)
    one.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    given = [name for name, _ in headers]
    for name, value in (*([] if "Host" in given else [("Host", "localhost")]), *headers):
        one.putheader(name, value)
    one.endheaders()
    answer = one.getresponse()
    body = answer.read()
    one.close()
    return answer.status, answer.headers, body


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8501",
        "127.0.0.1",
        "10.20.30.40:8501",
        "[::1]:8501",
        "[fe80::1]",
        "schoolserver:8501",
        "app",
        "deltascope.local",
        "pc7.lab.internal",
        "LOCALHOST",
        "x.localhost.",
    ],
)
def test_kind_51_it_answers_where_no_stranger_can_lead(host):
    assert is_known(host)


@pytest.mark.parametrize(
    "host",
    [
        "e.vil",
        "127.0.0.1.e.vil",
        "localhost.e.vil:8501",
        "127.0.0.1@e.vil",
        "e.vil/localhost",
        "e.vil#localhost",
        "localhost:port",
        "localhost:99999999",
        "[::1",
        "",
        "notlocal.e.vil.local.example",
        "1.2.3.4.5",
    ],
)
def test_kind_51_a_name_that_may_lead_anywhere_is_refused(host):
    assert not is_known(host)


def test_kind_51_the_operator_allows_names(monkeypatch):
    monkeypatch.setenv(HOSTS, "learn.school.example, *.class.example")
    assert is_known("learn.school.example:443")
    assert is_known("room3.class.example")
    assert is_known("localhost")
    assert not is_known("class.example.e.vil")
    assert not is_known("otherclass.example")
    monkeypatch.setenv(HOSTS, "*")
    assert is_known("e.vil")


def test_kind_51_a_refusal_says_what_to_do(port):
    status, _, body = ask(port, "/", ("Host", "e.vil"))
    assert status == 421
    assert HOSTS in body.decode()


def test_kind_51_two_hosts_are_none(port):
    assert ask(port, "/", ("Host", "localhost"), ("Host", "e.vil"))[0] in (400, 421)


def test_kind_51_a_websocket_under_a_foreign_name_is_not_opened(port):
    with connect(f"ws://127.0.0.1:{port}/stream"):
        pass
    with (
        socket.create_connection(("127.0.0.1", port)) as own,
        pytest.raises(InvalidStatus, match="403"),
        connect("ws://e.vil/stream", sock=own, proxy=None),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ],
)
@pytest.mark.parametrize("host", ["localhost", "e.vil"])
def test_kind_51_every_answer_has_the_header(port, name, value, host):
    assert ask(port, "/", ("Host", host))[1].get_all(name) == [value]


@pytest.mark.parametrize(
    ("directive", "sources"),
    [
        ("default-src", {"'self'"}),
        ("connect-src", {"'self'"}),
        ("img-src", {"'self'", "data:", "blob:"}),
        ("object-src", {"'none'"}),
        ("base-uri", {"'self'"}),
        ("form-action", {"'self'"}),
        ("frame-ancestors", {"'self'"}),
    ],
)
def test_kind_51_a_page_loads_from_its_own_server_alone(port, directive, sources):
    assert policy(port)[directive] == sources


def policy(port: int) -> dict[str, set[str]]:
    parts = ask(port)[1]["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in map(str.split, parts)}


def test_kind_51_only_the_inline_script_of_streamlits_page_may_run(port):
    page = (Path(st.__file__).parent / "static/index.html").read_text()
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy(port)["script-src"] == {"'self'", "blob:", f"'sha256-{digest}'"}


def test_kind_51_the_operator_lets_a_teachers_page_frame_it(monkeypatch):
    monkeypatch.setenv(FRAMES, "https://moodle.school.example")
    with served(WAYS, middleware=server.MIDDLEWARE) as port:
        assert policy(port)["frame-ancestors"] == {"'self'", "https://moodle.school.example"}
        assert "X-Frame-Options" not in ask(port)[1]


def test_kind_51_the_metrics_are_closed_unless_asked_for(port, monkeypatch):
    assert [ask(port, path)[0] for path in ("/metrics", "/_stcore/metrics")] == [404, 404]
    monkeypatch.setenv(METRICS, "1")
    assert [ask(port, path)[0] for path in ("/metrics", "/_stcore/metrics")] == [200, 200]


HEAD = b"PUT / HTTP/1.1\r\nHost: localhost\r\n"


HALVES = {
    "nothing": b"",
    "no host": b"GET / HTTP/1.1\r\n",
    "no end": HEAD,
    "half a body": HEAD + b"Content-Length: 9\r\n\r\nabc",
    "half the chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "half a second one": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP",
}


def test_kind_51_a_half_sent_request_is_given_up(port):
    with ExitStack() as stack, ThreadPoolExecutor(len(HALVES)) as pool:

        def seconds(sent):
            """How long the server waits for the rest of a request."""
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            one.sendall(sent)
            begun = time.monotonic()
            while one.recv(4096):
                pass
            return time.monotonic() - begun

        waited = dict(zip(HALVES, pool.map(seconds, HALVES.values()), strict=True))
    assert {name: wait for name, wait in waited.items() if not 0.3 < wait < 5} == {}


def test_kind_51_a_slow_request_that_goes_on_is_answered(port):
    with socket.create_connection(("127.0.0.1", port), 10) as one:
        one.sendall(HEAD + b"Connection: close\r\nContent-Length: 5\r\n\r\n")
        for _ in range(5):
            time.sleep(0.25)
            one.sendall(b"x")
        answer = b""
        while piece := one.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"5")


def test_kind_46_plotly_comes_from_its_wheel_and_is_kept_for_a_year():
    with served(routes()) as port:
        status, headers, _ = ask(port, "/app/static/plotly.min.js")
        assert status == 307
        _, plain, body = ask(port, headers["location"])
        _, packed, small = ask(port, headers["location"], ("Accept-Encoding", "gzip"))
    assert body == gzip.decompress(small) == PLOTLY.read_bytes()
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert "immutable" in packed["cache-control"]


def test_kind_46_katex_is_the_one_that_streamlit_serves():
    with served(routes()) as port:
        status, headers, _ = ask(port, "/app/static/katex.js")
    assert status == 307
    assert headers["location"] == f"/static/js/{KATEX.name}"


@pytest.fixture(scope="module")
def files():
    """The port of a server with the routes and middleware for files."""
    with served(routes(), middleware=server.MIDDLEWARE) as number:
        yield number


def test_a_file_of_ours_is_kept_for_good_at_the_address_of_this_version(files):
    path = address("player/player.js").removeprefix(".")
    _, plain, body = ask(files, path)
    _, packed, small = ask(files, path, ("Accept-Encoding", "gzip"))
    assert body == gzip.decompress(small) == (STATIC / "player/player.js").read_bytes()
    assert plain["content-type"].startswith("text/javascript")
    assert "immutable" in plain["cache-control"]
    assert packed["content-encoding"] == "gzip"


def test_the_bundle_is_kept_for_good_and_comes_compressed_or_not(files):
    path = address(BUNDLE).removeprefix(".")
    _, plain, body = ask(files, path)
    _, packed, small = ask(files, path, ("Accept-Encoding", "gzip"))
    assert body == gzip.decompress(small)
    assert b"export const load" in body
    assert plain["content-type"].startswith("text/javascript")
    assert "immutable" in packed["cache-control"]
    assert ask(files, "/app/static/v-0123/bundle.js")[1]["cache-control"] == "no-cache"


def test_a_page_of_another_version_gets_the_file_of_today_and_does_not_keep_it(files):
    status, headers, body = ask(files, "/app/static/v-0123/player/player.js")
    assert status == 200
    assert headers["cache-control"] == "no-cache"
    assert body == (STATIC / "player/player.js").read_bytes()


@pytest.mark.parametrize(
    "path", ["/app/static/v-0/../../app.py", "/app/static/v-0/%2e%2e/app.py", "/app/static/v-0/no"]
)
def test_nothing_outside_the_folder_is_sent(files, path):
    assert ask(files, path)[0] == 404


def test_an_address_of_a_page_becomes_a_code(files):
    status, headers, body = ask(files, "/app/static/qr.svg?of=http%3A%2F%2Flocalhost%2F%3Fseed%3D3")
    assert status == 200
    assert headers["content-type"].startswith("image/svg+xml")
    assert b"<svg" in body
    for refused in ("", "javascript:alert(1)", "http://a/" + LONGEST_ADDRESS * "b"):
        assert ask(files, f"/app/static/qr.svg?of={refused}")[0] == 400


def test_the_words_of_the_app_come_with_their_addresses(files):
    status, headers, body = ask(files, "/app/static/words.json")
    assert status == 200
    assert headers["content-type"].startswith("application/json")
    known = {word["anchor"]: word["meaning"] for word in json.loads(body)}
    assert len(known) == len(GLOSSARY)
    assert "validation loss" in known["early-stopping"]


def test_a_module_of_streamlit_comes_compressed(files):
    name = next(name for name in THEIRS if name.startswith("static/js/index."))
    status, headers, body = ask(files, f"/{name}", ("Accept-Encoding", "gzip"))
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == THEIRS[name].read_bytes()


@pytest.mark.parametrize("page", FIRST)
def test_the_document_names_each_module_that_the_page_begins_with_once(page, files):
    found = re.findall(
        r'<link rel="modulepreload"[^>]*href="\.(/[^"]+)"', document_of(page, ENGLISH)
    )
    assert len(found) == len({*found})
    ours = [path for path in found if path.startswith("/app/static/")]
    assert ours == [address(BUNDLE).removeprefix(".")]
    for path in found:
        assert ask(files, path)[0] == 200, path


@pytest.mark.parametrize("page", ["", *PAGES])
def test_the_document_of_each_page_watches_the_server(page, files):
    """A browser test kills the server of some of them."""
    assert f'<script type="module" src="{address("shared/watch.js")}">' in document_of(
        page, ENGLISH
    )
    assert ask(files, f"/{page}")[2].decode() == document_of(page, ENGLISH)


def test_a_module_imports_what_another_one_imports():
    found = imported([STATIC / "player/player.js"])
    assert STATIC / "views/paint.js" in found  # through views/stage.js
    assert not any(file.name == "katex.js" for file in found)  # by a call of import() alone
    assert {file.relative_to(STATIC).as_posix() for file in found} <= OURS.keys()


def test_files_of_one_visitor_are_limited_together_kind_44(monkeypatch):
    monkeypatch.setattr(server, "STORED", 1000)
    ways = [Route("/_stcore/upload_file/{session}/{file}", length, methods=["PUT", "DELETE"])]
    with served(ways, middleware=server.MIDDLEWARE) as port:

        def ask(method, session, file, size):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            body = b"x" * size if size else iter([b"x"])  # without a length
            path = f"/_stcore/upload_file/{session}/{file}"
            connection.request(method, path, body, encode_chunked=not size)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status

        assert ask("PUT", "one", "a", 600) == 200
        assert ask("PUT", "one", "b", 600) == 413
        assert ask("PUT", "two", "b", 600) == 200  # another visitor has room
        assert ask("PUT", "one", "a", 900) == 200  # in place of the first
        assert ask("PUT", "three", "a", 0) == 413  # who does not say how much could send all
        assert ask("DELETE", "one", "a", 1) == 200
        assert ask("PUT", "one", "b", 600) == 200


def test_the_page_train_comes_with_its_shape_and_its_first_words():
    assert document_of("", ENGLISH).count('id="deltascope-skeleton"') == 1
    assert all(text in document_of("train", ENGLISH) for text in TRAIN)
    assert "deltascope-skeleton" not in document_of("compare", ENGLISH)


def test_the_server_calls_callbacks_before_a_newer_message_ends_the_page():
    assert SafeSessionState.on_script_will_rerun is on_script_will_rerun
