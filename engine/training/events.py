"""Events: changes by a person during a run, stored so that they can be replayed and shared.

An event after `epoch` epochs applies from this epoch on, including the record of the epoch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.language import tr
from engine.training.config import CHOICES, LIVE, check_choice, quoted
from engine.training.options import ChoiceValues, read_number, read_whole

MOST_EPOCHS, MOST_EVENTS = 1_000_000, 1000
WEIGHT_LIMIT = 1e6
PARAMETER = re.compile(r"W([0-9]{1,6})\.([0-9]{1,6})\.([0-9]{1,6})|b([0-9]{1,6})\.([0-9]{1,6})")


class Event(NamedTuple):
    """A change after `epoch` epochs: a live choice, or a weight W2.0.1 or bias b1.3."""

    epoch: int
    name: str
    value: float


def live_choices(events: Iterable[Event]) -> ChoiceValues:
    """Return the live choices that events set, each with its last value."""
    return {event.name: event.value for event in events if event.name in LIVE}


def check_event(event: Event, sizes: tuple[int, ...]) -> Event:
    """Return the event.

    Raises ValueError if it names no live choice and no parameter, or if its value is not allowed.
    """
    if event.epoch < 0 or event.epoch > MOST_EPOCHS:
        raise ValueError(
            tr(
                "The epoch of a change must be from 0 to {most:,}; {epoch} was given.",
                most=MOST_EPOCHS,
                epoch=quoted(event.epoch),
            )
        )
    if event.name in LIVE:
        check_choice(event.name, event.value, CHOICES[event.name])
        return event
    parameter_position(event.name, sizes)
    if not abs(event.value) <= WEIGHT_LIMIT:
        raise ValueError(
            tr(
                "{name} must lie within ±1,000,000; {value:g} was given.",
                name=event.name,
                value=event.value,
            )
        )
    return event


def parameter_position(name: str, sizes: tuple[int, ...]) -> tuple[int, int, int]:
    """Return (layer, row, column) in [W b] of a parameter named W2.0.1 or b1.3.

    Raises ValueError if this network has no such parameter.
    """
    found = PARAMETER.fullmatch(name)
    if found:
        numbers = [int(number) for number in found.groups() if number is not None]
        layer, row = numbers[0], numbers[1]
        if 1 <= layer < len(sizes) and row < sizes[layer]:
            column = numbers[2] if len(numbers) == 3 else sizes[layer - 1]
            if column < sizes[layer - 1] + (len(numbers) == 2):
                return layer, row, column
    raise ValueError(
        tr(
            "Only {choices} and single weights (W1.0.1) or biases (b1.0) of this network "
            "can be changed during a run; {name} was given.",
            choices=", ".join(LIVE),
            name=quoted(name),
        )
    )


def write_events(events: Iterable[Event]) -> str:
    """Return events in the form of a link: 120:learning_rate:0.03;200:W2.0.1:0.5."""
    return ";".join(f"{e.epoch}:{e.name}:{float(e.value)!r}" for e in events)


def read_events(text: str, sizes: tuple[int, ...]) -> tuple[list[Event], list[str]]:
    """Return the events of a link, and a sentence for each part that is not valid."""
    events, notes = list[Event](), list[str]()
    for part in filter(None, text.split(";")):
        if len(events) == MOST_EVENTS:
            notes.append(
                tr("Only the first {most} changes of the link are used.", most=MOST_EVENTS)
            )
            break
        try:
            events.append(read_event(part, sizes))
        except ValueError as reason:
            words = tr(
                "The link's change {part} was ignored: {reason}", part=quoted(part), reason=reason
            )
            notes.append(words)
    return events, notes


def read_event(part: str, sizes: tuple[int, ...]) -> Event:
    """Return the event of one part of a link. Raises ValueError with the reason if it is none."""
    try:
        epoch, name, value = part.split(":")
        event = Event(read_whole(epoch), name, read_number(value))
    except ValueError:
        raise ValueError(tr("it could not be read.")) from None
    return check_event(event, sizes)
