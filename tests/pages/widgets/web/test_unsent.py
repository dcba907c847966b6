"""What a finished run has drawn is sent, also when a fragment runs before that."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.widgets.web.unsent import clear

DONE = ForwardMsg.ScriptFinishedStatus


def drawn(text: str, fragment: str = "", place: int = 0) -> ForwardMsg:
    """A message that draws a text at a place, in a fragment or outside."""
    message = ForwardMsg()
    message.delta.new_element.text.body = text
    message.delta.fragment_id = fragment
    message.metadata.delta_path[:] = [0, place]
    return message


def queue_of(*messages: ForwardMsg, end: int = DONE.FINISHED_SUCCESSFULLY) -> ForwardMsgQueue:
    """A queue with what a run has drawn, and the message of its end."""
    queue = ForwardMsgQueue()
    for message in (*messages, ForwardMsg(script_finished=end)):
        queue.enqueue(message)
    return queue


def texts(queue: ForwardMsgQueue) -> list[str]:
    return [
        message.delta.new_element.text.body
        for message in queue.flush()
        if message.WhichOneof("type") == "delta"
    ]


def test_the_player_of_a_page_that_is_drawn_is_kept_before_its_fragment_runs_again():
    queue = queue_of(drawn("heading"), drawn("player", "f", 1))
    clear(queue, True, ["f"])
    queue.enqueue(drawn("newer player", "f", 1))
    assert texts(queue) == ["heading", "player", "newer player"]


def test_what_a_page_was_cut_short_in_is_left_out():
    """The end of such a run removes nothing, and the newer run draws all of it again."""
    early = DONE.FINISHED_EARLY_FOR_RERUN
    queue = queue_of(drawn("heading"), drawn("player", "f", 1), end=early)
    clear(queue, True, ["f"])
    assert texts(queue) == ["heading"]


def test_a_new_run_of_the_whole_page_leaves_out_what_the_last_one_has_drawn():
    queue = queue_of(drawn("heading"), drawn("player", "f", 1))
    clear(queue, True)
    assert texts(queue) == []
    queue = queue_of(drawn("heading"))
    queue.clear()
    assert queue.is_empty()
