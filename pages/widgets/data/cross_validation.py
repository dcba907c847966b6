"""Cross-validation: train the network again, each time without another fold; compare the scores."""

from __future__ import annotations

from time import perf_counter

import pandas as pd
import streamlit as st

from engine.data import Dataset
from engine.evaluation import fold_run, fold_scores, fold_summary
from engine.training import Run
from pages.figures.base.text import count
from pages.widgets.data.table_session import DatasetBuilder, table_session, trained_builder
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.session import current

COUNTS = (3, 5, 10)


class CrossValidation:
    """Train the folds of a run's data one after another."""

    def __init__(self, count: int, run: Run, made: DatasetBuilder) -> None:
        self.count, self.of, self.made = count, run, made.choosing()
        self.epochs = max(run.epochs, 1)
        self.scores: list[dict[str, float]] = []
        self.run: Run | None = None
        self.ended = ""  # why it ended; "" while it runs

    def advance(self, seconds: float) -> bool:
        """Train for `seconds`; return whether all folds are done."""
        end = perf_counter() + seconds
        while not self.ended and perf_counter() < end:
            try:
                self.step(end - perf_counter())
            except ValueError as reason:
                self.ended = str(reason)
        return bool(self.ended)

    def step(self, seconds: float) -> None:
        """Train the current fold for `seconds` and score it when it is done."""
        if self.run is None:
            config = self.of.config_at(self.epochs)
            self.run = fold_run(self.made, config, self.count, len(self.scores) + 1)
        self.run.advance(self.epochs - self.run.epochs, seconds)
        if self.run.epochs >= self.epochs or self.run.ended:
            self.scores.append(fold_scores(self.run))
            self.run = None
        if len(self.scores) == self.count:
            self.ended = "done"

    def share(self) -> tuple[float, str]:
        """Return how much is done, from 0 to 1 and in words."""
        inside = self.run.epochs / self.epochs if self.run else 0.0
        done = min((len(self.scores) + inside) / self.count, 1.0)
        return done, f"Fold {min(len(self.scores) + 1, self.count)} of {self.count}"

    def stop(self) -> None:
        """Stop the training of the folds."""
        self.ended = f"Stopped after {len(self.scores)} of {self.count} folds."

    def stopped(self) -> bool:
        """Return whether it has ended."""
        return bool(self.ended)


def draw_cross_validation(data: Dataset, part: str) -> None:
    """Draw the number of folds, train them and draw their scores."""
    run, made = current()[0], trained_builder()
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    many = left.selectbox("Folds", COUNTS, 1, key="own.foldcount")
    if right.button("Train the folds", icon=":material/call_split:", key="own.folds") and made:
        table_session().folds = CrossValidation(many, run, made)
    st.caption(
        "Each fold is held out once, and a new network learns from the other folds. It trains for "
        f"as many epochs as this run ({count(max(run.epochs, 1))}). The test part is not used."
    )
    state = table_session().folds
    if not isinstance(state, CrossValidation) or state.of is not run:
        return
    if finished(Job(state.advance, state.share, state.stop, state.stopped), "own.folding"):
        draw_fold_scores(state)


def draw_fold_scores(state: CrossValidation) -> None:
    """Draw the score of each fold, their mean and standard deviation."""
    if state.ended != "done":
        foreign.info(state.ended)
    if state.scores:
        table = pd.DataFrame(state.scores)
        table.index = pd.Index([f"fold {k}" for k in range(1, len(table) + 1)])
        st.dataframe(
            pd.concat([table, fold_summary(state.scores).T]).style.format(precision=3),
            alt="Scores of the folds, their mean and standard deviation",
        )
