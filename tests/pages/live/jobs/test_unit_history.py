"""A closer look in a process shows what it shows here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.unit_history import sample_units, sampled_epochs, snapshot_at
from engine.diagnosis.diagnosis import observe
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.measured_steps import measure_steps
from engine.training.run import Run
from pages.live.jobs.places import Places
from pages.live.view import specification
from tests.pages.live.jobs.test_remote_work import done, remote


@pytest.mark.parametrize("epoch", [0, 37])
@pytest.mark.parametrize("name", ["dead_relu", "spiral"])
def test_a_closer_look_in_a_process_is_the_closer_look_here(name: str, epoch: int, places: Places):
    config = PRESETS[name].config
    run = Run(config, load(config))
    run.advance(40)
    run.change(20, learning_rate=0.05)
    run.advance(20)
    work = done(remote(places, "look closer", specification(run), epoch))
    report, *samples = work.parts
    assert report.findings == tuple(observe(run, epoch))
    layers = snapshot_at(run, epoch).layers
    for found, layer in zip(report.outputs, layers, strict=True):
        assert found.tobytes() == layer.a.tobytes()
    for found, layer in zip(report.deltas, layers, strict=True):
        assert found.tobytes() == layer.delta.tobytes()
    here = measure_steps(run, max(epoch, 1)).rates
    assert [one.tobytes() for one in report.steps.rates] == [one.tobytes() for one in here]
    assert [one.epoch for one in samples] == sampled_epochs(epoch)
    for one in samples:
        here = sample_units(run, one.epoch)
        assert one.delta.tobytes() == here.delta.tobytes()
        assert np.array_equal(one.ratio, here.ratio, equal_nan=True)
