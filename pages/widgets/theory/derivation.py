"""The derivation in the order of a step: forward, the loss, back, the penalties, the update."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode

import streamlit as st

from engine.explain import Line, derive, first_batch
from engine.language import marked, tr
from engine.problems import PROBLEMS, load
from engine.training import ChoiceValues, Config, Training
from pages.figures.base.choice_words import words
from pages.figures.base.url import run_query
from pages.figures.theory.rule_text import PHASES, rule_sentence
from pages.figures.theory.symbols import symbol_table
from pages.widgets.session import current, session
from pages.widgets.shell.foreign import literal
from pages.widgets.theory.formula import draw_code, draw_formula, form_choice

THREE_LAYERS = {
    marked("A number"): "plane",
    marked("2 classes"): "circle",
    marked("3 classes"): "iris",
}
MINE = marked("Mine")


@st.fragment
def draw_derivation() -> None:
    """Draw every line of one training step of a network."""
    left, right = st.columns(2, vertical_alignment="bottom")
    what = left.segmented_control(
        tr("Network"),
        [*THREE_LAYERS, MINE],
        default="2 classes",
        required=True,
        format_func=tr,
        key="theory.network",
        help=tr("Three layers for this task, or the network that you set up on Train."),
    )
    with right:
        unit = form_choice("theory.form")
    own, (run, data) = session(), current()
    training = run.live if what == MINE else three_layer_training(THREE_LAYERS[what])
    steps = derive(training)
    st.markdown(network_introduction(training, literal(data.name) if what == MINE else ""))
    n = first_batch(training).y.shape[1]
    with st.expander(tr("Symbols and shapes"), icon=":material/list_alt:"):
        formulas = [line.unit_formula if unit else line.equation.formula for line in steps]
        st.markdown(symbol_table(formulas, unit, training.network.sizes, n))
    link = (
        run_query(run.config, run.events, own.pair, own.controls)
        if what == MINE
        else urlencode(training.config.to_query())
    )
    for phase, group in groupby(steps, lambda line: line.equation.phase):
        st.header(tr(PHASES[phase]), anchor=phase)
        for line in group:
            draw_line(line, training, unit, link)


@st.cache_resource(show_spinner=False, max_entries=len(THREE_LAYERS))
def three_layer_training(dataset: str) -> Training:
    """Return a training of inputs, one hidden layer and outputs for a problem."""
    choices: ChoiceValues = {**PROBLEMS[dataset].suggested, "dataset": dataset, "hidden": (4,)}
    config = Config(**choices)
    return Training(config, load(config))


def network_introduction(training: Training, mine: str) -> str:
    """Return which network is shown and what is computed; `mine` names the own data."""
    sizes, output = training.network.sizes, words(training.network.activations[-1])
    start = (
        marked("Your network: {sizes} units for *{problem}*, {output} output.")
        if mine
        else marked("A network of three layers: {sizes} units for *{problem}*, {output} output.")
    )
    aim = tr(
        " The aim is the derivative of the loss L with respect to every weight. The last layer "
        "comes first. Its error term is passed back to the layer before, and the same two lines "
        "hold for every layer."
    )
    problem = mine or tr(PROBLEMS[training.config.dataset].title)
    return tr(start, sizes=" → ".join(map(str, sizes)), problem=problem, output=output) + aim


def draw_line(line: Line, training: Training, unit: bool, link: str) -> None:
    """Draw one line: formula, reason, words, numbers, code."""
    config, layers = training.config, len(training.network.layers)
    with st.container(border=True):
        left, right = st.columns([6, 5], gap="medium")
        with left:
            draw_formula(*line.parts(unit))
            if line.chain:
                st.caption(tr("because"))
                draw_formula(line.chain)
        with right:
            prose, place = rule_sentence(line.equation, config.optimizer, layers), line.number + 1
            st.markdown(f"**{place}**\u2003{prose}")
            with st.container(horizontal=True, vertical_alignment="center"):
                address = step_url(link, line.number)
                st.markdown(
                    tr("[See line {line} with numbers]({address})", line=place, address=address),
                    width="content",
                )
                draw_code(line.sources, line.numpy)


def step_url(query: str, number: int) -> str:
    """Return the address of a line of a run on the page Step through."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' if base else ''}{base}/step?{query}&line={number}"
