"""No click is lost when the browser's next message follows at once.

A message of the browser holds the values of all widgets, but a click only once. Streamlit 1.67
calls the callback of a click shortly before it runs the page, and by then the next message may be
there. With `runner.fastReruns`, which .streamlit/config.toml turns off, a run that has not begun
ends with the next message, and its click with it (`AppSession.request_rerun`). Without, messages
wait for each other, and the clicks of those that wait are kept, but a run still ends before its
callbacks (`SafeSessionState.on_script_will_rerun`); `call_callbacks_first` mends that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SafeSessionState


def call_callbacks_first() -> None:
    """Let a run of a page call its callbacks before it ends for a newer message."""
    SafeSessionState.on_script_will_rerun = on_script_will_rerun


def on_script_will_rerun(
    self: SafeSessionState,
    fresh_widget_states: WidgetStates | None,
    *,
    replay_trigger_states: WidgetStates | None = None,
    replay_trigger_values: Mapping[str, Any] | None = None,
    is_history_navigation: bool = False,
) -> None:
    """Take the values of a message and call their callbacks, whatever has come since.

    Streamlit looks for a newer message right after it, so the page does not run in vain.
    """
    with self._lock:
        self._state.on_script_will_rerun(
            fresh_widget_states,
            replay_trigger_states=replay_trigger_states,
            replay_trigger_values=replay_trigger_values,
            is_history_navigation=is_history_navigation,
        )
