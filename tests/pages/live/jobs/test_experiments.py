"""Experiments in a process have the numbers that they have here, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.analysis.landscape import Landscape
from engine.analysis.line_search import search_line
from engine.batched.seed_sweep import SeedSweep, with_seeds
from engine.problems.registry import load, load_all
from engine.problems.sample_tables import SAMPLES
from engine.tables.columns.column_profile import profile
from engine.tables.reading.reader import read_table
from engine.training.config import OWN, Config
from engine.training.run import Run
from pages.live.jobs.places import Places
from pages.live.jobs.tables import TableSource
from pages.live.view import specification
from tests.pages.live.jobs.test_remote_work import remote


def source(name: str = "iris.csv") -> TableSource:
    table = read_table(SAMPLES[name](), name)
    return TableSource(table, profile(table), {})


def result(places: Places, *order: Any) -> Any:
    """Return the result of work in a process."""
    work = remote(places, *order)
    while not work.advance(1.0):
        pass
    return work.result


@pytest.mark.parametrize("dataset", ["moons", "xor_table", OWN])
def test_a_sweep_in_a_process_is_the_sweep_here(dataset: str, places: Places):
    config, own = Config(dataset=dataset, hidden=(4,)), source() if dataset == OWN else None
    found = result(places, "sweep seeds", config, 12, 20, own)
    configs = with_seeds(config, range(12))
    datasets = [own.dataset(one) for one in configs] if own else load_all(configs)
    here = SeedSweep(config, range(12), datasets, 20)
    assert here.advance(np.inf)
    assert found.records.tobytes() == here.records.tobytes()
    assert found.sentence() == here.result.sentence()
    assert found.marks == here.marks


def test_each_seed_of_a_sweep_is_the_single_run_with_this_seed(places: Places):
    config = Config(dataset="moons", hidden=(4,))
    found = result(places, "sweep seeds", config, 3, 20, None)
    for seed in range(3):
        own = replace(config, seed=seed)
        run = Run(own, load(own))
        run.advance(20)
        assert found.curves()[seed, -1] == run.losses["train"][20]


def test_a_sweep_that_cannot_be_made_says_why(places: Places):
    with pytest.raises(ValueError, match="1 epoch or more; 0"):
        result(places, "sweep seeds", Config(), 2, 0, None)


@pytest.mark.parametrize("kind", ["path", "random"])
def test_a_landscape_in_a_process_is_the_landscape_here(kind: str, places: Places):
    config = Config(dataset="moons", hidden=(30, 30))
    run = Run(config, load(config))
    run.advance(300)  # more checkpoints than the state of a run has for a page
    run.change(200, learning_rate=0.2)
    run.advance(50)
    assert len(specification(run, np.inf).state.checkpoints) > len(
        specification(run).state.checkpoints
    )
    order = specification(run, np.inf), 240, kind, 11, 3
    found = result(places, "survey landscape", *order)
    land = Landscape(run, 240, kind, 11, 3)
    assert land.advance()
    for name in ("u", "v", "losses", "places"):
        assert getattr(found.land, name).tobytes() == getattr(land, name).tobytes()
    assert found.land.path.epochs.tolist() == land.path.epochs.tolist()
    assert found.along.sentence == search_line(run, 240).sentence
    assert found.along.losses.tobytes() == search_line(run, 240).losses.tobytes()


def test_a_landscape_before_training_says_why_there_is_none(places: Places):
    run = Run(Config(), load(Config()))
    with pytest.raises(ValueError, match="Train first"):
        result(places, "survey landscape", specification(run, np.inf), 0, "path", 11, 0)
