"""Training plan of a search: which candidates train together, on which fold, in which group.

It is made again wherever a search runs, and is the same everywhere: a group is known by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.batched import FIELDS, RunGroup, group_records, group_runs
from engine.data import Dataset
from engine.language import many, tr
from engine.nn import Array
from engine.problems import load, load_all, split_one_fold
from engine.search.search import Rows, Search, has_fixed_data, task_key
from engine.training import Config, epoch_cost


class TrainingPlan:
    """The trainings of a search, in groups that train together.

    `configs` and `datasets` have one entry per training. `readers[training]` maps the number of
    epochs to the candidates whose result is read then.
    """

    def __init__(self, search: Search) -> None:
        readers: dict[Config, dict[int, list[int]]] = {}
        for number, one in enumerate(search.candidates):
            at = readers.setdefault(replace(one, epochs=0), {})
            at.setdefault(one.epochs, []).append(number)
        parts = range(1, search.folds + 1)
        pairs = [(config, part) for config in readers for part in parts]
        self.configs = [replace(config, folds=search.folds, fold=part) for config, part in pairs]
        self.datasets = fold_data(search, self.configs)
        self.readers = [readers[config] for config, _ in pairs]
        self.groups = group_runs(self.configs, self.datasets)
        self.efforts = [self.effort(group) for group in self.groups]

    def result_epochs(self, group: RunGroup) -> list[int]:
        """Return the epochs at which results of a group are read."""
        return sorted({epochs for k in group.members for epochs in self.readers[k]})

    def effort(self, group: RunGroup) -> float:
        """Return the estimated work of a group, in the unit of `engine.training.epoch_cost`."""
        each = (epoch_cost(self.configs[k], self.datasets[k]) for k in group.members)
        return self.result_epochs(group)[-1] * sum(each)

    def tasks(self, group: RunGroup) -> list[str]:
        """Return the names of all tasks that a group finishes."""
        return [
            task_key(number, self.configs[k].fold)
            for k in group.members
            for numbers in self.readers[k].values()
            for number in numbers
        ]

    def train(self, group: RunGroup) -> Iterator[tuple[float, Rows]]:
        """Train a group; yield the share done and the tasks just finished, after each epoch."""
        marks, passed = self.result_epochs(group), 0
        for epochs, record in group_records(group, self.configs, self.datasets, marks):
            rows = {} if record is None else self.rows(group, marks[passed], record)
            passed += record is not None
            yield epochs / marks[-1], rows

    def rows(self, group: RunGroup, mark: int, record: Array) -> Rows:
        """Return the result of each task at an epoch from the records (members, fields)."""
        return {
            task_key(number, self.configs[k].fold): {
                name: float(value) if np.isfinite(value) else None
                for name, value in zip(FIELDS, values, strict=True)
            }
            for k, values in zip(group.members, record, strict=True)
            for number in self.readers[k].get(mark, ())
        }


# The data of the folds


def fold_data(search: Search, configs: list[Config]) -> list[Dataset]:
    """Return the data set of each config, with its fold as validation part.

    Raises ValueError if there is no validation part.
    """
    if not has_fixed_data(search):
        found = load_all(configs)
    else:
        data = load(search.config) if search.data is None else search.data
        folds = range(1, search.folds + 1)
        cuts = {
            fold: split_fold(data, replace(search.config, folds=search.folds, fold=fold))
            for fold in folds
        }
        found = [cuts[config.fold] for config in configs]
    if not all(len(data.validation) for data in found):
        raise ValueError(
            tr("There is no validation part to score the candidates on: use at least 2 folds.")
        )
    return found


def split_fold(data: Dataset, config: Config) -> Dataset:
    """Return the data with one fold as validation part.

    If the data were scaled, they are scaled again by the new training part. Raises ValueError if
    there are fewer examples than folds.
    """
    if config.folds == 1:
        return data
    rows = np.sort(np.concatenate([data.train, data.validation]))
    if len(rows) < config.folds:
        raise ValueError(
            tr(
                "{examples} cannot be split into {folds} folds.",
                examples=many(len(rows), "example"),
                folds=config.folds,
            )
        )
    stay, go, _ = split_one_fold(rows, data, config)
    parts = data.split(stay, go, data.test)
    if not data.mean.any() and (data.scale == 1).all():
        return parts
    return parts.standardised(targets=bool(data.target_mean.any()))
