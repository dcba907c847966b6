"""Experiments below the comparison: many seeds and the loss landscape of one of its runs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from engine.language import tr
from pages.widgets.compare.landscape import landscape_section
from pages.widgets.compare.seed_sweep import cloud_section
from pages.widgets.compare.state import comparison, names


def experiments() -> None:
    """Draw the seed sweep and the loss landscape of one of the runs."""
    own = comparison()
    called, place = names(own.runs), 0
    if len(own.runs) > 1:
        place = st.selectbox(
            tr("Run to examine"),
            range(len(own.runs)),
            format_func=lambda k: tr("Run {k}: {called}", k=k + 1, called=called[k]),
            help=tr("The sections Many seeds and Loss landscape show this run."),
            key=f"experiments.run.{own.number}",
        )
    run = own.follow(place)
    cloud_section(run)
    landscape_section(run, partial(shown_of, place))


def shown_of(place: int) -> int:
    """Return the epoch on the screen, once the run at `place` has followed."""
    own = comparison()
    if place < len(own.runs):
        own.follow(place)
    return own.shown
