"""The theme on the visitor's screen, and the colours of its page, text and lines."""

from __future__ import annotations

import streamlit as st

COLOURS = {
    "light": ("#ffffff", "#1f2430", "#e3e6ea"),
    "dark": ("#14161a", "#e8eaed", "#33373d"),
}


def theme() -> str:
    """Return the theme on the visitor's screen, "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"
