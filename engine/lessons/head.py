"""Head: typed values from the head of a lesson, with a sentence for each that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from engine.language import marked, tr
from engine.training import quoted

T = TypeVar("T")

A_NUMBER = marked("a number from {low:,g} to {high:,.10g}")
A_WHOLE_NUMBER = marked("a whole number from {low:,g} to {high:,.10g}")


class HeadTable:
    """The values of one table; what is missing or wrong is added to `faults`."""

    def __init__(self, values: Mapping[str, object], place: str, faults: list[str]) -> None:
        self.values, self.place, self.faults = dict(values), place, faults

    def fault(self, words: str) -> None:
        """Add a sentence that names the place."""
        self.faults.append(f"{self.place}: {words}" if self.place else words)

    def attempt(self, made: Callable[[], T], default: T) -> T:
        """Return what the function makes; where it raises ValueError, its sentence is a fault."""
        try:
            return made()
        except ValueError as reason:
            self.fault(str(reason))
            return default

    def refuse(self, name: str, what: str, value: object) -> None:
        """Note as a fault that a value is not `what` it must be."""
        self.fault(
            tr(
                "'{name}' must be {what}; {given} was given.",
                name=name,
                what=what,
                given=quoted(value),
            )
        )

    def take(self, name: str, kinds: tuple[type[T], ...], what: str, default: T | None) -> T | None:
        """Return a value of one of these types, or the default; None as default: it is needed."""
        value = self.values.pop(name, None)
        if value is None and default is not None:
            return default
        if value is None:
            self.fault(tr("'{name}' is missing; it is {what}.", name=name, what=what))
        elif not isinstance(value, kinds) or isinstance(value, bool):
            self.refuse(name, what, value)
        else:
            return value
        return default

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default."""
        value = self.take(name, (str,), tr("a text"), default)
        if value is not None and not value.strip() and value != default:
            self.fault(tr("'{name}' is empty; it must be a text.", name=name))
        return (value or "").strip()

    def one_of(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        """Return one of the options; the first one where something else is given."""
        what = tr("one of {options}", options=", ".join(options))
        value = self.take(name, (str,), what, default)
        if value in options:
            return str(value)
        if value is not None:
            self.refuse(name, what, value)
        return options[0]

    def number(
        self, name: str, low: float, high: float, default: float | None = None, whole: bool = False
    ) -> float:
        """Return a number between the limits; the lower one where something else is given."""
        what = tr(A_WHOLE_NUMBER if whole else A_NUMBER, low=low, high=high)
        value = self.take(name, (int,) if whole else (int, float), what, default)
        if value is None:
            return low
        if not low <= value <= high:
            self.refuse(name, what, value)
            return low
        return value if whole else float(value)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number between the limits."""
        return int(self.number(name, low, high, default, whole=True))

    def words(self, name: str, least: int, most: int) -> tuple[str, ...]:
        """Return a list of different texts that are not empty."""
        what = tr("a list of {least} to {most} different texts", least=least, most=most)
        value = self.take(name, (list,), what, None if least else [])
        if value is None:
            return ()
        right = least <= len(value) <= most and all(isinstance(one, str) for one in value)
        if not right or len(set(value)) < len(value) or not all(one.strip() for one in value):
            self.refuse(name, what, value)
            return ()
        return tuple(value)

    def tables(self, name: str, least: int, most: int, place: str) -> list[HeadTable]:
        """Return the tables [[name]]; `place` is what each is called, with {number} in it."""
        what = tr("{least} to {most} tables [[{name}]]", least=least, most=most, name=name)
        value = self.take(name.rpartition(".")[2], (list,), what, None if least else [])
        if value is None:
            return []
        if not least <= len(value) <= most or not all(isinstance(one, dict) for one in value):
            self.fault(
                tr("there must be {what}; {number} were given.", what=what, number=len(value))
            )
            value = [one for one in value if isinstance(one, dict)][:most]
        return [
            HeadTable(one, self.below(tr(place, number=number)), self.faults)
            for number, one in enumerate(value, 1)
        ]

    def table(self, name: str, place: str) -> HeadTable:
        """Return the table [name]; an empty one if it is missing, which is a fault."""
        value = self.take(name, (dict,), tr("a table [{name}]", name=name), None)
        return HeadTable(value or {}, self.below(place), self.faults if value else [])

    def below(self, place: str) -> str:
        """Return the name of a place inside this one."""
        return f"{self.place}, {place}" if self.place else place

    def end(self) -> None:
        """Add a fault for each setting that nobody has asked for."""
        for name in self.values:
            self.fault(tr("{name} is not a setting here.", name=quoted(name)))
