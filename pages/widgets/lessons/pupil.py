"""A lesson as a pupil sees it: predict, run, result, exit question."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from engine.language import marked, tr
from engine.lessons import Lesson, is_right
from pages.live.classroom import EXIT, Stage
from pages.widgets.lessons.address import go_to
from pages.widgets.lessons.kept import keep_done
from pages.widgets.lessons.questions import (
    answer_itself,
    ask,
    draw_sketch,
    draw_verdict,
    first_loss,
    sentence_field,
)
from pages.widgets.lessons.results import advance, draw_evidence, result
from pages.widgets.lessons.run_view import draw_runs
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import draw_title, phrase, say

STEPS = {
    "predict": marked("Predict"),
    "run": marked("Run"),
    "result": marked("Result"),
    "exit": marked("Exit question"),
}
WATCH = marked("Press **Train** and watch the run to its end.")
ANSWER = marked("Answer the question first. Then you can train.")
WAIT = marked("Your teacher starts the run. Then you can train.")
WATCHED = marked("You have watched the run to its end. Now look at the result.")
LOOK = marked("Look at the network, at Deltas and at Size of delta.")


def pupil_page() -> None:
    """Draw the stage of the lesson that is reached."""
    state = lesson_state()
    stage = state.stage
    head()
    if stage.closing:
        exit_part()
        return
    left, right = st.columns([3, 10], gap="medium")
    predicted = state.given(stage.first_vote) is not None
    with right:
        reason = ANSWER if not predicted else WAIT if stage.part == "predict" else ""
        draw_runs(state.step, reason and tr(reason))
    with left, st.container(key="lesson-text"):
        if predicted and stage.part != "predict":  # so that Train is near on a phone
            with st.expander(tr("The question")):
                say(state.step.question)
        else:
            say(state.step.question)
        if not predicted:
            ask(
                state.step.predict,
                stage.first_vote,
                tr("Commit my answer"),
                first_loss(state.step) if state.step.predict.kind == "sketch" else 1.0,
            )
        elif stage.part == "predict":
            st.info(
                tr("Your answer is kept. Your teacher starts the run."), icon=":material/check:"
            )
        elif stage.part == "run":
            run_part()
        else:
            result_part()


def head() -> None:
    """Draw the title of the lesson, and where one is in it."""
    state = lesson_state()
    lesson, stage = state.current, state.stage
    with st.container(key="lesson-heading"):
        draw_title(lesson)
    now = STEPS.get(stage.part, "")
    parts = " → ".join(f"**{tr(one)}**" if one == now else tr(one) for one in STEPS.values())
    if len(lesson.steps) > 1:
        parts = tr(
            "Step {step} of {steps}: {parts}",
            step=stage.step + 1,
            steps=len(lesson.steps),
            parts=parts,
        )
    st.caption(parts)


def run_part() -> None:
    """Draw what there is to do while the run is watched."""
    state = lesson_state()
    stage, step = state.stage, state.step
    seen = {place for at, place in state.watched if at == stage.step}
    one = step.runs[state.run]
    ready = len(seen) == len(step.runs)
    st.markdown(tr(LOOK if not one.epochs else WATCHED if ready else WATCH))
    if one.page == "step" and st.button(
        tr("Open this step with every number"), icon=":material/footprint:", key="open_step"
    ):
        st.switch_page("pages/step.py", query_params={"example": str(one.example)})
    if len(step.runs) > 1:
        st.caption(tr("Watched: {seen} of {runs} runs.", seen=len(seen), runs=len(step.runs)))
    if state.classroom is not None:
        second = state.given(stage.second_vote)
        if second is None and step.predict.kind != "sketch":
            with st.expander(tr("What do you say now?"), expanded=bool(seen)):
                ask(step.predict, stage.second_vote, tr("Commit my second answer"))
        sentence_field(stage.sentence)
        return
    with suppress(ValueError):  # the page of the result says why
        advance(0.0)  # so that the result is there when it is asked for
    # It keeps its type: a button of another type is a new one, and the focus would be lost.
    st.button(
        tr("Show the result"),
        icon=":material/check:" if ready else ":material/arrow_forward:",
        key="to_result",
        on_click=state.advance,
    )


def result_part() -> None:
    """Draw the evidence, the verdict on the prediction, and the explanation."""
    state = lesson_state()
    stage, step = state.stage, state.step
    found = result()
    if found is None:
        return
    answer = state.given(stage.first_vote)
    if step.predict.kind == "sketch" and isinstance(answer, tuple):
        draw_sketch(f"{stage.first_vote}.seen", answer[0], answer, True, found.curve)
    draw_evidence(found)
    draw_verdict(step.predict, answer)
    say(step.explanation)
    if state.classroom is None:
        words = words_after_result(state.current, stage)
        st.button(words, type="primary", key=f"next.{stage.step}", on_click=state.advance)
    if st.button(
        tr("Open the run on the Train page"), icon=":material/open_in_new:", key="open_run"
    ):
        st.switch_page("pages/train.py")


def words_after_result(lesson: Lesson, stage: Stage) -> str:
    """Return what comes after the result of a step."""
    return tr("Exit question") if stage.step + 1 == len(lesson.steps) else tr("Next step")


def share_right(lesson: Lesson) -> float:
    """Return the share of right answers, sketches not counted."""
    given = lesson_state().given
    asked = [
        (step.predict, given(f"{place}.first"))
        for place, step in enumerate(lesson.steps)
        if step.predict.kind != "sketch"
    ]
    asked.append((lesson.exit, given(EXIT)))
    right = [is_right(question, answer_itself(question, answer)) for question, answer in asked]
    return sum(right) / len(right)


def exit_part() -> None:
    """Draw the exit question, and after the answer what is right."""
    state = lesson_state()
    lesson, answer = state.current, state.given(EXIT)
    if answer is None and state.stage.part == "exit":
        ask(lesson.exit, EXIT, tr("Commit my answer"))
        return
    if state.classroom is None:
        keep_done(lesson.name, share_right(lesson))
    st.markdown(f"**{phrase(lesson.exit.text)}**")
    if state.classroom is not None and state.stage.part == "exit":  # a neighbour may still think
        st.info(
            tr("Your answer is kept. Your teacher shows the right one."), icon=":material/check:"
        )
        return
    draw_verdict(lesson.exit, answer)
    say(lesson.exit.why)
    if state.classroom is not None:
        st.info(tr("The lesson is over. Thank you."), icon=":material/done_all:")
        return
    again, others = st.columns(2)
    again.button(tr("Once more"), icon=":material/replay:", key="again", on_click=state.restart)
    others.button(
        tr("All lessons"), icon=":material/school:", on_click=go_to, args=({},), key="all_lessons"
    )
