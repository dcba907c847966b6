"""The list of lessons, the ways into a class, and what a visitor has done so far."""

from __future__ import annotations

import streamlit as st

from engine.lessons import Lesson, LessonError, load_lessons, read_lesson
from engine.worksheets import MAZUR_WORKSHEET, to_query
from pages.figures.base.text import many, percent
from pages.widgets.lessons.class_page import code_field
from pages.widgets.lessons.kept import keep_done, kept, progress_code, read_progress
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.worksheet_state import draw_seed
from pages.widgets.shell import foreign
from pages.widgets.shell.heading import heading

OWN = "own"  # the name of a lesson from the visitor's own file, in an address
TITLE = (
    "Lessons",
    "Predict what a network will do, watch it, and compare. Alone, or with a class.",
)


def catalogue() -> None:
    """Draw the page without a lesson."""
    heading(*TITLE)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="catalogue", gap="small"):
        for name, lesson in load_lessons().items():
            lesson_row(name, lesson)
    with right:
        with st.container(border=True):
            st.markdown("**Join a class**")
            code_field()
        with st.container(border=True):
            st.markdown("**Teach a class**")
            st.markdown(
                "Open the teacher's page of a lesson. It has the plan, the expected wrong answers "
                "and the button *Open a class*. Pupils join with a short code, without accounts."
            )
        with st.container(border=True):
            worksheet_links()
        progress_section()
        own_lesson_section()


def lesson_row(name: str, lesson: Lesson) -> None:
    """Draw one lesson of the list."""
    done = kept().done.get(name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/lessons.py",
            label=f"{lesson.number} · {lesson.title}",
            icon=":material/check_circle:" if done is not None else ":material/play_circle:",
            query_params={"lesson": name},
            width="stretch",
        )
        words = many(lesson.minutes, "minute") if done is None else f"{percent(done)} right"
        st.caption(words, width=90)
        st.page_link(
            "pages/lessons.py",
            label="Teacher's page",
            query_params={"lesson": name, "teacher": "1"},
        )


def worksheet_links() -> None:
    """Draw the links to worksheets."""
    st.markdown("**Worksheets**")
    st.caption("Compute one training step by hand. The page checks each number.")
    st.page_link(
        "pages/lessons.py",
        label="A worksheet with new numbers",
        icon=":material/calculate:",
        query_params={"worksheet": str(draw_seed())},
    )
    st.page_link(
        "pages/lessons.py",
        label="The worked example of Mazur (2015)",
        icon=":material/calculate:",
        query_params=to_query(MAZUR_WORKSHEET),
    )


def progress_section() -> None:
    """Draw which lessons are done, and the code that takes this to another computer."""
    with st.expander(f"Your progress: {many(len(kept().done), 'lesson')} done"):
        st.markdown(
            "This browser keeps your progress. To go on at another computer, copy this code:"
        )
        st.code(progress_code(), language=None, wrap_lines=True)
        text = st.text_input("Code from another computer", max_chars=4000, key="progress.code")
        if st.button("Take over", key="progress.take") and text.strip():
            try:
                done = read_progress(text)
            except ValueError as reason:
                st.error(str(reason), icon=":material/block:")
                return
            for name, share in done.items():
                keep_done(name, share)
            st.rerun()


def own_lesson_section() -> None:
    """Draw the place where a teacher opens a lesson file."""
    with st.expander("Your own lesson"):
        st.markdown("A lesson is one text file. Open it here to check it and to try it.")
        file = st.file_uploader("Lesson file", ["md", "txt"], key="own_lesson", max_upload_size=1)
        if file is None:
            return
        try:
            lesson = read_lesson(file.getvalue().decode("utf-8"), OWN)
        except UnicodeDecodeError:
            st.error("The file must be text in UTF-8.", icon=":material/block:")
        except LessonError as reason:
            st.error(
                "\n".join(f"- {foreign.literal(fault)}" for fault in reason.faults),
                icon=":material/block:",
            )
        else:
            lesson_state().own = lesson
            st.success("The file has no faults.", icon=":material/check_circle:")
            st.page_link("pages/lessons.py", label="Try it", query_params={"lesson": OWN})
            st.page_link(
                "pages/lessons.py",
                label="Teacher's page",
                query_params={"lesson": OWN, "teacher": "1"},
            )
