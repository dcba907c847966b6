"""The theory page: its parts, one tab each."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.language import LANGUAGES, marked, speaking, tr
from pages.widgets.theory.activations import draw_activations
from pages.widgets.theory.article import draw_article
from pages.widgets.theory.conventions import draw_conventions
from pages.widgets.theory.derivation import draw_derivation
from pages.widgets.theory.formula import make_formulas_scroll
from pages.widgets.theory.likelihoods import draw_likelihoods
from pages.widgets.theory.optimizers import draw_optimizers, draw_penalties
from pages.widgets.theory.words import draw_words

PARTS: dict[str, Callable[[], None]] = {
    marked("Losses"): draw_likelihoods,
    marked("Derivation"): draw_derivation,
    marked("Regularization"): draw_penalties,
    marked("Optimizers"): draw_optimizers,
    marked("Activations"): draw_activations,
    marked("Conventions"): draw_conventions,
    marked("The article"): draw_article,
    marked("Words"): draw_words,
}


def name_part_as_here() -> None:
    """Name the part of an address from another language as the tabs do here."""
    part, here = st.query_params.get("part"), [tr(name) for name in PARTS]
    if part is None or part in here or "part" in st.session_state:
        return
    for spoken in LANGUAGES:
        with speaking(spoken):
            there = [tr(name) for name in PARTS]
        if part in there:
            st.query_params["part"] = here[there.index(part)]
            st.rerun()


def theory() -> None:
    """Draw the part that the address names."""
    st.title(tr("Theory"), anchor=False)
    make_formulas_scroll()
    name_part_as_here()
    tabs = st.tabs([tr(name) for name in PARTS], key="part", bind="query-params")
    for tab, draw in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw()
