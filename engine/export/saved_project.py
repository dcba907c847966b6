"""Checks of a project file: every entry by its name, before any of it is used."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from engine.language import marked, tr
from engine.training import (
    CHOICES,
    MOST_EPOCHS,
    MOST_EVENTS,
    VERSION,
    Config,
    Event,
    quoted,
    read_event,
    read_setting,
)


class Entry(NamedTuple):
    """The condition for the value of one name."""

    expected: str  # in words
    fits: Callable[[Any], bool]  # given what was read from JSON
    limits: Mapping[str, int] = MappingProxyType({})  # the {fields} of the words


def whole_number(low: int, high: int = MOST_EPOCHS) -> Entry:
    """Return the entry for a whole number within limits."""
    return Entry(
        marked("a whole number from {low:,} to {high:,}"),
        lambda value: type(value) is int and low <= value <= high,
        {"low": low, "high": high},
    )


def spells_number(text: object) -> bool:
    """Return whether a text spells a number, which may be infinite."""
    try:
        return isinstance(text, str) and not math.isnan(float(text))
    except ValueError:
        return False


def is_plain(value: object, depth: int = 4) -> bool:
    """Return whether a value is text, a finite number, or a few of them in lists and objects."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return depth > 0 and all(is_plain(one, depth - 1) for one in value)
    return value is None or isinstance(value, str | int) or is_finite(value)


def is_finite(value: object) -> bool:
    """Return whether a value is a finite number with decimals."""
    return isinstance(value, float) and math.isfinite(value)


TEXT = Entry(marked("a text"), lambda value: isinstance(value, str))
TEXTS = Entry(
    marked("an object of texts"),
    lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
)
OBJECT = Entry(
    marked("an object of texts, numbers and lists"),
    lambda value: isinstance(value, dict) and is_plain(value),
)
PROJECT = {
    "config": TEXTS,
    "events": TEXT,
    "finished": TEXT,
    "diverged": TEXT,
    "patience": Entry(
        marked("a whole number of 0 or more and a number as text"),
        lambda value: (
            isinstance(value, list)
            and len(value) == 2
            and whole_number(0).fits(value[0])
            and spells_number(value[1])
        ),
    ),
    "stride": Entry(
        marked("a power of 2"),
        lambda value: whole_number(1).fits(value) and value & (value - 1) == 0,
    ),
    "head": whole_number(0),
}
TABLE = {"name": TEXT, "told": OBJECT, "choices": OBJECT}
TOLD = {
    "header": whole_number(0),
    "skip": whole_number(0),
}  # the rest of how a table is read is text


def check_entries(saved: Mapping[str, object], entries: Mapping[str, Entry], what: str) -> None:
    """Raise ValueError if an entry is missing or does not fit; the sentence has its name."""
    for name, entry in entries.items():
        if name not in saved:
            raise ValueError(tr("{what} has no '{name}'.", what=what, name=name))
        if not entry.fits(saved[name]):
            given = quoted(json.dumps(saved[name]))
            raise ValueError(
                tr(
                    "{what} needs {expected} as '{name}'; {given} was given.",
                    what=what,
                    expected=tr(entry.expected, **entry.limits),
                    name=name,
                    given=given,
                )
            )


def check_names(saved: Mapping[str, object], known: Iterable[str], what: str) -> None:
    """Raise ValueError if an entry has an unknown name."""
    strange = [name for name in saved if name not in set(known)]
    if strange:
        raise ValueError(
            tr(
                "{what} has an entry {name} that this version does not know.",
                what=what,
                name=quoted(strange[0]),
            )
        )


def read_saved_config(query: Mapping[str, str]) -> Config:
    """Return the saved Config. Raises ValueError if a setting is not valid."""
    check_names(query, (*CHOICES, "v"), tr("The project's list of settings"))
    settings = dict(query)
    if (version := settings.pop("v", VERSION)) != VERSION:
        raise ValueError(
            tr(
                "The project has settings of version {version}; this app reads version {own}.",
                version=quoted(version),
                own=VERSION,
            )
        )
    try:
        return Config(**{name: read_setting(name, text) for name, text in settings.items()})
    except ValueError as reason:
        words = tr("The project has a setting that is not valid: {reason}", reason=reason)
        raise ValueError(words) from None


def read_saved_events(text: str, sizes: tuple[int, ...]) -> list[Event]:
    """Return the saved changes of a run. Raises ValueError if one is not valid."""
    parts = [part for part in text.split(";") if part]
    if len(parts) > MOST_EVENTS:
        raise ValueError(tr("The project has more than {most} changes.", most=MOST_EVENTS))
    try:
        return [read_event(part, sizes) for part in parts]
    except ValueError as reason:
        words = tr("The project has a change that is not valid: {reason}", reason=reason)
        raise ValueError(words) from None


def reason_or(reason: Exception, otherwise: str) -> str:
    """Return the reason if it is a sentence written by this app, else `otherwise`."""
    text = str(reason)
    if isinstance(reason, ValueError) and text.endswith("。"):
        return text
    own = isinstance(reason, ValueError) and text.endswith(".") and " " in text
    return text if own and (text[0].isupper() or text[0] in "'0123456789") else otherwise
