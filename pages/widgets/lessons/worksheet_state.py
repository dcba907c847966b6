"""The worksheets that a visitor works on: which one is open, what was typed, what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.worksheets import (
    LARGEST_SEED,
    QUERY_NAMES,
    Cell,
    CellVerdict,
    Worksheet,
    judge,
    read_worksheet,
    right_values,
    used_query,
)
from pages.figures.lessons.worksheet_text import plain_number
from pages.widgets.lessons.address import go_to
from pages.widgets.session import of_session

MOST_KEPT = 20  # worksheets of one visitor
MOST_FAULTS = 8  # sentences on the page
FIRST_SEED = 1


@dataclass
class OpenWorksheet:
    """One worksheet with what a visitor has typed into it."""

    query: dict[str, str]  # the part of the address that opens it
    sheet: Worksheet
    number: int  # of this visitor's worksheets, for the keys of the fields
    answers: dict[Cell, str] = field(default_factory=dict)
    verdicts: dict[Cell, CellVerdict] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)  # groups of which the answers are shown
    faults: list[str] = field(default_factory=list)  # sentences about the address
    form_faults: list[str] = field(default_factory=list)  # sentences about the own numbers

    def check(self, typed: Mapping[Cell, str]) -> None:
        """Note what is typed, and judge everything again."""
        self.answers |= typed
        self.verdicts = judge(self.sheet, self.answers)

    def answer(self, cell: Cell) -> str:
        """Return the right number of a box."""
        value = right_values(self.sheet)[cell.quantity][cell.row, cell.column]
        return plain_number(float(value))

    def progress(self, group: str = "") -> tuple[int, int]:
        """Return how many boxes are right, and how many there are, of a group or of all."""
        cells = list(self.sheet.cells(group))
        verdicts = [self.verdicts.get(cell) for cell in cells]
        return sum(one is not None and one.accepted for one in verdicts), len(cells)


@dataclass
class WorksheetState:
    """All worksheets of one visitor."""

    kept: dict[str, OpenWorksheet] = field(default_factory=dict)  # by address, the newest last
    opened: int = 0

    def open(self, query: Mapping[str, str]) -> OpenWorksheet:
        """Return the worksheet of an address, with what was typed into it before."""
        own = {name: text for name, text in query.items() if name in QUERY_NAMES}
        key = "&".join(f"{name}={text}" for name, text in sorted(own.items()))
        found = self.kept.pop(key, None)
        if found is None:
            self.opened += 1
            found = open_worksheet(own, self.opened)
        self.kept[key] = found
        while len(self.kept) > MOST_KEPT:
            del self.kept[next(iter(self.kept))]
        return found


def open_worksheet(query: dict[str, str], number: int) -> OpenWorksheet:
    """Return the worksheet of an address, the first one if the address has faults or names none."""
    first = {"worksheet": str(FIRST_SEED)}
    try:
        sheet = read_worksheet(query or first)
        return OpenWorksheet(used_query(query or first, sheet), sheet, number)
    except ValueError as reason:
        sheet, faults = read_worksheet(first), str(reason).split("\n")
        return OpenWorksheet(first, sheet, number, faults=faults[:MOST_FAULTS])


def worksheet_state() -> WorksheetState:
    """Return this visitor's worksheets."""
    return of_session("worksheets", WorksheetState)


def show_worksheet(query: Mapping[str, str]) -> None:
    """Go to the address of a worksheet."""
    go_to(query)


def draw_seed() -> int:
    """Return the seed of another worksheet."""
    return int(np.random.default_rng().integers(LARGEST_SEED + 1))


def choices_query(sheet: Worksheet, seed: int) -> dict[str, str]:
    """Return the address of the worksheet of a seed with the sizes and functions of another one."""
    return {
        "worksheet": str(seed),
        "sheet_sizes": "-".join(map(str, sheet.sizes)),
        "sheet_activation": sheet.activation,
        "sheet_output": sheet.output,
        "sheet_loss": sheet.loss,
        "sheet_l2": f"{sheet.l2:g}",
    }
