"""The player's WebSocket: no request is lost, no stranger is answered, nonsense changes nothing."""

import asyncio
import itertools
import json
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.live.live_session import Live
from pages.live.nursery import Nursery, nursery_of_server
from pages.live.pool import Pool
from pages.live.requests import LONGEST
from pages.widgets.compare.state import Compared, Comparison
from pages.widgets.session import Session
from pages.widgets.web import live_route
from tests.browser.driver import wait_until
from tests.hostile import NAMES
from tests.pages.live.test_payload import unpacked

PLAY = {"kind": "play", "from": 0, "stride": 1, "count": 1}

POOL = Pool(1, nursery_of_server())


@pytest.fixture(scope="module", autouse=True)
def processes(nursery: Nursery) -> Iterator[None]:
    """End the processes after the tests; the one that forks them stays for other tests."""
    yield
    POOL.stop()


Dial = Callable[..., AbstractContextManager[ClientConnection]]


@pytest.fixture(scope="module")
def dial() -> Iterator[Dial]:
    """Return how to connect to a server that has the route and nothing else."""
    app = Starlette(routes=[live_route.live_route("")])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, "the server")
    port = server.servers[0].sockets[0].getsockname()[1]

    @contextmanager
    def connected(token: str, **more: Any) -> Iterator[ClientConnection]:
        with connect(f"ws://127.0.0.1:{port}/live", compression=None, **more) as socket:
            socket.send(token)
            yield socket

    connected.port = port
    yield connected
    server.should_exit = True
    thread.join(10)


def visitor(config: Config | None = None) -> Session:
    own = Session()
    own.live.pool = lambda: POOL
    own.config = config or Config()
    own.live.replace(Run(own.config, load(own.config)))
    return own


def test_news_of_a_run_is_not_taken_for_news_of_the_run_that_replaces_it():
    own = visitor()
    usual, old, threads = own.live.within, own.view().run_id, []

    def replace_run() -> None:
        own.live.replace(Run(own.config, load(own.config)))
        own.opening.goto = 200

    def within(asked):
        threads.append(threading.Thread(target=replace_run))
        threads[0].start()
        threads[0].join(0.05)  # a thread that need not wait would be done by then
        return usual(asked)

    own.live.within = within
    asked = {"id": 7, "run": old, "kind": "shown", "at": 0}
    assert live_route.note_at_once(own.live.token, asked) == 7
    threads[0].join()
    assert own.opening.goto == 200
    assert (own.screen.looked, own.run_number) == (1, 2)
    live_route.note_at_once(own.live.token, asked)  # too late
    assert own.opening.goto == 200


def answered(socket: ClientConnection, own: Session, number: int, **asked) -> dict:
    """Return the head of the answer to a request."""
    socket.send(json.dumps({"id": number, "run": f"run {own.run_number}", **asked}))
    return unpacked(socket.recv())[0]


def train(socket: ClientConnection, own: Session, epoch: int) -> None:
    """Ask for an epoch until it is there: a seek goes as far as its time allows."""
    for number in itertools.count(1):
        if answered(socket, own, number, kind="seek", epoch=epoch)["trained"] >= epoch:
            return


def test_a_player_is_sent_what_it_has_not_asked_for(dial: Dial):
    own = visitor()
    with dial(own.live.token) as socket:
        assert answered(socket, own, 1, **PLAY)["answer"] == 1
        own.drawn.page, own.screen.set_up = "train", own.view().setup_id
        own.live.replace(Run(own.config, load(own.config)))
        own.announce()
        head, arrays = unpacked(socket.recv())
        assert (head["run"], head["answer"]) == (own.view().run_id, 0)
        assert arrays["epochs"].tolist() == [0]
        assert own.screen.set_up == head["setup"]["id"]
        assert answered(socket, own, 2, **PLAY)["answer"] == 2
    wait_until(lambda: own.send is None, "the end of the connection")


def test_a_newer_connection_keeps_its_session_when_the_older_one_ends(dial: Dial):
    own = visitor()
    with dial(own.live.token) as older:
        answered(older, own, 1, **PLAY)
        first = own.send
        with dial(own.live.token) as newer:
            answered(newer, own, 2, **PLAY)
            second = own.send
            older.close()
            wait_until(lambda: len(live_route.PLAYERS) == 1, "the end of the older connection")
            assert own.send == second != first
            assert second(b"more")
            assert newer.recv() == b"more"


def test_a_player_that_reads_nothing_is_sent_no_more():
    async def put_many() -> list[bool]:
        outbox = live_route.Outbox(None)
        taken = []
        for _ in range(live_route.MOST_WAITING + 2):
            taken.append(outbox.put(b"set-up"))
            await asyncio.sleep(0)
        return taken

    assert asyncio.run(put_many()) == [True] * live_route.MOST_WAITING + [False] * 2


def test_a_thousand_choices_changed_in_the_middle_of_a_burst_lose_no_request(dial: Dial):
    own, applied = visitor(), 0
    with dial(own.live.token) as socket:
        for number in range(1, 1001):
            kind = "apply" if number % 5 == 0 else "play"
            asked = {**PLAY, "id": number, "run": f"run {own.run_number}", "kind": kind}
            socket.send(json.dumps(asked))
            own.config = Config(learning_rate=0.1 + number / 1e4)  # the page, meanwhile
            if number % 50 == 0:
                own.live.replace(Run(own.config, load(own.config)))
            head, _ = unpacked(socket.recv())
            assert head["answer"] == number
            applied += "forget_after" in head
    assert applied > 100


def comparing(own: Session, *configs: Config) -> Comparison:
    """Return a comparison whose player the session knows."""
    live = Live(own.live.token, "compare", pool=lambda: POOL)
    compared = own.comparing = Comparison(live)
    compare(compared, configs)
    return compared


def compare(compared: Comparison, configs: Sequence[Config]) -> None:
    """Compare runs of these choices; those that are there already stay."""
    old = {one.config: one for one in compared.runs}
    compared.put([old.get(config) or made(config) for config in configs])
    compared.show_runs()


def made(config: Config) -> Compared:
    one = Compared(config)
    one.made = Run(config, load(config))
    return one


def test_runs_side_by_side_that_change_in_the_middle_of_a_burst_lose_no_request(dial: Dial):
    own, kept = visitor(), Config(seed=1)
    compared = comparing(own, kept, Config(seed=2))
    others = 0
    with dial(own.live.token) as socket:
        for number in range(1, 301):
            asked = {**PLAY, "id": number, "run": compared.run_id, "known": [0, 0]}
            socket.send(json.dumps(asked | {"from": number // 3}))
            if number % 3 == 0:  # the page, meanwhile
                compare(compared, [kept, Config(seed=number)])
            head, _ = unpacked(socket.recv())
            assert head["answer"] == number
            others += head["run"] != asked["run"]
        assert answered(socket, own, 1000, **PLAY)["run"] == own.view().run_id
    assert others < 100
    run = compared.follow(0)
    expected = Run(kept, load(kept))
    expected.advance(run.epochs)
    assert run.epochs > 50
    assert run.losses.tobytes() == expected.losses.tobytes()


def test_a_killed_process_costs_runs_side_by_side_a_replay(dial: Dial):
    own = visitor()
    compared = comparing(own, Config(seed=1), Config(seed=2))
    asked = {**PLAY, "count": 20, "run": compared.run_id}
    with dial(own.live.token) as socket:
        socket.send(json.dumps({**asked, "id": 1}))
        before = unpacked(socket.recv())[1]
        os.kill(POOL.workers[0].number, signal.SIGKILL)
        socket.send(json.dumps({**asked, "id": 2}))
        head, after = unpacked(socket.recv())
    assert head["answer"] == 2
    assert {name: array.tobytes() for name, array in before.items()} == {
        name: array.tobytes() for name, array in after.items()
    }


def test_the_copy_of_the_pages_follows_the_run(dial: Dial):
    own = visitor()
    with dial(own.live.token) as socket:
        answered(socket, own, 1, **{**PLAY, "count": 30})
        answered(socket, own, 2, kind="edit", at=10, layer=1, row=0, column=0, value=0.5)
        answered(socket, own, 3, **{**PLAY, "from": 10, "count": 5})
    assert own.run.epochs == 0
    own.live.follow(15)
    expected = Run(Config(), load(Config()))
    expected.advance(30)
    expected.edit(10, "W1.0.0", 0.5)
    expected.advance(5)
    assert own.run.events == expected.events
    assert own.run.losses.tobytes() == expected.losses.tobytes()
    assert own.screen.shown == 0


def test_a_link_begins_at_an_epoch_that_another_session_has_passed(dial: Dial):
    own, late = visitor(), Run(Config(), load(Config()))
    with dial(own.live.token) as socket:
        train(socket, own, 500)
    again = visitor()
    again.live.begin_at(400, [visitor().live, own.live])
    late.advance(400)
    assert again.run.epochs == 400
    assert again.run.losses.tobytes() == late.losses.tobytes()
    late.advance(30)
    with dial(again.live.token) as socket:
        train(socket, again, 430)
    again.live.follow(430)
    assert again.run.losses.tobytes() == late.losses.tobytes()


def test_the_runs_of_a_closed_page_rest_until_it_is_there_again(
    dial: Dial, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_route, "REST", 0.01)
    own, player = visitor(), {"kind": "play", "stride": 1, "count": 3}
    with dial(own.live.token) as socket:
        before = answered(socket, own, 1, **player, **{"from": 0})["trained"]
    wait_until(lambda: own.live.resting, "the page to be closed for a while")
    place = own.live.token, "train"
    wait_until(lambda: place not in POOL.places, "the end of the run in its process")
    with dial(own.live.token) as socket:
        head = answered(socket, own, 2, **player, **{"from": before})
        live_route.let_rest(own.live.token)  # from an earlier connection
        assert not own.live.resting
    assert (before, head["trained"]) == (3, 6)


def test_no_epochs_are_taken_from_another_run_or_for_little(dial: Dial):
    own = visitor()
    with dial(own.live.token) as socket:
        answered(socket, own, 1, kind="seek", epoch=10**6)
        answered(socket, own, 2, kind="edit", at=350, layer=1, row=0, column=0, value=0.5)
        for number in itertools.count(3):  # a seek goes as far as its time allows
            answered(socket, own, number, kind="seek", epoch=10**6)
            if own.live.standing.epochs > 350:
                break
    for config, epoch in ((Config(), 320), (Config(seed=1), 320), (Config(), 5), (Config(), 10**6)):
        other = visitor(config)
        other.live.begin_at(epoch, [own.live])
        assert other.run.epochs == 0


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1", *NAMES[:5]])
def test_no_stranger_is_answered(dial: Dial, token: str):
    with dial(token) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv()
        assert closed.value.rcvd.code == live_route.UNKNOWN


def test_a_session_that_has_ended_is_not_answered(dial: Dial):
    own = visitor()
    token = own.live.token
    with dial(token) as socket:
        assert answered(socket, own, 1, **PLAY)["answer"] == 1
        del own
        socket.send(json.dumps({"id": 2, "run": "run 1", **PLAY}))
        with pytest.raises(ConnectionClosed):
            socket.recv()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil"])
def test_a_page_of_another_origin_gets_no_connection(dial: Dial, origin: str):
    with pytest.raises(InvalidStatus), dial("", origin=origin):
        pass


def test_a_page_of_this_origin_gets_one(dial: Dial):
    own = visitor()
    with dial(own.live.token, origin=f"http://127.0.0.1:{dial.port}") as socket:
        assert answered(socket, own, 1, **PLAY)["answer"] == 1


def nonsense(draw: random.Random) -> str:
    """Return a message that is no request, or a strange one."""
    odd = draw.choice([None, -1, 1e308, "x", [], {}, 2**70, True, draw.choice(NAMES)])
    fields = dict.fromkeys(draw.sample(["id", "at", "from", "count", "layer", "value"], 3), odd)
    kind = draw.choice(["play", "seek", "edit", "apply", "shown", "", "<b>", None, 7])
    return draw.choice(
        [
            json.dumps({"kind": kind, "run": "run 1", **fields}),
            json.dumps(odd),
            "{" * draw.randrange(1, 3000),
            "x" * (LONGEST + draw.randrange(1, 100)),
            "\x00" * draw.randrange(0, 9),
        ]
    )


def test_five_thousand_odd_messages_change_nothing_for_others(
    dial: Dial, caplog: pytest.LogCaptureFixture
):
    draw, sent = random.Random(1), 0
    canary = visitor(Config(seed=4242))
    with dial(canary.live.token) as quiet:
        before = answered(quiet, canary, 1, **{**PLAY, "count": 20})
        while sent < 5000:
            own = visitor()
            own.live.run.advance(1)
            with dial(own.live.token) as socket:
                sent += all_odd(socket, draw, 400)
        after = answered(quiet, canary, 2, **{**PLAY, "count": 20})
    assert before["trained"] == after["trained"] == 20
    assert after["query"] == before["query"]
    assert "Traceback" not in caplog.text


def all_odd(socket: ClientConnection, draw: random.Random, most: int) -> int:
    """Send odd messages until the connection is closed; return how many."""
    for count in range(most):
        try:
            socket.send(nonsense(draw))
            if count % 20 == 19:  # a real request in between shows whether it still listens
                real = 10**9 + count
                socket.send(json.dumps({"id": real, "run": "run 1", "kind": "shown"}))
                while unpacked(socket.recv())[0]["answer"] != real:
                    pass
        except ConnectionClosed:
            return count + 1
    return most
