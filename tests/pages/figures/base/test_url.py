"""The address of a page: what a link asks for beside the choices, and how it is spelled."""

from urllib.parse import parse_qsl

import pytest

from engine.training.config import CHOICES, Config
from engine.training.events import Event
from pages.figures.base.url import (
    PARAMETERS,
    Controls,
    Link,
    choices_of_link,
    read_link,
    run_query,
)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_of_a_page_is_no_choice_of_a_run(name):
    assert name not in CHOICES
    assert choices_of_link({name: "anything", "seed": "3"}) == {"seed": "3"}


def test_a_name_that_nobody_knows_is_left_to_the_choices():
    assert choices_of_link({"sede": "3", "v": "1"}) == {"sede": "3", "v": "1"}


def test_a_link_without_parameters_asks_for_nothing():
    assert read_link({}) == (Link(), [])


def test_a_link_is_read_part_by_part():
    query = {"epoch": "12", "check": "0.5", "events": "3:l2:0.1", "pair": "2-0", "line": "7"}
    link, notes = read_link({**query, "batch": "4", "seed": "1"})
    assert notes == []
    assert link == Link(12, "0.5", "3:l2:0.1", (2, 0), batch=4, line=7)


@pytest.mark.parametrize(
    ("query", "alone"),
    [({"example": "5"}, True), ({"example": "5", "batch": "0"}, False), ({"batch": "2"}, False)],
)
def test_an_example_is_traced_alone_where_no_batch_is_named(query, alone):
    link, _ = read_link(query)
    assert link.alone is alone
    assert link.place == int(query.get("example", 0))
    assert link.example == query.get("example", "")


@pytest.mark.parametrize("name", ["epoch", "batch", "example", "line"])
@pytest.mark.parametrize("text", ["-1", "1e3", "x", "", "9" * 30])
def test_a_number_that_is_none_is_ignored_with_a_sentence(name, text):
    link, notes = read_link({name: text})
    assert [note.split(" must be")[0] for note in notes] == [name]
    assert (link.epoch or 0, link.batch, link.place, link.line) == (0, 0, 0, 0)


@pytest.mark.parametrize("text", ["7", "1-1", "0-1-2", "a-b", "-1-2"])
def test_a_pair_that_is_none_is_ignored_with_a_sentence(text):
    link, notes = read_link({"pair": text})
    assert link.pair == ()
    assert len(notes) == 1
    assert notes[0].startswith("pair must be two numbers of inputs")


@pytest.mark.parametrize("pair", [(), (0, 3), "components"])
def test_the_query_of_a_run_is_read_back_as_it_was(pair):
    config, events = Config(hidden=(3, 2), seed=5), [Event(4, "learning_rate", 0.5)]
    query = dict(parse_qsl(run_query(config, events, pair)))
    link, notes = read_link(query)
    assert (link.pair, link.events, notes) == (pair, "4:learning_rate:0.5", [])
    assert Config.from_query(choices_of_link(query)) == (config, [])


def test_a_link_hides_and_locks_controls_and_its_query_says_so_again():
    link, notes = read_link({"hide": "noise-l1-noise", "lock": "hidden-l1"})
    assert notes == []
    assert link.controls == Controls(("noise", "l1"), ("hidden",))
    query = dict(parse_qsl(run_query(Config(), (), (), link.controls)))
    assert (query["hide"], query["lock"]) == ("noise-l1", "hidden")
    assert read_link(query)[0].controls == link.controls


@pytest.mark.parametrize("name", ["hide", "lock"])
def test_a_control_that_nobody_knows_is_ignored_with_a_sentence(name):
    link, notes = read_link({name: "train-optimizer-<b>"})
    assert {*link.controls.hidden, *link.controls.locked} == {"optimizer"}
    assert [note.split(";")[0] for note in notes] == [
        f"{name} must name settings such as learning_rate-optimizer"
    ] * 2
    assert "'train'" in notes[0]
