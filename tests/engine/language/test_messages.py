"""Texts in the language of the reader."""

from gettext import NullTranslations
from typing import ClassVar

import pytest

from engine.language import (
    ENGLISH,
    LANGUAGES,
    chosen_language,
    language,
    listed,
    many,
    native_name,
    speaking,
    tr,
    tr_many,
)
from engine.language import messages as room


class German(NullTranslations):
    """A catalogue with one form for one thing and one for several."""

    texts: ClassVar = {
        "The loss is {loss}.": ("Der Verlust ist {loss}.",),
        "{n} unit": ("{n} Neuron", "{n} Neuronen"),
        "{first} and {last}": ("{first} und {last}",),
    }

    def gettext(self, message):
        return self.texts.get(message, (message,))[0]

    def ngettext(self, msgid1, msgid2, n):
        return self.texts.get(msgid1, (msgid1, msgid2))[n != 1]


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(room, "catalogue", {"de": German(), ENGLISH: NullTranslations()}.get)
    with speaking("de"):
        yield


def test_english_is_the_text_of_the_code():
    assert language() == ENGLISH
    assert tr("The loss is {loss}.", loss="0.5") == "The loss is 0.5."
    assert (many(1, "unit"), many(2, "unit"), many(2, "class", "classes")) == (
        "1 unit",
        "2 units",
        "2 classes",
    )
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


def test_a_translation_is_filled_in(german):
    assert tr("The loss is {loss}.", loss="0.5") == "Der Verlust ist 0.5."
    assert (many(1, "unit"), many(5, "unit")) == ("1 Neuron", "5 Neuronen")
    assert listed(["a", "b"]) == "a und b"


def test_what_has_no_translation_stays_english(german):
    assert tr("Press {key}.", key="P") == "Press P."
    assert tr_many(2, "{n} step", "{n} steps") == "2 steps"


def test_no_text_is_no_message():
    """gettext itself returns the head of the catalogue for an empty text."""
    with speaking("zh"):
        assert tr("") == ""


def test_braces_in_a_value_are_not_read():
    assert tr("{name} was given.", name="{key}") == "{key} was given."


def test_the_language_before_comes_back():
    with speaking("zh"):
        assert language() == "zh"
    assert language() == ENGLISH


@pytest.mark.parametrize(
    ("wished", "accepted", "expected"),
    [
        ([], "", "en"),
        ([], "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ([], "de-DE,de;q=0.9,en;q=0.5,zh;q=0.4", "en"),
        ([], "en;q=0.2,zh;q=0.9", "zh"),
        ([], "zh;q=0,en", "en"),
        ([], "zh;q=much,en", "en"),
        (["zh"], "en", "zh"),
        (["xx", "zh_CN"], "en", "zh"),
        (["../zh"], "en", "en"),
    ],
)
def test_the_link_goes_before_the_browser(wished, accepted, expected):
    assert chosen_language(wished, accepted) == expected


def test_a_language_has_its_name_in_itself():
    assert [native_name(name) for name in LANGUAGES] == ["English", "简体中文"]
