"""Opening a run of an experiment on the Train page."""

from __future__ import annotations

import streamlit as st

from engine.training import Config
from pages.widgets.session import open_with, session


def open_on_train(config: Config, epoch: int = 0) -> None:
    """Open these choices on the Train page, which trains to the epoch."""
    open_with(config)
    session().opening.goto = epoch
    st.switch_page("pages/train.py")
