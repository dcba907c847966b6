"""The closer look at a run: its findings at an epoch, and the history of each unit up to it."""

from __future__ import annotations

from typing import NamedTuple

from engine.analysis import UnitSample, sample_units, sampled_epochs, snapshot_at
from engine.diagnosis import Finding, observe
from engine.nn import Array
from engine.training import Steps, measure_steps
from pages.live.jobs.process import Progress, Report
from pages.live.view import Specification


class EpochReport(NamedTuple):
    """What a closer look shows of one epoch."""

    findings: tuple[Finding, ...]
    outputs: list[Array]  # a of each layer (n_units, n_examples)
    deltas: list[Array]  # delta of each layer (n_units, n_examples)
    steps: Steps | None  # of the epoch, None if there is none


def look_closer(report: Report, run: Specification, epoch: int) -> list[UnitSample]:
    """Return samples of the units over the epochs up to `epoch`, and report each of them.

    The first part that is reported is an EpochReport of `epoch`.
    """
    trained = run.build()
    layers = snapshot_at(trained, epoch).layers
    steps = measure_steps(trained, max(epoch, 1)) if trained.epochs else None
    outputs, deltas = [layer.a for layer in layers], [layer.delta for layer in layers]
    found = tuple(one._replace(change=dict(one.change)) for one in observe(trained, epoch))
    report(Progress(0.0, part=EpochReport(found, outputs, deltas, steps)))
    epochs, samples = sampled_epochs(epoch), list[UnitSample]()
    for one in epochs:
        samples.append(sample_units(trained, one))
        report(Progress(len(samples) / len(epochs), part=samples[-1]))
    return samples
