"""What stands in Streamlit's state of a session: a value under each key."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState

T = TypeVar("T")

Known = dict[str, Any]  # the state of each room of widgets, by its key
KNOWN: weakref.WeakKeyDictionary[SafeSessionState, Known] = weakref.WeakKeyDictionary()


def of_session(key: str, make: Callable[[], T]) -> T:
    """Return what this visitor has under a key, made at the first call.

    Each room of widgets keeps its state under a separate key. What a thread has asked for once it
    is given without `st.session_state`, which ends a thread as soon as a newer one waits: a change
    is never left half done.
    """
    context = get_script_run_ctx(suppress_warning=True)
    known = KNOWN.setdefault(context.session_state, {}) if context else {}
    if key not in known:
        state = session_values(context)
        values = st.session_state if state is None else state
        if key in values:
            known[key] = values[key]
        else:
            known[key] = values[key] = make()
    return known[key]


def value_of(key: str) -> Any:
    """Return the value of a widget, or None if there is none, as a callback reads it.

    The server lets callbacks read it although a newer message of the browser waits
    (`complete_callbacks`). Elsewhere this may end the thread.
    """
    return st.session_state.get(key)


def was_drawn(key: str) -> bool:
    """Return whether the page, as it was drawn last, holds a widget with this key.

    A message of the browser can still hold the value of a widget that the page has left out, and
    Streamlit takes this value for a choice.
    """
    state = session_values(get_script_run_ctx(suppress_warning=True))
    if state is None:
        return True
    return state.get_widget_id_from_key(key) in state._old_state  # it forgets what is not drawn


def session_values(context: ScriptRunContext | None) -> SessionState | None:
    """Return what is behind `st.session_state`; None in another version of Streamlit."""
    return getattr(context.session_state, "_state", None) if context else None
