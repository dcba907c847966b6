"""The side bar: every choice of a run, the few that matter first, the others one click away.

Each widget shows what the Config says, and a touch makes the next Config; limits, options and
words come from the Config's own declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.config import CHOICES, WHOLE_SET
from engine.formulas import FEATURES
from engine.heads import heads_for
from engine.pinned import AS_THEY_ARE
from engine.presets import PRESETS
from engine.problems import PROBLEMS
from engine.starts import STARTS
from pages.widgets.session import (
    choose,
    current,
    pick_output,
    pick_pair,
    pick_preset,
    pick_problem,
    session,
)
from pages.widgets.setup import telling_pair

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STRENGTHS = {
    "l1": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "l2": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "dropout": (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
}
FIRST_STRENGTH = {"l1": 0.001, "l2": 0.001, "dropout": 0.2}
BATCHES = (1, 2, 5, 8, 10, 16, 20, 32, 50, 64, 128, 256, WHOLE_SET)
WORDS = {
    "auto": "as the problem proposes",
    "linear": "linear",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "softmax": "softmax",
    "mse": "mean squared error",
    "half_mse": "half squared error",
    "bce": "binary cross-entropy",
    "ce": "cross-entropy",
    "glorot_uniform": "Glorot uniform",
    "glorot_normal": "Glorot normal",
    "he_normal": "He normal",
    "uniform": "uniform",
    "normal": "normal",
    "constant": "all equal",
    "zeros": "all zero",
    "sgd": "SGD",
    "momentum": "momentum",
    "adam": "Adam",
    "standard": "standardised",
    "none": "as they are",
    "learn": "learn",
    "frozen": "frozen",
    "": "drawn at random",
}


def controls() -> None:
    """Nothing; draws the side bar."""
    with st.sidebar:
        preset()
        problem()
        network()
        training()
        shrinking()
        seed()
        more_data()
        more_network()
        axes()


def shows(name: str, value: Any, touch: Callable[[Any], None]) -> dict[str, Any]:
    """Key and callback of a widget: it shows `value`, and a touch hands on what was chosen."""
    key = f"choice.{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: touch(st.session_state[key])}


def bound(name: str) -> dict[str, Any]:
    """Label, help, key and callback of the widget for one choice of the Config."""
    one = CHOICES[name]
    value = getattr(session().config, name)
    touch = shows(name, value, lambda chosen: choose(**{name: chosen}))
    return {"label": one.label, "help": one.help, **touch}


def with_current(options: Sequence[Any], value: Any) -> list[Any]:
    """The options, and among them, in order, the value in force."""
    return sorted({*options, value})


def words(value: str) -> str:
    return WORDS.get(value, value.replace("_", " "))


def chosen(name: str, options: Sequence[str] | None = None) -> None:
    """Nothing; a selectbox for a choice among words."""
    st.selectbox(options=options or CHOICES[name].options, format_func=words, **bound(name))


def preset() -> None:
    """Nothing; experiments that are ready to run."""
    names = list(PRESETS)
    now = next((n for n in names if PRESETS[n].config == session().config), None)
    st.selectbox(
        "Experiment",
        names,
        format_func=lambda name: f"{PRESETS[name].group}: {PRESETS[name].title}",
        placeholder="your own",
        help="Pinned settings, each made to show one thing.",
        **shows("preset", now, lambda name: pick_preset(name) if name else None),
    )
    if now:
        st.caption(PRESETS[now].about)


def problem() -> None:
    """Nothing; what is to be learned."""
    own = session()
    st.selectbox(
        CHOICES["dataset"].label,
        CHOICES["dataset"].options,
        format_func=lambda name: PROBLEMS[name].title,
        help=CHOICES["dataset"].help + " Settings that suit the problem are loaded with it.",
        **shows("dataset", own.config.dataset, pick_problem),
    )
    if not any(PRESETS[name].config == own.config for name in PRESETS):
        st.caption(PROBLEMS[own.config.dataset].about)
    if PROBLEMS[own.config.dataset].kind == "formula":
        st.slider(min_value=0.0, max_value=0.5, step=0.01, **bound("noise"))


def network() -> None:
    """Nothing; hidden layers, their units, and how a unit answers."""
    hidden, one = session().config.hidden, CHOICES["hidden"]
    st.slider(
        one.label,
        0,
        one.most,
        help=one.help,
        **shows("layers", len(hidden), lambda n: choose(hidden=(hidden + (4,) * n)[:n])),
    )
    for first in range(0, len(hidden), 3):
        columns = st.columns(3)
        for l, column in zip(range(first, len(hidden))[:3], columns, strict=False):
            column.number_input(
                f"Layer {l + 1}",
                int(one.low or 1),
                int(one.high or 1),
                help="Units of this layer.",
                **shows(f"units{l}", hidden[l], lambda n, l=l: choose(hidden=put(hidden, l, n))),
            )
    if hidden:
        chosen("activation")


def put(values: tuple[int, ...], place: int, value: int) -> tuple[int, ...]:
    """The values with another one in one place."""
    return (*values[:place], value, *values[place + 1 :])


def training() -> None:
    """Nothing; how the network learns."""
    config = session().config
    st.select_slider(
        options=with_current(RATES, config.learning_rate),
        format_func=lambda rate: f"{rate:g}",
        **bound("learning_rate"),
    )
    left, right = st.columns(2)
    with left:
        chosen("optimizer")
    sizes = with_current(BATCHES, config.batch_size)
    right.selectbox(
        options=[*(size for size in sizes if size != WHOLE_SET), WHOLE_SET],
        format_func=lambda size: "all" if size == WHOLE_SET else str(size),
        **bound("batch_size"),
    )
    if config.optimizer == "momentum":
        st.slider(min_value=0.0, max_value=0.999, step=0.001, format="%.3f", **bound("momentum"))


def shrinking() -> None:
    """Nothing; penalties and dropout, each with a switch and a strength."""
    config = session().config
    on = [name for name in STRENGTHS if getattr(config, name) > 0]
    st.pills(
        "Against overfitting",
        tuple(STRENGTHS),
        selection_mode="multi",
        format_func=lambda name: CHOICES[name].label,
        help=" ".join(f"{CHOICES[name].label}: {CHOICES[name].help}" for name in STRENGTHS),
        **shows("shrinking", on, switch),
    )
    for name in on:
        st.select_slider(
            options=with_current(STRENGTHS[name], getattr(config, name)),
            format_func=lambda strength: f"{strength:g}",
            **bound(name),
        )


def switch(on: Sequence[str]) -> None:
    """Nothing; what is newly switched on gets its first strength, what is off gets 0."""
    config = session().config
    strengths = {
        name: (getattr(config, name) or FIRST_STRENGTH[name]) if name in on else 0.0
        for name in STRENGTHS
    }
    choose(**strengths)


def seed() -> None:
    """Nothing; the seed, and a button for the next one."""
    one = CHOICES["seed"]
    st.number_input(min_value=int(one.low or 0), max_value=int(one.high or 0), **bound("seed"))


def more_data() -> None:
    """Nothing; how the examples are made, cut and scaled."""
    config, (_, data) = session().config, current()
    with st.expander("More on the data"):
        if PROBLEMS[config.dataset].kind == "formula":
            st.number_input(min_value=1, max_value=5000, step=50, **bound("size"))
        if len(data.input_names) <= 2:
            usable = [key for key in FEATURES if FEATURES[key].needs <= len(data.input_names)]
            features = [key for key in config.features if key in usable]
            st.pills(
                CHOICES["features"].label,
                usable,
                selection_mode="multi",
                format_func=lambda key: FEATURES[key].label,
                help=CHOICES["features"].help,
                **shows("features", features, lambda keys: choose(features=tuple(keys))),
            )
        if PROBLEMS[config.dataset].kind != "fixed":
            for share in ("validation", "test"):
                st.slider(min_value=0.0, max_value=0.8, step=0.05, **bound(share))
        if config.dataset not in AS_THEY_ARE:
            chosen("scaling")


def more_network() -> None:
    """Nothing; output, loss, start weights, biases, and where playing stops."""
    config, (_, data) = session().config, current()
    pairs = heads_for(data.task)
    outputs = ["auto", *dict.fromkeys(output for output, _ in pairs)]
    losses = [loss for output, loss in pairs if config.output in ("auto", output)]
    with st.expander("More on the network"):
        st.selectbox(
            CHOICES["output"].label,
            with_now(outputs, config.output),
            format_func=words,
            help=CHOICES["output"].help,
            **shows("output", config.output, pick_output),
        )
        chosen("loss", with_now(["auto", *dict.fromkeys(losses)], config.loss))
        chosen("start", ["", *STARTS])
        if not config.start:
            chosen("init")
        if not config.start and config.init in ("uniform", "normal", "constant"):
            st.number_input(min_value=0.0, max_value=100.0, step=0.1, **bound("init_scale"))
        chosen("biases")
        st.number_input(min_value=0, max_value=1_000_000, step=10, **bound("epochs"))


def with_now(options: list[str], value: str) -> list[str]:
    """The options, and the value in force if it is not among them."""
    return options if value in options else [*options, value]


def axes() -> None:
    """Nothing; which two inputs the map shows when there are more."""
    own, (_, data) = session(), current()
    if len(data.input_names) < 3:
        return
    pair = own.pair or telling_pair(data)
    with st.expander("Inputs on the map", expanded=True):
        for place, label in enumerate(("Across", "Up")):
            st.selectbox(
                label,
                range(len(data.input_names)),
                format_func=lambda i: data.input_names[i],
                help="The other inputs are held at their mean.",
                **shows(f"axis{place}", pair[place], lambda i, p=place: pick_pair(put(pair, p, i))),
            )
