"""A field looks up its own value alone, and finds what Streamlit would find."""

from pathlib import Path

import pytest
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from pages.widgets.web.single_values import HIDDEN, SingleValues

APP = Path(__file__).parents[4] / "app.py"


def small_page() -> None:
    import streamlit as st  # AppTest runs the lines of this function alone

    st.number_input("without a key", value=1)
    bound = 2 if st.checkbox("more", key="more") else 1
    st.number_input("with a key", 0, 10 * bound, key="number")
    st.selectbox("menu", [1, 2], key="menu", index=None)
    st.session_state["own"] = [bound]


def state_of(page: AppTest) -> tuple[SingleValues, dict]:
    """Return what a field finds, and all that Streamlit would collect for it."""
    safe = page.session_state._state
    return SingleValues(safe), SessionState.filtered_state.fget(safe._state)


def same(page: AppTest) -> None:
    found, right = state_of(page)
    assert right
    assert {key: found[key] for key in right} == right
    assert dict(found) == right
    assert len(found) == len(right)
    assert repr(found) == repr(right)
    known = page.session_state._state._state
    for key in {*known._keys(), "missing", f"{HIDDEN}_x"} - set(right):
        assert key not in found


def test_the_values_are_those_that_streamlit_collects():
    page = AppTest.from_function(small_page).run()
    same(page)
    page.number_input(key="number").set_value(7)
    page.checkbox(key="more").check().run()  # the field has other limits: it is another one
    same(page)
    assert page.session_state["number"] == 7
    assert page.session_state["menu"] is None


def test_the_value_of_a_field_that_stood_there_before_is_found():
    state = SessionState()
    state._old_state["$$ID-1-number"] = 3
    state._set_key_widget_mapping("$$ID-1-number", "number")
    state._set_key_widget_mapping("$$ID-2-number", "number")
    found = SingleValues(SafeSessionState(state, lambda: None))
    assert dict(found) == {"number": 3}
    assert found["number"] == 3


@pytest.mark.parametrize("name", ["train", "tune", "data"])
def test_a_page_draws_its_fields_without_the_values_of_all(name, monkeypatch):
    def collect(self: SessionState) -> dict:
        raise AssertionError("all values were collected")

    page = AppTest.from_file(str(APP), default_timeout=60).switch_page(f"pages/{name}.py").run()
    same(page)
    monkeypatch.setattr(SessionState, "filtered_state", property(collect))
    assert not page.run().exception
    monkeypatch.undo()
    same(page)


def emptied_page() -> None:
    import streamlit as st

    st.session_state["number"] = None
    st.number_input("with a key", 1, 10, key="number")


def test_a_field_whose_value_was_emptied_is_drawn_empty():
    page = AppTest.from_function(emptied_page).run()
    assert not page.exception
    assert page.number_input(key="number").value is None
    assert not page.number_input(key="number").proto.HasField("default")
