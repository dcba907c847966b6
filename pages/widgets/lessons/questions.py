"""The questions of a lesson: a choice, a number, or a curve to draw; and what was answered."""

from __future__ import annotations

import json
import math

import streamlit as st

from engine.lessons import Question, is_right
from pages.figures.base.text import number
from pages.live.classroom import LONGEST_TEXT, Answer
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import phrase
from pages.widgets.shell.component import element
from pages.widgets.shell.session import value_of

HANDLES = 7  # of a sketch, the first one given
MISSING = {
    "choice": "Choose an answer first.",
    "number": "Type a number first, such as 0.5.",
    "sketch": "Draw your curve first: move at least one point.",
}


def ask(question: Question, item: str, label: str, start: float = 1.0) -> None:
    """Draw a question and the button that commits the answer under the name `item`.

    `start` is the loss at which a sketch begins. An answer cannot be changed later.
    """
    if question.text:
        st.markdown(f"**{phrase(question.text)}**")
    value = field(question, item, start)
    if not st.button(label, type="primary", key=f"commit.{item}"):
        return
    if value is None:
        st.warning(MISSING[question.kind], icon=":material/edit:")
        return
    lesson_state().give(item, value)
    lesson_state().advance()
    st.rerun()


def field(question: Question, item: str, start: float) -> Answer | None:
    """Draw the place for the answer; return the answer, or None if there is none so far."""
    if question.kind == "choice":
        return st.radio(
            "Your answer",
            range(len(question.choices)),
            index=None,
            format_func=lambda place: phrase(question.choices[place]),
            key=f"choice.{item}",
            label_visibility="collapsed",
        )
    if question.kind == "number":
        unit = f" ({phrase(question.unit)})" if question.unit else ""
        return read_number(st.text_input(f"Your number{unit}", key=f"number.{item}"))
    return sketch_field(question, item, start)


def read_number(text: str) -> float | None:
    """Return the finite number that a person has typed, with a point or a comma; else None."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def sketch_field(question: Question, item: str, start: float) -> tuple[float, ...] | None:
    """Draw the handles of a curve; return their heights once one was moved."""
    state = lesson_state()
    moved = state.heights.get(item)
    draw_sketch(item, start, moved or (start,) * HANDLES, fixed=False)
    return moved


def draw_sketch(
    item: str,
    start: float,
    heights: tuple[float, ...],
    fixed: bool,
    truth: tuple[float, ...] = (),
    others: list[tuple[float, ...]] | None = None,
) -> None:
    """Draw a sketch, with the curve of the run and those of a class where they may be seen."""
    key, top = f"sketch.{item}", lesson_state().step.predict.top

    def drawn() -> None:
        found = value_of(key)
        moved = read_heights(found.get("heights") if found else None, top)
        if moved:
            lesson_state().heights[item] = moved

    data = {
        "label": "loss",
        "epochs": lesson_state().step.runs[0].epochs,
        "top": top,
        "start": min(start, top),
        "heights": heights,
        "fixed": fixed,
        "truth": truth,
        "others": others or [],
    }
    element("sketch", "lessons/sketch.js")(data=json.dumps(data), key=key, on_heights_change=drawn)


def read_heights(text: object, top: float) -> tuple[float, ...]:
    """Return the heights that a browser has sent as JSON; () if it is something else."""
    try:
        values = json.loads(text) if isinstance(text, str) and len(text) < 1000 else None
    except (ValueError, RecursionError):
        return ()
    if not isinstance(values, list) or len(values) != HANDLES:
        return ()
    if not all(isinstance(one, int | float) and 0 <= one <= top for one in values):
        return ()
    return tuple(map(float, values))


def answer_in_words(question: Question, answer: Answer) -> str:
    """Return an answer as Markdown."""
    value = answer_itself(question, answer)
    if isinstance(value, str):
        return phrase(value)
    return f"{number(value)} {phrase(question.unit)}".strip()


def answer_itself(question: Question, answer: Answer | None) -> str | float:
    """Return an answer as a question has it: the text of a choice, or a number."""
    if question.kind == "choice" and isinstance(answer, int | float):
        return question.choices[int(answer)]
    return answer if isinstance(answer, str | float) else 0.0


def verdict(question: Question, answer: Answer | None) -> None:
    """Show what was answered, and whether it is right."""
    if answer is None or question.kind == "sketch":
        return
    words = answer_in_words(question, answer)
    if is_right(question, answer_itself(question, answer)):
        st.success(f"Right. You answered: {words}", icon=":material/check_circle:")
    else:
        right = answer_in_words(question, question.answer)
        text = f"You answered: {words}  \nThe right answer is: {right}"
        st.info(text, icon=":material/change_circle:")


def sentence_field(item: str) -> None:
    """Draw the place for one sentence on what was seen."""
    state = lesson_state()
    if state.given(item) is not None:
        st.caption("Your sentence is on the board.")
        return
    text = st.text_input(
        "What did you see? One sentence.", max_chars=LONGEST_TEXT, key=f"sentence.{item}"
    )
    if st.button("Send the sentence", key=f"send.{item}") and text.strip():
        state.give(item, text)
        st.rerun()
