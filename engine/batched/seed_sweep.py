"""A seed sweep: the same settings with many seeds, to separate their effect from luck.

A seed gives other start weights, shuffles and masks, and other data if the problem is drawn or
split by the seed. Each run is the same as the single run of its Config.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.batched.runs import FIELDS, Runs
from engine.data import WORDS, Dataset
from engine.language import many, tr, tr_many
from engine.nn import Array
from engine.training import Config

MOST_SEEDS, MOST_MARKS = 1000, 200
NEAR = 0.02  # of the best score: as good as the best


class Outcome(NamedTuple):
    """How the runs ended; a run that diverged has nan and does not count as a success."""

    part: str  # the part of the scores: validation, or train if there is no validation part
    losses: Array  # (seeds,)
    scores: Array  # (seeds,) accuracy or R²
    order: Array  # the seeds' places from the best to the worst: by score, then by loss
    near: int  # how many come within NEAR of the best score
    diverged: int


class SweepResult(NamedTuple):
    """What a seed sweep has found, as plain numbers."""

    marks: list[int]  # the epochs of the records
    records: Array  # (seeds, marks, FIELDS)
    classes: bool  # whether it is a classification
    validated: bool  # whether every run has a validation part
    notes: tuple[str, ...]  # sentences for people

    def curves(self, field: str = "train") -> Array:
        """Return one series of every run for the epochs `marks`, (seeds, marks)."""
        return self.records[:, :, FIELDS.index(field)]

    def outcome(self) -> Outcome:
        """Return how all runs ended."""
        train, validation, right, right_there = self.records[:, -1].T
        losses, scores = (validation, right_there) if self.validated else (train, right)
        lost = ~np.isfinite(train)
        order = np.lexsort((np.nan_to_num(losses, nan=np.inf), -np.nan_to_num(scores, nan=-np.inf)))
        best = scores[order[0]]
        near = int(np.count_nonzero(scores >= best - NEAR))
        part = "validation" if self.validated else "train"
        return Outcome(part, losses, scores, order, near, int(lost.sum()))

    def sentence(self) -> str:
        """Return a summary for people."""
        found, K = self.outcome(), len(self.records)
        kind = tr("accuracy") if self.classes else "R²"
        if found.diverged == K:
            return tr_many(
                K,
                "The seed diverged. Try a smaller learning rate.",
                "All {n} seeds diverged. Try a smaller learning rate.",
            )
        best = found.scores[found.order[0]]
        low, middle, high = np.nanquantile(found.losses, (0.1, 0.5, 0.9))
        words = tr_many(
            found.near,
            "The best {kind} on the {part} part is {best:.3g}; {n} of {seeds} comes within "
            "{near:g} of it. The median loss is {middle:.3g}; eight of ten losses lie between "
            "{low:.3g} and {high:.3g}.",
            "The best {kind} on the {part} part is {best:.3g}; {n} of {seeds} come within "
            "{near:g} of it. The median loss is {middle:.3g}; eight of ten losses lie between "
            "{low:.3g} and {high:.3g}.",
            kind=kind,
            part=tr(WORDS[found.part]),
            best=best,
            seeds=many(K, "seed"),
            near=NEAR,
            middle=middle,
            low=low,
            high=high,
        )
        return words + (tr(" {runs} diverged.", runs=found.diverged) if found.diverged else "")


class SeedSweep(Runs):
    """One Config with many seeds and their data; `records` keeps at most 201 epochs."""

    def __init__(
        self, config: Config, seeds: Sequence[int], datasets: Sequence[Dataset], epochs: int
    ) -> None:
        """Prepare one run for each seed.

        Raises ValueError for no seed, too many seeds, or less than 1 epoch.
        """
        if not 1 <= len(seeds) <= MOST_SEEDS:
            raise ValueError(
                tr(
                    "A seed sweep needs 1 to {most:,} seeds; {seeds:,} were given.",
                    most=MOST_SEEDS,
                    seeds=len(seeds),
                )
            )
        configs = with_seeds(config, seeds)
        super().__init__(configs, datasets, recorded_epochs(epochs))

    def slices(self, seconds: float) -> Iterator[float]:
        """Yield the share of the work that is done, after each slice of about `seconds`."""
        while not self.advance(seconds):
            yield self.share
        yield 1.0

    @property
    def result(self) -> SweepResult:
        """The result; all runs must be finished."""
        return SweepResult(
            self.marks,
            self.records,
            bool(self.datasets[0].classes),
            all(len(data.validation) for data in self.datasets),
            self.notes,
        )


def with_seeds(config: Config, seeds: Sequence[int]) -> list[Config]:
    """Return the same settings once for each seed."""
    return [replace(config, seed=int(seed)) for seed in seeds]


def recorded_epochs(epochs: int, most: int = MOST_MARKS) -> list[int]:
    """Return epochs from 0 to the last, evenly spaced: all of them, or `most` and the first.

    Raises ValueError for less than 1 epoch.
    """
    if epochs < 1:
        raise ValueError(
            tr("A seed sweep needs 1 epoch or more; {epochs} were given.", epochs=epochs)
        )
    marks = np.linspace(0, epochs, min(epochs, most) + 1)
    return np.unique(marks.round().astype(int)).tolist()
