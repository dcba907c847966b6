"""Values that the browser sends although the app has replaced them meanwhile.

A message of the browser holds the values of all widgets as they were on its screen. If the app has
changed a choice since, because of a remedy for example, the message still holds the old value, and
Streamlit takes it for a choice of the person. So the side bar ends with a hidden field that counts
such changes: a message whose count is lower is from before the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import streamlit as st

from engine.language import tr
from pages.widgets.shell.session import of_session, value_of

KEY = "replaced"  # of the hidden field
COUNT = re.compile("[0-9]{1,9}")


@dataclass
class ReplacedValues:
    """What this visitor's widgets held before the app changed it."""

    count: int = 0  # of changes by the app
    before: dict[str, tuple[object, int]] = field(default_factory=dict)  # value, number of change


def replaced_values() -> ReplacedValues:
    """Return what the app has replaced in this visitor's side bar."""
    return of_session("replaced_values", ReplacedValues)


def note_value(key: str, value: object) -> None:
    """Note that a widget is about to show `value`; it may have held another one."""
    held = value_of(key)
    if held is not None and held != value:
        replaced = replaced_values()
        replaced.count += 1
        replaced.before[key] = held, replaced.count


def is_from_before(key: str, value: object) -> bool:
    """Return whether a message holds the value from before the app changed it, not a new choice."""
    before, number = replaced_values().before.get(key, (None, 0))
    text = value_of(KEY) or ""
    known = int(text) if COUNT.fullmatch(text) else 0
    return known < number and value == before


def draw_count() -> None:
    """Draw the hidden field, after the widgets whose changes it counts."""
    st.session_state[KEY] = str(replaced_values().count)
    st.text_input(tr("Changes by the app"), key=KEY, label_visibility="collapsed")
