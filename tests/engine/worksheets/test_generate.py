"""Worksheets by seed: friendly numbers on which a person can work."""

import numpy as np
import pytest

from engine.worksheets import Choices, right_values, worksheet_of
from engine.worksheets.generate import KINK, SATURATED, count_ties

SEEDS = range(2000, 2025)


def numbers(rows):
    return np.concatenate([np.ravel(one) for one in rows])


def test_weights_have_one_decimal_and_no_unit_is_at_a_kink_or_saturated():
    for seed in SEEDS:
        sheet = worksheet_of(seed)
        given = numbers([sheet.W1, sheet.b1, sheet.W2, sheet.b2, sheet.x, sheet.y])
        assert np.allclose(given * 10, np.rint(given * 10), atol=1e-9)
        z = numbers([right_values(sheet)["z1"]])
        assert (np.abs(z) >= KINK).all()
        assert (np.abs(z) <= SATURATED).all()


def test_few_worksheets_have_a_tie():
    ties = [count_ties(sheet, right_values(sheet)) for sheet in map(worksheet_of, SEEDS)]
    assert sum(count > 0 for count in ties) <= 2


def test_a_seed_gives_the_same_worksheet_and_another_seed_another_one():
    assert worksheet_of(3) == worksheet_of(3)
    assert len({worksheet_of(seed) for seed in range(20)}) == 20


@pytest.mark.parametrize(
    ("output", "loss", "sizes"),
    [
        ("linear", "half_mse", (1, 1, 1, 1)),
        ("sigmoid", "half_mse", (3, 3, 2, 3)),
        ("sigmoid", "bce", (2, 2, 1, 2)),
        ("softmax", "ce", (2, 3, 2, 3)),
    ],
)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_choices_are_kept(output, loss, sizes, activation):
    sheet = worksheet_of(5, Choices(sizes, activation, output, loss, 0.05))
    assert (sheet.sizes, sheet.activation) == (sizes, activation)
    assert (sheet.output, sheet.loss, sheet.l2) == (output, loss, 0.05)


@pytest.mark.parametrize(
    "choices",
    [
        Choices(output="softmax", loss="bce"),
        Choices((2, 2, 2, 1), output="sigmoid", loss="bce"),
        Choices(activation="gelu"),
        Choices((4, 2, 1, 1)),
        Choices((2, 2, 1)),
        Choices(l2=5.0),
    ],
)
def test_impossible_choices_are_refused(choices):
    with pytest.raises(ValueError, match=r"\w+"):
        worksheet_of(0, choices)
    with pytest.raises(ValueError, match="seed"):
        worksheet_of(-1)
