"""Search: find the best choices by training with each and scoring on held-out examples.

A search is a value: the choices that vary, all other choices, the data and the folds. It has one
task per candidate and fold, with fixed names, and its results are a plain dictionary; so it can
stop anywhere, continue elsewhere, and ends with the same table. Candidates that differ only in the
number of epochs share one training, whose scores are read at each of these epochs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
import pandas as pd

from engine.batched import FIELDS
from engine.data import Dataset
from engine.language import many, tr
from engine.problems import OF_DATA, PRESETS, PROBLEMS
from engine.search.space import Range, Space, check_range
from engine.training import CHOICES, DEFAULTS, ChoiceValue, ChoiceValues, Config, write_choice

MOST_CANDIDATES, MOST_TASKS = 1000, 5000
MOST_DATA_SETS = 200  # drawn from a formula: each takes 5 to 20 ms and its memory
Rows = dict[str, dict[str, float | None]]  # "candidate/fold" -> record; None stands for nan


@dataclass(frozen=True, eq=False)
class Search:
    """The choices that vary, by name, and all that stays the same.

    `draws` candidates are drawn at random (Bergstra & Bengio 2012, Random Search for
    Hyper-Parameter Optimization); 0 means every combination. The folds are split as the Config
    splits them; with one fold the validation part of the Config gives the scores. `data` is a
    table's data set; None means the problem of the Config. A table's data and fixed problems keep
    their test part aside.
    """

    space: Space
    config: Config
    data: Dataset | None = None
    folds: int = 5
    seed: int = 0  # of the draws
    draws: int = 0

    def __post_init__(self) -> None:
        """Check the search. Raises ValueError if a candidate has no number of epochs."""
        check_search(self)
        if not all(candidate.epochs for candidate in self.candidates):
            raise ValueError(
                tr(
                    "A search needs a number of epochs: set Stop at epoch (epochs), or search "
                    "over it."
                )
            )

    @cached_property
    def candidates(self) -> tuple[Config, ...]:
        """Return the Config of each candidate; no drawn candidate occurs twice."""
        values = self.drawn() if self.draws else self.combined()
        return tuple(replace(self.config, **one) for one in values)

    def combined(self) -> list[ChoiceValues]:
        """Return every combination of values; the last choice changes first."""
        names = list(self.space)
        return [dict(zip(names, one, strict=True)) for one in product(*self.space.values())]

    def drawn(self) -> list[ChoiceValues]:
        """Return `draws` different candidates, or fewer if there are not that many."""
        random, found = np.random.default_rng(self.seed), dict[str, ChoiceValues]()
        for _ in range(20 * self.draws):
            one = {
                name: given.draw(random, isinstance(DEFAULTS[name], int))
                if isinstance(given, Range)
                else given[random.integers(len(given))]
                for name, given in self.space.items()
            }
            found.setdefault(repr(one), one)
            if len(found) == self.draws:
                break
        return list(found.values())

    @cached_property
    def key(self) -> str:
        """Return a text that is different for each search, so that results cannot be mixed up."""
        parts = [[one.to_query() for one in self.candidates], self.folds]
        digest = hashlib.sha256(json.dumps(parts).encode())
        if self.data is not None:
            for part in (self.data.inputs, self.data.targets, self.data.train, self.data.test):
                digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:16]


def has_fixed_data(search: Search) -> bool:
    """Return whether the data do not depend on the Config: a table, or a fixed problem."""
    return search.data is not None or PROBLEMS[search.config.dataset].kind == "fixed"


def check_search(search: Search) -> None:
    """Raise ValueError if the choices, values or folds do not make a search."""
    for name, given in search.space.items():
        if name not in CHOICES or name in ("dataset", "fold", "folds"):
            raise ValueError(tr("'{name}' is not a setting that a search can vary.", name=name))
        if has_fixed_data(search) and name in OF_DATA and name not in ("output", "loss", "seed"):
            raise ValueError(fixed_sentence(search, name))
        if isinstance(given, Range):
            check_range(name, given, search.draws)
        elif not given:
            raise ValueError(
                tr(
                    "{label} ({name}) needs at least one value.",
                    label=tr(CHOICES[name].label),
                    name=name,
                )
            )
    check_size(search)


def fixed_sentence(search: Search, name: str) -> str:
    """Return why a choice of the data cannot vary in this search."""
    if search.data is not None:
        return tr(
            "{label} ({name}) cannot vary here, because these data are fixed.",
            label=tr(CHOICES[name].label),
            name=name,
        )
    return tr(
        "{label} ({name}) cannot vary here, because the problem {problem} is fixed.",
        label=tr(CHOICES[name].label),
        name=name,
        problem=search.config.dataset,
    )


def check_size(search: Search) -> None:
    """Raise ValueError if there are too few or too many folds, draws or candidates."""
    space = search.space
    if not 1 <= search.folds <= 20:
        raise ValueError(
            tr("A search takes 1 to 20 folds; {folds} were given.", folds=search.folds)
        )
    sizes = [len(given) for given in space.values() if not isinstance(given, Range)]
    candidates = search.draws or prod(sizes)
    if search.draws < 0:
        raise ValueError(
            tr(
                "The number of draws must be 0 (all candidates) or more, not {draws}.",
                draws=search.draws,
            )
        )
    if candidates > MOST_CANDIDATES or candidates * search.folds > MOST_TASKS:
        raise ValueError(
            tr(
                "A search takes at most {most:,} candidates and {trainings:,} training runs; this "
                "one has {candidates:,} candidates times {folds}.",
                most=MOST_CANDIDATES,
                trainings=MOST_TASKS,
                candidates=candidates,
                folds=many(search.folds, "fold"),
            )
        )
    check_data_sets(search)


def check_data_sets(search: Search) -> None:
    """Raise ValueError if the candidates need too many data sets; none is made before."""
    if has_fixed_data(search):
        return
    kinds = {tuple(getattr(one, name) for name in OF_DATA) for one in search.candidates}
    count = len(kinds) * search.folds
    if count > MOST_DATA_SETS:
        raise ValueError(
            tr(
                "A search can make at most {most} data sets; this one needs "
                "{number:,} times {folds}. Vary fewer seeds or settings of the data, or "
                "use fewer folds.",
                most=MOST_DATA_SETS,
                number=len(kinds),
                folds=many(search.folds, "fold"),
            )
        )


def task_key(candidate: int, fold: int) -> str:
    """Return the name of the task that trains a candidate on a fold."""
    return f"{candidate}/{fold}"


# Results


def results_table(search: Search, rows: Rows) -> pd.DataFrame:
    """Return one row per candidate: its choices, its mean results, and its rank.

    `score` is accuracy or R² on the examples kept aside, `spread` its standard deviation over the
    folds. Candidates that finished every fold are ranked by score, then by loss; those that
    diverged come last. `near` marks scores within one standard error of the best one (Breiman et
    al. 1984, Classification and Regression Trees, section 3.4.3).
    """
    found = []
    for number, config in enumerate(search.candidates):
        own = [rows.get(task_key(number, fold)) for fold in range(1, search.folds + 1)]
        found.append(
            {**varied_choices(search, config), **summarize_folds([row for row in own if row])}
        )
    frame = pd.DataFrame(found)
    whole = frame[frame.folds == search.folds]
    order = whole.sort_values(["score", "loss"], ascending=[False, True], kind="stable").index
    frame["rank"] = pd.Series(np.arange(1, len(order) + 1), index=order, dtype="Int64")
    frame["near"] = False
    if len(order) and np.isfinite(frame.score[order[0]]):
        best = frame.loc[order[0]]
        frame["near"] = (frame.folds == search.folds) & (
            frame.score >= best.score - best.spread / max(search.folds - 1, 1) ** 0.5
        )
    return frame


def varied_choices(search: Search, config: Config) -> dict[str, ChoiceValue]:
    """Return the choices of a candidate that vary, as a table shows them."""
    values = {name: getattr(config, name) for name in search.space}
    return {name: write_choice(v) if isinstance(v, tuple) else v for name, v in values.items()}


def summarize_folds(own: list[dict[str, float | None]]) -> dict[str, float]:
    """Return the mean results of a candidate over its finished folds, nan if one diverged."""
    values = np.array([[row[name] for name in FIELDS] for row in own], float).reshape(
        -1, len(FIELDS)
    )
    nothing = np.full(len(FIELDS), np.nan)
    train, loss, train_score, score = values.mean(axis=0) if len(own) else nothing
    return {
        "score": score,
        "spread": float(values[:, 3].std()) if len(own) else np.nan,
        "loss": loss,
        "train_score": train_score,
        "train_loss": train,
        "diverged": int(np.isnan(values[:, 0]).sum()),
        "folds": len(own),
    }


def best_config(search: Search, rows: Rows) -> Config | None:
    """Return the Config that is ranked first; None if no candidate is ranked."""
    ranked = results_table(search, rows)["rank"]
    return search.candidates[int(ranked.idxmin())] if ranked.notna().any() else None


def article_search() -> Search:
    """Return the grid of the article: rmsprop, 5, 10 or 15 epochs, batches of 128."""
    space = {"optimizer": ("rmsprop",), "epochs": (5, 10, 15), "batch_size": (128,)}
    return Search(space, replace(PRESETS["article_classes"].config, convention="keras"))
