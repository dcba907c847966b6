"""Files that the server adds to those of Streamlit and static/; static/ is never written.

JavaScript of other projects comes from their wheels. The modules of static/ use one address for
each; it redirects to one with the version in it, which a browser may cache for a year. The HTML
page is Streamlit's with static/shared/watch.js in it, which reloads a page when its server was
unreachable; `started` is different for each start of the server.
"""

from __future__ import annotations

import gzip
import secrets
from functools import cache
from pathlib import Path

import plotly
import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.widgets.shell.frame import PAGES

PLOTLY = Path(plotly.__path__[0]) / "package_data" / "plotly.min.js"
KATEX = next(Path(st.__file__).parent.glob("static/static/js/katex.*.js"))
DOCUMENT = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
WATCH = '<script type="module" src="./app/static/shared/watch.js"></script>'
STARTED = secrets.token_hex(8)
FRESH = {"Cache-Control": "no-cache"}
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@cache
def gzipped(path: Path) -> bytes:
    """Return a file as gzip: compressed once, not for each visitor."""
    return gzip.compress(path.read_bytes(), 6)


def plotly_js(request: Request) -> Response:
    """Return Plotly's JavaScript."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = KEPT | {"Content-Encoding": "gzip"}
        return Response(gzipped(PLOTLY), headers=headers, media_type="text/javascript")
    return Response(PLOTLY.read_bytes(), headers=KEPT, media_type="text/javascript")


def document(request: Request) -> Response:
    """Return the document of every page."""
    return HTMLResponse(DOCUMENT.replace("</head>", f"{WATCH}</head>"), headers=FRESH)


def started(request: Request) -> Response:
    """Return a text that is different for each start of the server."""
    return PlainTextResponse(STARTED, headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """Return the routes, below the path that the operator has chosen for the app."""
    base = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
    versioned = f"{base}/app/static/plotly-{plotly.__version__}.min.js"

    def newest(request: Request) -> Response:
        return RedirectResponse(versioned, headers=FRESH)

    def katex(request: Request) -> Response:
        return RedirectResponse(f"{base}/static/js/{KATEX.name}", headers=FRESH)

    return [
        *(Route(f"{base}/{name}", document) for name in ("", *PAGES)),
        Route(f"{base}/app/static/started", started),
        Route(versioned, plotly_js),
        Route(f"{base}/app/static/plotly.min.js", newest),
        Route(f"{base}/app/static/katex.js", katex),
    ]
