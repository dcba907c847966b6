"""The file of a run asks for nothing, runs its own script alone, and takes no name for markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from engine.training.config import Config
from pages.figures.base.palette import SYMBOLS
from pages.live.jobs.recording import Recording, record_run
from pages.live.view import Specification
from pages.widgets.shell.assets import OURS
from pages.widgets.train.run_file import page_bytes, run_page, script, style
from tests.hostile import NAMES

HEAD = ("html", "head", "meta", "meta", "meta", "title", "style")
TAGS = [*HEAD, "body", "noscript", "p", "script", "script"]


class Parts(HTMLParser):
    """The tags of a page with their attributes, and the text in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside = ""
        self.texts: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = f"{tag} {dict(attrs).get('type') or ''}".strip()

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.texts[self.inside] = self.texts.get(self.inside, "") + data


def page_of(title: str = "Circle", about: tuple[str, ...] = ()) -> Parts:
    """The parts of a page with a small run in it."""
    return Parts(run_page(Recording(b"packed", 3, 1), title, about))


def test_only_the_script_of_the_page_may_run_and_it_may_reach_nothing():
    parts = page_of()
    policy = next(
        one["content"] or ""
        for _, one in parts.tags
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    ran = hashlib.sha256(parts.texts["script module"].encode()).digest()
    assert rules["script-src"] == f"'sha256-{base64.b64encode(ran).decode()}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data: blob:"
    assert "connect-src" not in rules
    assert "*" not in policy


def test_nothing_is_fetched():
    parts = page_of()
    assert [tag for tag, _ in parts.tags] == TAGS
    assert not [one for _, one in parts.tags if {"src", "href"} & set(one)]
    assert not re.findall(r"@import|url\(", style())
    assert not re.findall(r"\bimport\(|^import ", script(), re.MULTILINE)


def test_names_from_people_are_data():
    parts = page_of("</script><script>alert(1)</script>", NAMES)
    assert [tag for tag, _ in parts.tags] == TAGS
    text = parts.texts["script application/json"]
    assert "<" not in text
    assert ">" not in text
    content = json.loads(text)
    assert content["title"] == "</script><script>alert(1)</script>"
    assert content["about"] == list(NAMES)
    assert base64.b64decode(content["run"]) == b"packed"


def test_the_page_speaks_the_language_in_which_it_was_asked_for():
    page = run_page(Recording(b"packed", 3, 1), "圆", (), "zh")
    texts = json.loads(page.split('id="texts">')[1].split("</script>")[0])["texts"]
    assert '<html lang="zh">' in page
    assert texts["Train"] == ["训练"]
    assert "Watch a neural network learn" not in texts  # no module of static/ says so


def test_500_epochs_of_8_units_fit_into_3_megabytes():
    made = record_run(lambda _: None, Specification(Config(hidden=(8,)), None), (), 500)
    assert (made.last, made.every) == (500, 1)
    size = len(run_page(made, "Circle", ()).encode())
    assert size <= 3e6
    assert abs(page_bytes(made) - size) < 0.01 * size


def test_every_marker_of_the_figures_is_drawn():
    names = set(re.findall(r'^  "?([\w-]+)"?[:,]', OURS["recording/markers.js"].read_text(), re.M))
    assert set(SYMBOLS) - {"circle"} <= names
