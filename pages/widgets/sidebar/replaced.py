"""Fields that ignore the values which the browser sends although the app has replaced them.

A message of the browser holds the values of all widgets as they were on its screen. If the app has
changed a choice since, because of a remedy for example, the message still holds the old value, and
Streamlit takes it for a choice of the person. So the fields of an area end with a hidden one that
counts such changes: a message whose count is lower is from before the change. Several changes can
be on their way to the browser at once, so each field remembers what it has shown lately.

A select box or slider may have lost the old value as an option. Then Streamlit takes the message
for another choice: a slider for its first option, a select box for the words on the screen.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from pages.widgets.session import of_session, value_of
from pages.widgets.shell.binding import Binding, bind

T = TypeVar("T")

COUNT = re.compile("[0-9]{1,9}")
MOST = 50  # values of a field that the browser may still hold


@dataclass(frozen=True)
class Replaced:
    """What a field held before the app changed it."""

    value: object
    number: int  # of the change
    readable: bool  # whether a late message still spells this value for Streamlit

    def is_meant_by(self, value: object, known: int) -> bool:
        """Return whether a message that knows `known` changes holds this, and no new choice."""
        return known < self.number and (value == self.value or not self.readable)


@dataclass
class ReplacedValues:
    """What the fields of an area show, and what they held before the app changed it."""

    count: int = 0  # of changes by the app
    before: dict[str, deque[Replaced]] = field(default_factory=dict)
    shown: dict[str, object] = field(default_factory=dict)  # as drawn or as chosen last

    def replace(self, key: str, values: Collection[object], options: Collection | None) -> None:
        """Note that the app has changed a field which may show one of these values."""
        self.count += 1
        late = [Replaced(one, self.count, options is None or one in options) for one in values]
        self.before.setdefault(key, deque(maxlen=MOST)).extend(late)


def hidden_key(area: str) -> str:
    """Return the key of the hidden field of an area, and of what it counts."""
    return f"replaced.{area}"


def replaced_values(area: str) -> ReplacedValues:
    """Return what the app has replaced in an area, for this visitor."""
    return of_session(f"{hidden_key(area)}.values", ReplacedValues)


def bind_in(
    area: str,
    key: str,
    value: T,
    touch: Callable[[T], None],
    options: Collection[T] | None = None,
) -> Binding:
    """Return key and callback of a field that shows `value` and passes a new one to `touch`.

    `options` are those of a field with a list of them.
    """
    note_value(area, key, value, options)

    def chosen(new: T) -> None:
        if not is_from_before(area, key, new):
            replaced_values(area).shown[key] = new
            touch(new)

    return bind(key, value, chosen)


def note_value(area: str, key: str, value: T, options: Collection[T] | None) -> None:
    """Note that a field is about to show `value`; the browser may hold another one."""
    replaced = replaced_values(area)
    held = (value_of(key), replaced.shown.get(key))
    gone = [one for one in held if one is not None and one != value]
    replaced.shown[key] = value
    if gone:
        replaced.replace(key, gone, options)


def is_from_before(area: str, key: str, value: object) -> bool:
    """Return whether a message holds a value from before the app changed it, not a new choice.

    What the page has drawn last is no choice either: the app may have changed it since.
    """
    replaced = replaced_values(area)
    text = value_of(hidden_key(area)) or ""
    known = int(text) if COUNT.fullmatch(text) else 0
    late = replaced.before.get(key, ())
    return value == replaced.shown.get(key) or any(one.is_meant_by(value, known) for one in late)


def draw_count(area: str) -> None:
    """Draw the hidden field, after the fields whose changes it counts."""
    key = hidden_key(area)
    st.session_state[key] = str(replaced_values(area).count)
    st.text_input(key, key=key, label_visibility="collapsed")
