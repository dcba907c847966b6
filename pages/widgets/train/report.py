"""The report: how good the network on the screen is, on examples it did not learn from."""

from __future__ import annotations

import json

import numpy as np
import streamlit as st

from engine.evaluation import (
    classification_report,
    confusion_matrix,
    never_predicted,
    regression_report,
    shown_scores,
)
from engine.language import marked, tr
from engine.training import Run
from pages.figures.base.text import confusion_in_words, many, residuals_in_words
from pages.figures.train.report import confusion, residuals_chart
from pages.widgets.session import current, epoch_shown, look_at, value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.charts import draw_figure
from pages.widgets.shell.component import element
from pages.widgets.shell.frame import redraw_if_due
from pages.widgets.shell.in_view import in_view
from pages.widgets.train.player import run_id

PARTS = {
    "test": marked("test part"),
    "validation": marked("validation part"),
    "train": marked("training part"),
}
BODY = "report_body"
HEIGHT = 560  # pixels of a report, so that the page does not grow under a reader
LIGHT = 2e8  # examples times parameters up to which a report takes no time worth asking for


@st.fragment
def report() -> None:
    """Draw the report on one part at the epoch on the screen; it follows a paused player."""
    redraw_if_due()
    st.subheader(tr("Report"), anchor=False)
    if in_view("report", tr("The report is drawn when you scroll here."), HEIGHT):
        draw_report()


def draw_report() -> None:
    """Draw the choice of the part, and the scores of the network on it."""
    run, data = current()
    parts = [part for part in PARTS if len(data.rows(part))]
    part = st.segmented_control(
        tr("Examples"),
        parts,
        default=parts[0],
        format_func=lambda part: tr(PARTS[part]),
        required=True,
        key="report.part",
    )
    st.button(tr("Report on the epoch shown"), icon=":material/assessment:", key="report.now")
    epoch, rows = epoch_shown(), data.rows(part)
    following(epoch, len(rows) * run.network.theta.size < LIGHT)
    with st.container(key=BODY):
        st.caption(
            tr(
                "Epoch {epoch:,}, {examples} of the {part}. The network learns from the training "
                "part. The validation part helps to choose settings, and the test part is only "
                "for this report.",
                epoch=epoch,
                examples=many(len(rows), "example"),
                part=tr(PARTS[part]),
            )
        )
        a = run.at(epoch, rows).layers[-1].a
        (draw_class_scores if data.classes else draw_value_errors)(run, part, a)


def following(epoch: int, auto: bool) -> None:
    """Let the browser dim the report while another epoch is shown, and draw it again."""
    data = {"run": run_id(), "epoch": epoch, "body": BODY, "auto": auto}
    element("follow", "shared/follow.js")(
        data=json.dumps(data), key="report_follow", on_rest_change=rested
    )


def rested() -> None:
    """Note the epoch at which the player rests."""
    state = value_of("report_follow")
    if state and state.get("rest"):
        seen = json.loads(state["rest"])
        if seen["run"] == run_id() and isinstance(seen["epoch"], int):
            look_at(max(seen["epoch"], 0))


def draw_class_scores(run: Run, part: str, a: np.ndarray) -> None:
    """Draw the scores of a classifier and its confusion matrix."""
    data, predicted = run.dataset, run.output_head.decide(a)
    missing = never_predicted(data, predicted)
    if missing:
        names = tr(", ").join(data.shown(missing))
        foreign.info(tr("Never predicted: {classes}.", classes=names), ":material/visibility_off:")
    left, right = st.columns(2)
    report = shown_scores(classification_report(data, part, predicted), data.shown(data.classes))
    left.dataframe(report.style.format(precision=3), width="stretch")
    matrix = confusion_matrix(data, part, predicted).to_numpy()
    classes = data.shown(data.classes)
    words = confusion_in_words(matrix, classes)
    draw_figure(confusion(matrix, classes), words, "report.confusion", right)


def draw_value_errors(run: Run, part: str, a: np.ndarray) -> None:
    """Draw the errors of a regression, and predicted over true values."""
    data = run.dataset
    left, right = st.columns(2)
    report = shown_scores(regression_report(data, part, a), data.shown(data.target_names))
    left.dataframe(report.style.format(precision=3), width="stretch")
    true, predicted = data.targets[0, data.rows(part)], data.own_units(a)[0]
    (name,) = data.shown(data.target_names[:1])
    words = residuals_in_words(true, predicted, name)
    draw_figure(residuals_chart(true, predicted, name), words, "report.residuals", right)
