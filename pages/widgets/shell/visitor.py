"""The language of a visitor: that of the link, else the one chosen before, else the browser's."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine.language import (
    ENGLISH,
    LANGUAGES,
    ask_for_language,
    chosen_language,
    native_name,
    texts_of_browser,
    tr,
)
from pages.widgets.session import of_session
from pages.widgets.shell.foreign import inert_json

LANGUAGE = "lang"  # the parameter of a link, and the cookie that keeps it


def requested_language(
    query: Mapping[str, str], cookies: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """Return the language in which a request wants its page."""
    wished = [words[LANGUAGE] for words in (query, cookies) if LANGUAGE in words]
    return chosen_language(wished, headers.get("Accept-Language", ""))


def language_of_visitor() -> str:
    """Return the language of the visitor for whom this thread draws a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return of_session(
        "language",
        lambda: requested_language(
            st.query_params.to_dict(), st.context.cookies, st.context.headers
        ),
    )


def draw_languages() -> None:
    """Draw a link to the page in each of the other languages.

    static/shared/watch.js adds the rest of the address when it is clicked.
    """
    own = language_of_visitor()
    links = [
        f'<a href="?{LANGUAGE}={name}" lang="{name}" hreflang="{name}">{native_name(name)}</a>'
        for name in LANGUAGES
        if name != own
    ]
    with st.container(key="languages"):
        st.html(f'<nav aria-label="{tr("Language")}">{" · ".join(links)}</nav>')


def texts_of_modules(spoken: str) -> str:
    """Return the element of a document where the modules of static/ find their translations."""
    texts = texts_of_browser(spoken)
    if not texts:
        return ""
    return f'<script type="application/json" id="texts">{inert_json(texts)}</script>'


ask_for_language(language_of_visitor)
