"""Look closer: every finding, and the history of each unit and each layer over the whole run.

The run is replayed in a process of its own; nothing is computed before a person asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from engine.analysis import UnitSample
from engine.diagnosis import RULES
from engine.language import tr
from engine.training import Run
from pages.figures.base.text import count
from pages.figures.train.unit_history import histograms, rates, ratios, unit_history
from pages.figures.train.unit_history_text import (
    histograms_in_words,
    rates_in_words,
    ratios_in_words,
    unit_history_in_words,
)
from pages.live.jobs.remote_work import RemoteWork
from pages.live.jobs.unit_history import EpochReport
from pages.live.view import specification
from pages.widgets.session import current, known_run, of_session, session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, in_slices
from pages.widgets.shell.charts import draw_figure
from pages.widgets.shell.foreign import literal
from pages.widgets.shell.frame import redraw_if_due
from pages.widgets.shell.progress import progress_of, remote_work


class Look:
    """A closer look at a run up to an epoch: what is there of it so far."""

    def __init__(self, run: Run, epoch: int) -> None:
        self.run, self.epoch = run, epoch
        self.events = list(run.events)  # a change since then makes another run of it
        self.work: RemoteWork[list[UnitSample]] = remote_work(
            "look closer", specification(run), epoch
        )

    @property
    def report(self) -> EpochReport | None:
        """Return what is shown of the epoch itself; None if it is not there yet."""
        return self.work.parts[0] if self.work.parts else None

    @property
    def samples(self) -> list[UnitSample]:
        """Return the samples taken so far."""
        return self.work.parts[1:]


@dataclass
class UnitHistoryState:
    """The closer look that this visitor asked for last."""

    look: Look | None = None


def unit_history_state() -> UnitHistoryState:
    """Return this visitor's state of the section."""
    return of_session("unit_history", UnitHistoryState)


@st.fragment
def closer() -> None:
    """Draw the closer look at the epoch for which the person asked."""
    redraw_if_due()
    state = unit_history_state()
    st.subheader(tr("Look closer"), anchor=False)
    st.caption(
        tr(
            "The error term of each unit over all epochs, the outputs of the units, the size of "
            "the steps relative to the weights, and the effective learning rate of each weight."
        )
    )
    if st.button(tr("Look at the epoch shown"), icon=":material/frame_inspect:", key="closer.now"):
        run, _ = current()
        epoch = min(session().screen.shown, run.epochs)
        if state.look is not None:
            state.look.work.stop()
        state.look = Look(run, epoch)
    seen = state.look
    if seen is None or seen.run is not known_run():
        return
    run, _ = current()
    if seen.events != run.events:
        return
    try:
        if not in_slices(look_job(seen), "closer"):
            return
    except ValueError as reason:  # what was there before stays
        foreign.error(str(reason), ":material/error:")
    if seen.report is not None:
        draw_look(seen, seen.report)


def draw_look(seen: Look, report: EpochReport) -> None:
    """Draw what is there of a closer look."""
    draw_findings(report, seen.epoch)
    if seen.run.network.sizes[1:-1] and seen.samples:
        draw_history(seen)
    draw_spread(report)
    draw_steps(seen, report)


def look_job(seen: Look) -> Job:
    """Return the job that samples the epochs; after a stop, the samples so far are shown."""
    what = tr("Going through the epochs up to {epoch}", epoch=count(seen.epoch))
    return Job(
        seen.work.advance,
        lambda: progress_of(seen.work, what),
        seen.work.stop,
        lambda: seen.work.stopped,
    )


def draw_findings(report: EpochReport, epoch: int) -> None:
    """Draw all findings of the rules at the epoch."""
    found = report.findings
    st.markdown(tr("**Findings at epoch {epoch:,}**", epoch=epoch))
    if not found:
        st.caption(tr("None of {rules} rules finds a problem.", rules=len(RULES)))
    for one in found:
        st.markdown(
            tr(
                "- **{title}.** {evidence} *{remedy}*",
                title=literal(one.title),
                evidence=literal(one.evidence),
                remedy=literal(one.remedy),
            )
        )


def draw_history(seen: Look) -> None:
    """Draw the error term of each hidden unit over the epochs."""
    epochs = [one.epoch for one in seen.samples]
    deltas = np.column_stack([one.delta for one in seen.samples])
    hidden = seen.run.network.sizes[1:-1]
    draw_with_caption(
        unit_history(epochs, deltas, hidden),
        unit_history_in_words(epochs, deltas, hidden),
        "history",
        tr(
            "Mean |δ| of each hidden unit, on a log scale. In an empty cell δ is 0: the row of a "
            "dead unit is empty. Equal rows are equal units."
        ),
    )


def draw_spread(report: EpochReport) -> None:
    """Draw the distribution of activations and error terms of each layer at the epoch."""
    answers, deltas = report.outputs, report.deltas
    draw_with_caption(
        histograms(answers, deltas),
        histograms_in_words(answers, deltas),
        "spread",
        tr(
            "Where most outputs are at the ends of their range, units are saturated. Where most "
            "error terms are 0, the weights hardly learn."
        ),
    )


def draw_steps(seen: Look, report: EpochReport) -> None:
    """Draw the size of steps relative to the weights and to the gradient."""
    epochs = [one.epoch for one in seen.samples if one.epoch]
    left, right = st.columns(2)
    with left:
        if epochs:
            table = np.array([one.ratio for one in seen.samples if one.epoch])
            draw_with_caption(
                ratios(epochs, table),
                ratios_in_words(epochs, table),
                "ratios",
                tr(
                    "The size of a step divided by the size of the layer's weights: the mean "
                    "over the steps of an epoch. About 0.001 is good. Much more makes training "
                    "unstable; much less makes it slow."
                ),
            )
    with right:
        found = report.steps
        if found is not None:
            draw_with_caption(
                rates(found.rates, found.rate),
                rates_in_words(found.rates, found.rate),
                "rates",
                tr(
                    "Step divided by gradient for each weight, over the steps of the epoch. With "
                    "plain gradient descent it is the learning rate; with Adam it is larger for "
                    "weights with small gradients."
                ),
            )
        else:
            st.caption(tr("Train first: the effective learning rates are computed from the steps."))


def draw_with_caption(figure: go.Figure, alt: str, name: str, caption: str) -> None:
    """Draw a figure with its title, its description and a caption."""
    st.markdown(f"**{figure.layout.meta['title']}**")
    st.caption(caption)
    draw_figure(figure, alt, f"closer.{name}")
