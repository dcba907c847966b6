"""Languages: every text of the product in the language of the person who reads it.

The English text in the code is the name of a message; a catalogue of GNU gettext has its
translation. A language is one folder in `locales/`: its catalogue and its lessons.
"""

from engine.language.catalogue import (
    ENGLISH,
    LANGUAGES,
    catalogue,
    folder_of_language,
    native_name,
    texts_of_browser,
)
from engine.language.choice import chosen_language
from engine.language.messages import (
    ask_for_language,
    language,
    listed,
    many,
    marked,
    speaking,
    tr,
    tr_many,
)

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "ask_for_language",
    "catalogue",
    "chosen_language",
    "folder_of_language",
    "language",
    "listed",
    "many",
    "marked",
    "native_name",
    "speaking",
    "texts_of_browser",
    "tr",
    "tr_many",
]
