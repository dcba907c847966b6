"""The shared parts of the side bar's widgets: each shows a value of the Config and changes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import streamlit as st

from engine.language import tr
from engine.training import CHOICES
from pages.figures.base.choice_words import words
from pages.widgets.session import choose, session
from pages.widgets.shell.binding import Binding
from pages.widgets.sidebar.replaced import bind_in

T = TypeVar("T")
Number = TypeVar("Number", int, float)

AREA = "sidebar"  # whose fields are counted together


def is_shown(name: str) -> bool:
    """Return whether the link leaves the control of a setting on the page."""
    return name not in session().controls.hidden


def is_locked(name: str) -> bool:
    """Return whether the link shows the control of a setting, but locks it."""
    return name in session().controls.locked


def why_locked(name: str) -> str | None:
    """Return the sentence on a control that the link locks, None for another one."""
    return tr("The link locks this setting.") if is_locked(name) else None


class SettingBinding(Binding):
    """The key and the callback of the widget of a setting, and whether a link locks it."""

    disabled: bool


class SettingField(SettingBinding):
    """All that the widget of a setting is called with, besides its limits or options."""

    label: str
    help: str | None


def shows(
    name: str, value: T, touch: Callable[[T], None], options: Collection[T] | None = None
) -> Binding:
    """Return key and callback of a widget that shows `value` and reports a new choice.

    `options` are needed where they change.
    """
    return bind_in(AREA, f"choice.{name}", value, touch, options)


def sets(
    name: str,
    key: str,
    value: T,
    touch: Callable[[T], None],
    options: Collection[T] | None = None,
) -> SettingBinding:
    """Return the same for a widget of a setting, disabled if the link locks it."""
    return {**shows(key, value, touch, options), "disabled": is_locked(name)}


def bound(name: str, options: Collection[object] | None = None) -> SettingField:
    """Return label, help, key and callback of the widget for one choice of the Config."""
    value = getattr(session().config, name)
    touch = sets(name, name, value, lambda chosen: choose(**{name: chosen}), options)
    return {"label": tr(CHOICES[name].label), "help": about(name), **touch}


def about(name: str) -> str:
    """Return the help of a setting, and whether the link locks it."""
    return "\n\n".join(filter(None, (tr(CHOICES[name].help), why_locked(name))))


def bare(name: str, options: Collection[object] | None = None) -> SettingField:
    """Return the same as `bound` without the help, which stands at the title of its group."""
    return {**bound(name, options), "help": why_locked(name)}


def group(title: str, *names: str) -> None:
    """Draw the title of a group of widgets, with one sign for the help of all of them."""
    if any(map(is_shown, names)):
        st.markdown(f"**{title}**", help=help_of(*filter(is_shown, names)))


def help_of(*names: str) -> str:
    """Return the help of some choices, a paragraph for each."""
    choices = [CHOICES[name] for name in names]
    return "\n\n".join(
        tr("**{label}:** {help}", label=tr(one.label), help=tr(one.help)) for one in choices
    )


def with_current(options: Sequence[Number], value: Number) -> list[Number]:
    """Return the options, with the current value among them in order."""
    return sorted({*options, value})


def chosen(
    name: str,
    options: Sequence[str] | None = None,
    field: Callable[[str, Collection[object]], SettingField] = bound,
) -> None:
    """Draw a selectbox for a choice among words, unless the link hides it."""
    if not is_shown(name):
        return
    options = options or CHOICES[name].options
    st.selectbox(
        options=options,
        format_func=lambda value: words(value, name),
        **field(name, options),
    )


def with_now(options: list[str], value: str) -> list[str]:
    """Return the options, and the current value if it is not among them."""
    return options if value in options else [*options, value]


def put(values: tuple[T, ...], place: int, value: T) -> tuple[T, ...]:
    """Return the values with one of them replaced."""
    return (*values[:place], value, *values[place + 1 :])


def number_setting(name: str, step: float = 1) -> None:
    """Draw a field for a number, with the limits of its choice, unless the link hides it."""
    if not is_shown(name):
        return
    one, kind = CHOICES[name], type(getattr(session().config, name))
    low, high = kind(one.low or 0), kind(one.high or 0)
    shown = "%g" if kind is float else None
    st.number_input(min_value=low, max_value=high, step=kind(step), format=shown, **bound(name))
