"""Keep: predictions, the model as files and as code, a report, and the whole project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from engine.export import (
    LIBRARIES,
    Project,
    code_for,
    form_of,
    model_file,
    onnx_file,
    project_file,
    text_form,
)
from engine.language import language, marked, speaking, tr
from engine.tables import Prepared
from engine.training import Model, Run
from pages.figures.base.text import count
from pages.widgets.data.evaluation import baseline_scores, epoch_field
from pages.widgets.data.html_report import html_report
from pages.widgets.data.prediction import (
    ButtonLook,
    added_words,
    choose_file_format,
    draw_file_button,
    draw_second_table,
    own_table_order,
)
from pages.widgets.data.table_session import (
    DatasetBuilder,
    compute_once,
    result_key,
    shown_model,
    trained_builder,
)
from pages.widgets.session import current, epoch_shown
from pages.widgets.shell import foreign

MOST_CODE = 40_000  # characters of a program on the page
FILES = {  # label -> icon, file name, what it is for
    marked("Project"): (
        ":material/folder_zip:",
        "deltascope-project.zip",
        marked("The table, all settings and the whole training. Open this file here to continue."),
    ),
    marked("Report"): (
        ":material/description:",
        "deltascope-report.html",
        marked(
            "Data, settings and scores on one page. It includes the simple methods if you trained "
            "them under Evaluate."
        ),
    ),
    marked("Predictions"): (
        ":material/table_view:",
        "predictions.csv",
        marked(
            "Every row of {table} with its prediction and the values that were filled in. Safe to "
            "open in a spreadsheet."
        ),
    ),
    marked("Model"): (
        ":material/deployed_code:",
        "deltascope-model.zip",
        marked("The weights as JSON and NPZ, and how a row of text is turned into inputs."),
    ),
    "ONNX": (
        ":material/hub:",
        "deltascope.onnx",
        marked(
            "For any ONNX runtime, in double precision. The inputs are the columns by name; the "
            "outputs are the label and all probabilities, or the number. Give dates as days since "
            "2000-01-01, times of day as hours, durations as seconds, and numbers without their "
            "unit."
        ),
    ),
    marked("ONNX, float32"): (
        ":material/hub:",
        "deltascope-float32.onnx",
        marked(
            "The same in single precision. The file is about half as large, for runtimes and chips "
            "without double precision."
        ),
    ),
}


class DownloadInputs(NamedTuple):
    """What the files are made of."""

    run: Run
    made: DatasetBuilder
    way: Prepared
    epoch: int
    network: Model
    compared: pd.DataFrame | None = None  # the scores of simple methods


WORK: dict[str, Callable[[DownloadInputs], bytes | str]] = {
    "Project": lambda one: project_file(
        Project(one.run, one.made.table, one.way, one.made.data, one.made.choices, one.epoch)
    ),
    "Report": lambda one: html_report(one.run, one.made, one.epoch, one.network, one.compared),
    "Predictions": lambda one: own_table_order(
        one.network,
        one.made,
        one.way,
        form_of(one.made.table, added_words(one.network, one.way.preparation)),
    ).write(),
    "Model": lambda one: model_file(one.network, one.way.preparation),
    "ONNX": lambda one: onnx_file(one.network, one.way.preparation),
    "ONNX, float32": lambda one: onnx_file(one.network, one.way.preparation, double=False),
}


def make_file(label: str, parts: DownloadInputs, spoken: str) -> bytes | str:
    """Return a file in a language: a click makes it outside of the visitor's thread."""
    with speaking(spoken):
        return WORK[label](parts)


@st.fragment
def draw_downloads() -> None:
    """Draw every file that can be saved of the network at the epoch shown."""
    made = trained_builder()
    if made is None:
        return
    run, epoch = current()[0], epoch_shown()
    way = made.prepared(run.config)
    network = compute_once("model", shown_model)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        epoch_field()
    left.markdown(tr("**The network after epoch {epoch}**", epoch=count(epoch)))
    parts = DownloadInputs(run, made, way, epoch, network, baseline_scores())
    for label in FILES:
        draw_file(label, parts)
    draw_second_table(network, way.preparation, made, partial(name_with_epoch, epoch))
    draw_program(parts)


def draw_file(label: str, parts: DownloadInputs) -> None:
    """Draw the button of one file, and what it is for."""
    icon, name, words = FILES[label]
    left, right = st.columns([1, 4], vertical_alignment="center")
    look: ButtonLook = {"icon": icon, "key": f"own.{label}", "width": "stretch"}
    with right:
        foreign.caption(tr(words, table=parts.made.table.name))
    with left:
        if label != "Predictions":
            st.download_button(
                tr(label),
                partial(make_file, label, parts, language()),
                name_with_epoch(parts.epoch, name),
                on_click="ignore",
                type="primary" if label == "Project" else "secondary",
                **look,
            )
            return
    with right:
        form = choose_file_format(
            parts.made.table, added_words(parts.network, parts.way.preparation), "own.form"
        )
    with left:
        draw_file_button(
            tr(label),
            name_with_epoch(parts.epoch, name),
            parts.made.table.frame.size,
            partial(own_table_order, parts.network, parts.made, parts.way, form),
            (*result_key("file"), form),
            **look,
        )


def name_with_epoch(epoch: int, name: str) -> str:
    """Return the name of a file with the epoch whose network is in it."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-epoch-{epoch}.{ending}"


def draw_program(parts: DownloadInputs) -> None:
    """Draw the network as a program."""
    st.subheader(tr("The same network as code"), anchor=False)
    library = st.segmented_control(
        tr("Library"),
        tuple(LIBRARIES),
        default="numpy",
        required=True,
        format_func=lambda name: LIBRARIES[name].title,
        label_visibility="collapsed",
        key="own.library",
    )
    try:
        form = text_form(parts.made.table)
        program = code_for(library, parts.network, parts.way.preparation, form)
    except ValueError as reason:
        foreign.info(str(reason))
        return
    st.download_button(
        tr("Program"),
        program,
        name_with_epoch(parts.epoch, f"network_{library}.py"),
        icon=":material/code:",
        on_click="ignore",
        key="own.program",
        help=tr("It reads a CSV like this one and predicts its rows. It runs without this app."),
    )
    if len(program) <= MOST_CODE:
        st.code(program, language="python", height=320)
    else:
        st.caption(
            tr(
                "The program has {number} characters, most of them weights.",
                number=count(len(program)),
            )
        )
