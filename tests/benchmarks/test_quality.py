"""The quality command: what it prints, and that a miss is a miss."""

import json
import sys

import pytest

from benchmarks import quality
from engine.problems.registry import PROBLEMS


def test_it_measures_every_problem_that_is_not_fixed():
    assert list(quality.EPOCHS) == [name for name, one in PROBLEMS.items() if one.kind != "fixed"]
    assert set(quality.AT_LEAST) <= set(quality.EPOCHS)
    assert quality.EPOCHS["spiral"] <= 1000
    assert quality.EPOCHS["digits"] <= 30


@pytest.mark.parametrize("name", ["gauss", "line", "iris", "wine", "diabetes"])
def test_the_quick_problems_reach_their_targets(name):
    found = quality.measure(name)
    assert found["pass"]
    assert found["mean"] >= found["target"] - 1e-4


def test_targets_are_the_best_possible_less_a_margin():
    gauss = quality.measure("gauss")
    assert gauss["best_possible"] == pytest.approx(PROBLEMS["gauss"].best(0.1), abs=1e-4)
    assert gauss["target"] == pytest.approx(gauss["best_possible"] - 0.02, abs=1e-4)
    assert quality.measure("iris")["target"] == 0.95


def test_an_untrained_network_does_not_pass(monkeypatch):
    monkeypatch.setitem(quality.EPOCHS, "iris", 0)
    assert not quality.measure("iris")["pass"]


@pytest.mark.parametrize("json_wanted", [True, False])
def test_the_command_prints_json_or_a_table(json_wanted, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["quality", "line", *(["--json"] if json_wanted else [])])
    quality.main()
    printed = capsys.readouterr().out
    if json_wanted:
        assert json.loads(printed)["line"]["pass"] is True
    else:
        assert [line.split()[0] for line in printed.splitlines()] == ["problem", "line"]
