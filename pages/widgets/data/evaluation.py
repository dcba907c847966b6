"""Evaluate: how good the network is on rows that it did not learn from, in five views."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.data import Dataset
from engine.evaluation import (
    OURS,
    calibration,
    classification_report,
    confusion_matrix,
    never_predicted,
    precision_recall,
    regression_report,
    residuals,
    roc,
    roc_area,
)
from pages.figures.base.palette import themed
from pages.figures.base.text import (
    confusion_in_words,
    count,
    listed,
    many,
    number,
    residuals_in_words,
)
from pages.figures.data import evaluation as figures
from pages.figures.train import report as pictures
from pages.live.jobs.remote_work import RemoteWork
from pages.live.view import specification
from pages.widgets.data.cross_validation import draw_cross_validation
from pages.widgets.data.table_session import (
    DatasetBuilder,
    compute_once,
    imbalance_sentence,
    keep_result,
    kept_result,
    pick_epoch,
    shown_model,
    trained_builder,
)
from pages.widgets.shell import foreign
from pages.widgets.shell.progress import DONE, Task, remote_work
from pages.widgets.shell.session import current, epoch_shown, value_of
from pages.widgets.shell.theme import COLOURS, theme
from pages.widgets.sidebar.fields import shows
from pages.widgets.step.stepping import step_through_example

PARTS = ("test", "validation", "train")
WORDS = {"test": "test part", "validation": "validation part", "train": "training part"}
MOST_MISSED = 20  # rows of a regression with the largest errors
MOST_ROWS = 200  # of a cell of the confusion matrix that are shown


@st.fragment
def draw_evaluation() -> None:
    """Draw the chosen view at the epoch shown."""
    run, data = current()
    part = evaluated_part(data)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        st.segmented_control(
            "View",
            tuple(SIDES),
            required=True,
            label_visibility="collapsed",
            wrap=True,
            **shows("own.side", st.session_state.get("own.side", "Report"), set_view),
        )
    with right:
        epoch_field()
    st.caption(
        f"Epoch {count(epoch_shown())}, {many(len(data.rows(part)), 'row')} of the {WORDS[part]}."
        + (" The network is not trained yet." if not run.epochs else "")
        + ("" if part == "test" else " There is no test part, so these rows were used in training.")
    )
    SIDES[st.session_state.get("own.side", "Report")](data, part)


def epoch_field() -> None:
    """Draw the field for the epoch whose network is evaluated and saved."""
    st.number_input(
        "Epoch",
        0,
        current()[0].epochs,
        help="The epoch of the network shown here. The player goes to this epoch, too.",
        **shows("own.epoch", epoch_shown(), pick_epoch),
    )


def set_view(side: str) -> None:
    """Show another view."""
    st.session_state["own.side"] = side


def outputs_of_part(data: Dataset, part: str) -> np.ndarray:
    """Return the outputs (n_outputs, n_rows) for a part, on the scale of training."""
    run, rows = current()[0], data.rows(part)
    return compute_once(f"outputs {part}", lambda: run.at(epoch_shown(), rows).layers[-1].a)


def draw_report(data: Dataset, part: str) -> None:
    """Draw the scores and the confusion matrix, or predicted against true values."""
    (draw_classification_report if data.classes else draw_regression_report)(data, part)


def draw_classification_report(data: Dataset, part: str) -> None:
    """Draw the classification report and the confusion matrix with its rows."""
    predicted = current()[0].output_head.decide(outputs_of_part(data, part))
    missing = never_predicted(data, predicted)
    if missing:
        words = f"Never predicted: {', '.join(missing)}."
        foreign.info(words, ":material/visibility_off:")
    if imbalance_sentence(data):
        foreign.info(imbalance_sentence(data), ":material/balance:")
    left, right = st.columns(2)
    left.dataframe(
        classification_report(data, part, predicted).style.format(precision=3), alt="Scores"
    )
    matrix = confusion_matrix(data, part, predicted).to_numpy()
    figure = pictures.confusion(matrix, data.classes)
    with right:
        st.plotly_chart(
            themed(figures.add_clickable_cells(figure, len(data.classes)), *COLOURS[theme()]),
            theme=None,
            config={"displayModeBar": False, "showAxisDragHandles": False, "doubleClick": False},
            alt=confusion_in_words(matrix, data.classes),
            key="own.confusion",
            on_select=select_matrix_cell,
            selection_mode="points",
        )
    draw_cell_rows(data, part, predicted, matrix)


def select_matrix_cell() -> None:
    """Show the rows of the cell that was clicked."""
    points = value_of("own.confusion")["selection"]["points"]
    if points:
        st.session_state["own.cell"] = (int(points[0]["y"]), int(points[0]["x"]))


def draw_cell_rows(data: Dataset, part: str, predicted: np.ndarray, matrix: np.ndarray) -> None:
    """Draw the rows of the table in one cell of the confusion matrix."""
    now = st.session_state.get("own.cell")
    cells = sorted(
        (cell for cell in np.ndindex(matrix.shape) if matrix[cell] or cell == now),
        key=lambda cell: (cell[0] == cell[1], -matrix[cell]),
    )
    cell = st.selectbox(
        "Rows in this cell",
        cells,
        index=cells.index(now) if now in cells else None,
        format_func=lambda cell: (
            f"{data.classes[cell[0]]}, predicted {data.classes[cell[1]]}: {matrix[cell]}"
        ),
        placeholder="Click a cell of the matrix, or choose one here",
    )
    made = trained_builder()
    if cell is None or made is None:
        return
    rows = data.rows(part)
    chosen = rows[(data.targets[rows] == cell[0]) & (predicted == cell[1])]
    if not len(chosen):
        st.caption("This cell has no rows.")
        return
    draw_rows_to_step(made, chosen[:MOST_ROWS], f"{part}.{cell}")
    if len(chosen) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS} of {count(len(chosen))}.")


def draw_rows_to_step(
    made: DatasetBuilder,
    examples: np.ndarray,
    key: str,
    more: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Draw rows of the table with more columns; one can be selected to step through."""
    frame = table_rows(made, examples)
    for name, values in (more or {}).items():
        while name in frame.columns:  # a table may have a column with this name
            name += " (network)"
        frame.insert(0, name, values)
    event = st.dataframe(
        frame,
        alt="Rows of the table",
        on_select="rerun",
        selection_mode="single-row",
        key=f"own.rows.{key}",
    )
    ticked = event["selection"]["rows"]
    if st.button(
        "Step through the selected row",
        icon=":material/footprint:",
        disabled=not ticked,
        help="Shows every number for this row: forward, loss, backward, update. "
        "Select a row at its left end.",
        key="own.walk",
    ):
        step_through_example(int(examples[ticked[0]]), epoch_shown())
        st.switch_page("pages/step.py")


def table_rows(made: DatasetBuilder, examples: np.ndarray) -> pd.DataFrame:
    """Return rows of the table as they are in the file, each with its line."""
    rows = made.prepared(current()[0].config).rows[examples]
    frame = made.table.frame.iloc[rows].astype(object)
    if len(made.table.lines) == len(made.table.frame):
        frame.index = pd.Index(made.table.lines[rows], name="line")
    return frame


def draw_regression_report(data: Dataset, part: str) -> None:
    """Draw R², MAE and RMSE, predicted against true values, and the errors."""
    a, name = outputs_of_part(data, part), data.target_names[0]
    st.dataframe(regression_report(data, part, a).style.format(precision=3), alt="Scores")
    if data.rescaled:
        foreign.caption(
            f"MAE and RMSE are in {data.unit()}. The loss that training lowers is that of the "
            "standardised target, which has no unit."
        )
    found = residuals(data, part, a)
    true, guess = found["true"].to_numpy(), found["predicted"].to_numpy()
    left, right = st.columns(2)
    words = residuals_in_words(true, guess, name)
    draw_figure(left, pictures.residuals_chart(true, guess, name), words, "residuals")
    draw_figure(right, figures.error_chart(guess, guess - true, name), words, "errors")
    made = trained_builder()
    if made is not None:
        st.markdown("**Rows with the largest errors**")
        order = np.argsort(-np.abs(guess - true), kind="stable")[:MOST_MISSED]
        said_there = {f"predicted {name}": guess[order], "error": (guess - true)[order]}
        draw_rows_to_step(made, data.rows(part)[order], part, said_there)


def draw_figure(place: DeltaGenerator, figure: go.Figure, words: str, key: str) -> None:
    """Draw a figure under its own title."""
    place.markdown(f"**{figure.layout.meta['title']}**")
    place.plotly_chart(
        themed(figure, *COLOURS[theme()]),
        theme=None,
        config={"displayModeBar": False},
        alt=words,
        key=f"own.{key}",
    )


def draw_curves(data: Dataset, part: str) -> None:
    """Draw ROC, precision and recall, and calibration of one class against the rest."""
    if not data.classes:
        st.info("These curves are for classes. For a number, see the residuals in the report.")
        return
    names = data.classes
    k = st.selectbox(
        "Class", range(len(names)), min(1, len(names) - 1), names.__getitem__, key="own.class"
    )
    network = shown_model()
    shares = network.shares(network.outputs(data.inputs[:, data.rows(part)]))
    try:
        curve, area = roc(data, part, shares, k), roc_area(data, part, shares, k)
    except ValueError as reason:
        foreign.info(str(reason))
        return
    first, second, third = st.columns(3)
    false, true = curve[["false positives", "true positives"]].to_numpy().T
    figure = figures.roc_chart(false, true, area)
    draw_figure(
        first, figure, f"ROC curve with an area of {number(area)}. Random guessing has 0.5.", "roc"
    )
    recall, precision = (
        precision_recall(data, part, shares, k)[["recall", "precision"]].to_numpy().T
    )
    share = float(np.mean(data.targets[data.rows(part)] == k))
    figure = figures.precision_recall_chart(recall, precision, share)
    words = f"Precision is {number(float(precision[0]))} at recall 1. Chance: {number(share)}."
    draw_figure(second, figure, words, "precision_recall")
    bins = calibration(data, part, shares, k).to_numpy().T
    pairs = [f"predicted {number(s)}, observed {number(t)}" for s, t, _ in bins.T]
    draw_figure(
        third, figures.calibration_chart(*bins), f"Calibration: {listed(pairs)}.", "calibration"
    )


def evaluated_part(data: Dataset) -> str:
    """Return the part to evaluate: the test part, if there is one."""
    return next(part for part in PARTS if len(data.rows(part)))


def baseline_scores() -> pd.DataFrame | None:
    """Return the scores of simple methods; None before a person asks for them."""
    task = kept_task(f"baselines {evaluated_part(current()[1])}")
    return task.work.result if task is not None and task.ended == DONE else None


def kept_task(name: str) -> Task[RemoteWork[pd.DataFrame]] | None:
    """Return the task of this name for the run and the epoch shown, if it was begun."""
    return kept_result(name)


def run_on_click(
    name: str, label: str, make: Callable[[], RemoteWork[pd.DataFrame]], words: str
) -> pd.DataFrame | None:
    """Return the result of work that begins with a click and can be stopped; None until then."""
    task = kept_task(name)
    if task is None or (task.ended and task.ended != DONE):
        if task is not None:
            foreign.info(task.ended)
        key = f"own.{name}"

        def begin() -> None:
            keep_result(name, Task(make(), words, f"{words} was stopped."))

        st.button(label, icon=":material/hourglass_top:", key=key, on_click=begin)
        return None
    return task.work.result if task.over(f"own.{name}.job") and task.ended == DONE else None


def draw_baselines(data: Dataset, part: str) -> None:
    """Draw the network beside simple methods that learned from the same rows."""
    run, epoch = current()[0], epoch_shown()
    table = run_on_click(
        f"baselines {part}",
        "Train the simple methods",
        lambda: remote_work("compare baselines", specification(run), part, epoch),
        "Training the simple methods",
    )
    if table is None:
        return
    st.dataframe(table.style.format(precision=3), alt="Scores of the network and of the baselines")
    score = table.columns[0]
    rest = table.drop(OURS)[score]
    best, lead = str(rest.idxmax()), float(table.loc[OURS, score] - rest.max())
    verdict = "ahead of" if lead > 0 else "behind" if lead < 0 else "equal to"
    by = f" by {number(abs(lead))}" if lead else ""
    foreign.caption(
        f"In {score} the network is {verdict} the best simple method ({best}){by}. All of them "
        f"learned from the training part and are scored on the same "
        f"{many(len(data.rows(part)), 'row')}."
    )


def draw_importance(data: Dataset, part: str) -> None:
    """Draw how much the score falls when one column is shuffled."""
    made = trained_builder()
    if made is None:
        return
    way = made.prepared(current()[0].config).preparation

    run, epoch = current()[0], epoch_shown()
    table = run_on_click(
        f"importance {part}",
        "Shuffle each column",
        lambda: remote_work("measure importance", specification(run), way, part, epoch),
        "Shuffling each column",
    )
    if table is None:
        return
    score = "accuracy" if data.classes else "R²"
    mean, deviation = table.to_numpy().T
    figure = figures.importance_chart([str(name) for name in table.index], mean, deviation, score)
    first = table["importance"]
    fall = number(float(first.iloc[0]))
    words = f"Most important column: {first.index[0]}. If it is shuffled, {score} falls by {fall}."
    draw_figure(st.container(), figure, words, "importance")
    st.caption(
        f"How much {score} falls on the {WORDS[part]} when the cells of one column are shuffled: "
        f"the mean of ten times, and a line for the standard deviation. If two columns hold the "
        f"same information, both look unimportant. At most 2,000 rows are used, drawn at random."
    )


SIDES: dict[str, Callable[[Dataset, str], None]] = {
    "Report": draw_report,
    "Curves": draw_curves,
    "Baselines": draw_baselines,
    "Folds": draw_cross_validation,
    "Inputs": draw_importance,
}
