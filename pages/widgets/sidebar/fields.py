"""The shared parts of the side bar's widgets: each shows a value of the Config and changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.nn import ACTIVATIONS
from engine.training import CHOICES
from pages.widgets.shell.binding import Binding, bind
from pages.widgets.shell.session import choose, session

WORDS = {
    "auto": "as the problem proposes",
    **{name: f.label for name, f in ACTIVATIONS.items()},
    "mse": "mean squared error",
    "half_mse": "half squared error",
    "mae": "absolute error",
    "huber": "Huber",
    "poisson": "Poisson (counts)",
    "bce": "binary cross-entropy",
    "ce": "cross-entropy",
    "glorot_uniform": "Glorot uniform",
    "glorot_normal": "Glorot normal",
    "he_normal": "He normal",
    "lecun_normal": "LeCun normal",
    "orthogonal": "orthogonal",
    "uniform": "uniform",
    "normal": "normal",
    "constant": "all equal",
    "zeros": "all zero",
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov momentum",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "pytorch": "PyTorch",
    "keras": "Keras",
    "plateau": "on plateau",
    "warmup": "warm-up",
    "standard": "standardised",
    "none": "as they are",
    "learn": "learn",
    "frozen": "frozen",
    "": "drawn at random",
}
OWN_WORDS = {  # values with a different meaning in another setting
    "schedule": {"constant": "constant", "step": "in steps"},
    "class_weights": {"none": "all examples equal"},
}


def shows(name: str, value: Any, touch: Callable[[Any], None]) -> Binding:
    """Return key and callback of a widget that shows `value` and reports a new choice."""
    return bind(f"choice.{name}", value, touch)


def bound(name: str) -> dict[str, Any]:
    """Return label, help, key and callback of the widget for one choice of the Config."""
    one = CHOICES[name]
    value = getattr(session().config, name)
    touch = shows(name, value, lambda chosen: choose(**{name: chosen}))
    return {"label": one.label, "help": one.help, **touch}


def with_current(options: Sequence[Any], value: Any) -> list[Any]:
    """Return the options, with the current value among them in order."""
    return sorted({*options, value})


def words(value: str, name: str = "") -> str:
    """Return an option of the choice `name` in words."""
    return OWN_WORDS.get(name, WORDS).get(value) or WORDS.get(value, value.replace("_", " "))


def chosen(name: str, options: Sequence[str] | None = None) -> None:
    """Draw a selectbox for a choice among words."""
    st.selectbox(
        options=options or CHOICES[name].options,
        format_func=lambda value: words(value, name),
        **bound(name),
    )


def with_now(options: list[str], value: str) -> list[str]:
    """Return the options, and the current value if it is not among them."""
    return options if value in options else [*options, value]


def put(values: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    """Return the values with one of them replaced."""
    return (*values[:place], value, *values[place + 1 :])


def number(name: str, step: float = 1) -> None:
    """Draw a field for a number, with the limits of its choice."""
    one, kind = CHOICES[name], type(getattr(session().config, name))
    low, high = kind(one.low or 0), kind(one.high or 0)
    shown = "%g" if kind is float else None
    st.number_input(min_value=low, max_value=high, step=kind(step), format=shown, **bound(name))
