"""Many runs trained to the same epochs, in slices of time.

Runs of one kind and one width train together, as many as fit the processor's cache. Each of them
equals its single run bit for bit, except for thin matrices (see `training`). Runs with a setting
that this does not support, such as early stopping, train one after another, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import NamedTuple

import numpy as np

from engine.batched.layers import group_indices
from engine.batched.training import BatchedTraining, batch_key, unsupported_choices
from engine.data import Dataset
from engine.language import tr
from engine.nn import Array, count_parameters
from engine.time_slice import work_for
from engine.training import CHOICES, Config, Run, epoch_cost, has_diverged, network_sizes

FIELDS = ("train", "validation", "train_metric", "validation_metric")  # of a record
CACHE, MEMORY, MOST = 2**19, 2**26, 128  # bytes of a batch, bytes of all examples, networks


class RunGroup(NamedTuple):
    """The runs that train together, by their place among all."""

    members: tuple[int, ...]
    stacked: bool


def group_runs(configs: Sequence[Config], datasets: Sequence[Dataset]) -> list[RunGroup]:
    """Return all runs in groups: each fits the cache, or is one run that must train alone."""
    found = list[RunGroup]()
    for own in group_indices(map(group_key, configs, datasets)):
        config, data = configs[own[0]], datasets[own[0]]
        stacked = not unsupported_choices(config)
        most = networks_per_group(config, data) if stacked else 1
        cuts = range(0, len(own), most)
        found += [RunGroup(tuple(own[first : first + most]), stacked) for first in cuts]
    return found


def group_key(config: Config, data: Dataset) -> tuple:
    """Return what the runs of a group have in common; everything if a run must train alone."""
    if unsupported_choices(config):
        return config, id(data)
    return batch_key(config, data), config.hidden


def networks_per_group(config: Config, data: Dataset) -> int:
    """Return how many networks of this size train together at full speed."""
    sizes = network_sizes(config, data)
    n, units = len(data.train), sum(sizes)
    batch = config.batches(n).size
    in_batch = 8 * (
        4 * count_parameters(sizes) + batch * units
    )  # theta, grad, two moments; the outputs of the units
    in_all = 8 * (n + len(data.validation)) * units
    return max(1, min(MOST, CACHE // in_batch, MEMORY // in_all))


Records = Iterator[tuple[int, Array | None]]  # (epochs trained, (K, 4) at a mark or None)


def batched_records(
    configs: Sequence[Config], datasets: Sequence[Dataset], marks: Sequence[int]
) -> Records:
    """Yield the records at the marks, epoch after epoch; nan after a run has diverged."""
    training, lost = BatchedTraining(configs, datasets), np.zeros(len(configs), bool)
    for mark in marks:
        while training.epochs < mark:
            yield training.epochs, None
            training.advance()
        (train, right), (validation, right_there) = map(training.evaluate, ("train", "validation"))
        with np.errstate(all="ignore"):
            size = (training.theta[training.row] ** 2).sum(axis=1)
        lost |= has_diverged(train, size)
        record = np.column_stack([train, validation, right, right_there])
        record[lost] = np.nan
        yield training.epochs, record


def single_records(
    configs: Sequence[Config], datasets: Sequence[Dataset], marks: Sequence[int]
) -> Records:
    """Yield the records of a single run at the marks; a run that stopped early keeps its best."""
    run = Run(configs[0], datasets[0])
    for mark in marks:
        while run.epochs < mark and not run.ended:
            yield run.epochs, None
            run.advance()
        record = run.losses[run.best if run.finished else run.epochs]
        lost = bool(run.diverged) and run.epochs < mark
        yield mark, np.array([[np.nan if lost else record[name] for name in FIELDS]], float)


def group_records(
    lot: RunGroup, configs: Sequence[Config], datasets: Sequence[Dataset], marks: Sequence[int]
) -> Records:
    """Return the records of a group at the marks, in the order of its members."""
    own = [configs[k] for k in lot.members], [datasets[k] for k in lot.members]
    return (batched_records if lot.stacked else single_records)(*own, marks)


class Runs:
    """Runs in training. `records[k, i]` is of run k after `marks[i]` epochs; nan until then."""

    def __init__(
        self, configs: Sequence[Config], datasets: Sequence[Dataset], marks: Sequence[int]
    ) -> None:
        self.configs, self.datasets, self.marks = list(configs), list(datasets), list(marks)
        self.records = np.full((len(self.configs), len(self.marks), len(FIELDS)), np.nan)
        self.lots = group_runs(self.configs, self.datasets)
        self.trained = np.zeros(len(self.configs), int)  # epochs of each
        self.efforts = np.array(list(map(epoch_cost, self.configs, self.datasets)))
        self.seconds = 0.0  # that training took so far
        self.work: Iterator[int] | None = self.train()

    @property
    def share(self) -> float:
        """The share of the work that is done, from 0 to 1."""
        whole = self.marks[-1] * self.efforts.sum()
        return float(self.trained.dot(self.efforts) / whole) if self.work and whole else 1.0

    @property
    def left(self) -> float:
        """The estimated seconds of work that are left; nan at the start."""
        return self.seconds * (1 - self.share) / self.share if self.share else np.nan

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for people if runs train one after another."""
        return sequential_note(self.configs)

    def advance(self, seconds: float) -> bool:
        """Work for about `seconds`; return whether all is trained."""
        begun = perf_counter()
        over = work_for(seconds, self.step, lambda: self.work is None)
        self.seconds += perf_counter() - begun
        return over

    def step(self) -> None:
        """Train one epoch of the current group."""
        if self.work is not None and next(self.work, None) is None:
            self.work = None

    def train(self) -> Iterator[int]:
        """Yield the number of finished groups after each epoch of a group."""
        for done, lot in enumerate(self.lots):
            rows, mark = list(lot.members), 0
            for epochs, record in group_records(lot, self.configs, self.datasets, self.marks):
                self.trained[rows] = epochs
                if record is not None:
                    self.records[rows, mark] = record
                    mark += 1
                yield done


def sequential_note(configs: Sequence[Config]) -> tuple[str, ...]:
    """Return a sentence for a person if some of the runs cannot train together."""
    single = (name for config in configs for name in unsupported_choices(config))
    names = [tr(CHOICES[name].label) for name in dict.fromkeys(single)]
    words = tr(
        "These runs train one after another, which takes longer. The reason: {settings}.",
        settings=tr(", ").join(names),
    )
    return (words,) if names else ()
