"""The frame of every page: its title, the links between pages, and the visitor's session.

Each page calls `frame` first, so that a link straight to any page works on a cold server.
"""

from __future__ import annotations

import streamlit as st

from engine.language import marked, tr
from pages.widgets.session import (
    arrive_at,
    known_run,
    load_from_url,
    pop_messages,
    session,
)
from pages.widgets.shell.assets import STATIC
from pages.widgets.shell.background_job import alone
from pages.widgets.shell.foreign import literal
from pages.widgets.shell.in_view import leave_sections
from pages.widgets.shell.visitor import draw_languages

ICON = str(STATIC / "icon.svg")
PAGES = {
    "train": ("pages/train.py", marked("Train"), ":material/play_circle:"),
    "step": ("pages/step.py", marked("Step through"), ":material/footprint:"),
    "data": ("pages/data.py", marked("Your data"), ":material/table_view:"),
    "compare": ("pages/compare.py", marked("Compare"), ":material/compare:"),
    "tune": ("pages/tune.py", marked("Tune"), ":material/tune:"),
    "lessons": ("pages/lessons.py", marked("Lessons"), ":material/school:"),
    "theory": ("pages/theory.py", marked("Theory"), ":material/functions:"),
}


def frame(name: str, wide: bool = False) -> None:
    """Set up the page and load the link; a `wide` page begins without the side bar."""
    bar = "collapsed" if wide else "auto"
    st.set_page_config(f"{tr(PAGES[name][1])} · Deltascope", ICON, "wide", bar)
    query = st.query_params.to_dict()
    ours = name == "train" or session().run is None  # several runs are not the Train page's
    load_from_url(query if ours and "runs" not in query else {})
    arrive_at(name)
    if session().drawn.arrived:
        leave_sections()
    with st.sidebar:
        st.markdown("### Deltascope")
        if len(PAGES) > 1:
            for path, label, sign in PAGES.values():
                st.page_link(path, label=tr(label), icon=sign)
        draw_languages()


def redraw_if_due() -> None:
    """Draw the whole page where a touch has changed it, though a fragment of it was asked for.

    Streamlit takes two messages of one moment for one: a click beside a fragment that has something
    to say then draws the fragment alone.
    """
    if session().drawn.due and alone():
        st.rerun()


def notices() -> None:
    """Show the waiting messages and the warnings about the data."""
    messages = pop_messages()
    data = known_run().dataset
    for notes, show in ((messages, st.warning), (data.notes, st.info)):
        if notes:
            show("\n".join(f"- {literal(note)}" for note in notes), icon=":material/info:")
