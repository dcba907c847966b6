"""`python -m tools.catalogue` finds every message, and makes what the app reads."""

import gettext
import json

import pytest

from tools import catalogue
from tools.catalogue import Use, uses

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language-Team: français\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

#: engine/a.py:2
msgid "Loss"
msgstr "Perte"

msgid "{n} unit"
msgid_plural "{n} units"
msgstr[0] "{n} unité"
msgstr[1] "{n} unités"

msgid "No longer used"
msgstr "Plus utilisé"
"""
PYTHON = """
title = marked("Loss")
words = tr("{name} is not known.", name=name), tr(title), tr_many(k, "{n} step", "{n} steps")
words = many(3, "unit"), many(k, "class", "classes"), many(k, noun)
"""
JAVASCRIPT = """
const a = tr("Epoch {epoch} " + "of {all}", { epoch, all });
const b = trMany(n, "{n} unit", "{n} units");
const c = tr("Loss");
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small product with French."""
    for name, text in (("engine/a.py", PYTHON), ("static/b.js", JAVASCRIPT)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "messages.po").write_text(PO, "utf-8")
    monkeypatch.setattr(catalogue, "folder_of_language", lambda name: tmp_path / name)
    monkeypatch.setattr(catalogue, "all_uses", lambda: tuple(uses(tmp_path)))
    return tmp_path


def test_the_messages_of_python_and_javascript(project):
    assert [use[::2] for use in uses(project)] == [
        ("engine/a.py", "Loss"),
        ("engine/a.py", "{name} is not known."),
        ("engine/a.py", ("{n} step", "{n} steps")),
        ("engine/a.py", ("{n} unit", "{n} units")),
        ("engine/a.py", ("{n} class", "{n} classes")),
        ("static/b.js", "Epoch {epoch} of {all}"),
        ("static/b.js", ("{n} unit", "{n} units")),
        ("static/b.js", "Loss"),
    ]
    assert Use("static/b.js", 2, "Epoch {epoch} of {all}") in uses(project)


def test_what_is_missing_and_what_is_not_used(project):
    assert catalogue.unused("fr") == ["No longer used"]
    assert catalogue.untranslated("fr") == [
        "{name} is not known.",
        "{n} step",
        "{n} class",
        "Epoch {epoch} of {all}",
    ]


def test_what_the_app_reads(project):
    catalogue.write("fr")
    assert catalogue.unused("fr") == []
    with (project / "fr" / "messages.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("Loss") == "Perte"
    assert found.gettext("{name} is not known.") == "{name} is not known."
    assert [found.ngettext("{n} unit", "{n} units", n) for n in (0, 1, 2)] == [
        "{n} unité",
        "{n} unité",
        "{n} unités",
    ]
    assert found.info()["language-team"] == "français"
    browser = json.loads((project / "fr" / "browser.json").read_text("utf-8"))
    assert browser["texts"] == {"{n} unit": ["{n} unité", "{n} unités"], "Loss": ["Perte"]}
    assert browser["forms"][:4] == [0, 0, 1, 1]
    assert len(browser["forms"]) == 200


def test_to_write_again_changes_nothing(project):
    catalogue.write("fr")
    before = (project / "fr" / "messages.po").read_text("utf-8")
    catalogue.write("fr")
    assert (project / "fr" / "messages.po").read_text("utf-8") == before
