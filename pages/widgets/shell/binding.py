"""Widgets that show a value of the state and pass on what a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, TypeVar

import streamlit as st

from pages.live.requests import read_ask
from pages.widgets.session import value_of, was_drawn

T = TypeVar("T")


class Binding(TypedDict):
    """The key and the callback of a widget."""

    key: str
    on_change: Callable[[], None]


def bind(key: str, value: T, touch: Callable[[T], None]) -> Binding:
    """Return key and callback of a widget that shows `value` and passes a new one to `touch`."""
    st.session_state[key] = value

    def touched() -> None:
        if was_drawn(key) and not changed_elsewhere():
            touch(value_of(key))

    return {"key": key, "on_change": touched}


def page_field(name: str, value: T, touch: Callable[[T], None]) -> Binding:
    """Return key and callback of a widget on the page, outside the side bar and Tune's form."""
    return bind(f"choice.{name}", value, touch)


def changed_elsewhere() -> bool:
    """Return whether the message of the browser is a change on the diagram.

    Nobody touches a widget at the same time: a value that differs is from before the last change.
    """
    state = value_of("player")
    asked = read_ask(state["ask"]) if state and state.get("ask") else None
    return asked is not None and asked.get("kind") == "change"
