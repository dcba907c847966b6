"""The steps of the page Your data: open, columns, train, judge, keep; one at a time."""

from __future__ import annotations

import streamlit as st

from engine.language import marked, tr
from pages.widgets.data.columns import draw_columns_step, draw_train_button
from pages.widgets.data.downloads import draw_downloads
from pages.widgets.data.evaluation import draw_evaluation
from pages.widgets.data.table_session import table_in_words, table_session, trained_builder
from pages.widgets.data.upload import draw_upload_step
from pages.widgets.session import pop_messages, session
from pages.widgets.shell import foreign
from pages.widgets.shell.binding import page_field
from pages.widgets.shell.messages import sentences
from pages.widgets.sidebar.controls import controls
from pages.widgets.train.player import player


def draw_training() -> None:
    """Draw the run of the table as on every page."""
    player()


NAMES = {
    "open": (marked("Open"), ":material/upload_file:", draw_upload_step),
    "columns": (marked("Columns"), ":material/view_column:", draw_columns_step),
    "train": (marked("Train"), ":material/play_circle:", draw_training),
    "judge": (marked("Evaluate"), ":material/assessment:", draw_evaluation),
    "keep": (marked("Save"), ":material/save:", draw_downloads),
}
AFTER = ("train", "judge", "keep")  # what needs a run


def draw_wizard() -> None:
    """Draw the current step."""
    mine = table_session()
    if trained_builder():
        controls()
    if mine.builder or trained_builder():
        st.segmented_control(
            tr("Step"),
            tuple(NAMES),
            format_func=lambda name: f"{NAMES[name][1]} {tr(NAMES[name][0])}",
            required=True,
            label_visibility="collapsed",
            **page_field("own.step", mine.step, go_to_step),
        )
    else:
        mine.step = "open"
    sentences(pop_messages(), warning=True)
    if mine.step in AFTER and not trained_builder():
        draw_untrained()
        return
    draw_source(mine.step)
    NAMES[mine.step][2]()


def draw_source(step: str) -> None:
    """Say which table the network learned from, and offer the open one where that is another."""
    made, builder = trained_builder(), table_session().builder
    if made is None:
        return
    words = table_in_words(made.table)
    other = builder if builder is not None and builder.table is not made.table else None
    if step in AFTER:
        target = made.prepared(session().config).preparation.target
        foreign.caption(
            tr("This network learned from {words} to predict {target}.", words=words, target=target)
        )
    elif other:
        foreign.caption(
            tr(
                "The network in the other steps learned from {words}. Train again to replace it.",
                words=words,
            )
        )
    if step in AFTER and other:
        now = table_in_words(other.table)
        now = (
            now
            if other.table.name != made.table.name
            else tr("{now}, read with other settings", now=now)
        )
        foreign.warning(
            tr("The open table is {now}. This network has not learned from it.", now=now)
        )
        if not table_session().fault:
            draw_train_button()


def go_to_step(step: str | None) -> None:
    """Go to another step."""
    table_session().step = step or table_session().step


def draw_untrained() -> None:
    """Say that this table has no run yet, and draw the button that starts one."""
    st.info(tr("This table has no trained network yet."), icon=":material/play_circle:")
    if not table_session().fault:
        draw_train_button()
