"""Predictions in a process are those that are made here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.prediction import Predicting
from engine.export.csv_writing import PLAIN
from engine.training.config import OWN, Config
from engine.training.model import model_of
from engine.training.run import Run
from pages.live.jobs.places import Places
from pages.live.jobs.prediction import PredictionInputs, write_predictions
from tests.pages.live.jobs.test_experiments import result, source


def inputs(name: str) -> PredictionInputs:
    config, own = Config(dataset=OWN, hidden=(4,)), source(name)
    prepared = own.prepared(config)
    run = Run(config, prepared.dataset)
    run.advance(5)
    return PredictionInputs(model_of(run), prepared.preparation, own.table)


@pytest.mark.parametrize("name", ["iris.csv", "diabetes.csv"])
def test_rows_predicted_in_a_process_are_those_predicted_here(name: str, places: Places):
    given = inputs(name)
    found = result(places, "predict rows", given)
    predicting = Predicting(given.model, given.preparation, given.table.frame, given.table.lines)
    assert predicting.advance()
    here = predicting.result()
    pd.testing.assert_frame_equal(found.added, here.added, check_exact=True)
    assert np.array_equal(found.answers, here.answers)
    assert np.array_equal(found.marked, here.marked)
    assert found.notes == here.notes
    parts = np.arange(len(given.table.frame)) % 4
    order = given, PLAIN, parts.astype(np.int8)
    text = result(places, "write predictions", *order)
    assert text == write_predictions(lambda progress: None, *order)
    assert text.count(b"not used") == int((parts == 0).sum())


def test_a_table_without_a_column_is_refused(places: Places):
    given = inputs("iris.csv")
    way = inputs("diabetes.csv").preparation
    with pytest.raises(ValueError, match="The table has no column"):
        result(places, "predict rows", given._replace(preparation=way))
