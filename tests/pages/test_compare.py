"""The page Compare without a browser: pairs, twins, names, links with nonsense, the messages."""

import re
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.comparison.alternatives import alternatives_of
from engine.comparison.contrasts import PAIRS
from engine.comparison.forks import MOST_RUNS, differences, optimizer_race
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.config import CHOICES, DEFAULTS, Config
from engine.training.events import Event
from engine.training.run import Run
from pages.figures.compare.overlay import RUNS, overlay
from pages.live.answers import LiveRun
from pages.live.runs_answers import answering_view
from pages.widgets.compare import player as comparing
from pages.widgets.compare.run_names import FAVOURITES, twins, worded
from pages.widgets.compare.state import Compared, Comparison, differs, names
from tests.pages.live.test_payload import unpacked
from tests.pages.test_train import finished

APP = Path(__file__).parents[2] / "app.py"


def opened(**query: str) -> AppTest:
    """The page as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("pages/compare.py").run()
    assert not page.exception
    return page


def own(page: AppTest) -> Comparison:
    return page.session_state["comparison"]


def configs(page: AppTest) -> list[Config]:
    return [one.config for one in own(page).runs]


def sentence(page: AppTest) -> str:
    return " ".join(warning.value for warning in page.warning).replace("\\", "")


def message(page: AppTest) -> tuple[dict, dict]:
    """What the server last said to the browser."""
    return unpacked(page.get("bidi_component")[0].proto.bytes)


def ask(page: AppTest, kind: str, **fields: object) -> tuple[dict, dict]:
    """Return what the player of this page is answered to a request."""
    comparison = own(page)
    asked = {"id": 1, "kind": kind, "at": comparison.shown, **fields}
    comparison.note(asked)
    lives = [LiveRun(run) for run in comparison.live.runs]
    return unpacked(finished(answering_view(lives, asked, comparison.view())))


def ask_page(page: AppTest, kind: str, run: str) -> tuple[dict, dict]:
    """Return what the page answers to a request."""
    own(page).asked = {"id": 1, "kind": kind, "run": run, "at": 0}
    page.run()
    assert not page.exception
    return message(page)


@pytest.mark.parametrize("name", PAIRS)
def test_each_pair_is_one_choice_on_the_page(name):
    page = opened()
    page.selectbox(key="choice.pair").select(name).run()
    assert not page.exception
    assert configs(page) == list(PAIRS[name].configs)
    head, _ = message(page)
    first, second = head["setup"]["runs"]
    assert first["name"] != second["name"]
    assert second["differs"].startswith("Run 2 differs in: ")
    assert "→" in second["differs"]
    assert any(caption.value.startswith(PAIRS[name].claim) for caption in page.caption)


def test_a_browser_that_does_not_know_of_the_pair_yet_chooses_no_other():
    """Send the empty Pair box as a browser does whose page is older than the server's."""
    first, second = (config.to_query() for config in PAIRS["vanishing"].configs)
    runs = ("&".join(f"{name}={value}" for name, value in one.items()) for one in (first, second))
    page = opened(runs="~".join(runs))
    assert page.selectbox(key="choice.pair").value == "vanishing"
    page.selectbox(key="choice.pair").set_value(None).run()
    assert not page.exception
    assert configs(page) == list(PAIRS["vanishing"].configs)
    assert page.selectbox(key="choice.pair").value == "vanishing"


def test_without_a_link_the_train_pages_run_is_beside_one_that_differs_in_one_choice():
    page = opened()
    assert configs(page) == [Config(), Config(activation="relu")]
    page.session_state["session"].config = PRESETS["xor"].config
    xor = PRESETS["xor"].config
    page.session_state["session"].live.replace(Run(xor, load(xor)))
    page.run()
    first, second = configs(page)
    assert first == xor
    assert len(differences((first, second))) == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_every_twin_is_one_change_and_none_is_lost(preset):
    config = PRESETS[preset].config
    dataset = load(config)
    few, others = twins(config, dataset)
    assert len(few) >= 3
    assert not few.keys() & others.keys()
    for twin in (*few.values(), *others.values()):
        assert len(differences((config, twin))) == 1
    offered = {
        (d.name, getattr(twin, d.name))
        for twin in (*few.values(), *others.values())
        for d in differences((config, twin))
    }
    assert offered == {(duel.name, duel.value) for duel in alternatives_of(config, dataset)}
    assert {differences((config, twin))[0].name for twin in few.values()} <= set(FAVOURITES)


def test_a_twin_takes_one_click_and_is_added_once():
    page = opened()
    page.get("pills")[0].set_value("dropout 0.5").run()
    assert configs(page) == [Config(), Config(dropout=0.5)]
    page.get("pills")[0].set_value("dropout 0.5").run()
    assert configs(page) == [Config(), Config(dropout=0.5)]
    assert "already in the comparison" in sentence(page)


def test_a_race_has_the_same_start_weights():
    page = opened()
    page.button(key="compare.race").click().run()
    assert configs(page) == list(optimizer_race(Config()))[:MOST_RUNS]
    _, arrays = message(page)
    starts = [arrays[f"{k}.theta"] for k in range(MOST_RUNS)]
    assert all((start == starts[0]).all() for start in starts)


def test_a_link_holds_every_run_with_its_changes_on_the_way():
    events = (Event(5, "learning_rate", 0.03), Event(7, "W1.0.1", 0.5))
    runs = [
        Compared(Config(dataset="xor", hidden=(8, 2), dropouts=(0.1, 0.2))),
        Compared(Config(dataset="sine", features=("x1", "x1x1")), events),
    ]
    text = "~".join(one.query() for one in runs)
    page = opened(runs=text, epoch="3")
    assert configs(page) == [one.config for one in runs]
    assert own(page).runs[1].events == events
    assert own(page).shown == 3
    head, _ = message(page)
    assert parse_qs(head["query"])["runs"] == [text]
    assert not page.warning


@pytest.mark.parametrize("name", CHOICES)
def test_no_choice_is_spelled_with_the_sign_between_runs(name):
    values = [
        DEFAULTS[name],
        *((one,) if isinstance(DEFAULTS[name], tuple) else one for one in CHOICES[name].options),
    ]
    for value in values:
        query = Compared(Config(**{**DEFAULTS, name: value})).query()
        assert "~" not in query
        assert Config.from_query(dict(parse_qsl(query, keep_blank_values=True)))[0] == Config(
            **{name: value}
        )


@pytest.mark.parametrize(
    ("runs", "said", "count"),
    [
        ("hidden=999999", "Run 1: Hidden layers (hidden) must lie between 1 and 128", 1),
        ("v=1~nonsense=1~seed=2", "Run 2: The link's 'nonsense' is not a known setting", 3),
        ("~".join(f"seed={k}" for k in range(9)), "Only the first 6 runs", 6),
        ("v=1~dataset=own", "A link does not contain", 1),
        ("dataset=own~v=1", "This run is not compared.", 1),
        ("events=3:W9.0.0:1", "was ignored", 1),
        ("~~~", "", 2),
    ],
)
def test_nonsense_in_a_link_gets_a_sentence_and_the_rest_is_compared(runs, said, count):
    page = opened(runs=runs)
    assert said in sentence(page)
    assert len(own(page).runs) == count


def test_all_runs_are_at_the_same_epochs_and_equal_single_runs():
    page = opened(runs="v=1~v=1&dropout=0.5~v=1&dataset=xor&seed=3")
    head, arrays = ask(page, "play", **{"from": 0, "stride": 2, "count": 4})
    for k, config in enumerate(configs(page)):
        assert arrays[f"{k}.epochs"].tolist() == [2, 4, 6, 8]
        run = Run(config, load(config))
        run.advance(8)
        expected = np.array([run.frame(epoch).theta for epoch in (2, 4, 6, 8)], "f4")
        assert np.array_equal(arrays[f"{k}.theta"], expected)
    assert head["trained"] == 8
    assert head["state"] == "ok"


def test_a_run_that_has_ended_stays_while_the_others_go_on():
    page = opened(
        runs="v=1~v=1&dataset=line_centred&scaling=none&hidden=0&batch_size=0&learning_rate=1000"
    )
    head, arrays = ask(page, "play", **{"from": 0, "stride": 1, "count": 12})
    config = configs(page)[1]
    run = Run(config, load(config))
    run.advance(12)
    assert run.diverged
    assert arrays["0.epochs"].tolist() == list(range(1, 13))
    assert arrays["1.epochs"].tolist() == list(range(1, run.epochs + 1))
    assert head["runs"][1] == {"trained": run.epochs, "state": "diverged", "message": run.diverged}
    assert (head["state"], head["trained"]) == ("ok", 12)
    head, arrays = ask(page, "seek", epoch=9)
    assert (arrays["0.epochs"], arrays["1.epochs"]) == ([9], [run.epochs])


def test_when_all_have_ended_the_clock_stops_at_the_last_epoch():
    end = "dataset=line_centred&scaling=none&hidden=0&batch_size=0&learning_rate="
    page = opened(runs=f"{end}1000~{end}30")
    head, arrays = ask(page, "play", **{"from": 0, "stride": 50, "count": 20})
    last = max(run["trained"] for run in head["runs"])
    assert head["state"] == "diverged"
    assert head["trained"] == last
    assert arrays["1.epochs"].tolist()[-1] == last


def test_reset_begins_again_with_the_same_changes():
    page = opened(runs="v=1&events=3:learning_rate:1.0", epoch="5")
    ask(page, "play", **{"from": 0, "stride": 1, "count": 5})
    head, arrays = ask_page(page, "reset", own(page).run_id)
    assert head["trained"] == 0
    assert arrays["0.epochs"].tolist() == [0]
    assert own(page).runs[0].events == (Event(3, "learning_rate", 1.0),)


def test_what_the_browser_asks_of_another_set_is_answered_with_the_set_up():
    page = opened(runs="v=1~v=1&seed=1")
    head, _ = ask_page(page, "play", "runs 0")
    assert "setup" in head


def test_runs_are_named_by_what_tells_them_apart():
    runs = [Compared(Config()), Compared(Config(dropout=0.5)), Compared(Config(l2=1e-3))]
    assert names(runs) == ["L2 0, dropout 0", "dropout 0.5", "L2 0.001"]
    assert differs(runs, 1) == "Run 2 differs in: dropout 0 → 0.5"
    later = [Compared(Config()), Compared(Config(), [Event(1200, "learning_rate", 0.03)])]
    assert names(later)[1] == "learning rate 0.03 from epoch 1,200"
    many = Compared(Config(dataset="xor", hidden=(), seed=3, batch_size=0))
    assert names([runs[0], many]) == ["First run: a circle", "xor, seed 3 + 2 more"]
    assert worded("hidden", ()) == "no hidden layer"
    assert worded("scaling", "none") == "inputs not scaled"


def test_each_run_has_a_colour_and_a_sign_of_its_own():
    assert len(RUNS) >= MOST_RUNS
    assert len({colour for colour, _ in RUNS}) == len({sign for _, sign in RUNS}) == len(RUNS)


def test_the_losses_of_all_runs_are_drawn_where_there_are_any():
    figure = overlay(("a", "b"), (True, False), 0.693)
    shown = [trace.uid for trace in figure.data if trace.visible]
    assert shown == ["0.validation", "0.train", "1.train"]
    assert [trace.meta["name"] for trace in figure.data if trace.meta["label"]] == ["a", "b"]
    assert figure.layout.shapes[0].y0 == 0.693
    assert not overlay(("a",), (False,)).layout.shapes


def test_a_clock_stops_where_every_run_names_an_epoch():
    runs = [Compared(Config(epochs=30)), Compared(Config(epochs=50))]
    assert comparing.stop(runs) == 50
    assert comparing.stop([*runs, Compared(Config())]) == 0


def test_runs_beyond_the_memory_of_one_visitor_are_left_out_and_named_kind_44():
    large = "size=5000&hidden=128-128-128-128-128-128&batch_size=0"
    runs = "~".join(f"{large}&seed={seed}" for seed in range(6))
    page = opened(runs=runs)
    assert not page.exception
    said = " ".join(one.value for one in page.warning)
    assert "Run 3 is left out" in said
    assert "600 MB" in said


def test_runs_that_take_too_long_together_are_left_out_with_what_is_given_and_allowed():
    slow = "size=5000&hidden=128-128-128&batch_size=1"
    page = opened(runs="~".join(f"{slow}&seed={seed}" for seed in range(6)))
    said = sentence(page)
    refused = re.search(r"Run (\d) is left out: [^.]* would take (\S+) million", said)
    assert refused is not None
    assert len(own(page).runs) == int(refused[1]) - 1
    assert "500 million are allowed" in said
