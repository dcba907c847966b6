"""Long work goes in slices, with its progress and a button that stops it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.shell.background_job import progress_in_words, span_of_time


def page_of_a_job() -> None:
    """Count to 4, one in each slice; a stop keeps what was counted."""
    import streamlit as st

    from pages.widgets.shell.background_job import Job, in_slices

    state = st.session_state
    state.setdefault("done", 0)
    state.setdefault("stopped", False)

    def advance(seconds: float) -> bool:
        state["seconds"] = seconds
        state["done"] += 1
        return state["done"] >= 4

    job = Job(
        advance,
        lambda: (state["done"] / 4, f"{state['done']} of 4"),
        lambda: state.update(stopped=True),
        lambda: state["stopped"],
    )
    st.write("over" if in_slices(job, "count") else "not over")


@pytest.fixture
def page() -> AppTest:
    """Return the page after its first slice."""
    return AppTest.from_function(page_of_a_job).run()


def test_a_job_does_a_slice_each_time_until_it_is_over(page: AppTest):
    for done in (1, 2, 3):
        assert page.session_state["done"] == done
        assert page.markdown[0].value == "not over"
        page.button(key="count.on").click().run()
    assert page.session_state["done"] == 4
    assert page.markdown[0].value == "over"
    assert not page.button
    assert not page.exception


def test_a_slice_is_short_and_its_progress_is_shown(page: AppTest):
    assert 0 < page.session_state["seconds"] <= 0.5
    bar = page.get("progress")[0].proto
    assert (bar.value, bar.text) == (25, "1 of 4")


def test_a_stopped_job_is_over_and_works_no_more(page: AppTest):
    page.button(key="count.stop").click().run()
    assert page.session_state["done"] == 1
    assert page.markdown[0].value == "over"
    assert not page.button


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (float("nan"), ""),
        (1.2, "a second"),
        (60, "60 seconds"),
        (600, "10 minutes"),
        (9000, "2.5 hours"),
    ],
)
def test_a_span_of_time_is_said_in_its_unit(seconds: float, words: str):
    assert span_of_time(seconds) == words


def test_the_time_left_is_said_where_it_is_known():
    assert progress_in_words(0.5, 600, "Training") == "Training: 50\u202f%, about 10 minutes left"
    assert progress_in_words(0.5, float("nan"), "Training") == "Training: 50\u202f%"


def page_of_a_failing_job() -> None:
    """Work once, then fail for good: the page says why."""
    import streamlit as st

    from pages.widgets.shell.background_job import Job, finished

    state = st.session_state
    state.setdefault("calls", 0)

    def advance(seconds: float) -> bool:
        state["calls"] += 1
        if state["calls"] > 1:
            raise ValueError("It cannot be done.")
        return False

    try:
        finished(Job(advance, lambda: (0.0, "so far"), lambda: None, lambda: False), "fails")
    except ValueError as reason:
        st.error(str(reason))


def test_a_job_that_fails_on_the_way_is_said_by_the_page():
    page = AppTest.from_function(page_of_a_failing_job).run()
    assert not page.exception
    assert page.error[0].value == "It cannot be done."
