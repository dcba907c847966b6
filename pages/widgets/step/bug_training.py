"""Train the right program and one with a bug side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from engine.gradcheck import (
    NEEDS,
    BuggyRun,
    GradientCheck,
    GradientCheckResult,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.problems import PRESETS, load
from engine.training import Config, Run
from pages.figures.base.palette import themed
from pages.figures.base.text import count, number
from pages.figures.step.gradient_check import right_and_wrong_curves
from pages.figures.step.gradient_check_text import bug_headline, race_in_words, tensors_in_words
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.session import session
from pages.widgets.shell.theme import COLOURS, theme
from pages.widgets.step.bug_session import bug_session

CHECKED = (0, 100)  # epochs
QUICK, LEAST = (
    (600, 100),
    10,
)  # parameters of a check here: all up to the first, else the second per layer
AFFORDABLE = 3_000_000_000  # multiplications of a check
MOST_EPOCHS = 5000
PLACES = {"own": "These settings", "example": "The example problem"}


@dataclass
class BugExperiment:
    """Two runs from the same start, and the checks of the wrong one."""

    key: tuple
    right: Run
    wrong: BuggyRun
    goal: int
    findings: dict[int, GradientCheckResult] = field(default_factory=dict)
    stopped: bool = False

    @property
    def done(self) -> bool:
        return all(run.ended or run.epochs >= self.goal for run in (self.right, self.wrong))


def draw_bug_training(run: Run) -> None:
    """Train the right and the wrong program from the same start and compare them."""
    bugs = bug_session()
    st.subheader("Train with the bug", anchor="mistake")
    if not bugs.active_bug:
        st.caption("Choose a bug above, or pick a random one, to see its effect on training.")
        return
    left, middle, right = st.columns([3, 2, 3], vertical_alignment="bottom")
    place = left.segmented_control(
        "On",
        list(PLACES),
        default="own",
        format_func=PLACES.__getitem__,
        required=True,
        key="lab.place",
    )
    try:
        config = bug_training_config(run, place)
        goal = middle.number_input(
            "Epochs", 1, MOST_EPOCHS, min(config.epochs or 500, MOST_EPOCHS), key=f"lab.{place}"
        )
        key = (session().run_number, place, bugs.active_bug, goal)
        if right.button("Train both", type="primary", icon=":material/science:", key="lab.train"):
            data = run.dataset if place == "own" else load(config)
            pair = Run(config, data), BuggyRun(config, data, bugs.active_bug)
            st.session_state["bug_experiment"] = BugExperiment(key, *pair, goal)
    except ValueError as reason:
        foreign.info(str(reason), ":material/block:")
        return
    lab: BugExperiment | None = st.session_state.get("bug_experiment")
    if lab is not None and lab.key == key and finished(training_job(lab), "lab"):
        draw_bug_outcome(lab)


def bug_training_config(run: Run, place: str) -> Config:
    """Return the config to train with: the person's own, or the measured example's."""
    if place == "own":
        return run.config
    return replace(PRESETS["mistakes"].config, **NEEDS.get(bug_session().active_bug, {}))


def training_job(lab: BugExperiment) -> Job:
    """Return the job that trains both runs to the goal."""

    def advance(seconds: float) -> bool:
        for run in (lab.right, lab.wrong):
            run.advance(max(lab.goal - run.epochs, 0), seconds / 2)
        return lab.done

    def share() -> tuple[float, str]:
        least = min([run.epochs for run in (lab.right, lab.wrong) if not run.ended], default=0)
        return least / lab.goal, f"Epoch {count(least)} of {count(lab.goal)}"

    return Job(advance, share, lambda: setattr(lab, "stopped", True), lambda: lab.stopped)


def finding(lab: BugExperiment, epoch: int) -> GradientCheckResult:
    """Return the check of the wrong run at an epoch."""
    if epoch not in lab.findings:
        run = lab.wrong
        theta, config = run.training_at(epoch).network.theta, run.config
        training = training_for_check(config, run.dataset, theta, run.bug)
        batch = batch_for(training, config.batch_size)
        work = 2 * len(theta) * batch.y.shape[1] * len(training.network.layers)
        per_layer = max(LEAST, min(QUICK[1], AFFORDABLE // work))
        check = GradientCheck(
            training, batch, chosen=sample_parameters(training, QUICK[0], per_layer)
        )
        check.advance()
        lab.findings[epoch] = check.finding()
    return lab.findings[epoch]


def draw_bug_outcome(lab: BugExperiment) -> None:
    """Draw the result of the training, and of the check at two epochs."""
    right, wrong = lab.right, lab.wrong
    metric = "accuracy" if right.dataset.classes else "R²"
    epochs = [epoch for epoch in CHECKED if epoch <= wrong.epochs]
    found = {epoch: finding(lab, epoch) for epoch in epochs}
    if wrong.diverged:
        foreign.warning(wrong.diverged, ":material/warning:")
    st.markdown(f"**{bug_headline(right.losses, wrong.losses, metric, found)}**")
    st.plotly_chart(
        themed(
            right_and_wrong_curves(right.losses, wrong.losses, metric, epochs), *COLOURS[theme()]
        ),
        theme=None,
        config={"displayModeBar": False},
        alt=race_in_words(right.losses, wrong.losses, metric),
        key="lab.race",
    )
    rows = {
        f"epoch {epoch}": {
            "largest error": number(float(one.error[one.worst]), 2) if one.worst >= 0 else "–",
            **tensors_in_words(one.tensors),
        }
        for epoch, one in found.items()
    }
    names = list(next(iter(rows.values())))
    columns = {name: [row[name] for row in rows.values()] for name in names}
    st.table({"checked at": list(rows), **columns}, border="horizontal")
