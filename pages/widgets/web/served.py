"""The document of each page, and files that the server adds to those of Streamlit and static/.

JavaScript of other projects comes from their wheels. The modules of static/ use one address for
each; it redirects to one with the version in it, which a browser may cache for a year. The
document is Streamlit's with static/shared/watch.js in it, which reloads a page when its server was
unreachable, and with the names of the modules that the page will need: the browser fetches and
compiles them while Streamlit begins. `started` is different for each start of the server.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from io import BytesIO
from pathlib import Path

import plotly
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from engine.language import ENGLISH, speaking, tr
from pages.widgets.shell.assets import (
    BASE,
    BUNDLE,
    FRESH,
    STATIC,
    STREAMLIT,
    THEIRS,
    address,
    file_response,
    gzipped,
    imported,
    our_bundle,
    our_file,
)
from pages.widgets.shell.frame import PAGES
from pages.widgets.shell.heading import TRAIN
from pages.widgets.shell.visitor import LANGUAGE, requested_language, texts_of_modules

PLOTLY = Path(plotly.__path__[0]) / "package_data" / "plotly.min.js"
KATEX = next(STREAMLIT.glob("static/js/katex.*.js"))
DOCUMENT = (STREAMLIT / "index.html").read_text("utf-8")
STARTED = secrets.token_hex(8)
# The styles that a page begins with, and the parts of Streamlit that draw its other elements.
FIRST = {
    "": ("player/player.css",),
    "step": ("walker/walker.css",),
    "compare": ("player/player.css", "compare/compare.css"),
}
A_YEAR = 366 * 86400  # seconds that a browser keeps the language which was chosen
LONGEST_ADDRESS = 1200  # characters in a QR code that a telephone still reads from a projector
PARTS = ("BidiComponent", "Html", "PageLink", "Selectbox", "Slider", "NumberInput", "ButtonGroup")


@cache
def first_modules() -> tuple[list[Path], list[Path]]:
    """Return the modules of Streamlit that a page begins with: those its document names, others."""
    named = [STREAMLIT / name for name in re.findall(r'src="\./([^"]+\.js)"', DOCUMENT)]
    known = imported(named)
    parts = [file for name, file in THEIRS.items() if name.split("/")[-1].split(".")[0] in PARTS]
    return known, [file for file in imported(parts) if file not in known]


def first_styles(page: str) -> list[Path]:
    """Return the styles that a page begins with."""
    return [STATIC / name for name in FIRST.get(page, ())]


@cache
def document_of(page: str, spoken: str) -> str:
    """Return the document of a page: Streamlit's, in a language, with what it needs at once."""
    ours = [address(BUNDLE)] if page in FIRST else []
    fetched = [*ours, *map(place, first_modules()[1])]
    links = [f'<link rel="modulepreload" href="{one}">' for one in fetched]
    links += [
        f'<link rel="preload" as="style" href="{place(style)}">' for style in first_styles(page)
    ]
    page_style = f'<link rel="stylesheet" href="{address("shared/page.css")}">'
    watch = f'<script type="module" src="{address("shared/watch.js")}"></script>'
    begun = DOCUMENT.replace('<html lang="en">', f"<html {language_of_document(spoken)}>")
    head = f"{texts_of_modules(spoken)}{page_style}{watch}{''.join(links)}</head>"
    whole = begun.replace("</head>", head)
    with speaking(spoken):
        return whole.replace("<body>", f"<body>{skeleton()}") if page in ("", "train") else whole


def language_of_document(spoken: str) -> str:
    """Return the attributes of a document in a language.

    Streamlit's uploader knows English only: page.css takes its word in another language from here.
    """
    if spoken == ENGLISH:
        return f'lang="{spoken}"'
    with speaking(spoken):
        return f"""lang="{spoken}" style="--upload: '{tr("Upload")}'\""""


def skeleton() -> str:
    """Return the shape of the page Train, which is there until its player has drawn."""
    title, text = map(tr, TRAIN)
    shape = (STATIC / "shared" / "skeleton.html").read_text("utf-8")
    return shape.replace("TITLE", title).replace("TEXT", text)


def place(file: Path) -> str:
    """Return the address of a file of static/ or of Streamlit, relative to the document."""
    if file.is_relative_to(STATIC):
        return address(file.relative_to(STATIC).as_posix())
    return f"./{file.relative_to(STREAMLIT).as_posix()}"


def compress_ahead() -> None:
    """Compress what the first visitor will fetch."""
    our_bundle()
    document_of("", ENGLISH)
    known, modules = first_modules()
    for file in (*known, *modules, *(style for page in FIRST for style in first_styles(page))):
        gzipped(file)


def document(request: Request) -> Response:
    """Return the document of a page."""
    page = request.url.path.rsplit("/", 1)[-1]
    spoken = requested_language(request.query_params, request.cookies, request.headers)
    text = document_of(page if page in PAGES else "", spoken)
    response = HTMLResponse(text, headers=FRESH | {"Vary": "Accept-Language, Cookie"})
    if LANGUAGE in request.query_params:
        response.set_cookie(LANGUAGE, spoken, max_age=A_YEAR, samesite="lax")
    return response


def plotly_js(request: Request) -> Response:
    """Return Plotly's JavaScript."""
    return file_response(request, PLOTLY)


def started(request: Request) -> Response:
    """Return a text that is different for each start of the server."""
    return PlainTextResponse(STARTED, headers={"Cache-Control": "no-store"})


def qr_code(request: Request) -> Response:
    """Return the QR code of an address of this app. Raises HTTPException for another text."""
    import segno  # most visitors need no code

    text = request.query_params.get("of", "")
    if not text.startswith(("http://", "https://")) or len(text) > LONGEST_ADDRESS:
        raise HTTPException(400)
    picture = BytesIO()
    segno.make(text, error="l", micro=False).save(picture, kind="svg", border=3, light="#ffffff")
    return Response(picture.getvalue(), headers=FRESH, media_type="image/svg+xml")


def glossary(request: Request) -> Response:
    """Return the glossary."""
    from pages.widgets.theory.words import words_as_json  # most visitors need no glossary

    return Response(words_as_json(), headers=FRESH, media_type="application/json")


def routes() -> list[Route]:
    """Return the routes, below the path that the operator has chosen for the app."""
    versioned = f"{BASE}/app/static/plotly-{plotly.__version__}.min.js"

    def newest(request: Request) -> Response:
        return RedirectResponse(versioned, headers=FRESH)

    def katex(request: Request) -> Response:
        return RedirectResponse(f"{BASE}/static/js/{KATEX.name}", headers=FRESH)

    return [
        *(Route(f"{BASE}/{name}", document) for name in ("", *PAGES)),
        Route(f"{BASE}/app/static/started", started),
        Route(f"{BASE}/app/static/qr.svg", qr_code),
        Route(f"{BASE}/app/static/words.json", glossary),
        Route(versioned, plotly_js),
        Route(f"{BASE}/app/static/plotly.min.js", newest),
        Route(f"{BASE}/app/static/katex.js", katex),
        Route(f"{BASE}/app/static/v-{{version}}/katex.js", katex),
        Route(f"{BASE}/app/static/v-{{version}}/{{name:path}}", our_file),
    ]
