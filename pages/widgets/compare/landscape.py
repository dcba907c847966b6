"""The landscape: the loss around a run's weights, and along the way that its next step takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, nan

import streamlit as st

from engine.analysis import LandscapeResult, LineSearch
from engine.language import marked, tr
from engine.training import Run
from pages.figures.compare.landscape import landscape, landscape_in_words, relief
from pages.figures.compare.line_search import line_search, line_search_in_words
from pages.live.jobs.experiments import Surveyed
from pages.live.jobs.remote_work import RemoteWork
from pages.live.view import specification
from pages.widgets.session import current, of_session, session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, in_slices
from pages.widgets.shell.charts import picture
from pages.widgets.shell.progress import progress_of, remote_work

KINDS = {"path": marked("training path"), "random": marked("random directions")}
SIDES = {31: marked("coarse"), 61: marked("fine"), 101: marked("very fine")}
VIEWS = {False: marked("flat"), True: marked("3-D")}


class Survey:
    """A loss landscape in progress, or its result with the line search."""

    def __init__(self, run: Run, epoch: int, kind: str, points: int, seed: int) -> None:
        self.run, self.events = run, list(run.events)  # a change since then makes another run
        self.epoch, self.kind = epoch, kind
        made_from = specification(run, inf)
        self.work: RemoteWork[Surveyed] = remote_work(
            "survey landscape", made_from, epoch, kind, points, seed
        )


@dataclass
class LandscapeState:
    """The landscape that this visitor asked for last."""

    survey: Survey | None = None


def landscape_state() -> LandscapeState:
    """Return this visitor's state of the section."""
    return of_session("landscape", LandscapeState)


@st.fragment
def landscape_section(run: Run | None = None, at: Callable[[], int] | None = None) -> None:
    """Draw the section for the Train page's run, or for another one.

    `at` returns the epoch shown.
    """
    st.subheader(tr("Loss landscape"), anchor=False)
    st.caption(
        tr(
            "The loss for weights on a plane around the current ones, with the training path, and "
            "the loss along the gradient, the direction of the next step."
        )
    )
    run = run or current()[0]
    draw_landscape_fields(run, at or (lambda: session().screen.shown))
    seen = landscape_state().survey
    if seen is None or seen.run is not run or seen.events != run.events:
        return
    try:
        if not in_slices(survey_job(seen), "landscape"):
            return
    except ValueError as reason:
        stop_survey()
        foreign.info(str(reason))
        return
    around(seen, seen.work.result.land)
    ahead(seen.work.result.along)


def stop_survey() -> None:
    """Stop the landscape and forget it."""
    state = landscape_state()
    if state.survey is not None:
        state.survey.work.stop()
    state.survey = None


def draw_landscape_fields(run: Run, at: Callable[[], int]) -> None:
    """Draw the choice of plane and resolution, and the button."""
    kinds, sides, seeds, go = st.columns([3, 2, 1, 2], vertical_alignment="bottom")
    kind = kinds.segmented_control(
        tr("Plane along"),
        list(KINDS),
        default="path",
        format_func=lambda kind: tr(KINDS[kind]),
        required=True,
        help=tr(
            "The directions of the training path show most of the path. Random directions, scaled "
            "to the weights of each unit, make networks comparable."
        ),
        key="landscape.kind",
    )
    points = sides.segmented_control(
        tr("Points"),
        list(SIDES),
        default=61,
        format_func=lambda points: tr(SIDES[points]),
        required=True,
        key="landscape.n",
    )
    seed = 0
    if kind == "random":
        seed = seeds.number_input(
            tr("Seed"),
            0,
            9999,
            0,
            help=tr("Another seed gives other directions."),
            key="landscape.s",
        )
    if go.button(
        tr("Compute at the epoch shown"), icon=":material/landscape:", key="landscape.now"
    ):
        stop_survey()
        epoch = min(at(), run.epochs)  # asked first: then a run that is a copy has followed
        landscape_state().survey = Survey(run, epoch, kind, points, int(seed))


def survey_job(seen: Survey) -> Job:
    """Return the job that computes the losses on the plane; a stop discards them."""
    state = landscape_state()
    return Job(
        seen.work.advance,
        lambda: progress_of(seen.work, tr("Computing the losses")),
        stop_survey,
        lambda: state.survey is not seen,
    )


def around(seen: Survey, land: LandscapeResult) -> None:
    """Draw the plane, flat or in 3-D."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    words = landscape_in_words(land, seen.kind)
    left.markdown(tr("**Around epoch {epoch:,}**", epoch=seen.epoch))
    left.caption(words)
    view = right.segmented_control(
        tr("View"),
        list(VIEWS),
        default=False,
        format_func=lambda view: tr(VIEWS[view]),
        required=True,
        label_visibility="collapsed",
        key="landscape.view",
    )
    figure = (relief if view else landscape)(land, seen.kind)
    picture(figure, words, key="landscape.relief" if view else "landscape.plane")


def ahead(along: LineSearch) -> None:
    """Draw the line search, and what it shows about the learning rate."""
    st.markdown(tr("**Along the gradient**"))
    foreign.caption(along.sentence)
    edge = along.edge if isfinite(along.edge) else nan
    given = (along.losses, along.rate, along.best, edge)
    picture(
        line_search(along.steps, along.losses, along.parabola, along.rate, along.best, edge),
        line_search_in_words(*given),
        key="landscape.line",
    )
