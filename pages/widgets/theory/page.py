"""The theory page: its parts, one tab each."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.widgets.theory.activations import activations
from pages.widgets.theory.article import article_path
from pages.widgets.theory.conventions import conventions
from pages.widgets.theory.derivation import derivation
from pages.widgets.theory.formula import reachable
from pages.widgets.theory.likelihoods import likelihoods
from pages.widgets.theory.optimizers import optimizers, penalties

PARTS: dict[str, Callable[[], None]] = {
    "Losses": likelihoods,
    "Derivation": derivation,
    "Regularization": penalties,
    "Optimizers": optimizers,
    "Activations": activations,
    "Conventions": conventions,
    "The article": article_path,
}


def theory() -> None:
    """Nothing; draws the part that is open, which the address names."""
    st.title("Theory", anchor=False)
    reachable()
    tabs = st.tabs(list(PARTS), key="part", bind="query-params")
    for tab, draw in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw()
