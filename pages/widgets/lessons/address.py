"""The address of the page Lessons; whether the page is presented is kept in it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

PRESENT = "present"


def go_to(query: Mapping[str, str]) -> None:
    """Go to another part of the page; an empty query leads to the list."""
    kept = {PRESENT: st.query_params[PRESENT]} if PRESENT in st.query_params else {}
    st.query_params.from_dict({**query, **kept})
