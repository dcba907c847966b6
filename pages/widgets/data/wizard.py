"""The steps of the page Your data: open, columns, train, judge, keep; one at a time."""

from __future__ import annotations

import streamlit as st

from pages.widgets.data.columns import button, understanding
from pages.widgets.data.downloads import keeping
from pages.widgets.data.evaluation import judging
from pages.widgets.data.table_session import own, table_in_words, trained
from pages.widgets.data.upload import opening
from pages.widgets.shell import foreign
from pages.widgets.shell.messages import sentences
from pages.widgets.shell.session import session, told
from pages.widgets.sidebar.controls import controls
from pages.widgets.sidebar.fields import shows
from pages.widgets.train.player import player


def training() -> None:
    """Nothing; the run of the table as on every page."""
    player()


NAMES = {
    "open": ("Open", ":material/upload_file:", opening),
    "columns": ("Columns", ":material/view_column:", understanding),
    "train": ("Train", ":material/play_circle:", training),
    "judge": ("Judge", ":material/assessment:", judging),
    "keep": ("Keep", ":material/save:", keeping),
}
AFTER = ("train", "judge", "keep")  # what needs a run


def steps() -> None:
    """Nothing; draws the step that the visitor is at."""
    mine = own()
    if trained():
        controls()
    if mine.maker or trained():
        st.segmented_control(
            "Step",
            tuple(NAMES),
            format_func=lambda name: f"{NAMES[name][1]} {NAMES[name][0]}",
            required=True,
            label_visibility="collapsed",
            **shows("own.step", mine.step, go),
        )
    else:
        mine.step = "open"
    sentences(told(), warning=True)
    if mine.step in AFTER and not trained():
        untrained()
        return
    source(mine.step)
    NAMES[mine.step][2]()


def source(step: str) -> None:
    """Say which table the network learned from, and offer the open one where that is another."""
    made, maker = trained(), own().maker
    if made is None:
        return
    words, other = table_in_words(made.table), maker is not None and maker.table is not made.table
    if step in AFTER:
        target = made.prepared(session().config).preparation.target
        foreign.caption(f"This network learned from {words} to predict {target}.")
    elif other:
        foreign.caption(
            f"The network of the other steps learned from {words}; it stays until then."
        )
    if step in AFTER and other:
        now = table_in_words(maker.table)
        now = now if maker.table.name != made.table.name else f"{now}, read in another way"
        foreign.warning(f"Open is {now}. This network has not seen it, and nothing here is of it.")
        if not own().fault:
            button()


def go(step: str | None) -> None:
    """Nothing; another step."""
    own().step = step or own().step


def untrained() -> None:
    """Nothing; says that there is no run of the table yet, and how to get one."""
    st.info("No network learns from this table yet.", icon=":material/play_circle:")
    if not own().fault:
        button()
