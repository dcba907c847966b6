"""Texts in the language of the reader."""

import pytest

from engine.language import (
    ENGLISH,
    LANGUAGES,
    Catalogue,
    catalogue,
    chosen_language,
    forms_of_counts,
    language,
    listed,
    many,
    native_name,
    speaking,
    tr,
    tr_many,
)
from engine.language import messages as room


@pytest.fixture
def german(monkeypatch):
    """A catalogue of German, with one form for one thing and one for several."""
    texts = {
        "The loss is {loss}.": ("Der Verlust ist {loss}.",),
        "{n} unit": ("{n} Neuron", "{n} Neuronen"),
        "{first} and {last}": ("{first} und {last}",),
    }
    made = Catalogue(texts, lambda n: int(n != 1))
    monkeypatch.setattr(
        room, "catalogue", lambda name: made if name == "de" else catalogue(ENGLISH)
    )
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
    assert [native_name(name) for name in LANGUAGES] == ["English", "中文"]


def test_forms_of_counts():
    assert forms_of_counts(ENGLISH)[:4] == [1, 0, 1, 1]
    assert set(forms_of_counts("zh")) == {0}
