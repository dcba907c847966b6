"""No click is lost when the browser's next message follows at once.

A message of the browser holds the values of all widgets, but a click only once. Streamlit 1.67
calls the callback of a click shortly before it runs the page, and by then the next message may be
there. With `runner.fastReruns`, which .streamlit/config.toml turns off, a run that has not begun
ends with the next message, and its click with it (`AppSession.request_rerun`). Without, messages
wait for each other, and the clicks of those that wait are kept. But a run still ends before its
callbacks (`SafeSessionState.on_script_will_rerun`), or in the middle of one, where it uses
`st.session_state` or `st.query_params`. `complete_callbacks` mends that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.state import SafeSessionState


def complete_callbacks() -> None:
    """Let a run of a page complete its callbacks before it ends for a newer message."""
    SafeSessionState.on_script_will_rerun = on_script_will_rerun


def on_script_will_rerun(
    self: SafeSessionState,
    fresh_widget_states: WidgetStates | None,
    *,
    replay_trigger_states: WidgetStates | None = None,
    replay_trigger_values: Mapping[str, object] | None = None,
    is_history_navigation: bool = False,
) -> None:
    """Take the values of a message and call their callbacks, whatever has come since.

    Streamlit looks for a newer message right after it, so the page does not run in vain.
    """
    with uninterrupted(self), self._lock:
        self._state.on_script_will_rerun(
            fresh_widget_states,
            replay_trigger_states=replay_trigger_states,
            replay_trigger_values=replay_trigger_values,
            is_history_navigation=is_history_navigation,
        )


@contextmanager
def uninterrupted(state: SafeSessionState) -> Iterator[None]:
    """Keep a newer message waiting until the block ends."""
    runner = getattr(state._yield_callback, "__self__", None)
    if not isinstance(runner, ScriptRunner):
        yield
        return
    before, runner._execing = runner._execing, False  # only what is executed is interrupted
    try:
        yield
    finally:
        runner._execing = before
