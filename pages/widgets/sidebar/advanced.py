"""The rest of the side bar, one click away: what a first visit does not need."""

from __future__ import annotations

import streamlit as st

from engine.language import marked, tr
from engine.problems import AS_THEY_ARE, PROBLEMS
from engine.training import CHOICES, OWN, output_loss_pairs
from pages.figures.base.choice_words import words
from pages.figures.sidebar.pictures import feature_names
from pages.live.architecture import MOST_COORDINATES
from pages.widgets.session import choose, known_run, pick_output, session
from pages.widgets.sidebar.fields import (
    about,
    bound,
    chosen,
    is_locked,
    is_shown,
    number_setting,
    put,
    sets,
    shows,
    with_now,
)
from pages.widgets.sidebar.pictures import feature_pictures

PER_LAYER = ("activation", "activations", "dropout", "dropouts")  # by one switch


def more_data() -> None:
    """Draw how the examples are made, split and scaled."""
    config, data = session().config, known_run().dataset
    kind = "own" if config.dataset == OWN else PROBLEMS[config.dataset].kind
    if kind == "formula" and is_shown("size"):
        st.number_input(min_value=1, max_value=5000, step=50, **bound("size"))
    if len(data.input_names) <= MOST_COORDINATES and is_shown("features"):
        feature_pictures(feature_names(len(data.input_names)))
    if kind != "fixed":
        parts()
    if config.dataset not in AS_THEY_ARE:
        chosen("scaling")
    if data.classes:
        chosen("class_weights")


def parts() -> None:
    """Draw how many examples are held out: shares, or one of several folds."""
    folds = session().config.folds
    if folds == 1 and is_shown("validation"):
        st.slider(min_value=0.0, max_value=0.8, step=0.05, **bound("validation"))
    if is_shown("test"):
        st.slider(min_value=0.0, max_value=0.8, step=0.05, **bound("test"))
    if not is_shown("folds"):
        return
    left, right = st.columns(2)
    one = CHOICES["folds"]
    left.number_input(
        tr(one.label),
        int(one.low or 1),
        int(one.high or 1),
        help=about("folds"),
        **sets(
            "folds", "folds", folds, lambda k: choose(folds=k, fold=min(session().config.fold, k))
        ),
    )
    if folds > 1 and is_shown("fold"):
        right.number_input(min_value=1, max_value=folds, **bound("fold"))


def more_network() -> None:
    """Draw output, loss, start weights, biases, precision, and choices per layer."""
    config, data = session().config, known_run().dataset
    pairs = output_loss_pairs(data.task)
    outputs = ["auto", *dict.fromkeys(output for output, _ in pairs)]
    losses = [loss for output, loss in pairs if config.output in ("auto", output)]
    if is_shown("output"):
        options = with_now(outputs, config.output)
        st.selectbox(
            tr(CHOICES["output"].label),
            options,
            format_func=words,
            help=about("output"),
            **sets("output", "output", config.output, pick_output, options),
        )
    chosen("loss", with_now(["auto", *dict.fromkeys(losses)], config.loss))
    chosen("start")
    if not config.start:
        chosen("init")
    scaled = not config.start and config.init in ("uniform", "normal", "constant")
    if scaled and is_shown("init_scale"):
        st.number_input(min_value=0.0, max_value=100.0, step=0.1, **bound("init_scale"))
    chosen("biases")
    chosen("precision")
    if config.hidden and all(map(is_shown, PER_LAYER)):
        per_layer()


def per_layer() -> None:
    """Draw an activation and a dropout for each hidden layer, if asked for."""
    config = session().config
    on = bool(config.activations or config.dropouts)
    st.toggle(
        tr("Each layer separately"),
        help=tr("Another activation or dropout for each hidden layer."),
        disabled=any(map(is_locked, PER_LAYER)),
        **shows("per_layer", on, lambda on: separate(on)),
    )
    if not on:
        return
    for l, (name, share) in enumerate(
        zip(config.layer_activations, config.layer_dropouts, strict=True)
    ):
        left, right = st.columns(2)
        left.selectbox(
            tr("Activation {layer}", layer=l + 1),
            CHOICES["activations"].options,
            format_func=words,
            **sets(
                "activations",
                f"activation{l}",
                name,
                lambda name, l=l: separate(True, l, name),
            ),
        )
        right.number_input(
            tr("Dropout {layer}", layer=l + 1),
            0.0,
            0.9,
            step=0.1,
            **sets("dropouts", f"dropout{l}", share, lambda share, l=l: separate(True, l, share)),
        )


def separate(on: bool, place: int = 0, value: str | float | None = None) -> None:
    """Set the activations and dropouts per layer, change one of them, or remove them."""
    config = session().config
    activations, dropouts = config.layer_activations, config.dropouts
    if isinstance(value, str):
        activations = put(activations, place, value)
    elif value is not None:
        dropouts = put(config.layer_dropouts, place, float(value))
    choose(activations=activations if on else (), dropouts=dropouts if on else ())


def more_training() -> None:
    """Draw the schedule of the learning rate, the limits of a step, and early stopping."""
    config = session().config
    chosen("schedule")
    if config.schedule != "constant":
        number_setting("schedule_length", 10)
        number_setting("schedule_factor", 0.1)
    if config.optimizer != "sgd":
        chosen("convention")
    if config.optimizer == "adamw":
        number_setting("weight_decay", 0.01)
    number_setting("clip", 0.5)
    number_setting("max_norm", 0.5)
    if is_shown("input_dropout"):
        st.slider(min_value=0.0, max_value=0.9, step=0.05, **bound("input_dropout"))
    number_setting("patience", 5)
    number_setting("epochs", 10)


SECTIONS = {
    "data": (marked("More on the data"), more_data),
    "network": (marked("More on the network"), more_network),
    "training": (marked("More on the training"), more_training),
}


def more() -> None:
    """Draw the sections of further settings; what is in one is drawn once it is opened."""
    for name, (label, draw) in SECTIONS.items():
        section = st.expander(tr(label), key=f"more.{name}", on_change="rerun")
        if section.open:
            with section:
                draw()
