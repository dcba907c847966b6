"""Text that is not ours is Markdown that shows it, and does nothing else."""

import re

import pytest

from pages.figures.base.text import plain, visible
from pages.widgets.shell.foreign import literal


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("age", "age"),
        ("![x](y)", r"!\[x\](y)"),
        ("a_b*c", r"a\_b\*c"),
        ("$x^2$", r"\$x^2\$"),
        (":red[x]", r"\:red\[x\]"),
        ("&lt;", r"\&lt;"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("# a", r"\# a"),
        ("A sentence, as it is.", "A sentence, as it is."),
        ("12:04:32", r"12\:04\:32"),
        ("two\nlines", "two lines"),
        ("http://e.vil/p.png", "`http://e.vil/p.png`"),
        ("see WWW.e.vil now", "see `WWW.e.vil` now"),
        ("a@b.example", "`a@b.example`"),
        (":smile:", "`:smile:`"),
        ("a -> b", "a `->` b"),
        ("`http://e.vil", "`` `http://e.vil ``"),
        ("http://e.vil|x", r"http`:`//e`.`vil\|x"),
        (":material/home:", r"\:material\/home\:"),
        ("a\u202eb", r"a\[U+202E\]b"),
        ("\ud800", r"\[U+D800\]"),
    ],
)
def test_kind_41_a_word_is_markdown_that_shows_it(text, markdown):
    assert literal(text) == markdown


def test_kind_41_no_source_holds_what_streamlit_replaces_before_it_parses():
    assert ":material/" not in literal("a:material/home: x:material/y:")


def test_kind_41_only_controls_are_written_out():
    assert visible("naïve – ١٢ ‏ע 👩‍🔬\n") == "naïve – ١٢ ‏ע 👩‍🔬\n"


@pytest.mark.parametrize(
    "name", ["<b>x</b>", '<a href="http://e.vil">x</a>', "%{x}", "$x$", "&lt;b&gt;"]
)
def test_kind_41_plotly_finds_no_tag_no_template_and_no_tex(name):
    shown = plain(name)
    assert not re.search(r"[<>$]|%\{", shown)
