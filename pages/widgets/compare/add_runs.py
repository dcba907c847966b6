"""Duels: what the first run is compared with, one click each."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from engine.comparison import MOST_RUNS, PAIRS, optimizer_race
from engine.language import tr
from engine.training import CHOICES, LIVE, MOST_EPOCHS, Config
from pages.figures.base.text import many
from pages.widgets.compare.run_names import label_in_sentence, run_title, twins
from pages.widgets.compare.state import Compared, add, comparison, follow_runs, fork_first, pin
from pages.widgets.session import known_run, session
from pages.widgets.shell.binding import Binding, page_field
from pages.widgets.shell.frame import PAGES


def choosing() -> None:
    """Draw the side bar: pairs, the Train page's run, a comparison of optimizers and a fork."""
    follow_runs(st.query_params.to_dict())
    with st.sidebar:
        pairs()
        st.button(
            tr("Compare optimizers"),
            icon=":material/sports_score:",
            disabled=not {"optimizer", "learning_rate"}.isdisjoint(session().controls.fixed),
            help=tr(
                "Run 1 with six optimizers, each with a suitable learning rate. All start alike."
            ),
            on_click=line_up,
            width="stretch",
            key="compare.race",
        )
        other_twins()
        with st.popover(
            tr("Fork run 1"),
            icon=":material/alt_route:",
            width="stretch",
            key="fork",
            on_change=fork_here,
        ):
            forking()
        st.caption(tr("On the Train page: {title}.", title=run_title(known_run().config)))
        pin_button("compare.pin", width="stretch")


def pin_button(key: str, width: Literal["stretch", "content"] = "content") -> None:
    """Draw the button that adds the Train page's run to the comparison."""
    st.button(
        tr("Pin for comparison"),
        icon=":material/keep:",
        help=tr("Adds this run to the page Compare."),
        on_click=pin,
        width=width,
        key=key,
    )


def pinning() -> None:
    """Draw on the Train page the button that pins the run, and a link to the pinned ones."""
    with st.container(horizontal=True, vertical_alignment="center"):
        pin_button("train.pin")
        own = comparison()
        if own.runs and not own.borrowed:
            path, _, sign = PAGES["compare"]
            st.page_link(
                path, label=tr("Compare {runs}", runs=many(len(own.runs), "run")), icon=sign
            )


def duels() -> None:
    """Draw one button for each alternative to the first run."""
    few, _ = twins_of_first()
    st.pills(
        tr("Add a run that differs from run 1 in one choice"),
        list(few),
        help=tr("Everything else stays as in run 1, including the start weights."),
        **once("twin", few),
    )


def once(name: str, choices: dict[str, Config]) -> Binding:
    """Return key and callback of a widget that adds a twin, once for each set of runs.

    If a run of the page is interrupted, Streamlit sends the same click again, and so does a slow
    browser until the server has confirmed it: the same twin would be added twice.
    """
    drawn = comparison().number

    def touch(label: str | None) -> None:
        if label and comparison().number == drawn:
            add(Compared(choices[label]))

    return page_field(f"{name}.{drawn}", None, touch)


def twins_of_first() -> tuple[dict[str, Config], dict[str, Config]]:
    """Return the one-choice twins of the first run: a few with buttons, and the others.

    A twin that differs in what the link hides or locks is left out.
    """
    run, fixed = comparison().runs[0].run, session().controls.fixed

    def allowed(found: dict[str, Config]) -> dict[str, Config]:
        return {
            label: config
            for label, config in found.items()
            if all(getattr(config, name) == getattr(run.config, name) for name in fixed)
        }

    few, others = twins(run.config, run.dataset)
    return allowed(few), allowed(others)


def other_twins() -> None:
    """Draw the list of one-choice twins that have no button."""
    _, others = twins_of_first()
    st.selectbox(
        tr("Another choice to change"),
        list(others),
        placeholder=tr("Choose a change"),
        help=tr("Adds a run that differs from run 1 only in this choice."),
        **once("other_twin", others),
    )


def pairs() -> None:
    """Draw the choice among pairs of runs that show a known effect."""
    configs = tuple(one.config for one in comparison().runs if not one.events)
    now = next((name for name, pair in PAIRS.items() if pair.configs == configs), None)
    st.selectbox(
        tr("Pair"),
        list(PAIRS),
        format_func=lambda name: tr(PAIRS[name].title),
        index=None,
        placeholder=tr("two runs that show one effect"),
        help=tr("Shows two runs that differ in one choice."),
        **page_field("pair", now, lambda name: pick_pair(name) if name else None),
    )
    if now:
        st.caption(
            tr(
                "{claim} Look at epoch {epochs:,}.",
                claim=tr(PAIRS[now].claim),
                epochs=PAIRS[now].epochs,
            )
        )


def pick_pair(name: str) -> None:
    """Compare the two runs of a pair."""
    comparison().put([Compared(config) for config in PAIRS[name].configs], 0)


def line_up() -> None:
    """Compare the first run with every optimizer."""
    first = comparison().runs[0].config
    comparison().put([Compared(config) for config in optimizer_race(first)][:MOST_RUNS], 0)


def forking() -> None:
    """Draw the choice of a live setting of the first run that changes after an epoch."""
    own = comparison()
    run = own.runs[0].run
    epoch = own.shown if own.fork_at is None else own.fork_at
    st.number_input(
        tr("After epoch"),
        0,
        MOST_EPOCHS,
        help=tr("Until this epoch both runs are exactly the same."),
        **page_field("fork.epoch", epoch, fork_later),
    )
    free = [name for name in LIVE if name not in session().controls.fixed]
    if not free:
        return
    name = st.selectbox(
        tr("Choice"), free, format_func=lambda name: tr(CHOICES[name].label), key="fork.choice"
    )
    one, now = CHOICES[name], getattr(run.config_at(epoch), name)
    value = st.number_input(
        tr("{label} from then on", label=tr(one.label)),
        float(one.low or 0),
        float(one.high or 1),
        value=float(now),
        format="%g",
        help=tr(one.help),
        key=f"fork.{name}.{own.number}",
    )
    st.button(
        tr("Fork"),
        icon=":material/alt_route:",
        disabled=value == now,
        help=tr(
            "Choose a value other than {now:g}, the {name} of run 1.",
            now=now,
            name=label_in_sentence(name),
        )
        * (value == now),
        on_click=fork_first,
        args=(epoch, name, float(value)),
        key="fork.add",
    )


def fork_later(epoch: int) -> None:
    """Set the epoch after which the fork leaves run 1."""
    comparison().fork_at = epoch


def fork_here() -> None:
    """Let the fork leave run 1 at the epoch shown."""
    comparison().fork_at = None
