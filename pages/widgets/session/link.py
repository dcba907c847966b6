"""The link that a visitor comes with: its settings, and the run that they make."""

from __future__ import annotations

from collections.abc import Mapping

from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine.training import MOST_EPOCHS, OWN, Config, write_events
from pages.figures.base.url import choices_of_link, read_link
from pages.widgets.session.changes import undivided
from pages.widgets.session.new_run import new_run
from pages.widgets.session.opening import Opening
from pages.widgets.session.visitor_session import other_sessions, session


@undivided
def load_from_url(query: Mapping[str, str]) -> None:
    """Load the settings of the visitor's link.

    Later the player writes the address bar, so its content is already known then; unless the
    visitor went back to an address of another run.
    """
    own = session()
    if own.run is not None and not (query and went_back() and shows_other_run(query)):
        return
    own.tried = None
    own.config, own.notes = Config.from_query(choices_of_link(query))
    link, notes = read_link(query)
    own.notes += notes
    waiting = own.config if own.config.dataset == OWN else None
    own.opening = Opening(link, 0, link.epoch or 0, link.check, link.example, waiting)
    own.pair = link.pair
    new_run(link.events)
    own.opening.linked_run = own.run_number
    others = other_sessions(own)  # none ends meanwhile: it would not forget a run asked for later
    own.live.begin_at(own.opening.goto, [one.live for one in others])
    if own.run is not None:
        own.config = own.run.config_at(MOST_EPOCHS)  # the side bar shows what holds in the end


def went_back() -> bool:
    """Return whether the page is drawn because of the browser's Back or Forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return bool(getattr(context, "is_history_navigation", False))


def shows_other_run(query: Mapping[str, str]) -> bool:
    """Return whether the run of an address differs from the current one."""
    own = session()
    if own.run is None or own.live.standing is None:
        return True
    config, _ = Config.from_query(choices_of_link(query))
    events = write_events(own.live.standing.events)
    return config != own.run.config or query.get("events", "") != events
