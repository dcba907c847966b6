"""JavaScript of others, served from the wheels that bring it: nothing is written into static/.

The modules of static/ know two addresses beside their own; each leads to one with the version in
it, which a browser may keep for a year.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import plotly
import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
KATEX = next(Path(st.__file__).parent.glob("static/static/js/katex.*.js"))
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@cache
def packed(path: Path) -> bytes:
    """Return a file as gzip: compressed once, not for each visitor."""
    return gzip.compress(path.read_bytes(), 6)


def plotly_js(request: Request) -> Response:
    """Return Plotly's JavaScript."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = KEPT | {"Content-Encoding": "gzip"}
        return Response(packed(PLOTLY), headers=headers, media_type="text/javascript")
    return Response(PLOTLY.read_bytes(), headers=KEPT, media_type="text/javascript")


def routes() -> list[Route]:
    """Return the routes, below the path that the operator has chosen for the app."""
    base = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
    versioned = f"{base}/app/static/plotly-{plotly.__version__}.min.js"

    def newest(request: Request) -> Response:
        return RedirectResponse(versioned, headers={"Cache-Control": "no-cache"})

    def katex(request: Request) -> Response:
        return RedirectResponse(
            f"{base}/static/js/{KATEX.name}", headers={"Cache-Control": "no-cache"}
        )

    return [
        Route(versioned, plotly_js),
        Route(f"{base}/app/static/plotly.min.js", newest),
        Route(f"{base}/app/static/katex.js", katex),
    ]
