"""The page Lessons: which part of it an address opens."""

from __future__ import annotations

import streamlit as st

from engine.language import language, tr
from engine.lessons import Lesson, load_lessons
from pages.widgets.lessons.class_page import class_page
from pages.widgets.lessons.kept import connect_browser
from pages.widgets.lessons.lesson_list import OWN, lesson_list
from pages.widgets.lessons.pupil import pupil_page
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.teacher import notes_page
from pages.widgets.lessons.worksheet import worksheet_section
from pages.widgets.shell import foreign


def in_lesson() -> bool:
    """Return whether the address opens a lesson or a class, which need the whole width."""
    return not {"lesson", "class"}.isdisjoint(st.query_params)


def lessons_page() -> None:
    """Draw what the address asks for, and then let the browser keep what is new."""
    draw_part()
    connect_browser()


def draw_part() -> None:
    """Draw the part of the page that the address asks for."""
    query, state = st.query_params, lesson_state()
    if "class" in query:
        class_page(query["class"])
        return
    state.classroom = state.pupil = None
    if "worksheet" in query:
        worksheet_section()
        return
    lesson = lesson_of(query.get("lesson", ""))
    if lesson is None:
        lesson_list()
        return
    state.begin(lesson, trusted=lesson is not state.own)
    (notes_page if "teacher" in query else pupil_page)()


def lesson_of(name: str) -> Lesson | None:
    """Return the lesson with this name or number; say so if there is none."""
    if not name:
        return None
    if name == OWN and lesson_state().own is not None:
        return lesson_state().own
    for key, lesson in load_lessons(language()).items():
        if name in (key, lesson.number):
            return lesson
    foreign.warning(tr("There is no lesson {name}. Choose one from the list.", name=name[:40]))
    return None
