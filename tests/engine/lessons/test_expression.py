"""Expressions: read as a teacher writes them, refused with a sentence, never run as Python."""

from math import inf, isnan, log

import pytest

from engine.lessons.expression import evaluate, holds, lookups, parse_claim, parse_value

VALUES = {("A", "train_loss", None): 2.0, ("B", "w", 3): 5.0, ("A", "b", None): float("nan")}


def measured(run, name, epoch):
    return VALUES[run, name, epoch]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 / 2 / 2", 2),
        ("5 - 2 - 1", 2),
        ("-2 * -3", 6),
        ("- 2 + 1", -1),
        (".5 + 1e-1", 0.6),
        ("abs(-3)", 3),
        ("sqrt(9) + log(1)", 3),
        ("A.train_loss * 10", 20),
        ("B.w(3) - A.train_loss", 3),
        ("log(7)", log(7)),
        ("1/7", 1 / 7),
    ],
)
def test_a_value_is_that_of_arithmetic(text, value):
    assert evaluate(parse_value(text), measured) == pytest.approx(value)


@pytest.mark.parametrize("text", ["1 / 0", "log(0 - 1)", "sqrt(-1)", "A.b + 1", "log(0)"])
def test_what_has_no_value_is_nan(text):
    assert isnan(evaluate(parse_value(text), measured))


def test_too_large_is_infinite():
    assert evaluate(parse_value("1e300 * 1e300"), measured) == inf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A.train_loss < 3", True),
        ("A.train_loss < 2", False),
        ("A.train_loss <= 2", True),
        ("1 < A.train_loss < 3", True),
        ("1 < A.train_loss < 2", False),
        ("A.train_loss == 2 and B.w(3) == 5", True),
        ("A.train_loss == 2 and B.w(3) != 5", False),
        ("A.b < 1", False),
        ("A.b >= 1", False),
        ("abs(A.train_loss - 2) < 0.1", True),
    ],
)
def test_a_claim_holds_or_not(text, expected):
    assert holds(parse_claim(text), measured) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends where"),
        ("A.train_loss", "comparison"),
        ("A.train_loss <", "ends where a number"),
        ("A.train_loss < 3 3", "should end before '3'"),
        ("A.train_loss < 3 or 1 < 2", "should end before 'or"),
        ("G.train_loss < 3", "run from A to F"),
        ("A < 3", "'.' and a measure"),
        ("A. < 3", "number or a measure|name"),
        ("A.w(x) < 3", "whole number as the epoch"),
        ("A.w(1.5) < 3", "whole number as the epoch"),
        ("A.w(1 < 3", r"needs '\)'"),
        ("(1 < 3", r"needs '\)'"),
        ("open(1) < 3", "one of abs, log, sqrt"),
        ("__import__ < 3", "cannot be read"),
        ("2 ** 3 < 3", "number or a measure|needs a number"),
        ("1_0 < 3", "cannot be read"),
        ("0x10 < 3", "cannot be read"),
        ("A.w; B.w < 1", "cannot be read"),
        ("A.w < 'x'", "cannot be read"),
        ("é < 1", "cannot be read"),
        (". < 1", r"'\.'"),
        ("(" * 60 + "1" + ")" * 60 + " < 1", "40 parentheses"),
        ("-" * 60 + "1 < 1", "40 parentheses"),
        ("1 + " * 100 + "1 < 1", "300 characters"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words) as refused:
        parse_claim(text)
    assert str(refused.value).endswith(".")


def test_a_value_is_no_comparison():
    with pytest.raises(ValueError, match="should end before '< 2'"):
        parse_value("1 < 2")


def test_the_measures_are_found_from_left_to_right():
    found = lookups(parse_value("A.train_loss + abs(B.w(3) - A.b)"))
    assert [tuple(one) for one in found] == list(VALUES)
