"""The address of a page: the parameters of a link besides the settings of the run.

A link is https://host/page?choices&parameters. The engine reads and writes the choices (Config) and
the events of a run; the names of all other parameters are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.evaluation import COMPONENTS, Pair
from engine.language import tr
from engine.training import CHOICES, MOST_EPOCHS, Config, Event, quoted, read_whole, write_events
from engine.worksheets import QUERY_NAMES

# Parameters besides the settings: the view of a run, several runs, a search, a chapter.
PARAMETERS = (
    *("epoch", "example", "events", "check", "pair"),
    *("batch", "line", "part", "runs", "search", "view"),
    *QUERY_NAMES,  # of a worksheet
    *("lesson", "class", "teacher", "present", "lang"),
    *("hide", "lock"),
)


@dataclass(frozen=True)
class Controls:
    """The settings whose controls a link hides, or shows but locks."""

    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()

    @property
    def fixed(self) -> set[str]:
        """Return the settings that cannot be changed by a control."""
        return {*self.hidden, *self.locked}

    def to_query(self) -> dict[str, str]:
        """Return the parameters of a link that hides and locks the same controls."""
        parts = {"hide": self.hidden, "lock": self.locked}
        return {name: "-".join(settings) for name, settings in parts.items() if settings}


ALL_CONTROLS = Controls()  # none is hidden or locked


@dataclass(frozen=True)
class Link:
    """The parameters of a link besides the settings of the run."""

    epoch: int | None = None  # None: the link names no epoch
    check: str = ""  # the loss that the sender saw at this epoch
    events: str = ""  # changes during the run; they are read once the network is known
    pair: Pair = ()  # the axes of the map
    example: str = ""  # as it is spelled, for the player
    place: int = 0  # the same as a whole number, for the step trace
    alone: bool = False  # one example alone is traced, not a batch
    batch: int = 0
    line: int = 0  # of the step trace
    controls: Controls = ALL_CONTROLS


def choices_of_link(query: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a link that may be choices of a run, for Config.from_query."""
    return {name: text for name, text in query.items() if name not in PARAMETERS}


def read_link(query: Mapping[str, str]) -> tuple[Link, list[str]]:
    """Return what a link asks for, and a sentence for each parameter that was ignored."""
    numbers, notes = {}, []
    for name in ("epoch", "batch", "example", "line"):
        numbers[name], found = whole_number_of_link(query.get(name, "0"), name)
        notes += found
    pair, found = read_pair(query.get("pair", ""))
    controls, unknown = read_controls(query)
    link = Link(
        epoch=numbers["epoch"] if "epoch" in query else None,
        check=query.get("check", ""),
        events=query.get("events", ""),
        pair=pair,
        example=query.get("example", ""),
        place=numbers["example"],
        alone="example" in query and "batch" not in query,
        batch=numbers["batch"],
        line=numbers["line"],
        controls=controls,
    )
    return link, [*notes, *found, *unknown]


def whole_number_of_link(text: str, name: str = "epoch") -> tuple[int, list[str]]:
    """Return the whole number that `text` spells, and a sentence if it spells none."""
    try:
        number = read_whole(text)
    except ValueError:
        number = -1
    if 0 <= number <= MOST_EPOCHS:
        return number, []
    return 0, [
        tr(
            "{name} must be a whole number from 0 to {most:,}; {given} was ignored.",
            name=name,
            most=MOST_EPOCHS,
            given=quoted(text),
        )
    ]


def read_pair(text: str) -> tuple[Pair, list[str]]:
    """Return the axes of the map that a link asks for, and a sentence if it names none.

    () leaves the axes to the data. Whether there are such inputs shows when the data are there.
    """
    if text in ("", COMPONENTS):
        return COMPONENTS if text else (), []
    try:
        pair = tuple(read_whole(part) for part in text.split("-"))
    except ValueError:
        pair = ()
    if len(pair) == 2 and pair[0] != pair[1] and min(pair) >= 0:
        return pair, []
    return (), [
        tr(
            "pair must be two numbers of inputs such as 0-1, or {components}; {given} was ignored.",
            components=COMPONENTS,
            given=quoted(text),
        )
    ]


def read_controls(query: Mapping[str, str]) -> tuple[Controls, list[str]]:
    """Return the controls that a link hides or locks, and a sentence for each unknown name."""
    found: dict[str, list[str]] = {"hide": [], "lock": []}
    notes = []
    for parameter, settings in found.items():
        for name in filter(None, query.get(parameter, "").split("-")):
            if name in CHOICES:
                settings.append(name)
            else:
                notes.append(
                    tr(
                        "{parameter} must name settings such as learning_rate-optimizer; "
                        "{given} was ignored.",
                        parameter=parameter,
                        given=quoted(name),
                    )
                )
    hidden = tuple(dict.fromkeys(found["hide"]))
    locked = tuple(name for name in dict.fromkeys(found["lock"]) if name not in hidden)
    return Controls(hidden, locked), notes


def query_text(parts: Mapping[str, str]) -> str:
    """Return parameters as the query of an address; no value needs to be escaped."""
    return "&".join(f"{name}={value}" for name, value in parts.items())


def run_query(
    config: Config,
    events: Iterable[Event] = (),
    pair: Pair = (),
    controls: Controls = ALL_CONTROLS,
) -> str:
    """Return the query of an address that opens a run.

    It holds its choices and events, the map's axes, and which controls are hidden or locked.
    """
    parts, events = config.to_query(), list(events)
    if events:
        parts["events"] = write_events(events)
    if pair:
        parts["pair"] = pair if isinstance(pair, str) else "-".join(map(str, pair))
    return query_text(parts | controls.to_query())
