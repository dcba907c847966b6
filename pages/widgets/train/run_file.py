"""A recorded run as one HTML file: the real player, its styles and the run, and nothing else.

The file asks for nothing from anywhere: its policy forbids every connection, and lets only its own
script run. Text from people is data in it, which that script shows as text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

from engine.language import ENGLISH, language, speaking, tr
from pages.live.jobs.recording import Recording
from pages.widgets.shell.assets import OURS
from pages.widgets.shell.bundle import bundle, needed
from pages.widgets.shell.foreign import inert_json
from pages.widgets.shell.visitor import texts_of_modules

FIRST = "recording/play.js"
STYLES = ("recording/recording.css", "player/player.css")
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>{style}</style>
</head>
<body>
<noscript><p>{without}</p></noscript>
<script type="application/json" id="deltascope-recording">{content}</script>
{texts}
<script type="module">{script}</script>
</body>
</html>
"""
POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)


@cache
def script() -> str:
    """Return the player of a recorded run as one module."""
    text = bundle(needed(OURS, FIRST), alone=True) + f'load("{FIRST}").start();\n'
    if "</script" in text or "<!--" in text:
        raise ValueError("static/ has text that would end the script of a page.")
    return text


@cache
def style() -> str:
    """Return the styles of the page."""
    return "".join(OURS[name].read_text("utf-8") for name in STYLES)


def page_bytes(recording: Recording) -> int:
    """Return about how many bytes the page of a recorded run has in the current language."""
    texts = texts_of_modules(language())
    return len(script()) + len(style()) + len(texts) + len(recording.packed) * 4 // 3


def run_page(recording: Recording, title: str, about: Sequence[str], spoken: str = ENGLISH) -> str:
    """Return the HTML page of a recorded run in a language.

    It has a title and sentences about the run.
    """
    run = base64.b64encode(recording.packed).decode()
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    with speaking(spoken):
        name, without = tr("Deltascope: a recorded run"), tr("This page needs JavaScript.")
    return PAGE.format(
        policy=POLICY.format(digest=digest),
        style=style(),
        content=inert_json({"title": title, "about": list(about), "run": run}),
        script=script(),
        language=spoken,
        name=name,
        without=without,
        texts=texts_of_modules(spoken),
    )
