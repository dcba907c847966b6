"""A newer message of the browser ends a run of the page at any time; no choice gets lost.

Streamlit ends it where the page uses st.session_state or draws an element.
"""

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from time import monotonic
from weakref import finalize

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import ScriptRunner, StopException
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from engine.problems.presets import PRESETS
from engine.training.run import Run
from pages.live.live_session import Live
from pages.widgets.session import Session, choose, other_sessions, visitor_session
from pages.widgets.shell import frame
from pages.widgets.sidebar import controls
from pages.widgets.train import player
from pages.widgets.web.clicks import complete_clicks
from tests.pages.test_findings import pressed, with_preset
from tests.pages.test_train import message, opened, own, run_with

LONG_ENOUGH = 0.4  # seconds; a reader that minds a change of the list fails within a quarter


@contextmanager
def ended_when(due: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End each run of a page at its next opportunity, as soon as this holds."""
    usual = ScriptRunner._maybe_handle_execution_control_request

    def hurry(runner: ScriptRunner) -> None:
        if runner._execing and due():
            raise StopException
        usual(runner)

    with monkeypatch.context() as patched:
        patched.setattr(ScriptRunner, "_maybe_handle_execution_control_request", hurry)
        yield


@contextmanager
def next_message_there_already(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End each run of a page at the first opportunity that it offers."""
    with monkeypatch.context() as patched, ended_when(lambda: True, patched):
        patched.setattr(SafeSessionState, "on_script_will_rerun", None)  # the server sets it
        complete_clicks()
        yield


def test_a_click_counts_although_the_next_message_is_there_already(
    monkeypatch: pytest.MonkeyPatch,
):
    """The comparison is made in the callback: the page before was ended, too."""
    page = opened()
    page.session_state._state._state._new_session_state.pop("comparison", None)
    page.session_state._state._state._old_state.pop("comparison", None)
    with next_message_there_already(monkeypatch):
        page.button(key="train.pin").click().run()
    assert len(page.session_state["comparison"].runs) == 1
    assert own(page).comparing is page.session_state["comparison"]


def page_with_two_counters() -> None:
    """A page with a callback that Streamlit could end in three places."""
    import streamlit as st

    def count() -> None:
        st.query_params["count"] = str(int(st.query_params.get("count", "0")) + 1)
        st.session_state["count"] = st.session_state.get("count", 0) + 1

    st.button("Count", on_click=count)


def test_a_callback_is_completed_although_the_next_message_is_there_already(
    monkeypatch: pytest.MonkeyPatch,
):
    page = AppTest.from_function(page_with_two_counters).run()
    with next_message_there_already(monkeypatch):
        page.button[0].click().run()
    assert (page.query_params["count"], page.session_state["count"]) == ("1", 1)
    assert not page.exception


def page_with_a_list(begun: list[bool]) -> None:
    """A page that keeps something for its visitor before it draws."""
    import streamlit as st

    from pages.widgets.session import of_session

    begun.append(True)
    of_session("kept", list).append("changed")
    of_session("kept", list).append("whole")
    st.write("drawn")


def test_a_thread_does_not_end_where_it_asks_what_a_visitor_has(monkeypatch: pytest.MonkeyPatch):
    begun: list[bool] = []
    page = AppTest.from_function(page_with_a_list, args=(begun,))
    with ended_when(lambda: bool(begun), monkeypatch):
        page.run()
    assert page.session_state["kept"] == ["changed", "whole"]
    assert not page.markdown


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("selectbox", "optimizer", "adam"),
        ("selectbox", "activation", "relu"),
        ("number_input", "seed", 7),
    ],
)
def test_a_choice_is_made_although_the_next_message_is_there_already(
    kind: str, name: str, value: object, monkeypatch: pytest.MonkeyPatch
):
    page = opened()
    before = own(page).run
    with next_message_there_already(monkeypatch):
        getattr(page, kind)(key=f"choice.{name}").set_value(value).run()
    assert getattr(own(page).config, name) == value
    assert own(page).run is not before
    assert getattr(own(page).run.config, name) == value
    page.run()
    assert message(page)[0]["run"] == own(page).view().run_id


def test_a_remedy_is_tried_once_and_answered_although_the_page_does_not_run_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
):
    page = with_preset("dead_relu", 50)
    before = own(page).config
    with ended_when(lambda: own(page).config is not before, monkeypatch):
        pressed(page, "dead_relu", 50)
    run = own(page).run
    assert run.config == own(page).config
    page.run()
    head, _ = message(page)
    assert (head["answer"], head["setup"]["goto"], own(page).run) == (7, 50, run)
    page.run()
    assert message(page)[0]["answer"] == 0


def test_a_remedy_is_not_undone_by_values_from_before_the_page_was_drawn():
    """The browser sends all values with each message, also where it has not drawn the new ones."""
    page = with_preset("dead_relu", 50)
    count = page.text_input(key="replaced.sidebar").value
    run = own(pressed(page, "dead_relu", 50)).run
    page.text_input(key="replaced.sidebar").set_value(count)
    page.selectbox(key="choice.preset").set_value("dead_relu")
    page.selectbox(key="choice.activation").set_value("relu").run()
    assert own(page).run is run
    assert page.selectbox(key="choice.activation").value == "leaky_relu"
    page.selectbox(key="choice.activation").set_value("relu").run()  # once it was drawn, a choice
    assert own(page).config.activation == own(page).run.config.activation == "relu"


@pytest.mark.parametrize("drawn", [True, False])
def test_the_first_of_two_changes_does_not_come_back_with_a_later_message(
    drawn: bool, monkeypatch: pytest.MonkeyPatch
):
    """The browser draws the first one when the second is made already, drawn or not."""
    page = opened(hidden="3-2")
    count = page.text_input(key="replaced.sidebar").value

    def fields(units: int) -> list[WidgetState]:
        page.text_input(key="replaced.sidebar").set_value(count)
        page.number_input(key="choice.units0").set_value(units)
        return [
            page.text_input(key="replaced.sidebar")._widget_state,
            page.number_input(key="choice.units0")._widget_state,
        ]

    for units in (2, 1):
        with monkeypatch.context() as patched:
            patched.setattr(visitor_session, "of_session", lambda *_: own(page))
            choose(hidden=(units, 2))
        late = fields(2)
        fields(3)
        with nullcontext() if units == 2 or drawn else next_message_there_already(monkeypatch):
            page.run()
    run_with(page, *late)
    assert own(page).config.hidden == own(page).run.config.hidden == (1, 2)
    page.number_input(key="choice.units0").set_value(2).run()  # once 1 is drawn, a choice
    assert own(page).config.hidden == (2, 2)


def test_an_experiment_is_not_undone_by_old_values_that_are_no_longer_options():
    """Streamlit takes them for the first option of a slider, or for the words of a select box."""
    page = opened(learning_rate="20", batch_size="48")
    config = PRESETS["digits"].config
    assert 20.0 not in controls.RATES
    assert 48 not in controls.BATCHES
    old = [
        page.text_input(key="replaced.sidebar")._widget_state,
        page.select_slider(key="choice.learning_rate")._widget_state,
        page.selectbox(key="choice.batch_size")._widget_state,
    ]
    page.selectbox(key="choice.preset").set_value("digits").run()
    run_with(page, *old)
    assert own(page).config == own(page).run.config == config
    assert not page.warning
    page.select_slider(key="choice.learning_rate").set_value(0.0001).run()  # a choice
    assert own(page).config.learning_rate == 0.0001


def test_a_layer_that_was_removed_does_not_come_back_with_the_next_message():
    """The browser sends the field of its units until it has drawn the page without it."""
    page = opened(hidden="4-3", l2="0.01")
    units = page.sidebar.number_input(key="choice.units1")._widget_state
    strength = page.sidebar.select_slider(key="choice.l2")._widget_state
    page.sidebar.slider(key="choice.layers").set_value(1)
    page.sidebar.get("button_group")[-1].set_value([]).run()
    assert (own(page).config.hidden, own(page).config.l2) == ((4,), 0.0)
    run_with(page, units, strength)
    assert (own(page).config.hidden, own(page).config.l2) == ((4,), 0.0)
    page.sidebar.slider(key="choice.layers").set_value(2).run()
    page.sidebar.number_input(key="choice.units1").set_value(7).run()
    assert own(page).config.hidden == (4, 7)


@pytest.mark.parametrize("count", ["", "x", "-1", "²", "9" * 12])
def test_a_choice_is_made_whatever_the_browser_says_of_the_changes_that_it_knows(count: str):
    page = with_preset("dead_relu", 50)
    pressed(page, "dead_relu", 50)
    page.text_input(key="replaced.sidebar").set_value(count)
    page.selectbox(key="choice.activation").set_value("tanh").run()
    assert not page.exception
    assert own(page).config.activation == "tanh"


def test_a_remedy_keeps_its_epoch_although_older_news_of_the_screen_comes_late(
    monkeypatch: pytest.MonkeyPatch,
):
    page = with_preset("dead_relu", 50)
    usual = player.observe

    def observe(run: Run, epoch: int):
        own(page).note({"kind": "shown", "at": 0})
        return usual(run, epoch)

    monkeypatch.setattr(player, "observe", observe)
    head, _ = message(pressed(page, "dead_relu", 50))
    assert head["setup"]["goto"] == 50


def test_a_reset_is_done_once_and_answered_although_the_page_does_not_run_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
):
    page = opened()
    number = own(page).run_number
    own(page).asked = {"id": 7, "run": f"run {number}", "kind": "reset", "at": 0}
    with ended_when(lambda: own(page).run_number > number, monkeypatch):
        page.run()
    assert own(page).run_number == number + 1
    page.run()
    assert (message(page)[0]["answer"], own(page).run_number) == (7, number + 1)


def test_a_page_that_a_touch_has_changed_is_drawn_although_a_fragment_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
):
    """The browser has sent the touch and what a fragment had to say as one message."""
    asked: list[bool] = []
    monkeypatch.setattr(frame.st, "rerun", lambda: asked.append(True))
    page = opened()
    assert not own(page).drawn.due
    page.sidebar.number_input(key="choice.seed").set_value(7).run()
    assert not own(page).drawn.due  # the page was drawn
    monkeypatch.setattr(frame, "alone", lambda: True)
    monkeypatch.setattr(frame, "session", lambda: own(page))
    frame.redraw_if_due()
    assert not asked
    own(page).drawn.due = True
    frame.redraw_if_due()
    assert asked
    page.button(key="train.pin").click().run()
    assert not own(page).drawn.due


def test_a_link_opens_while_other_visitors_come_and_go():
    """A thread for each visitor: the list of sessions changes while one of them reads it."""
    over, come = threading.Event(), []

    def visits() -> None:
        while not over.is_set():
            come.append(Session())
            del come[:-400]

    thread = threading.Thread(target=visits)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread.start()
    try:
        end = monotonic() + LONG_ENOUGH
        while monotonic() < end:
            others = other_sessions(come[-1] if come else Session())
            assert all(isinstance(one, Session) for one in others)
    finally:
        over.set()
        thread.join()
        sys.setswitchinterval(usual)


def test_a_session_does_not_end_while_a_link_asks_for_its_run(monkeypatch: pytest.MonkeyPatch):
    """The process that trains would not forget a run that is asked for after the end."""
    there, ended, meanwhile = [Session()], [], []
    finalize(there[0], ended.append, True)

    def begin_at(live: Live, epoch: int, others: list[Live]) -> None:
        assert there[0].live in others
        there.clear()
        gc.collect()
        meanwhile.extend(ended or [False])

    monkeypatch.setattr(Live, "begin_at", begin_at)
    opened()
    gc.collect()
    assert meanwhile == [False]
    assert ended == [True]
