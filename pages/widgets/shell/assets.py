"""The files that a browser fetches: those of static/ and Streamlit's modules, compressed once.

The address of a file of static/ holds a digest of the whole folder, so a browser may keep it for
good, and a new version of the app never mixes with an old one. static/ itself is never written.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from mimetypes import guess_type
from os.path import normpath
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.widgets.shell.bundle import NAME as BUNDLE
from pages.widgets.shell.bundle import bundle

BASE = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
# A folder may be reached by a link, as .venv is where several checkouts share one.
STATIC = Path(__file__).resolve().parents[3] / "static"
STREAMLIT = Path(st.__file__).resolve().parent / "static"
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+\.js)["']""")
FRESH = {"Cache-Control": "no-cache"}
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
PACKED = {".js", ".css", ".svg"}  # kinds of files that compression makes smaller
# Modules of saved pages, and those that a page loads when they are asked for.
LATER = (
    "recording/",
    "picture/inline.js",
    "picture/menu.js",
    "picture/save.js",
    "present/presenter.js",
    "present/share.js",
    "present/views.js",
    "words/panel.js",
)


def files_below(folder: Path, pattern: str = "**/*") -> dict[str, Path]:
    """Return the files below a folder by their relative addresses."""
    found = sorted(file for file in folder.glob(pattern) if file.is_file())
    return {file.relative_to(folder).as_posix(): file for file in found}


OURS = files_below(STATIC)
THEIRS = files_below(STREAMLIT, "static/js/*.js")


@cache
def version() -> str:
    """Return the digest of static/: names and contents."""
    digest = hashlib.sha256()
    for name, file in OURS.items():
        digest.update(f"{name} {file.stat().st_size}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def address(name: str) -> str:
    """Return the address of a file of static/, relative to the document."""
    return f"./app/static/v-{version()}/{name}"


@cache
def gzipped(path: Path) -> bytes:
    """Return a file as gzip: compressed once, not for each visitor."""
    return gzip.compress(path.read_bytes(), 6)


@cache
def our_bundle() -> bytes:
    """Return the modules of static/ in one, as gzip, without those that are loaded later."""
    modules = {
        name: file
        for name, file in OURS.items()
        if name.endswith(".js") and not name.startswith(LATER)
    }
    return gzip.compress(bundle(modules).encode(), 6)


def file_response(
    request: Request, file: Path | None, headers: Mapping[str, str] = KEPT
) -> Response:
    """Return a file, compressed where the browser takes that. Raises HTTPException without one."""
    if file is None:
        raise HTTPException(404)
    kind = guess_type(file.name)[0] or "application/octet-stream"
    if file.suffix in PACKED:
        return packed_response(request, gzipped(file), kind, headers)
    return Response(file.read_bytes(), headers=dict(headers), media_type=kind)


def packed_response(
    request: Request, packed: bytes, kind: str, headers: Mapping[str, str]
) -> Response:
    """Return what was compressed ahead, as it is where the browser takes that."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return Response(gzip.decompress(packed), headers=dict(headers), media_type=kind)


def our_file(request: Request) -> Response:
    """Return a file of static/; a page of another version of the app must not keep it."""
    name, same = request.path_params["name"], request.path_params["version"] == version()
    headers = KEPT if same else FRESH
    if name != BUNDLE:
        return file_response(request, OURS.get(name), headers)
    return packed_response(request, our_bundle(), "text/javascript", headers)


class Modules:
    """Answers requests for Streamlit's modules, whose names hold a digest of their content.

    It is middleware, because Streamlit lets no route of an app lead to its own files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = (
            THEIRS.get(scope["path"].removeprefix(f"{BASE}/")) if scope["type"] == "http" else None
        )
        if file is None or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        response = await asyncio.to_thread(file_response, Request(scope), file)
        await response(scope, receive, send)


def imported(modules: Iterable[Path]) -> list[Path]:
    """Return JavaScript modules and all modules that they import, directly or not.

    Modules that only a call of import() would load are left out.
    """
    found: dict[Path, None] = {}
    waiting = [module for module in modules if module.suffix == ".js"]
    while waiting:
        module = waiting.pop(0)
        if module not in found and module.exists():  # comments import types, which are no file
            found[module] = None
            waiting += imports_of(module)
    return list(found)


@cache
def imports_of(module: Path) -> list[Path]:
    """Return the JavaScript modules that one imports itself; its text is searched once."""
    names = IMPORTED.findall(module.read_text("utf-8"))
    return [Path(normpath(module.parent / name)) for name in names]
