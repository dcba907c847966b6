"""The estimate of a run's memory, held against what Python counts (kind 44)."""

import tracemalloc

import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.cost import estimate_run_bytes
from engine.training.history import CHECKPOINT_BYTES
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


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"size": 60, "batch_size": 1, "hidden": (8,) * 6},
        {"dataset": "spiral", "hidden": (8, 8, 8), "optimizer": "adam"},
        {"hidden": (32, 32), "optimizer": "adam"},
        {"hidden": (64, 64, 64)},
    ],
    ids=lambda one: ",".join(one),
)
def test_a_run_that_is_full_and_looked_back_at_takes_about_what_is_estimated(choices):
    config = Config(**choices)
    data = load(config)
    tracemalloc.start()
    run = Run(config, data)
    run.advance(3)
    for epoch in range(4, run.checkpoints.most + 3):
        run.checkpoints.offer(epoch, run.live)
    run.replica = run.new_training()
    taken = tracemalloc.get_traced_memory()[0] - run.history.nbytes  # counted separately
    tracemalloc.stop()
    room = 400_000  # Python and NumPy use again what earlier runs have left
    assert taken < estimate_run_bytes(config, data) < 1.35 * taken + room
    assert len(run.checkpoints.kept) > run.checkpoints.most / 2
    assert run.checkpoints.kept.table.nbytes < 1.01 * CHECKPOINT_BYTES
