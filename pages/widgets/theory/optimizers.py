"""The rules of a step one by one, as the program has them: penalties and optimizers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from engine.explain import (
    Line,
    Source,
    derive,
    memory_key,
    numpy_lines,
    textbook_sources,
    unit_form,
    with_source,
)
from engine.language import tr
from engine.nn import (
    CONVENTIONS,
    OPTIMIZERS,
    PYTORCH_ADAGRAD_EPSILON,
    Equation,
    Formula,
    Settings,
    epsilon_for,
    symbols_in,
    write,
)
from engine.nn import symbols as sym
from engine.problems import load
from engine.training import CHOICES, Config, Training
from pages.figures.base.choice_words import words
from pages.figures.base.text import listed, number
from pages.figures.theory.frameworks import OPTIMIZER_NOTES
from pages.figures.theory.remedies import REMEDIES
from pages.figures.theory.rule_text import rule_sentence
from pages.widgets.theory.formula import draw_code, draw_formula, form_choice

Words = tuple[str, ...]


@st.fragment
def draw_penalties() -> None:
    """Draw each remedy with the lines that it adds to a step."""
    unit = form_choice("theory.form.penalties")
    for remedy in REMEDIES:
        with st.container(border=True):
            st.header(tr(remedy.title), anchor=False)
            training = small_training(tuple(remedy.choices.items()))
            for line in derive(training):
                if (line.equation.phase, line.equation.rule) in remedy.rules:
                    draw_rule_row(line, training, unit)
            st.markdown(tr(remedy.about))


@st.cache_resource(show_spinner=False)
def small_training(choices: tuple[tuple[str, Any], ...]) -> Training:
    """Return a training of three layers with these choices."""
    config = replace(Config(hidden=(4,), size=60), **dict(choices))
    return Training(config, load(config))


def draw_rule_row(line: Line, training: Training, unit: bool) -> None:
    """Draw one line: formula, words, code."""
    left, right = st.columns([6, 5], gap="medium")
    with left:
        draw_formula(*line.parts(unit))
    with right:
        layers = len(training.network.layers)
        st.markdown(rule_sentence(line.equation, training.config.optimizer, layers))
        draw_code(line.sources, line.numpy)


@st.fragment
def draw_optimizers() -> None:
    """Draw the update of one optimizer under each convention."""
    left, right = st.columns(2)
    with left:
        name = st.selectbox(
            tr(CHOICES["optimizer"].label),
            list(OPTIMIZERS),
            index=list(OPTIMIZERS).index("adam"),
            format_func=words,
            key="theory.optimizer",
            help=tr(CHOICES["optimizer"].help),
        )
    with right:
        unit = form_choice("theory.form.optimizers")
    st.markdown(tr(OPTIMIZER_NOTES[name]))
    for conventions, formulas in by_convention(name):
        with st.container(border=True):
            who = listed([convention_name(one) for one in conventions])
            st.header(tr("As in {who}", who=who), anchor=False)
            draw_update(name, conventions[0], unit)
            if any(sym.epsilon in symbols_in(one) for one in formulas):
                values = {one: default_epsilon(name, one) for one in conventions}
                said = [
                    f"{number(value)} ({convention_name(one)})" for one, value in values.items()
                ]
                st.markdown(tr("ε is {values}.", values=listed(said)))


def convention_name(convention: str) -> str:
    """Return who uses a convention."""
    return tr("textbooks") if convention == "textbook" else words(convention)


def by_convention(name: str) -> list[tuple[list[str], tuple[Formula, ...]]]:
    """Return the conventions under which an optimizer has the same formulas, with these."""
    groups = dict[tuple[Formula, ...], list[str]]()
    for convention in CONVENTIONS:
        own = tuple(equation.formula for equation, *_ in optimizer_equations(name, convention))
        groups.setdefault(own, []).append(convention)
    return [(conventions, own) for own, conventions in groups.items()]


def optimizer_equations(
    name: str, convention: str
) -> list[tuple[Equation, tuple[Source, ...], Words]]:
    """Return the equations of an optimizer on two parameters, where they stand, as NumPy calls."""
    own, theta, grad = OPTIMIZERS[name], np.ones(2), np.ones(2)
    settings = Settings(convention=convention, weight_decay=0.01)
    memory, rate = np.zeros(own.memory(2)), np.array(0.1)
    known = {memory_key(theta): "theta", memory_key(grad): "g", memory_key(rate): "eta"}
    found = list(with_source(own.equations(theta, grad, memory, rate, settings)))
    return [
        (one, (*textbook_sources(one), source), numpy_lines(one, known)) for one, source in found
    ]


def draw_update(name: str, convention: str, unit: bool) -> None:
    """Draw the lines of an update with their words."""
    for equation, sources, numpy in optimizer_equations(name, convention):
        left, right = st.columns([6, 5], gap="medium")
        with left:
            printed = unit_form(equation) if unit else equation.formula
            draw_formula(*(write(part, unit) for part in printed.parts))
        with right:
            st.markdown(rule_sentence(equation, name, 0))
            draw_code(sources, numpy)


def default_epsilon(name: str, convention: str) -> float:
    """Return the default epsilon of an optimizer under a convention."""
    settings = Settings(convention=convention)
    own = (PYTORCH_ADAGRAD_EPSILON,) if name == "adagrad" else ()
    return epsilon_for(settings, np.ones(1), *own).item()
