"""The questions of a lesson: a choice, a number, or a curve to draw; and what was answered."""

from __future__ import annotations

import json
from functools import lru_cache

import streamlit as st

from engine.language import marked, tr
from engine.lessons import LessonRun, LessonStep, Question, begin_run, is_right
from engine.worksheets import read_typed
from pages.figures.base.text import number
from pages.live.classroom import LONGEST_TEXT, Answer
from pages.live.requests import parse_json
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import phrase
from pages.widgets.session import value_of
from pages.widgets.shell.component import element

RUNS = "ABCDEF"  # what the texts of a lesson call its runs
HANDLES = 7  # of a sketch, the first one given
LONGEST_HEIGHTS = 999  # characters in which a browser sends them
MISSING = {
    "choice": marked("Choose an answer first."),
    "number": marked("Type a number first, such as 0.5."),
    "sketch": marked("Draw your curve first: move at least one point."),
}


def ask(question: Question, item: str, label: str, start: float = 1.0) -> None:
    """Draw a question and the button that commits the answer under the name `item`.

    `start` is the loss at which a sketch begins. An answer cannot be changed later.
    """
    state, key = lesson_state(), f"commit.{item}"
    st.markdown(f"**{phrase(question.text)}**")
    if question.kind == "sketch":  # its points come to a callback, which a form does not call
        draw_field(question, item, start)
        st.button(label, type="primary", key=key, on_click=commit, args=(question, item))
    else:
        with st.form(f"ask.{item}", border=False, enter_to_submit=False):
            draw_field(question, item, start)
            st.form_submit_button(
                label, type="primary", key=key, on_click=commit, args=(question, item)
            )
    if state.missing == item:
        st.warning(tr(MISSING[question.kind]), icon=":material/edit:")


def commit(question: Question, item: str) -> None:
    """Keep the answer that stands in the field, and go on; or note that there is none."""
    state, value = lesson_state(), value_in_field(question, item)
    state.missing = item if value is None else ""
    if value is not None:
        state.give(item, value)
        state.advance()


def value_in_field(question: Question, item: str) -> Answer | None:
    """Return the answer in the field, or None if there is none so far."""
    if question.kind == "choice":
        return value_of(f"choice.{item}")
    if question.kind == "number":
        return number_or_none(value_of(f"number.{item}") or "")
    return lesson_state().heights.get(item)


def draw_field(question: Question, item: str, start: float) -> None:
    """Draw the place for the answer."""
    if question.kind == "choice":
        st.radio(
            tr("Your answer"),
            range(len(question.choices)),
            index=None,
            format_func=lambda place: phrase(question.choices[place]),
            key=f"choice.{item}",
            label_visibility="collapsed",
        )
    elif question.kind == "number":
        st.text_input(number_label(question), key=f"number.{item}")
    else:
        level = (min(start, question.top),) * HANDLES
        draw_sketch(item, start, lesson_state().heights.get(item) or level, fixed=False)


def number_label(question: Question) -> str:
    """Return the label of the field for a number."""
    if not question.unit:
        return tr("Your number")
    return tr("Your number ({unit})", unit=phrase(question.unit))


def number_or_none(text: str) -> float | None:
    """Return the number that a person has typed, with a point or a comma; None for another text."""
    try:
        return read_typed(text.strip()).value
    except ValueError:
        return None


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
        "label": tr("loss"),
        "epochs": sketched_run(lesson_state().step).epochs,
        "top": top,
        "start": min(start, top),
        "heights": heights,
        "fixed": fixed,
        "truth": truth,
        "others": others or [],
    }
    element("sketch", "lessons/sketch.js")(data=json.dumps(data), key=key, on_heights_change=drawn)


def sketched_run(step: LessonStep) -> LessonRun:
    """Return the run whose curve is sketched; the first one where nothing is sketched."""
    letter = step.predict.curve[:1]
    return step.runs[RUNS.index(letter) if letter else 0]


def first_loss(step: LessonStep) -> float:
    """Return the loss before the first step, of the part of the data whose curve is sketched."""
    part = "validation" if "validation" in step.predict.curve else "train"
    return loss_at_start(sketched_run(step), part)


@lru_cache(64)
def loss_at_start(one: LessonRun, part: str) -> float:
    """Return the loss of a run of a lesson before its first step."""
    return float(begin_run(one).losses[part][0])


def read_heights(text: object, top: float) -> tuple[float, ...]:
    """Return the heights that a browser has sent as JSON; () if it is something else."""
    values = parse_json(text, LONGEST_HEIGHTS)
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


def draw_verdict(question: Question, answer: Answer | None) -> None:
    """Show what was answered, and whether it is right."""
    if answer is None or question.kind == "sketch":
        return
    words = answer_in_words(question, answer)
    if is_right(question, answer_itself(question, answer)):
        st.success(
            tr("Right. You answered: {answer}", answer=words), icon=":material/check_circle:"
        )
    else:
        right = answer_in_words(question, question.answer)
        text = tr(
            "You answered: {answer}  \nThe right answer is: {right}", answer=words, right=right
        )
        st.info(text, icon=":material/change_circle:")


def sentence_field(item: str) -> None:
    """Draw the place for one sentence on what was seen."""
    state = lesson_state()
    if state.given(item) is not None:
        st.caption(tr("Your sentence is on the board."))
        return
    st.text_input(
        tr("What did you see? One sentence."), max_chars=LONGEST_TEXT, key=f"sentence.{item}"
    )
    st.button(tr("Send the sentence"), key=f"send.{item}", on_click=send_sentence, args=(item,))


def send_sentence(item: str) -> None:
    """Keep the sentence in the field, if there is one."""
    text = value_of(f"sentence.{item}") or ""
    if text.strip():
        lesson_state().give(item, text)
