"""A class as who comes to its address sees it: the way in, the teacher's page, a pupil's page."""

from __future__ import annotations

import streamlit as st

from engine.language import tr
from pages.live.classroom import CLASSES, LONGEST_NAME, Classroom
from pages.widgets.lessons.address import go_to
from pages.widgets.lessons.kept import keep_key, kept
from pages.widgets.lessons.pupil import pupil_page
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.teacher import cards_page, teacher_page
from pages.widgets.lessons.texts import lesson_of_class
from pages.widgets.session import value_of
from pages.widgets.shell import foreign

LOOK = 2.0  # seconds between two looks at where the class is


def class_page(code: str) -> None:
    """Draw the class with this code."""
    classroom, state = CLASSES.find(code), lesson_state()
    if classroom is None:
        ended(code)
        return
    recognize(classroom)
    state.begin(lesson_of_class(classroom), classroom.trusted, classroom.lessons)
    if state.classroom is classroom and state.pupil is None:
        follow_class(classroom)
        (cards_page if "cards" in st.query_params else teacher_page)(classroom)
    elif state.pupil is not None:
        follow_class(classroom)
        pupil_page()
    elif kept().known:
        join(classroom)
    else:
        st.caption(tr("Looking for your place in the class …"))


def recognize(classroom: Classroom) -> None:
    """Give a visitor the place back that this browser, or this session, has in the class."""
    state = lesson_state()
    if state.classroom is classroom:
        return
    state.classroom, state.pupil = None, None
    key = kept().keys.get(classroom.code, "")
    if key and classroom.taught_with(key):
        state.classroom = classroom
    elif (pupil := classroom.find(key)) is not None:
        state.classroom, state.pupil = classroom, pupil


def ended(code: str) -> None:
    """Say that there is no such class, and offer to type another code."""
    lesson_state().classroom = lesson_state().pupil = None
    foreign.warning(
        tr(
            "This server has no class with the code {code}. Ask your teacher for the code.",
            code=code[:20],
        )
    )
    code_field()


def code_field() -> None:
    """Draw the field for the code of a class."""
    with st.form("join_code", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        left.text_input(tr("Code of the class"), max_chars=10, key="join.code")
        right.form_submit_button(
            tr("Join"), icon=":material/login:", key="join.find", on_click=find_class
        )


def find_class() -> None:
    """Go to the class whose code stands in the field: in a callback, which nothing cuts short."""
    code = str(value_of("join.code") or "").strip()
    if code:
        go_to({"class": code})


def join(classroom: Classroom) -> None:
    """Draw the way into a class: with a name, or without one."""
    st.subheader(tr("Join the class"), anchor=False)
    with st.form("join_class"):
        st.text_input(
            tr("Your name, if you like"),
            max_chars=LONGEST_NAME,
            help=tr(
                "Without a name you are anonymous. The board shows the name beside a sentence."
            ),
            key="join.name",
        )
        st.form_submit_button(
            tr("Join"),
            type="primary",
            icon=":material/login:",
            key="join.enter",
            on_click=enter,
            args=(classroom,),
        )
    if lesson_state().refused:
        foreign.error(lesson_state().refused)


def enter(classroom: Classroom) -> None:
    """Make the visitor a pupil of the class, under the name in the field."""
    state = lesson_state()
    try:
        pupil = classroom.join(str(value_of("join.name") or ""))
    except ValueError as reason:
        state.refused = str(reason)
        return
    state.classroom, state.pupil, state.refused = classroom, pupil, ""
    keep_key(classroom.code, pupil.token)


@st.fragment(run_every=LOOK)
def follow_class(classroom: Classroom) -> None:
    """Draw the page again when the teacher has gone on, in this window or in another one."""
    state = lesson_state()
    if state.pupil is not None:
        classroom.find(state.pupil.token)
    if classroom.closed:
        state.classroom = state.pupil = None
        st.rerun()
    if state.number != classroom.lessons:
        st.rerun()
    if state.place != classroom.place:
        before, state.place = state.stages[state.place], classroom.place
        if before.step != classroom.stage.step:
            state.run = 0
        st.rerun()
