"""Choices: what may be chosen, how a choice is spelled in a link, and the check of its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, NamedTuple

from engine.language import tr

# Digits of ASCII alone: str.isdigit also allows ², which int refuses, and float reads 1_0 and ٣.
WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,5})?")


ChoiceValue = str | float | tuple[str | float, ...]  # a word, a number, or some of them
ChoiceValues = Mapping[str, Any]  # setting -> ChoiceValue; which type suits which, Config checks


class Choice(NamedTuple):
    """The allowed values of a setting, and its texts."""

    label: str
    help: str
    low: float | None = None  # of a number, or of each number of a tuple
    high: float | None = None
    options: tuple[str, ...] = ()  # of a word, or of each word of a tuple
    least: int = 0  # numbers or words in a tuple
    most: int = 1
    different: bool = False  # no word of a tuple twice
    fractions: bool = False  # a tuple of numbers that need not be whole
    live: bool = False  # may change during a run


def choice_field(default: ChoiceValue, label: str, help: str, **limits: Any) -> Any:
    """Return a dataclass field with its Choice."""
    return field(default=default, metadata={"choice": Choice(label, help, **limits)})


def quoted(text: object) -> str:
    """Return text from outside, shortened and in quotation marks."""
    text = str(text)
    return f"'{text[:30]}…'" if len(text) > 30 else f"'{text}'"


def read_whole(text: str) -> int:
    """Return the whole number that a link spells.

    Raises:
        ValueError: It is not spelled with 1 to 400 of the digits 0 to 9, after a sign or none.
    """
    if not WHOLE.fullmatch(text):
        raise ValueError(tr("{text} is not a whole number.", text=quoted(text)))
    return int(text)


def read_number(text: str) -> float:
    """Return the decimal number that a link spells, such as -0.5 or 1e-05.

    Raises:
        ValueError: It is spelled otherwise, for example with other digits or as nan.
    """
    if not NUMBER.fullmatch(text):
        raise ValueError(tr("{text} is not a number.", text=quoted(text)))
    return float(text)


def read_choice(name: str, text: str, one: Choice, like: ChoiceValue) -> Any:
    """Return the value that `text` spells, of the type of `like`.

    Raises:
        ValueError: It spells none.
    """
    if isinstance(like, str):
        return text
    try:
        if not isinstance(like, tuple):
            return read_whole(text) if isinstance(like, int) else read_number(text)
        if one.fractions and text == "0":  # as `write` spells ()
            return ()
        if one.fractions:  # 1e-05 holds a dash
            return tuple(read_number(word) for word in text.split(",") if word)
        words = [word for word in text.replace("-", ",").split(",") if word not in ("", "0")]
        return tuple(words) if one.options else tuple(map(read_whole, words))
    except ValueError:
        fields = {"label": tr(one.label), "name": name, "text": quoted(text)}
        if isinstance(like, float) or one.fractions:
            words = tr("{label} ({name}) must be a number; {text} was given.", **fields)
        else:
            words = tr("{label} ({name}) must be a whole number; {text} was given.", **fields)
        raise ValueError(words) from None


def write_choice(value: ChoiceValue) -> str:
    """Return the shortest text from which `read_choice` gets exactly this value."""
    if isinstance(value, tuple):
        dash = "," if value and isinstance(value[0], float) else "-"
        return dash.join(map(str, value)) or "0"
    return repr(float(value)) if isinstance(value, float) else str(value)


def check_choice(name: str, value: Any, one: Choice) -> None:
    """Check a value of a choice.

    Raises ValueError with one sentence: the choice, what is allowed, and what was given.
    """
    if isinstance(value, tuple):
        repeated = one.different and len(set(value)) < len(value)
        if not one.least <= len(value) <= one.most or repeated:
            raise ValueError(entries_sentence(name, value, one))
        for part in value:
            check_choice(name, part, one._replace(most=1))
    elif one.options and value not in one.options:
        allowed = ", ".join(filter(None, one.options))
        raise ValueError(
            tr(
                "{label} ({name}) must be one of {allowed}; {text} was given.",
                label=tr(one.label),
                name=name,
                allowed=allowed,
                text=quoted(value),
            )
        )
    elif one.low is not None and one.high is not None and not one.low <= value <= one.high:
        raise ValueError(  # also for nan, which lies nowhere
            tr(
                "{label} ({name}) must lie between {low:g} and {high:,.10g}; {text} was given.",
                label=tr(one.label),
                name=name,
                low=one.low,
                high=one.high,
                text=quoted(value),
            )
        )


def entries_sentence(name: str, value: tuple[str | float, ...], one: Choice) -> str:
    """Return the sentence that a tuple has too few or too many entries, or equal ones."""
    fields = {
        "label": tr(one.label),
        "name": name,
        "least": one.least,
        "most": one.most,
        "text": quoted(write_choice(value)),
    }
    if one.different:
        return tr(
            "{label} ({name}) takes {least} to {most} different entries; {text} was given.",
            **fields,
        )
    return tr("{label} ({name}) takes {least} to {most} entries; {text} was given.", **fields)
