"""The run of a lesson on the page: pinned, locked until the prediction, watched to its end."""

from __future__ import annotations

import json

import streamlit as st

from engine.language import tr
from engine.lessons import LessonRun, LessonStep
from engine.training import write_events
from pages.widgets.lessons.questions import RUNS
from pages.widgets.lessons.state import lesson_state
from pages.widgets.lessons.texts import phrase
from pages.widgets.session import known_run, open_with, session, value_of
from pages.widgets.shell.component import done, draw_player, element, keep_request
from pages.widgets.shell.frame import redraw_if_due


def draw_runs(step: LessonStep, locked: str) -> None:
    """Draw the choice of a run, if there are several, and the player.

    `locked` says why nothing can be trained yet; empty: it can.
    """
    with st.container(key="lesson-run"):
        lesson_state().run = choose_run(step)
        open_pinned(step.runs[lesson_state().run])
        follow_lesson(step, locked)
        lesson_player()


def choose_run(step: LessonStep) -> int:
    """Draw the choice among the runs of a step, if there are several; return its place."""
    state = lesson_state()
    if len(step.runs) == 1:
        return 0
    place = st.segmented_control(
        tr("Run"),
        range(len(step.runs)),
        default=min(state.run, len(step.runs) - 1),
        format_func=lambda k: f"{RUNS[k]} · {phrase(step.runs[k].label)}",
        required=True,
        key=f"run.{state.stage.step}.{state.current.name}",
    )
    return int(place)


def open_pinned(one: LessonRun) -> None:
    """Open a run of the lesson, unless it is the one on the screen."""
    own, run = session(), known_run()
    events = write_events(own.live.standing.events) if own.live.standing else ""
    if run.config != one.config or events != one.events:
        open_with(one.config, one.events)


def follow_lesson(step: LessonStep, locked: str) -> None:
    """Send the player its options, and note when a run was watched to its end."""
    state = lesson_state()
    options = {
        "watch": name_of_watch(),
        "run": session().view().run_id,
        "epochs": step.runs[state.run].epochs,
        "locked": locked,
        "speed": step.speed,
        "bold": bold_part(step),
        "view": list(step.view),
    }
    element("lesson_options", "lessons/options.js")(
        data=json.dumps(options), key="lesson_options", on_watched_change=on_watched
    )


def bold_part(step: LessonStep) -> str:
    """Return the part of the data whose numbers the step is about."""
    about = " ".join([*(claim.text for claim in step.claims), step.predict.curve, step.evidence])
    return "validation" if "validation" in about else "train"


def name_of_watch() -> str:
    """Return the name of the run on the screen in this step: steps may share a run."""
    return f"{lesson_state().stage.step} {session().view().run_id}"


def on_watched() -> None:
    """Note that the run on the screen was watched to its end."""
    found = value_of("lesson_options")
    state = lesson_state()
    if found and found.get("watched") == name_of_watch():
        state.watched.add((state.stage.step, state.run))


@st.fragment
def lesson_player() -> None:
    """Draw the player."""
    redraw_if_due()
    with st.container(key="live"):
        draw_player(
            "lesson_player",
            "lessons/lesson_player.js",
            "lesson",
            session(),
            respond_to_lesson,
            on_lesson_request,
        )


def on_lesson_request() -> None:
    """Keep what the player asks of the session until the fragment runs."""
    if keep_request("lesson", session()) is None:
        session().screen.set_up = ""


def respond_to_lesson() -> bytes:
    """Return the set-up of the run, after what the player has asked of the page."""
    own = session()
    asked = own.asked
    if asked is None:
        return own.introduce()
    own.asked = done(asked)
    if asked.get("kind") == "reset":
        one = lesson_state().step.runs[lesson_state().run]
        open_with(one.config, one.events)
    return own.introduce(asked["id"])
