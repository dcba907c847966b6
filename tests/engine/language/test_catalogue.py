"""Catalogues are read from files of GNU gettext."""

import importlib

import pytest

room = importlib.import_module("engine.language.catalogue")

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

#: static/a.js:1
msgid "Loss"
msgstr "Perte"

#: engine/a.py:1
msgid "{n} unit"
msgid_plural "{n} units"
msgstr[0] "{n} unité"
msgstr[1] "{n} unités"

#: engine/a.py:2
msgid "Not done"
msgstr ""
"""


@pytest.fixture
def french(tmp_path, monkeypatch):
    """A folder of languages with French in it."""
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "messages.po").write_text(PO, "utf-8")
    monkeypatch.setattr(room, "LOCALES", tmp_path)
    room.catalogue.cache_clear()
    yield room.catalogue("fr")
    room.catalogue.cache_clear()


def test_plural_forms_follow_the_rule_of_the_file(french):
    assert [french.text("{n} unit", n, "{n} units") for n in (0, 1, 2)] == [
        "{n} unité",
        "{n} unité",
        "{n} unités",
    ]


def test_a_message_without_translation_stays_english(french):
    assert french.text("Not done") == "Not done"
    assert french.text("Unknown", 2, "Unknowns") == "Unknowns"


def test_texts_of_a_folder(french):
    assert room.texts_used_in("static/", "fr") == {"Loss": ("Perte",)}
