"""Deltascope: see backpropagation. This file only routes; each page frames itself."""

import streamlit as st

from pages.widgets.frame import PAGES

st.navigation(
    [
        st.Page(path, title=title, default=name == "train")
        for name, (path, title, _) in PAGES.items()
    ],
    position="hidden",
).run()
