"""`python -m tools.sentences` lists the texts that a person can see, and no others."""

import pytest

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


def test_every_layer_of_the_product_has_texts():
    layers = {one.file.split("/")[0] for one in sentences()}
    assert layers >= {"engine", "pages", "static"}
