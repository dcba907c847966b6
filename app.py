"""Deltascope: see backpropagation. The server, and the script that leads each visitor to a page.

`streamlit run app.py` imports this file once, for the server; then it runs it for each visitor. It
only routes: each page frames itself.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.live.nursery import load_once

if get_script_run_ctx(suppress_warning=True) is None:
    with load_once():
        from pages.widgets.web.server import MIDDLEWARE, ROUTES, lifespan
    app = st.App(__file__, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
else:
    from engine.language import tr
    from pages.widgets.shell.frame import PAGES

    st.navigation(
        [
            st.Page(path, title=tr(title), default=name == "train")
            for name, (path, title, _) in PAGES.items()
        ],
        position="hidden",
    ).run()
