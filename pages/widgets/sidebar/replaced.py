"""Fields that ignore the values which the browser sends although the app has replaced them.

A message of the browser holds the values of all widgets as they were on its screen. If the app has
changed a choice since, because of a remedy for example, the message still holds the old value, and
Streamlit takes it for a choice of the person. So the fields of an area end with a hidden one that
counts such changes: a message whose count is lower is from before the change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from pages.widgets.shell.binding import Binding, bind
from pages.widgets.shell.session import of_session, value_of

T = TypeVar("T")

COUNT = re.compile("[0-9]{1,9}")


@dataclass
class ReplacedValues:
    """What the fields of an area held before the app changed it."""

    count: int = 0  # of changes by the app
    before: dict[str, tuple[object, int]] = field(default_factory=dict)  # value, number of change


def hidden_key(area: str) -> str:
    """Return the key of the hidden field of an area, and of what it counts."""
    return f"replaced.{area}"


def replaced_values(area: str) -> ReplacedValues:
    """Return what the app has replaced in an area, for this visitor."""
    return of_session(f"{hidden_key(area)}.values", ReplacedValues)


def bind_in(area: str, key: str, value: T, touch: Callable[[T], None]) -> Binding:
    """Return key and callback of a field that shows `value` and passes a new one to `touch`."""
    note_value(area, key, value)

    def chosen(new: T) -> None:
        if not is_from_before(area, key, new):
            touch(new)

    return bind(key, value, chosen)


def note_value(area: str, key: str, value: object) -> None:
    """Note that a field is about to show `value`; it may have held another one."""
    held = value_of(key)
    if held is not None and held != value:
        replaced = replaced_values(area)
        replaced.count += 1
        replaced.before[key] = held, replaced.count


def is_from_before(area: str, key: str, value: object) -> bool:
    """Return whether a message holds the value from before the app changed it, not a new choice."""
    before, number = replaced_values(area).before.get(key, (None, 0))
    text = value_of(hidden_key(area)) or ""
    known = int(text) if COUNT.fullmatch(text) else 0
    return known < number and value == before


def draw_count(area: str) -> None:
    """Draw the hidden field, after the fields whose changes it counts."""
    key = hidden_key(area)
    st.session_state[key] = str(replaced_values(area).count)
    st.text_input(key, key=key, label_visibility="collapsed")
