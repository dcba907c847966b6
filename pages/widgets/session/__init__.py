"""The session: what one visitor has, from the link to the run. Other rooms import it from here.

Choices flow one way: link -> Config -> widgets; a touch makes the next Config. The run follows the
Config: a live choice changes the run where it stands, any other starts a new one.

To read, each module uses those before it
    streamlit_state   the values that stand in Streamlit's state
    opening           what the link asks for
    screen            what is on the visitor's screen
    own_table         the visitor's own table
    live_player       what a player of runs has
    visitor_session   all of this for one visitor
    changes           whole changes, one after the other
    new_run           a new run for the choices
    link              the run that the link asks for
    current_run       the run that the visitor has now
    choices           what the visitor chooses
"""

from pages.widgets.session.changes import arrive_at, pop_messages, undivided
from pages.widgets.session.choices import (
    choose,
    choose_map_axes,
    pick_output,
    pick_preset,
    pick_problem,
)
from pages.widgets.session.current_run import (
    current,
    epoch_shown,
    known_run,
    look_at,
    restore_run,
)
from pages.widgets.session.link import load_from_url
from pages.widgets.session.live_player import LivePlayer, epoch_of
from pages.widgets.session.new_run import data_for, new_run, open_with, reset
from pages.widgets.session.own_table import DataBuilder, OwnTable
from pages.widgets.session.streamlit_state import of_session, value_of, was_drawn
from pages.widgets.session.visitor_session import (
    SESSIONS,
    Session,
    other_sessions,
    session,
    session_of,
)

__all__ = [
    "SESSIONS",
    "DataBuilder",
    "LivePlayer",
    "OwnTable",
    "Session",
    "arrive_at",
    "choose",
    "choose_map_axes",
    "current",
    "data_for",
    "epoch_of",
    "epoch_shown",
    "known_run",
    "load_from_url",
    "look_at",
    "new_run",
    "of_session",
    "open_with",
    "other_sessions",
    "pick_output",
    "pick_preset",
    "pick_problem",
    "pop_messages",
    "reset",
    "restore_run",
    "session",
    "session_of",
    "undivided",
    "value_of",
    "was_drawn",
]
