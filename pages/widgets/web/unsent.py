"""Everything that a finished run of a page has drawn reaches the browser.

The messages of a run wait until the server sends them. When a fragment runs before that, Streamlit
1.67 leaves out what the finished run has drawn of that fragment, as it is drawn anew, but it keeps
the message that the whole page is drawn (`ForwardMsgQueue.clear`). At that message the browser
removes what the run has not drawn: the player, for instance, which is built again a moment later,
without its focus, its film, and a click that came in between. `keep_what_is_drawn` mends that.
"""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

WHOLE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
usual_clear = ForwardMsgQueue.clear


def keep_what_is_drawn() -> None:
    """Let the queue of a session keep what a finished run of the page has drawn."""
    ForwardMsgQueue.clear = clear


def clear(
    self: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """Empty the queue; for a fragment, nothing is taken out if the whole page is drawn in it."""
    if fragment_ids_this_run is not None and any(map(is_end_of_page, self._queue)):
        self._delta_index_map = {}  # what comes is not merged with what is there
    else:
        usual_clear(self, retain_lifecycle_msgs, fragment_ids_this_run)


def is_end_of_page(message: ForwardMsg) -> bool:
    """Return whether a message says that the whole page is drawn."""
    return message.WhichOneof("type") == "script_finished" and message.script_finished == WHOLE
