"""Predictions for the rows of a table, and the file that they are written to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.evaluation import Predicted, Predicting, unused_names
from engine.export import Form, Writing
from engine.language import marked
from engine.nn import Array
from engine.tables import Preparation, Table
from engine.training import Model
from pages.live.jobs.process import SLICE, Progress, Report

PART = "part of the data"
PART_NAMES = (marked("not used"), "train", "validation", "test")


class PredictionInputs(NamedTuple):
    """What predictions depend on."""

    model: Model
    preparation: Preparation
    table: Table
    other: bool = True  # whether the network learned from another table


def predict_rows(report: Report, inputs: PredictionInputs) -> Predicted:
    """Return the predictions for the rows of a table.

    Raises ValueError if a column is missing or not written as in the training table.
    """
    model, preparation, table, other = inputs
    predicting = Predicting(model, preparation, table.frame, table.lines, other)
    while not predicting.advance(SLICE):
        report(Progress(predicting.share))
    return predicting.result()


def write_predictions(
    report: Report, inputs: PredictionInputs, form: Form, parts: Array | None
) -> bytes:
    """Return a table with its predictions as a file.

    `parts` (n_rows,), if it is given, has the part of the data of each row: a place in PART_NAMES.
    Raises ValueError if the table cannot be predicted.
    """
    frame = inputs.table.frame
    added = predict_rows(lambda part: report(Progress(part.share / 2)), inputs).added
    if parts is not None:
        name = unused_names([PART], [*frame.columns, *added.columns])[0]
        added[name] = np.array(PART_NAMES, dtype=object)[parts]
    writing = Writing(pd.concat([frame.reset_index(drop=True), added], axis=1), form)
    while not writing.advance(SLICE):
        report(Progress((1 + writing.share) / 2))
    return writing.result()
