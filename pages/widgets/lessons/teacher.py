"""The teacher's side: the notes of a lesson, a class with its code, and its board."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from urllib.parse import urlsplit

import pandas as pd
import segno
import streamlit as st

from engine.export import as_csv
from engine.lessons import Lesson, LessonStep, Question
from pages.figures.base.text import many
from pages.live.classroom import CLASSES, EXIT, Classroom, Stage
from pages.widgets.lessons.address import go_to
from pages.widgets.lessons.kept import keep_key
from pages.widgets.lessons.pupil import words_after_result
from pages.widgets.lessons.questions import HANDLES, draw_sketch, first_loss
from pages.widgets.lessons.results import RESULTS, advance, draw_evidence, result
from pages.widgets.lessons.run_view import draw_runs
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import draw_title, phrase, say
from pages.widgets.shell import foreign
from pages.widgets.shell.component import element

LOOK = 1.0  # seconds between two looks at the answers
NEXT = {
    "predict": "Start the run",
    "run": "Show the result",
    "exit": "End the lesson",
}
NOW = {
    "predict": "Pupils predict.",
    "run": "Pupils watch the run.",
    "result": "Pupils see the result.",
    "exit": "Pupils answer the exit question.",
    "end": "The lesson is over.",
}


def notes_page() -> None:
    """Draw what a teacher reads before the lesson."""
    lesson = lesson_state().current
    notes = lesson.teacher
    draw_title(lesson)
    st.caption(f"Teacher's page. About {lesson.minutes} minutes.")
    open_class_button(lesson)
    sections = {
        "Goal": notes.goal,
        "Plan": notes.plan,
        "Expected wrong answers": notes.wrong_answers,
        "Key": notes.key,
        "Homework": notes.homework,
    }
    for title, text in sections.items():
        if text:
            st.markdown(f"#### {title}")
            say(text)


def open_class_button(lesson: Lesson) -> None:
    """Draw the button that opens a class for a lesson."""
    if not st.button("Open a class", type="primary", icon=":material/groups:", key="open_class"):
        return
    try:
        opened = CLASSES.open(lesson, lesson_state().trusted)
    except ValueError as reason:
        foreign.error(str(reason))
        return
    lesson_state().classroom, lesson_state().pupil = opened, None
    keep_key(opened.code, opened.key)
    go_to({"class": opened.code})
    st.rerun()


def teacher_page(classroom: Classroom) -> None:
    """Draw a class for its teacher: how to join, the board, and the next stage."""
    lesson, stage = classroom.lesson, classroom.stage
    draw_title(lesson)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        draw_next(classroom)
        if stage.step == 0 and stage.part == "predict":
            with st.container(border=True, key="entrance"):
                draw_entrance(classroom)
        else:
            with st.expander(f"Join: {classroom.code}"):
                draw_entrance(classroom)
        draw_end(classroom)
        with st.expander("Teacher's notes"):
            say(lesson.teacher.plan)
            say(lesson.teacher.key)
    with right:
        with st.container(key="class-board"):
            board(classroom)
        if not stage.closing:
            draw_runs(lesson.steps[stage.step], locked=stage.part == "predict")


def draw_entrance(classroom: Classroom) -> None:
    """Draw the code of a class, its address, and the same as a QR code."""
    address = address_of(classroom)
    st.markdown(f"Open **{foreign.literal(short(address))}** and type the code")
    st.html(f'<p class="class-code">{classroom.code}</p>')
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=6, border=3)
    st.image(picture.getvalue(), caption="Or scan this code.", width=220)
    st.code(address, language=None, wrap_lines=True)


def address_of(classroom: Classroom) -> str:
    """Return the address at which a pupil joins."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path}?class={classroom.code}"


def short(address: str) -> str:
    """Return an address without what a browser adds by itself."""
    return address.split("://")[-1].split("?")[0]


def draw_next(classroom: Classroom) -> None:
    """Draw what the class does, and the button that leads it on."""
    stage = classroom.stage
    st.markdown(f"**{NOW[stage.part]}**")
    after = words_after_result(classroom.lesson, stage)
    words = after if stage.part == "result" else NEXT.get(stage.part, "")
    if words:
        st.button(
            words,
            type="primary",
            icon=":material/skip_next:",
            key="next",
            on_click=lead_on,
            args=(classroom,),
        )


def lead_on(classroom: Classroom) -> None:
    """Lead the class to its next stage."""
    classroom.advance(classroom.key)
    lesson_state().run = 0


def draw_end(classroom: Classroom) -> None:
    """Draw the download of the answers, and the end of the class."""
    table = pd.DataFrame(classroom.table()).astype(object)
    st.download_button(
        "Answers as CSV",
        as_csv(table) if len(table) else b"pupil\r\n",
        f"class-{classroom.code}.csv",
        "text/csv",
        icon=":material/download:",
        key="answers.csv",
    )
    st.caption("The answers are kept in memory only. They are lost when the class ends.")
    st.button(
        "End the class",
        icon=":material/stop:",
        key="end_class",
        on_click=end_class,
        args=(classroom,),
    )


def end_class(classroom: Classroom) -> None:
    """End the class, and go back to the list."""
    classroom.close(classroom.key)
    lesson_state().classroom = None
    go_to({})


@st.fragment(run_every=LOOK)
def board(classroom: Classroom) -> None:
    """Draw the answers of the class as they come."""
    if classroom.closed:
        st.rerun()
    stage = classroom.stage
    item = EXIT if stage.closing else stage.first_vote
    got = len(classroom.answers(item))
    st.markdown(
        f"**{many(len(classroom.pupils), 'pupil')}** joined, {classroom.here()} here now. "
        f"**{got}** answered."
    )
    if stage.closing:
        draw_answers(classroom, classroom.lesson.exit, (EXIT,), stage.part == "end")
        return
    step = classroom.lesson.steps[stage.step]
    shown = stage.part == "result"
    st.markdown(f"**{phrase(step.predict.text)}**")
    if step.predict.kind == "sketch":
        draw_sketches(classroom, stage, step)
    else:
        votes = (item,) if stage.part == "predict" else (item, stage.second_vote)
        draw_answers(classroom, step.predict, votes, shown, stage.sentence)
    with suppress(ValueError):  # the page of the result says why
        advance(0.0)  # so that the result is there when it is asked for
    if shown:
        found = result()
        if found is not None:
            draw_evidence(found)


def draw_answers(
    classroom: Classroom,
    question: Question,
    items: tuple[str, ...],
    shown: bool,
    sentence: str = "",
) -> None:
    """Draw the votes on a question, and what the pupils wrote."""
    votes = [classroom.answers(item) for item in items]
    second = votes[1] if len(votes) > 1 else []
    choices = question.choices if question.kind == "choice" else ()
    tallies = [
        {
            "text": text,
            "first": votes[0].count(float(place)),
            "second": second.count(float(place)),
            "right": shown and text == question.answer,
        }
        for place, text in enumerate(choices)
    ]
    rows = classroom.table() if sentence else []
    data = {
        "votes": len(votes),
        "tallies": tallies,
        "numbers": votes[-1] or votes[0] if question.kind == "number" else [],
        "truth": question.answer if shown and question.kind == "number" else None,
        "unit": question.unit,
        "sentences": [
            {"by": row["pupil"], "text": row[sentence]} for row in rows if sentence in row
        ],
    }
    element("board", "lessons/board.js")(data=json.dumps(data), key=f"board.{items[0]}")


def draw_sketches(classroom: Classroom, stage: Stage, step: LessonStep) -> None:
    """Draw the curves of the class, with that of the run once it may be seen."""
    curves = [one for one in classroom.answers(stage.first_vote) if isinstance(one, tuple)]
    kept = [tuple(min(height, step.predict.top) for height in one[:HANDLES]) for one in curves]
    found = RESULTS.get(step) if stage.part == "result" else None
    truth = found.curve if found else ()
    draw_sketch(f"board.{stage.step}", first_loss(step.predict), (), True, truth, kept)
