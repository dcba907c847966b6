"""Keep: predictions, the model as files and as code, a report, and the whole project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from engine.code import LIBRARIES, code_for
from engine.export import as_csv, model_file, predictions
from engine.model import Model
from engine.onnx_file import onnx_file
from engine.preparation import Preparation
from engine.prepare import Prepared
from engine.project import Project, project_file
from engine.run import Run
from engine.sniff import LIMITS
from engine.table import read_table
from pages.figures.text import count, many, percent
from pages.widgets import foreign
from pages.widgets.judging import beside, epoch_field
from pages.widgets.notes import sentences
from pages.widgets.own import Maker, epoch_shown, model, once, own, trained
from pages.widgets.paper import paper
from pages.widgets.session import current

SHOWN = 100  # rows of predictions on the page
MOST_CODE = 40_000  # characters of a program on the page
FILES = {  # label -> icon, file name, what it is for
    "Project": (
        ":material/folder_zip:",
        "deltascope-project.zip",
        "The table, all choices and the whole training; opened here, it stands as it is now.",
    ),
    "Report": (
        ":material/description:",
        "deltascope-report.html",
        "Data, settings and scores as one page to pass on.",
    ),
    "Predictions": (
        ":material/table_view:",
        "predictions.csv",
        "Every row of this table with its prediction; safe to open in a spreadsheet.",
    ),
    "Model": (
        ":material/deployed_code:",
        "deltascope-model.zip",
        "The weights as JSON and NPZ, and how a row of text becomes inputs.",
    ),
    "ONNX": (
        ":material/hub:",
        "deltascope.onnx",
        "The network with its scaling, for any ONNX runtime.",
    ),
}


class Parts(NamedTuple):
    """What the files are made of."""

    run: Run
    made: Maker
    way: Prepared
    epoch: int
    network: Model
    compared: pd.DataFrame | None = None  # the scores of simple methods


WORK: dict[str, Callable[[Parts], bytes | str]] = {
    "Project": lambda one: project_file(
        Project(one.run, one.made.table, one.way, one.made.data, one.made.choices)
    ),
    "Report": lambda one: paper(one.run, one.made, one.epoch, one.network, one.compared),
    "Predictions": lambda one: predicted_table(one.network, one.made, one.way),
    "Model": lambda one: model_file(one.network, one.way.preparation),
    "ONNX": lambda one: onnx_file(one.network),
}


@st.fragment
def keeping() -> None:
    """Nothing; draws all that can be taken along, of the network at the epoch on the screen."""
    made = trained()
    if made is None:
        return
    run, epoch = current()[0], epoch_shown()
    way = made.prepared(run.config)
    network = once("model", model)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        epoch_field()
    left.markdown(f"**The network after epoch {count(epoch)}**")
    parts = Parts(run, made, way, epoch, network, beside())
    for label, (icon, name, words) in FILES.items():
        left, right = st.columns([1, 4], vertical_alignment="center")
        left.download_button(
            label,
            partial(WORK[label], parts),
            name,
            icon=icon,
            on_click="ignore",
            key=f"own.{label}",
            type="primary" if label == "Project" else "secondary",
            width="stretch",
        )
        right.caption(words)
    second(network, way.preparation, made)
    code(network)


def predicted_table(network: Model, made: Maker, way: Prepared) -> bytes:
    """The table as CSV with predictions, and the part that each row was in."""
    frame, _ = predictions(network, way.preparation, made.table.frame)
    part = np.full(len(frame), "not used", dtype=object)
    for name in ("train", "validation", "test"):
        part[way.rows[way.dataset.rows(name)]] = name
    return as_csv(pd.concat([frame, pd.DataFrame({"part of the data": part})], axis=1))


def second(network: Model, way: Preparation, made: Maker) -> None:
    """Nothing; another table, and what the network says to its rows."""
    st.subheader("Predict another table", anchor=False)
    file = st.file_uploader(
        "A CSV with the same columns; the one to be predicted may be missing",
        key="own.second",
        max_upload_size=LIMITS.megabytes,
    )
    if file is None:
        return
    try:
        if own().second is None or own().second[0] != file.file_id:
            own().second = None
            own().second = (
                file.file_id,
                read_table(file.getvalue(), file.name, **made.table.told),
            )
        table = own().second[1]
        frame, notes = predictions(network, way, table.frame)
    except ValueError as reason:
        foreign.error(str(reason))
        return
    sentences([*table.notes, *notes])
    if way.target in table.frame.columns:
        compared(network, way, table.frame, frame)
    more = [name for name in frame.columns if name not in table.frame.columns]
    rest = [name for name in table.frame.columns if name not in more]
    shown = frame[[*more, *rest]].head(SHOWN)
    st.dataframe(shown, hide_index=True, alt="Predictions of the rows")
    st.download_button(
        f"Predictions of {many(len(frame), 'row')}",
        partial(as_csv, frame),
        "predictions.csv",
        icon=":material/download:",
        on_click="ignore",
        key="own.predicted",
    )


def compared(network: Model, way: Preparation, table: pd.DataFrame, frame: pd.DataFrame) -> None:
    """Nothing; how often the predictions of another table are right, where it has the answers."""
    truth = way.truth(table)
    if not network.classes:
        error = np.abs(frame[f"predicted {network.target_names[0]}"].to_numpy() - truth)
        if np.isfinite(error).any():
            st.caption(f"They miss by {np.nanmean(error):.3g} on average where the value is known.")
        return
    known = truth >= 0
    said = frame[f"predicted {way.target}"].to_numpy()[known]
    right = said == np.array(network.classes, dtype=object)[truth[known]]
    if known.any():
        st.caption(
            f"Right for {percent(float(right.mean()))} of {many(int(known.sum()), 'row')} whose "
            "class is known."
        )


def code(network: Model) -> None:
    """Nothing; the network as a program."""
    st.subheader("The same network as code", anchor=False)
    library = st.segmented_control(
        "Library",
        tuple(LIBRARIES),
        default="numpy",
        required=True,
        format_func=lambda name: LIBRARIES[name].title,
        label_visibility="collapsed",
        key="own.library",
    )
    try:
        program = code_for(library, network)
    except ValueError as reason:
        foreign.info(str(reason))
        return
    st.download_button(
        "Program",
        program,
        f"network_{library}.py",
        icon=":material/code:",
        on_click="ignore",
        key="own.program",
        help="It takes raw inputs in the order of the columns' list and needs nothing of this app.",
    )
    if len(program) <= MOST_CODE:
        st.code(program, language="python", height=320)
    else:
        st.caption(f"The program has {count(len(program))} characters, most of them weights.")
