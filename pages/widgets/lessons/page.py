"""The page Lessons: which part of it an address opens."""

from __future__ import annotations

import streamlit as st

from engine.lessons import Lesson, load_lessons
from engine.worksheets import MAZUR_WORKSHEET, to_query
from pages.figures.base.text import many
from pages.widgets.lessons.class_page import class_page, code_field
from pages.widgets.lessons.kept import connect_browser, kept
from pages.widgets.lessons.pupil import pupil_page
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.teacher import notes_page
from pages.widgets.lessons.worksheet import worksheet_section
from pages.widgets.lessons.worksheet_state import draw_seed, show_worksheet
from pages.widgets.shell import foreign
from pages.widgets.shell.heading import heading

TITLE = (
    "Lessons",
    "Predict what a network will do, watch it, and compare. Alone, or with a class.",
)


def in_lesson() -> bool:
    """Return whether the address opens a lesson or a class, which need the whole width."""
    return not {"lesson", "class"}.isdisjoint(st.query_params)


def lessons_page() -> None:
    """Draw what the address asks for."""
    connect_browser()
    query = st.query_params
    if "class" in query:
        class_page(query["class"])
        return
    lesson_state().classroom = lesson_state().pupil = None
    if "worksheet" in query:
        worksheet_section()
        return
    lesson = lesson_of(query.get("lesson", ""))
    if lesson is None:
        catalogue()
    elif "teacher" in query:
        lesson_state().begin(lesson)
        notes_page(lesson)
    else:
        lesson_state().begin(lesson)
        pupil_page()


def lesson_of(name: str) -> Lesson | None:
    """Return the lesson with this name or number; say so if there is none."""
    if not name:
        return None
    for key, lesson in load_lessons().items():
        if name in (key, lesson.number):
            return lesson
    foreign.warning(f"There is no lesson {name[:40]}. Choose one from the list.")
    return None


def catalogue() -> None:
    """Draw the list of all lessons, and the way into a class."""
    heading(*TITLE)
    left, right = st.columns([3, 2], gap="large")
    with right, st.container(border=True):
        st.markdown("**Join a class**")
        code_field()
    with right, st.container(border=True):
        worksheet_links()
    with left:
        for name, lesson in load_lessons().items():
            lesson_row(name, lesson)


def lesson_row(name: str, lesson: Lesson) -> None:
    """Draw one lesson of the list."""
    mark = ":material/check_circle: " if name in kept().done else ""
    title, minutes, teacher = st.columns([6, 2, 2], vertical_alignment="center")
    title.page_link(
        "pages/lessons.py",
        label=f"{mark}{lesson.number} · {lesson.title}",
        query_params={"lesson": name},
    )
    minutes.caption(many(lesson.minutes, "minute"))
    teacher.page_link(
        "pages/lessons.py", label="Teacher's page", query_params={"lesson": name, "teacher": "1"}
    )


def worksheet_links() -> None:
    """Draw the ways to worksheets; a link to the same page would leave the address as it is."""
    st.markdown("**Worksheets**")
    st.caption("Compute one training step by hand. The page checks each number.")
    for label, query in (
        ("A worksheet with new numbers", {"worksheet": str(draw_seed())}),
        ("The worked example of Mazur (2015)", to_query(MAZUR_WORKSHEET)),
    ):
        st.button(
            label, icon=":material/calculate:", on_click=show_worksheet, args=(query,), key=label
        )
