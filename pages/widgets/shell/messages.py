"""Sentences for the person, one as it is, several as a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.language import tr
from pages.figures.base.text import count
from pages.widgets.shell.foreign import literal

MOST = 12


def sentences(notes: Sequence[str], warning: bool = False) -> None:
    """Show the notes as text."""
    if not notes:
        return
    shown = [literal(note) for note in notes[:MOST]]
    if len(notes) > MOST:
        shown.append(tr("and {number} more.", number=count(len(notes) - MOST)))
    words = shown[0] if len(shown) == 1 else "\n".join(f"- {note}" for note in shown)
    (st.warning if warning else st.info)(words, icon=":material/info:")
