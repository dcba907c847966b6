"""The trials of a search: who trains on which fold, who trains with whom, and what it settles.

Made anew wherever a search is carried out, and the same everywhere: a lot is known by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.batched import FIELDS, Lot, effort, lots, records_of
from engine.data import Dataset
from engine.nn import Array
from engine.number_format import many
from engine.problems import folded, load, load_all
from engine.search.search import Rows, Search, has_fixed_data, task_key
from engine.training import Config


class TrainingPlan:
    """The trainings of a search, in lots; each training is read off at the epochs it is asked for.

    `configs`, `datasets`: of each training. `readers[training]`: epochs -> candidates.
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
        self.lots = lots(self.configs, self.datasets)
        self.efforts = [self.effort(lot) for lot in self.lots]

    def marks(self, lot: Lot) -> list[int]:
        """The epochs at which a lot is read off."""
        return sorted({epochs for k in lot.members for epochs in self.readers[k]})

    def effort(self, lot: Lot) -> float:
        """About how long a lot takes, in the unit of `crowd.effort`."""
        each = (effort(self.configs[k], self.datasets[k]) for k in lot.members)
        return self.marks(lot)[-1] * sum(each)

    def tasks(self, lot: Lot) -> list[str]:
        """The names of all tasks that a lot settles."""
        return [
            task_key(number, self.configs[k].fold)
            for k in lot.members
            for numbers in self.readers[k].values()
            for number in numbers
        ]

    def train(self, lot: Lot) -> Iterator[tuple[float, Rows]]:
        """(share of the lot that is done, tasks just settled) after each epoch."""
        marks, passed = self.marks(lot), 0
        for epochs, record in records_of(lot, self.configs, self.datasets, marks):
            rows = {} if record is None else self.rows(lot, marks[passed], record)
            passed += record is not None
            yield epochs / marks[-1], rows

    def rows(self, lot: Lot, mark: int, record: Array) -> Rows:
        """What the records (members, fields) at a mark say of each task."""
        return {
            task_key(number, self.configs[k].fold): {
                name: float(value) if np.isfinite(value) else None
                for name, value in zip(FIELDS, values, strict=True)
            }
            for k, values in zip(lot.members, record, strict=True)
            for number in self.readers[k].get(mark, ())
        }


# The data of the folds


def fold_data(search: Search, configs: list[Config]) -> list[Dataset]:
    """The data of each config, whose fold says which part is kept aside for the judgement."""
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
            "There is no validation part to judge the candidates by: take 2 folds or more."
        )
    return found


def split_fold(data: Dataset, config: Config) -> Dataset:
    """One fold of given data; where they were standardised, its training part sets the scale."""
    if config.folds == 1:
        return data
    rows = np.sort(np.concatenate([data.train, data.validation]))
    if len(rows) < config.folds:
        raise ValueError(f"{many(len(rows), 'example')} cannot be cut into {config.folds} folds.")
    stay, go, _ = folded(rows, data, config)
    parts = data.split(stay, go, data.test)
    if not data.mean.any() and (data.scale == 1).all():
        return parts
    return parts.standardised(targets=bool(data.target_mean.any()))
