"""Messages: a text in the language of the person for whom the current thread works."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from engine.language.catalogue import ENGLISH, catalogue
from engine.number_format import count

_spoken: ContextVar[str] = ContextVar("language")
_sources: list[Callable[[], str]] = []  # what knows the language where none was set


def language() -> str:
    """Return the language of the texts that are made now, such as "en"."""
    found = _spoken.get("")
    return found or (_sources[-1]() if _sources else ENGLISH)


@contextmanager
def speaking(name: str) -> Generator[None]:
    """Make texts in a language, as long as the block runs, in this thread or task."""
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


def ask_for_language(source: Callable[[], str]) -> None:
    """Let `source` say the language wherever no block of `speaking` does."""
    _sources[:] = [source]


def tr(message: str, **fields: object) -> str:
    """Return a message in the current language, with its {fields} filled in.

    The message is a literal, or a text that `marked` has named: so the catalogues can list it.
    """
    text = catalogue(language()).gettext(message) if message else ""
    return text.format(**fields) if fields else text


def tr_many(n: int, one: str, several: str, **fields: object) -> str:
    """Return the message for n things in the current language; {n} is the count."""
    return catalogue(language()).ngettext(one, several, n).format(n=count(n), **fields)


def marked(message: str) -> str:
    """Return a message as it is: `tr` translates it later, where it is shown."""
    return message


def many(value: int, noun: str, plural: str = "") -> str:
    """Return "1 unit", "4 units" or "2 classes"; the noun is a literal."""
    return tr_many(value, f"{{n}} {noun}", f"{{n}} {plural or noun + 's'}")


def listed(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return tr("{first} and {last}", first=tr(", ").join(words[:-1]), last=words[-1])
