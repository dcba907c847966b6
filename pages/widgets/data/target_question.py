"""The question which column is to be predicted, where the table does not say it clearly."""

from __future__ import annotations

from functools import partial

import streamlit as st

from engine.language import tr
from engine.tables import Candidate
from pages.widgets.data.table_session import change_choices, pending_suggestion
from pages.widgets.shell import foreign


def draw_target_question() -> None:
    """Ask for the target, with the likeliest columns as one-click choices, while it is open."""
    open_question = pending_suggestion()
    if open_question is None:
        return
    with st.container(border=True, key="own.question"):
        st.markdown(tr("**:material/help: Which column should the network predict?**"))
        several = len(open_question.candidates) > 1
        st.caption(
            tr(
                "This is not clear from the table. These columns are the most likely. You can "
                "choose any other column under Predict."
            )
            if several
            else tr(
                "This is not clear from the table. This column is possible. You can choose any "
                "other column under Predict."
            )
        )
        for place, one in enumerate(open_question.candidates):
            draw_candidate(place, one)


def draw_candidate(place: int, one: Candidate) -> None:
    """Draw a column as a choice, with the reason for it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            foreign.literal(one.target),
            key=f"own.candidate.{place}",
            on_click=partial(change_choices, target=one.target, task=""),
            help=tr("Predict this column"),
        )
        foreign.caption(tr("{words}.", words=one.reason[0].upper() + one.reason[1:]))
