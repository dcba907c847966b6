"""Slices: long work on a page, a little at a time, so that it can be stopped and never lives on.

A fragment works for a slice, says how far it is, and asks to run again. Nothing runs beside the
page: when its tab is closed, the next slice does not come.
"""

from __future__ import annotations

import math

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.figures.text import many, percent

SLICE = 0.3  # seconds of work before the page may do something else


def alone() -> bool:
    """Whether this fragment runs by itself, without the rest of the page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def again() -> None:
    """Nothing; the fragment runs once more, unless the whole page runs and may not be cut short."""
    if alone():
        st.rerun(scope="fragment")


def span_of_time(seconds: float) -> str:
    """Seconds as a person says them: 2 s, 3 min, 1.5 h; empty if nobody knows."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 2:
        return "a second"
    if seconds < 90:
        return many(round(seconds), "second")
    if seconds < 5400:
        return many(round(seconds / 60), "minute")
    return f"{seconds / 3600:.1f} hours"


def progress(share: float, left: float, what: str) -> None:
    """Nothing; a bar with the share that is done and the time that is left."""
    rest = f", about {span_of_time(left)} left" if math.isfinite(left) else ""
    st.progress(min(max(share, 0.0), 1.0), f"{what}: {percent(share)}{rest}")
