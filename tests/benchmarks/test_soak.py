"""The soak benchmark: what it reads of a server, and what counts as left behind."""

import os
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from benchmarks import soak
from pages.live.metrics import metrics_text
from pages.live.pool import Pool
from pages.live.worker import WorkerFigures

BEFORE = soak.Left(2, 0, 1, 4, 16, 25, 900.0, 450.0)._asdict()


@contextmanager
def serving(text: str):
    """A server that gives this text for every address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_it_adds_up_what_the_processes_of_the_server_say():
    pool = Pool(2)
    for place in range(2):
        pool.worker(place).figures = WorkerFigures(runs=3 + place, bytes=5)
    try:
        text = metrics_text(pool, 12, 4)
    finally:
        pool.stop()
    with serving(text) as url:
        found = soak.look(url, os.getpid())
    assert (found.sessions, found.players, found.runs) == (12, 4, 7)
    assert found.processes >= 1
    assert found.handles > 3
    assert found.pss_mb > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"sessions": 1, "handles": 29}, []),
        ({"sessions": 3}, ["sessions: 2 before, 3 after"]),
        ({"processes": 5}, ["processes: 4 before, 5 after"]),
        ({"rss_mb": 961.0}, ["rss_mb: 900 before, 961 after"]),
    ],
)
def test_what_did_not_return_is_named(change, words):
    found = {"before": BEFORE, "after": BEFORE | change, "people": {"people": 9, "errors": 0}}
    assert soak.not_returned(found) == words
    assert soak.not_returned(found | {"people": {"errors": 2}}) == [*words, "errors: 2"]
