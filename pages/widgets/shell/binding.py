"""Widgets that show a value of the state and pass on what a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, TypeVar

import streamlit as st

from pages.widgets.shell.session import value_of

T = TypeVar("T")


class Binding(TypedDict):
    """The key and the callback of a widget."""

    key: str
    on_change: Callable[[], None]


def bind(key: str, value: T, touch: Callable[[T], None]) -> Binding:
    """Return key and callback of a widget that shows `value` and passes a new one to `touch`."""
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: touch(value_of(key))}
