"""Preparation: how a row of text becomes inputs of a network; plain values, kept with the model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.cells import Array, Reading, read_values
from engine.profile import Values, values_of

OTHER, GONE = "other", "missing"


class Field(NamedTuple):
    """How one column of a table becomes one or more inputs of the network."""

    name: str
    reading: Reading
    fill: float = 0.0  # for a missing number
    flag: bool = False  # whether there is an input that says that the cell is missing
    categories: tuple[str, ...] = ()  # each with an input of its own
    base: str = ""  # the category that the others being 0 stands for, if there are only two
    other: bool = False  # whether the rare and unknown ones have an input together
    gone: bool = False  # whether missing cells have one

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs."""
        if self.categories:
            extra = (OTHER,) * self.other + (GONE,) * self.gone
            return tuple(f"{self.name} = {one}" for one in (*self.categories, *extra))
        yes = f" = {self.reading.pair[1]}" if self.reading.pair[1:2] not in ((), ("1",)) else ""
        unit = f" ({self.reading.unit})" if self.reading.unit else ""
        return (f"{self.name}{yes}{unit}", *((f"{self.name} = {GONE}",) * self.flag))


@dataclass(frozen=True)
class Preparation:
    """All that turns a row of text into inputs of the network, and its outputs into an answer."""

    target: str
    task: str
    reading: Reading  # of a regression target
    classes: tuple[str, ...]
    fields: tuple[Field, ...]
    left_out: tuple[tuple[str, str], ...] = ()  # (column, why)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the r inputs."""
        return tuple(name for field in self.fields for name in field.inputs)

    def apply(self, frame: pd.DataFrame) -> tuple[Array, list[str]]:
        """(r, m) raw inputs for the rows of a table of text, and notes; ValueError without one."""
        gone = [field.name for field in self.fields if field.name not in frame.columns]
        if gone:
            raise ValueError(f"The table has no column {', '.join(repr(name) for name in gone)}.")
        rows, notes = [], []
        for field in self.fields:
            own, said = field_inputs(field, values_of(frame[field.name]))
            rows.append(own)
            notes += said
        return np.vstack(rows), notes

    def truth(self, frame: pd.DataFrame) -> Array:
        """(m,) class indices, -1 where there is none, or numbers, nan where there is none."""
        own = values_of(frame[self.target])
        if self.task == "regression":
            return spread(read_values(own.values, self.reading), own.codes)
        place = {name: k for k, name in enumerate(self.classes)}
        told = np.array([place.get(value.strip(), -1) for value in own.values], dtype=np.intp)
        return np.where(own.codes >= 0, told[own.codes], -1) if len(told) else own.codes * 0 - 1

    def as_plain(self) -> dict[str, Any]:
        """The same as dictionaries, lists, strings and numbers."""
        plain = asdict(self)
        plain["reading"] = self.reading._asdict()
        plain["fields"] = [
            {**one._asdict(), "reading": one.reading._asdict()} for one in self.fields
        ]
        return plain


def from_plain(plain: dict[str, Any]) -> Preparation:
    """The preparation that `as_plain` wrote down."""
    fields = [{**one, "reading": reading_from(one["reading"])} for one in plain["fields"]]
    own = tuple(Field(**{**one, "categories": tuple(one["categories"])}) for one in fields)
    return Preparation(
        target=plain["target"],
        task=plain["task"],
        reading=reading_from(plain["reading"]),
        classes=tuple(plain["classes"]),
        fields=own,
        left_out=tuple((name, why) for name, why in plain["left_out"]),
    )


def reading_from(plain: dict[str, Any]) -> Reading:
    """The reading that was written down."""
    return Reading(**{**plain, "pair": tuple(plain["pair"])})


def spread(numbers: Array, codes: Array) -> Array:
    """(n,) the number of each row's value; nan where it has none."""
    return np.append(numbers, np.nan)[codes]  # code -1 is the last one


def field_inputs(field: Field, own: Values) -> tuple[Array, list[str]]:
    """(inputs, n) of one column, and notes on cells that could not be read."""
    if not field.categories:
        numbers = spread(read_values(own.values, field.reading), own.codes)
        gone = np.isnan(numbers)
        strange = int(np.count_nonzero(gone & (own.codes >= 0)))
        said = [f"'{field.name}': {strange:,} cells could not be read."] if strange else []
        rows = [np.where(gone, field.fill, numbers), *([gone * 1.0] * field.flag)]
        return np.vstack(rows), said
    place = {name: k for k, name in enumerate(field.categories)}
    rest = len(place) if field.other else -1
    known = [place.get(value.strip(), rest) for value in own.values]
    new = [v for v in own.values if v.strip() not in place and v.strip() != field.base]
    slot = np.append(np.array(known, dtype=np.intp), len(place) + field.other if field.gone else -1)
    X = (slot[own.codes] == np.arange(len(field.inputs))[:, None]).astype(float)
    said = [f"'{field.name}': '{new[0]}' is new."] if new and not field.other else []
    return X, said
