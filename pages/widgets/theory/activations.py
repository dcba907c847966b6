"""Activations: each with its derivative, its proof, and why some cancel at the output."""

from __future__ import annotations

import streamlit as st

from engine.explain import source_of_function
from engine.language import tr
from engine.nn import ACTIVATIONS, LOSSES
from pages.figures.base.choice_words import words
from pages.figures.theory.activation import REACH, slope_figure, slopes_in_words
from pages.figures.theory.proofs import CANCELLED
from pages.widgets.shell.charts import draw_figure
from pages.widgets.theory.formula import draw_code, draw_formula

SLOPE = "f'(z)"


@st.fragment
def draw_activations() -> None:
    """Draw f and f' of one activation, as formulas and as a figure."""
    name = st.selectbox(
        tr("Activation"), list(ACTIVATIONS), index=1, format_func=words, key="theory.activation"
    )
    f = ACTIVATIONS[name]
    left, right = st.columns(2, gap="medium")
    with left:
        draw_formula(f.formula.tex)
        st.markdown(tr("Its derivative, step by step. The last line is the form in the program:"))
        draw_formula(*f.derivation, f"{'J_{jr}' if f.mixes else SLOPE} = {f.slope_tex}")
        st.markdown(tr(ACTIVATIONS[name].note))
        draw_code((source_of_function(f.forward), source_of_function(f.back)))
    with right:
        z = st.slider("z", -REACH, REACH, 1.0, 0.1, key="theory.z")
        in_words = slopes_in_words(name, z)
        draw_figure(slope_figure(name, z), in_words, "theory.slopes")
        st.caption(in_words)
    st.header(tr("Why the output's error term is a − y"), anchor=False)
    st.markdown(
        tr(
            "Each loss has a matching output activation. Its derivative cancels the denominator "
            "that comes from the logarithm in the loss, so the program never divides by 0. Any "
            "other pair keeps the derivative of the activation: with squared error after a "
            "sigmoid, the network learns slowly where it is very wrong."
        )
    )
    for loss, steps in CANCELLED.items():
        draw_cancellation(loss, steps)


def draw_cancellation(loss: str, steps: tuple[str, ...]) -> None:
    """Draw how the error term of a loss with its own output is found."""
    one = LOSSES[loss]
    title = tr("{output} output with {loss}", output=words(one.canonical), loss=words(loss))
    with st.expander(title[:1].upper() + title[1:], expanded=loss in ("bce", "ce")):
        draw_formula(*steps)
        st.markdown(tr("So in the program:"))
        draw_formula(one.delta_formula("").tex)
