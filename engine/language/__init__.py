"""Languages: every text of the product in the language of the person who reads it.

The English text in the code is the name of a message; a catalogue of GNU gettext has its
translation. A language is one folder in `locales/`: its catalogues (.po) and its lessons.
"""

from engine.language.catalogue import (
    ENGLISH,
    LANGUAGES,
    Catalogue,
    catalogue,
    folder_of_language,
    forms_of_counts,
    texts_used_in,
)
from engine.language.choice import chosen_language, native_name
from engine.language.messages import (
    agree,
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
    "Catalogue",
    "agree",
    "ask_for_language",
    "catalogue",
    "chosen_language",
    "folder_of_language",
    "forms_of_counts",
    "language",
    "listed",
    "many",
    "marked",
    "native_name",
    "speaking",
    "texts_used_in",
    "tr",
    "tr_many",
]
