"""The list of lessons, the ways into a class, and what a visitor has done so far."""

from __future__ import annotations

import streamlit as st

from engine.language import language, marked, tr
from engine.lessons import Lesson, LessonError, load_lessons, read_lesson
from engine.worksheets import MAZUR_WORKSHEET, to_query
from pages.figures.base.text import many, percent
from pages.widgets.lessons.address import go_to
from pages.widgets.lessons.class_page import code_field
from pages.widgets.lessons.kept import LONGEST, keep_done, kept, progress_code, read_progress
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.worksheet_state import draw_seed
from pages.widgets.shell import foreign
from pages.widgets.shell.heading import heading

OWN = "own"  # the name of a lesson from the visitor's own file, in an address
TITLE = (
    marked("Lessons"),
    marked("Predict what a network will do, watch it, and compare. Alone, or with a class."),
)


def lesson_list() -> None:
    """Draw the page without a lesson."""
    heading(*TITLE)
    with st.container(key="join_first", width=420):
        st.markdown(tr("**Join a class**"))
        code_field()
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="catalogue", gap=None):
        teaches = st.toggle(tr("I teach: show the teacher's pages"), key="teaches")
        if teaches:
            st.caption(
                tr(
                    "A teacher's page has the plan, the expected wrong answers and the button "
                    "*Open a class*. Pupils join with a short code, without accounts."
                )
            )
        for name, lesson in load_lessons(language()).items():
            lesson_row(name, lesson, teaches)
    with right:
        with st.container(border=True):
            worksheet_links()
        progress_section()
        own_lesson_section()


def lesson_row(name: str, lesson: Lesson, teaches: bool) -> None:
    """Draw one lesson of the list: the link to it, or to its teacher's page."""
    done = kept().done.get(name)
    title = lesson.heading
    words = many(lesson.minutes, "minute")
    if done is not None:
        words = tr("{share} right", share=percent(done))
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        if teaches:
            query = {"lesson": name, "teacher": "1"}
            link_within(title, ":material/co_present:", query, f"teach.{name}")
        else:
            icon = ":material/check_circle:" if done is not None else ":material/play_circle:"
            link_within(title, icon, {"lesson": name}, f"open.{name}")
        st.space("stretch")
        st.caption(words, width=90)


def link_within(label: str, icon: str | None, query: dict[str, str], key: str) -> None:
    """Draw a link to another part of this page; a link of Streamlit would lose the query."""
    st.button(
        label,
        type="tertiary",
        icon=icon,
        key=f"link.{key}",
        on_click=go_to,
        args=(query,),
    )


def worksheet_links() -> None:
    """Draw the links to worksheets."""
    st.markdown(tr("**Worksheets**"))
    st.caption(tr("Compute one training step by hand. The page checks each number."))
    for label, query in (
        (tr("A worksheet with new numbers"), {"worksheet": str(draw_seed())}),
        (tr("The worked example of Mazur (2015)"), to_query(MAZUR_WORKSHEET)),
    ):
        link_within(label, ":material/calculate:", query, label)


def progress_section() -> None:
    """Draw which lessons are done, and the code that takes this to another computer."""
    with st.expander(tr("Your progress: {lessons} done", lessons=many(len(kept().done), "lesson"))):
        st.markdown(
            tr(
                "This browser keeps your progress. To go on at another computer, copy this code, "
                "or "
                "save it as a file:"
            )
        )
        st.code(progress_code(), language=None, wrap_lines=True)
        st.download_button(
            tr("Save as a file"),
            progress_code(),
            "deltascope-progress.txt",
            "text/plain",
            icon=":material/download:",
            on_click="ignore",
            key="progress.save",
        )
        text = st.text_input(tr("Code from another computer"), max_chars=4000, key="progress.code")
        if st.button(tr("Take over"), key="progress.take") and text.strip():
            add_progress(text)
        file = st.file_uploader(
            tr("File from another computer"), ["txt"], key="progress.file", max_upload_size=1
        )
        if file is not None and file.file_id != kept().taken:
            kept().taken = file.file_id
            add_progress(file.getvalue()[:LONGEST].decode("utf-8", "replace"))


def add_progress(text: str) -> None:
    """Add the progress of a code to that of this browser, and draw the page again."""
    try:
        done = read_progress(text)
    except ValueError as reason:
        foreign.error(str(reason))
        return
    for name, share in done.items():
        keep_done(name, share)
    st.rerun()


def own_lesson_section() -> None:
    """Draw the place where a teacher opens a lesson file."""
    with st.expander(tr("Your own lesson")):
        st.markdown(tr("A lesson is one text file. Open it here to check it and to try it."))
        file = st.file_uploader(
            tr("Lesson file"), ["md", "txt"], key="own_lesson", max_upload_size=1
        )
        if file is None:
            return
        try:
            lesson = read_lesson(file.getvalue().decode("utf-8"), OWN)
        except UnicodeDecodeError:
            st.error(tr("The file must be text in UTF-8."), icon=":material/block:")
        except LessonError as reason:
            st.error(
                "\n".join(f"- {foreign.literal(fault)}" for fault in reason.faults),
                icon=":material/block:",
            )
        else:
            lesson_state().own = lesson
            st.success(tr("The file has no faults."), icon=":material/check_circle:")
            link_within(tr("Try it"), ":material/play_circle:", {"lesson": OWN}, "open.own")
            link_within(tr("Teacher's page"), None, {"lesson": OWN, "teacher": "1"}, "teach.own")
