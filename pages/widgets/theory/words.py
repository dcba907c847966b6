"""Words: the glossary as a list that can be searched, with an address for each word."""

from __future__ import annotations

import json

import streamlit as st

from engine.explain import GLOSSARY
from engine.language import tr
from pages.widgets.shell.component import element


def words_as_json() -> str:
    """Return the glossary as the browser takes it."""
    return json.dumps(
        [
            {
                "name": tr(term.name),
                "meaning": tr(term.meaning),
                "others": list(map(tr, term.others)),
                "anchor": term.anchor,
            }
            for term in GLOSSARY
        ]
    )


def draw_words() -> None:
    """Draw the list of words."""
    st.caption(
        tr(
            "The words of this app, each in one or two sentences. The button Words on the pages "
            "Train and Lessons opens the same list."
        )
    )
    element("words", "words/word_list.js")(data=words_as_json(), key="words")
