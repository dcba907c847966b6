"""What a visitor chooses: settings, a problem, a preset, the axes of the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.evaluation import Pair, from_same_column
from engine.language import tr
from engine.problems import PRESETS, PROBLEMS
from engine.training import CHOICES, LIVE, OWN, Config, Run, output_loss_pairs
from pages.live.view import Standing
from pages.widgets.session.changes import undivided
from pages.widgets.session.current_run import known_run
from pages.widgets.session.new_run import new_run, open_with
from pages.widgets.session.visitor_session import Session, session


@undivided
def choose(**choices: Any) -> None:
    """Make these choices; if they do not fit together, say so and change nothing."""
    own, run = session(), known_run()
    try:
        config = replace(own.config, **choices)
    except ValueError as reason:
        own.notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    if config == own.config:
        return
    locked = locked_changes(own, config)
    if locked:
        own.notes.append(
            tr("The link locks {settings}. Nothing was changed.", settings=tr(", ").join(locked))
        )
        return
    own.config, own.tried = config, None
    own.opening.leave()
    if not only_live(config, run) or is_at_start(own, run):
        new_run()


def locked_changes(own: Session, config: Config) -> list[str]:
    """Return the labels of the settings that the link locks and that `config` would change."""

    def value(config: Config, name: str) -> object:
        return config.seed_of_data if name == "data_seed" else getattr(config, name)

    names = own.controls.locked
    return [tr(CHOICES[n].label) for n in names if value(config, n) != value(own.config, n)]


def is_at_start(own: Session, run: Run) -> bool:
    """Return whether a run is as it began for its visitor; some epochs are trained ahead."""
    stands = own.live.standing or Standing.of(run)
    screen = own.screen
    still = screen.looked == own.run_number and screen.shown == 0 and not screen.playing
    return not stands.events and (stands.epochs == 0 or still)


def only_live(config: Config, run: Run) -> bool:
    """Return whether a config differs from the run's in live choices only."""
    live = {name: getattr(config, name) for name in LIVE}
    return replace(run.config, **live) == config


@undivided
def pick_problem(name: str) -> None:
    """Open a problem with the choices that suit it; what the link locks stays as it is."""
    own, now = session(), session().config
    suggested = (
        PROBLEMS[name].suggested if name != OWN else own.table.suggested if own.table else {}
    )
    locked = {setting: getattr(now, setting) for setting in own.controls.locked}
    config = Config(dataset=name, seed=now.seed, data_seed=now.data_seed)
    try:
        config = replace(config, **{**suggested, **locked})
    except ValueError as reason:
        own.notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    open_with(config)


def pick_preset(name: str) -> None:
    """Open a preset as it is."""
    open_with(PRESETS[name].config)


@undivided
def pick_output(output: str) -> None:
    """Choose an output; set the loss to "auto" and say so if the two do not fit together."""
    own, data = session(), known_run().dataset
    fits = output == "auto" or own.config.loss == "auto"
    if fits or (output, own.config.loss) in output_loss_pairs(data.task):
        choose(output=output)
        return
    own.notes.append(
        tr(
            'The loss {loss} does not fit a {output} output; the loss was set to "auto".',
            loss=own.config.loss,
            output=output,
        )
    )
    choose(output=output, loss="auto")


@undivided
def choose_map_axes(pair: Pair) -> None:
    """Choose the inputs of the map; refuse two that are the same."""
    if len(set(pair)) < len(pair):
        session().notes.append(tr("Choose two different inputs for the map. Nothing was changed."))
        return
    if from_same_column(known_run().dataset, pair):
        session().notes.append(
            tr(
                "These two inputs come from the same column, so the map would show only a few "
                "points. Choose inputs from two columns, or components. Nothing was changed."
            )
        )
        return
    session().pair = pair
