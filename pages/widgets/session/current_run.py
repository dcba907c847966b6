"""The run that the visitor has now, and the epoch of it on the screen."""

from __future__ import annotations

from engine.data import Dataset
from engine.training import MOST_EPOCHS, Run
from pages.widgets.session.changes import undivided
from pages.widgets.session.link import load_from_url
from pages.widgets.session.visitor_session import session


def known_run() -> Run:
    """Return the current run, of which what was trained since it was last read may be missing.

    Its first choices and its data are always right, and to read them costs nothing.
    """
    run = session().run
    if run is None:
        load_from_url({})
        return known_run()
    return run


def current() -> tuple[Run, Dataset]:
    """Return the current run, brought up to what its player was shown, and its data."""
    own = session()
    own.live.follow(own.screen.shown)
    run = known_run()
    return run, run.dataset


def epoch_shown() -> int:
    """Return the epoch on the visitor's screen; at first the last or best one."""
    own, (run, _) = session(), current()
    if own.screen.shown or own.screen.looked == own.run_number:
        return min(own.screen.shown, run.epochs)
    return run.best if run.finished else run.epochs


def look_at(epoch: int) -> None:
    """Note that this epoch is on the visitor's screen."""
    own, (run, _) = session(), current()
    own.screen.shown, own.screen.looked = min(epoch, run.epochs), own.run_number


@undivided
def restore_run(run: Run, epoch: int | None = None) -> None:
    """Replace the current run by a saved one, at the epoch that was shown."""
    own = session()
    own.config = run.config_at(MOST_EPOCHS)
    own.live.replace(run)
    own.opening.leave()
    own.opening.example, own.tried = "", None
    own.pair, own.screen.shown = (), 0
    look_at(epoch_shown() if epoch is None else epoch)
