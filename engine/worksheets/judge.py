"""The judgement of typed numbers: right, right with an own earlier value, or the likely mistake.

A number is compared with the right one, with what follows from the person's own earlier numbers,
and then with what each classic mistake leads to. So a mistake that is made once is named once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from engine.language import listed, marked, tr
from engine.nn import Array
from engine.worksheets.computation import DEPENDS, Computation, right_values
from engine.worksheets.mistakes import planted_values, sentence_of
from engine.worksheets.sheet import QUANTITIES, Cell, Worksheet
from engine.worksheets.typed import TypedNumber, read_typed

FEW_DIGITS = marked("There are too few digits. Write at least 3 decimal places.")
CUT_OFF = marked("The last digit is not rounded correctly. Look at the digit after it.")
SAME_AS_OLD = marked("Right. Write more digits to see the change from the old value.")
UNKNOWN = marked("This is not right. It is not a common mistake. Go through the formula again.")


class CellVerdict(NamedTuple):
    """What is said about one typed number."""

    status: str  # right, follows, digits, wrong or unreadable
    text: str = ""
    mistakes: tuple[str, ...] = ()  # the names of the likely mistakes

    @property
    def accepted(self) -> bool:
        """Return whether the number can stay as it is."""
        return self.status in ("right", "follows")


Typed = dict[tuple[int, int], TypedNumber]  # of one quantity, by row and column
State = dict[str, Array]  # the given arrays, and the quantities so far


def judge(sheet: Worksheet, answers: Mapping[Cell, str]) -> dict[Cell, CellVerdict]:
    """Return a verdict on each typed text that is not empty."""
    return Marking(sheet, answers).verdicts()


class Marking:
    """The judgement of all numbers of one person, quantity by quantity.

    `states[0]` has what should follow from the accepted numbers in full precision and from the
    wrong ones as they are. Each further state has the typed digits of one more number: from them
    comes how far rounding on the way can move a later number. `own` has everything as it was typed.
    """

    def __init__(self, sheet: Worksheet, answers: Mapping[Cell, str]) -> None:
        self.sheet, self.computation = sheet, Computation(sheet)
        self.right = right_values(sheet, self.computation)
        self.states: list[State] = [dict(self.computation.given)]
        self.own: State = dict(self.computation.given)
        self.typed: dict[str, Typed] = {name: {} for name in QUANTITIES}
        self.found: dict[Cell, CellVerdict] = {}
        cells = set(sheet.cells())
        for cell, text in answers.items():
            if cell in cells and text.strip():
                self.read(cell, text)

    def read(self, cell: Cell, text: str) -> None:
        """Note the number that is typed in a cell, or that it is none."""
        try:
            self.typed[cell.quantity][cell.row, cell.column] = read_typed(text)
        except ValueError as reason:
            self.found[cell] = CellVerdict("unreadable", str(reason))

    def verdicts(self) -> dict[Cell, CellVerdict]:
        """Return the verdict on each typed number."""
        with np.errstate(all="ignore"):
            for name in QUANTITIES:
                self.mark(name)
        return self.found

    def mark(self, name: str) -> None:
        """Judge the numbers of one quantity, and take them over for the next ones."""
        values = [self.computation.value(name, state) for state in self.states]
        self.own[name] = self.computation.value(name, self.own)
        slack = sum((np.abs(one - values[0]) for one in values[1:]), np.zeros_like(values[0]))
        verdicts = {
            place: self.compare(name, place, number, values[0][place], float(slack[place]))
            for place, number in self.typed[name].items()
        }
        wrong = {place: self.typed[name][place] for place, one in verdicts.items() if one is None}
        named = self.name_mistakes(name, wrong) if wrong else {}
        for place, number in wrong.items():
            targets = (self.right[name][place], values[0][place])
            if not named[place].mistakes and number.is_coarse(targets, float(slack[place])):
                named[place] = CellVerdict("digits", tr(FEW_DIGITS))
        for place, one in verdicts.items():
            self.found[Cell(name, *place)] = one or named[place]
        self.take_over(name, values)

    def compare(
        self, name: str, place: tuple[int, int], number: TypedNumber, expected: float, slack: float
    ) -> CellVerdict | None:
        """Return the verdict if the number is right, nearly right or follows; None otherwise."""
        right = float(self.right[name][place])
        slack = slack if np.isfinite(slack) else 0.0
        changed = abs(right - expected) > 1e-9 * max(1.0, abs(right))
        own, status = float(self.own[name][place]), "follows" if changed else "right"
        for target, found, near in (
            (right, "right", slack),
            (expected, status, slack),
            (own, status, 0.0),
        ):
            if number.equals(target) or (number.precise_enough and number.rounds(target, near)):
                return self.accept(name, place, number, found)
        if number.precise_enough and any(map(number.is_cut_off, (right, expected, own))):
            return CellVerdict("digits", tr(CUT_OFF))
        return None

    def accept(
        self, name: str, place: tuple[int, int], number: TypedNumber, status: str
    ) -> CellVerdict:
        """Return the verdict on an accepted number."""
        if status == "follows":
            earlier = listed([tr(QUANTITIES[one].symbol) for one in self.causes(name)])
            return CellVerdict(
                "follows", tr("Right, with your value of {earlier}.", earlier=earlier)
            )
        if name.startswith("new_"):
            old, right = self.states[0][name[4:]][place], self.right[name][place]
            if number.rounds(float(old)) and not np.isclose(old, right, rtol=1e-12):
                return CellVerdict("right", tr(SAME_AS_OLD))
        return CellVerdict("right", tr("Right."))

    def causes(self, name: str) -> list[str]:
        """Return the nearest earlier quantities with a number that is not accepted."""
        found: list[str] = []
        for one in DEPENDS[name]:
            own = [self.found[cell] for cell in self.cells_of(one)]
            found += [one] if not all(verdict.accepted for verdict in own) else self.causes(one)
        return list(dict.fromkeys(found))

    def cells_of(self, name: str) -> list[Cell]:
        """Return the cells of a quantity that have a number."""
        return [Cell(name, *place) for place in self.typed[name]]

    def take_over(self, name: str, values: list[Array]) -> None:
        """Put a quantity into every state: as it should be, or as it was typed.

        `values` has what each state leads to, arrays of the shape of the quantity, (rows, columns).
        """
        expected = values[0].copy()
        for place, number in self.typed[name].items():
            verdict = self.found[Cell(name, *place)]
            self.own[name][place] = number.value
            if verdict.status != "follows":
                right = verdict.status == "right"
                expected[place] = self.right[name][place] if right else number.value
            for value in values[1:]:  # what rounding has changed stays, except in wrong numbers
                moved = value[place] - values[0][place] if verdict.accepted else 0.0
                value[place] = expected[place] + moved
        for state, value in zip(self.states, (expected, *values[1:]), strict=True):
            state[name] = value
        for place, number in self.typed[name].items():
            if number.value != expected[place]:
                rounded = expected.copy()
                rounded[place] = number.value
                self.states.append({**self.states[0], name: rounded})

    def name_mistakes(self, name: str, wrong: Typed) -> dict[tuple[int, int], CellVerdict]:
        """Return a verdict with the likely mistakes for each wrong number of a quantity.

        The mistakes that explain all wrong numbers of the quantity come before those that explain
        only one of them.
        """
        right = {**self.computation.given, **self.right}
        states = (*self.states, self.own, right)
        planted = [planted_values(self.sheet, state, name) for state in states]
        each = {place: likely(planted, place, number) for place, number in wrong.items()}
        common = set.intersection(*each.values()) if each else set()
        return {place: verdict_of(name, common or names, planted) for place, names in each.items()}


def likely(
    planted: list[dict[str, Array]], place: tuple[int, int], number: TypedNumber
) -> set[str]:
    """Return the mistakes that lead to a number.

    `planted` has the wrong arrays, (rows, columns), for each state: the first is without rounding
    on the way, the last but one has every digit as it was typed, the last has no earlier mistake.
    """
    exact, *rounded, own, right = planted
    close, far = set(), set()
    for mistake in exact:
        value, *others = (float(one[mistake][place]) for one in (exact, own, right))
        if not number.precise_enough:
            close |= {mistake} if any(map(number.equals, (value, *others))) else set()
            continue
        slack = sum(abs(float(one[mistake][place]) - value) for one in rounded)
        close |= {mistake} if any(map(number.rounds, (value, *others))) else set()
        far |= {mistake} if np.isfinite(slack) and number.rounds(value, slack) else set()
    return close or far


def verdict_of(name: str, mistakes: set[str], planted: list[dict[str, Array]]) -> CellVerdict:
    """Return the verdict that names the mistakes, in the order of `planted` (rows, columns)."""
    ordered = tuple(one for one in planted[0] if one in mistakes)
    if not ordered:
        return CellVerdict("wrong", tr(UNKNOWN))
    sentences = [sentence_of(one, name) for one in ordered]
    return CellVerdict("wrong", tr(" Or: ").join(sentences), ordered)
