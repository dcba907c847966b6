"""Prediction: every row of a table with the output of the network, shown and as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, NotRequired, TypedDict, Unpack

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.evaluation import Predicted, shown_columns
from engine.export import PLAIN, Form, form_of
from engine.language import marked, tr
from engine.nn import Array
from engine.tables import LIMITS, Preparation, Prepared, Table
from engine.training import Model
from pages.figures.base.text import count, many, number, percent
from pages.live.jobs.prediction import (
    PART_NAMES,
    PredictionInputs,
    predict_rows,
    write_predictions,
)
from pages.live.jobs.process import Progress
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.data.table_session import DatasetBuilder, result_key
from pages.widgets.data.upload import LARGE
from pages.widgets.session import of_session
from pages.widgets.shell import foreign
from pages.widgets.shell.messages import sentences
from pages.widgets.shell.progress import DONE, Task, remote_work, wait_for, with_bar

SHOWN = 100  # rows of predictions on the page
AT_ONCE = 200_000  # cells that are predicted and written in a moment
USUAL = ("utf-8", "utf-8-sig", "ascii")


class FileOrder(NamedTuple):
    """A file with predictions that somebody wants."""

    inputs: PredictionInputs
    form: Form
    parts: Array | None = None  # (n_rows,) the part of the data of each row

    def write(self) -> bytes:
        """Return the file, made here."""
        return write_predictions(report_nothing, *self)

    def elsewhere(self) -> RemoteWork[bytes]:
        """Return the work of making the file in a process of its own."""
        return remote_work("write predictions", *self)


def report_nothing(progress: Progress) -> None:
    """Take no notice of the progress."""


@dataclass
class SecondTable:
    """Another table to predict."""

    of: tuple[object, ...]  # the upload, and the table that the network learned from
    table: Table | None = None
    refused: str = marked("Reading was stopped.")  # why it was not read; "" once it is
    # both by what they depend on
    tasks: dict[tuple[object, ...], Task[RemoteWork[Predicted]]] = field(default_factory=dict)
    found: dict[tuple[object, ...], Predicted] = field(default_factory=dict)


@dataclass
class PredictionState:
    """The predictions that one person asked for."""

    second: SecondTable | None = None
    files: dict[tuple[object, ...], Task[RemoteWork[bytes]]] = field(default_factory=dict)  # large


def prediction_state() -> PredictionState:
    """Return this person's predictions."""
    return of_session("prediction", PredictionState)


def own_table_order(network: Model, made: DatasetBuilder, way: Prepared, form: Form) -> FileOrder:
    """Return the file of the network's own table with its predictions and the part of each row."""
    parts = np.zeros(len(made.table.frame), np.int8)
    for place, name in enumerate(PART_NAMES):
        if place:
            parts[way.rows[way.dataset.rows(name)]] = place
    inputs = PredictionInputs(network, way.preparation, made.table, other=False)
    return FileOrder(inputs, form, parts)


def added_words(network: Model, way: Preparation) -> list[str]:
    """Return all that predictions may add to a table in words."""
    return [way.target, *network.classes, *(one.name for one in way.fields)]


def choose_file_format(table: Table, words: list[str], key: str) -> Form:
    """Return how a file is to be written: as the table's own file, or as a plain CSV."""
    given = form_of(table, words)
    if given[:2] == PLAIN[:2] and given.encoding in USUAL:
        return given
    return st.selectbox(
        tr("File format"),
        (given, PLAIN),
        format_func=lambda form: (
            tr("like the original file: {form}", form=form)
            if form == given
            else tr("plain CSV: {form}", form=form)
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
    order: Callable[[], FileOrder],
    of: tuple[object, ...],
    **look: Unpack[ButtonLook],
) -> None:
    """Draw the button of a file with predictions; a large file is made first, under a bar."""
    mine = prediction_state()
    if cells <= AT_ONCE:
        st.download_button(label, lambda: order().write(), name, on_click="ignore", **look)
        return
    task = mine.files.get(of)
    if task is not None and task.ended == DONE:
        st.download_button(label, lambda: task.work.result, name, on_click="ignore", **look)
        return
    if task is not None and not task.over(f"{look['key']}.task"):
        return
    if task is not None:
        foreign.caption(task.ended)

    def begin() -> None:
        work = order().elsewhere()
        mine.files = {
            of: Task(work, tr("Predicting and writing the rows"), tr("Writing was stopped."))
        }

    make: ButtonLook = {**look, "key": f"{look['key']}.make"}
    st.button(tr("Create {file}", file=label), **make, on_click=begin)


def draw_second_table(
    network: Model, way: Preparation, made: DatasetBuilder, named: Callable[[str], str]
) -> None:
    """Draw the prediction of another table."""
    st.subheader(tr("Predict another table"), anchor=False)
    file = st.file_uploader(
        tr("A CSV with the same columns. The target column may be missing"),
        key="own.second",
        max_upload_size=LIMITS.megabytes,
    )
    if file is None:
        prediction_state().second = None
        return
    second = read_second_table(file, made)
    if second.table is None:
        foreign.error(tr(second.refused))
        return
    inputs = PredictionInputs(network, way, second.table)
    try:
        found = predicted_rows(second, inputs)
    except ValueError as reason:
        foreign.error(str(reason))
        return
    if found is not None:
        draw_predictions(network, way, second.table, found, named)


def predicted_rows(second: SecondTable, inputs: PredictionInputs) -> Predicted | None:
    """Return the predictions for another table; None while they are computed under a bar.

    Raises ValueError, with a sentence for people, if there are none.
    """
    key = result_key("second")
    if inputs.table.frame.size <= AT_ONCE:
        if key not in second.found:
            second.found = {key: predict_rows(report_nothing, inputs)}
        return second.found[key]
    if key not in second.tasks:
        work = remote_work("predict rows", inputs)
        second.tasks = {key: Task(work, tr("Predicting the rows"), tr("Predicting was stopped."))}
    task = second.tasks[key]
    if not task.over("own.predicting"):
        return None
    if task.ended != DONE:
        raise ValueError(task.ended)
    return task.work.result


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
            stop = tr("Stop reading") if len(data) > LARGE else ""
            with_bar(tr("Reading the table"), work, stop, "own.second.stop")
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
    whole, marked = pd.concat([shown_columns(found.added), frame], axis=1), int(found.marked.sum())
    if marked:
        only = st.toggle(
            tr("Show only the {rows} with a remark", rows=many(marked, "row")),
            key="own.marked",
            disabled=not marked,
        )
        whole = whole[found.marked] if only else whole
    st.dataframe(whole.head(SHOWN), hide_index=True, alt=tr("Predictions of the rows"))
    if len(whole) > SHOWN:
        st.caption(tr("The first {shown} of {number} rows.", shown=SHOWN, number=count(len(whole))))
    form = choose_file_format(table, added_words(network, way), "own.second.form")
    draw_file_button(
        tr("Predictions of {rows}", rows=many(len(frame), "row")),
        named("predictions.csv"),
        frame.size,
        lambda: FileOrder(PredictionInputs(network, way, table), form),
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
            mean = number(float(np.nanmean(error)))
            words = (
                marked("Where the true value is known, the mean absolute error is {mean} {unit}.")
                if way.reading.unit
                else marked(
                    "Where the true value is known, the mean absolute error is {mean} (in units "
                    "of {unit})."
                )
            )
            foreign.caption(tr(words, mean=mean, unit=way.reading.unit or way.target))
        return
    known = (truth >= 0) & (found.answers >= 0)
    if known.any():
        right = percent(float((found.answers == truth)[known].mean()))
        rows = many(int(known.sum()), "row")
        st.caption(
            tr("{right} of the {rows} with a known class are correct.", right=right, rows=rows)
        )
