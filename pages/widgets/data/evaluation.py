"""Evaluate: how good the network is on rows that it did not learn from, in five views."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.data import WORDS as PART_WORDS
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
    shown_scores,
)
from engine.language import marked, tr
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
from pages.widgets.session import current, epoch_shown, value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.binding import page_field
from pages.widgets.shell.charts import draw_figure
from pages.widgets.shell.progress import DONE, Task, remote_work
from pages.widgets.shell.theme import COLOURS, theme
from pages.widgets.step.stepping import step_through_example

PARTS = ("test", "validation", "train")
WORDS = {  # the part that is evaluated, under the figures
    "test": marked("Epoch {epoch}, {rows} of the test part."),
    "validation": marked("Epoch {epoch}, {rows} of the validation part."),
    "train": marked("Epoch {epoch}, {rows} of the training part."),
}
WITHOUT_TEST = {  # the part that is evaluated where there is no test part
    "validation": marked(
        "There is no test part. The network did not learn from these rows, but they may have "
        "helped to choose its settings."
    ),
    "train": marked("There is no test part, so the network has learned from these rows."),
}
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
            tr("View"),
            tuple(SIDES),
            required=True,
            label_visibility="collapsed",
            wrap=True,
            format_func=tr,
            **page_field("own.side", st.session_state.get("own.side", "Report"), set_view),
        )
    with right:
        epoch_field()
    words = [tr(WORDS[part], epoch=count(epoch_shown()), rows=many(len(data.rows(part)), "row"))]
    if not run.epochs:
        words.append(tr("The network is not trained yet."))
    if part in WITHOUT_TEST:
        words.append(tr(WITHOUT_TEST[part]))
    st.caption(" ".join(words))
    SIDES[st.session_state.get("own.side", "Report")](data, part)


def epoch_field() -> None:
    """Draw the field for the epoch whose network is evaluated and saved."""
    st.number_input(
        tr("Epoch"),
        0,
        current()[0].epochs,
        help=tr("The epoch of the network shown here. The player goes to this epoch, too."),
        **page_field("own.epoch", epoch_shown(), pick_epoch),
    )


def set_view(side: str) -> None:
    """Show another view."""
    st.session_state["own.side"] = side


def outputs_of_part(data: Dataset, part: str) -> np.ndarray:
    """Return the outputs (n_outputs, n_rows) for a part, on the scale of training."""
    run, rows = current()[0], data.rows(part)
    return compute_once(f"outputs {part}", lambda: run.at(epoch_shown(), rows).layers[-1].a)


def draw_scores(data: Dataset, part: str) -> None:
    """Draw the scores and the confusion matrix, or predicted against true values."""
    (draw_classification_report if data.classes else draw_regression_report)(data, part)


def draw_classification_report(data: Dataset, part: str) -> None:
    """Draw the classification report and the confusion matrix with its rows."""
    predicted = current()[0].output_head.decide(outputs_of_part(data, part))
    missing = never_predicted(data, predicted)
    if missing:
        words = tr("Never predicted: {classes}.", classes=tr(", ").join(missing))
        foreign.info(words, ":material/visibility_off:")
    if imbalance_sentence(data):
        foreign.info(imbalance_sentence(data), ":material/balance:")
    left, right = st.columns(2)
    report = shown_scores(classification_report(data, part, predicted), data.shown(data.classes))
    left.dataframe(report.style.format(precision=3), alt=tr("Scores"))
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
        tr("Rows in this cell"),
        cells,
        index=cells.index(now) if now in cells else None,
        format_func=lambda cell: tr(
            "{true}, predicted {predicted}: {number}",
            true=data.classes[cell[0]],
            predicted=data.classes[cell[1]],
            number=matrix[cell],
        ),
        placeholder=tr("Click a cell of the matrix, or choose one here"),
    )
    made = trained_builder()
    if cell is None or made is None:
        return
    rows = data.rows(part)
    chosen = rows[(data.targets[rows] == cell[0]) & (predicted == cell[1])]
    if not len(chosen):
        st.caption(tr("This cell has no rows."))
        return
    draw_rows_to_step(made, chosen[:MOST_ROWS], f"{part}.{cell}")
    if len(chosen) > MOST_ROWS:
        st.caption(tr("The first {shown} of {number}.", shown=MOST_ROWS, number=count(len(chosen))))


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
        alt=tr("Rows of the table"),
        on_select="rerun",
        selection_mode="single-row",
        key=f"own.rows.{key}",
    )
    ticked = event["selection"]["rows"]
    if st.button(
        tr("Step through the selected row"),
        icon=":material/footprint:",
        disabled=not ticked,
        help=tr(
            "Shows every number for this row: forward, loss, backward, update. "
            "Select a row at its left end."
        ),
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
    report = shown_scores(regression_report(data, part, a), data.shown(data.target_names))
    st.dataframe(report.style.format(precision=3), alt=tr("Scores"))
    if data.rescaled:
        foreign.caption(
            tr(
                "MAE and RMSE are in {unit}. The loss that training lowers is that of "
                "the standardized target, which has no unit.",
                unit=data.unit(),
            )
        )
    found = residuals(data, part, a)
    true, guess = found["true"].to_numpy(), found["predicted"].to_numpy()
    left, right = st.columns(2)
    words = residuals_in_words(true, guess, name)
    draw_titled(left, pictures.residuals_chart(true, guess, name), words, "residuals")
    draw_titled(right, figures.error_chart(guess, guess - true, name), words, "errors")
    made = trained_builder()
    if made is not None:
        st.markdown(tr("**Rows with the largest errors**"))
        order = np.argsort(-np.abs(guess - true), kind="stable")[:MOST_MISSED]
        said_there = {
            tr("predicted {name}", name=name): guess[order],
            tr("error"): (guess - true)[order],
        }
        draw_rows_to_step(made, data.rows(part)[order], part, said_there)


def draw_titled(place: DeltaGenerator, figure: go.Figure, words: str, key: str) -> None:
    """Draw a figure under its own title."""
    place.markdown(f"**{figure.layout.meta['title']}**")
    draw_figure(figure, words, f"own.{key}", place)


def draw_curves(data: Dataset, part: str) -> None:
    """Draw ROC, precision and recall, and calibration of one class against the rest."""
    if not data.classes:
        st.info(tr("These curves are for classes. For a number, see the residuals in the report."))
        return
    names = data.classes
    k = st.selectbox(
        tr("Class"), range(len(names)), min(1, len(names) - 1), names.__getitem__, key="own.class"
    )
    network = shown_model()
    shares = network.shares(network.outputs(data.inputs[:, data.rows(part)]))
    try:
        curve, area = roc(data, part, shares, k), roc_area(data, part, shares, k)
    except ValueError as reason:
        foreign.info(str(reason))
        return
    first, second, third = st.columns(3)
    draw_roc(first, curve, area)
    rate = float(np.mean(data.targets[data.rows(part)] == k))
    draw_precision_recall(second, precision_recall(data, part, shares, k), rate)
    draw_calibration(third, calibration(data, part, shares, k))


def draw_roc(place: DeltaGenerator, curve: pd.DataFrame, area: float) -> None:
    """Draw the ROC curve, with the area under it."""
    false, true = curve[["false positives", "true positives"]].to_numpy().T
    words = tr("ROC curve with an area of {area}. Random guessing has 0.5.", area=number(area))
    draw_titled(place, figures.roc_chart(false, true, area), words, "roc")


def draw_precision_recall(place: DeltaGenerator, curve: pd.DataFrame, rate: float) -> None:
    """Draw precision over recall; `rate` is the class's share of the examples."""
    recall, precision = curve[["recall", "precision"]].to_numpy().T
    words = tr(
        "Precision is {precision} at recall 1. Chance: {share}.",
        precision=number(float(precision[0])),
        share=number(rate),
    )
    figure = figures.precision_recall_chart(recall, precision, rate)
    draw_titled(place, figure, words, "precision_recall")


def draw_calibration(place: DeltaGenerator, bins: pd.DataFrame) -> None:
    """Draw observed frequencies over predicted probabilities."""
    predicted, observed, examples = bins.to_numpy().T
    pairs = [
        tr("predicted {share}, observed {frequency}", share=number(s), frequency=number(t))
        for s, t in zip(predicted, observed, strict=True)
    ]
    words = tr("Calibration: {pairs}.", pairs=listed(pairs))
    figure = figures.calibration_chart(predicted, observed, examples)
    draw_titled(place, figure, words, "calibration")


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
            keep_result(name, Task(make(), words, tr("{work} was stopped.", work=words)))

        st.button(label, icon=":material/hourglass_top:", key=key, on_click=begin)
        return None
    return task.work.result if task.over(f"own.{name}.job") and task.ended == DONE else None


VERDICTS = {  # the sign of the lead of the network -> the sentence below the table
    1: marked(
        "In {score} the network is ahead of the best simple method ({best}) by {lead}. All of them "
        "learned from the training part and are scored on the same {rows}."
    ),
    0: marked(
        "In {score} the network is equal to the best simple method ({best}). All of them learned "
        "from the training part and are scored on the same {rows}."
    ),
    -1: marked(
        "In {score} the network is behind the best simple method ({best}) by {lead}. All of them "
        "learned from the training part and are scored on the same {rows}."
    ),
}


def draw_baselines(data: Dataset, part: str) -> None:
    """Draw the network beside simple methods that learned from the same rows."""
    run, epoch = current()[0], epoch_shown()
    table = run_on_click(
        f"baselines {part}",
        tr("Train the simple methods"),
        lambda: remote_work("compare baselines", specification(run), part, epoch),
        tr("Training the simple methods"),
    )
    if table is None:
        return
    st.dataframe(
        shown_scores(table).style.format(precision=3),
        alt=tr("Scores of the network and of the baselines"),
    )
    score = table.columns[0]
    rest = table.drop(OURS)[score]
    best, lead = str(rest.idxmax()), float(table.loc[OURS, score] - rest.max())
    words = {
        "score": tr(str(score)),
        "best": tr(best),
        "lead": number(abs(lead)),
        "rows": many(len(data.rows(part)), "row"),
    }
    foreign.caption(tr(VERDICTS[(lead > 0) - (lead < 0)], **words))


def draw_importance(data: Dataset, part: str) -> None:
    """Draw how much the score falls when one column is shuffled."""
    made = trained_builder()
    if made is None:
        return
    way = made.prepared(current()[0].config).preparation

    run, epoch = current()[0], epoch_shown()
    table = run_on_click(
        f"importance {part}",
        tr("Shuffle each column"),
        lambda: remote_work("measure importance", specification(run), way, part, epoch),
        tr("Shuffling each column"),
    )
    if table is None:
        return
    score = tr("accuracy") if data.classes else "R²"
    mean, deviation = table.to_numpy().T
    figure = figures.importance_chart([str(name) for name in table.index], mean, deviation, score)
    first = table["importance"]
    fall = number(float(first.iloc[0]))
    words = tr(
        "Most important column: {column}. If it is shuffled, {score} falls by {fall}.",
        column=first.index[0],
        score=score,
        fall=fall,
    )
    draw_titled(st.container(), figure, words, "importance")
    st.caption(
        tr(
            "How much {score} falls on the {part} part when the cells of one column are "
            "shuffled: the mean of ten times, and a line for the standard deviation. If "
            "two columns hold the same information, both look unimportant. At most 2,000 "
            "rows are used, drawn at random.",
            score=score,
            part=tr(PART_WORDS[part]),
        )
    )


SIDES: dict[str, Callable[[Dataset, str], None]] = {
    marked("Report"): draw_scores,
    marked("Curves"): draw_curves,
    marked("Baselines"): draw_baselines,
    marked("Folds"): draw_cross_validation,
    marked("Inputs"): draw_importance,
}
