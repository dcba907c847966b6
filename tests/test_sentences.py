"""`python -m tools.sentences` lists the texts that a person can see, and no others."""

import pytest

from tools.catalogue import all_uses
from tools.sentences import of_javascript, of_python, sentences


def texts(found) -> list[str]:
    """Return the texts without their places."""
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('st.caption("The table has no rows.")', ["The table has no rows."]),
        ('words = f"Epoch {epoch} was not reached"', ["Epoch {epoch} was not reached"]),
        ('words = f"{count} of {total} folds"', ["{count} of {total} folds"]),
        ('st.button("Stop")', ["Stop"]),
        ('pd.DataFrame({"recall": a, "f1": b})', ["recall", "f1"]),
        ('frame.rename(columns={"score": metric})', ["score"]),
        ('"""A module of the pages."""', []),
        ('key = f"own.{name}"', []),
        ('st.latex(r"\\frac{a}{b} c d")', []),
        ('words = f"{a} {b}"', []),
        ('__all__ = ["Run"]', []),
    ],
)
def test_python_texts(source, expected):
    assert texts(of_python("pages/a.py", source)) == expected


def test_one_word_in_the_engine_is_a_name():
    assert texts(of_python("engine/a.py", 'node = "Softmax"')) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('say("The loss overflows.");', ["The loss overflows."]),
        ("say(`Run ${k + 1} is done`);", ["Run {k + 1} is done"]),
        (
            'say(`Loss ${k ? `of run ${k}` : "of all runs"} now`);',
            ['Loss {k ? `of run ${k}` : "of all runs"} now', "of run {k}", "of all runs"],
        ),
        ("// It's a comment with words\nsay('two words');", ["two words"]),
        ("x = text.replace(/[\"'`]/g, ''); say('two words');", ["two words"]),
        ("x = a / b; say('two words'); y = c / d;", ["two words"]),
        ('if (event.key === "Escape") stop();', []),
        ('import { a } from "./b.js";', []),
    ],
)
def test_javascript_texts(source, expected):
    assert texts(of_javascript("static/a.js", source)) == expected


@pytest.fixture(scope="module")
def listed():
    """Return the sentences of the product."""
    return sentences()


def test_every_layer_of_the_product_has_texts(listed):
    layers = {one.file.split("/")[0] for one in listed}
    assert layers >= {"engine", "pages", "static"}


def test_every_message_that_is_translated_is_listed(listed):
    known = set(texts(listed))
    messages = [text for use in all_uses() for text in as_forms(use.message)]
    assert len(messages) > 2500
    assert [text for text in messages if " ".join(text.split()) not in known] == []


def test_a_message_is_listed_once_though_its_source_is_in_pieces(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/a.js").write_text('say(tr("Runs train " +\n  "side by side."));')
    assert texts(sentences(tmp_path)) == ["Runs train side by side."]


def test_a_message_that_begins_with_words_and_a_field_is_listed(tmp_path):
    (tmp_path / "pages").mkdir()
    source = 'words = tr("Runs up to {most}.", most=6) + tr_many(n, "{n} run", "{n} runs")'
    (tmp_path / "pages/a.py").write_text(source)
    assert texts(sentences(tmp_path)) == ["Runs up to {most}.", "{n} run", "{n} runs"]


def as_forms(message: str | tuple[str, str]) -> tuple[str, ...]:
    """Return the forms of a message: one, or one and several."""
    return (message,) if isinstance(message, str) else message
