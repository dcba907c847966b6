"""Evaluation in a process gives the scores that it gives here."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.evaluation.baselines import baselines, folds, importance
from engine.training.config import OWN, Config
from engine.training.run import Run
from pages.live.jobs.places import Places
from pages.live.view import specification
from tests.pages.live.jobs.test_experiments import result, source
from tests.pages.live.jobs.test_remote_work import remote

CONFIG = Config(dataset=OWN, hidden=(4,))


def trained(name: str) -> Run:
    run = Run(CONFIG, source(name).dataset(CONFIG))
    run.advance(20)
    return run


def test_folds_in_a_process_are_the_folds_here_and_come_one_by_one(places: Places):
    work = remote(places, "cross-validate", source(), CONFIG, 3, 20)
    while not work.advance(0.01):
        assert len(work.parts) <= 3
    assert work.parts == work.result == list(folds(source().dataset, CONFIG, 3, 20))


def test_a_fold_that_diverges_is_scored_where_it_ended(places: Places):
    config = Config(dataset=OWN, hidden=(4,), output="linear", loss="mse", learning_rate=1000.0)
    found = result(places, "cross-validate", source("diabetes.csv"), config, 3, 20)
    assert found == list(folds(source("diabetes.csv").dataset, config, 3, 20))


def test_folds_that_cannot_be_made_say_why(places: Places):
    made = source()._replace(choices={"target": "colour"})
    with pytest.raises(ValueError, match="The table has no column 'colour'"):
        result(places, "cross-validate", made, CONFIG, 10, 2)


@pytest.mark.parametrize("name", ["iris.csv", "diabetes.csv"])
def test_simple_methods_and_importance_in_a_process_are_those_here(name: str, places: Places):
    run, way = trained(name), source(name).prepared(CONFIG).preparation
    made_from = specification(run)
    found = result(places, "compare baselines", made_from, "test", 15)
    pd.testing.assert_frame_equal(found, baselines(run, "test", 15), check_exact=True)
    found = result(places, "measure importance", made_from, way, "test", 15)
    here = importance(run, way, part="test", epoch=15)
    pd.testing.assert_frame_equal(found, here, check_exact=True)
