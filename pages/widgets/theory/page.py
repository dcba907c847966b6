"""The theory page: its parts, one tab each."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.widgets.theory.activations import draw_activations
from pages.widgets.theory.article import draw_article
from pages.widgets.theory.conventions import draw_conventions
from pages.widgets.theory.derivation import draw_derivation
from pages.widgets.theory.formula import make_formulas_scroll
from pages.widgets.theory.likelihoods import draw_likelihoods
from pages.widgets.theory.optimizers import draw_optimizers, draw_penalties
from pages.widgets.theory.words import draw_words

PARTS: dict[str, Callable[[], None]] = {
    "Losses": draw_likelihoods,
    "Derivation": draw_derivation,
    "Regularization": draw_penalties,
    "Optimizers": draw_optimizers,
    "Activations": draw_activations,
    "Conventions": draw_conventions,
    "The article": draw_article,
    "Words": draw_words,
}


def theory() -> None:
    """Draw the part that the address names."""
    st.title("Theory", anchor=False)
    make_formulas_scroll()
    tabs = st.tabs(list(PARTS), key="part", bind="query-params")
    for tab, draw in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw()
