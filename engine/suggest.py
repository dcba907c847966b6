"""Suggest: which column is most likely to be predicted, and whether as a class or as a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.dataset import Dataset
from engine.profile import Column, profile
from engine.table import Table

CLASSES = 50  # most classes of a target
EXACT = re.compile(
    r"(target|labels?|class(es)?|y|outcome|response|result|output|dependent|endog|ground_?truth)",
    re.I,
)
USUAL = re.compile(  # what people tend to predict
    r"(survived|species|variety|diagnosis|malignant|default(ed)?|churn(ed)?|attrition|fraud|spam|"
    r"approved|admitted|admission|income|quality|grade|score|rating|price|medv|charges|cost|salary|"
    r"wages?|mpg|tips?|votes?|voted|party|affairs|category|status|risk|disease|progression|"
    r"deceased|death|died|sick|purchase[ds]?|bought|clicked|converted|subscribed|yield|direction|"
    r"sales|revenue|profit|balance|demand|consumption|weather|strength|duration|choice|"
    r"life_?exp(ectancy)?)",
    re.I,
)
GIVEN = re.compile(  # what is known beforehand rather than predicted
    r"(id|year|yr|month|mnth|day|weekday|date|time|hour|hr|quarter|period|week|age|sex|gender|"
    r"lat|lon|lng|latitude|longitude|zip|postcode|phone|region|index|idx|obs|row|subject)",
    re.I,
)


class Suggestion(NamedTuple):
    """A target, the task that it sets, and the reason."""

    target: str
    task: str  # "classification" | "regression"
    reason: str


def suggest(table: Table, columns: Sequence[Column] | None = None) -> Suggestion:
    """The likely target of a table; ValueError if no column can be one."""
    columns = profile(table) if columns is None else columns
    n = len(table.frame)
    able = [column for column in columns if task_of(column, n)]
    if not able:
        raise ValueError("No column can be predicted: each is empty, constant, text, or an id.")
    ends = {able[0].name: "first", columns[-1].name: "last"}
    ranked = [(*merits(column, ends.get(column.name, "")), column) for column in able]
    _, words, best = max(ranked, key=lambda one: one[0])
    task = task_of(best, n)
    what = f"{best.distinct} classes" if task == "classification" else "numbers"
    return Suggestion(best.name, task, f"{words}, and it holds {what}")


def settings(dataset: Dataset) -> dict[str, Any]:
    """Choices of Config that suit a data set of this size, to begin with."""
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
    """The task that a column sets as target; "" if it can be none."""
    if column.reason or column.missing > 0.5 * n:
        return ""
    if column.kind == "yes/no":
        return "classification"
    if column.kind == "category":
        return "classification" if column.distinct <= min(CLASSES, max(2, n // 2)) else ""
    if column.kind == "number":
        few = column.whole and column.distinct <= 10 and n >= 5 * column.distinct
        return "classification" if few else "regression"
    return ""


def merits(column: Column, end: str) -> tuple[float, str]:
    """How likely a column is the target, in points, and the main reason."""
    name = column.name.strip()
    points = {"last": 2.0, "first": 1.0}.get(end, 0.0)
    words = f"it is the {end} usable column" if end else "it is the most likely column"
    if column.kind in ("category", "yes/no") and column.distinct <= 10:
        points += 1.5 if column.kind == "yes/no" else 0.5
    parts = [part for part in re.split(r"[_\W\d]+|(?<=[a-z])(?=[A-Z])", name) if part]
    if EXACT.fullmatch(name):
        return points + 6.0, f"it is called '{name}'"
    if USUAL.fullmatch(name):
        return points + 3.5, f"'{name}' is what one often predicts"
    if any(GIVEN.fullmatch(part) for part in parts):
        return points - 2.0, words
    if any(EXACT.fullmatch(part) or USUAL.fullmatch(part) for part in parts):
        return points + 1.5, f"'{name}' is what one often predicts"
    return points, words
