"""Prediction: every row of a table with the output of the network, shown and as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NotRequired, TypedDict, Unpack

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.evaluation import Predicted, Predicting, unused_names
from engine.export import PLAIN, Form, Writing, form_of
from engine.nn import Array
from engine.tables import LIMITS, Preparation, Prepared, Table
from engine.training import Model
from pages.figures.base.text import count, many, number, percent
from pages.widgets.data.table_session import DatasetBuilder, result_key
from pages.widgets.data.upload import LARGE
from pages.widgets.shell import foreign
from pages.widgets.shell.messages import sentences
from pages.widgets.shell.progress import DONE, Task, remote_work, wait_for, with_bar
from pages.widgets.shell.session import of_session

SHOWN = 100  # rows of predictions on the page
AT_ONCE = 200_000  # cells that are predicted and written in a moment
PART = "part of the data"
USUAL = ("utf-8", "utf-8-sig", "ascii")


class PredictionFile:
    """Write a table with its predictions into a file, in slices of time."""

    def __init__(
        self, predicting: Predicting, table: Table, form: Form, part: Array | None = None
    ) -> None:
        self.predicting, self.table, self.form, self.part = predicting, table, form, part
        self.writing: Writing | None = None

    def advance(self, seconds: float = np.inf) -> bool:
        """Work for so long; return whether all is done."""
        if self.writing is None:
            if not self.predicting.advance(seconds):
                return False
            added = self.predicting.result().added
            if self.part is not None:
                name = unused_names([PART], [*self.table.frame.columns, *added.columns])[0]
                added[name] = self.part
            frame = self.table.frame.reset_index(drop=True)
            self.writing = Writing(pd.concat([frame, added], axis=1), self.form)
            return False
        return self.writing.advance(seconds)

    @property
    def share(self) -> float:
        """Return how much is done, from 0 to 1."""
        return (self.predicting.share + (self.writing.share if self.writing else 0.0)) / 2

    def result(self) -> bytes:
        """Return the file; what is not done yet is done now."""
        while not self.advance():
            pass
        assert self.writing is not None
        return self.writing.result()


@dataclass
class SecondTable:
    """Another table to predict."""

    of: tuple[object, ...]  # the upload, and the table that the network learned from
    table: Table | None = None
    refused: str = "Reading was stopped."  # why it was not read; "" once it is
    tasks: dict[tuple[object, ...], Task[Predicting]] = field(default_factory=dict)  # by their key


@dataclass
class PredictionState:
    """The predictions that one person asked for."""

    second: SecondTable | None = None
    files: dict[tuple[object, ...], Task[PredictionFile]] = field(default_factory=dict)  # large


def prediction_state() -> PredictionState:
    """Return this person's predictions."""
    return of_session("prediction", PredictionState)


def predict_own_table(
    network: Model, made: DatasetBuilder, way: Prepared, form: Form
) -> PredictionFile:
    """Return the work of writing the network's own table with predictions, and with the parts."""
    table, part = made.table, np.full(len(made.table.frame), "not used", dtype=object)
    for name in ("train", "validation", "test"):
        part[way.rows[way.dataset.rows(name)]] = name
    return PredictionFile(
        start_prediction(network, way.preparation, table, False), table, form, part
    )


def start_prediction(
    network: Model, way: Preparation, table: Table, other: bool = True
) -> Predicting:
    """Return the work of predicting a table, another one than the network learned from or that."""
    return Predicting(network, way, table.frame, table.lines, other)


def added_words(network: Model, way: Preparation) -> list[str]:
    """Return all that predictions may add to a table in words."""
    return [way.target, *network.classes, *(one.name for one in way.fields)]


def choose_file_format(table: Table, words: list[str], key: str) -> Form:
    """Return how a file is to be written: as the table's own file, or as a plain CSV."""
    given = form_of(table, words)
    if given[:2] == PLAIN[:2] and given.encoding in USUAL:
        return given
    return st.selectbox(
        "File format",
        (given, PLAIN),
        format_func=lambda form: (
            f"{'like the original file' if form == given else 'plain CSV'}: {form}"
        ),
        key=key,
        label_visibility="collapsed",
    )


class ButtonLook(TypedDict):
    """The key and the look of a button."""

    key: str
    icon: str
    width: NotRequired[Literal["content", "stretch"]]


def draw_file_button(
    label: str,
    name: str,
    cells: int,
    make: Callable[[], PredictionFile],
    of: tuple[object, ...],
    **look: Unpack[ButtonLook],
) -> None:
    """Draw the button of a file with predictions; a large file is made first, under a bar."""
    mine = prediction_state()
    if cells <= AT_ONCE:
        st.download_button(label, lambda: make().result(), name, on_click="ignore", **look)
        return
    task = mine.files.get(of)
    if task is not None and task.ended == DONE:
        st.download_button(label, task.work.result, name, on_click="ignore", **look)
        return
    if task is not None and not task.over(f"{look['key']}.task"):
        return
    if task is not None:
        foreign.caption(task.ended)

    def begin() -> None:
        mine.files = {of: Task(make(), "Predicting and writing the rows", "Writing was stopped.")}

    st.button(f"Create {label}", **{**look, "key": f"{look['key']}.make"}, on_click=begin)


def draw_second_table(
    network: Model, way: Preparation, made: DatasetBuilder, named: Callable[[str], str]
) -> None:
    """Draw the prediction of another table."""
    st.subheader("Predict another table", anchor=False)
    file = st.file_uploader(
        "A CSV with the same columns. The target column may be missing",
        key="own.second",
        max_upload_size=LIMITS.megabytes,
    )
    if file is None:
        prediction_state().second = None
        return
    second = read_second_table(file, made)
    if second.table is None:
        foreign.error(second.refused)
        return
    key = result_key("second")
    if key not in second.tasks:
        try:
            predicting = start_prediction(network, way, second.table)
        except ValueError as reason:
            foreign.error(str(reason))
            return
        second.tasks = {key: Task(predicting, "Predicting the rows", "Predicting was stopped.")}
    task = second.tasks[key]
    if not task.over("own.predicting"):
        return
    if task.ended != DONE:
        foreign.error(task.ended)
        return
    draw_predictions(network, way, second.table, task.work.result(), named)


def read_second_table(file: UploadedFile, made: DatasetBuilder) -> SecondTable:
    """Return the uploaded table, read with the settings of the first one; read only once."""
    mine, of = prediction_state(), (file.file_id, id(made.table))
    if mine.second is None or mine.second.of != of:
        data, second = file.getvalue(), SecondTable(of)
        mine.second = second  # the click on the stop ends the script within the next lines

        def work(on_progress: Callable[[float], None]) -> None:
            reading = remote_work("read table", data, file.name, made.table.overrides)
            second.table = wait_for(reading, on_progress)
            second.refused = ""

        try:
            stop = "Stop reading" if len(data) > LARGE else ""
            with_bar("Reading the table", work, stop, "own.second.stop")
        except ValueError as reason:
            second.refused = str(reason)
    return mine.second


def draw_predictions(
    network: Model, way: Preparation, table: Table, found: Predicted, named: Callable[[str], str]
) -> None:
    """Draw the predictions for the rows of another table, and the file with them."""
    frame = table.frame.reset_index(drop=True)
    sentences([*table.notes, *found.notes])
    if way.target in frame.columns:
        draw_prediction_scores(network, way, frame, found)
    whole, marked = pd.concat([found.added, frame], axis=1), int(found.marked.sum())
    if marked:
        only = st.toggle(
            f"Show only the {many(marked, 'row')} with a remark",
            key="own.marked",
            disabled=not marked,
        )
        whole = whole[found.marked] if only else whole
    st.dataframe(whole.head(SHOWN), hide_index=True, alt="Predictions of the rows")
    if len(whole) > SHOWN:
        st.caption(f"The first {SHOWN} of {count(len(whole))} rows.")
    form = choose_file_format(table, added_words(network, way), "own.second.form")
    draw_file_button(
        f"Predictions of {many(len(frame), 'row')}",
        named("predictions.csv"),
        frame.size,
        lambda: PredictionFile(start_prediction(network, way, table), table, form),
        (*result_key("second file"), id(table), form),
        icon=":material/download:",
        key="own.predicted",
    )


def draw_prediction_scores(
    network: Model, way: Preparation, frame: pd.DataFrame, found: Predicted
) -> None:
    """Draw the score of the predictions for another table, if it has the target."""
    truth = way.truth(frame)
    if not network.classes:
        error = np.abs(found.answers - truth)
        if np.isfinite(error).any():
            unit = f" {way.reading.unit}" if way.reading.unit else f" (in units of {way.target})"
            mean = f"{number(float(np.nanmean(error)))}{unit}"
            foreign.caption(f"Where the true value is known, the mean absolute error is {mean}.")
        return
    known = (truth >= 0) & (found.answers >= 0)
    if known.any():
        right = percent(float((found.answers == truth)[known].mean()))
        rows = many(int(known.sum()), "row")
        st.caption(f"{right} of the {rows} with a known class are correct.")
