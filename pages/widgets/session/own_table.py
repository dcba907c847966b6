"""The visitor's own table, from which the page Your data makes data sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.data import Dataset
from engine.training import ChoiceValues, Config

if TYPE_CHECKING:  # it loads what writes a network as a file, which no first visit needs
    from pages.live.jobs.tables import TableSource


class DataBuilder(Protocol):
    """Builds the data set of the visitor's own table."""

    def __call__(self, config: Config) -> Dataset:
        """Return the data set that suits a Config. Raises ValueError if there is none."""
        ...

    def place_of(self, example: int, config: Config) -> str:
        """Return the place of an example in its file, in words."""
        ...

    @property
    def source(self) -> TableSource:
        """Return what it builds from, as plain values."""
        ...


@dataclass(frozen=True)
class OwnTable:
    """The visitor's own table that runs are made of."""

    build: DataBuilder
    name: str  # of its file
    suggested: ChoiceValues  # that suit it
