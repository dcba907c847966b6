"""Files that the server adds to those of Streamlit and static/; static/ is never written.

JavaScript of other projects comes from their wheels. The modules of static/ use one address for
each; it redirects to one with the version in it, which a browser may cache for a year. The HTML
page is Streamlit's with static/shared/watch.js in it, which reloads a page when its server was
unreachable, and with the names of the modules that the page will need: the browser fetches and
compiles them while Streamlit begins. `started` is different for each start of the server.
"""

from __future__ import annotations

import gzip
import re
import secrets
from collections.abc import Iterable
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
STREAMLIT = Path(st.__file__).parent / "static"
DOCUMENT = (STREAMLIT / "index.html").read_text("utf-8")
STATIC = Path(__file__).parents[3] / "static"
WATCH = '<script type="module" src="./app/static/shared/watch.js"></script>'
STARTED = secrets.token_hex(8)
# What a page begins with, below static/, and the parts of Streamlit that draw its other elements.
MODULES = {
    "": ("player/player.js", "player/player.css"),
    "step": ("walker/walker.js", "walker/walker.css"),
    "compare": ("compare/compare.js", "player/player.css", "compare/compare.css"),
}
PARTS = ("BidiComponent", "Html", "PageLink", "Selectbox", "Slider", "NumberInput", "ButtonGroup")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+\.js)["']""")
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


@cache
def document_of(page: str) -> str:
    """Return the document of a page: Streamlit's, with what the page needs at once."""
    begun = [STREAMLIT / name for name in re.findall(r'src="\./([^"]+\.js)"', DOCUMENT)]
    parts = [file for name in PARTS for file in (STREAMLIT / "static/js").glob(f"{name}.*.js")]
    ours = [STATIC / name for name in MODULES.get(page, ())]
    known = {*imported(begun)}
    modules = [file for file in (*imported(parts), *imported(ours)) if file not in known]
    links = [f'<link rel="modulepreload" href="{address(file)}">' for file in modules]
    styles = [address(file) for file in ours if file.suffix == ".css"]
    links += [f'<link rel="preload" as="style" href="{style}">' for style in styles]
    return DOCUMENT.replace("</head>", f"{WATCH}{''.join(links)}</head>")


def address(file: Path) -> str:
    """Return the address of a file of static/ or of Streamlit, relative to the document."""
    if file.is_relative_to(STATIC):
        return f"./app/static/{file.relative_to(STATIC).as_posix()}"
    return f"./{file.relative_to(STREAMLIT).as_posix()}"


def imported(modules: Iterable[Path]) -> list[Path]:
    """Return JavaScript modules and all modules that they import, directly or not.

    Modules that only a call of import() would load are left out.
    """
    found: dict[Path, None] = {}
    waiting = [module for module in modules if module.suffix == ".js"]
    while waiting:
        module = waiting.pop(0)
        if module not in found and module.exists():  # plotly.min.js and KaTeX are redirected
            found[module] = None
            names = IMPORTED.findall(module.read_text("utf-8"))
            waiting += [(module.parent / name).resolve() for name in names]
    return list(found)


def document(request: Request) -> Response:
    """Return the document of a page."""
    page = request.url.path.rsplit("/", 1)[-1]
    return HTMLResponse(document_of(page if page in PAGES else ""), headers=FRESH)


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
