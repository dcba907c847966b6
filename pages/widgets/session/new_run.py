"""A new run for the visitor's choices, or another one in its place."""

from __future__ import annotations

from engine.data import Dataset
from engine.evaluation import COMPONENTS
from engine.language import tr
from engine.problems import load_shared
from engine.training import OWN, Config, Run, read_events
from pages.figures.base.text import many
from pages.widgets.session.changes import undivided
from pages.widgets.session.visitor_session import Session, session


@undivided
def new_run(events: str = "") -> None:
    """Start a run for the current choices; keep the old run if that fails."""
    own = session()
    try:
        dataset = data_for(own.config)
        run = Run(own.config, dataset)
        taken, notes = read_events(events, run.network.sizes)
        own.live.replace(Run(own.config, dataset, taken) if taken else run)
    except ValueError as reason:
        own.notes.append(str(reason))
        own.config = Config()
        if own.run is None:
            own.live.replace(Run(own.config, data_for(own.config)))
        else:
            own.live.follow(own.screen.shown)
            own.config = own.run.config_at(own.run.epochs)
        return
    own.notes += notes
    own.screen.shown = 0
    check_map_axes(own, dataset)


def check_map_axes(own: Session, dataset: Dataset) -> None:
    """Let the map choose its axes, and say so, if the data have too few inputs for those chosen."""
    needed = 3 if own.pair == COMPONENTS else 1 + max(map(int, own.pair), default=0)
    if needed > len(dataset.input_names):
        own.notes.append(
            tr(
                "The map needs {inputs}, this problem has {known}; its axes are chosen from the "
                "data.",
                inputs=many(needed, "input"),
                known=len(dataset.input_names),
            )
        )
        own.pair = ()


def data_for(config: Config) -> Dataset:
    """Return the data of a problem, or of the visitor's own table."""
    table = session().table
    return table.build(config) if table and config.dataset == OWN else load_shared(config)


@undivided
def open_with(config: Config, events: str = "") -> None:
    """Open other choices and their data, with changes during the run; keep nothing of the view."""
    own = session()
    own.config, own.pair, own.opening.example, own.tried = config, (), "", None
    own.opening.leave()
    new_run(events)


@undivided
def reset() -> None:
    """Restart with the same choices, without the changes made during the run."""
    own = session()
    own.tried = None
    own.opening.leave()
    new_run()
