"""The worksheet checker against pupils who compute with loops of their own."""

import pytest

from benchmarks.worksheets import SEEDS, SLIPS, Pupil, measure
from engine.worksheets import right_values, worksheet_of

ENOUGH = 0.95


@pytest.fixture(scope="module")
def judged():
    """The counts on worksheets that the checker was not written with."""
    return measure(SEEDS["judged"], share=3)  # the benchmark plants each mistake on every sheet


def test_all_right_answers_are_accepted(judged):
    assert judged["sheets"] == 200
    assert set(judged["right"].values()) == {200}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_mistake_is_named_as_itself(judged, slip):
    assert judged["mistakes"][slip]["planted"] >= 10
    assert judged["mistakes"][slip]["share"] >= ENOUGH


@pytest.mark.parametrize("seed", range(5))
def test_the_pupil_who_makes_no_mistake_has_the_numbers_of_the_engine(seed):
    sheet = worksheet_of(seed)
    right, pupil = right_values(sheet), Pupil(sheet)
    for name, grid in pupil.numbers.items():
        assert grid == [pytest.approx(row, abs=1e-12) for row in right[name].tolist()]
