"""The only way to the page for text from outside: from a file, a link, a project, a person.

Such text is shown as it is and never interpreted. Streamlit reads Markdown in nearly every label
and sentence: images and links (a browser asks for them), TeX, colours, icons. Some of it is found
in the finished text, where no backslash protects it: bare addresses, emoji codes, arrows. A
word with one of these is therefore shown as code, which Markdown does not change.

Three places need three functions: `literal` for Markdown, `plain` of pages/figures/base/text.py for
Plotly, and textContent in static/. Cells of a table, options of a selectbox, `st.text`, `st.code`
and names of files are not Markdown; there `visible` is enough.
"""

from __future__ import annotations

import json
import re

import streamlit as st

from pages.figures.base.text import visible

MARKS = re.compile(r"([\\`*_{}\[\]<>#|$~:&])")  # a backslash takes their meaning away
FIRST = re.compile(r"^(\d*)([-+=.)])")  # at the start of a line: a list, a heading
# What is looked for after the backslashes are gone, in one word.
LATE = re.compile(r"://|www\.|@|:[\w+-]*[^\W\d][\w+-]*:|:[+-]1:|:100:|:1234:", re.IGNORECASE)
ARROWS = {"<->", "->", "<-", "--", ">=", "<=", "~="}
APART = re.compile(r"([:@.]+)")


def literal(text: str) -> str:
    """Return Markdown that shows `text` in one line, character by character, and does no more."""
    line = " ".join(_word(word) for word in visible(text).split())
    return FIRST.sub(r"\1\\\2", line)


def _word(word: str) -> str:
    """Return the Markdown of one word."""
    if word not in ARROWS and not LATE.search(word):
        return _escaped(word)
    if "|" in word or ":material/" in word:  # these two are looked for inside code, too
        parts = APART.split(word)
        return "".join(f"`{one}`" if APART.match(one) else _escaped(one) for one in parts)
    fence = "`" * (1 + max(map(len, re.findall("`+", word)), default=0))
    pad = " " if word[0] == "`" or word[-1] == "`" else ""
    return f"{fence}{pad}{word}{pad}{fence}"


def _escaped(text: str) -> str:
    """Return the text with a backslash before each mark; no icon's name stays in one piece."""
    return MARKS.sub(r"\\\1", text).replace("material/", "material\\/")


def error(text: str, icon: str = ":material/block:") -> None:
    """Show a sentence about what cannot be."""
    st.error(literal(text), icon=icon)


def warning(text: str, icon: str = ":material/info:") -> None:
    """Show a sentence that asks for care."""
    st.warning(literal(text), icon=icon)


def info(text: str, icon: str = ":material/info:") -> None:
    """Show a sentence worth knowing."""
    st.info(literal(text), icon=icon)


def caption(text: str) -> None:
    """Show a sentence in small letters."""
    st.caption(literal(text))


def subheader(text: str) -> None:
    """Show a heading that no address leads to."""
    st.subheader(literal(text), anchor=False)


def inert_json(value: object) -> str:
    """Return a value as JSON that no HTML parser takes for markup."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e")
