"""The verdict on typed numbers: right, right with an own earlier value, or the likely mistake."""

from dataclasses import replace

import numpy as np
import pytest

from engine.worksheets import (
    MISTAKES,
    QUANTITIES,
    Cell,
    Worksheet,
    judge,
    planted_values,
    right_values,
    sentence_of,
    worksheet_of,
)
from engine.worksheets.typed import read_typed
from tests.engine.worksheets.test_computation import MAZUR

ONE = Worksheet(  # one hidden unit, everything in mental arithmetic
    x=((2.0,),),
    y=((1.0,),),
    W1=((0.5,),),
    b1=(0.4,),
    W2=((2.0,),),
    b2=(-0.5,),
    activation="linear",
    output="linear",
    learning_rate=0.1,
)
A1, A1_LOWER, Z2 = Cell("a1", 0, 0), Cell("a1", 1, 0), Cell("z2", 0, 0)
DELTA1 = Cell("delta1", 0, 0)


def status(sheet, cell, text):
    return judge(sheet, {cell: text})[cell].status


@pytest.mark.parametrize(
    "text", ["0.5933", "0.593", "0.59", "0,5933", ".5933", "5.933e-1", "+0.59"]
)
def test_a_rounded_number_is_right(text):
    assert status(MAZUR, A1, text) == "right"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.6", "digits"),  # too few digits
        ("0.596", "digits"),  # cut off, 0.5969
        ("0.60", "right"),
        ("0.598", "wrong"),
        ("zero", "unreadable"),
        ("0.5.9", "unreadable"),
        ("1e999", "unreadable"),
        ("٣", "unreadable"),
        ("<b>1</b>", "unreadable"),
    ],
)
def test_digits_and_spelling(text, expected):
    assert status(MAZUR, A1_LOWER, text) == expected


def test_an_exact_number_needs_no_further_digits():
    assert status(ONE, Cell("z1", 0, 0), "1.4") == "right"
    assert status(ONE, Cell("z1", 0, 0), "1") == "wrong"  # 2 x 0.5 without the bias


def test_empty_boxes_and_unknown_cells_are_left_out():
    assert judge(MAZUR, {A1: "  ", Cell("a1", 7, 0): "1", Cell("none", 0, 0): "1"}) == {}


def test_a_mistake_is_named_once_and_what_follows_is_accepted():
    z1 = MAZUR.W1[0][0] * 0.05 + MAZUR.W1[0][1] * 0.10  # no bias
    a1 = 1 / (1 + np.exp(-z1))
    z2 = 0.40 * a1 + 0.45 * 0.59688437825977 + 0.60
    typed = {Cell("z1", 0, 0): f"{z1:.4f}", A1: f"{a1:.4f}", Z2: f"{z2:.4f}"}
    found = judge(MAZUR, typed)
    assert found[Cell("z1", 0, 0)].mistakes == ("no_bias",)
    assert "Add b⁽¹⁾." in found[Cell("z1", 0, 0)].text
    assert (found[A1].status, found[A1].text) == ("follows", "Right, with your value of z⁽¹⁾.")
    assert (found[Z2].status, found[Z2].text) == ("follows", "Right, with your value of z⁽¹⁾.")


def test_a_mistake_in_something_that_follows_is_named_too():
    found = judge(MAZUR, {Cell("z1", 0, 0): "0.0275", Z2: "0.4713"})  # twice without the bias
    assert found[Z2].mistakes == ("no_bias",)


def test_a_mistake_after_another_one_is_named_with_the_right_numbers_too():
    # The first output is wrong, the loss is twice the right one
    found = judge(MAZUR, {Cell("a2", 0, 0): "0.70", Cell("loss", 0, 0): "0.5967"})
    assert found[Cell("loss", 0, 0)].mistakes == ("no_half",)


def test_who_corrects_an_earlier_number_is_right_again():
    found = judge(MAZUR, {Cell("z1", 0, 0): "0.0275", A1: "0.5933", Z2: "1.1059"})
    assert found[A1].status == found[Z2].status == "right"


def test_rounding_on_the_way_is_no_mistake():
    # 0.59 for 0.5933 moves z2 by 0.0013: more than half a step of the fourth decimal
    assert judge(MAZUR, {A1: "0.59", Z2: "1.1046"})[Z2].status == "right"
    assert judge(MAZUR, {Z2: "1.1046"})[Z2].status == "wrong"


def test_the_updated_weights_are_found():
    # (0.3589 x 0.1385 - 0.5113 x 0.0381) x 0.2413
    assert judge(MAZUR, {DELTA1: "0.00729"})[DELTA1].mistakes == ("updated_weights",)
    assert judge(MAZUR, {DELTA1: "0.0087"})[DELTA1].status == "digits"  # 0.00877 cut off


def test_two_mistakes_with_the_same_number_are_both_named():
    two = replace(ONE, x=((2.0,), (1.0,)), y=((1.0,), (0.0,)))
    delta = (2 * (2 * 0.5 + 0.4) - 0.5 - 1) / 2  # with 1/n
    found = judge(two, {Cell("delta2", 0, 0): f"{2 * delta:.3f}"})[Cell("delta2", 0, 0)]
    assert found.mistakes == ("no_mean", "no_half")
    assert " Or: " in found.text


def test_the_numbers_of_a_quantity_are_explained_together():
    # The first number alone fits a wrong sign as well as another mistake of the same size.
    sheet = replace(MAZUR, W2=((0.40, 0.45), (-0.40, 0.55)))
    right = right_values(sheet)
    wrong = planted_values(sheet, {**sheet.given(), **right}, "delta1")["opposite_sign"]
    cells = [Cell("delta1", j, 0) for j in range(2)]
    found = judge(sheet, {cell: f"{wrong[cell.row, 0]:.5f}" for cell in cells})
    assert {found[cell].mistakes for cell in cells} == {("opposite_sign",)}


def test_too_few_digits_to_see_the_change_are_pointed_out():
    found = judge(MAZUR, {Cell("new_W1", 0, 0): "0.150"})[Cell("new_W1", 0, 0)]
    assert found.accepted
    assert "more digits" in found.text


def test_extreme_numbers_are_judged_without_a_warning():
    typed = dict.fromkeys(MAZUR.cells(), "9e99")
    found = judge(MAZUR, typed)
    assert {one.status for one in found.values()} <= {"wrong", "digits", "follows"}
    far = replace(MAZUR, W1=((100.0, 100.0), (-100.0, -100.0)), W2=((100.0, -100.0),) * 2)
    assert judge(far, {Cell("loss", 0, 0): "0.25"})[Cell("loss", 0, 0)].status == "wrong"


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_no_verdict_gives_the_right_number_away(seed):
    sheet = worksheet_of(seed)
    right = right_values(sheet)
    for name in QUANTITIES:
        for mistake, values in planted_values(sheet, {**sheet.given(), **right}, name).items():
            text = sentence_of(mistake, name)
            answers = {
                Cell(name, *place): f"{values[place]:.4f}" for place in np.ndindex(values.shape)
            }
            for cell, one in judge(sheet, answers).items():
                number = right[name][cell.row, cell.column]
                assert f"{abs(number):.3g}" not in (one.text + text).split()


def test_every_mistake_has_a_short_sentence():
    for one in MISTAKES:
        assert one.text.count(".") <= 3
        assert len(one.text) <= 100


@pytest.mark.parametrize(
    ("text", "value", "unit", "digits"),
    [
        ("0.050", 0.05, 1e-3, 2),
        ("-,5", -0.5, 0.1, 1),
        ("−1,25", -1.25, 1e-2, 3),
        ("12", 12.0, 1.0, 2),
        ("1.2e-3", 0.0012, 1e-4, 2),
        ("1 000.5", 1000.5, 0.1, 5),
    ],
)
def test_typed_numbers_keep_their_digits(text, value, unit, digits):
    number = read_typed(text)
    assert (number.value, number.digits) == (value, digits)
    assert number.unit == pytest.approx(unit)
