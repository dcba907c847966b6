"""The head of a page: what it is, and what to do first."""

from __future__ import annotations

import streamlit as st

STYLE = """<style>
.st-key-heading { margin-bottom: -0.5rem; }
.st-key-heading h1 { font-size: 1.35rem; padding: 0; margin: 0 0 0.2rem; }
.st-key-heading p { font-size: 0.9rem; line-height: 1.35; margin: 0; }
</style>"""


def heading(title: str, text: str) -> None:
    """Draw the title of a page, and its purpose; both are HTML of the app."""
    with st.container(key="heading"):
        st.html(f"{STYLE}<h1>{title}</h1><p>{text}</p>")
