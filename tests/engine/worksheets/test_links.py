"""The link of a worksheet: every number comes back, and each bad one has one clear sentence."""

from dataclasses import replace

import pytest

from engine.worksheets import (
    QUERY_NAMES,
    Choices,
    read_worksheet,
    to_query,
    used_query,
    worksheet_of,
)
from pages.figures.base.url import choices_of_link, query_text
from tests.engine.worksheets.test_computation import MAZUR


@pytest.mark.parametrize("seed", range(10))
def test_a_link_carries_every_number(seed):
    sheet = worksheet_of(seed)
    assert read_worksheet(to_query(sheet)) == sheet


def test_a_link_needs_no_escapes_and_leaves_the_run_alone():
    query = to_query(MAZUR)
    assert set(query) <= set(QUERY_NAMES)
    assert set(query_text(query)) <= set("abcdefghijklmnopqrstuvwxyzW_=&0123456789.,;-")
    assert choices_of_link(query | {"learning_rate": "0.1"}) == {"learning_rate": "0.1"}


def test_a_seed_and_choices_open_the_same_worksheet():
    assert read_worksheet({"worksheet": "7"}) == worksheet_of(7)
    query = {"worksheet": "7", "sheet_sizes": "2-3-2-1", "sheet_activation": "tanh"}
    sheet = read_worksheet(query | {"sheet_loss": "ce", "sheet_output": "softmax"})
    assert sheet == worksheet_of(7, Choices((2, 3, 2, 1), "tanh", "softmax", "ce"))
    assert (sheet.sizes, sheet.activation, sheet.loss) == ((2, 3, 2, 1), "tanh", "ce")


def test_a_link_that_is_passed_on_has_only_what_is_used():
    seeded = {"worksheet": "7", "sheet_activation": "tanh"}
    assert used_query(seeded | {"sheet_x": "<b>"}, read_worksheet(seeded)) == seeded
    own = to_query(MAZUR) | {"sheet_sizes": "1-1-1-1"}
    assert used_query(own, read_worksheet(own)) == to_query(MAZUR)


def broken(**parts):
    """The sentences about a link with some parts replaced."""
    with pytest.raises(ValueError, match=r"\S") as caught:
        read_worksheet(to_query(MAZUR) | parts)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ("sheet_x", "0.05,one", "x must hold numbers; 'one' was given."),
        ("sheet_x", "0.05,nan", "x must hold numbers; 'nan' was given."),
        ("sheet_x", "0.05,1e9", "Each number of x must lie between -100 and 100; 1e+09 was given."),
        ("sheet_x", "", "x is missing."),
        ("sheet_x", "1," * 400, "x is too long."),
        ("sheet_x", "1,2,3,4", "A worksheet has 1 to 3 inputs; 4 were given."),
        ("sheet_w1", "1,2", "b1 must have 1 × 1 numbers here."),
        ("sheet_b2", "0.6;0.6", "b2 must be one row of numbers."),
        ("sheet_b2", "1", "b2 must have 1 × 2 numbers here."),
        ("sheet_y", "2,0.5", "Each target y must lie between 0 and 1 with a sigmoid output."),
        ("sheet_rate", "0", "The learning rate must lie between 0.0001 and 100."),
        ("sheet_l2", "7", "L2 must lie between 0 and 1."),
        ("sheet_activation", "gelu", "The activation must be one of sigmoid, tanh, relu, linear."),
        ("sheet_loss", "bce", "The loss bce needs 1 output here."),
        ("sheet_output", "softmax", "The output and the loss must be one of"),
        ("worksheet", "-1", "worksheet must be a number from 0 to 999999"),
        ("worksheet", "<script>", "worksheet must be a number from 0 to 999999"),
    ],
)
def test_each_fault_is_one_sentence(part, text, sentence):
    assert any(one.startswith(sentence) for one in broken(**{part: text}))


def test_every_bad_number_is_named():
    assert len(broken(sheet_x="a,b", sheet_rate="c")) == 3


def test_softmax_needs_targets_that_add_up_to_one():
    softmax = replace(MAZUR, y=((1.0, 0.0),), output="softmax", loss="ce")
    assert read_worksheet(to_query(softmax)) == softmax
    with pytest.raises(ValueError, match="add up to 1"):
        replace(softmax, y=((0.5, 0.0),))
    with pytest.raises(ValueError, match="needs 2 outputs here"):
        replace(softmax, y=((1.0,),), W2=((0.4, 0.45),), b2=(0.6,))


@pytest.mark.parametrize("text", ["2-2-1", "2-2-1-x", "9-9-9-9", "0-0-0-0", "2-2-3-1"])
def test_impossible_sizes_are_refused(text):
    with pytest.raises(ValueError, match=r"sheet_sizes|A worksheet has"):
        read_worksheet({"worksheet": "0", "sheet_sizes": text})
