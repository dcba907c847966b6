"""Texts of a lesson on the page: Markdown where the app brings it, plain text where a file does."""

from __future__ import annotations

import streamlit as st

from engine.language import language
from engine.lessons import Lesson, load_lessons
from pages.live.classroom import Classroom
from pages.widgets.lessons.state import lesson_state
from pages.widgets.shell.foreign import literal


def say(text: str) -> None:
    """Show a text of the lesson."""
    if not text:
        return
    if lesson_state().trusted:
        st.markdown(text)
        return
    for paragraph in filter(None, (part.strip() for part in text.split("\n\n"))):
        st.markdown(literal(paragraph))


def phrase(text: str) -> str:
    """Return a short text of the lesson as the label of a widget."""
    return text if lesson_state().trusted else literal(text)


def draw_title(lesson: Lesson) -> None:
    """Draw the number and the title of a lesson."""
    st.subheader(phrase(lesson.heading), anchor=False)


def lesson_of_class(classroom: Classroom) -> Lesson:
    """Return the lesson of a class in the visitor's language; one from a file has only its own."""
    if not classroom.trusted:
        return classroom.lesson
    return load_lessons(language()).get(classroom.lesson.name, classroom.lesson)
