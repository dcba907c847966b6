"""Where the losses come from: each follows from a noise model, and a slider shows it."""

from __future__ import annotations

import streamlit as st

from engine.explain import NOISE_MODELS
from engine.language import tr
from engine.nn import LOSSES
from pages.figures.base.choice_words import words
from pages.figures.theory.likelihood import density_figure, likelihood_in_words, loss_figure
from pages.figures.theory.proofs import LOSS_PROOFS, MORE_LOSS_PROOFS, Proof
from pages.widgets.shell.charts import draw_figure
from pages.widgets.theory.formula import draw_formula


@st.fragment
def draw_likelihoods() -> None:
    """Draw noise models, figures and the losses that follow from them."""
    st.markdown(
        tr(
            "The best parameters are those that make the data most likely (maximum likelihood). "
            "The examples are independent, so their probabilities multiply. −ln turns the "
            "product into a sum, and the mean of the sum is a loss. **Which loss it is depends "
            "on the noise model: how you assume the targets vary around the output.**"
        )
    )
    name = st.selectbox(
        tr("Distribution of the targets"),
        list(LOSS_PROOFS),
        format_func=lambda name: tr(LOSS_PROOFS[name].title),
        key="theory.belief",
    )
    draw_noise_model(name)
    st.header(tr("Two more noise models"), anchor=False)
    for column, other in zip(st.columns(2), MORE_LOSS_PROOFS.values(), strict=True):
        with column.container(border=True):
            draw_proof(other)


def draw_noise_model(name: str) -> None:
    """Draw one noise model: how likely the targets are for an output, and its losses."""
    model, proof = NOISE_MODELS[name], LOSS_PROOFS[name]
    st.markdown(tr(proof.about))
    low, high = model.limits
    a = st.slider(
        tr("Output a, the same for every target"),
        low,
        high,
        low + 0.25 * (high - low),
        (high - low) / 100,
        key=f"theory.answer.{name}",
        help=tr("Move it to the minimum of the loss. There the targets are most likely."),
    )
    words_of_a = likelihood_in_words(model, a)
    for column, figure in zip(st.columns(2), (density_figure, loss_figure), strict=True):
        draw_figure(figure(model, a), words_of_a, f"theory.{figure.__name__}", column)
    st.caption(f"{words_of_a} {tr(proof.best)}")
    left, right = st.columns(2)
    with left:
        st.markdown(tr("The noise model and its negative log-likelihood:"))
        draw_formula(*proof.steps)
    with right:
        draw_losses(proof)


def draw_proof(proof: Proof) -> None:
    """Draw a noise model without a figure, and the losses that follow from it."""
    st.markdown(
        tr(
            "**{title}.** {about} {best}",
            title=tr(proof.title),
            about=tr(proof.about),
            best=tr(proof.best),
        )
    )
    draw_formula(*proof.steps)
    draw_losses(proof)


def draw_losses(proof: Proof) -> None:
    """Draw the losses that follow from a noise model, as the engine has them."""
    for loss in proof.losses:
        st.markdown(tr("The mean over a batch, as in the program ({loss}):", loss=words(loss)))
        draw_formula(*(part.tex for part in LOSSES[loss].formula("").parts))
