"""Cross-validation: train the network again, each time without another fold; compare the scores."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from engine.data import Dataset
from engine.evaluation import fold_summary, shown_scores
from engine.language import tr
from engine.training import Run
from pages.figures.base.text import count
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.data.table_session import DatasetBuilder, table_session, trained_builder
from pages.widgets.session import current
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.progress import DONE, progress_of, remote_work

COUNTS = (3, 5, 10)


class CrossValidation:
    """The training of the folds of a run's data, one after another."""

    def __init__(self, count: int, run: Run, made: DatasetBuilder) -> None:
        self.count, self.of = count, run
        epochs = max(run.epochs, 1)
        self.work: RemoteWork[list[dict[str, float]]] = remote_work(
            "cross-validate", made.source, run.config_at(epochs), count, epochs
        )
        self.ended = ""  # why it ended; "" while it runs

    @property
    def scores(self) -> list[dict[str, float]]:
        """Return the scores of the finished folds."""
        return self.work.parts

    def advance(self, seconds: float) -> bool:
        """Wait for `seconds`; return whether it has ended."""
        try:
            if not self.ended and self.work.advance(seconds):
                self.ended = DONE
        except ValueError as reason:
            self.ended = str(reason)
        return bool(self.ended)

    def share(self) -> tuple[float, str]:
        """Return how much is done, from 0 to 1 and in words."""
        words = tr(
            "Fold {fold} of {count}",
            fold=min(len(self.scores) + 1, self.count),
            count=self.count,
        )
        return progress_of(self.work, words)

    def stop(self) -> None:
        """Stop the training of the folds."""
        self.ended = tr(
            "Stopped after {done} of {count} folds.", done=len(self.scores), count=self.count
        )
        self.work.stop()

    def stopped(self) -> bool:
        """Return whether it has ended."""
        return bool(self.ended)


def draw_cross_validation(data: Dataset, part: str) -> None:
    """Draw the number of folds, train them and draw their scores."""
    run, made = current()[0], trained_builder()
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    many = left.selectbox(tr("Folds"), COUNTS, 1, key="own.foldcount")
    if right.button(tr("Train the folds"), icon=":material/call_split:", key="own.folds") and made:
        before = table_session().folds
        if isinstance(before, CrossValidation):
            before.stop()
        table_session().folds = CrossValidation(many, run, made)
    st.caption(
        tr(
            "Each fold is held out once, and a new network learns from the other folds. "
            "It trains for as many epochs as this run ({epochs}). The test part is not "
            "used.",
            epochs=count(max(run.epochs, 1)),
        )
    )
    state = table_session().folds
    if not isinstance(state, CrossValidation) or state.of is not run:
        return
    if finished(Job(state.advance, state.share, state.stop, state.stopped), "own.folding"):
        draw_fold_scores(state)


def draw_fold_scores(state: CrossValidation) -> None:
    """Draw the score of each fold, their mean and standard deviation."""
    if state.ended != DONE:
        foreign.info(state.ended)
    if state.scores:
        table = pd.DataFrame(state.scores)
        table.index = pd.Index([tr("fold {number}", number=k) for k in range(1, len(table) + 1)])
        st.dataframe(
            shown_scores(pd.concat([table, fold_summary(state.scores).T])).style.format(
                precision=3
            ),
            alt=tr("Scores of the folds, their mean and standard deviation"),
        )
