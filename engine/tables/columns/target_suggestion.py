"""Target suggestion: which column is most likely to be predicted, how certain that is, and why.

Each column that can be a target gets points for its traits, and so does the case that the table has
no target; softmax turns the points into probabilities (conditional logit, McFadden 1974). The
points were fitted on the tables of benchmarks/target_tables.txt except the last ones, which test
them, and rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.language import tr
from engine.tables.columns.column_profile import Column, profile
from engine.tables.columns.target_traits import Surroundings, Traits, surroundings, traits
from engine.tables.reading.reader import Table
from engine.training import ChoiceValues

MOST_CLASSES = 50  # most classes of a target
SURE_PROBABILITY = 0.8  # lowest probability of a suggestion that needs no question
FEWEST_COLUMNS = 4  # fewest usable columns to be sure without a standard term
LEAD, HALF = 0.05, 0.5  # R² over the median, or R², that shows a dependence
MOST_CANDIDATES = 3
POINTS = Traits(
    last=2.8,
    first=2.1,
    second=1.0,
    last_class=0.5,
    first_class=0.5,
    last_binary=0.5,
    first_binary=0.5,
    many_classes=-0.8,
    few_numbers=-0.8,
    term=1.5,
    usual=2.0,
    usual_whole=2.0,
    word_at_end=1.1,
    given=-2.2,
    about_other=-1.2,
    grouped=-2.2,
    coordinate=-0.7,
    calendar=-0.2,
    only_class=0.6,
    last_among_numbers=0.8,
    first_among_numbers=1.0,
    most_explained=1.1,
    surplus=1.0,
    last_surplus=2.2,
    determined=-0.7,
    unexplained=-1.7,
)


class Candidate(NamedTuple):
    """A column that may be the target, its task, and why."""

    target: str
    task: str  # "classification" | "regression"
    reason: str


class Suggestion(NamedTuple):
    """The most likely target, whether it is certain, and the most likely columns, best first."""

    target: str
    task: str
    reason: str
    sure: bool
    candidates: tuple[Candidate, ...]


def suggest(table: Table, columns: Sequence[Column] | None = None) -> Suggestion:
    """Return the most likely target of a table. Raises ValueError if no column can be one."""
    columns = profile(table) if columns is None else columns
    n = len(table.frame)
    able = [column for column in columns if task_of(column, n)]
    if not able:
        raise ValueError(tr("No column can be predicted: each is empty, constant, text, or an id."))
    flagged = next((column for column in columns if column.name == table.target), None)
    if flagged is not None and task_of(flagged, n):
        own = Candidate(flagged.name, task_of(flagged, n), tr("the file marks it as the target"))
        return Suggestion(*own, True, (own,))
    around = surroundings(table, columns)
    found = [traits(column, task_of(column, n), around) for column in able]
    chances = target_probabilities(found, around)
    order = np.argsort(-chances[: len(able)], kind="stable")[:MOST_CANDIDATES]
    likely = tuple(candidate(able[place], found[place], n) for place in order)
    clear = is_clear(found[order[0]], able[order[0]], around)
    return Suggestion(*likely[0], bool(chances[order[0]] >= SURE_PROBABILITY) and clear, likely)


def is_clear(best: Traits, column: Column, around: Surroundings) -> bool:
    """Return whether the evidence for the most likely column is reliable.

    At an end of the table, a standard name for a target is reliable, and a usual measure as well
    unless nothing explains it. Without such a name a column of numbers is as often an input. A
    class there is reliable if it can be predicted from the other columns, belongs to no group, and
    there are at least ENOUGH usable columns.
    """
    end = bool(best.first or best.last)
    if end and (best.term or (best.usual and not best.unexplained)):
        return True
    share = around.explained.get(column.name, 0.0)
    follows = (best.surplus > LEAD or share > HALF) and not best.determined
    at_end = bool(best.last_class or best.first_class)
    return at_end and follows and not best.grouped and len(around.usable) >= FEWEST_COLUMNS


def target_probabilities(found: Sequence[Traits], around: Surroundings) -> np.ndarray:
    """Return the probability of each column, and last that of no target, of shape (found + 1,)."""
    points = np.array(found, dtype=float) @ np.array(POINTS)
    series = any(column.kind in ("date", "time") for column in around.usable)
    bare = max(around.explained.values(), default=0.0) < 0.05  # the columns are independent
    alike = float(np.mean([one.grouped for one in found]))
    none = 0.1 + 0.9 * alike + 0.4 * np.log(len(found)) + 0.5 * bare + 1.2 * series
    points = np.append(points, none)
    odds = np.exp(points - points.max())
    return odds / odds.sum()


def candidate(column: Column, own: Traits, n: int) -> Candidate:
    """Return a column as a candidate, with the reasons in words."""
    task = task_of(column, n)
    words, *more = reasons(column, own)
    if more:
        words = tr("{reason} and {other_reason}", reason=words, other_reason=more[0])
    if task == "classification":
        reason = tr("{reasons}, and it has {number} classes", reasons=words, number=column.distinct)
    else:
        reason = tr("{reasons}, and it has numbers", reasons=words)
    return Candidate(column.name, task, reason)


def reasons(column: Column, own: Traits) -> list[str]:
    """Return the reasons for a column, the strongest first."""
    named = own.term or own.usual_whole
    sentences = {
        tr("it is called '{name}'", name=column.name.strip()): named,
        tr("its name is usual for a measured value"): own.usual and not named,
        tr("it is the only column of categories"): own.only_class,
        tr("it is the last usable column"): own.last,
        tr("it is the first usable column"): own.first,
        tr("it is the column that can be predicted best from the others"): own.most_explained,
        tr("it can be predicted from the other columns"): own.surplus > LEAD
        and not own.most_explained,
        tr("it is the second usable column"): own.second,
    }
    return [words for words, holds in sentences.items() if holds] or [
        tr("no other column is more likely")
    ]


def suggested_settings(dataset: Dataset) -> ChoiceValues:
    """Return choices of Config that suit a data set of this size, as a start."""
    n = len(dataset.train)
    return {
        "hidden": (64,) if n >= 60 else (8,),
        "optimizer": "adam",
        "learning_rate": 0.003,
        "batch_size": 32 if n < 5_000 else 128,
        "l2": 1e-4,
        "patience": 60 if n < 5_000 else 20,
    }


def task_of(column: Column, n: int) -> str:
    """Return the task of a column as target; "" if it cannot be one."""
    if column.reason or column.missing > 0.5 * n:
        return ""
    if column.kind == "yes/no":
        return "classification"
    if column.kind == "category":
        return "classification" if column.distinct <= min(MOST_CLASSES, max(2, n // 2)) else ""
    if column.kind == "number":
        few = column.whole and column.distinct <= 10 and n >= 5 * column.distinct
        return "classification" if few else "regression"
    return ""
