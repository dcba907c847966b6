"""The head of a page: what it is, and what to do first."""

from __future__ import annotations

import streamlit as st

from engine.language import marked, tr

TRAIN = (
    marked("Watch a neural network learn"),
    marked(
        "Press <b>Train</b>. In each epoch, backpropagation finds how every weight changes the "
        "loss, and every weight takes a small step downhill. Nothing can break: <b>Reset</b> "
        "starts again."
    ),
)


def heading(title: str, text: str) -> None:
    """Draw the title of a page, and its purpose; both are marked messages with HTML of the app."""
    with st.container(key="heading"):
        st.html(f"<h1>{tr(title)}</h1><p>{tr(text)}</p>")
