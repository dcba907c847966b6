"""Conventions: what other libraries write, and converters for the numbers that differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.explain import (
    MOMENTA,
    PENALTIES,
    SQUARED_ERRORS,
    epsilon_beside_corrected_root,
    epsilon_beside_plain_root,
    penalties_like,
    rates_like,
    steps_like,
)
from engine.language import tr
from pages.figures.base.text import number
from pages.figures.theory.frameworks import OTHERS, framework_table
from pages.widgets.theory.formula import draw_formula


@st.fragment
def draw_conventions() -> None:
    """Draw the table of conventions and the converters."""
    who = st.segmented_control(
        tr("Compare with"), list(OTHERS), default="Keras", required=True, key="theory.beside"
    )
    with st.container(key="comparison"):
        st.markdown(framework_table(who))
    st.header(tr("Convert a number"), anchor=False)
    for column, convert in zip(
        [*st.columns(2), *st.columns(2)],
        (
            draw_penalty_converter,
            draw_loss_converter,
            draw_momentum_converter,
            draw_epsilon_converter,
        ),
        strict=True,
    ):
        with column.container(border=True):
            convert()


def number_field(label: str, value: float, low: float, high: float, key: str) -> float:
    """Return the number that a person types, between low and high; whole if `value` is."""
    if isinstance(value, int):
        return st.number_input(label, int(low), int(high), value, 1, key=key)
    low, high = float(low), float(high)
    return st.number_input(label, low, high, value, value / 10, format="%g", key=key)


def draw_markdown_table(head: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table of results."""
    lines = [[head, *columns], ["---"] * (1 + len(columns)), *rows]
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))


def draw_penalty_converter() -> None:
    """Draw a strength of L2 as other libraries write it."""
    st.markdown(tr("**Strength of L2**"))
    value = number_field(tr("Strength"), 0.001, 0, 1000, "theory.strength")
    who = st.selectbox(
        tr("of"),
        list(PENALTIES),
        format_func=lambda name: tr(PENALTIES[name].label),
        key="theory.of",
    )
    left, right = st.columns(2)
    with left:
        batch = int(number_field(tr("Batch size B"), 32, 1, 100_000, "theory.batch"))
    with right:
        examples = int(
            number_field(tr("Training examples m"), 200, 1, 10_000_000, "theory.examples")
        )
    found = penalties_like(value, who, batch, examples)
    draw_markdown_table(
        tr("written as"),
        [tr("gradient"), tr("strength")],
        [[tr(one.label), f"${one.tex}$", number(found[name])] for name, one in PENALTIES.items()],
    )
    st.caption(
        tr("PyTorch applies the penalty to the biases, too. With Adam, L2 and weight decay differ.")
    )


def draw_loss_converter() -> None:
    """Draw learning rate and strength of L2 for another factor of the squared error."""
    st.markdown(tr("**Factor of the squared error**"))
    who = st.selectbox(
        tr("The numbers are for"),
        list(SQUARED_ERRORS),
        format_func=lambda name: tr(SQUARED_ERRORS[name].label),
        key="theory.error",
    )
    left, right = st.columns(2)
    with left:
        rate = number_field(tr("Learning rate"), 0.1, 0, 1000, "theory.rate")
        n = int(number_field(tr("Batch size n"), 32, 1, 100_000, "theory.error.n"))
    with right:
        strength = number_field("λ₂", 0.001, 0, 1000, "theory.error.strength")
        K = int(number_field(tr("Outputs K"), 1, 1, 1000, "theory.error.K"))
    found = steps_like(rate, strength, who, n, K)
    draw_markdown_table(
        tr("loss"),
        [tr("rate"), "λ₂"],
        [
            [f"{tr(one.label)}: ${{{one.tex}}}$", *map(number, found[name])]
            for name, one in SQUARED_ERRORS.items()
        ],
    )
    st.caption(
        tr(
            "For SGD and momentum. Adam and RMSprop divide by the size of the gradient, so the "
            "rate stays."
        )
    )


def draw_momentum_converter() -> None:
    """Draw the learning rate for another form of momentum."""
    st.markdown(tr("**Learning rate with momentum**"))
    rate = number_field(tr("Learning rate η"), 0.1, 0, 1000, "theory.momentum.rate")
    who = st.selectbox(
        tr("of"),
        list(MOMENTA),
        format_func=lambda name: tr(MOMENTA[name].label),
        key="theory.momentum.of",
    )
    mu = number_field(tr("Momentum μ"), 0.9, 0, 0.9999, "theory.mu")
    found = rates_like(rate, who, mu)
    for name, one in MOMENTA.items():
        st.markdown(
            tr("η = **{rate}** in {library}:", rate=number(found[name]), library=tr(one.label))
        )
        draw_formula(*one.lines)
    st.caption(
        tr(
            "The steps are the same while η is constant. In the long run, a constant "
            "gradient moves θ by {factor} times the gradient in each step. The velocity "
            "in PyTorch is −1/η times the velocity here.",
            factor=number(found["textbook"] / (1 - mu)),
        )
    )


def draw_epsilon_converter() -> None:
    """Draw Adam's epsilon for its other position."""
    st.markdown(tr("**Adam's ε**"))
    value = number_field("ε", 1e-7, 0, 10, "theory.epsilon")
    beta2 = number_field("β₂", 0.999, 0, 0.999999, "theory.beta2")
    t = int(number_field(tr("Step t"), 1, 1, 1_000_000, "theory.t"))
    draw_markdown_table(
        tr("ε = {value}, step {step:,}", value=number(value), step=t),
        [tr("in the other form")],
        [
            [
                tr("ε added to the plain root (Keras, scikit-learn)"),
                tr(
                    "{value} in textbooks, PyTorch",
                    value=number(epsilon_beside_corrected_root(value, beta2, t)),
                ),
            ],
            [
                tr("ε added to the corrected root (textbooks, PyTorch)"),
                tr(
                    "{value} in Keras, scikit-learn",
                    value=number(epsilon_beside_plain_root(value, beta2, t)),
                ),
            ],
        ],
    )
    draw_formula(
        rf"\epsilon_{{\text{{{tr('plain')}}}}} = "
        rf"\epsilon_{{\text{{{tr('corrected')}}}}} \sqrt{{1 - \beta_2^t}}",
    )
    st.caption(
        tr("The difference gets smaller with every step. There is no such rule for RMSprop.")
    )
