"""Columns: what each one holds, which are used, what is predicted, and how the rows are cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pandas as pd
import streamlit as st

from engine.language import marked, tr
from engine.tables import IMPUTE, Column, Prepared
from engine.training import CHOICES
from pages.figures.base.text import count, many
from pages.widgets.data.doubts import current_doubts, draw_doubts, draw_keep_buttons
from pages.widgets.data.table_session import (
    DatasetBuilder,
    change_choices,
    change_plan,
    imbalance_sentence,
    pending_suggestion,
    table_session,
    train,
    trained_builder,
)
from pages.widgets.data.target_question import draw_target_question
from pages.widgets.session import value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.binding import page_field
from pages.widgets.shell.messages import sentences

KINDS = (
    *(marked("number"), marked("category"), marked("yes/no"), marked("date"), marked("time")),
    *(marked("duration"), marked("text"), marked("id"), marked("constant"), marked("empty")),
)
TASKS = {"classification": marked("a class"), "regression": marked("a number")}
FILLS = {"median": marked("the median"), "mean": marked("the mean"), "zero": marked("zero")}
WORDS = {
    "train": marked("{number} for training"),
    "validation": marked("{number} for validation"),
    "test": marked("{number} for the test"),
}
VALUES = 60  # characters of a column's range or most frequent values


def draw_columns_step() -> None:
    """Draw the columns, the target and the parts of the open table."""
    mine = table_session()
    builder = mine.builder
    if builder is None:
        return
    if mine.fault:
        foreign.error(mine.fault)
        draw_keep_buttons(builder)
        made = None
    else:
        made = None if pending_suggestion() else builder.prepared(mine.plan)
    draw_target_question()
    draw_target_fields(builder, made)
    draw_doubts(builder, made)
    draw_column_editor(builder, made)
    if made is not None:
        draw_split_fields(made)
        draw_data_summary(builder, made)
    if not mine.fault:
        draw_train_button()


def draw_target_fields(builder: DatasetBuilder, made: Prepared | None) -> None:
    """Draw the target, the task and what replaces a missing number."""
    first, second, third = st.columns([2, 1, 1])
    names = [column.name for column in builder.columns]
    now = made.preparation.target if made else builder.choices.get("target")
    first.selectbox(
        tr("Predict"),
        names,
        help=tr("The column that the network learns to predict from the other columns."),
        index=None,
        placeholder=tr("Choose a column"),
        **page_field(
            "own.target", now, lambda name: change_choices(target=name, task="") if name else None
        ),
    )
    second.selectbox(
        tr("as"),
        TASKS,
        format_func=lambda task: tr(TASKS[task]),
        help=tr("A class is one of a few words or codes. A number is predicted as a value."),
        disabled=made is None,
        **page_field("own.task", made.preparation.task if made else "classification", change_task),
    )
    third.selectbox(
        tr("Replace missing numbers with"),
        tuple(IMPUTE),
        format_func=lambda fill: tr(FILLS[fill]),
        help=tr(
            "Computed from the training part only. A missing category becomes its own category."
        ),
        **page_field(
            "own.impute",
            builder.choices.get("impute", "median"),
            lambda s: change_choices(impute=s),
        ),
    )


def change_task(task: str) -> None:
    """Predict the current target as a class or as a number."""
    builder, plan = table_session().builder, table_session().plan
    if builder is not None:
        change_choices(target=builder.prepared(plan).preparation.target, task=task)


def draw_column_editor(builder: DatasetBuilder, made: Prepared | None) -> None:
    """Draw one line per column in which its use and kind can be changed."""
    key = f"own.columns.{table_session().version}"
    columns = made.columns if made else builder.columns
    chosen = made.preparation.target if made else ""
    reasons = dict(made.preparation.left_out) if made else {c.name: c.reason for c in columns}
    st.data_editor(
        pd.DataFrame([editor_row(column, chosen, reasons) for column in columns]),
        hide_index=True,
        disabled=["Column", "Missing", "Different", "Distribution", "Values", "Remark"],
        height=min(38 + 35 * len(columns), 400),
        key=key,
        on_change=lambda: apply_edits(value_of(key)["edited_rows"]),
        alt=tr("The content of each column, and whether it is used"),
        column_config={
            "Column": st.column_config.TextColumn(tr("Column"), pinned=True),
            "Use": st.column_config.CheckboxColumn(
                tr("Use"), width=60, help=tr("Whether the network uses this column.")
            ),
            "Kind": st.column_config.SelectboxColumn(
                tr("Kind"),
                options=list(KINDS),
                format_func=lambda kind: tr(str(kind)),
                width=100,
                help=tr("You can choose a number or a category if most cells can be read as one."),
            ),
            "Missing": st.column_config.NumberColumn(tr("Missing"), width=70),
            "Different": st.column_config.NumberColumn(tr("Different"), width=80),
            "Distribution": st.column_config.BarChartColumn(
                tr("Distribution"),
                width=130,
                y_min=0,
                help=tr("A histogram of the numbers, or the most frequent values."),
            ),
            "Values": tr("Values"),
            "Remark": tr("Remark"),
        },
    )


def editor_row(column: Column, chosen: str, reasons: Mapping[str, str]) -> dict[str, object]:
    """Return the line of the editor for a column."""
    why = tr("target") if column.name == chosen else reasons.get(column.name, "")
    return {
        "Column": column.name,
        "Use": column.name != chosen and not why,
        "Kind": column.kind,
        "Missing": column.missing,
        "Different": column.distinct,
        "Distribution": list(column.counts),
        "Values": column_summary(column),
        "Remark": tr("; ").join(filter(None, (why, column.note))),
    }


def column_summary(column: Column) -> str:
    """Return the lowest and the highest number, or the most frequent values."""
    ordered = column.reading.kind not in ("text", "yes/no") and len(column.labels) == 2
    apart = " … " if ordered else tr(", ")
    words = apart.join(column.labels)
    return words if len(words) <= VALUES else words[: VALUES - 1] + "…"


class EditedCells(TypedDict, total=False):
    """The cells of a line of the editor that a person changed."""

    Use: bool
    Kind: str


def apply_edits(rows: Mapping[int, EditedCells]) -> None:
    """Apply the changes made in the editor."""
    builder = table_session().builder
    if builder is None:
        return
    leave, keep = set(builder.choices.get("leave_out", ())), set(builder.choices.get("keep", ()))
    kinds = dict(builder.choices.get("kinds", {}))
    for place, cells in rows.items():
        column = builder.columns[int(place)]
        if "Use" in cells:
            into, out_of = (keep, leave) if cells["Use"] else (leave, keep)
            into.add(column.name)
            out_of.discard(column.name)
        if "Kind" in cells:
            kinds[column.name] = cells["Kind"]
            if cells["Kind"] == column.kind:
                del kinds[column.name]
    change_choices(leave_out=sorted(leave), keep=sorted(keep), kinds=kinds)


def draw_split_fields(made: Prepared) -> None:
    """Draw the sizes of the validation and test parts, and the class weights."""
    plan, first, second, third = table_session().plan, *st.columns([1, 1, 1])
    for name, column in (("validation", first), ("test", second)):
        column.slider(
            tr(CHOICES[name].label),
            0.0,
            0.8,
            step=0.05,
            help=tr(CHOICES[name].help),
            **page_field(
                f"own.{name}",
                getattr(plan, name),
                lambda share, name=name: change_plan(**{name: share}),
            ),
        )
    if imbalance_sentence(made.dataset):
        third.toggle(
            tr("Balanced class weights"),
            help=tr(CHOICES["class_weights"].help),
            **page_field(
                "own.weights",
                plan.class_weights == "balanced",
                lambda on: change_plan(class_weights="balanced" if on else "none"),
            ),
        )


def draw_data_summary(builder: DatasetBuilder, made: Prepared) -> None:
    """Draw what the network would learn from, and the remarks."""
    data = made.dataset
    parts = [tr(words, number=count(len(data.rows(part)))) for part, words in WORDS.items()]
    used = len(made.preparation.fields)
    st.markdown(
        tr(
            "**{inputs} from {columns}.** {rows}: {parts}.",
            inputs=many(data.d, "input"),
            columns=many(used, "column"),
            rows=many(data.n, "row"),
            parts=tr(", ").join(parts),
        )
    )
    doubtful = {doubt.column for doubt in current_doubts(builder, made)}  # their remarks are above
    repeated = {
        tr("'{column}': {note}.", column=one.name, note=one.note)
        for one in made.columns
        if one.name in doubtful
    }
    sentences([note for note in data.notes if note not in repeated])


def draw_train_button() -> None:
    """Draw the button that starts the training."""
    running = trained_builder()
    builder = table_session().builder
    again = running is not None and builder is not None and running.table is builder.table
    st.button(
        tr("Train again from the start") if again else tr("Train on this table"),
        type="primary",
        icon=":material/play_circle:",
        key="own.train",
        on_click=train,
        disabled=pending_suggestion() is not None,
    )
    if pending_suggestion():
        st.caption(tr("Choose under Columns what to predict. Then you can train."))
    if again and running is not builder:
        st.caption(tr("The current run used other settings. Train again to apply the new ones."))
