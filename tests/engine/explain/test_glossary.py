"""The glossary: each word once, in plain sentences, spelled as in the rest of the product."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.explain import GLOSSARY, Term
from engine.language import speaking, tr
from tools.sentences import of_javascript

ROOT = Path(__file__).parents[3]
LONGEST = 3  # words of a term
MOST = 32  # words of a sentence
CODE = re.compile(r"`[^`]*`|\([^()]*=[^()]*\)")


def every_name() -> list[str]:
    return [name for term in GLOSSARY for name in (term.name, *term.others)]


def key(words: str) -> str:
    """Return what different spellings of a term share."""
    return re.sub(r"[\s-]", "", words.lower()).replace("iz", "is")


def phrases(text: str) -> Iterator[str]:
    """Yield every one to three words that stand together in a text."""
    for line in text.splitlines():
        for part in re.split(r"[^\w\s-]", line):
            words = part.split()
            for size in range(1, LONGEST + 1):
                yield from (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))


def misspelled(text: str) -> set[str]:
    """Return the phrases of a text that are a term of the glossary in another spelling."""
    names = {key(name): name for name in every_name()}
    found = set()
    for phrase in phrases(text):
        name = names.get(key(phrase))
        if name is not None and phrase not in {name, name[0].upper() + name[1:]}:
            found.add(phrase)
    return found


def sources() -> list[Path]:
    lessons = sorted((ROOT / "engine/lessons/texts/en").glob("*.md"))
    heads = ["static/views/help.js", "static/player/controls.js"]
    return [*(ROOT / name for name in heads), *lessons]


def prose(path: Path) -> str:
    """Return what a person reads of a module or of a lesson."""
    if path.suffix == ".md":
        return CODE.sub(".", path.read_text("utf-8").split("+++")[-1])
    return "\n".join(one.text for one in of_javascript(path.name, path.read_text("utf-8")))


def test_no_word_is_there_twice():
    names = [key(name) for name in every_name()]
    assert len(names) == len(set(names))
    anchors = [term.anchor for term in GLOSSARY]
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[a-z0-9-]+", anchor) for anchor in anchors)


def test_words_are_in_the_order_of_the_alphabet():
    names = [term.name.lower() for term in GLOSSARY]
    assert names == sorted(names)


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.anchor)
def test_a_meaning_is_a_few_short_sentences(term: Term):
    sentences = re.split(r"(?<=\.)\s", term.meaning)
    assert 1 <= len(sentences) <= 3
    assert term.meaning.endswith(".")
    assert max(len(sentence.split()) for sentence in sentences) <= MOST


def test_each_word_has_a_name_and_a_meaning_of_its_own_in_chinese():
    with speaking("zh"):
        names = [tr(name) for name in every_name()]
        meanings = [tr(term.meaning) for term in GLOSSARY]
    assert len(names) == len(set(names))
    assert all(re.search("[一-鿿]", text) and text.endswith("。") for text in meanings)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_the_product_spells_the_words_as_the_glossary_does(path: Path):
    assert misspelled(prose(path)) == set()


def test_another_spelling_is_found():
    assert misspelled("The Learning-rate and a relu, cross entropy") == {
        "Learning-rate",
        "relu",
        "cross entropy",
    }
