"""The teacher's side: the notes of a lesson, a class with its code, and its board."""

from __future__ import annotations

import json
from contextlib import suppress
from html import escape
from time import monotonic
from urllib.parse import quote, urlsplit

import pandas as pd
import streamlit as st

from engine.export import as_csv
from engine.language import language, marked, tr
from engine.lessons import Lesson, LessonStep, Question, cue_cards, load_lessons
from pages.figures.base.text import many
from pages.live.classroom import CLASSES, EXIT, Classroom, Stage
from pages.widgets.lessons.address import PRESENT, go_to
from pages.widgets.lessons.kept import keep_key
from pages.widgets.lessons.pupil import words_after_result
from pages.widgets.lessons.questions import HANDLES, draw_sketch, first_loss
from pages.widgets.lessons.results import RESULTS, advance, draw_evidence, result
from pages.widgets.lessons.run_view import draw_runs
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import draw_title, lesson_of_class, phrase, say
from pages.widgets.session import value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.component import element

LOOK = 1.0  # seconds between two looks at the answers
NEXT = {
    "predict": marked("Start the run"),
    "run": marked("Show the result"),
    "exit": marked("End the lesson"),
}
NOW = {
    "predict": marked("Pupils predict."),
    "run": marked("Pupils watch the run."),
    "result": marked("Pupils see the result."),
    "exit": marked("Pupils answer the exit question."),
    "end": marked("The lesson is over."),
}
WAIT = marked("The class predicts first. Start the run, then you can train.")


def notes_page() -> None:
    """Draw what a teacher reads before the lesson."""
    lesson = lesson_state().current
    draw_title(lesson)
    st.caption(tr("Teacher's page. About {minutes} minutes.", minutes=lesson.minutes))
    open_class_button(lesson)
    if PRESENT not in st.query_params:
        draw_notes(lesson)
        return
    with st.expander(tr("Notes for the teacher")):  # the class sees this page
        draw_notes(lesson)


def draw_notes(lesson: Lesson) -> None:
    """Draw the goal, the plan and the answers of a lesson."""
    notes = lesson.teacher
    sections = {
        tr("Goal"): notes.goal,
        tr("Plan"): notes.plan,
        tr("Expected wrong answers"): notes.wrong_answers,
        tr("Key"): notes.key,
        tr("Homework"): notes.homework,
    }
    for title, text in sections.items():
        if text:
            st.markdown(f"#### {title}")
            say(text)


def open_class_button(lesson: Lesson) -> None:
    """Draw the button that opens a class for a lesson."""
    if not st.button(
        tr("Open a class"), type="primary", icon=":material/groups:", key="open_class"
    ):
        return
    try:
        opened = CLASSES.open(original_of(lesson), lesson_state().trusted)
    except ValueError as reason:
        foreign.error(str(reason))
        return
    lesson_state().classroom, lesson_state().pupil = opened, None
    keep_key(opened.code, opened.key)
    go_to({"class": opened.code})
    st.rerun()


def original_of(lesson: Lesson) -> Lesson:
    """Return the English lesson, which a class keeps; one from a file stays as it is."""
    return load_lessons().get(lesson.name, lesson) if lesson_state().trusted else lesson


def teacher_page(classroom: Classroom) -> None:
    """Draw a class for its teacher: how to join, the board, and the next stage."""
    lesson, stage = lesson_of_class(classroom), classroom.stage
    draw_title(lesson)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        draw_next(classroom)
        if stage.step == 0 and stage.part == "predict":
            with st.container(border=True, key="entrance"):
                draw_entrance(classroom)
        else:
            with st.expander(tr("Join: {code}", code=classroom.code)):
                draw_entrance(classroom)
        draw_end(classroom)
        draw_tools(classroom)
    with right:
        with st.container(key="class-board"):
            board(classroom)
        if not stage.closing:
            locked = tr(WAIT) if stage.part == "predict" else ""
            draw_runs(lesson.steps[stage.step], locked)
    draw_cards(classroom, apart=False)
    presented = "yes" if PRESENT in st.query_params else "no"  # at the end without a player, too
    element("present", "present/tools.js")(data=presented, key="present_page")


def draw_tools(classroom: Classroom) -> None:
    """Draw what a teacher needs beside the board: the projector, the cue cards, the notes."""
    row = st.container(horizontal=True)
    row.button(
        tr("Present"),
        icon=":material/present_to_all:",
        key="present_class",
        on_click=present_class,
        help=tr("Show one view at a time, large, for a projector."),
    )
    row.link_button(
        tr("Cue cards"),
        f"lessons?class={classroom.code}&cards=1",
        icon=":material/style:",
        key="cards_window",
        help=tr(
            "A second window for you alone: what to say, to ask and to do, and the button that "
            "leads the class on."
        ),
    )
    with st.expander(tr("Teacher's notes")):
        notes = lesson_of_class(classroom).teacher
        say(notes.plan)
        say(notes.key)


def present_class() -> None:
    """Present the page."""
    st.query_params[PRESENT] = "1"


def cards_page(classroom: Classroom) -> None:
    """Draw the teacher's own window: what to say, to ask and to do, beside the presented class."""
    lesson = lesson_of_class(classroom)
    draw_title(lesson)
    left, right = st.columns([2, 3], gap="large")
    with left:
        draw_next(classroom)
        tally(classroom)
        with st.expander(tr("Key"), expanded=classroom.stage.part == "result"):
            say(lesson.teacher.key)
        with st.expander(tr("Expected wrong answers")):
            say(lesson.teacher.wrong_answers)
    with right:
        draw_cards(classroom, apart=True)


def draw_cards(classroom: Classroom, apart: bool) -> None:
    """Draw the cue cards: `apart` on a page of their own, else unseen until they are asked for."""
    cards = cue_cards(lesson_of_class(classroom).teacher.plan)
    data = {
        "cards": [{"head": one.head, "minutes": one.minutes, "text": one.text} for one in cards],
        "lesson": f"{classroom.code} {classroom.lessons}",
        "elapsed": monotonic() - classroom.begun,
        "apart": apart,
    }
    element("cards", "lessons/cards.js")(data=json.dumps(data), key=f"cards.{apart}")


@st.fragment(run_every=LOOK)
def tally(classroom: Classroom) -> None:
    """Draw how many have joined and answered, as they do."""
    draw_tally(classroom)


def draw_tally(classroom: Classroom) -> None:
    """Draw how many have joined and answered."""
    stage = classroom.stage
    got = len(classroom.answers(EXIT if stage.closing else stage.first_vote))
    st.markdown(
        tr(
            "**{pupils}** joined, {here} here now. **{answers}** answered.",
            pupils=many(len(classroom.pupils), "pupil"),
            here=classroom.here(),
            answers=got,
        )
    )


def draw_entrance(classroom: Classroom) -> None:
    """Draw the code of a class, its address, and the same as a QR code."""
    address = address_of(classroom)
    st.markdown(tr("Open **{address}** and type the code", address=foreign.literal(short(address))))
    st.html(f'<p class="class-code">{classroom.code}</p>')
    source = f"app/static/qr.svg?of={quote(address, safe='')}"
    words = escape(tr("QR code of the address"))
    st.html(f'<img class="class-qr" src="{source}" alt="{words}">')
    st.caption(tr("Or scan this code."))
    joined(classroom)
    st.code(address, language=None, wrap_lines=True)


@st.fragment(run_every=LOOK)
def joined(classroom: Classroom) -> None:
    """Draw how many have joined."""
    st.markdown(tr("**{pupils}** joined.", pupils=many(len(classroom.pupils), "pupil")))


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
    st.markdown(f"**{tr(NOW[stage.part])}**")
    words = tr(NEXT[stage.part]) if stage.part in NEXT else ""
    if stage.part == "result":
        words = words_after_result(classroom.lesson, stage)
    if words:
        st.button(
            words,
            type="primary",
            icon=":material/skip_next:",
            key="next",
            on_click=lead_on,
            args=(classroom,),
        )
    if stage.part == "end":
        choose_next_lesson(classroom)
    else:
        with st.expander(tr("Another lesson")):
            choose_next_lesson(classroom)


def choose_next_lesson(classroom: Classroom) -> None:
    """Draw the choice of the lesson with which the class goes on."""
    lessons = list(load_lessons(language()).values())
    names = [one.name for one in lessons]
    now = names.index(classroom.lesson.name) if classroom.lesson.name in names else -1
    st.selectbox(
        tr("Next lesson"),
        range(len(lessons)),
        index=min(now + 1, len(lessons) - 1),
        format_func=lambda k: lessons[k].heading,
        key=f"next_lesson.{classroom.lessons}",
    )
    place = value_of(f"next_lesson.{classroom.lessons}")
    number = lessons[place if isinstance(place, int) else 0].number
    st.button(
        tr("Begin lesson {number}", number=foreign.literal(number)),
        type="primary" if classroom.stage.part == "end" else "secondary",
        icon=":material/school:",
        key="begin_lesson",
        on_click=begin_lesson,
        args=(classroom,),
        help=tr("The pupils stay in the class. Their answers so far are kept."),
    )


def begin_lesson(classroom: Classroom) -> None:
    """Begin the chosen lesson with the same pupils."""
    place = value_of(f"next_lesson.{classroom.lessons}")
    if isinstance(place, int):
        classroom.begin(classroom.key, list(load_lessons().values())[place])


def lead_on(classroom: Classroom) -> None:
    """Lead the class to its next stage."""
    classroom.advance(classroom.key)
    lesson_state().run, lesson_state().place = 0, classroom.place


def draw_end(classroom: Classroom) -> None:
    """Draw the download of the answers, and the end of the class."""
    table = pd.DataFrame(classroom.table()).astype(object)
    st.download_button(
        tr("Answers as CSV"),
        as_csv(table) if len(table) else b"pupil\r\n",
        f"class-{classroom.code}.csv",
        "text/csv",
        icon=":material/download:",
        key="answers.csv",
    )
    st.caption(tr("The answers are kept in memory only. They are lost when the class ends."))
    st.button(
        tr("End the class"),
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
    lesson = lesson_of_class(classroom)
    draw_tally(classroom)
    if stage.closing:
        st.markdown(f"**{phrase(lesson.exit.text)}**")
        draw_answers(classroom, lesson.exit, (EXIT,), stage.part == "end")
        return
    step = lesson.steps[stage.step]
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
    data = {
        "votes": len(votes),
        "tallies": tallies,
        "numbers": votes[-1] or votes[0] if question.kind == "number" else [],
        "truth": question.answer if shown and question.kind == "number" else None,
        "unit": question.unit,
        "sentences": [
            {"by": name, "text": text}
            for name, text in (classroom.sentences(sentence) if sentence else [])
        ],
    }
    element("board", "lessons/board.js")(data=json.dumps(data), key=f"board.{items[0]}")


def draw_sketches(classroom: Classroom, stage: Stage, step: LessonStep) -> None:
    """Draw the curves of the class, with that of the run once it may be seen."""
    curves = [one for one in classroom.answers(stage.first_vote) if isinstance(one, tuple)]
    kept = [tuple(min(height, step.predict.top) for height in one[:HANDLES]) for one in curves]
    found = RESULTS.get(step) if stage.part == "result" else None
    truth = found.curve if found else ()
    draw_sketch(f"board.{stage.step}", first_loss(step), (), True, truth, kept)
