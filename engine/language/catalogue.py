"""The translations of a language, from its files in the format of GNU gettext.

Source: the GNU gettext manual, "The Format of PO Files" and "Plural forms".
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog as Translations
    from babel.messages.catalog import Message

ENGLISH = "en"  # the language of the texts in the code
LOCALES = Path(__file__).parent / "locales"
LANGUAGES = (ENGLISH, *sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir()))
NO_DIFFERENCE = "n != 1"  # the plural rule of English, and of a catalogue that states none


class Catalogue(NamedTuple):
    """The translations of a language."""

    texts: Mapping[str, tuple[str, ...]]  # message -> its translation, in each form of the plural
    form: Callable[[int], int]  # a count -> the place of the form for it

    def text(self, message: str, n: int = 1, plural: str = "") -> str:
        """Return the translation of a message, of n things if it has a plural; else its English."""
        forms = self.texts.get(message)
        if forms is None:
            return plural if plural and n != 1 else message
        return forms[self.form(n) if plural else 0]


def folder_of_language(name: str) -> Path:
    """Return the folder with the catalogues and the lessons of a language."""
    return LOCALES / name


@cache
def catalogue(name: str) -> Catalogue:
    """Return the catalogue of a language; the one of English is empty."""
    texts: dict[str, tuple[str, ...]] = {}
    rule = NO_DIFFERENCE
    for file in files_of_language(name):
        rule = file.plural_expr
        texts |= {first_form(one): forms_of(one) for one in file if is_translated(one)}
    return Catalogue(texts, gettext.c2py(rule))


def files_of_language(name: str) -> Iterator[Translations]:
    """Yield the catalogues of a language as Babel reads them; English has none."""
    for path in sorted(folder_of_language(name).glob("*.po")):
        from babel.messages.pofile import read_po  # most visitors read English

        with path.open("rb") as lines:
            yield read_po(lines)


def first_form(message: Message) -> str:
    """Return the English text of a message, for one thing if it has a plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the translation of a message, in each form of the plural if it has one."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def is_translated(message: Message) -> bool:
    """Return whether a message has a translation; the head of a file is none."""
    return bool(message.id) and all(forms_of(message)) and not message.fuzzy


def texts_used_in(folder: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the translations of the messages that files of a folder, such as "static/", use."""
    return {
        first_form(one): forms_of(one)
        for file in files_of_language(name)
        for one in file
        if is_translated(one) and any(path.startswith(folder) for path, _ in one.locations)
    }


def forms_of_counts(name: str) -> list[int]:
    """Return the place of the plural form for each count below 200; then it repeats every 100."""
    form = catalogue(name).form
    return [form(n) for n in range(200)]
