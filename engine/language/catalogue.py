"""The translations of a language: compiled catalogues of GNU gettext.

`python -m tools.catalogue` compiles them from the texts that people translate, messages.po.
Source: the GNU gettext manual, "The Format of PO Files" and "The Format of GNU MO Files".
"""

from __future__ import annotations

import json
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH = "en"  # the language of the texts in the code
LOCALES = Path(__file__).parent / "locales"
LANGUAGES = (ENGLISH, *sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir()))
COMPILED, OF_BROWSER = "messages.mo", "browser.json"
TEAM = "language-team"  # the field in the head of messages.po that has the language's own name


def folder_of_language(name: str) -> Path:
    """Return the folder with the catalogues and the lessons of a language."""
    return LOCALES / name


@cache
def catalogue(name: str) -> NullTranslations:
    """Return the translations of a language; English needs none."""
    if name == ENGLISH:
        return NullTranslations()
    with (folder_of_language(name) / COMPILED).open("rb") as file:
        return GNUTranslations(file)


@cache
def texts_of_browser(name: str) -> dict[str, object]:
    """Return what static/shared/language.js needs: the forms of plurals, and its translations."""
    if name == ENGLISH:
        return {}
    return json.loads((folder_of_language(name) / OF_BROWSER).read_text("utf-8"))


def native_name(name: str) -> str:
    """Return the name of a language in this language: "English", "简体中文"."""
    return catalogue(name).info().get(TEAM, "English")
