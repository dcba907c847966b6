"""The table of mistakes: what it measures, and that it can fail."""

import json

import pytest

from benchmarks import sabotage
from engine.gradcheck.bugs import BUGS, NEEDS


def test_a_mistake_that_the_loss_does_not_show_passes_as_found():
    found = sabotage.measure("slope_of_a", seeds=2)
    assert found["pass"]
    assert found["found"] == "4/4"
    assert found["accuracy"] > 0.95
    assert min(found["error"].values()) > 1e-3
    assert json.loads(json.dumps(found)) == found
    assert sabotage.row(found).endswith("yes")


def test_the_right_program_passes_when_nothing_is_found():
    found = sabotage.measure(sabotage.RIGHT_PROGRAM, seeds=2)
    assert found["pass"]
    assert found["found"] == "0/4"
    assert max(found["error"].values()) < 1e-7


@pytest.mark.parametrize(("name", "value"), [("FIGURES", {"slope_of_a": 0.5}), ("WRONG", 10.0)])
def test_it_fails_when_a_number_is_not_as_it_should_be(name, value, monkeypatch):
    monkeypatch.setattr(sabotage, name, value)
    assert not sabotage.measure("slope_of_a", seeds=1)["pass"]


def test_every_mistake_has_a_figure_or_a_configuration_of_its_own():
    assert {*sabotage.FIGURES, *NEEDS} == {sabotage.RIGHT_PROGRAM, *BUGS}
