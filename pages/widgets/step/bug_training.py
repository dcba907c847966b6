"""Train the right program and one with a bug side by side."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from engine.data import Dataset
from engine.gradcheck import NEEDS
from engine.language import marked, tr
from engine.problems import PRESETS
from engine.training import OWN, Config, Run
from pages.figures.base.text import many, number
from pages.figures.step.gradient_check import right_and_wrong_curves
from pages.figures.step.gradient_check_text import bug_headline, race_in_words, tensors_in_words
from pages.live.jobs.bug_training import BugOutcome
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.session import session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.charts import draw_figure
from pages.widgets.shell.progress import progress_of, remote_work
from pages.widgets.step.bug_session import bug_session

MOST_EPOCHS = 5000
PLACES = {"own": marked("These settings"), "example": marked("The example problem")}


class BugExperiment:
    """Both programs in training, and what is known of them so far."""

    def __init__(self, key: tuple, config: Config, dataset: Dataset | None, goal: int) -> None:
        self.key, self.goal = key, goal
        self.work: RemoteWork[BugOutcome] = remote_work(
            "train with bug", config, dataset, bug_session().active_bug, goal
        )

    @property
    def done(self) -> bool:
        """Return whether it has ended."""
        return self.work.done is not None or self.work.stopped

    @property
    def outcome(self) -> BugOutcome | None:
        """Return how both have trained so far; None if nothing is known."""
        if self.work.done is not None and not self.work.failed:
            return self.work.result
        return self.work.parts[-1] if self.work.parts else None


def draw_bug_training(run: Run) -> None:
    """Train the right and the wrong program from the same start and compare them."""
    bugs = bug_session()
    st.subheader(tr("Train with the bug"), anchor="mistake")
    if not bugs.active_bug:
        st.caption(tr("Choose a bug above, or pick a random one, to see its effect on training."))
        return
    left, middle, right = st.columns([3, 2, 3], vertical_alignment="bottom")
    place = left.segmented_control(
        tr("On"),
        list(PLACES),
        default="own",
        format_func=lambda name: tr(PLACES[name]),
        required=True,
        key="lab.place",
    )
    try:
        config = bug_training_config(run, place)
        goal = middle.number_input(
            tr("Epochs"), 1, MOST_EPOCHS, min(config.epochs or 500, MOST_EPOCHS), key=f"lab.{place}"
        )
        key = (session().run_number, place, bugs.active_bug, goal)
        if right.button(
            tr("Train both"), type="primary", icon=":material/science:", key="lab.train"
        ):
            stop_bug_training()
            data = run.dataset if config.dataset == OWN else None
            st.session_state["bug_experiment"] = BugExperiment(key, config, data, goal)
        draw_experiment(key)
    except ValueError as reason:
        foreign.info(str(reason), ":material/block:")
        return


def draw_experiment(key: tuple) -> None:
    """Draw the training that was asked for, or its progress. Raises ValueError if it failed."""
    lab = bug_experiment()
    if lab is None or lab.key != key or not finished(training_job(lab), "lab"):
        return
    if lab.outcome is not None:
        draw_bug_outcome(lab.outcome)


def bug_experiment() -> BugExperiment | None:
    """Return the training that this visitor asked for last."""
    return st.session_state.get("bug_experiment")


def stop_bug_training() -> None:
    """Stop the training; what is known of it stays."""
    lab = bug_experiment()
    if lab is not None:
        lab.work.stop()


def bug_training_config(run: Run, place: str) -> Config:
    """Return the config to train with: the person's own, or the measured example's."""
    if place == "own":
        return run.config
    return replace(PRESETS["mistakes"].config, **NEEDS.get(bug_session().active_bug, {}))


def training_job(lab: BugExperiment) -> Job:
    """Return the job that trains both runs to the goal."""
    what = tr("Training both for {epochs}", epochs=many(lab.goal, "epoch"))
    return Job(
        lab.work.advance,
        lambda: progress_of(lab.work, what),
        stop_bug_training,
        lambda: lab.work.stopped,
    )


def draw_bug_outcome(lab: BugOutcome) -> None:
    """Draw the result of the training, and of the check at two epochs."""
    metric = "accuracy" if lab.classes else "R²"
    found = lab.findings
    if lab.diverged:
        foreign.warning(lab.diverged, ":material/warning:")
    st.markdown(f"**{bug_headline(lab.right, lab.wrong, metric, found)}**")
    figure = right_and_wrong_curves(lab.right, lab.wrong, metric, [*found])
    draw_figure(figure, race_in_words(lab.right, lab.wrong, metric), "lab.race")
    rows = {
        tr("epoch {epoch}", epoch=epoch): {
            tr("largest error"): number(float(one.error[one.worst]), 2) if one.worst >= 0 else "–",
            **tensors_in_words(one.tensors),
        }
        for epoch, one in found.items()
    }
    names = list(next(iter(rows.values())))
    columns = {name: [row[name] for row in rows.values()] for name in names}
    st.table({tr("checked at"): list(rows), **columns}, border="horizontal")
