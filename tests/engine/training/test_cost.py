"""The estimate of a run's memory, held against what Python counts (kind 44)."""

import tracemalloc

import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.cost import CHECKPOINT_BYTES, MOST_CHECKPOINTS, estimate_run_bytes
from engine.training.run import Run

CASES = [
    {"size": 5000, "hidden": (128,) * 6, "batch_size": 0},
    {"size": 5000, "hidden": (128,) * 6, "batch_size": 100, "optimizer": "adam"},
    {"size": 5000, "hidden": (64, 64), "batch_size": 0, "dropout": 0.5},
    {"size": 5000, "hidden": (128,) * 4, "batch_size": 0, "precision": "float32"},
    {"dataset": "digits", "hidden": (64, 64)},
]


@pytest.mark.parametrize("choices", CASES, ids=lambda one: ",".join(one))
def test_a_run_takes_no_more_than_estimated_and_not_much_less(choices):
    config = Config(**choices)
    data = load(config)
    tracemalloc.start()
    run = Run(config, data)
    assert run.live.chunks  # they are made when it begins to train
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    estimated = estimate_run_bytes(config, data)
    assert taken < estimated
    assert estimated - CHECKPOINT_BYTES < 2.5 * taken


def test_a_run_with_all_its_checkpoints_takes_no_more_than_estimated():
    config = Config(size=60)
    data = load(config)
    tracemalloc.start()
    run = Run(config, data)
    run.advance(MOST_CHECKPOINTS + 1)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < estimate_run_bytes(config, data) < CHECKPOINT_BYTES / 2
