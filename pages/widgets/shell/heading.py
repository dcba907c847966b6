"""The head of a page: what it is, and what to do first."""

from __future__ import annotations

import streamlit as st

TRAIN = (
    "Watch a neural network learn",
    "Press <b>Train</b>. In each epoch, backpropagation finds how every weight changes the loss, "
    "and every weight takes a small step downhill. Nothing can break: <b>Reset</b> starts again.",
)


def heading(title: str, text: str) -> None:
    """Draw the title of a page, and its purpose; both are HTML of the app."""
    with st.container(key="heading"):
        st.html(f"<h1>{title}</h1><p>{text}</p>")
