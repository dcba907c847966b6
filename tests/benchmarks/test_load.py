"""The load benchmark: it plays, asks and speaks as the browser does, and counts what it says."""

import asyncio
import json
import math
import os
import random
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.server import serve

from benchmarks import load
from benchmarks.clients import player as playing
from benchmarks.clients import wires
from benchmarks.clients.companion import largest_file, largest_query, six_large_runs
from benchmarks.clients.person import Person, Tally, plan, rate_of
from benchmarks.clients.player import LEAD, Player, Requests, next_request, shown_after
from benchmarks.clients.wires import LiveWire, Page, StreamlitWire, key_of, unpack, widget_state
from engine.comparison import MOST_RUNS
from engine.problems import load as load_problem
from engine.tables import LIMITS
from engine.training import Config, Run
from pages.live.payload import encode, frame_arrays
from pages.widgets.compare.state import MOST_MEGABYTES, MOST_WORK, Compared

STATIC = Path(__file__).parents[2] / "static" / "player"


def setup_message(run="run 1", **more):
    setup = {"id": f"{run} ()"}
    return {"run": run, "answer": 0, "setup": setup, "trained": 0, "query": "v=1", **more}


def opened(now=0.0, **more):
    one = Player(1000)
    one.receive(setup_message(**more), [0], 100, now)
    return one


def answer(one, now, epochs=(), **more):
    """Answer the request on its way."""
    meta = {"run": "run 1", "answer": one.requests.out["id"], "trained": max(epochs, default=0)}
    return one.receive(meta | more, epochs, 100, now)


def play_burst(one, now, seconds=0.1):
    """Answer the burst that is asked for at `now`, so many seconds later."""
    (ask,) = one.asks(now)
    epochs = range(ask["from"] + 1, ask["from"] + ask["count"] + 1)
    answer(one, now + seconds, epochs)
    return ask


# Long work beside the others


def test_the_file_and_the_runs_are_as_large_as_the_app_allows():
    data = largest_file()
    rows = data.count(b"\n")
    assert 0.95 * LIMITS.megabytes < len(data) / 2**20 <= LIMITS.megabytes
    assert rows <= LIMITS.rows
    assert rows * (data[: data.index(b"\n")].count(b",") + 1) <= LIMITS.cells
    query = dict(parse_qsl(six_large_runs()))
    runs = [
        Compared(Config.from_query(dict(parse_qsl(run)))[0]) for run in query["runs"].split("~")
    ]
    assert len(runs) == MOST_RUNS
    assert 0.7 * MOST_MEGABYTES < sum(one.bytes for one in runs) / 1e6 < MOST_MEGABYTES
    assert sum(one.cost for one in runs) / 1e6 < MOST_WORK


@pytest.mark.parametrize(
    ("number", "key"), [("$$ID-0a-own.file", "own.file"), ("$$ID-0a-a-b", "a-b"), ("", "")]
)
def test_an_element_is_found_by_its_key(number, key):
    assert key_of(number) == key


def test_a_button_a_name_and_a_file_are_what_a_browser_sends(monkeypatch):
    sent, put = [], []
    monkeypatch.setattr(wires, "put_file", lambda *given: put.append(given))

    class Socket:
        async def send(self, data):
            sent.append(BackMsg.FromString(data))
            if sent[-1].WhichOneof("type") == "file_urls_request":
                answer = ForwardMsg()
                answer.file_urls_response.response_id = sent[-1].file_urls_request.request_id
                answer.file_urls_response.file_urls.add(file_id="f", upload_url="/up")
                page.take(answer.SerializeToString())

    page = Page("http://host", name="data")
    page.socket = Socket()

    async def used():
        await page.press("go")
        await page.pick("count", "1,000")
        await page.upload("file", "a.csv", b"a,b")

    for kind, key in (("button", "go"), ("button_group", "count"), ("file_uploader", "file")):
        message = ForwardMsg()
        getattr(message.delta.new_element, kind).id = f"$$ID-0-{key}"
        message.delta.fragment_id = "part"
        page.take(message.SerializeToString())
    asyncio.run(used())
    pressed, picked, asked, uploaded = sent
    assert {one.rerun_script.fragment_id for one in (pressed, picked, uploaded)} == {"part"}
    assert {one.rerun_script.page_name for one in (pressed, picked, uploaded)} == {"data"}
    states = [
        {one.id: one for one in message.rerun_script.widget_states.widgets} for message in sent
    ]
    assert states[0]["$$ID-0-go"].trigger_value
    assert states[1]["$$ID-0-count"].string_array_value.data == ["1,000"]
    assert asked.file_urls_request.file_names == ["a.csv"]
    (file,) = states[3]["$$ID-0-file"].file_uploader_state_value.uploaded_file_info
    assert (file.file_id, file.name, file.size) == ("f", "a.csv", 3)
    assert put == [("http://host", "/up", "a.csv", b"a,b")]


def test_a_fragment_that_repeats_itself_runs_until_it_is_stopped():
    page, runs = Page("http://host"), []

    async def run(fragment="", trigger=None):
        runs.append(fragment)

    async def repeated():
        message = ForwardMsg()
        message.auto_rerun.interval, message.auto_rerun.fragment_id = 0.01, "part"
        page.take(message.SerializeToString())
        await asyncio.sleep(0.1)
        message = ForwardMsg()
        message.stop_auto_rerun.fragment_ids.append("part")
        page.take(message.SerializeToString())

    page.run = run
    asyncio.run(repeated())
    assert len(runs) >= 2
    assert set(runs) == {"part"}
    assert not page.timers


# The player


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("prefetch.js", ["AHEAD", "LOW", "BURST", "BYTES", "FEW", "CALM"]),
        ("requests.js", ["PATIENCE", "QUIET", "LATENCY"]),
        ("sender.js", ["SOON"]),
        ("display.js", ["REST"]),
    ],
)
def test_it_has_the_numbers_of_the_browsers_player(file, names):
    text = (STATIC / file).read_text()
    for name in names:
        (value,) = re.findall(rf"^const {name} = ([0-9e.]+);", text, re.MULTILINE)
        in_ms = name in ("PATIENCE", "QUIET", "LATENCY", "SOON", "REST")
        assert getattr(playing, name) == float(value) / (1000 if in_ms else 1), name


def test_the_most_urgent_request_is_sent_first_as_in_the_browser():
    (order,) = re.findall(r"const ORDER = \[(.+)\]", (STATIC / "requests.js").read_text())
    assert list(playing.ORDER) == json.loads(f"[{order}]")


def test_a_full_buffer_asks_for_nothing_and_an_empty_one_for_a_burst():
    assert next_request(45, 45, math.inf, 100) is None
    assert next_request(44, 90, math.inf, 100) == {"from": 90, "stride": 1, "count": 86}
    assert next_request(0, 0, math.inf, 100)["count"] == 90
    assert next_request(0, 7, 10, 100)["count"] == 3
    assert next_request(0, 10, 10, 100) is None


def test_the_buffer_is_smaller_where_the_server_feeds_less():
    counts = [next_request(0, 0, math.inf, 100, pace)["count"] for pace in (60, 40, 25, 20, 5)]
    assert counts == [90, 60, 38, 30, 30]
    assert next_request(15, 15, math.inf, 100, 5) is None
    assert next_request(15, 15, math.inf, 100, 40)["count"] == 60


def test_large_frames_are_asked_for_in_small_numbers():
    assert next_request(0, 0, math.inf, 4e6 / 11)["count"] == 11
    assert next_request(6, 6, math.inf, 4e6 / 11) is None
    assert next_request(0, 0, math.inf, 1e8)["count"] == 4


def test_frames_are_shown_at_the_screens_pace_and_the_last_ones_spread_out():
    assert shown_after(100, 1, 0.2, 60) == 60
    assert shown_after(100, 1, 0.2, 25) == 25
    assert shown_after(25, 1, 2, 60) == pytest.approx(12.5)  # 25 frames over 2 s
    assert shown_after(25, 2, 2, 60) == pytest.approx(25)
    assert shown_after(10, 5, 1, 60) == 10
    assert shown_after(0, 1, 1, 60) == 0


def test_it_plays_as_fast_as_the_screen_while_answers_come_in_time():
    one, now = opened(), 0.0
    one.train(now)
    asked = []
    while now < 10:
        due = one.asks(now)
        if due:
            asked += due
            epochs = range(due[0]["from"] + 1, due[0]["from"] + due[0]["count"] + 1)
            now += 0.1
            answer(one, now, epochs)
        else:
            now += one.wake(now)
    one.move(now)
    assert one.new_epochs == pytest.approx(60 * now, rel=0.03)
    assert {ask["kind"] for ask in asked} == {"play"}
    assert len(asked) == pytest.approx(60 * now / 87, abs=2)


def test_an_unanswered_request_is_repeated_after_the_browsers_patience():
    one = opened()
    one.train(0)
    (first,) = one.asks(0.1)
    assert one.asks(8.0) == []
    (again,) = one.asks(8.2)
    assert again["id"] > first["id"]
    assert (again["kind"], again["from"]) == ("play", 0)
    assert one.requests.lost == 1
    assert one.receive({"run": "run 1", "answer": first["id"]}, [], 1, 9) is None
    found = answer(one, 9.1, range(1, 91))
    assert found == ("play", pytest.approx(9.0), 1)


def test_what_is_only_shown_blocks_nothing():
    requests = Requests(0)
    requests.add("shown")
    assert requests.due(0)["kind"] == "shown"
    requests.add("play", count=1)
    assert requests.due(0.01)["kind"] == "play"
    requests.add("seek", epoch=3)
    assert requests.due(0.02) is None


def test_a_pending_change_is_applied_before_the_next_burst_and_keeps_the_epoch():
    one = opened()
    one.train(0)
    play_burst(one, 0, 0.05)
    one.receive({"run": "run 1", "answer": 0, "trained": 90, "pending": True}, [], 1, 0.5)
    (ask,) = one.asks(0.5)
    assert ask["kind"] == "apply"
    at = ask["at"]
    assert at == int(one.epoch) + LEAD > LEAD  # the film goes on up to there
    found = answer(one, 0.6, [at], forget_after=at - 1, trained=at)
    assert found.kind == "apply"
    here = int(one.epoch)
    assert at - LEAD < here < at  # a tenth of a second later
    assert not one.has(at + 1)
    assert one.asks(0.6)[0] == {
        "run": "run 1", "at": here, "playing": True, "kind": "play", "from": at, "stride": 1,
        "count": 90, "id": one.requests.id, "known": at, "setup": "run 1 ()",
    }  # fmt: skip


def test_an_epoch_that_was_seen_before_is_not_new():
    one = opened()
    one.train(0)
    play_burst(one, 0, 0.05)
    one.move(0.8)
    seen = one.new_epochs
    one.scrub(5, 0.8)
    one.train(0.9)
    one.move(1.0)
    assert int(one.epoch) in range(10, 13)
    assert one.new_epochs == seen > 30


def test_where_it_comes_to_rest_the_server_hears_of_it_twice():
    one = opened()
    one.train(0)
    play_burst(one, 0, 0.05)
    one.pause(0.5)
    (soon,) = one.asks(0.57)
    assert soon["kind"] == "shown"
    answer(one, 0.6)
    assert one.asks(0.7) == []
    (rest,) = one.asks(0.85)
    assert rest["kind"] == "shown"
    assert one.rested == rest["at"] == int(one.epoch)


def test_a_link_to_an_epoch_is_followed_by_seeking_until_its_frame_is_there():
    one = opened(setup={"goto": 50})
    (ask,) = one.asks(0.1)
    assert (ask["kind"], ask["epoch"]) == ("seek", 50)
    answer(one, 0.3, trained=30)
    (ask,) = one.asks(0.3)
    assert ask["kind"] == "seek"
    answer(one, 0.5, [50])
    assert (one.epoch, one.target) == (50, None)
    assert one.link() == "v=1&epoch=50"


def test_a_run_ends_where_the_server_says_so():
    one = opened()
    one.train(0)
    one.asks(0)
    answer(one, 0.05, range(1, 11), state="finished")
    one.move(2)
    assert (one.state, one.epoch) == ("finished", 10)
    one.reset(2)
    assert one.asks(2)[0]["kind"] == "reset"
    one.receive(setup_message("run 2", answer=one.requests.id), [0], 100, 2.1)
    assert (one.run, one.epoch, one.state) == ("run 2", 0, "paused")


def test_the_server_may_set_the_pace():
    one = opened()
    one.train(0)
    one.asks(0)
    answer(one, 0, range(1, 91), pace=20)
    one.move(1)
    assert one.new_epochs == 20


# What a person does


def test_a_plan_keeps_its_times():
    steps = plan(random.Random(1), 300, scrubs=True, leaves=True)
    assert steps == sorted(steps)
    changes = [at for at, what in steps if what == "rate"]
    assert all(15 <= b - a <= 25 for a, b in pairwise(changes))
    assert len(changes) >= 11
    (gone,), (back,) = ([at for at, what in steps if what == w] for w in ("leave", "return"))
    assert 3 <= back - gone <= 6
    assert [what for _, what in steps].count("scrub") % 5 == 0
    alone = plan(random.Random(1), 300, scrubs=False, leaves=False)
    assert {what for _, what in alone} == {"train", "rate"}


def test_the_rate_in_force_is_the_last_one_of_a_runs_address():
    assert rate_of("v=1") == Config().learning_rate
    assert rate_of("v=1&learning_rate=0.03") == 0.03
    events = "v=1&learning_rate=1&events=9:learning_rate:0.3;12:W1.0.0:2.5"
    assert rate_of(events) == 0.3
    config = Config(learning_rate=0.25, hidden=(3, 2))
    assert rate_of("&".join(f"{k}={v}" for k, v in config.to_query().items())) == 0.25


def test_a_rate_moves_to_a_neighbour_and_is_counted_when_it_is_in_force():
    async def moved():
        one = Person("http://127.0.0.1:1", "", random.Random(0))
        one.page = Page(one.url, one.hear, one.finished)
        one.page.take(element("slider", rate_slider("0.1")))
        one.player = opened()
        await one.act("rate", 0.0)
        rate = one.page.rate
        assert rate in ("0.03", "0.3")
        one.hear(encode({"run": "run 1", "answer": 0, "query": "v=1"}, {}))
        assert one.tally.changes == []
        event = f"v=1&events=4:learning_rate:{rate}"
        one.hear(encode({"run": "run 1", "answer": 0, "query": event}, {}))
        assert len(one.tally.changes) == 1
        assert one.touched is None

    asyncio.run(moved())


def test_who_finds_no_server_keeps_the_address():
    async def knocked():
        one = Person("http://127.0.0.1:1", "", random.Random(0))
        one.player = opened(query="v=1", setup={"goto": 50}, trained=50)
        await one.arrive(one.address())
        assert one.page is None
        return one.address(), one.tally.errors

    address, errors = asyncio.run(knocked())
    assert address == "v=1&epoch=50"
    assert len(errors) == 1
    assert "ConnectionRefused" in errors[0]


# The wires


def element(kind, proto, **metadata):
    message = ForwardMsg()
    getattr(message.delta.new_element, kind).CopyFrom(proto)
    message.metadata.active_script_hash = metadata.get("script", "")
    message.delta.fragment_id = metadata.get("fragment", "")
    return message.SerializeToString()


def rate_slider(rate):
    options = ["0.01", "0.03", "0.1", "0.3", "1"]
    return Slider(id="x-choice.learning_rate", options=options, raw_value=[rate], set_value=True)


def test_the_bytes_of_the_server_are_read_as_they_are_written():
    config = Config()
    run = Run(config, load_problem(config))
    run.advance(3)
    payload = encode({"run": "run 1", "answer": 7}, frame_arrays(run, [run.frame(2), run.frame(3)]))
    meta, epochs, size = unpack(payload)
    assert (meta["answer"], epochs) == (7, [2, 3])
    probe = run.frame(2).deltas.size
    assert size == 4 * run.network.theta.size + 2 * probe
    assert unpack(encode({"answer": 1}, {}))[1:] == ([], 1.0)


def test_widgets_have_the_values_that_a_browser_sends():
    assert widget_state("slider", rate_slider("0.3")).string_array_value.data == ["0.3"]
    layers = Slider(id="l", default=[0], value=[2], set_value=True)
    assert widget_state("slider", layers).double_array_value.data == [2]
    clip = NumberInput(id="c", value=0.5, set_value=True, data_type=NumberInput.FLOAT)
    assert widget_state("number_input", clip).double_value == 0.5
    assert widget_state("number_input", NumberInput(id="s", default=3)).int_value == 3


def test_a_choice_of_nothing_is_sent_without_a_value():
    page = Page("http://x", bytes, int)
    message = ForwardMsg()
    box = message.delta.new_element.selectbox
    box.id, box.set_value = "choice.preset", True
    page.take(message.SerializeToString())
    assert page.states["choice.preset"].WhichOneof("value") is None
    box.raw_value = "Circle"
    page.take(message.SerializeToString())
    assert page.states["choice.preset"].string_value == "Circle"


def test_an_ask_over_streamlit_runs_the_players_fragment_with_every_widget():
    async def heard():
        sent = []
        page = Page("http://127.0.0.1:1", bytes, int)
        page.take(element("slider", rate_slider("0.1")))
        message = ForwardMsg()
        one = message.delta.new_element.bidi_component
        one.id, one.component_name, one.bytes = "ID-player", "deltascope_player", b"..."
        message.delta.fragment_id = "fragment"
        page.take(message.SerializeToString())
        message = ForwardMsg()
        message.navigation.page_script_hash = "hash"
        page.take(message.SerializeToString())
        page.query = "v=1"
        async with serve(lambda socket: collect(socket, sent), "127.0.0.1", 0) as server:
            await connect_to(page, server)
            await StreamlitWire(page).send({"kind": "play", "id": 5, "known": 3})
            await page.close()
        return [BackMsg.FromString(data).rerun_script for data in sent]

    first, ask = asyncio.run(heard())
    assert first.fragment_id == ""
    assert (ask.fragment_id, ask.page_script_hash, ask.query_string) == ("fragment", "hash", "v=1")
    rate, trigger = ask.widget_states.widgets
    assert rate.string_array_value.data == ["0.1"]
    assert trigger.id == "$$STREAMLIT_INTERNAL_KEY_ID-player__events"
    (event,) = json.loads(trigger.json_trigger_value)
    assert event["event"] == "ask"
    assert json.loads(event["value"]) == {"kind": "play", "id": 5}


async def collect(socket, sent):
    async for data in socket:
        sent.append(data)


def url_of(server):
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def connect_to(page, server):
    page.url = url_of(server)
    await page.open(page.query)


def talk(answered, asks):
    """Send requests through a wire to a server that `answered` plays; return what came back."""

    async def talked():
        page, news = Page("", bytes, int), asyncio.Queue()
        async with serve(answered, "127.0.0.1", 0) as server:
            page.url = url_of(server)
            wire = LiveWire(page, "secret", news.put_nowait)
            heard = []
            for ask in asks:
                await wire.send(ask)
                heard.append(await news.get())
            await wire.close()
        return heard, page.errors

    return asyncio.run(talked())


def test_the_players_own_socket_says_its_token_first_and_hears_bytes():
    async def answered(socket):
        sent.extend([socket.request.path, await socket.recv()])
        async for data in socket:
            sent.append(json.loads(data))
            await socket.send(b"answer")

    sent = []
    assert talk(answered, [{"kind": "play", "id": 5}]) == ([b"answer"], [])
    assert sent == ["/live", "secret", {"kind": "play", "id": 5}]


def test_a_request_is_sent_again_when_the_connection_was_lost():
    async def answered(socket):
        tokens.append(await socket.recv())
        data = await socket.recv()
        if len(tokens) > 1:
            await socket.send(data.encode())
            await socket.wait_closed()

    tokens = []
    heard, errors = talk(answered, [{"kind": "play", "id": 5}])
    assert [json.loads(data)["id"] for data in heard] == [5]
    assert tokens == ["secret", "secret"]
    assert errors == ["the player's connection ended"]


def test_what_changes_the_session_goes_to_the_page():
    async def asked():
        page, sent = Page("http://127.0.0.1:1", bytes, int), []

        async def trigger(component, event, value):
            sent.append((component, json.loads(value)["kind"]))

        page.trigger = trigger
        wire = LiveWire(page, "secret", bytes)
        await wire.send({"kind": "reset", "id": 1})
        await wire.close()
        return sent

    assert asyncio.run(asked()) == [("deltascope_player", "reset")]


def test_a_page_does_not_take_back_what_the_socket_has_brought():
    one = opened(token="secret")
    one.train(0)
    play_burst(one, 0, 0.05)
    one.receive(setup_message(token="secret", pending=True), [0], 100, 0.5)
    assert one.trained == 90
    assert one.asks(0.5)[0]["kind"] == "apply"


def test_a_page_that_ends_by_itself_is_an_error():
    async def ended():
        page = Page("", bytes, int)
        async with serve(lambda socket: socket.close(), "127.0.0.1", 0) as server:
            await connect_to(page, server)
            await page.reader
        assert page.ended
        return page.errors

    assert asyncio.run(ended()) == ["the page's connection ended"]


# The figures


def measured(cpu=2.0, rss=(270.0, 280.0, 300.0)):
    before, middle, end = (load.Usage(0, mb, mb / 2, 1, 5, 50) for mb in rss)
    looks = [(10.0, middle), (20.0, end._replace(cpu=cpu, threads=9))]
    shared = [(0.0, 270.0), (20.0, 285.0)]
    return load.Measured(10.0, 20.0, before, looks, shared, [0.01] * 20, 0.5)


def test_figures_are_those_of_the_window():
    one = Tally(bursts=[(9, 5.0), (11, 0.1), (12, 0.3)], burst_epochs=[(11, 80), (12, 90)])
    one.changes, one.loads = [(15, 0.2)], [(1, 0.4)]
    two = Tally(errors=["the page's connection ended"], unanswered=1)
    counted = [
        {"epochs": 500, "wanting": 10.0, "lost": 0},
        {"epochs": 100, "wanting": 5.0, "lost": 2},
    ]
    found = load.figures([one, two], counted, measured(), 2)
    assert (found["epochs_per_s_worst"], found["epochs_per_s_median"]) == (20, 35)
    assert found["burst_ms_p50"] == pytest.approx(200)
    assert found["epochs_per_burst"] == 85
    assert found["change_ms_p95"] == pytest.approx(200)
    assert found["page_load_ms_p50"] == pytest.approx(400)
    assert found["page_run_ms_p50"] is None
    assert (found["asks_lost"], found["errors"], found["changes_unanswered"]) == (2, 1, 1)
    assert found["server_cores"] == pytest.approx(0.2)
    assert found["cpu_ms_per_epoch"] == pytest.approx(2000 / 600)
    assert (found["rss_mb_per_client"], found["rss_mb_per_client_server"]) == (15, 7.5)
    assert (found["rss_mb_per_minute"], found["pss_mb_end"]) == (None, 285)
    assert found["threads"] == 9
    assert found["clients_cores"] == pytest.approx(0.05)
    assert list(found) == [*load.FIGURES, "error_kinds", "pss_mb_by_second"]


def test_a_heavy_client_is_counted_apart_and_its_work_is_the_servers():
    counted = [
        {"epochs": 500, "wanting": 10.0, "lost": 0},
        {"epochs": 4, "wanting": 10.0, "lost": 0},
    ]
    found = load.figures([Tally(), Tally(bursts=[(11, 9.0)])], counted, measured(), 1)
    assert (found["clients"], found["epochs_per_s_worst"]) == (1, 50)
    assert found["heavy_epochs_per_s"] == pytest.approx(0.4)
    assert found["burst_ms_p99"] is None
    config, notes = Config.from_query(dict(p.split("=") for p in largest_query().split("&")))
    assert notes == []
    assert (config.hidden, config.size, config.batch_size) == ((128,) * 6, 5000, 0)
    assert len(config.features) == 7


def test_a_server_far_away_has_no_usage():
    far = measured()._replace(looks=[])
    found = load.figures([Tally()], [{"epochs": 1, "wanting": 1.0, "lost": 0}], far, 1)
    of_the_server = set(load.FIGURES) & set(load.OF_THE_SERVER)
    assert len(of_the_server) == 14
    assert {found[name] for name in of_the_server} == {None}
    assert found["health_ms_p95"] == pytest.approx(10)


def test_memory_grows_by_its_slope_after_two_minutes():
    sizes = [
        (float(at), 300 + (5 if at < 120 else 0.5 * (at - 120) / 60)) for at in range(0, 600, 2)
    ]
    assert load.growth(sizes) == pytest.approx(0.5)
    assert load.growth(sizes[:60]) is None
    shared = [(0.0, 400.0), *((10 + at, size) for at, size in sizes[::15])]
    found = load.figures([Tally()], [], measured()._replace(pss=shared), 1)
    assert found["pss_mb_per_minute"] == pytest.approx(0.5)
    assert "1 clients, MB at a second: 305 at 0, 305 at 30" in load.table([found])


def test_the_table_has_a_column_for_each_number_of_clients():
    counted = [{"epochs": 500, "wanting": 10.0, "lost": 0}]
    found = load.figures([Tally(errors=["a", "a"])], counted, measured(), 1)
    lines = load.table([found, found]).splitlines()
    assert lines[0].split() == ["clients", "1", "1"]
    assert [line.split()[0] for line in lines[: len(load.FIGURES)]] == list(load.FIGURES)
    assert lines[-1] == "2 x a"


def test_usage_counts_this_process():
    used = load.usage(os.getpid())
    assert used.processes >= 1
    assert used.rss >= used.rss_server > 10
    assert 0 < load.pss(os.getpid()) <= used.rss * 1.1
    assert used.threads >= used.processes
    assert np.isfinite(used.cpu)


def test_the_first_traceback_of_a_log_is_shown_with_what_stands_before_it():
    log = "a\nb\nc\nTraceback (most recent call last):\n  line\nValueError: 1\n"
    assert load.first_traceback(log) == log.removeprefix("a\n")
    assert load.first_traceback("all is well\n") == ""
