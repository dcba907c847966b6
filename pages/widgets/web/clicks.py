"""No click is lost when the browser's next message follows at once.

A message of the browser holds the values of all widgets, but a click only once. Streamlit 1.67
calls the callback of a click shortly before it runs the page, and by then the next message may be
there. With `runner.fastReruns`, which .streamlit/config.toml turns off, a run that has not begun
ends with the next message, and its click with it (`AppSession.request_rerun`). Without, messages
wait for each other, and the clicks of those that wait are kept. But a run still ends before its
callbacks (`SafeSessionState.on_script_will_rerun`), or in the middle of one, where it uses
`st.session_state` or `st.query_params`. And the browser sends what two fragments have to say at
the same time as one message that names one of them: the other one is not drawn, and does not see
the click of its button. `complete_clicks` mends that.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import ScriptRunner, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState


def complete_clicks() -> None:
    """Let a run of a page complete its callbacks, and draw each fragment whose button is clicked.

    Otherwise it could end before that, for a newer message or for another fragment.
    """
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
        draw_what_is_clicked(self._state, fresh_widget_states)


def draw_what_is_clicked(state: SessionState, sent: WidgetStates | None) -> None:
    """Ask for a run of the fragments whose buttons a message clicks, but which it does not name.

    They see the click then; its callback, if it has one, has been called already.
    """
    context, clicks = get_script_run_ctx(), state._filter_active_trigger_widget_states(sent)
    if clicks is None or context is None or not context.fragment_ids_this_run:
        return
    known = state._new_widget_state.widget_metadata
    missed = {known[one.id].fragment_id for one in clicks.widgets if one.id in known}
    drawn, storage = context.fragment_ids_this_run, context.fragment_storage
    missed = {one for one in missed if one not in drawn}
    missed = {one for one in missed if one is None or not storage.has_ancestor_in(one, drawn)}
    if missed and context.script_requests is not None:
        rerun = replace(
            state._build_full_app_rerun(context),
            fragment_id_queue=[] if None in missed else sorted(filter(None, missed)),
            replay_trigger_states=clicks,
            replay_trigger_values=state._capture_replay_trigger_values(clicks),
        )
        context.script_requests.request_rerun(rerun)


@contextmanager
def uninterrupted(state: SafeSessionState) -> Generator[None]:
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
