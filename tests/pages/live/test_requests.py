"""kind 51: what is sent by hand in the browser's name never breaks a page."""

import json
import math

import pytest
from streamlit.testing.v1 import AppTest

from engine.training.events import MOST_EPOCHS
from pages.live.requests import IDS, LONGEST, WHOLE, read_ask
from tests.pages.test_train import APP


def test_an_ask_is_taken_as_the_browser_sends_it():
    sent = {"id": 1764361234567, "kind": "edit", "run": "run 3", "at": 12, "layer": 1, "row": 0}
    sent |= {"column": 2, "value": -0.25, "at": 12}
    assert read_ask(json.dumps(sent)) == sent


@pytest.mark.parametrize(
    "sent",
    [
        *(None, 7, b"{}", [], {}, "", "x", "null", "7", '"x"', "[1]", "{", "[" * 3000),
        *("9" * 5000, json.dumps({"run": "x" * LONGEST})),
    ],
)
def test_what_is_no_ask_is_none(sent):
    assert read_ask(sent) is None


@pytest.mark.parametrize("name", sorted({*WHOLE} - {"known"}))
@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("-1", 0),
        ("1e300", MOST_EPOCHS),
        ("3.7", 3),
        ("123456789012", MOST_EPOCHS),
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
        ("true", None),
        ('"5"', None),
        ("null", None),
        ("[5]", None),
        ("{}", None),
        ("1" + "0" * 400, None),
    ],
)
def test_a_whole_number_is_within_bounds_or_left_out(name, value, taken):
    asked = read_ask(f'{{"id": 1, "{name}": {value}}}')
    assert asked == ({"id": 1} if taken is None else {"id": 1, name: taken})


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("7", 7),
        ("[5, -1]", [5, -1]),
        ("[]", []),
        ('["x", null, 1e300, -7, [3]]', [0, 0, MOST_EPOCHS, 0, 0]),
        (str([1] * 900), [1] * 6),
    ],
)
def test_what_is_known_is_an_epoch_or_one_for_each_run(value, taken):
    assert read_ask(f'{{"id": 1, "known": {value}}}') == {"id": 1, "known": taken}


@pytest.mark.parametrize("value", ["NaN", "null", '"x"', "[]", "-5", "true", "{}", "1" + "0" * 400])
def test_the_id_is_always_a_number(value):
    assert read_ask(f'{{"id": {value}}}') == {"id": 0}
    assert read_ask("{}") == {"id": 0}
    assert read_ask(f'{{"id": {IDS}0}}') == {"id": 0}


@pytest.mark.parametrize("value", ["7", "null", "[]", "{}", "true"])
def test_a_word_is_a_word_or_left_out(value):
    assert read_ask(f'{{"kind": {value}, "run": {value}, "rule": {value}}}') == {"id": 0}


ODD = (math.nan, -1, 1e308, None, "x", [], 2**70)


@pytest.fixture(params=["pages/train.py", "pages/compare.py"], scope="module")
def page(request):
    """A page that gets one odd ask after another."""
    own = AppTest.from_file(APP, default_timeout=60)
    own.query_params["dataset"] = "xor_table"
    own.switch_page(request.param) if request.param != "pages/train.py" else own
    return own.run()


@pytest.mark.parametrize(
    "kind", ["play", "seek", "edit", "apply", "reset", "try", "shown", "open", "drop", "", "heard"]
)
def test_no_ask_breaks_the_page_that_it_is_sent_to(page, kind):
    for odd in ODD:
        fields = dict.fromkeys((*WHOLE, "value", "rule"), odd)
        run = f"run {page.session_state['session'].run_number}"
        if "comparison" in page.session_state:
            run = f"runs {page.session_state['comparison'].number}"
            page.session_state["comparison"].asked = made(kind, run, fields)
        else:
            page.session_state["session"].asked = made(kind, run, fields)
        page.run()
        assert not page.exception


def made(kind, run, fields):
    """The ask as the page has it once it was read."""
    return read_ask(json.dumps({"kind": kind, "run": run, "id": fields["at"], **fields}))
