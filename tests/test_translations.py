"""Every text is in every language, and every translation is of a text that is used."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from engine.language import ENGLISH, LANGUAGES, catalogue, texts_of_browser
from tools.catalogue import all_uses, first_form, forms, of_browser, read, untranslated, unused
from tools.sentences import sentences

ENGLISH_ONLY = Path(__file__).with_name("english_only.txt")
OTHERS = [name for name in LANGUAGES if name != ENGLISH]
FIELD = re.compile(r"\{(\w+)(?:[:!][^{}]*)?\}")
KEPT = re.compile(r"</?[a-z][^>]*>|\$[^$]+\$|`[^`]+`")  # markup, formulas and code in a message

# A sentence, or words that begin with a capital letter.
FOR_PEOPLE = re.compile(r"^[A-Z{][^<>]*[^\W\d_]+[.!?:]$|^[A-Z][a-z]+( [\w{(].*)?$")


@cache
def messages() -> dict[str, tuple[str, ...]]:
    """Return the messages of the product in all their English forms, by the first one."""
    found = (use.message for use in all_uses())
    forms = [(one,) if isinstance(one, str) else one for one in found]
    return {one[0]: one for one in forms}


@cache
def translations(language: str) -> dict[str, tuple[str, ...]]:
    """Return the translations in messages.po, in each form of the plural, by the English text."""
    return {first_form(one): forms(one) for one in read(language) if one.id}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    assert untranslated(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_is_used(language):
    assert unused(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_of_its_text(language):
    for message, english in messages().items():
        named = {name for form in english for name in FIELD.findall(form)}
        for text in translations(language)[message]:
            assert named - {"n"} <= {*FIELD.findall(text)} <= named, (message, text)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_markup_formulas_and_code(language):
    for message, (first, *_) in translations(language).items():
        assert sorted(KEPT.findall(first)) == sorted(KEPT.findall(message)), (message, first)


def test_a_message_has_one_plural():
    several: dict[str, set[tuple[str, ...]]] = {}
    for use in all_uses():
        forms = (use.message,) if isinstance(use.message, str) else use.message
        several.setdefault(forms[0], set()).add(tuple(forms))
    assert [forms for forms in several.values() if len(forms) > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_app_reads_is_what_was_translated(language):
    compiled = catalogue(language)
    for message, (first, *_) in translations(language).items():
        several = messages()[message][-1]
        plural = several != message
        assert first == (
            compiled.ngettext(message, several, 1) if plural else compiled.gettext(message)
        )
    assert texts_of_browser(language) == json.loads(json.dumps(of_browser(language)))


def test_a_sentence_or_a_label_is_a_message_or_listed_as_english():
    """The list holds what is for programmers and operators, and parts of exported programs.

    A text for people does not belong into it.
    """
    known = "\0".join(" ".join(form.split()) for forms in messages().values() for form in forms)
    found = {
        f"{one.file}: {one.text}"
        for one in sentences()
        if FOR_PEOPLE.search(one.text) and one.text.replace('\\"', '"') not in known
    }
    assert sorted(found) == ENGLISH_ONLY.read_text("utf-8").splitlines()
